"""The published workbook of dedicated ward officers in London: its two sheets, and the traps in them (DOMAIN 1.8).

What is odd and can be understood is taken and reported; nothing is mended unseen. A missing FTE stays missing.
"""

import datetime as dt
import enum
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Any

from npt.core.errors import BadInput, Problem
from npt.exchange.rules import shapes
from npt.exchange.rules.rows import Line, shown
from npt.exchange.rules.shapes import Shape

MINUTES = (
    "Month of Abstraction",
    "BCU",
    "Borough",
    "Team",
    "Abstracted From Duty",
    "Abstraction Type",
    "Abstraction Minutes",
    "Ward_Code",
)
STRENGTHS = ("Date", "Business Group", "OCU", "Department", "Team", "Rank", "FTE")
_OPTIONAL = {"Ward_Code"}
_MISSPELT = {"Abstracted Type": "Abstraction Type", "Buisness Group": "Business Group"}
_DAYS = (Shape.YEAR_FIRST, Shape.DAY_FIRST, Shape.MONTH_NAME)
_DOTS = re.compile(r"-?\d+(\.\d+)?", re.ASCII)
HUNDREDTHS = Decimal("0.01")
NAME_LENGTH, CODE_LENGTH = 200, 40
"""The longest name and ward code the database holds."""
LARGEST = 10_000_000
"""Not policy: more minutes than two hundred people have in a month. Above it a cell is a slip of the pen."""


@dataclass(frozen=True, slots=True)
class PublishedMinutes:
    """What one team's ward officers did for one reason in one month: minutes on duty, abstracted or not."""

    month: dt.date
    bcu: str
    borough: str
    team: str
    ward_code: str
    abstracted: bool
    kind: str
    minutes: Decimal


@dataclass(frozen=True, slots=True)
class PublishedStrength:
    """The full-time equivalents of one rank in one team at a month's end; nothing when it is not known."""

    month: dt.date
    borough: str
    team: str
    rank: str
    fte: Decimal | None


@dataclass
class WardOfficerSheet:
    """One sheet as it was understood: its rows, what is odd in it, and what is wrong."""

    file: str
    minutes: list[PublishedMinutes] = field(default_factory=list)
    strengths: list[PublishedStrength] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    lines: dict[PublishedMinutes | PublishedStrength, list[int]] = field(default_factory=dict)
    """The rows of the file that say exactly this, the first of which was kept."""
    elsewhere: dict[PublishedMinutes | PublishedStrength, list[str]] = field(default_factory=dict)
    """The rows of later sheets of the same workbook that say exactly what one kept here says."""
    read: int = 0


def read_ward_officers(file: str, columns: Sequence[str], rows: Iterable[Line], delimiter: str) -> WardOfficerSheet:
    """Read one sheet, whichever of the two its headers say it is.

    :param delimiter: what stands between the cells: with ``;`` a dot parts thousands and a comma the decimals
    :raises BadInput: when the headers are those of neither sheet
    """
    found = WardOfficerSheet(file)
    headers = [_MISSPELT.get(name, name) for name in columns]
    found.notes += [
        f'{file}: the header "{name}" was read as "{_MISSPELT[name]}"' for name in columns if name in _MISSPELT
    ]
    of_minutes = "Abstraction Minutes" in headers
    wanted = MINUTES if of_minutes else STRENGTHS
    problems = [
        Problem(file, 1, name, "this column is missing")
        for name in wanted
        if name not in headers and name not in _OPTIONAL
    ]
    problems += [
        Problem(file, 1, shown(name), "there is no such column in this sheet") for name in headers if name not in wanted
    ]
    if problems:
        raise BadInput(*problems)
    number = _with_comma if delimiter == ";" else _with_dot
    make = _minutes_of if of_minutes else _strength_of
    for line, cells in rows:
        found.read += 1
        row = dict(zip(headers, cells, strict=True))
        try:
            made = make(row, number)
        except _Wrong as wrong:
            found.problems.append(Problem(file, line, wrong.column, wrong.message, shown(row.get(wrong.column))))
            continue
        found.lines.setdefault(made, []).append(line)
    found.notes += _notes(file, found.lines)
    found.minutes += [row for row in found.lines if isinstance(row, PublishedMinutes)]
    found.strengths += [row for row in found.lines if isinstance(row, PublishedStrength)]
    return found


def count_once(workbook: Sequence[WardOfficerSheet]) -> None:
    """Take out of the later sheets of a workbook what an earlier one says exactly, and tell of each such row."""
    kept: dict[PublishedMinutes | PublishedStrength, int] = {}
    for number, sheet in enumerate(workbook, start=1):
        for row in sheet.lines:
            first = kept.setdefault(row, number)
            if first == number:
                continue
            here, there = ", ".join(map(str, sheet.lines[row])), workbook[first - 1]
            there.elsewhere.setdefault(row, []).append(f"{here} of sheet {number}")
            sheet.notes.append(
                f"{sheet.file}: row {here} of sheet {number} is exactly row {there.lines[row][0]} of sheet {first}: "
                "it was counted once"
            )
        sheet.minutes = [row for row in sheet.minutes if kept[row] == number]
        sheet.strengths = [row for row in sheet.strengths if kept[row] == number]


