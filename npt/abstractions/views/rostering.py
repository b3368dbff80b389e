"""What the pages of duties and absences share: the blueprint, whom the actor may roster, which days a list shows."""

import datetime as dt
from dataclasses import dataclass
from typing import cast

from flask import Blueprint, request
from werkzeug.datastructures import MultiDict

from npt.abstractions.forms import NarrowDaysForm
from npt.core.periods import DAY, Window
from npt.edge import actor, today, zone
from npt.people import queries as people
from npt.people.queries import TeamRow

bp = Blueprint("duties", __name__, url_prefix="/duties")

DAYS_SHOWN = 14
"""Days a list shows unless others are asked for; a bound of the page, no figure of policy."""


@dataclass(frozen=True)
class Days:
    """The days and teams a list was asked for. Without a window, what was asked for cannot be."""

    form: NarrowDaysForm
    window: Window | None
    teams: dict[int, TeamRow]


def asked_days() -> Days:
    """The days and the team in the address; without them two weeks from today and every team of the actor's."""
    teams = people.teams(actor().scope)
    given = MultiDict(request.args)
    given.setdefault("first", today().isoformat())
    given.setdefault("last", (today() + (DAYS_SHOWN - 1) * DAY).isoformat())
    form = NarrowDaysForm(formdata=given)
    form.team.choices = {team.code: team.name for team in teams}
    if not form.validate():
        return Days(form, None, {})
    window = Window(cast(dt.date, form.first.data), cast(dt.date, form.last.data), zone())
    live = {t.id: t for t in teams if t.live(window.first_day, window.last_day) and form.team.data in (None, t.code)}
    return Days(form, window, live)


def people_to_roster() -> dict[int, str]:
    """Everybody in a team of the actor's today, by surname, as a list of choices shows them."""
    teams = {team.id: team for team in people.teams(actor().scope) if team.live(today(), today())}
    here = people.roll(team_ids=teams).in_team(teams, today())
    named = people.people(here).values()
    ordered = sorted(named, key=lambda p: (p.surname, p.forename, p.collar_number))
    team_of = {p.id: teams[here[p.id].post.team_id or 0].name for p in ordered}
    return {p.id: f"{p.surname}, {p.forename} – {p.grade.label} {p.collar_number}, {team_of[p.id]}" for p in ordered}


def asked_person(choices: dict[int, str]) -> int | None:
    """The person in the address, when the actor may roster them."""
    wanted = request.args.get("person", type=int)
    return wanted if wanted in choices else None
