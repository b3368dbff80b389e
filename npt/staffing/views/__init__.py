"""The pages of staffing."""

from flask import Blueprint

bp = Blueprint("staffing", __name__, url_prefix="/staffing")

from npt.staffing.views import units  # noqa: E402, F401 - adds its pages to the blueprint
