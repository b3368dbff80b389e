"""Serve the pages: for a force, or the demonstration with its scheduler beside it."""

import datetime as dt
import gc
import os
import secrets
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import click
import waitress
from flask import Flask
from flask_security.utils import hash_password, verify_password
from rich.console import Console
from rich.progress import Progress as Bars
from sqlalchemy import text

from npt import scheduler
from npt.app import create_app
from npt.core import db, schema
from npt.core.authority import system
from npt.core.errors import BadInput
from npt.core.logs import start_logging
from npt.demo import queries, services
from npt.demo.queries import Holding
from npt.demo.services import told
from npt.demo.services.crime import load_crime
from npt.demo.services.decided import decide_some
from npt.demo.services.meetings import prepare_meetings
from npt.demo.services.partners import partner_signs_in
from npt.demo.services.plans import open_plans
from npt.edge import now, policy, today, transaction, zone
from npt.exchange.services import Progress
from npt.mail.jobs import start_postman
from npt.policy.cli import start_policy
from npt.settings import INSTANCE, ROOT, Settings, from_environment
from npt.web import assets

THREADS = 8
WEEKS_JUDGED = 4
"""The demonstration's flags begin so long ago: some answered, some passed up, some new."""
PORT = click.IntRange(1, 65535)
DEMONSTRATION_FORCE = "Cambridgeshire demonstration force"


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=5000, show_default=True, type=PORT)
@click.option(
    "--workers",
    default=THREADS,
    show_default=True,
    type=click.IntRange(1, 200),
    help="Requests answered at the same time.",
)
def serve(host: str, port: int, workers: int) -> None:
    """Serve the pages (waitress). The scheduler is another process: npt jobs serve."""
    settings = from_environment()
    if settings.secret_key is None:
        raise BadInput("NPT_SECRET_KEY: not set; enter at least 32 characters that nobody can guess")
    _refuse_unknown_host(host, port)
    assets.build(ROOT)
    app = create_app(settings)
    if not schema.is_current(db.engine()):
        raise BadInput("The database is not at the newest migration: run npt db upgrade")
    _serve(app, host, port, workers)


def _refuse_unknown_host(host: str, port: int) -> None:
    try:
        socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except (OSError, UnicodeError) as error:
        raise BadInput(f'--host: no such host or address ("{host}")') from error


COLLECT_AFTER = 100_000
"""So many objects more, and those that refer to each other in a circle are looked for among them."""


