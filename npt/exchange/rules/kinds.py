"""The published files, each with its columns, as the table of FORMATS has them."""

from npt.abstractions.rules import LONGEST_CYCLE, AbsenceKind, DutyStatus
from npt.exchange.rules import cells
from npt.exchange.rules.checks import (
    both_times_or_none,
    days_in_order,
    end_after_start,
    ignored_of_post,
    policy_faults,
    post_faults,
    posting_faults,
    settle_post,
    target_faults,
)
from npt.exchange.rules.columns import (
    CODE,
    FIRST_DAY,
    KEY_FIRST_DAY,
    LAST_DAY,
    LINE,
    LONG,
    NAME,
    REF,
    SHORT,
    WORDS,
    Column,
    Kind,
    key_column,
)
from npt.exchange.rules.panel_kinds import PANEL_KINDS
from npt.exchange.rules.published import Published, published_kind
from npt.people.rules import Grade, PostingKind, SkillKind
from npt.policy.rules import Group, TargetScope

_FTE = cells.number("0", "1.00", above=True)
_KEY_PERSON = key_column("collar_number", CODE, "person_id", "people")
_PERSON = Column("collar_number", CODE, "person_id", required=True, names="people")
_STARTS = Column("starts_at", cells.moment, required=True)
_ENDS = Column("ends_at", cells.moment)

