"""A PC's or PCSO's own page."""

from collections.abc import Mapping

from flask import render_template
from flask.typing import ResponseReturnValue

from npt.abstractions import queries as abstractions
from npt.abstractions.queries import Count
from npt.abstractions.rules import Figures
from npt.core.authority import EVERYTHING
from npt.core.periods import local_day, month_of
from npt.edge import actor, now, today, zone
from npt.home.views.my_team import asked_for, live_teams, plans_of, this_month
from npt.people import queries as people
from npt.policy import queries as policies
from npt.problem_solving.queries.actions import ActionNarrowing, ActionRow, action_rows
from npt.web.marking import marking_of


def own_page() -> ResponseReturnValue:
    """The home of a PC or PCSO: who of the team is away, what lies ahead of them, what they have to do, their month."""
    person_id = actor().person_id
    month = month_of(today(), zone())
    teams = live_teams()
    roll = people.roll(team_ids=[team.id for team in teams])
    away = abstractions.away_now([team.id for team in teams], now(), today(), roll)
    return render_template(
        "home/own.html",
        month=month,
        plans=(listed := plans_of([team.code for team in teams])),
        actions=(to_do := _own_actions(person_id) if person_id else []),
        marking=marking_of([*listed, *to_do]),
        priorities=asked_for([team.id for team in teams]),
        figures=_own_figures(person_id) if person_id else None,
        ahead=abstractions.ahead_of(person_id, now()) if person_id else None,
        own=people.people([person_id]).get(person_id) if person_id else None,
        teams=teams,
        away=away,
        today=today(),
        local_day=lambda at: local_day(at, zone()),
        now=now(),
        reasons=policies.reason_book(),
    )


def _own_actions(person_id: int) -> list[ActionRow]:
    """What somebody has to do in open plans, the first due first."""
    return action_rows(actor(), ActionNarrowing(owner_id=person_id), today())


def _own_figures(person_id: int) -> Figures | None:
    asked = this_month()
    counted: Count = abstractions.count(asked, EVERYTHING, person_ids=[person_id])
    by_person: Mapping[int, Figures] = counted.by_person()
    return by_person.get(person_id)