def spare_collector() -> None:
    """Have Python's collector leave alone what stands since the start, and look less often.

    A page of a BCU makes tens of thousands of rows; with the collector as it comes, each such page had it walk through
    the whole application, several times.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(COLLECT_AFTER, 20, 20)


def _serve(app: Flask, host: str, port: int, workers: int) -> None:
    spare_collector()
    settings: Settings = app.extensions["npt.settings"]
    if settings.smtp is not None:
        start_postman(app)
    scheme = settings.base_url.split(":")[0]
    waitress.serve(app, host=host, port=port, threads=workers, url_scheme=scheme, ident=None, _quiet=True)


@click.command()
@click.option("--port", default=5000, show_default=True, type=PORT)
@click.option("--fresh", is_flag=True, help="Begin again: everything entered in the demonstration is lost.")
def demo(port: int, fresh: bool) -> None:
    """Serve the Cambridgeshire demonstration force, with the scheduler beside it."""
    start_logging("warning")
    asked = from_environment()
    named = DEMONSTRATION_FORCE if "NPT_FORCE_NAME" not in os.environ else asked.force_name
    settings = replace(
        asked,
        secret_key=asked.secret_key or _kept("secret-key"),
        force_name=named,
        base_url=f"http://127.0.0.1:{port}",
        secure_cookies=False,
        smtp=None,  # the people of the demonstration are invented, and their addresses are nobody's
    )
    click.echo("Building the browser's files …" if assets.is_stale(ROOT) else "The browser's files are built.")
    assets.build(ROOT)
    app = create_app(settings)
    with app.app_context():
        _prepare(fresh)
    # Told to stop, it must stop its scheduler too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    with _scheduler(settings):
        click.echo(f"\nServing at {settings.base_url} (stop with Ctrl-C)")
        _serve(app, "127.0.0.1", port, THREADS)


def _kept(name: str) -> str:
    """A secret of this installation, made at the first run and kept under ``instance/``, readable by its owner."""
    path = INSTANCE / name
    if not path.exists():
        INSTANCE.mkdir(exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(36 if name == "secret-key" else 12))
    return path.read_text().strip()


def _prepare(fresh: bool) -> None:
    engine = db.engine()
    held = Holding.NOTHING
    if not schema.is_empty(engine):
        # Looked at as it stands: what is not the demonstration is not even brought to the newest migration.
        held = queries.holding() if schema.is_ours(engine) else Holding.DATA
        db.session.remove()  # or a migration would wait for this look to end
    if held is Holding.DATA:
        raise BadInput(
            "This database holds data of somebody's own. Name another one in NPT_DATABASE_URL for the demonstration."
        )
    if held is Holding.DEMONSTRATION and fresh:
        _empty()
        held = Holding.NOTHING
    schema.upgrade(db.engine())
    if held is Holding.NOTHING:
        _load()
    password = _kept("demonstration-password")
    with transaction():
        services.keep_password(
            password, actor=system("npt demo"), at=now(), matches=verify_password, hashed=hash_password
        )
    click.echo(f"The invented data end on {queries.last_day().isoformat()}. Begin again with: npt demo --fresh")
    _say_sign_ins(password)


def _empty() -> None:
    engine = db.engine()
    engine.dispose()
    if engine.dialect.name == "sqlite":
        for ending in ("", "-wal", "-shm"):
            Path(f"{engine.url.database}{ending}").unlink(missing_ok=True)
        return
    with engine.begin() as connection:
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))


def _load() -> None:
    actor = system("npt demo")
    with _bar() as progress, transaction():
        services.load_force(actor=actor, at=now(), on=today(), zone=zone(), progress=progress)
        start_policy()
        services.add_sign_ins(hash_password(_kept("demonstration-password")), on=today(), actor=actor, at=now())
        services.set_policy(at=now(), on=today())
        load_crime(actor=actor, at=now(), on=today(), zone=zone(), progress=progress)
        services.plan_succession(policy(today()), actor=actor, at=now(), on=today(), zone=zone())
        prepare_meetings(policy(today()), at=now(), on=today(), zone=zone())
        services.confirm_months(policy(today()), actor=actor, at=now(), on=today(), zone=zone())
        decide_some(policy(today()), at=now(), on=today(), zone=zone())
    for weeks in range(WEEKS_JUDGED, -1, -2):
        day = today() - dt.timedelta(weeks=weeks)
        click.echo(f"Judging {day.isoformat()} …")
        for name in scheduler.JOBS:
            scheduler.run(name, day)
        if weeks == WEEKS_JUDGED:
            with transaction():
                services.answer_some_flags(at=now(), on=day)
    with transaction():
        services.plan_some(at=now(), on=today(), zone=zone())
        services.audit_some(at=now(), on=today(), zone=zone())
        open_plans(policy(today()), at=now(), on=today())
        told.brief(policy(today()), at=now(), on=today())
        told.tell_residents(at=now(), on=today())
        told.profile_next_meeting(policy(today()), at=now(), on=today(), zone=zone())
    with transaction():
        told.read_by_some("SOU", at=now(), on=today())
        partner_signs_in(at=now(), on=today())
    for name in ("panels", "priorities", "plans"):
        scheduler.run(name, today())


@contextmanager
def _bar() -> Iterator[Progress]:
    with Bars(console=Console(stderr=True), transient=True) as bars:
        task = bars.add_task("Loading the demonstration force", total=None)

        def progress(file: str, done: int, total: int) -> None:
            bars.update(task, description=f"Loading {file}", completed=done, total=total)

        yield progress


def _say_sign_ins(password: str) -> None:
    click.echo("\nSign in with the password " + password + " as")
    for user in queries.sign_ins():
        click.echo(f"  {user.role.label:<20} {user.email}")


@contextmanager
def _scheduler(settings: Settings) -> Iterator[None]:
    """The scheduler in a process of its own, for as long as the pages are served. Its log is kept apart."""
    with (INSTANCE / "scheduler.log").open("a") as log:
        running = subprocess.Popen(
            [sys.executable, "-c", "from npt.cli import main; main()", "jobs", "serve"],
            env={**os.environ, **_environment(settings)},
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )
        try:
            yield
        finally:
            running.terminate()
            running.wait(timeout=30)


def _environment(settings: Settings) -> Mapping[str, str]:
    return {
        "NPT_DATABASE_URL": settings.database_url,
        "NPT_FORCE_NAME": settings.force_name,
        "NPT_TIME_ZONE": settings.time_zone,
        "NPT_SECRET_KEY": settings.secret_key or "",
    }
