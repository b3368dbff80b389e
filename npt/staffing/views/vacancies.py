"""What is vacant and will be, since when, who answers for it, and when it is to be filled."""

from collections.abc import Sequence

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from npt.audit import queries as audit
from npt.core.authority import Permission
from npt.core.errors import Refused
from npt.edge import actor, now, policy, today, transaction
from npt.people.rules import Grade, PostFact
from npt.staffing import queries, services
from npt.staffing.forms.vacancies import PlanForm, VacanciesForm
from npt.staffing.queries import ExpectedVacancy, Structure, UnitLine, VacantPost, Where
from npt.staffing.rules.structure import vacancy_rate
from npt.staffing.services import NewPlan
from npt.staffing.views import bp
from npt.staffing.views.asked import asked_day, here
from npt.web.access import requires
from npt.web.banners import say
from npt.web.downloads import Cell, list_file
from npt.web.filters import day

VACANT = (
    "Post",
    "Grade",
    "Team",
    "Sector",
    "BCU",
    "Vacant since",
    "Days",
    "Band",
    "Last holder",
    "Until",
    "Why",
    "Cover",
    "Owner",
    "Planned fill date",
    "Plan",
)
EXPECTED = ("Post", "Grade", "Team", "Sector", "BCU", "Vacant from", "Days left", "Leaver", "Why", "Planned fill date")
GRADES = (Grade.INSPECTOR, Grade.SERGEANT, Grade.PC, Grade.PCSO)


@bp.get("/vacancies")
@requires(Permission.VIEW_STAFFING)
def vacancies() -> ResponseReturnValue:
    """The vacant posts of a day, oldest first, what is forecast, and how evenly the burden lies."""
    on = asked_day()
    found = queries.structure_on(on, policy(on), actor().scope, today())
    form = _form(found)
    page = queries.vacancy_page(found, lambda post, where: _asked(form, post, where), specials=_specials(form))
    if ending := request.args.get("format"):
        asked = request.args.get("list", "vacancies")
        if asked == "forecast":
            return list_file(ending, f"forecast {on}", EXPECTED, [_expected(row) for row in page.expected])
        if asked == "rates":
            return list_file(ending, f"rates {on}", _rates_header(), [_rates(row) for row in [*page.units, page.total]])
        return list_file(ending, f"vacancies {on}", VACANT, [_vacant(row) for row in page.vacant])
    return render_template(
        "staffing/vacancies.html",
        form=form,
        page=page,
        on=on,
        scope=actor().scope,
        forecast_days=found.policy.forecast_days,
        grades=GRADES,
        rate=vacancy_rate,
        unit="bcu" if found.bcus else "sector" if found.sectors else "team",
        here=here,
    )


def _form(found: Structure) -> VacanciesForm:
    given = MultiDict(request.args)
    given.setlist("on", [found.on.isoformat()])
    form = VacanciesForm(formdata=given)
    form.bcu.choices = {bcu.code: bcu.name for bcu in found.bcus}
    form.sector.choices = {sector.code: sector.name for sector in found.sectors}
    form.team.choices = {team.code: team.name for team in found.teams}
    form.validate()
    return form


def _asked(form: VacanciesForm, post: PostFact, where: Where) -> bool:
    return (
        form.bcu.data in (None, where.bcu_code)
        and form.sector.data in (None, where.sector_code)
        and form.team.data in (None, where.team_code)
        and form.grade.data in (None, post.grade)
    )


def _specials(form: VacanciesForm) -> bool:
    return form.grade.data is Grade.SPECIAL


def _vacant(row: VacantPost) -> Sequence[Cell]:
    return [
        row.post.ref,
        row.post.grade.label,
        row.where.team_code,
        row.where.sector_code,
        row.where.bcu_code,
        row.vacancy.vacant_since,
        row.vacancy.age_days,
        row.vacancy.band.label,
        row.left.person.name if row.left else None,
        row.left.last_day if row.left else None,
        row.left.why if row.left else None,
        "; ".join(f"{cover.person.name} since {cover.since.isoformat()}" for cover in row.cover),
        row.owner.role.label if row.owner else None,
        row.plan.planned_fill_on if row.plan else None,
        row.plan.note if row.plan else None,
    ]


def _expected(row: ExpectedVacancy) -> Sequence[Cell]:
    return [
        row.forecast.post.ref,
        row.forecast.post.grade.label,
        row.where.team_code,
        row.where.sector_code,
        row.where.bcu_code,
        row.forecast.vacant_from,
        row.forecast.days_left,
        row.left.person.name if row.left else None,
        row.left.why if row.left else None,
        row.plan.planned_fill_on if row.plan else None,
    ]


def _rates_header() -> list[str]:
    return ["Unit", *(f"{grade.label} {what}" for grade in GRADES for what in ("posts", "vacant")), "Posts", "Vacant"]


def _rates(line: UnitLine) -> Sequence[Cell]:
    rows = [*(line.staffing.grades.get(grade) for grade in GRADES), line.staffing.total]
    figures: list[Cell] = [line.code or line.name]
    for row in rows:
        figures += [row.establishment if row else 0, row.vacancies if row else 0]
    return figures


@bp.route("/vacancies/<ref>/plan", methods=["GET", "POST"])
@requires(Permission.CHANGE_STAFFING)
def plan_vacancy(ref: str) -> ResponseReturnValue:
    """Say by when a vacant post is to be filled."""
    vacant, form = queries.post_to_plan(ref, actor().scope, today(), policy(today())), PlanForm()
    if form.validate_on_submit():
        new = form.into(NewPlan)
        try:
            with transaction():
                services.plan_vacancy(ref, new, actor=actor(), at=now(), on=today(), policy=policy(today()))
        except Refused as refusal:
            form.refuse(refusal)
        else:
            say(f"Post {ref} is to be filled by {day(new.planned_fill_on)}.", url_for("staffing.vacancies"))
            return redirect(url_for("staffing.vacancies"))
    return render_template(
        "staffing/plan_vacancy.html", vacant=vacant, form=form, today=today(), history=audit.history(f"post:{ref}")
    )
