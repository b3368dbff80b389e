"""The ``npt`` command."""

import sys
import traceback
from contextlib import suppress

import click
from flask import Flask
from flask.cli import AppGroup, ScriptInfo, with_appcontext
from sqlalchemy.exc import DBAPIError

from npt.accounts.cli import users
from npt.app import create_app
from npt.audit.queries import verdict
from npt.cli.checking import check
from npt.cli.jobs import jobs
from npt.cli.serving import demo, serve
from npt.core import db, schema
from npt.core.errors import BadInput, Refused
from npt.core.logs import start_logging
from npt.exchange.cli import export_command, import_command, ward_officers_command
from npt.flags.cli import flags
from npt.panels.cli import police_uk_command
from npt.panels.queries import seal_verdict
from npt.policy.cli import start_policy
from npt.policy.rules import NoPolicy
from npt.reports.cli import report
from npt.settings import INSTANCE, ROOT, from_environment
from npt.web.assets import AssetsFailed

MOST_PROBLEMS = 50
FAULTS = INSTANCE / "faults.log"
"""What nobody foresaw goes here whole: nobody at a command line is shown a traceback."""


npt = AppGroup("npt", help="Neighbourhood policing operations.")
database = AppGroup("db", help="The database.")
npt.add_command(database)


def _take_in(command: click.Command) -> click.Command:
    """A context's command, run inside the application as every command of ours is."""
    if isinstance(command, click.Group):
        for each in command.commands.values():
            _take_in(each)
    elif command.callback is not None:
        command.callback = with_appcontext(command.callback)
    return command


for each in (import_command, ward_officers_command, police_uk_command, export_command, report, flags):
    npt.add_command(_take_in(each))
for each in (jobs, users, serve, demo, check):
    npt.add_command(each)


@npt.group()
def audit() -> None:
    """The record."""


@audit.command()
@with_appcontext
def verify() -> None:
    """Walk the whole record, then what was signed; exit 1 at the first that does not hold."""
    found, sealed = verdict(), seal_verdict()
    if fault := found.fault or sealed.fault:
        click.echo(fault, err=True)
        sys.exit(1)
    click.echo(f"{found.entries} entries hold.")
    if sealed.steps:
        click.echo(f"{sealed.steps} steps of priorities and {sealed.signatures} signatures are what they say.")


@database.command("upgrade")
def upgrade() -> None:
    """Bring the database to the newest migration and fill empty policy tables once."""
    schema.upgrade(db.engine())
    with db.transaction():
        added = start_policy()
    click.echo(
        f"The database is at migration {schema.newest()}." + (f" {added} rows of policy added." if added else "")
    )


def _application() -> Flask:
    return create_app(from_environment())


def main() -> None:
    """Run a command: exit 0 when done, 1 when what was checked does not hold, 2 for bad input. No traceback."""
    start_logging()
    try:
        npt.main(obj=ScriptInfo(create_app=_application, set_debug_flag=False), standalone_mode=False)
    except click.exceptions.Exit as done:
        sys.exit(done.exit_code)
    except (click.Abort, KeyboardInterrupt):
        sys.exit(130)
    except click.ClickException as error:
        error.show()
        sys.exit(2)
    except Exception as error:
        for line in _told(error):
            click.echo(line, err=True)
        sys.exit(2)


def _told(error: Exception) -> list[str]:
    """What went wrong in plain lines; never a traceback. What nobody foresaw is logged with everything known of it."""
    if isinstance(error, BadInput):
        more = len(error.problems) - MOST_PROBLEMS
        lines = [str(problem) for problem in error.problems[:MOST_PROBLEMS]]
        return [*lines, f"… and {more} more problems"] if more > 0 else lines
    if isinstance(error, Refused):
        return [reason.message for reason in error.reasons]
    if isinstance(error, (AssetsFailed, NoPolicy)):
        return [str(error)]
    if isinstance(error, DBAPIError) and db.unreachable(error):
        return [f"The database does not answer: {str(error.orig).splitlines()[0]}"]
    if isinstance(error, DBAPIError) and _is_behind():
        return ["The database is not at the newest migration: run npt db upgrade"]
    if isinstance(error, OSError):
        return [f"The system refused: {error.strerror or error}"]
    with suppress(OSError):
        INSTANCE.mkdir(exist_ok=True)
        with FAULTS.open("a") as log:
            log.write("".join(traceback.format_exception(error)))
        return [f"Something went wrong, and nothing was changed. {FAULTS.relative_to(ROOT)} says more."]
    return ["Something went wrong, and nothing was changed."]


def _is_behind() -> bool:
    """Whether the database waits for a migration; a database that cannot say does not."""
    try:
        return not schema.is_current(db.engine())
    except DBAPIError:
        return False
