"""What the demonstration's other systems give: how the columns of an invented duty-management export are mapped."""

from npt.exchange.rules.mapping import ColumnMapping, Source
from npt.exchange.rules.shapes import Shape

ROSTER = ColumnMapping(
    "Duties from the roster system",
    "duties",
    (
        Source("ref", "Duty No", prefix="DMS-"),
        Source("collar_number", "Shoulder No"),
        Source("starts_at", "Duty Date", "Start", Shape.DAY_FIRST),
        Source("ends_at", "Duty Date", "Finish", Shape.DAY_FIRST, next_day=True),
        Source("status", "State", words=(("Rostered", "planned"), ("Worked", "worked"), ("Struck off", "cancelled"))),
    ),
    ("Station", "Pay Code"),
)
