"""Absences by hand: the list of some days, one with its history, enter, end and cancel."""

import datetime as dt
from collections.abc import Sequence
from typing import cast

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from npt.abstractions import queries, services
from npt.abstractions.forms import AbsenceForm, CancelForm, EndAbsenceForm
from npt.abstractions.services import NewAbsence
from npt.abstractions.views.rostering import asked_days, asked_person, bp, people_to_roster
from npt.audit import queries as audit
from npt.core.authority import Permission
from npt.core.errors import Refused
from npt.edge import actor, now, transaction, zone
from npt.people import queries as people
from npt.web.access import requires
from npt.web.banners import say
from npt.web.downloads import Cell, list_file
from npt.web.paging import address_of, asked_page, page_of

HEADER = ("Ref", "Team", "Collar number", "Name", "Kind", "From", "Until", "Cancelled")


@bp.get("/absences")
@requires(Permission.CHANGE_DUTIES)
def absences() -> ResponseReturnValue:
    """The absences that touch some days, with their kind, which only those who keep the roster may see."""
    asked = asked_days()
    rows = queries.absences(asked.window, list(asked.teams)) if asked.window else []
    if ending := request.args.get("format"):
        cells: list[Sequence[Cell]] = [
            [
                row.ref,
                asked.teams[row.team_id].code,
                row.person.collar_number,
                f"{row.person.forename} {row.person.surname}",
                row.kind.label,
                row.starts_at.astimezone(zone()),
                row.ends_at.astimezone(zone()) if row.ends_at else None,
                row.cancelled,
            ]
            for row in rows
        ]
        return list_file(ending, "absences", HEADER, cells)
    return render_template(
        "duties/absences.html",
        form=asked.form,
        asked=asked,
        page=page_of(rows, asked_page()),
        address=address_of,
        standing=sum(not row.cancelled for row in rows),
    )


@bp.get("/absences/entries/<ref>")
@requires(Permission.CHANGE_DUTIES)
def absence(ref: str) -> ResponseReturnValue:
    """One absence, with everything known of it."""
    found = queries.absence(ref, actor().scope, zone())
    team = next((team for team in people.teams(actor().scope) if team.id == found.team_id), None)
    return render_template(
        "duties/absence.html",
        absence=found,
        team=team,
        history=audit.history(f"absence:{ref}"),
        changes=queries.changes_about(f"absence:{ref}"),
    )


@bp.route("/absences/new", methods=["GET", "POST"])
@requires(Permission.CHANGE_DUTIES)
def new_absence() -> ResponseReturnValue:
    """Enter an absence of somebody in a team of the actor's."""
    choices = people_to_roster()
    form = AbsenceForm(choices, data={"person_id": asked_person(choices)})
    if form.validate_on_submit():
        try:
            with transaction():
                ref = services.enter_absence(form.into(NewAbsence), actor=actor(), at=now(), zone=zone())
        except Refused as refusal:
            form.refuse(refusal)
        else:
            say(f"Entered: the absence of {choices[form.person_id.data]}.")
            return redirect(url_for("duties.absence", ref=ref))
    return render_template("duties/new_absence.html", form=form, people=choices)


@bp.route("/absences/entries/<ref>/end", methods=["GET", "POST"])
@requires(Permission.CHANGE_DUTIES)
def end_absence(ref: str) -> ResponseReturnValue:
    """Say when an absence ended, or will."""
    found = queries.absence(ref, actor().scope, zone())
    form = EndAbsenceForm(data={"ends_at": found.ends_at})
    if form.validate_on_submit():
        try:
            with transaction():
                ends_at = cast(dt.datetime, form.ends_at.data)
                who = services.end_absence(
                    ref, ends_at=ends_at, actor=actor(), at=now(), zone=zone(), why=form.why.data or ""
                )
        except Refused as refusal:
            form.refuse(refusal)
        else:
            say(f"Kept: when the absence of {who.name} ends.")
            return redirect(url_for("duties.absence", ref=ref))
    return render_template("duties/end_absence.html", form=form, absence=found)


@bp.route("/absences/entries/<ref>/cancel", methods=["GET", "POST"])
@requires(Permission.CHANGE_DUTIES)
def cancel_absence(ref: str) -> ResponseReturnValue:
    """Say that an absence was entered wrongly, or will not be."""
    found = queries.absence(ref, actor().scope, zone())
    form = CancelForm()
    if form.validate_on_submit():
        try:
            with transaction():
                who = services.cancel_absence(ref, reason=form.reason.data, actor=actor(), at=now(), zone=zone())
        except Refused as refusal:
            form.refuse(refusal)
        else:
            say(f"Cancelled: the absence of {who.name}.")
            return redirect(url_for("duties.absence", ref=ref))
    return render_template("duties/cancel_absence.html", form=form, absence=found)
