"""Which languages areas need and who there speaks them; and what a team needs."""

from collections.abc import Sequence

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from npt.audit import queries as audit
from npt.core.authority import Permission
from npt.core.errors import Refused
from npt.edge import actor, now, policy, today, transaction
from npt.staffing import queries, services
from npt.staffing.forms.skills import ChangeNeedForm, LanguagesForm, NeedForm
from npt.staffing.queries import AreaLine, Coverage, LanguageLine, NeededRow
from npt.staffing.services import ChangeOfNeed, NewNeed
from npt.staffing.views import bp
from npt.staffing.views.asked import asked_day, here
from npt.web.access import requires
from npt.web.banners import say
from npt.web.downloads import Cell, list_file

UNITS = ("Unit", "Code", "Name", "Needed", "Covered", "Gaps")
LANGUAGES = ("Language", "Teams that need it", "Speakers", "Speakers in the force", "Covered")
NEEDED = ("Team", "Language", "First day", "Last day", "Note", "Set by")
LEVELS = {queries.FORCE: "Force", "bcu": "BCU", "sector": "Sector", "team": "Team"}


@bp.get("/languages")
@requires(Permission.VIEW_STAFFING)
def languages() -> ResponseReturnValue:
    """Languages needed against languages spoken, unit by unit; of one unit, language by language."""
    on = asked_day()
    found = queries.coverage(on, policy(on).skill_verified_months, actor=actor(), today=today())
    lines = found.lines()
    form, shown = _chosen(found, lines)
    area = queries.area_of(shown.level, shown.code) if shown else None
    rows = found.languages(area) if area else []
    needed = found.rows(area) if area else []
    if ending := request.args.get("format"):
        return _file(ending, request.args.get("list", "units"), on.isoformat(), lines, rows, needed)
    return render_template(
        "staffing/languages.html",
        form=form,
        lines=lines,
        inside=found.inside(shown) if shown else [],
        shown=shown,
        rows=rows,
        needed=needed,
        levels=LEVELS,
        on=on,
        value_of=_value_of,
        here=here,
    )


def _value_of(line: AreaLine) -> str:
    """How the address names a unit: ``team:SOH``, so that units of one code's kind are never mistaken."""
    return f"{line.level}:{line.code}"


def _chosen(found: Coverage, lines: Sequence[AreaLine]) -> tuple[LanguagesForm, AreaLine | None]:
    """The unit asked for; without one the largest the reader may see."""
    choices = {_value_of(line): _said(line) for line in lines}
    given = MultiDict(request.args)
    given.setlist("on", [found.on.isoformat()])
    if not given.get("unit"):
        given.setlist("unit", list(choices)[:1])
    form = LanguagesForm(formdata=given)
    form.unit.choices = choices
    form.validate()
    return form, next((line for line in lines if _value_of(line) == form.unit.data), None)


def _said(line: AreaLine) -> str:
    return f"{line.name} {LEVELS[line.level] if line.level == 'bcu' else line.level}" if line.code else line.name


def _file(
    ending: str,
    asked: str,
    on: str,
    lines: Sequence[AreaLine],
    rows: Sequence[LanguageLine],
    needed: Sequence[NeededRow],
) -> ResponseReturnValue:
    if asked == "languages":
        return list_file(ending, f"languages {on}", LANGUAGES, [_language(row) for row in rows])
    if asked == "needed":
        return list_file(ending, f"needed languages {on}", NEEDED, [_needed(row) for row in needed])
    return list_file(ending, f"language coverage {on}", UNITS, [_unit(line) for line in lines])


def _unit(line: AreaLine) -> Sequence[Cell]:
    counted = line.covered
    return [
        LEVELS[line.level],
        line.code,
        line.name,
        len(counted.needed),
        len(counted.held),
        "; ".join(counted.gaps),
    ]


def _language(row: LanguageLine) -> Sequence[Cell]:
    teams = "; ".join(team.code for team in row.teams)
    return [row.language, teams, len(row.speakers), row.in_force, bool(row.speakers)]


def _needed(row: NeededRow) -> Sequence[Cell]:
    return [row.team.code, row.language, row.first_day, row.last_day, row.note, row.set_by]


@bp.route("/languages/new", methods=["GET", "POST"])
@requires(Permission.CHANGE_NEEDED_LANGUAGES)
def need_language() -> ResponseReturnValue:
    """Say that a team needs a language."""
    teams = queries.team_choices(actor().scope, today())
    form = NeedForm(teams, data={"team_code": request.args.get("team"), "first_day": today()})
    if form.validate_on_submit():
        new = form.into(NewNeed)
        try:
            with transaction():
                language = services.need_language(new, actor=actor(), at=now())
        except Refused as refusal:
            form.refuse(refusal)
        else:
            return _saved(new.team_code, f"{teams[new.team_code]} needs {language}.")
    return render_template("staffing/need_language.html", form=form, names=queries.language_names())


@bp.route("/languages/<int:needed_id>/change", methods=["GET", "POST"])
@requires(Permission.CHANGE_NEEDED_LANGUAGES)
def change_needed_language(needed_id: int) -> ResponseReturnValue:
    """Say until when a team needs a language, or how that is known."""
    found = queries.needed_language(needed_id, actor().scope)
    form = ChangeNeedForm(data={"last_day": found.last_day, "note": found.note})
    if form.validate_on_submit():
        try:
            with transaction():
                services.change_need(needed_id, form.into(ChangeOfNeed), actor=actor(), at=now())
        except Refused as refusal:
            form.refuse(refusal)
        else:
            return _saved(found.team.code, f"What {found.team.name} needs is saved.")
    subject = queries.need_subject(found.team.code, found.language, found.first_day)
    return render_template(
        "staffing/change_needed_language.html", found=found, form=form, history=audit.history(subject)
    )


def _saved(team_code: str, message: str) -> ResponseReturnValue:
    say(message)
    return redirect(url_for("staffing.languages", unit=f"team:{team_code}", _anchor="needed"))
