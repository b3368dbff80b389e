"""The pages of abstractions."""

from flask import Blueprint

bp = Blueprint("abstractions", __name__, url_prefix="/abstractions")

from npt.abstractions.views import entries, lists, logging  # noqa: E402, F401 - each adds its pages to the blueprint
