"""The published files, each with its columns, as the table of FORMATS has them."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from npt.abstractions.rules import LONGEST_CYCLE, AbsenceKind, DutyStatus
from npt.exchange.rules import cells
from npt.exchange.rules.cells import Parse
from npt.exchange.rules.checks import (
    Fault,
    both_times_or_none,
    days_in_order,
    end_after_start,
    policy_faults,
    post_faults,
    posting_faults,
    settle_post,
    target_faults,
)
from npt.people.rules import Grade, PostingKind, SkillKind
from npt.policy.rules import Group, TargetScope

Key = tuple[Any, ...]
Values = dict[str, Any]

KEEP = "keep"


@dataclass(frozen=True, slots=True)
class Column:
    """A column: how a cell is read, what an empty cell means, and what it names.

    ``field`` is the database's name for it (nothing: kept elsewhere); ``names`` the kind of file whose key it holds.
    """

    name: str
    parse: Parse
    field: str | None = KEEP
    required: bool = False
    key: bool = False
    names: str | None = None
    empty: Any = None

    @property
    def stored_as(self) -> str | None:
        return self.name if self.field == KEEP else self.field


@dataclass(frozen=True)
class Kind:
    """A kind of file. ``faults`` judges one row on its own; ``settle`` fills in what its other cells decide."""

    name: str
    singular: str
    columns: tuple[Column, ...]
    faults: Callable[[Mapping[str, Any]], Iterator[Fault]] | None = None
    settle: Callable[[Values], None] | None = None

    @cached_property
    def key_names(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns if column.key)

    @cached_property
    def blank(self) -> Values:
        """A new row of which the file says nothing."""
        return {column.name: column.empty for column in self.columns}

    def key_of(self, values: Values) -> Key:
        return tuple([values[name] for name in self.key_names])

    def reference(self, key: Key) -> str:
        """A row's key in words, for the record: ``1432/SOH-PC-1/2026-01-01``."""
        return "/".join(str(part) for part in key)


def _key(name: str, parse: Parse, field: str | None = KEEP, names: str | None = None) -> Column:
    return Column(name, parse, field, required=True, key=True, names=names)


_CODE, _REF, _SHORT, _WORDS, _LINE, _LONG = (cells.text(longest) for longest in (40, 60, 100, 200, 500, 10_000))
_FIRST_DAY = Column("first_day", cells.day, required=True)
_KEY_FIRST_DAY = _key("first_day", cells.day)
_LAST_DAY = Column("last_day", cells.day)
_NAME = Column("name", _WORDS, required=True)
_FTE = cells.number("0", "1.00", above=True)
_KEY_PERSON = _key("collar_number", _CODE, "person_id", "people")
_PERSON = Column("collar_number", _CODE, "person_id", required=True, names="people")
_STARTS = Column("starts_at", cells.moment, required=True)
_ENDS = Column("ends_at", cells.moment)

