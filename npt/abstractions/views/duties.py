"""Duties by hand: the roster of some days, one duty with its history, add, correct and cancel."""

from collections.abc import Sequence

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from npt.abstractions import queries, services
from npt.abstractions.forms import CancelForm, CorrectDutyForm, DutyForm
from npt.abstractions.rules import DutyStatus
from npt.abstractions.services import ChangeOfDuty, Kept, NewDuty
from npt.abstractions.views.rostering import asked_days, asked_person, bp, people_to_roster
from npt.audit import queries as audit
from npt.core.authority import Permission
from npt.core.errors import Refused
from npt.core.periods import Interval
from npt.edge import actor, now, transaction, zone
from npt.people import queries as people
from npt.web.access import requires
from npt.web.banners import say
from npt.web.downloads import Cell, list_file
from npt.web.filters import clock, day, moment
from npt.web.paging import address_of, asked_page, page_of

HEADER = ("Ref", "Team", "Collar number", "Name", "Duty date", "Starts", "Ends", "State", "Came from")


@bp.get("")
@requires(Permission.CHANGE_DUTIES)
def index() -> ResponseReturnValue:
    """The roster of some days: planned, worked and cancelled."""
    asked = asked_days()
    rows = queries.roster(asked.window, list(asked.teams)) if asked.window else []
    if ending := request.args.get("format"):
        cells: list[Sequence[Cell]] = [
            [
                row.ref,
                asked.teams[row.team_id].code,
                row.person.collar_number,
                f"{row.person.forename} {row.person.surname}",
                row.duty_date,
                row.starts_at.astimezone(zone()),
                row.ends_at.astimezone(zone()),
                row.status.label,
                row.source.label,
            ]
            for row in rows
        ]
        return list_file(ending, "roster", HEADER, cells)
    return render_template(
        "duties/index.html",
        form=asked.form,
        asked=asked,
        page=page_of(rows, asked_page()),
        address=address_of,
        standing=sum(not row.cancelled for row in rows),
    )


@bp.get("/entries/<ref>")
@requires(Permission.CHANGE_DUTIES)
def show(ref: str) -> ResponseReturnValue:
    """One duty, with everything known of it."""
    found = queries.duty(ref, actor().scope)
    team = next((team for team in people.teams(actor().scope) if team.id == found.team_id), None)
    return render_template(
        "duties/show.html",
        duty=found,
        team=team,
        history=audit.history(f"duty:{ref}"),
        changes=queries.changes_about(f"duty:{ref}"),
    )


@bp.route("/new", methods=["GET", "POST"])
@requires(Permission.CHANGE_DUTIES)
def new() -> ResponseReturnValue:
    """Roster somebody for one duty."""
    choices = people_to_roster()
    form = DutyForm(choices, data={"person_id": asked_person(choices), "status": DutyStatus.PLANNED})
    if form.validate_on_submit():
        try:
            with transaction():
                kept = services.add_duty(form.into(NewDuty), actor=actor(), at=now(), zone=zone())
        except Refused as refusal:
            form.refuse(refusal)
        else:
            _say_kept(kept, "Added")
            return redirect(url_for("duties.show", ref=kept.ref))
    return render_template("duties/new.html", form=form, people=choices)


@bp.route("/entries/<ref>/correct", methods=["GET", "POST"])
@requires(Permission.CHANGE_DUTIES)
def correct(ref: str) -> ResponseReturnValue:
    """Say what is right about a duty."""
    found = queries.duty(ref, actor().scope)
    form = CorrectDutyForm(
        data={"starts_at": found.starts_at, "ends_at": found.ends_at, "status": found.status},
    )
    if form.validate_on_submit():
        try:
            with transaction():
                kept = services.correct_duty(ref, form.into(ChangeOfDuty), actor=actor(), at=now(), zone=zone())
        except Refused as refusal:
            form.refuse(refusal)
        else:
            _say_kept(kept, "Corrected")
            return redirect(url_for("duties.show", ref=ref))
    return render_template("duties/correct.html", form=form, duty=found)


@bp.route("/entries/<ref>/cancel", methods=["GET", "POST"])
@requires(Permission.CHANGE_DUTIES)
def cancel(ref: str) -> ResponseReturnValue:
    """Say that a duty is not worked."""
    found = queries.duty(ref, actor().scope)
    form = CancelForm()
    if form.validate_on_submit():
        try:
            with transaction():
                who = services.cancel_duty(ref, reason=form.reason.data, actor=actor(), at=now(), zone=zone())
        except Refused as refusal:
            form.refuse(refusal)
        else:
            say(f"Cancelled: the duty of {who.name} on {day(found.duty_date)}.")
            return redirect(url_for("duties.show", ref=ref))
    return render_template("duties/cancel.html", form=form, duty=found)


def _say_kept(kept: Kept, done: str) -> None:
    say(f"{done}: the duty of {kept.who.name}.")
    for other in kept.gave_way:
        say(f"It takes the place of the duty of the shift pattern, {_from_to(other)}.", important=True)
    for other in kept.overlapping:
        say(
            f"{kept.who.name} has another duty at that time, {_from_to(other)}. "
            "A minute in two duties is counted once, in the one that started first.",
            important=True,
        )


def _from_to(of: Interval) -> str:
    same = of.starts_at.astimezone(zone()).date() == of.ends_at.astimezone(zone()).date()
    until = clock(of.ends_at) if same else moment(of.ends_at)
    return f"{moment(of.starts_at)} to {until}"
