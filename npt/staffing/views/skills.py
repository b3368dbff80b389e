"""Who can do what, in the whole force; posts that ask for a skill; and the skills on one person's record."""

import datetime as dt
from collections.abc import Sequence
from typing import cast

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from npt.audit import queries as audit
from npt.core.authority import EVERYTHING, Permission
from npt.core.errors import Reason, Refused
from npt.edge import actor, now, policy, today, transaction, zone
from npt.people import queries as people
from npt.people.rules import SkillKind
from npt.staffing import queries, services
from npt.staffing.forms.skills import (
    Duty,
    EndSkillForm,
    NewSkillForm,
    RequiredSkillsForm,
    SkillsForm,
    VerifySkillForm,
)
from npt.staffing.queries import Area, FoundSkill, RequiredRow
from npt.staffing.rules.skills import names_like
from npt.staffing.services import EndOfSkill, NewSkill
from npt.staffing.views import bp
from npt.staffing.views.asked import asked_day, here
from npt.web.access import requires
from npt.web.banners import say
from npt.web.downloads import Cell, list_file
from npt.web.paging import address_of, asked_page, page_of

FOUND = (
    "Collar number",
    "Name",
    "Grade",
    "Team",
    "BCU",
    "Kind",
    "Skill",
    "Level",
    "Verified on",
    "Verified",
    "Duty",
    "From",
    "Until",
)
LACKING = ("Post", "Grade", "Team", "BCU", "Skill needed", "Collar number", "Holder without it", "Since")
VACANT = ("Post", "Grade", "Team", "BCU", "Skill needed", "Who in the BCU has it")

COMMUNITY_IS_OFFERED = (
    "Languages, specialist skills and links with a community the person has offered themselves. "
    "Not religion or ethnicity."
)


@bp.get("/skills")
@requires(Permission.VIEW_STAFFING)
def skills() -> ResponseReturnValue:
    """Who can do what, where they are posted, and whether they are on duty."""
    on, months = asked_day(), policy(asked_day()).skill_verified_months
    form = _form(on)
    sound = form.validate() and _duty_is_of_today(form, on)
    name = form.name.data or ""
    able = queries.skilled(
        on, months, actor=actor(), today=today(), kind=form.kind.data, names=[name] if name else None
    )
    found = able.found(lambda _: True, Area(form.bcu.data, form.sector.data, form.team.data)) if sound else []
    if on == today():
        found = [row for row in queries.with_duty(found, now(), zone()) if _on_duty(row, form.duty.data)]
    if ending := request.args.get("format"):
        return list_file(ending, f"skills {on}", FOUND, [_found(row) for row in found])
    known = queries.known_names(SkillKind.LANGUAGE, SkillKind.SPECIALIST)
    offered = [each for names in known.values() for each in names]
    return render_template(
        "staffing/skills.html",
        form=form,
        page=page_of(found, asked_page()),
        people=len({row.person.id for row in found}),
        address=address_of,
        names=offered,
        like=[] if found else names_like(name, offered),
        on=on,
        at=now() if on == today() else None,
        months=months,
        scope=actor().scope,
        here=here,
    )


def _form(on: dt.date) -> SkillsForm:
    given = MultiDict(request.args)
    given.setlist("on", [on.isoformat()])
    form = SkillsForm(formdata=given)
    teams = [team for team in people.teams(EVERYTHING) if team.live(on, on)]
    form.bcu.choices = {bcu.code: bcu.name for bcu in people.bcus(EVERYTHING)}
    form.sector.choices = {sector.code: sector.name for sector in people.sectors(EVERYTHING)}
    form.team.choices = {team.code: team.name for team in sorted(teams, key=lambda team: (team.name, team.code))}
    return form


def _duty_is_of_today(form: SkillsForm, on: dt.date) -> bool:
    if form.duty.data is not None and on != today():
        form.refuse(Refused(Reason("Who is on duty is known for today only: choose today, or on duty or not", "duty")))
        return False
    return True


def _on_duty(row: FoundSkill, wanted: Duty | None) -> bool:
    """Whether somebody is on duty as asked: in the neighbourhood now, or, for next, rostered from later on as well."""
    if wanted is None or row.duty is None:
        return wanted is None
    here_now = row.duty.now is not None and not row.duty.away
    return here_now if wanted is Duty.NOW else here_now or row.duty.next is not None


