"""The tables of what panels do: who is in the chair, when they meet, and what they ask of their teams.

Panels themselves are units and stand with the others (``npt.people.models``).
"""

from npt.panels.models.answers import PriorityAnswer
from npt.panels.models.attendance import Attendance
from npt.panels.models.authority import Allocation, AuthorityMember, ChairsForum
from npt.panels.models.briefing import BriefingNote, BriefingReading
from npt.panels.models.feeds import CalendarFeed
from npt.panels.models.invitations import MeetingInvitation
from npt.panels.models.meetings import ChairTerm, Meeting
from npt.panels.models.membership import PanelSeat
from npt.panels.models.minutes import AgendaItem, MinuteItem, Minutes
from npt.panels.models.priorities import CommunityFeedback, Priority, PriorityEvent
from npt.panels.models.profiles import Profile, ProfileRecommendation
from npt.panels.models.signatures import Signature

__all__ = [
    "AgendaItem",
    "Allocation",
    "Attendance",
    "AuthorityMember",
    "BriefingNote",
    "BriefingReading",
    "CalendarFeed",
    "ChairTerm",
    "ChairsForum",
    "CommunityFeedback",
    "Meeting",
    "MeetingInvitation",
    "MinuteItem",
    "Minutes",
    "PanelSeat",
    "Priority",
    "PriorityAnswer",
    "PriorityEvent",
    "Profile",
    "ProfileRecommendation",
    "Signature",
]
