"""``npt`` as somebody types it: what is printed, how it ends, and never a traceback."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
import structlog
from sqlalchemy import Engine, create_engine, func, inspect, select, text

from npt import cli
from npt.accounts.models import User
from npt.app import create_app
from npt.audit import services as audit
from npt.audit.queries import DEMONSTRATION, verdict
from npt.cli import serving
from npt.core import db
from npt.core.authority import system
from npt.core.smtp import SHAPE
from npt.people.models import Bcu
from npt.policy.models import PolicyValue, ReasonEntry
from npt.settings import ROOT, Settings
from tests import make
from tests.conftest import NOW


@dataclass(frozen=True)
class Ended:
    """How a command ended, and what it said."""

    code: int
    out: str
    err: str


Type = Callable[..., Ended]


@pytest.fixture
def typed(fresh_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Type]:
    """Type a command, in this process, against a database of the test's own."""
    monkeypatch.setenv("NPT_DATABASE_URL", fresh_url)

    def type_in(*words: str, **environment: str) -> Ended:
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        monkeypatch.setattr(sys, "argv", ["npt", *words])
        capsys.readouterr()
        code = 0
        try:
            cli.main()
        except SystemExit as ended:
            code = int(ended.code or 0)
        said = capsys.readouterr()
        let_go()
        return Ended(code, said.out, said.err)

    yield type_in
    let_go()
    structlog.reset_defaults()


def let_go() -> None:
    """Close what a command, or a test, has opened."""
    db.session.remove()
    bound = db.session.session_factory.kw["bind"]
    if isinstance(bound, Engine):
        bound.dispose()


@contextmanager
def opened(url: str) -> Iterator[None]:
    """The test's own database, for what the test itself puts in or looks up."""
    let_go()
    db.connect(url)
    yield
    let_go()


def count(of: type[db.Base]) -> int:
    return db.session.scalar(select(func.count()).select_from(of)) or 0


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("NPT_TIME_ZONE", "Europe/Soham", 'NPT_TIME_ZONE: no such time zone ("Europe/Soham")'),
        ("NPT_TIME_ZONE", "", 'NPT_TIME_ZONE: no such time zone ("")'),
        ("NPT_BASE_URL", "ftp://x", 'NPT_BASE_URL: enter an address that starts with http:// or https:// ("ftp://x")'),
        ("NPT_BASE_URL", "http://", 'NPT_BASE_URL: enter an address that starts with http:// or https:// ("http://")'),
        (
            "NPT_BASE_URL",
            "http://a b",
            'NPT_BASE_URL: enter an address that starts with http:// or https:// ("http://a b")',
        ),
        (
            "NPT_BASE_URL",
            "http://a:x",
            'NPT_BASE_URL: enter an address that starts with http:// or https:// ("http://a:x")',
        ),
        ("NPT_SMTP_URL", "mail.example", SHAPE),
        (
            "NPT_SMTP_URL",
            "smtp://u:secret@host:port",
            SHAPE,
        ),
        ("NPT_SECRET_KEY", "short", "NPT_SECRET_KEY: enter at least 32 characters"),
        ("NPT_DATABASE_URL", "mysql://x", "NPT_DATABASE_URL: enter sqlite:///PATH or postgresql+psycopg://…"),
        ("NPT_DATABASE_URL", "", "NPT_DATABASE_URL: enter sqlite:///PATH or postgresql+psycopg://…"),
        (
            "NPT_DATABASE_URL",
            "postgresql+psycopg://u:secret@host:port/npt",
            "NPT_DATABASE_URL: enter sqlite:///PATH or postgresql+psycopg://…",
        ),
        ("NPT_DATABASE_URL", "sqlite:///", "NPT_DATABASE_URL: enter sqlite:///PATH or postgresql+psycopg://…"),
    ],
)
def test_a_malformed_setting_is_one_line_that_names_it(typed: Type, name: str, value: str, said: str) -> None:
    ended = typed("users", "list", **{name: value})

    assert (ended.code, ended.out, ended.err) == (2, "", f"{said}\n")


