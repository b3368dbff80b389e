"""Put the application together. The only place that assembles."""

from flask import Flask

from npt.core import db
from npt.policy.queries import policy_on
from npt.settings import ROOT, Settings

MAX_UPLOAD_BYTES = 20 * 1024 * 1024


def create_app(settings: Settings) -> Flask:
    """The application, for the web and for commands. Touches no database until it is asked something."""
    app = Flask("npt", root_path=str(ROOT / "npt"), template_folder=str(ROOT / "templates"), static_folder=None)
    app.config.update(
        SECRET_KEY=settings.secret_key,
        MAX_CONTENT_LENGTH=MAX_UPLOAD_BYTES,
        SESSION_COOKIE_SECURE=settings.secure_cookies,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
    )
    app.extensions["npt.settings"] = settings
    app.extensions["npt.zone"] = settings.zone
    app.extensions["npt.policy"] = policy_on
    db.connect(settings.database_url)
    app.teardown_appcontext(lambda _: db.session.remove())
    return app