KINDS = (
    Kind("bcus", "bcu", (key_column("code", CODE), NAME)),
    Kind(
        "sectors",
        "sector",
        (
            key_column("code", CODE),
            NAME,
            Column("bcu", CODE, "bcu_id", required=True, names="bcus"),
            Column("district", WORDS),
        ),
    ),
    Kind(
        "teams",
        "team",
        (
            key_column("code", CODE),
            NAME,
            Column("sector", CODE, "sector_id", required=True, names="sectors"),
            Column("email", cells.email),
            Column("telephone", CODE),
            FIRST_DAY,
            LAST_DAY,
        ),
        days_in_order,
    ),
    Kind(
        "wards",
        "ward",
        (
            key_column("code", CODE, "ward_id"),
            Column("name", WORDS, None, required=True),
            key_column("team", CODE, "team_id", "teams"),
            KEY_FIRST_DAY,
            LAST_DAY,
        ),
        days_in_order,
    ),
    Kind(
        "posts",
        "post",
        (
            key_column("ref", REF),
            Column("team", CODE, "team_id", names="teams"),
            Column("grade", cells.one_of(Grade), required=True),
            Column("fte", _FTE),
            FIRST_DAY,
            LAST_DAY,
            Column("funding", WORDS),
            Column("funding_last_day", cells.day),
            Column("required_skill", WORDS),
            Column("sector", CODE, "sector_id", names="sectors"),
        ),
        post_faults,
        settle_post,
        ignored_of_post,
    ),
    Kind(
        "people",
        "person",
        (
            key_column("collar_number", CODE),
            Column("forename", SHORT, required=True),
            Column("surname", SHORT, required=True),
            Column("grade", cells.one_of(Grade), required=True),
            Column("weekly_hours", cells.number("0", "168")),
            Column("joined_on", cells.day),
            Column("leaving_on", cells.day),
            Column("leaving_reason", WORDS),
            Column("email", cells.email),
        ),
    ),
    Kind(
        "postings",
        "posting",
        (
            _KEY_PERSON,
            key_column("post", REF, "post_id", "posts"),
            KEY_FIRST_DAY,
            LAST_DAY,
            Column("kind", cells.one_of(PostingKind), required=True),
            Column("fte", _FTE),
            Column("end_reason", LINE),
        ),
        posting_faults,
    ),
    Kind(
        "cover",
        "cover",
        (
            _KEY_PERSON,
            key_column("team", CODE, "team_id", "teams"),
            KEY_FIRST_DAY,
            LAST_DAY,
            Column("reason", LINE),
        ),
        days_in_order,
    ),
    Kind(
        "skills",
        "skill",
        (
            _KEY_PERSON,
            key_column("kind", cells.one_of(SkillKind)),
            key_column("name", SHORT),
            Column("level", SHORT),
            Column("verified_on", cells.day),
        ),
    ),
    Kind(
        "reasons",
        "reason",
        (
            key_column("code", CODE),
            KEY_FIRST_DAY,
            LAST_DAY,
            Column("label", WORDS, required=True),
            Column("family", CODE, required=True),
            Column("counts_local", cells.grades, empty=""),
            Column("counts_national", cells.grades, empty=""),
            Column("guidance", LONG, empty=""),
        ),
        days_in_order,
    ),
    Kind(
        "targets",
        "target",
        (
            key_column("scope", cells.one_of(TargetScope)),
            Column("scope_code", CODE, key=True, empty=""),
            key_column("grades", cells.one_of(Group), "group"),
            KEY_FIRST_DAY,
            LAST_DAY,
            Column("percent", cells.number("0", "100"), required=True),
            Column("set_by", WORDS),
            Column("reason", LINE),
        ),
        target_faults,
    ),
    Kind(
        "duties",
        "duty",
        (
            key_column("ref", REF),
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
        (key_column("ref", REF), _PERSON, Column("kind", cells.one_of(AbsenceKind), required=True), _STARTS, _ENDS),
        end_after_start,
    ),
    Kind(
        "abstractions",
        "abstraction",
        (
            key_column("ref", REF),
            _PERSON,
            Column("reason", CODE, required=True, names="reasons"),
            _STARTS,
            _ENDS,
            Column("destination", WORDS),
            Column("authorised_by", CODE, "authorised_by_id", names="people"),
            Column("note", LONG),
            Column("logged_at", cells.moment),
            Column("logged_by", cells.text(254)),
            Column("authorised_at", cells.moment),
            Column("cancelled_at", cells.moment),
            Column("cancel_reason", LINE),
        ),
        end_after_start,
    ),
    Kind(
        "policy",
        "policy_value",
        (
            key_column("name", cells.policy_name),
            KEY_FIRST_DAY,
            LAST_DAY,
            Column("value", SHORT, required=True),
            Column("reason", LINE),
        ),
        policy_faults,
    ),
    Kind(
        "contacts",
        "contact",
        (key_column("ward", CODE, "ward_id", "wards"), _KEY_PERSON, KEY_FIRST_DAY, LAST_DAY),
        days_in_order,
    ),
    Kind(
        "patterns",
        "pattern",
        (
            key_column("code", CODE),
            key_column("day", cells.whole(LONGEST_CYCLE - 1)),
            key_column("grade", cells.one_of(Grade)),
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
            KEY_FIRST_DAY,
            LAST_DAY,
            Column("pattern", CODE, required=True, names="patterns"),
            Column("offset", cells.whole(LONGEST_CYCLE - 1), "days_in", empty=0),
        ),
        days_in_order,
    ),
    *PANEL_KINDS,
    Kind(
        "needed_languages",
        "needed_language",
        (
            key_column("team", CODE, "team_id", "teams"),
            key_column("language", SHORT),
            KEY_FIRST_DAY,
            LAST_DAY,
            Column("note", LINE),
        ),
        days_in_order,
    ),
)
"""In the order in which a folder's files load."""

BY_NAME = {kind.name: kind for kind in KINDS}
_PLACES = {kind.name: place for place, kind in enumerate(KINDS)}

NOUNS = {
    "bcus": "BCU",
    "sectors": "sector",
    "teams": "team",
    "wards": "ward",
    "posts": "post",
    "people": "person with this collar number",
    "reasons": "reason",
    "patterns": "pattern",
    "panels": "panel",
    "meetings": "meeting",
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
    listed = ", ".join((*BY_NAME, "…-street"))
    raise ValueError(f"a file of this name is not known: name it {listed}, ending in .csv or .xlsx, or ….geojson")


def place_of(name: str) -> int:
    """Where in the order of loading a file stands; one of no known kind comes last."""
    if published := published_kind(name):
        return len(_PLACES) + list(Published).index(published)
    try:
        return _PLACES[kind_of(name).name]
    except ValueError:
        return len(_PLACES) + len(Published)