def test_a_database_that_does_not_answer_is_said_in_one_line(typed: Type) -> None:
    ended = typed("users", "list", NPT_DATABASE_URL="postgresql+psycopg://nobody@127.0.0.1:1/none")

    assert ended.code == 2
    assert ended.err.startswith("The database does not answer: ")
    assert len(ended.err.splitlines()) == 1


def test_a_database_file_that_cannot_be_opened_is_said_in_one_line(typed: Type, tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    folder = typed("users", "list", NPT_DATABASE_URL=f"sqlite:///{tmp_path}")
    beneath_a_file = typed("users", "list", NPT_DATABASE_URL=f"sqlite:///{tmp_path}/file/npt.db")

    for ended in (folder, beneath_a_file):
        assert ended.code == 2
        assert ended.err.startswith("The database does not answer: ")
        assert len(ended.err.splitlines()) == 1


def test_a_file_that_is_no_database_is_said_in_one_line(typed: Type, tmp_path: Path) -> None:
    (tmp_path / "minutes.txt").write_text("Minutes of the resources meeting\n" * 100)

    for words in (("users", "list"), ("db", "upgrade")):
        ended = typed(*words, NPT_DATABASE_URL=f"sqlite:///{tmp_path / 'minutes.txt'}")
        assert (ended.code, ended.err) == (2, "The database does not answer: file is not a database\n")


def test_a_database_not_upgraded_is_said_with_what_to_run(typed: Type, tmp_path: Path) -> None:
    ended = typed("users", "list", NPT_DATABASE_URL=f"sqlite:///{tmp_path / 'empty.db'}")

    assert (ended.code, ended.err) == (2, "The database is not at the newest migration: run npt db upgrade\n")


def test_an_address_to_serve_at_that_does_not_exist_is_bad_input(typed: Type) -> None:
    ended = typed("serve", "--host", "256.1.1.1", "--port", "5180", NPT_SECRET_KEY="x" * 32)

    assert (ended.code, ended.err) == (2, '--host: no such host or address ("256.1.1.1")\n')


def test_a_command_that_does_not_exist_is_refused_without_a_traceback(typed: Type) -> None:
    ended = typed("fly")

    assert ended.code == 2
    assert "No such command" in ended.err
    assert "Traceback" not in ended.err


def test_what_nobody_foresaw_is_logged_and_told_without_a_traceback(typed: Type, fresh_url: str) -> None:
    engine = create_engine(fresh_url)
    with engine.begin() as connection:
        connection.execute(text("ALTER TABLE users RENAME TO people_who_sign_in"))
    engine.dispose()

    ended = typed("users", "list")

    assert ended.code == 2
    assert ended.err.splitlines()[-1] == "Something went wrong, and nothing was changed. instance/faults.log says more."


def test_upgrading_twice_adds_the_first_policy_once(typed: Type, fresh_url: str) -> None:
    first, second = typed("db", "upgrade"), typed("db", "upgrade")

    assert (first.code, second.code) == (0, 0)
    assert "rows of policy added" in first.out
    assert "rows of policy added" not in second.out
    with opened(fresh_url):
        added = count(PolicyValue) + count(ReasonEntry)
        assert f"{added} rows of policy added" in first.out
        assert verdict().entries == 1


def test_a_figure_the_force_has_changed_is_never_read_from_the_file_again(typed: Type, fresh_url: str) -> None:
    typed("db", "upgrade")
    with opened(fresh_url), db.transaction():
        db.session.scalars(select(PolicyValue).where(PolicyValue.name == "span_line")).one().value = "12"
        db.session.delete(db.session.scalars(select(ReasonEntry).where(ReasonEntry.code == "cid")).one())

    typed("db", "upgrade")

    with opened(fresh_url):
        kept = db.session.scalars(select(PolicyValue.value).where(PolicyValue.name == "span_line")).one()
        assert kept == "12"
        assert db.session.scalars(select(ReasonEntry).where(ReasonEntry.code == "cid")).all() == []


def test_a_record_that_holds_is_said_to_hold(typed: Type) -> None:
    typed("db", "upgrade")

    ended = typed("audit", "verify")

    assert (ended.code, ended.out, ended.err) == (0, "1 entries hold.\n", "")


def test_a_record_somebody_altered_past_the_product_is_found_out(typed: Type, fresh_url: str) -> None:
    typed("db", "upgrade")
    engine = create_engine(fresh_url)
    postgresql = engine.dialect.name == "postgresql"
    trigger = "audit_entries_are_final" if postgresql else "audit_entries_are_final_update"
    with engine.begin() as connection:
        connection.execute(text(f"DROP TRIGGER {trigger}" + (" ON audit_entries" if postgresql else "")))
        connection.execute(text("UPDATE audit_entries SET actor = 'somebody else'"))
    engine.dispose()

    ended = typed("audit", "verify")

    assert (ended.code, ended.out) == (1, "")
    assert ended.err == "entry 1 was altered: its words do not match its hash\n"


def test_a_user_is_added_with_a_one_time_password_and_a_wrong_one_not_at_all(typed: Type, fresh_url: str) -> None:
    added = typed("users", "add", "ada@force.example", "--name", "Ada Minns", "--role", "administrator")
    again = typed("users", "add", "ADA@force.example", "--name", "Ada Minns", "--role", "administrator")
    unknown = typed("users", "add", "sam@force.example", "--name", "Sam", "--role", "sergeant", "--scope", "NONE")

    assert added.code == 0
    assert "One-time password: " in added.out
    assert (again.code, unknown.code) == (2, 2)
    assert again.err.startswith("EMAIL: ")
    assert unknown.err.startswith("--scope: ")
    with opened(fresh_url):
        assert count(User) == 1


def test_a_demonstration_never_takes_a_database_with_somebody_s_data(typed: Type, fresh_url: str) -> None:
    with opened(fresh_url):
        make.bcu("SOU")

    for words in (("demo",), ("demo", "--fresh")):
        ended = typed(*words)

        assert ended.code == 2
        assert ended.err == (
            "This database holds data of somebody's own. Name another one in NPT_DATABASE_URL for the demonstration.\n"
        )
    with opened(fresh_url):
        assert count(Bcu) == 1


def test_a_demonstration_leaves_another_product_s_database_as_it_is(typed: Type, tmp_path: Path) -> None:
    engine = create_engine(f"sqlite:///{tmp_path / 'theirs.db'}")
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE theirs (id INTEGER)"))

    ended = typed("demo", NPT_DATABASE_URL=f"sqlite:///{tmp_path / 'theirs.db'}")

    assert ended.code == 2
    assert "data of somebody's own" in ended.err
    assert inspect(engine).get_table_names() == ["theirs"]
    engine.dispose()


def test_a_demonstration_with_the_mark_keeps_everything_entered_in_it(fresh_url: str) -> None:
    with opened(fresh_url):
        with db.transaction():
            audit.mark_installation(DEMONSTRATION, "2026-12-10", actor=system("npt demo"), at=NOW)
        make.bcu("ENTERED")
    app = create_app(Settings(database_url=fresh_url, secret_key="k" * 32))

    with app.app_context():
        serving._prepare(fresh=False)

    with opened(fresh_url):
        assert count(Bcu) == 1


def test_the_command_is_installed_and_ends_with_its_code(tmp_path: Path) -> None:
    command = [sys.executable, "-c", "from npt.cli import main; main()", "audit", "verify"]
    environment = {"NPT_DATABASE_URL": f"sqlite:///{tmp_path / 'none.db'}", "PATH": ""}

    ended = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=60)

    assert ended.returncode == 2
    assert "run npt db upgrade" in ended.stderr
    assert "Traceback" not in ended.stderr
