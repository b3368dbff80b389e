"""Who is expected to leave, and who could follow."""

from collections.abc import Sequence

from flask import render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from npt.core.authority import Permission
from npt.core.periods import add_months
from npt.edge import actor, policy, today
from npt.staffing import queries
from npt.staffing.forms.succession import SuccessionForm
from npt.staffing.queries import AttachmentRow, CandidateRow, LeaverRow, MoverRow, Structure, Succession, Where
from npt.staffing.rules.candidates import Unit
from npt.staffing.rules.people import Field, fields_seen
from npt.staffing.rules.succession import Line
from npt.staffing.views import bp
from npt.staffing.views.asked import asked_day, here
from npt.web.access import requires
from npt.web.downloads import Cell, list_file

HORIZONS = (3, 6, 12, 24)
"""The months one may look ahead by a link; the first look is as far as policy says."""

BALANCE = (
    "Unit",
    "Grade",
    "Expected leavers",
    "Places left open",
    "Candidates ready",
    "On attachment",
    "Could follow",
    "Shortfall",
)
_PLACE = ("Team", "Sector", "BCU")
LEAVERS = ("Collar number", "Name", "Grade", *_PLACE, "Post", "Last day", "Why", "Places left open")
MOVERS = ("Collar number", "Name", "Grade", *_PLACE, "Since", "Expected until")
CANDIDATES = ("Collar number", "Name", "Candidate for", "Where", "Put forward", "Ready from", "In time", "Serving")
ATTACHMENTS = ("Collar number", "Name", "Attached as", *_PLACE, "From", "To", "Counted", "How it went", "In words")


@bp.get("/succession")
@requires(Permission.VIEW_SUCCESSION)
def succession() -> ResponseReturnValue:
    """Expected leavers against candidates and people on attachment, from a day so many months ahead."""
    on = asked_day()
    lines = policy(on)
    months = _months(lines.succession_months)
    found = queries.structure_on(on, lines, actor().scope, today())
    page = queries.succession(found, add_months(on, months))
    form = _form(found)
    unit, grade = _unit(form, page, found), form.grade.data
    notes = Field.CANDIDACY_NOTE in fields_seen(actor().role, own=False)
    if ending := request.args.get("format"):
        return _file(ending, page, unit, form, notes=notes)
    candidates = page.candidates(unit, grade)
    return render_template(
        "staffing/succession.html",
        page=page,
        form=form,
        on=on,
        months=months,
        horizons=sorted({*HORIZONS, lines.succession_months}),
        tenure_months=lines.tenure_months,
        balance=[each for each in page.lines() if not _nothing(each)],
        totals=[each for each in page.totals() if not _nothing(each)],
        leavers=page.leavers(unit, grade),
        movers=page.movers(unit, grade),
        ready=[row for row in candidates if row.ready],
        later=[row for row in candidates if not row.ready],
        attachments=page.attachments(unit, grade),
        unit="bcu" if found.bcus else "sector" if found.sectors else "team",
        narrowed=unit.code or grade,
        notes=notes,
        here=here,
    )


def _months(usual: int) -> int:
    asked = request.args.get("months", "")
    return int(asked) if asked in {str(months) for months in HORIZONS} else usual


def _nothing(line: Line) -> bool:
    """Whether there is nothing to say of a unit and grade: nobody leaves and nobody could come."""
    return not (line.leavers or line.ready or line.attached)


def _form(found: Structure) -> SuccessionForm:
    given = MultiDict(request.args)
    given.setlist("on", [found.on.isoformat()])
    form = SuccessionForm(formdata=given)
    form.bcu.choices = {bcu.code: bcu.name for bcu in found.bcus}
    form.sector.choices = {sector.code: sector.name for sector in found.sectors}
    form.team.choices = {team.code: team.name for team in found.teams}
    form.validate()
    return form


def _unit(form: SuccessionForm, page: Succession, found: Structure) -> Unit:
    """The smallest unit asked for; all that the reader may see when none is."""
    for team in found.teams:
        if team.code == form.team.data:
            return page.team(team)
    for sector in found.sectors:
        if sector.code == form.sector.data:
            return page.sector(sector.id, sector.code, sector.name)
    for bcu in found.bcus:
        if bcu.code == form.bcu.data:
            return page.bcu(bcu.id, bcu.code, bcu.name)
    return page.everything


def _file(ending: str, page: Succession, unit: Unit, form: SuccessionForm, *, notes: bool) -> ResponseReturnValue:
    grade, on = form.grade.data, page.found.on
    match request.args.get("list", "balance"):
        case "leavers":
            return list_file(ending, f"leavers {on}", LEAVERS, map(_leaver, page.leavers(unit, grade)))
        case "movers":
            return list_file(ending, f"movers {on}", MOVERS, map(_mover, page.movers(unit, grade)))
        case "candidates":
            return list_file(ending, f"candidates {on}", CANDIDATES, map(_candidate, page.candidates(unit, grade)))
        case "attachments":
            rows = page.attachments(unit, grade)
            return list_file(ending, f"attachments {on}", ATTACHMENTS, [_attachment(row, notes=notes) for row in rows])
        case _:
            return list_file(ending, f"succession {on}", BALANCE, map(_balance, [*page.lines(), *page.totals()]))


def _balance(line: Line) -> Sequence[Cell]:
    figures = (line.leavers, line.places, line.ready, line.attached, line.pool)
    return [line.unit.code or line.unit.name, line.grade.label, *map(len, figures), line.short]


def _where(where: Where) -> list[Cell]:
    return [where.team_code, where.sector_code, where.bcu_code]


def _leaver(row: LeaverRow) -> Sequence[Cell]:
    return [
        row.person.collar_number,
        f"{row.person.forename} {row.person.surname}",
        row.departure.post.grade.label,
        *_where(row.where),
        row.departure.post.ref,
        row.departure.last_day,
        row.why,
        "; ".join(post.ref for post in row.departure.open),
    ]


def _mover(row: MoverRow) -> Sequence[Cell]:
    return [
        row.person.collar_number,
        f"{row.person.forename} {row.person.surname}",
        row.mover.tenure.grade.label,
        *_where(row.where),
        row.mover.tenure.first_day,
        row.mover.expected_until,
    ]


def _candidate(row: CandidateRow) -> Sequence[Cell]:
    return [
        row.person.collar_number,
        f"{row.person.forename} {row.person.surname}",
        row.candidacy.grade.label,
        row.wants,
        row.candidacy.put_forward_on,
        row.candidacy.ready_from,
        row.ready,
        row.serving,
    ]


def _attachment(row: AttachmentRow, *, notes: bool) -> Sequence[Cell]:
    word = row.word if notes else None
    return [
        row.person.collar_number,
        f"{row.person.forename} {row.person.surname}",
        row.posting.post.grade.label,
        *_where(row.where),
        row.posting.first_day,
        row.last_day,
        row.counted,
        word.verdict.label if word else None,
        word.note if word else None,
    ]
