"""What several files of tests ask for by name."""

from tests.abstractions.force import force
from tests.abstractions.pages import in_hours, inspector, rahman, sergeant, soham

__all__ = ["force", "in_hours", "inspector", "rahman", "sergeant", "soham"]
