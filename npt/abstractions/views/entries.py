"""One entry and one duty: everything known of it, its history, and where each of its minutes goes."""

import datetime as dt

from flask import abort, render_template
from flask.typing import ResponseReturnValue

from npt.abstractions import queries, services
from npt.abstractions.forms import Upto
from npt.abstractions.queries import Entry, RosterRow
from npt.abstractions.queries.portions import Goes, Rostered, duty_is_rated, entry_portions, portions_of_duty
from npt.abstractions.views import bp
from npt.abstractions.views.lists import Asked, asked_of
from npt.abstractions.views.wording import history_of
from npt.audit import queries as audit
from npt.core.authority import EVERYTHING, Permission, Scope
from npt.core.periods import MINUTE, Window, local_day
from npt.edge import actor, now, zone
from npt.people import queries as people
from npt.policy import queries as policy
from npt.policy.rules import NoPolicy
from npt.web.access import requires


@bp.get("/entries/<ref>")
@requires(Permission.VIEW_ABSTRACTIONS)
def show(ref: str) -> ResponseReturnValue:
    """One abstraction."""
    return _entry(queries.entry(ref, actor().scope, zone()), actor().scope)


@bp.get("/mine/entries/<ref>")
@requires(Permission.VIEW_TEAM)
def my_entry(ref: str) -> ResponseReturnValue:
    """One abstraction of the actor's own."""
    entry = queries.entry(ref, EVERYTHING, zone())
    if entry.person.id != actor().person_id:
        abort(404)
    return _entry(entry, EVERYTHING, own=True)


def _entry(entry: Entry, scope: Scope, own: bool = False) -> ResponseReturnValue:
    may_read, draws = actor().may(Permission.VIEW_DIP_SAMPLES), actor().may(Permission.DRAW_DIP_SAMPLES)
    teams, reasons = {team.id: team for team in people.teams(scope)}, policy.reason_book()
    ahead = entry.ends_at is not None and entry.ends_at > now()
    days = _days(entry.starts_at, entry.ends_at or max(now(), entry.starts_at + MINUTE))
    asked = _asked(scope, entry.person.id, days, ahead=ahead)
    changes_it = actor().may(Permission.RECORD_ABSTRACTION) and not own and not entry.cancelled_at
    found = entry_portions(asked.count, asked.narrowing, entry.ref) if asked and asked.count else []
    return render_template(
        "abstractions/show.html",
        entry=entry,
        team=teams.get(entry.team_id or 0),
        teams=teams,
        logged_by=queries.logged_by_name(entry),
        reasons=reasons,
        now=now(),
        found=queries.found_of(entry.id, scope, open_too=draws) if may_read and not own else [],
        history=history_of(entry.ref, reasons),
        changes=queries.changes_about(f"abstraction:{entry.ref}"),
        asked=asked,
        portions=found,
        counted={
            name: sum(each.minutes for each in found if each.theirs and getattr(each, name) is Goes.COUNTED)
            for name in ("local", "national")
        },
        own=own,
        may_decide=not services.obstacles_for(entry, entry.person.id, actor()),
        closed=services.closed_by_returns(entry, actor=actor(), at=now(), zone=zone()) if changes_it else [],
    )


@bp.get("/duties/<ref>")
@requires(Permission.VIEW_ABSTRACTIONS)
def duty(ref: str) -> ResponseReturnValue:
    """One duty, and what of it was available."""
    return _duty(queries.duty(ref, actor().scope), actor().scope)


@bp.get("/mine/duties/<ref>")
@requires(Permission.VIEW_TEAM)
def my_duty(ref: str) -> ResponseReturnValue:
    """One duty of the actor's own."""
    found = queries.duty(ref, EVERYTHING)
    if found.person.id != actor().person_id:
        abort(404)
    return _duty(found, EVERYTHING, own=True)


def _duty(found: RosterRow, scope: Scope, own: bool = False) -> ResponseReturnValue:
    asked = _asked(scope, found.person.id, _days(found.starts_at, found.ends_at), ahead=found.ends_at > now())
    count = asked.count if asked else None
    portions = portions_of_duty(count, asked.narrowing.hours, found.ref) if asked and count else []
    return render_template(
        "abstractions/duty.html",
        duty=found,
        team=next((team for team in people.teams(scope) if team.id == found.team_id), None),
        asked=asked,
        portions=portions,
        rated=count is not None and duty_is_rated(count, found.ref),
        available=sum(each.interval.minutes for each in portions if each.what is Rostered.AVAILABLE),
        history=audit.history(f"duty:{found.ref}"),
        own=own,
    )


def _asked(scope: Scope, person_id: int, days: Window, *, ahead: bool) -> Asked | None:
    """The days the address names, else all of it; nothing for days before any policy, which are in no figure."""
    try:
        return asked_of(scope, person_id, days, Upto.PLANNED if ahead else Upto.NOW)
    except NoPolicy:
        return None


def _days(starts_at: dt.datetime, ends_at: dt.datetime) -> Window:
    """The days something touches."""
    return Window(local_day(starts_at, zone()), local_day(ends_at - MINUTE, zone()), zone())
