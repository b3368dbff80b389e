"""What panels, meetings and priorities must hold together (RULES section 5; docs/decisions/0014)."""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from npt.core.errors import Problem
from npt.exchange.rules.columns import Key
from npt.exchange.rules.rows import Ledger
from npt.panels.rules.vocabulary import CHAIRS_DECISIONS, MeetingStatus, PriorityState


def teams_served(books: Mapping[str, Ledger]) -> Iterator[Problem]:
    """Every team a panel serves is one there is."""
    panels, teams = books["panels"], books["teams"]
    for key in panels.sources:
        for code in panels.after[key]["teams"].split(";"):
            # The lead team is named by a column of its own, which has been judged.
            if code != panels.after[key]["lead_team"] and (code,) not in teams.after and (code,) not in teams.faulty:
                yield panels.problem(key, "teams", f"there is no team {code}")


@dataclass(frozen=True, slots=True)
class Decided:
    """What was decided in the application: the priorities that took a step there, and the meetings decisions name.

    ``written``: the meetings of which minutes, or who came, are kept here.
    """

    priorities: frozenset[str] = frozenset()
    meetings: frozenset[str] = frozenset()
    written: frozenset[str] = frozenset()


NOTHING_DECIDED = Decided()


def meetings_that_contradict(
    books: Mapping[str, Ledger], on: dt.date, decided: Decided = NOTHING_DECIDED
) -> Iterator[Problem]:
    """A meeting still to come was not held, and one that decided on a priority stays one its panel held.

    :param on: the day of the import
    """
    meetings, priorities = books["meetings"], books["priorities"]
    for key in meetings.touched:
        row = meetings.after[key]
        if row["status"] is MeetingStatus.HELD and row["starts_at"].date() > on:
            yield meetings.problem(key, "status", "a meeting that lies ahead has not been held")
        if _sits_elsewhere(meetings, key) and (why := _stays(key[0], decided)):
            yield meetings.problem(key, "status", f"{why}: it stays as it is")
    for key, row in priorities.after.items():
        meeting = (row["adopted_at"],)
        if meeting in meetings.changed and key not in priorities.sources:
            # A priority of this run is judged itself.
            after = meetings.after[meeting]
            if after["panel"] != row["panel"]:
                yield meetings.problem(meeting, "panel", f"priority {key[0]} of panel {row['panel']} was decided here")
            elif after["status"] is not MeetingStatus.HELD:
                yield meetings.problem(meeting, "status", f"priority {key[0]} was decided at this meeting")


def _stays(ref: str, decided: Decided) -> str | None:
    if ref in decided.meetings:
        return "priorities were decided at this meeting"
    return "minutes of this meeting, or who came, are kept here" if ref in decided.written else None


def _sits_elsewhere(meetings: Ledger, key: Key) -> bool:
    """Whether a file has a meeting stand otherwise than it did, or be another panel's."""
    if key not in meetings.changed:
        return False
    return any(meetings.before[key][column] != meetings.after[key][column] for column in ("status", "panel"))


def priorities_decided(books: Mapping[str, Ledger], decided: Decided = NOTHING_DECIDED) -> Iterator[Problem]:
    """A priority is decided at a meeting its own panel held; what is decided in the application is left to it."""
    priorities, meetings = books["priorities"], books["meetings"]
    for key in priorities.sources:
        row = priorities.after[key]
        meeting = meetings.after.get((row["adopted_at"],))
        if meeting is not None and meeting["panel"] != row["panel"]:
            message = f"this is a meeting of panel {meeting['panel']}: name one of panel {row['panel']}"
            yield priorities.problem(key, "adopted_at", message)
        elif meeting is not None and meeting["status"] is not MeetingStatus.HELD:
            message = f"this meeting is {meeting['status'].value}: name one that was held"
            yield priorities.problem(key, "adopted_at", message)
    for key in priorities.touched:
        found = [*_chairs_decision(priorities, key)]
        yield from found
        if not found and key[0] in decided.priorities:
            yield from _moved(priorities, key)


def _moved(priorities: Ledger, key: Key) -> Iterator[Problem]:
    """A file does not take back a step that was taken in the application."""
    before, after = priorities.before[key], priorities.after[key]
    for column in ("state", "panel", "adopted_at", "minute_ref"):
        if before[column] != after[column]:
            message = f"this priority is worked on in the application, which leaves {column} to nobody else"
            yield priorities.problem(key, column, message)


def _chairs_decision(priorities: Ledger, key: Key) -> Iterator[Problem]:
    state = priorities.after[key]["state"]
    before = priorities.before[key]["state"] if key in priorities.before else None
    if before is PriorityState.SIGNED_OFF:
        yield priorities.problem(key, "ref", "this priority is signed off: nothing about it changes")
    elif before in CHAIRS_DECISIONS and state is not before:
        yield priorities.problem(key, "state", f"the chair's decision stands: it is {before.value}")
    elif state in CHAIRS_DECISIONS and state is not before:
        message = "only the panel's chair signs off, refuses or defers, and in the application: enter put_forward"
        yield priorities.problem(key, "state", message)
