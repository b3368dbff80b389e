"""What each person sees first."""

from flask import Blueprint

bp = Blueprint("home", __name__)

from npt.home.views import landing, my_team  # noqa: E402, F401 - each adds its pages to the blueprint