def _notes(file: str, lines: Mapping[Any, Sequence[int]]) -> Iterator[str]:
    """Rows that are exactly alike are counted once, and each is told of; so are strengths that are not known."""
    for several in lines.values():
        if len(several) > 1:
            others = ", ".join(map(str, several[1:]))
            yield f"{file}: row {others} is exactly row {several[0]}: it was counted once"
    missing = Counter(row.borough for row in lines if isinstance(row, PublishedStrength) and row.fte is None)
    for borough, times in sorted(missing.items()):
        yield f"{file}: {borough} has no FTE in {times} row{'s' if times > 1 else ''}: kept as missing, not as 0"


class _Wrong(Exception):
    def __init__(self, column: str, message: str) -> None:
        self.column, self.message = column, message
        super().__init__(message)


Number = Callable[[str], Decimal]


def _minutes_of(row: Mapping[str, Any], number: Number) -> PublishedMinutes:
    yes = _text(row, "Abstracted From Duty").lower()
    if yes not in ("yes", "no"):
        raise _Wrong("Abstracted From Duty", "enter Yes or No")
    minutes = _number(row, "Abstraction Minutes", number)
    if minutes is None:
        raise _Wrong("Abstraction Minutes", "this is empty: enter the minutes")
    return PublishedMinutes(
        _month(row, "Month of Abstraction"),
        _text(row, "BCU", empty=""),
        borough_name(_text(row, "Borough")),
        _text(row, "Team"),
        _text(row, "Ward_Code", CODE_LENGTH, empty=""),
        yes == "yes",
        _text(row, "Abstraction Type", empty="Not stated" if yes == "yes" else "Not Abstracted"),
        minutes,
    )


def _strength_of(row: Mapping[str, Any], number: Number) -> PublishedStrength:
    return PublishedStrength(
        _month(row, "Date"),
        borough_name(_text(row, "Department")),
        _text(row, "Team"),
        _text(row, "Rank"),
        _number(row, "FTE", number),
    )


def borough_name(written: str) -> str:
    """A borough by one name, however a sheet calls it: without " Borough", and with "and" for "&"."""
    name = " ".join(written.replace("&", " and ").split())
    return name.removesuffix(" Borough")


def _text(row: Mapping[str, Any], column: str, longest: int = NAME_LENGTH, *, empty: str | None = None) -> str:
    if row.get(column) is None:
        if empty is None:
            raise _Wrong(column, "this is empty: enter a value")
        return empty
    written = " ".join(str(row[column]).split())
    if len(written) > longest:
        raise _Wrong(column, f"enter no more than {longest} characters")
    return written


def _month(row: Mapping[str, Any], column: str) -> dt.date:
    written = row[column]
    if written is None:
        raise _Wrong(column, "this is empty: enter a value")
    if re.fullmatch(r"\d{4}-\d{2}", written):
        written = f"{written}-01"
    for shape in _DAYS:
        try:
            return dt.date.fromisoformat(shapes.day_as_ours(written, shape)).replace(day=1)
        except ValueError:
            continue
    raise _Wrong(column, "enter a month as YYYY-MM, or a day of it as DD/MM/YYYY")


def _number(row: Mapping[str, Any], column: str, number: Number) -> Decimal | None:
    if row[column] is None:
        return None
    try:
        value = number(str(row[column]))
    except ValueError as error:
        raise _Wrong(column, str(error)) from None
    if abs(value) > LARGEST:
        raise _Wrong(column, f"enter {LARGEST:,} or less")
    return value.quantize(HUNDREDTHS)


def _with_comma(written: str) -> Decimal:
    return Decimal(shapes.number_as_ours(written))


def _with_dot(written: str) -> Decimal:
    if not _DOTS.fullmatch(written):
        raise ValueError("enter a number such as 540.5")
    return Decimal(written)


class Part(enum.StrEnum):
    """Which of a published team's figures."""

    ABSTRACTED = "abstracted"
    DUTY = "duty"
    STRENGTH = "strength"


def published_rate(rows: Iterable[tuple[bool, Decimal]]) -> Fraction | None:
    """Minutes abstracted as a share of all minutes on duty; nothing when there are none."""
    away = total = Decimal(0)
    for abstracted, minutes in rows:
        total += minutes
        away += minutes if abstracted else 0
    return None if total == 0 else Fraction(away) / Fraction(total)
