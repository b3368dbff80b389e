"""What tests stand on: both databases, each test inside a transaction that is never kept."""

import datetime as dt
import os
import re
import shutil
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session, scoped_session
from werkzeug.test import TestResponse

from npt.accounts.models import User
from npt.app import create_app
from npt.core import db, schema
from npt.settings import ROOT, Settings
from npt.web import assets
from npt.web.limits import limiter
from tests import make
from tests.posting import BASE_URL, Mailbox, mail_server

SignIn = Callable[[User], FlaskClient]
"""What the fixture ``sign_in`` gives: a browser for a user."""
CHECK_ALL = os.environ.get("NPT_CHECK_ALL") == "1"
POSTGRES_URL = os.environ.get("NPT_TEST_POSTGRES_URL", "postgresql+psycopg://postgres@127.0.0.1:5432/postgres")
NOW = dt.datetime(2026, 11, 12, 12, 12, tzinfo=dt.UTC)
TODAY = NOW.date()

hypothesis_settings.register_profile(
    "npt",
    deadline=None,
    print_blob=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
hypothesis_settings.load_profile("npt")


def missing(what: str) -> None:
    """Skip with the reason; where everything must be checked, that is a failure."""
    if CHECK_ALL:
        pytest.fail(f"NPT_CHECK_ALL=1, but {what}")
    pytest.skip(what)


@dataclass(frozen=True)
class Backend:
    """A migrated database of one kind, and a way to have fresh copies of it."""

    name: str
    template: str
    place: Path

    def fresh_copy(self) -> str:
        """The address of a new database, migrated and empty."""
        if self.name == "sqlite":
            path = self.place / f"{uuid.uuid4().hex}.db"
            shutil.copy(self.template.removeprefix("sqlite:///"), path)
            return f"sqlite:///{path}"
        name = f"npt_test_{uuid.uuid4().hex}"
        _administer(f'CREATE DATABASE {name} TEMPLATE "{_database_of(self.template)}"')
        return _with_database(name)

    def drop(self, url: str) -> None:
        if self.name == "postgresql":
            _administer(f'DROP DATABASE "{_database_of(url)}" WITH (FORCE)')


def _database_of(url: str) -> str:
    return url.rsplit("/", 1)[1]


def _with_database(name: str) -> str:
    return f"{POSTGRES_URL.rsplit('/', 1)[0]}/{name}"


def _administer(statement: str) -> None:
    engine = create_engine(POSTGRES_URL, isolation_level="AUTOCOMMIT", connect_args={"connect_timeout": 3})
    try:
        with engine.connect() as connection:
            connection.execute(text(statement))
    finally:
        engine.dispose()


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def backend(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Backend]:
    """Both databases in turn, migrated by Alembic and never written to for good."""
    place = tmp_path_factory.mktemp("databases")
    if request.param == "sqlite":
        url = f"sqlite:///{place / 'template.db'}"
    else:
        name = f"npt_test_{uuid.uuid4().hex}"
        try:
            _administer(f"CREATE DATABASE {name}")
        except OperationalError:
            missing("PostgreSQL does not answer at NPT_TEST_POSTGRES_URL")
        url = _with_database(name)
    engine = db.open_engine(url)
    schema.upgrade(engine)
    if request.param == "sqlite":
        with engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()
    made = Backend(request.param, url, place)
    yield made
    made.drop(url)


@pytest.fixture(scope="session")
def engine(backend: Backend) -> Iterator[Engine]:
    """An engine on a copy: PostgreSQL copies only a database nobody is connected to."""
    url = backend.fresh_copy()
    opened = db.open_engine(url)
    yield opened
    opened.dispose()
    backend.drop(url)


@pytest.fixture
def session(engine: Engine) -> Iterator[scoped_session[Session]]:
    """The application's own session, inside a transaction that is never kept."""
    with engine.connect() as connection, connection.begin() as kept_back:
        db.session.remove()
        db.session.configure(bind=connection, join_transaction_mode="create_savepoint")
        yield db.session
        db.session.remove()
        db.session.configure(bind=engine, join_transaction_mode="conditional_savepoint")
        kept_back.rollback()


@pytest.fixture
def fresh_url(backend: Backend) -> Iterator[str]:
    """A database of the test's own, for what must really be committed."""
    url = backend.fresh_copy()
    yield url
    db.session.remove()
    backend.drop(url)


@pytest.fixture(scope="session")
def app() -> Flask:
    """The application as it is served, on whatever database the test's own session is bound to."""
    assets.build(ROOT)
    made = create_app(Settings(secret_key="k" * 32), connect=False)
    made.extensions["security"].pwd_context.update(**{f"argon2__{what}": cost for what, cost in make.CHEAP.items()})
    return made


@pytest.fixture
def client(app: Flask, session: scoped_session[Session]) -> FlaskClient:
    """A browser in which nobody is signed in."""
    limiter.reset()
    return app.test_client()


@pytest.fixture
def sign_in(app: Flask, session: scoped_session[Session]) -> SignIn:
    """A browser in which this user is signed in, without the time a password takes."""

    def signed_in(user: User) -> FlaskClient:
        browser = app.test_client()
        with browser.session_transaction() as cookie:
            cookie["_user_id"] = user.fs_uniquifier
            cookie.permanent = True
        return browser

    return signed_in


def token_of(browser: FlaskClient, path: str = "/password") -> str:
    """The token a form's page carries; it is good for every form of that browser."""
    page = browser.get(path)
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page.text)
    assert token, page.text
    return token[1]


def post(browser: FlaskClient, path: str, **typed: object) -> TestResponse:
    """Send a form as a person does: open its page, then send it back with the token the page carries."""
    return browser.post(path, data={"csrf_token": token_of(browser, path), **typed})


@pytest.fixture
def mailbox(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[Mailbox]:
    """A real mail server, and the application told to send through it."""
    with mail_server() as box:
        told = replace(app.extensions["npt.settings"], smtp=box.server, base_url=BASE_URL, force_name="Fenland Police")
        monkeypatch.setitem(app.extensions, "npt.settings", told)
        yield box
