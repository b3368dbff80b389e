"""A command of ``npt`` in a process of its own, which says at its end how much memory it took. Run by ``test_bar``."""

import resource
import sys

from npt.cli import main

if __name__ == "__main__":
    try:
        main()
    finally:
        sys.stdout.write(f"kilobytes: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss}")
