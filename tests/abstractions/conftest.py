"""What several files of tests ask for by name."""

from tests.abstractions.force import force

__all__ = ["force"]
