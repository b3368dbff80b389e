"""The ``npt`` command."""

import datetime as dt
import sys

import click
import structlog
from flask import Flask, current_app
from flask.cli import AppGroup, ScriptInfo, with_appcontext
from sqlalchemy.exc import OperationalError

from npt import edge, scheduler
from npt.accounts.cli import users
from npt.app import create_app
from npt.audit.queries import last_job_entries
from npt.core import db, schema
from npt.core.errors import BadInput, Refused
from npt.exchange.cli import import_command
from npt.flags.cli import flags
from npt.policy.cli import start_policy
from npt.policy.rules import NoPolicy
from npt.settings import from_environment

MOST_PROBLEMS = 50

npt = AppGroup("npt", help="Neighbourhood policing operations.")
database = AppGroup("db", help="The database.")
jobs = AppGroup("jobs", help="The scheduled checks.")
npt.add_command(database)
npt.add_command(users)
npt.add_command(jobs)
npt.add_command(flags)


def _take_in(command: click.Command) -> click.Command:
    """A context's command, run inside the application as every command of ours is."""
    if isinstance(command, click.Group):
        for each in command.commands.values():
            _take_in(each)
    elif command.callback is not None:
        command.callback = with_appcontext(command.callback)
    return command


for each in (import_command,):
    npt.add_command(_take_in(each))


@database.command("upgrade")
def upgrade() -> None:
    """Bring the database to the newest migration and fill empty policy tables once."""
    schema.upgrade(db.engine())
    with db.transaction():
        added = start_policy()
    click.echo(
        f"The database is at migration {schema.newest()}." + (f" {added} rows of policy added." if added else "")
    )


@jobs.command("list")
def list_jobs() -> None:
    """List the jobs, when each runs, and how its last run ended."""
    last = last_job_entries()
    width = max(len(name) for name in edge.jobs())
    for name, job in edge.jobs().items():
        entry = last.get(name)
        ended = "never run"
        if entry:
            ended = entry.details.get("outcome") or f"failed for {entry.details['on']}: {entry.details.get('error')}"
        click.echo(f"{name:<{width}}  {job.at:%H:%M}  {ended}")


@jobs.command("run")
@click.argument("name")
@click.option("--on", "day", metavar="YYYY-MM-DD", help="The day to judge. Today, when not given.")
def run_job(name: str, day: str | None) -> None:
    """Run a job by hand. For a day before the newest judged it prints what it would find and changes nothing."""
    scheduler.known(name)
    on = edge.today() if day is None else _day(day)
    if on > edge.today():
        click.echo(f"{on} is still to come: once it is judged, a run for an earlier day changes nothing.", err=True)
    try:
        click.echo(scheduler.run(name, on))
    except NoPolicy as error:
        raise BadInput(str(error)) from error


def _day(text: str) -> dt.date:
    try:
        return dt.datetime.strptime(text, "%Y-%m-%d").date()  # noqa: DTZ007 - a day has no zone
    except ValueError as error:
        raise BadInput(f'--on: enter a day as YYYY-MM-DD ("{text}")') from error


@jobs.command("serve")
def serve_jobs() -> None:
    """Run every job at its time, until stopped."""
    scheduler.serve(current_app._get_current_object())  # type: ignore[attr-defined]


def _application() -> Flask:
    return create_app(from_environment())


def main() -> None:
    """Run a command: exit 0 when done, 1 when what was checked does not hold, 2 for bad input. No traceback."""
    # What a command says goes to standard output alone, for other programs to read.
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
    try:
        npt.main(obj=ScriptInfo(create_app=_application, set_debug_flag=False), standalone_mode=False)
    except click.exceptions.Exit as done:
        sys.exit(done.exit_code)
    except click.Abort:
        sys.exit(130)
    except click.ClickException as error:
        error.show()
        sys.exit(2)
    except BadInput as error:
        _say(error)
        sys.exit(2)
    except Refused as error:
        for reason in error.reasons:
            click.echo(reason.message, err=True)
        sys.exit(2)
    except OperationalError as error:
        click.echo(f"The database does not answer: {str(error.orig).splitlines()[0]}", err=True)
        sys.exit(2)


def _say(error: BadInput) -> None:
    for problem in error.problems[:MOST_PROBLEMS]:
        click.echo(str(problem), err=True)
    more = len(error.problems) - MOST_PROBLEMS
    if more > 0:
        click.echo(f"… and {more} more problems", err=True)
