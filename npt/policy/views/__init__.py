"""The pages of policy: everything in force on a day, every dated row, and how each is changed."""

from flask import Blueprint

bp = Blueprint("policy", __name__, url_prefix="/policy")

from npt.policy.views import bars, figures, overview, reasons, targets  # noqa: E402 - each adds its pages

__all__ = ["bars", "bp", "figures", "overview", "reasons", "targets"]
