"""Whom and what the form of a new entry offers: people on duty first, the last reasons first."""

import datetime as dt
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

from flask import request

from npt.abstractions import queries
from npt.abstractions.queries import Whereabouts
from npt.core.periods import local_day, to_minute
from npt.edge import actor, now, today, zone
from npt.people import queries as people
from npt.people.rules import PostingFact
from npt.policy.rules import ReasonBook
from npt.web.forms import instant_or_why
from npt.web.forms.typed import EARLIEST, LATEST, day_from


@dataclass(frozen=True, slots=True)
class Choice:
    """One of the buttons of a group: its value, its words, and a line of guidance."""

    value: str
    label: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Choices:
    """Buttons under a heading. The first group stands open, the others behind their heading."""

    heading: str
    items: list[Choice]


@dataclass(frozen=True, slots=True)
class Asked:
    """Who and when the address of the form names."""

    person: str
    starts_at: dt.datetime | None
    ends_at: dt.datetime | None


def asked() -> Asked:
    """Who and when the address names. What cannot be read is as if it were not there."""
    return Asked(request.args.get("person", ""), _asked_instant("starts"), _asked_instant("ends"))


def _asked_instant(name: str) -> dt.datetime | None:
    """An instant in the address: ISO 8601; without an offset, by the station clock."""
    with suppress(ValueError, OverflowError):
        given = dt.datetime.fromisoformat(request.args.get(name, ""))
        if given.tzinfo is None:
            given = instant_or_why(given.date(), given.time(), zone())
        if EARLIEST <= given.year <= LATEST:
            return to_minute(given)
    return None


def people_to_log(reasons: ReasonBook, wanted: Asked) -> list[Choices]:
    """Everybody of the actor's teams, as they are today and as they were on the day the entry starts.

    Whoever the address names comes first, then those on duty now, then the others, team by team.
    """
    days = dict.fromkeys([today(), *_days_of_the_entry(wanted)])
    here: dict[int, PostingFact] = {}
    every = people.teams(actor().scope)
    teams = [team for team in every if any(team.live(day, day) for day in days)]
    roll = people.roll(team_ids=[team.id for team in teams])
    for day in days:
        here = roll.in_team([team.id for team in teams if team.live(day, day)], day) | here
    named = people.people(here)
    where = queries.whereabouts(here, now(), zone())
    ordered = sorted(named.values(), key=lambda p: (p.surname, p.forename, p.collar_number))
    of_team = {t.id: t.name if len(teams) > 1 else "" for t in teams}
    choices = {p.id: Choice(str(p.id), p.name, _hint(p.id, where, reasons)) for p in ordered}
    on_duty = [
        replace(choices[p.id], hint=_joined(of_team[_team(here, p.id)], choices[p.id].hint))
        for p in ordered
        if p.id in where.on_duty
    ]
    groups = [Choices("On duty now", on_duty)]
    for team in sorted(teams, key=lambda t: t.id not in _posted_to()):
        rest = [choices[p.id] for p in ordered if _team(here, p.id) == team.id and p.id not in where.on_duty]
        groups.append(Choices(f"Others in {team.name}", rest))
    return _first(wanted.person, groups)


def _days_of_the_entry(wanted: Asked) -> list[dt.date]:
    days = [local_day(wanted.starts_at, zone())] if wanted.starts_at else []
    with suppress(ValueError):
        days.append(day_from(request.form.get("starts_at_day", "")))
    return days


def _first(wanted: str, groups: Sequence[Choices]) -> list[Choices]:
    """Whoever was chosen already in a group of their own, and the rest folded away behind it."""
    chosen = next((choice for group in groups for choice in group.items if choice.value == wanted), None)
    rest = [Choices(g.heading, [each for each in g.items if each is not chosen]) for g in groups]
    first = [Choices("Chosen", [chosen])] if chosen else []
    return [group for group in [*first, *rest] if group.items]


def chosen_in(groups: Sequence[Choices], wanted: str) -> int | None:
    """The person the address names, when the actor may log them."""
    return next((int(c.value) for group in groups for c in group.items if c.value == wanted), None)


def people_of(groups: Sequence[Choices]) -> dict[int, str]:
    """The choices as a form takes them."""
    return {int(choice.value): choice.label for group in groups for choice in group.items}


def _team(here: Mapping[int, PostingFact], person_id: int) -> int:
    return here[person_id].post.team_id or 0


def _posted_to() -> set[int]:
    """The actor's own team, which comes before one they cover."""
    mine = people.roll(person_ids=[actor().person_id or 0])
    own = mine.team_on(actor().person_id or 0, today())
    return {own} if own is not None else set()


def _hint(person_id: int, where: Whereabouts, reasons: ReasonBook) -> str:
    if person_id in where.away:
        return f"Away now: {reasons.label(where.away[person_id])}"
    return "On leave, sick or otherwise absent" if person_id in where.absent else ""


def _joined(*parts: str) -> str:
    return ". ".join(part for part in parts if part)


USUAL = 3
"""How many reasons stand open before the whole list (SCREENS, "Log abstraction")."""

FIRST_FAMILIES = ("custody", "response")


def reasons_to_choose(reasons: ReasonBook) -> list[Choices]:
    """The reasons the actor logged last, or those often used; then all others, each with what policy says of it."""
    in_force = reasons.in_force(today())
    usual = queries.usual_reasons(actor().user_id)
    first = [row for code in usual for row in in_force if row.code == code]
    first += [row for row in in_force if row.family in FIRST_FAMILIES and row not in first][: USUAL - len(first)]
    rest = [row for row in in_force if row not in first]
    groups = [
        Choices("Your last reasons" if usual else "Often used", [Choice(r.code, r.label, r.guidance) for r in first]),
        Choices("All other reasons", [Choice(r.code, r.label, r.guidance) for r in rest]),
    ]
    return [group for group in groups if group.items]
