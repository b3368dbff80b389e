"""The pages of staffing."""

from flask import Blueprint

bp = Blueprint("staffing", __name__, url_prefix="/staffing")

from npt.staffing.views import (  # noqa: E402 - each adds its pages to the blueprint
    behind,  # noqa: F401
    boundaries,  # noqa: F401
    candidates,  # noqa: F401
    contacts,  # noqa: F401
    cover,  # noqa: F401
    early_moves,  # noqa: F401
    languages,  # noqa: F401
    people,  # noqa: F401
    postings,  # noqa: F401
    posts,  # noqa: F401
    preview,  # noqa: F401
    skills,  # noqa: F401
    succession,  # noqa: F401
    supervision,  # noqa: F401
    units,  # noqa: F401
    vacancies,  # noqa: F401
    wards,  # noqa: F401
)
