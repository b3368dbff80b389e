"""The pages of abstractions, and of duties and absences."""

from flask import Blueprint

bp = Blueprint("abstractions", __name__, url_prefix="/abstractions")

from npt.abstractions.views import (  # noqa: E402 - each adds its pages to a blueprint
    absences,
    away,
    changing,
    dip_samples,
    duties,
    entries,
    figures,
    lists,
    logging,
    patterns,
    presence,
    preview,
    quality,
    week,
)
from npt.abstractions.views.authorising import bp as authorisations_bp  # noqa: E402
from npt.abstractions.views.returns import bp as returns_bp  # noqa: E402
from npt.abstractions.views.rostering import bp as duties_bp  # noqa: E402

__all__ = [
    "absences",
    "authorisations_bp",
    "away",
    "bp",
    "changing",
    "dip_samples",
    "duties",
    "duties_bp",
    "entries",
    "figures",
    "lists",
    "logging",
    "patterns",
    "presence",
    "preview",
    "quality",
    "returns_bp",
    "week",
]
