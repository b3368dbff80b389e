"""Recorded crime and anti-social behaviour by ward, team, BCU or force (FORMATS, "npt report crime")."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from npt.crime.rules.locating import Place

ANTI_SOCIAL = "Anti-social behaviour"
"""The one published category that is not crime."""
CRIME = "crime"
"""Every category but anti-social behaviour, as a list is asked for it."""
FORCE = "force"
"""The code of the one row of a report by force."""
IN_NO_TEAM = ""
"""The code of the row of wards that belonged to no team on the day that decides; no team or BCU can have it."""
ATTRIBUTION = "Source: data.police.uk, Open Government Licence v3.0."


class By(StrEnum):
    """What a row of the report is."""

    WARD = "ward"
    TEAM = "team"
    BCU = "bcu"
    FORCE = "force"

    @property
    def label(self) -> str:
        return {By.WARD: "Ward", By.TEAM: "Team", By.BCU: "BCU", By.FORCE: "Force"}[self]


class Order(StrEnum):
    """What the rows of the page are put in order by."""

    CODE = "code"
    NAME = "name"
    CRIME = "crime"
    ANTI_SOCIAL = "asb"
    TOTAL = "total"


@dataclass(frozen=True, slots=True, order=True)
class Unit:
    """A ward, team, BCU or the force as the report names it."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Counted:
    """How many rows of a category are in a place, with the team and BCU the ward belonged to when they were."""

    place: Place
    ward: str | None
    team: str | None
    bcu: str | None
    category: str
    number: int


@dataclass(frozen=True, slots=True)
class CrimeRow:
    """What was recorded in a unit, by published category."""

    unit: Unit
    by_category: Mapping[str, int] = field(default_factory=dict)

    @property
    def total(self) -> int:
        return sum(self.by_category.values())

    @property
    def anti_social(self) -> int:
        return self.by_category.get(ANTI_SOCIAL, 0)

    @property
    def crime(self) -> int:
        return self.total - self.anti_social


@dataclass(frozen=True, slots=True)
class CrimeReport:
    """Rows in order of code, and what is in no row because it has no location or lies outside every boundary."""

    first_month: dt.date
    last_month: dt.date
    by: By
    rows: tuple[CrimeRow, ...]
    unlocated: CrimeRow
    outside: CrimeRow

    @property
    def all(self) -> CrimeRow:
        """Everything counted, with a location or without."""
        parts = (*self.rows, self.unlocated, self.outside)
        return CrimeRow(Unit("total", "Total"), _added(row.by_category for row in parts))

    @property
    def total(self) -> int:
        return self.all.total

    @property
    def categories(self) -> tuple[str, ...]:
        """The categories there is anything of, in order of name."""
        return tuple(sorted(self.all.by_category))


def counted_by(
    by: By, first_month: dt.date, last_month: dt.date, counted: Iterable[Counted], units: Iterable[Unit]
) -> CrimeReport:
    """Put what was counted into rows: those of the units, zeros too, and one of wards in no team where there is any.

    :param units: the wards, teams or BCUs to show; the one of the force
    """
    found: defaultdict[str, Counter[str]] = defaultdict(Counter)
    nowhere: dict[Place, Counter[str]] = {Place.UNLOCATED: Counter(), Place.OUTSIDE: Counter()}
    for each in counted:
        book = nowhere[each.place] if each.place in nowhere else found[_code(each, by)]
        book[each.category] += each.number
    named = {unit.code: unit for unit in units}
    if IN_NO_TEAM in found:
        named[IN_NO_TEAM] = Unit(IN_NO_TEAM, "Wards in no team")
    return CrimeReport(
        first_month,
        last_month,
        by,
        tuple(CrimeRow(named.get(code, Unit(code, code)), found.get(code, {})) for code in sorted({*named, *found})),
        CrimeRow(Unit(Place.UNLOCATED.value, Place.UNLOCATED.label), nowhere[Place.UNLOCATED]),
        CrimeRow(Unit(Place.OUTSIDE.value, Place.OUTSIDE.label), nowhere[Place.OUTSIDE]),
    )


def _code(counted: Counted, by: By) -> str:
    if by is By.FORCE:
        return FORCE
    return {By.WARD: counted.ward, By.TEAM: counted.team, By.BCU: counted.bcu}[by] or IN_NO_TEAM


def _added(parts: Iterable[Mapping[str, int]]) -> Counter[str]:
    total = Counter[str]()
    for part in parts:
        total.update(part)
    return total


def ordered(rows: Iterable[CrimeRow], order: Order, *, descending: bool = False) -> list[CrimeRow]:
    """Rows in the order asked for; those that are equal in order of code."""
    keys = {
        Order.CODE: lambda row: row.unit.code,
        Order.NAME: lambda row: row.unit.name.casefold(),
        Order.CRIME: lambda row: row.crime,
        Order.ANTI_SOCIAL: lambda row: row.anti_social,
        Order.TOTAL: lambda row: row.total,
    }
    by_code = sorted(rows, key=lambda row: row.unit.code)
    return sorted(by_code, key=keys[order], reverse=descending)


def crime_json(report: CrimeReport) -> dict[str, object]:
    """The report as FORMATS has it, ready to be written as JSON."""
    return {
        "from": f"{report.first_month:%Y-%m}",
        "to": f"{report.last_month:%Y-%m}",
        "by": report.by.value,
        "rows": [
            {
                "code": row.unit.code,
                "name": row.unit.name,
                "total": row.total,
                "by_category": dict(sorted(row.by_category.items())),
            }
            for row in report.rows
        ],
        "unlocated": report.unlocated.total,
        "outside": report.outside.total,
        "total": report.total,
    }


def crime_table(report: CrimeReport) -> tuple[tuple[str, ...], tuple[tuple[str | int | None, ...], ...]]:
    """The report as a header and rows: the units, then unlocated, outside and the total; a column for each category.

    Each row carries the source, which goes with the figures wherever they go (Open Government Licence v3.0).
    """
    categories = report.categories
    header = ("code", "name", "total", *categories, "source")
    rows = (*report.rows, report.unlocated, report.outside, report.all)
    return header, tuple(
        (
            row.unit.code,
            row.unit.name,
            row.total,
            *(row.by_category.get(category, 0) for category in categories),
            ATTRIBUTION,
        )
        for row in rows
    )


def crime_summary(
    report: CrimeReport,
) -> tuple[tuple[str, ...], tuple[tuple[str | int | None, ...], ...]]:
    """The report as narrow as a screen of text is: crime, anti-social behaviour and both."""
    rows = (*report.rows, report.unlocated, report.outside, report.all)
    return ("code", "name", "crime", "anti-social behaviour", "total"), tuple(
        (row.unit.code, row.unit.name, row.crime, row.anti_social, row.total) for row in rows
    )


def span_words(first_month: dt.date, last_month: dt.date) -> str:
    """``January 2024``, or ``January to March 2024``, or ``December 2023 to March 2024``."""
    if first_month == last_month:
        return f"{first_month:%B %Y}"
    first = f"{first_month:%B}" if first_month.year == last_month.year else f"{first_month:%B %Y}"
    return f"{first} to {last_month:%B %Y}"
