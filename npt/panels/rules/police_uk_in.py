"""Read files of the public shape of data.police.uk: rows judged one by one, HTML made plain (docs/decisions/0036)."""

import datetime as dt
import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from npt.core.errors import Problem
from npt.core.periods import NoSuchTime, TwiceThatNight, instant
from npt.panels.rules.police_uk import EVENT_KEYS, MEETING, PRIORITY_KEYS, PublicFile, plain_lines

LONGEST = 200
"""Characters of a title and of a venue, as their columns have it."""
MOST_SHOWN = 60
"""Characters of a wrong value that are repeated."""


@dataclass(frozen=True, slots=True)
class PublicPriority:
    """A published priority: what it asks for, since which day, and what was said to be done, on which day."""

    lines: tuple[str, ...]
    issued_on: dt.date
    done: tuple[str, ...]
    done_on: dt.date

    @property
    def title(self) -> str:
        first = self.lines[0]
        return first if len(first) <= LONGEST else first[: LONGEST - 1].rsplit(" ", 1)[0] + "…"

    @property
    def detail(self) -> str | None:
        rest = self.lines[1:] if len(self.lines[0]) <= LONGEST else self.lines
        return "\n".join(rest) or None

    def ref(self, panel: str) -> str:
        """The same for the same row, so that a second load finds what the first brought."""
        return _ref(panel, self.issued_on.isoformat(), *self.lines)


@dataclass(frozen=True, slots=True)
class PublicMeeting:
    """A published meeting: when it starts, and where."""

    starts_at: dt.datetime
    venue: str | None

    def ref(self, panel: str) -> str:
        return _ref(panel, self.starts_at.isoformat())


def _ref(*parts: str) -> str:
    return f"PUK-{hashlib.sha256(chr(0).join(parts).encode()).hexdigest()[:16].upper()}"


@dataclass
class PublicRows:
    """What a file holds: rows read, priorities and meetings, events left out as none of a panel, problems."""

    name: str
    read: int = 0
    priorities: list[PublicPriority] = field(default_factory=list)
    meetings: list[PublicMeeting] = field(default_factory=list)
    left_out: int = 0
    problems: list[Problem] = field(default_factory=list)


def read_public(name: str, content: bytes, zone: ZoneInfo) -> PublicRows:
    """Judge a file row by row. ``LINE`` of a problem is the number of the row in the list."""
    found = PublicRows(name)
    try:
        rows = json.loads(content.decode("utf-8-sig"))
    except (UnicodeDecodeError, ValueError, RecursionError):
        found.problems.append(Problem(name, None, None, "this is not a JSON file in UTF-8"))
        return found
    if not isinstance(rows, list):
        found.problems.append(Problem(name, None, None, "this is not a list, as data.police.uk gives it out"))
        return found
    seen: dict[object, int] = {}
    for line, row in enumerate(rows, start=1):
        found.read += 1
        read = _row(found, line, row, zone)
        if read is None:
            continue
        if read in seen:
            found.problems.append(Problem(name, line, None, f"row {seen[read]} says the same"))
        seen.setdefault(read, line)
    return found


def _row(found: PublicRows, line: int, row: object, zone: ZoneInfo) -> object:
    if not isinstance(row, dict):
        found.problems.append(Problem(found.name, line, None, "this is no row of keys and values"))
        return None
    kind = next((each for each in PublicFile if set(row) == set(_KEYS[each])), None)
    if kind is None:
        wanted = " or ".join(", ".join(_KEYS[each]) for each in PublicFile)
        found.problems.append(Problem(found.name, line, None, f"the keys must be {wanted}", _short(", ".join(row))))
        return None
    problems = list(_JUDGE[kind](row, zone))
    if problems:
        found.problems += [Problem(found.name, line, key, why, _short(row[key])) for key, why in problems]
        return None
    return _priority(found, row) if kind is PublicFile.PRIORITIES else _meeting(found, row, zone)


_KEYS: Mapping[PublicFile, tuple[str, ...]] = {PublicFile.PRIORITIES: PRIORITY_KEYS, PublicFile.EVENTS: EVENT_KEYS}


def _short(value: object) -> str | None:
    return None if value is None else str(value)[:MOST_SHOWN]


def _priority_problems(row: Mapping[str, Any], _: ZoneInfo) -> Iterator[tuple[str, str]]:
    if not isinstance(row["issue"], str) or not plain_lines(row["issue"]):
        yield "issue", "the text of the priority is missing"
    if _local(row["issue-date"]) is None:
        yield "issue-date", "must be a day and time like 2016-04-14T00:00:00"
    if row["action"] is not None and not isinstance(row["action"], str):
        yield "action", "must be a text or null"
    if row["action-date"] is not None and _local(row["action-date"]) is None:
        yield "action-date", "must be a day and time like 2016-04-14T00:00:00, or null"


def _event_problems(row: Mapping[str, Any], zone: ZoneInfo) -> Iterator[tuple[str, str]]:
    start, end = _local(row["start_date"]), _local(row["end_date"])
    if start is None:
        yield "start_date", "must be a day and time like 2016-09-17T12:00:00"
    elif _instant(start, zone) is None:
        yield "start_date", "this time does not exist, or happens twice, on that night"
    if row["end_date"] is not None and (end is None or (start is not None and end <= start)):
        yield "end_date", "must be a day and time after the start, or null"
    if row["address"] is not None and (not isinstance(row["address"], str) or len(_plain(row["address"])) > LONGEST):
        yield "address", f"must be a text of {LONGEST} characters or fewer, or null"


_JUDGE = {PublicFile.PRIORITIES: _priority_problems, PublicFile.EVENTS: _event_problems}


def _priority(found: PublicRows, row: Mapping[str, Any]) -> tuple[tuple[str, ...], dt.date]:
    issued = dt.datetime.fromisoformat(row["issue-date"])
    done = _local(row["action-date"]) or issued
    read = PublicPriority(
        tuple(plain_lines(row["issue"])), issued.date(), tuple(plain_lines(row["action"] or "")), done.date()
    )
    found.priorities.append(read)
    return read.lines, read.issued_on


def _meeting(found: PublicRows, row: Mapping[str, Any], zone: ZoneInfo) -> PublicMeeting | None:
    starts_at = _instant(dt.datetime.fromisoformat(row["start_date"]), zone)
    if row["type"] != MEETING or starts_at is None:
        found.left_out += 1
        return None
    read = PublicMeeting(starts_at, _plain(row["address"] or "") or None)
    found.meetings.append(read)
    return read


def _plain(text: str) -> str:
    return ", ".join(plain_lines(text))


def _local(text: object) -> dt.datetime | None:
    """A local day and time without a zone, as the public shape has it."""
    if not isinstance(text, str):
        return None
    try:
        return dt.datetime.strptime(text, "%Y-%m-%dT%H:%M:%S")  # noqa: DTZ007 - the shape has no zone
    except ValueError:
        return None


def _instant(local: dt.datetime, zone: ZoneInfo) -> dt.datetime | None:
    try:
        return instant(local.date(), local.time().replace(second=0), zone)
    except (NoSuchTime, TwiceThatNight, OverflowError):
        return None
