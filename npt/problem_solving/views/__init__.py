"""The pages of plans, and of partners."""

from npt.problem_solving.views import (
    acting,
    closing,
    counting,
    groups,
    health,
    keeping,
    library,
    organisations,
    own_actions,
    priorities,
    regrouping,
    retaining,
    sharing,
    working,
)
from npt.problem_solving.views.lists import bp
from npt.problem_solving.views.organisations import partners_bp

__all__ = [
    "acting",
    "bp",
    "closing",
    "counting",
    "groups",
    "health",
    "keeping",
    "library",
    "organisations",
    "own_actions",
    "partners_bp",
    "priorities",
    "regrouping",
    "retaining",
    "sharing",
    "working",
]
