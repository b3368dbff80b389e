"""Log an abstraction; say that somebody is back."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import cast

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from npt.abstractions import queries, services
from npt.abstractions.forms import AbstractionForm, BackForm, CancelEntryForm, Return
from npt.abstractions.models import Abstraction
from npt.abstractions.queries import Whereabouts
from npt.abstractions.services import NewAbstraction
from npt.abstractions.views import bp
from npt.core.authority import Permission
from npt.core.errors import Refused
from npt.core.periods import to_minute
from npt.edge import actor, now, today, transaction, zone
from npt.people import queries as people
from npt.people.rules import PostingFact
from npt.policy import queries as policy
from npt.policy.rules import ReasonBook
from npt.web.access import requires
from npt.web.banners import say
from npt.web.filters import moment


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


@bp.route("/new", methods=["GET", "POST"])
@requires(Permission.RECORD_ABSTRACTION)
def new() -> ResponseReturnValue:
    """Log an abstraction of somebody in a team of the actor's."""
    reasons = policy.reason_book()
    groups = _people(reasons)
    form = AbstractionForm(
        people={int(c.value): c.label for group in groups for c in group.items},
        # A reason that has ended may still be right for an entry that started before; the rule judges by the day.
        reasons={code: reasons.label(code) for code in reasons.codes},
        data={
            "person_id": _asked_person(groups),
            "starts_at": to_minute(now()),
            "returning": Return.STILL_AWAY,
        },
    )
    if form.validate_on_submit():
        try:
            with transaction():
                ref = services.record_abstraction(
                    form.into(NewAbstraction),
                    actor=actor(),
                    at=now(),
                    reasons=reasons,
                    zone=zone(),
                    words=_words(reasons),
                )
        except Refused as refusal:
            form.refuse(refusal)
        else:
            return _logged(ref, reasons)
    return render_template("abstractions/new.html", form=form, people=groups, reasons=_reasons(reasons), today=today())


def _logged(ref: str, reasons: ReasonBook) -> ResponseReturnValue:
    entry = queries.entry(ref, actor().scope, zone())
    until = f" to {moment(entry.ends_at)}" if entry.ends_at else ", still away"
    said = f"Logged: {entry.person.name}, {reasons.label(entry.reason)}, from {moment(entry.starts_at)}{until}."
    if not queries.on_duty([entry.person.id], entry.starts_at):
        said += " They are not rostered at that time: what lies outside a duty is shown, and never counted."
    say(said, url_for("abstractions.show", ref=ref))
    return redirect(url_for("home.index"))


def _people(reasons: ReasonBook) -> list[Choices]:
    on = today()
    teams = [t for t in people.teams(actor().scope) if t.live(on, on)]
    here = people.roll(team_ids=[t.id for t in teams]).in_team([t.id for t in teams], on)
    named = people.people(here)
    where = queries.whereabouts(here, now())
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
    return [group for group in groups if group.items]


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


def _asked_person(groups: list[Choices]) -> int | None:
    wanted = request.args.get("person", "")
    return next((int(c.value) for group in groups for c in group.items if c.value == wanted), None)


def _reasons(reasons: ReasonBook) -> list[Choices]:
    in_force = reasons.in_force(today())
    usual = queries.usual_reasons(actor().name)
    first = [row for code in usual for row in in_force if row.code == code]
    first += [row for row in in_force if row.family in FIRST_FAMILIES and row not in first][: USUAL - len(first)]
    rest = [row for row in in_force if row not in first]
    groups = [
        Choices("Your last reasons" if usual else "Often used", [Choice(r.code, r.label, r.guidance) for r in first]),
        Choices("All other reasons", [Choice(r.code, r.label, r.guidance) for r in rest]),
    ]
    return [group for group in groups if group.items]


USUAL = 3
"""How many reasons stand open before the whole list (SCREENS, "Log abstraction")."""

FIRST_FAMILIES = ("custody", "response")


def _words(reasons: ReasonBook) -> services.Words:
    def words(entry: Abstraction) -> str:
        until = f"to {moment(entry.ends_at)}" if entry.ends_at else "still away"
        return f"{reasons.label(entry.reason)} from {moment(entry.starts_at)}, {until}"

    return words


@bp.post("/<ref>/end")
@requires(Permission.RECORD_ABSTRACTION)
def end(ref: str) -> ResponseReturnValue:
    """Say that somebody who was away is back, now."""
    try:
        with transaction():
            who = services.end_abstraction(ref, ends_at=now(), actor=actor(), at=now(), zone=zone())
    except Refused as refusal:
        for reason in refusal.reasons:
            say(f"{reason.message}.", url_for("abstractions.show", ref=ref), "See the entry", important=True)
    else:
        say(f"{who.name} is back.", url_for("abstractions.show", ref=ref))
    return redirect(url_for("home.index"))


@bp.route("/<ref>/back", methods=["GET", "POST"])
@requires(Permission.RECORD_ABSTRACTION)
def back(ref: str) -> ResponseReturnValue:
    """Say when somebody came back, or will, at another time than now."""
    entry = queries.entry(ref, actor().scope, zone())
    form = BackForm(data={"ends_at": min(entry.ends_at or now(), now()) if entry.starts_at < now() else entry.ends_at})
    if form.validate_on_submit():
        try:
            with transaction():
                who = services.end_abstraction(
                    ref, ends_at=cast(dt.datetime, form.ends_at.data), actor=actor(), at=now(), zone=zone()
                )
        except Refused as refusal:
            form.refuse(refusal)
        else:
            say(f"{who.name} is back {moment(form.ends_at.data)}.", url_for("abstractions.show", ref=ref))
            return redirect(url_for("home.index"))
    return render_template("abstractions/back.html", form=form, entry=entry, reasons=policy.reason_book())


@bp.route("/<ref>/cancel", methods=["GET", "POST"])
@requires(Permission.RECORD_ABSTRACTION)
def cancel(ref: str) -> ResponseReturnValue:
    """Take back an entry that should not have been made."""
    entry = queries.entry(ref, actor().scope, zone())
    form = CancelEntryForm()
    if form.validate_on_submit():
        try:
            with transaction():
                who = services.cancel_abstraction(ref, str(form.reason.data), actor=actor(), at=now(), zone=zone())
        except Refused as refusal:
            form.refuse(refusal)
        else:
            say(f"The entry of {who.name} is cancelled.", url_for("abstractions.show", ref=ref))
            return redirect(url_for("home.index"))
    return render_template("abstractions/cancel.html", form=form, entry=entry, reasons=policy.reason_book())
