"""The demonstration's hours: invented duties, absences and abstractions for the people in the demonstration's files."""

from npt.demo.rules.activity import Activity, generate
from npt.demo.rules.force import Force

__all__ = ["Activity", "Force", "generate"]
