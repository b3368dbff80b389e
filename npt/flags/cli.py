"""``npt flags``: what scheduled checks found, as a table or as JSON."""

import json

import click
from flask.cli import AppGroup
from rich.console import Console
from rich.table import Table

from npt.core.authority import EVERYTHING
from npt.core.errors import BadInput
from npt.flags import queries
from npt.flags.queries import FlagRow, Narrowing
from npt.flags.rules import FlagState
from npt.people import queries as people

flags = AppGroup("flags", help="What scheduled checks found.")


@flags.command("list")
@click.option("--bcu", metavar="CODE", help="Only flags of one BCU.")
@click.option(
    "--state", type=click.Choice([state.value for state in FlagState]), default=FlagState.OPEN.value, show_default=True
)
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table", show_default=True)
def list_flags(bcu: str | None, state: str, form: str) -> None:
    """List flags in order of kind, then subject."""
    if bcu is not None and bcu not in {known.code for known in people.bcus(EVERYTHING)}:
        raise BadInput(f'--bcu: no such BCU ("{bcu}")')
    found = queries.flags_for(EVERYTHING, Narrowing(FlagState(state), bcu_code=bcu))
    if form == "json":
        click.echo(json.dumps([as_json(flag) for flag in found], ensure_ascii=False, indent=1))
    elif found:
        Console(width=None if Console().is_terminal else 200).print(_table(found))
    else:
        click.echo("No flags.")


def as_json(flag: FlagRow) -> dict[str, str | None]:
    """A flag as FORMATS has it. The figure is null where there is none: a team without duty has no rate."""
    return {
        "kind": flag.kind,
        "subject": flag.subject,
        "severity": flag.severity,
        "opened_on": flag.opened_on.isoformat(),
        "closed_on": flag.closed_on.isoformat() if flag.closed_on else None,
        "figure": flag.figure,
        "threshold": flag.threshold,
        "owner_role": flag.owner_role,
    }


def _table(found: list[FlagRow]) -> Table:
    table = Table(box=None, header_style="bold", pad_edge=False)
    for heading in ("Kind", "Subject", "Severity", "Figure", "Threshold", "Opened", "Closed", "Owner", "Answered"):
        table.add_column(heading, justify="right" if heading in {"Figure", "Threshold"} else "left", no_wrap=True)
    for flag in found:
        table.add_row(
            flag.kind,
            flag.subject,
            flag.severity + (" (repeat)" if flag.repeat else ""),
            flag.figure or "no data",
            flag.threshold or "",
            flag.opened_on.isoformat(),
            flag.closed_on.isoformat() if flag.closed_on else "",
            flag.owner_role,
            flag.acknowledgement.at.date().isoformat() if flag.acknowledgement else "",
        )
    return table
