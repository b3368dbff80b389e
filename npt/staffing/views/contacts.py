"""The named contacts of wards: where they are missing, who they are, and how their team is reached."""

import datetime as dt
from collections.abc import Sequence
from typing import cast

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from npt.audit import queries as audit
from npt.core.authority import Permission
from npt.core.errors import Refused
from npt.edge import actor, now, today, transaction
from npt.people import queries as people
from npt.people.queries import TeamRow
from npt.staffing import queries, services
from npt.staffing.forms.contacts import ContactsForm, EndContactForm, NewContactForm, ReachForm
from npt.staffing.queries import ContactsPage, WardLine
from npt.staffing.services import NewContact, NewReach
from npt.staffing.views import bp
from npt.staffing.views.asked import asked_day, here
from npt.staffing.views.asking import entered_day
from npt.web.access import requires
from npt.web.banners import say
from npt.web.downloads import Cell, list_file
from npt.web.filters import day

WARDS = ("Ward", "Ward name", "Team", "Sector", "BCU", "Contacts", "Since", "Who has left", "Team email", "Telephone")
TEAMS = ("Team", "Team name", "Sector", "BCU", "Email", "Telephone")


@bp.get("/contacts")
@requires(Permission.VIEW_STAFFING)
def contacts() -> ResponseReturnValue:
    """The wards of a day: first those without a contact, or with one who has left; then all."""
    on, scope = asked_day(), actor().scope
    form = _narrowing(on)
    page = queries.contacts_page(on, scope, today(), lambda team: _asked(form, team))
    if ending := request.args.get("format"):
        return _file(ending, page, on)
    return render_template("staffing/contacts.html", form=form, page=page, on=on, here=here)


def _narrowing(on: dt.date) -> ContactsForm:
    given = MultiDict(request.args)
    given.setlist("on", [on.isoformat()])
    form = ContactsForm(formdata=given)
    teams = [team for team in people.teams(actor().scope) if team.live(on, on)]
    form.bcu.choices = {team.bcu_code: team.bcu_name for team in teams}
    form.sector.choices = {team.sector_code: team.sector_name for team in teams}
    form.team.choices = {team.code: team.name for team in teams}
    form.validate()
    return form


def _asked(form: ContactsForm, team: TeamRow) -> bool:
    return (
        form.bcu.data in (None, team.bcu_code)
        and form.sector.data in (None, team.sector_code)
        and form.team.data in (None, team.code)
    )


def _file(ending: str, page: ContactsPage, on: dt.date) -> ResponseReturnValue:
    match request.args.get("list", "wards"):
        case "nobody":
            return list_file(ending, f"wards without contact {on}", WARDS, [_ward(ward) for ward in page.nobody])
        case "left":
            return list_file(ending, f"contacts who left {on}", WARDS, [_ward(ward) for ward in page.gone])
        case "teams":
            return list_file(ending, f"teams not reached {on}", TEAMS, [_team(team) for team in page.unreachable])
        case _:
            return list_file(ending, f"contacts {on}", WARDS, [_ward(ward) for ward in page.wards])


def _ward(ward: WardLine) -> Sequence[Cell]:
    team = ward.team
    return [
        ward.code,
        ward.name,
        team.code if team else None,
        team.sector_code if team else None,
        team.bcu_code if team else None,
        "; ".join(row.person.name for row in ward.current),
        "; ".join(row.first_day.isoformat() for row in ward.current),
        "; ".join(f"{row.person.name}: {row.left}" for row in ward.gone),
        team.email if team else None,
        team.telephone if team else None,
    ]


def _team(team: TeamRow) -> Sequence[Cell]:
    return [team.code, team.name, team.sector_code, team.bcu_code, team.email, team.telephone]


@bp.route("/wards/<code>/contacts/new", methods=["GET", "POST"])
@requires(Permission.POST_CONTACT)
def new_contact(code: str) -> ResponseReturnValue:
    """Name a contact of a ward, beside the others or in the place of one."""
    scope = actor().scope
    form = NewContactForm(data={"first_day": today(), "replaces": request.args.get("replaces", type=int)})
    first_day = cast("dt.date | None", form.first_day.data) or today()
    choices = queries.contact_choices(code, scope, today(), first_day)
    form.offer(choices.candidates, choices.replaceable)
    if form.validate_on_submit():
        new = form.into(NewContact)
        try:
            with transaction():
                who = services.name_contact(code, new, actor=actor(), at=now(), on=today())
        except Refused as refusal:
            form.refuse(refusal)
        else:
            say(f"{who.name} is named for {choices.ward.name} ward from {day(new.first_day)}.")
            return redirect(url_for("staffing.ward", code=code))
    return render_template("staffing/new_contact.html", form=form, choices=choices)


@bp.route("/contacts/<int:contact_id>/end", methods=["GET", "POST"])
@requires(Permission.POST_CONTACT)
def end_contact(contact_id: int) -> ResponseReturnValue:
    """Say to which day somebody is the contact of a ward."""
    found = queries.contact_to_end(contact_id, actor().scope, today())
    form = EndContactForm(data={"last_day": today()})
    if form.validate_on_submit():
        last_day = entered_day(form, "last_day")
        try:
            with transaction():
                who = services.end_contact(contact_id, last_day, actor=actor(), at=now(), on=today())
        except Refused as refusal:
            form.refuse(refusal)
        else:
            say(f"{who.name} is named for {found.ward.name} ward to {day(last_day)}.")
            return redirect(url_for("staffing.ward", code=found.ward.code))
    return render_template("staffing/end_contact.html", form=form, found=found)


@bp.route("/teams/<code>/reach", methods=["GET", "POST"])
@requires(Permission.CORRECT_TEAM)
def correct_team(code: str) -> ResponseReturnValue:
    """Correct a team's email address and telephone number."""
    team = people.team(code, actor().scope)
    form = ReachForm(data={"email": team.email, "telephone": team.telephone})
    if form.validate_on_submit():
        with transaction():
            changed = services.correct_team(code, form.into(NewReach), actor=actor(), at=now())
        say(f"{team.name}: email and telephone are saved." if changed else "Nothing was changed.")
        return redirect(url_for("staffing.team", code=code))
    return render_template("staffing/correct_team.html", form=form, team=team, history=audit.history(f"team:{code}"))
