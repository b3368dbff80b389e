"""The files of panels: who they serve, who chairs them, when they meet and what they ask for (RULES section 5)."""

from collections.abc import Iterator, Mapping
from typing import Any

from npt.exchange.rules import cells
from npt.exchange.rules.checks import Fault, days_in_order
from npt.exchange.rules.columns import (
    CODE,
    FIRST_DAY,
    KEY_FIRST_DAY,
    LAST_DAY,
    LONG,
    NAME,
    REF,
    WORDS,
    Column,
    Kind,
    Values,
    key_column,
)
from npt.panels.rules.vocabulary import ADOPTED, UNDECIDED, ChairType, MeetingStatus, Office, PriorityState

# Not policy: more of either is a slip of the pen.
MOST_WEEKS = 52
MOST_PEOPLE = 99_999

_PANEL = Column("panel", CODE, "panel_id", required=True, names="panels")


def settle_panel(row: Values) -> None:
    """A panel that names no teams serves its lead team."""
    row["teams"] = row["teams"] or row["lead_team"]


def panel_faults(row: Mapping[str, Any]) -> Iterator[Fault]:
    """The lead team is one of those the panel serves."""
    yield from days_in_order(row)
    if row["lead_team"] not in row["teams"].split(";"):
        yield "teams", f"the lead team {row['lead_team']} is not among the teams: add it"


def meeting_faults(row: Mapping[str, Any]) -> Iterator[Fault]:
    """People came only to a meeting that was held."""
    if row["status"] is not MeetingStatus.HELD and row["public_attendance"] is not None:
        yield "public_attendance", "only a meeting that was held has an attendance: leave this empty"


def priority_faults(row: Mapping[str, Any]) -> Iterator[Fault]:
    """A priority is adopted at a meeting, with the reference of its minute; before that there is neither."""
    if row["state"] in ADOPTED:
        if row["adopted_at"] is None:
            yield "adopted_at", "enter the meeting that adopted it"
        if row["minute_ref"] is None:
            yield "minute_ref", "enter the reference of the minute by which it was adopted"
    if row["state"] in UNDECIDED and row["adopted_at"] is not None:
        yield "adopted_at", f"a priority that is {row['state'].value} has not been adopted: leave this empty"


PANEL_KINDS = (
    Kind(
        "panels",
        "panel",
        (
            key_column("code", CODE),
            NAME,
            Column("district", WORDS),
            Column("lead_team", CODE, "lead_team_id", required=True, names="teams"),
            Column("teams", cells.codes, None, empty=""),
            Column("cadence_weeks", cells.whole(MOST_WEEKS, lowest=1)),
            FIRST_DAY,
            LAST_DAY,
        ),
        panel_faults,
        settle_panel,
    ),
    Kind(
        "chairs",
        "chair",
        (
            key_column("panel", CODE, "panel_id", "panels"),
            key_column("email", cells.email),
            KEY_FIRST_DAY,
            LAST_DAY,
            NAME,
            Column("office", cells.one_of(Office), required=True),
            Column("chair_type", cells.one_of(ChairType), required=True),
        ),
        days_in_order,
    ),
    Kind(
        "meetings",
        "meeting",
        (
            key_column("ref", REF),
            _PANEL,
            Column("starts_at", cells.moment, required=True),
            Column("venue", WORDS),
            Column("public", cells.yes_or_no, required=True),
            Column("status", cells.one_of(MeetingStatus), required=True),
            Column("public_attendance", cells.whole(MOST_PEOPLE)),
            Column("minutes_ref", WORDS),
        ),
        meeting_faults,
    ),
    Kind(
        "priorities",
        "priority",
        (
            key_column("ref", REF),
            _PANEL,
            Column("title", WORDS, required=True),
            Column("detail", LONG),
            Column("source", WORDS),
            Column("state", cells.one_of(PriorityState), required=True),
            Column("adopted_at", REF, "adopted_at_id", names="meetings"),
            Column("minute_ref", WORDS),
        ),
        priority_faults,
    ),
)
"""In the order in which they load."""
