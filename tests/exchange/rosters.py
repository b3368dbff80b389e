"""A duty-management system's own export, and the mapping that takes it in."""

from npt.core.authority import system
from npt.core.db import transaction
from npt.exchange import services
from npt.exchange.rules.mapping import ColumnMapping, Source
from npt.exchange.rules.shapes import Shape
from tests.conftest import NOW
from tests.exchange.make import FORCE, LONDON

ROSTER = (
    "Duty No;Shoulder No;Date;Start;End;Duty State;Station\n"
    "881;1432;01/10/2026;07:00;17:00;Rostered;Ely\n"
    "882;1432;01/10/2026;2300;7:00;WORKED;Ely\n"
)
"""What a duty-management system gives: a date, two times, words of its own, and a column of no use here."""

ROSTERED = ColumnMapping(
    "Roster",
    "duties",
    (
        Source("ref", "Duty No", prefix="DMS-"),
        Source("collar_number", "Shoulder No"),
        Source("starts_at", "Date", "Start", Shape.DAY_FIRST),
        Source("ends_at", "Date", "End", Shape.DAY_FIRST, next_day=True),
        Source("status", "Duty State", words=(("rostered", "planned"), ("Worked", "worked"))),
    ),
    ("Station",),
)
PEOPLE = {kind: FORCE[kind] for kind in ("bcus", "sectors", "teams", "people", "reasons")}


def saved(mapping: ColumnMapping) -> int:
    with transaction():
        return services.save_mapping(mapping, mapping_id=None, actor=system("admin"), at=NOW, zone=LONDON)
