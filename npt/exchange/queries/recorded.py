"""What is recorded already, in the words of the files: codes and refs instead of numbers."""

import datetime as dt
import json
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import InstrumentedAttribute, aliased

from npt.abstractions.models import Absence, Abstraction, Duty, PatternDay, PatternPerson
from npt.audit.models import AuditEntry
from npt.core.db import Base, session
from npt.core.lasting import lasts_beyond
from npt.exchange.rules import cells
from npt.exchange.rules.columns import Key, Kind, Values
from npt.panels.models import ChairTerm, Meeting, Priority
from npt.people.models import (
    Bcu,
    Cover,
    Panel,
    PanelTeam,
    Person,
    Post,
    Posting,
    Sector,
    Skill,
    Team,
    Ward,
    WardMembership,
)
from npt.policy.models import PolicyValue, ReasonEntry, TargetEntry
from npt.staffing.models import NamedContact, NeededLanguage

MODELS: dict[str, type[Base]] = {
    "bcus": Bcu,
    "sectors": Sector,
    "teams": Team,
    "wards": WardMembership,
    "posts": Post,
    "people": Person,
    "postings": Posting,
    "cover": Cover,
    "skills": Skill,
    "reasons": ReasonEntry,
    "targets": TargetEntry,
    "duties": Duty,
    "absences": Absence,
    "abstractions": Abstraction,
    "policy": PolicyValue,
    "contacts": NamedContact,
    "patterns": PatternDay,
    "pattern_people": PatternPerson,
    "panels": Panel,
    "chairs": ChairTerm,
    "meetings": Meeting,
    "priorities": Priority,
    "needed_languages": NeededLanguage,
}
"""The table each kind of file fills."""

_REFS: dict[str, InstrumentedAttribute[str]] = {
    "duties": Duty.ref,
    "absences": Absence.ref,
    "abstractions": Abstraction.ref,
}
"""Kinds of years of rows, of which only those that matter are read."""

MANY = frozenset(_REFS)
"""The kinds whose files are read, judged and written a portion at a time."""

IMPORTED = "file.imported"
"""The event in the record of one file taken in."""

EXPORTED = "data.exported"
"""The event in the record of an export."""

_AT_A_TIME = 5_000

_Authoriser = aliased(Person)
_Served = aliased(Team)


@dataclass
class Recorded:
    """Rows by their key, as the columns of the files have them, and the number of each in its table."""

    rows: dict[Key, Values] = field(default_factory=dict)
    ids: dict[Key, int] = field(default_factory=dict)


def recorded(kind: Kind, keys: Collection[Key]) -> Recorded:
    """What is recorded of a kind: everything, or of a kind of many rows those of these keys."""
    statement = _statement(kind)
    found = Recorded()
    if kind.name not in _REFS:
        _collect(found, kind, statement)
        return found
    for some in _batches([key[0] for key in keys]):
        _collect(found, kind, statement.where(_REFS[kind.name].in_(some)))
    return found


def exported(kind: Kind) -> list[tuple[Any, ...]]:
    """Every row of a kind as the columns of its file have it, in order of key.

    An absence that was cancelled is left out: its file has no column that could say so, and it counts for nothing.
    """
    statement = _statement(kind)
    if kind.name == "absences":
        statement = statement.where(Absence.cancelled_at.is_(None))
    places = [place for place, column in enumerate(kind.columns) if column.key]
    rows = [tuple(values) for _, values in _rows(kind, statement)]
    # Sorted here, because the two databases order texts each in their own way.
    return sorted(rows, key=lambda row: [row[place] for place in places])


def live_stays(
    collar_numbers: Sequence[str], since: dt.datetime
) -> Iterator[tuple[str, str, dt.datetime, dt.datetime | None]]:
    """Person, ref, start and end of their abstractions that are not cancelled and were not over by then."""
    statement = (
        select(Person.collar_number, Abstraction.ref, Abstraction.starts_at, Abstraction.ends_at)
        .join(Abstraction.person)
        .where(Abstraction.cancelled_at.is_(None), lasts_beyond(Abstraction.ends_at, since))
    )
    for some in _batches(collar_numbers):
        found = session.execute(statement.where(Person.collar_number.in_(some)).execution_options(yield_per=_AT_A_TIME))
        yield from ((person, ref, start, end) for person, ref, start, end in found)


def ids(name: str) -> dict[str, int]:
    """The number of each row of a kind that others name, by its code."""
    codes: dict[str, tuple[Any, Any]] = {
        "bcus": (Bcu.code, Bcu.id),
        "sectors": (Sector.code, Sector.id),
        "teams": (Team.code, Team.id),
        "wards": (Ward.code, Ward.id),
        "posts": (Post.ref, Post.id),
        "people": (Person.collar_number, Person.id),
        "panels": (Panel.code, Panel.id),
        "meetings": (Meeting.ref, Meeting.id),
    }
    code, number = codes[name]
    return {row.code: row.number for row in session.execute(select(code.label("code"), number.label("number")))}


def ward_names() -> dict[str, tuple[int, str]]:
    """Each ward's number and name, by its code."""
    return {row.code: (row.id, row.name) for row in session.execute(select(Ward.code, Ward.id, Ward.name))}


