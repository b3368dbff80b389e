"""A process of its own that imports a folder and is killed in the middle of it. Run by ``test_interrupted``."""

import os
import signal
import sys
from pathlib import Path

from npt.core import db
from npt.core.authority import system
from npt.core.db import transaction
from npt.exchange import services
from tests.conftest import NOW, TODAY
from tests.exchange.make import LONDON


def die(file: str, done: int, total: int) -> None:
    """Called first when rows of a file are written; by the postings, most of the run is in the database's hands."""
    if file == "postings.csv":
        os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    db.connect(sys.argv[1])
    with transaction():
        services.load(
            services.at_path(Path(sys.argv[2])),
            actor=system("npt import"),
            at=NOW,
            on=TODAY,
            zone=LONDON,
            progress=die,
        )
