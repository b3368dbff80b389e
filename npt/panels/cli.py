"""``npt import-police-uk``: what was published of a panel, taken in."""

from pathlib import Path

import click
from sqlalchemy.exc import NoResultFound

from npt.core.authority import system
from npt.edge import now, transaction, zone
from npt.panels import services


@click.command("import-police-uk")
@click.argument("path", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--panel", required=True, help="The code of the panel whose neighbourhood this is.")
def police_uk_command(path: Path, panel: str) -> None:
    """Take in priorities or events in the shape of data.police.uk for one panel: JSON, all or nothing.

    A priority that is not there yet is raised, for the panel to decide on; a meeting is planned. A second load changes
    nothing.
    """
    try:
        with transaction():
            taken = services.take_in_public(
                panel, path.name, path.read_bytes(), actor=system("npt import-police-uk"), at=now(), zone=zone()
            )
    except NoResultFound as error:
        raise services.no_such_panel(panel) from error
    left_out = f", {taken.left_out} left out that are no meetings" if taken.left_out else ""
    click.echo(
        f"{taken.read} rows read, {taken.new} new, {taken.changed} changed, {taken.unchanged} unchanged{left_out}"
    )
