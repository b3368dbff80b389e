"""The pages of staffing."""

from flask import Blueprint

bp = Blueprint("staffing", __name__, url_prefix="/staffing")

from npt.staffing.views import cover, postings, posts, units  # noqa: E402, F401 - each adds its pages to the blueprint
