"""Invented monthly totals of ward officers, in the shape in which London publishes its own (DOMAIN 1.8)."""

import datetime as dt
import random
from collections.abc import Iterator, Sequence

from npt.core.periods import DAY, add_months
from npt.demo.rules.force import Row

MINUTES_FILE, STRENGTHS_FILE = "invented-ward-officer-minutes.csv", "invented-ward-officer-strengths.csv"
MONTHS = 6
"""So many months are published: those that are over, and nothing of the one that runs."""
NOT_KNOWN = "E05002719"
"""A ward whose PCSOs' full-time equivalents are missing."""
TWICE = "E05002730"
"""A ward one of whose rows stands in the file twice."""

_BOROUGH, _BCU = "East Cambridgeshire", "Southern"
_WARDS = ("E05002719", "E05002725", "E05002730", "E05002731")
_AWAY = (("Aid", 0.03), ("Court", 0.005), ("Custody", 0.008), ("Local Aid", 0.03), ("Training", 0.05))
"""Why ward officers were away, and about what share of their time."""
_FULL_MONTH = 9_600
_STRENGTHS_OF = (("Constable", "2.00"), ("PCSO", "1.60"))


def minutes(wards: Sequence[Row], on: dt.date) -> Iterator[Sequence[str]]:
    """The sheet of minutes: a row for each month, ward and reason, and one for the time nobody was away."""
    for month, ward in _published(wards, on):
        chance = random.Random(f"{month.isoformat()}{ward['code']}")  # noqa: S311 - invented, not secrets
        on_duty = round(_FULL_MONTH * 3.6 * chance.uniform(0.85, 0.95))
        start = (month.isoformat(), _BCU, _BOROUGH, ward["name"])
        away = 0
        for reason, share in _AWAY:
            # Duty is published as it was booked, in quarters of an hour.
            spent = 15 * round(on_duty * share * chance.uniform(0.2, 1.8) / 15)
            away += spent
            row = (*start, "Yes", reason, str(spent), ward["code"])
            yield row
            if ward["code"] == TWICE and reason == "Training":
                yield row
        yield (*start, "No", "Not Abstracted", str(on_duty - away), ward["code"])


def strengths(wards: Sequence[Row], on: dt.date) -> Iterator[Sequence[str]]:
    """The sheet of strengths: the full-time equivalents of each rank at each month's end."""
    for month, ward in _published(wards, on):
        last_day = add_months(month, 1) - DAY
        for rank, fte in _STRENGTHS_OF:
            missing = ward["code"] == NOT_KNOWN and rank == "PCSO"
            yield (last_day.isoformat(), "Invented", _BCU, _BOROUGH, ward["name"], rank, "" if missing else fte)


def _published(wards: Sequence[Row], on: dt.date) -> Iterator[tuple[dt.date, Row]]:
    names = {ward["code"]: ward for ward in wards}
    for back in range(MONTHS, 0, -1):
        for code in _WARDS:
            yield add_months(on.replace(day=1), -back), names[code]
