"""Signing in by hand, and what is left of it."""

from collections.abc import Callable

from flask.testing import FlaskClient

from npt.accounts.models import User
from npt.audit.queries import history
from tests.conftest import post

PASSWORD = "ouse heron lantern"
EMAIL = "sam@force.example"
SignIn = Callable[[User], FlaskClient]


def typed(client: FlaskClient, password: str = PASSWORD, email: str = EMAIL, path: str = "/sign-in") -> tuple[int, str]:
    """Sign in by hand: the status, and where it leads or what is said."""
    answer = post(client, path, email=email, password=password)
    return answer.status_code, answer.headers.get("Location", answer.text)


def events(user: User) -> list[str]:
    return [line.event for line in history(f"user:{user.id}")]


def is_in(client: FlaskClient) -> bool:
    return client.get("/password").status_code == 200
