"""A small application with nothing of policing in it, for what every page is made of."""

from collections.abc import Iterator
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import pytest
from flask import Flask, Response
from flask_login import LoginManager, UserMixin, login_user
from flask_wtf import CSRFProtect

from npt.core.authority import Actor, Role
from npt.settings import ROOT, Settings
from npt.web import access, assets, errors, headers, templates


@dataclass
class SignedIn(UserMixin):
    """Somebody signed in, in one role."""

    id: str

    @property
    def actor(self) -> Actor:
        return Actor("Sgt 1201 P. Okafor", Role(self.id))


@pytest.fixture(scope="session")
def built() -> None:
    assets.build(ROOT)


@pytest.fixture
def app(built: None) -> Flask:
    app = Flask("npt", template_folder=str(ROOT / "templates"))
    app.config.update(TESTING=False, WTF_CSRF_ENABLED=False, SECRET_KEY="s" * 32)
    app.extensions["npt.zone"] = ZoneInfo("Europe/London")
    templates.install(app)
    errors.install(app)
    access.install(app)
    headers.install(app, Settings(secure_cookies=True))
    CSRFProtect(app)
    manager = LoginManager(app)
    manager.user_loader(SignedIn)
    manager.unauthorized_handler(lambda: Response("Sign in", 302, {"Location": "/sign-in"}))

    @app.post("/sign-in/<role>")
    @access.requires(access.Open.PUBLIC)
    def sign_in(role: str) -> str:
        login_user(SignedIn(role))
        return "signed in"

    @app.post("/sign-out", endpoint="accounts.sign_out")
    @access.requires(access.Open.SIGNED_IN)
    def sign_out() -> str:
        return "signed out"

    return app


@pytest.fixture
def request_of(app: Flask) -> Iterator[Flask]:
    """The application, inside one request."""
    with app.test_request_context("/"):
        yield app
