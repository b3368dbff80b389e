"""Log an abstraction; say that somebody is back."""

from dataclasses import dataclass

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from npt.abstractions import queries, services
from npt.abstractions.forms import AbstractionForm, Return
from npt.abstractions.models import Abstraction
from npt.abstractions.services import NewAbstraction
from npt.abstractions.views import bp
from npt.core.authority import Permission
from npt.core.errors import Refused
from npt.core.periods import to_minute
from npt.edge import actor, now, today, transaction, zone
from npt.people import queries as people
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
    groups = _people()
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
    say(said, url_for("abstractions.show", ref=ref))
    return redirect(url_for("home.index"))


def _people() -> list[Choices]:
    on, at = today(), now()
    teams = [t for t in people.teams(actor().scope) if t.live(on, on)]
    roll = people.roll(team_ids=[t.id for t in teams])
    here = roll.in_team([t.id for t in teams], on)
    named = people.people(here)
    on_duty = queries.on_duty(here, at)
    ordered = sorted(named.values(), key=lambda p: (p.surname, p.forename, p.collar_number))
    groups = [Choices("On duty now", [Choice(str(p.id), p.name) for p in ordered if p.id in on_duty])]
    for team in teams:
        rest = [p for p in ordered if here[p.id].post.team_id == team.id and p.id not in on_duty]
        groups.append(Choices(f"Others in {team.name}", [Choice(str(p.id), p.name) for p in rest]))
    return [group for group in groups if group.items]


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
        Choices("Used most lately" if usual else "Often used", [Choice(r.code, r.label, r.guidance) for r in first]),
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
            say(reason.message, important=True)
    else:
        say(f"{who.name} is back.", url_for("abstractions.show", ref=ref))
    return redirect(url_for("home.index"))
