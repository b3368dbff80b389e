"""The pages of panels."""

from flask import Blueprint

bp = Blueprint("panels", __name__, url_prefix="/panels")

from npt.panels.views import (  # noqa: E402 - each adds its pages to the blueprint
    agendas,  # noqa: F401
    answers,  # noqa: F401
    attendance,  # noqa: F401
    authority,  # noqa: F401
    calendars,  # noqa: F401
    changing,  # noqa: F401
    invitations,  # noqa: F401
    meetings,  # noqa: F401
    minutes,  # noqa: F401
    panels,  # noqa: F401
    priorities,  # noqa: F401
    profiles,  # noqa: F401
    seats,  # noqa: F401
    signing,  # noqa: F401
)
from npt.panels.views.briefing import bp as briefing_bp  # noqa: E402

__all__ = [
    "bp",
    "briefing_bp",
]