@dataclass(frozen=True, slots=True)
class PastImport:
    """One file taken in before: when, by whom, and what became of its rows."""

    at: dt.datetime
    actor: str
    file: str
    read: int
    new: int
    changed: int
    unchanged: int


def past_imports(most: int = 20) -> list[PastImport]:
    """The files taken in last, newest first."""
    entries = session.scalars(
        select(AuditEntry).where(AuditEntry.event == IMPORTED).order_by(AuditEntry.number.desc()).limit(most)
    )
    past = []
    for entry in entries:
        details = json.loads(entry.details)
        counts = {count: details[count] for count in ("read", "new", "changed", "unchanged")}
        past.append(PastImport(entry.at, entry.actor, details["name"], **counts))
    return past


@dataclass(frozen=True, slots=True)
class PastExport:
    """What was given out before: when, by whom, which files and how many rows."""

    at: dt.datetime
    actor: str
    files: list[str]
    rows: int


def past_exports(most: int = 20) -> list[PastExport]:
    """The exports of last, newest first."""
    entries = session.scalars(
        select(AuditEntry).where(AuditEntry.event == EXPORTED).order_by(AuditEntry.number.desc()).limit(most)
    )
    past = []
    for entry in entries:
        files = json.loads(entry.details)["files"]
        names = [file["name"] for file in files]
        past.append(PastExport(entry.at, entry.actor, names, sum(file["rows"] for file in files)))
    return past


def _batches(values: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(values), _AT_A_TIME):
        yield values[start : start + _AT_A_TIME]


def _collect(found: Recorded, kind: Kind, statement: Select[Any]) -> None:
    names = [column.name for column in kind.columns]
    for number, values in _rows(kind, statement):
        row = dict(zip(names, values, strict=True))
        key = kind.key_of(row)
        found.rows[key] = row
        found.ids[key] = number


def _rows(kind: Kind, statement: Select[Any]) -> Iterator[tuple[int, list[Any]]]:
    """Each row's number and its values in the order of the columns."""
    # Neither database promises in which order it strings codes together.
    lists = [place for place, column in enumerate(kind.columns) if column.parse is cells.codes]
    for number, *values in session.execute(statement):
        for place in lists:
            values[place] = ";".join(sorted((values[place] or "").split(";")))
        yield number, values


def _statement(kind: Kind) -> Select[Any]:
    """The row's number, then the columns of the file in their order; joined to whatever they name.

    A skill that has ended is history: its file names what people can do, and one of that name may be recorded again.
    """
    model = MODELS[kind.name]
    selected = [_shown_as(kind, column.name, column.stored_as) for column in kind.columns]
    statement = select(model.id, *selected).select_from(model)
    for relation, inner in _JOINS.get(kind.name, ()):
        statement = statement.join(relation, isouter=not inner)
    return statement.where(Skill.ended_on.is_(None)) if model is Skill else statement


def _shown_as(kind: Kind, name: str, field_name: str | None) -> Any:
    other = _NAMED.get((kind.name, name), _NAMED.get(("", name)))
    if field_name is None or field_name.endswith("_id"):
        return other
    return getattr(MODELS[kind.name], field_name)


_NAMED: dict[tuple[str, str], Any] = {
    ("", "collar_number"): Person.collar_number,
    ("", "bcu"): Bcu.code,
    ("", "sector"): Sector.code,
    ("", "team"): Team.code,
    ("", "ward"): Ward.code,
    ("", "post"): Post.ref,
    ("", "authorised_by"): _Authoriser.collar_number,
    ("", "panel"): Panel.code,
    ("", "adopted_at"): Meeting.ref,
    ("panels", "lead_team"): Team.code,
    ("panels", "teams"): select(func.aggregate_strings(_Served.code, ";"))
    .select_from(PanelTeam)
    .join(PanelTeam.team.of_type(_Served))
    .where(PanelTeam.panel_id == Panel.id)
    .correlate(Panel)
    .scalar_subquery(),
    ("wards", "code"): Ward.code,
    ("wards", "name"): Ward.name,
}
"""What stands in the file where the table has a number."""

_JOINS: dict[str, tuple[tuple[Any, bool], ...]] = {
    "sectors": ((Sector.bcu, True),),
    "teams": ((Team.sector, True),),
    "wards": ((WardMembership.ward, True), (WardMembership.team, True)),
    "posts": ((Post.team, False), (Post.sector, False)),
    "postings": ((Posting.person, True), (Posting.post, True)),
    "cover": ((Cover.person, True), (Cover.team, True)),
    "skills": ((Skill.person, True),),
    "duties": ((Duty.person, True),),
    "absences": ((Absence.person, True),),
    "contacts": ((NamedContact.ward, True), (NamedContact.person, True)),
    "pattern_people": ((PatternPerson.person, True),),
    "panels": ((Panel.lead_team, True),),
    "chairs": ((ChairTerm.panel, True),),
    "meetings": ((Meeting.panel, True),),
    "priorities": ((Priority.panel, True), (Priority.adopted_at, False)),
    "needed_languages": ((NeededLanguage.team, True),),
    "abstractions": (
        (Abstraction.person, True),
        (Abstraction.authorised_by.of_type(_Authoriser), False),
    ),
}
"""The relations a kind's columns lead through, and whether there always is one."""
