"""The tables of what panels do: who is in the chair, when they meet, and what they ask of their teams.

Panels themselves are units and stand with the others (``npt.people.models``).
"""

from npt.panels.models.meetings import ChairTerm, Meeting
from npt.panels.models.priorities import CommunityFeedback, Priority, PriorityEvent
from npt.panels.models.signatures import Signature

__all__ = ["ChairTerm", "CommunityFeedback", "Meeting", "Priority", "PriorityEvent", "Signature"]