def _found(row: FoundSkill) -> Sequence[Cell]:
    duty = row.duty
    turn = (duty.now or duty.next) if duty else None
    said = None if duty is None else "Away" if duty.away else "On duty" if duty.now else "Next" if duty.next else "None"
    return [
        row.person.collar_number,
        f"{row.person.forename} {row.person.surname}",
        row.grade.label,
        row.unit.name,
        row.unit.bcu_name,
        row.skill.kind.label,
        row.skill.name,
        row.skill.level,
        row.skill.verified_on,
        row.skill.verified.value,
        said,
        turn.starts_at if turn else None,
        turn.ends_at if turn else None,
    ]


@bp.get("/skills/required")
@requires(Permission.VIEW_STAFFING)
def required_skills() -> ResponseReturnValue:
    """Posts that ask for a skill their holder lacks, and vacant ones with who could fill them."""
    on = asked_day()
    months = policy(on).skill_verified_months
    found = queries.requirements_on(on, months, actor=actor(), today=today())
    if ending := request.args.get("format"):
        if request.args.get("list") == "vacant":
            return list_file(ending, f"vacant posts with a skill {on}", VACANT, [_vacant(row) for row in found.vacant])
        rows = [cells for row in found.filled for cells in _lacking(row)]
        return list_file(ending, f"skills lacking {on}", LACKING, rows)
    return render_template(
        "staffing/required_skills.html",
        form=RequiredSkillsForm(formdata=MultiDict({"on": on.isoformat()})),
        page=found,
        on=on,
        here=here,
    )


def _post(row: RequiredRow) -> list[Cell]:
    return [row.post.ref, row.post.grade.label, row.unit.name, row.unit.bcu_name, row.skill]


def _lacking(row: RequiredRow) -> list[Sequence[Cell]]:
    return [
        [*_post(row), each.person.collar_number, f"{each.person.forename} {each.person.surname}", each.since]
        for each in row.lacking
    ]


def _vacant(row: RequiredRow) -> Sequence[Cell]:
    return [*_post(row), "; ".join(f"{each.person.name}, {each.unit.name}" for each in row.candidates)]


@bp.route("/people/<collar_number>/skills/new", methods=["GET", "POST"])
@requires(Permission.CHANGE_STAFFING)
def add_skill(collar_number: str) -> ResponseReturnValue:
    """Record that somebody can do something."""
    person = queries.person_to_skill(collar_number, actor(), today())
    form = NewSkillForm()
    if form.validate_on_submit():
        new = form.into(NewSkill)
        try:
            with transaction():
                name = services.add_skill(collar_number, new, actor=actor(), at=now(), on=today())
        except Refused as refusal:
            form.refuse(refusal)
        else:
            return _back(collar_number, f"{name} is on the record of {person.name}.")
    known = queries.known_names(*SkillKind)
    return render_template(
        "staffing/add_skill.html",
        person=person,
        form=form,
        lead=COMMUNITY_IS_OFFERED,
        names=sorted({each for names in known.values() for each in names}),
    )


@bp.route("/skills/<int:skill_id>/verify", methods=["GET", "POST"])
@requires(Permission.CHANGE_STAFFING)
def verify_skill(skill_id: int) -> ResponseReturnValue:
    """Say on which day somebody's skill was verified, and at what level."""
    held = _held(skill_id)
    form = VerifySkillForm(data={"verified_on": today(), "level": held.skill.level})
    if form.validate_on_submit():
        try:
            with transaction():
                services.verify_skill(
                    skill_id, cast(dt.date, form.verified_on.data), form.level.data, actor=actor(), at=now(), on=today()
                )
        except Refused as refusal:
            form.refuse(refusal)
        else:
            return _back(held.person.collar_number, f"{held.skill.name} of {held.person.name} is verified.")
    return render_template("staffing/verify_skill.html", held=held, form=form, history=_history(held))


@bp.route("/skills/<int:skill_id>/end", methods=["GET", "POST"])
@requires(Permission.CHANGE_STAFFING)
def end_skill(skill_id: int) -> ResponseReturnValue:
    """Take a skill off somebody's record."""
    held = _held(skill_id)
    form = EndSkillForm()
    if form.validate_on_submit():
        with transaction():
            services.end_skill(skill_id, form.into(EndOfSkill), actor=actor(), at=now(), on=today())
        return _back(held.person.collar_number, f"{held.skill.name} is off the record of {held.person.name}.")
    return render_template("staffing/end_skill.html", held=held, form=form, history=_history(held))


def _held(skill_id: int) -> queries.HeldSkill:
    return queries.held_skill(skill_id, actor(), today(), policy(today()).skill_verified_months)


def _history(held: queries.HeldSkill) -> list[audit.HistoryLine]:
    return audit.history(*queries.skill_subjects(held.person.collar_number))


def _back(collar_number: str, message: str) -> ResponseReturnValue:
    say(message)
    return redirect(url_for("staffing.person", collar=collar_number, _anchor="skills"))
