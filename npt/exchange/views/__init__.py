"""The administrator's pages of what comes in and goes out."""

from flask import Blueprint

bp = Blueprint("exchange", __name__, url_prefix="/imports")

from npt.exchange.views import (  # noqa: E402 - each adds its pages to the blueprint
    imports,  # noqa: F401
    mappings,  # noqa: F401
    police_uk,  # noqa: F401
    ward_officers,  # noqa: F401
)
