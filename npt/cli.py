"""The ``npt`` command."""

import sys

import click
from flask import Flask
from flask.cli import AppGroup, ScriptInfo, with_appcontext
from sqlalchemy.exc import OperationalError

from npt.accounts.cli import users
from npt.app import create_app
from npt.core import db, schema
from npt.core.errors import BadInput, Refused
from npt.exchange.cli import import_command
from npt.policy.cli import start_policy
from npt.reports.cli import report
from npt.settings import from_environment

MOST_PROBLEMS = 50

npt = AppGroup("npt", help="Neighbourhood policing operations.")
database = AppGroup("db", help="The database.")
npt.add_command(database)
npt.add_command(users)


def _take_in(command: click.Command) -> click.Command:
    """A context's command, run inside the application as every command of ours is."""
    if isinstance(command, click.Group):
        for each in command.commands.values():
            _take_in(each)
    elif command.callback is not None:
        command.callback = with_appcontext(command.callback)
    return command


for each in (import_command, report):
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


def _application() -> Flask:
    return create_app(from_environment())


def main() -> None:
    """Run a command: exit 0 when done, 1 when what was checked does not hold, 2 for bad input. No traceback."""
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