KINDS = (
    Kind("bcus", "bcu", (_key("code", _CODE), _NAME)),
    Kind(
        "sectors",
        "sector",
        (
            _key("code", _CODE),
            _NAME,
            Column("bcu", _CODE, "bcu_id", required=True, names="bcus"),
            Column("district", _WORDS),
        ),
    ),
    Kind(
        "teams",
        "team",
        (
            _key("code", _CODE),
            _NAME,
            Column("sector", _CODE, "sector_id", required=True, names="sectors"),
            Column("email", cells.email),
            Column("telephone", _CODE),
            _FIRST_DAY,
            _LAST_DAY,
        ),
        days_in_order,
    ),
    Kind(
        "wards",
        "ward",
        (
            _key("code", _CODE, "ward_id"),
            Column("name", _WORDS, None, required=True),
            _key("team", _CODE, "team_id", "teams"),
            _KEY_FIRST_DAY,
            _LAST_DAY,
        ),
        days_in_order,
    ),
    Kind(
        "posts",
        "post",
        (
            _key("ref", _REF),
            Column("team", _CODE, "team_id", names="teams"),
            Column("grade", cells.one_of(Grade), required=True),
            Column("fte", _FTE),
            _FIRST_DAY,
            _LAST_DAY,
            Column("funding", _WORDS),
            Column("funding_last_day", cells.day),
            Column("required_skill", _WORDS),
            Column("sector", _CODE, "sector_id", names="sectors"),
        ),
        post_faults,
        settle_post,
    ),
    Kind(
        "people",
        "person",
        (
            _key("collar_number", _CODE),
            Column("forename", _SHORT, required=True),
            Column("surname", _SHORT, required=True),
            Column("grade", cells.one_of(Grade), required=True),
            Column("weekly_hours", cells.number("0", "168")),
            Column("joined_on", cells.day),
            Column("leaving_on", cells.day),
            Column("leaving_reason", _WORDS),
            Column("email", cells.email),
        ),
    ),
    Kind(
        "postings",
        "posting",
        (
            _KEY_PERSON,
            _key("post", _REF, "post_id", "posts"),
            _KEY_FIRST_DAY,
            _LAST_DAY,
            Column("kind", cells.one_of(PostingKind), required=True),
            Column("fte", _FTE),
            Column("end_reason", _LINE),
        ),
        posting_faults,
    ),
    Kind(
        "cover",
        "cover",
        (
            _KEY_PERSON,
            _key("team", _CODE, "team_id", "teams"),
            _KEY_FIRST_DAY,
            _LAST_DAY,
            Column("reason", _LINE),
        ),
        days_in_order,
    ),
    Kind(
        "skills",
        "skill",
        (
            _KEY_PERSON,
            _key("kind", cells.one_of(SkillKind)),
            _key("name", _SHORT),
            Column("level", _SHORT),
            Column("verified_on", cells.day),
        ),
    ),
    Kind(
        "reasons",
        "reason",
        (
            _key("code", _CODE),
            _KEY_FIRST_DAY,
            _LAST_DAY,
            Column("label", _WORDS, required=True),
            Column("family", _CODE, required=True),
            Column("counts_local", cells.grades, empty=""),
            Column("counts_national", cells.grades, empty=""),
            Column("guidance", _LONG, empty=""),
        ),
        days_in_order,
    ),
    Kind(
        "targets",
        "target",
        (
            _key("scope", cells.one_of(TargetScope)),
            Column("scope_code", _CODE, key=True, empty=""),
            _key("grades", cells.one_of(Group), "group"),
            _KEY_FIRST_DAY,
            _LAST_DAY,
            Column("percent", cells.number("0", "100"), required=True),
            Column("set_by", _WORDS),
            Column("reason", _LINE),
        ),
        target_faults,
    ),
    Kind(
        "duties",
        "duty",
        (
            _key("ref", _REF),
            _PERSON,
            _STARTS,
            Column("ends_at", cells.moment, required=True),
            Column("status", cells.one_of(DutyStatus), required=True),
        ),
        end_after_start,
    ),
    Kind(
        "absences",
        "absence",
        (_key("ref", _REF), _PERSON, Column("kind", cells.one_of(AbsenceKind), required=True), _STARTS, _ENDS),
        end_after_start,
    ),
    Kind(
        "abstractions",
        "abstraction",
        (
            _key("ref", _REF),
            _PERSON,
            Column("reason", _CODE, required=True, names="reasons"),
            _STARTS,
            _ENDS,
            Column("destination", _WORDS),
            Column("authorised_by", _CODE, "authorised_by_id", names="people"),
            Column("note", _LONG),
            Column("logged_at", cells.moment),
            Column("logged_by", cells.text(254)),
            Column("authorised_at", cells.moment),
            Column("cancelled_at", cells.moment),
            Column("cancel_reason", _LINE),
        ),
        end_after_start,
    ),
    Kind(
        "policy",
        "policy_value",
        (
            _key("name", cells.policy_name),
            _KEY_FIRST_DAY,
            _LAST_DAY,
            Column("value", _SHORT, required=True),
            Column("reason", _LINE),
        ),
        policy_faults,
    ),
    Kind(
        "contacts",
        "contact",
        (_key("ward", _CODE, "ward_id", "wards"), _KEY_PERSON, _KEY_FIRST_DAY, _LAST_DAY),
        days_in_order,
    ),
    Kind(
        "patterns",
        "pattern",
        (
            _key("code", _CODE),
            _key("day", cells.whole(LONGEST_CYCLE - 1)),
            _key("grade", cells.one_of(Grade)),
            Column("starts", cells.time_of_day),
            Column("ends", cells.time_of_day),
        ),
        both_times_or_none,
    ),
    Kind(
        "pattern_people",
        "pattern_person",
        (
            _KEY_PERSON,
            _KEY_FIRST_DAY,
            _LAST_DAY,
            Column("pattern", _CODE, required=True, names="patterns"),
            Column("offset", cells.whole(LONGEST_CYCLE - 1), "days_in", empty=0),
        ),
        days_in_order,
    ),
    Kind(
        "needed_languages",
        "needed_language",
        (
            _key("team", _CODE, "team_id", "teams"),
            _key("language", _SHORT),
            _KEY_FIRST_DAY,
            _LAST_DAY,
            Column("note", _LINE),
        ),
        days_in_order,
    ),
)
"""In the order in which a folder's files load."""

BY_NAME = {kind.name: kind for kind in KINDS}
_PLACES = {kind.name: place for place, kind in enumerate(KINDS)}

_NOT_YET = frozenset({"panels", "chairs", "meetings", "priorities"})

NOUNS = {
    "bcus": "BCU",
    "sectors": "sector",
    "teams": "team",
    "wards": "ward",
    "posts": "post",
    "people": "person with this collar number",
    "reasons": "reason",
    "patterns": "pattern",
}
"""What a reference that leads nowhere was meant to lead to."""


EXPORTED = "official-"
"""What a file from this product begins with when it was downloaded by itself; it may come back under that name."""


def kind_of(name: str) -> Kind:
    """The kind of file that a file's name says it is.

    :raises ValueError: saying why a file of this name cannot be loaded
    """
    stem, dot, suffix = name.lower().rpartition(".")
    stem = stem.removeprefix(EXPORTED)
    if dot and suffix in {"csv", "xlsx"} and stem in BY_NAME:
        return BY_NAME[stem]
    published = stem in _NOT_YET and suffix in {"csv", "xlsx"}
    if published or suffix == "geojson" or name.lower().endswith("-street.csv"):
        raise ValueError("this version cannot load this kind of file yet")
    raise ValueError(f"a file of this name is not known: name it {', '.join(BY_NAME)}, ending in .csv or .xlsx")


def place_of(name: str) -> int:
    """Where in the order of loading a file stands; one of no known kind comes last."""
    try:
        return _PLACES[kind_of(name).name]
    except ValueError:
        return len(_PLACES)
