"""Data quality: how well each BCU's or team's entries and duties are kept, and the rows behind each figure."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar, cast

from flask import render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from npt.abstractions import queries
from npt.abstractions.forms import BehindQualityForm, KeptEntriesForm, QualityForm
from npt.abstractions.queries import KeptEntry, Quality, Question
from npt.abstractions.rules import Kept, QualityLine, QualityOrder, in_order
from npt.abstractions.views import bp
from npt.abstractions.views.lists import asked_moment
from npt.core.authority import Permission
from npt.core.periods import Window, add_months, month_of
from npt.edge import actor, policy, today, zone
from npt.people import queries as people
from npt.people.queries import TeamRow
from npt.policy import queries as policies
from npt.policy.rules import ReasonBook
from npt.web.access import requires
from npt.web.addresses import this_page
from npt.web.downloads import Cell, list_file, xlsx_file
from npt.web.filters import event_words
from npt.web.paging import address_of, asked_page, page_of

AnyForm = TypeVar("AnyForm", bound=QualityForm)

LINES = (
    "Code",
    "Unit",
    "Entries",
    "Not judged for lateness",
    "Logged late",
    "Per cent late",
    "Authorised afterwards",
    "Changed after being logged",
    "Taken back",
    "Open for more than a day",
    "Minutes off duty",
    "Unusual reasons",
    "On duty with no team",
    "Duties missing",
    "Returns missing",
    "Changed after the return",
)
REASONS = ("Unit", "Reason", "Entries", "Of", "Per cent", "Rest of the force, per cent", "To be expected")
ENTRIES = (
    "Ref",
    "Team",
    "Collar number",
    "Name",
    "Reason",
    "From",
    "To",
    "Logged",
    "Logged by",
    "Minutes after the start",
    "Changed",
    "Authorised afterwards because",
    "Taken back",
    "Taken back because",
)
NO_TEAM = ("Collar number", "Name", "Nearest team", "Duty", "From", "To", "Minutes available")
NO_RETURN = ("Team", "Name", "Month", "Return", "Due", "Days late")
AFTER_RETURN = ("Team", "Month", "When", "Who", "What", "Ref", "Collar number", "Name", "Why", "Month stood confirmed")
NO_DUTY = ("Collar number", "Name", "Team", "First day", "Last day", "Days")


@dataclass(frozen=True)
class Asked(Generic[AnyForm]):
    """What a page of data quality was asked for. Without question: the form says what is wrong."""

    form: AnyForm
    question: Question | None
    reasons: ReasonBook
    teams: Mapping[int, TeamRow]

    @property
    def also_never_posted(self) -> bool:
        """Whether people who never held a post belong here: to the whole force and to no part of it."""
        narrowed = self.form.bcu.data or ("team" in self.form and self.form["team"].data)
        return actor().scope.force and not narrowed


def _asked(kind: type[AnyForm]) -> Asked[AnyForm]:
    everywhere = people.teams(actor().scope)
    month = month_of(today(), zone())
    policy(today())  # what reasons are read with
    reasons = policies.reason_book()
    given = MultiDict(request.args)
    given.setdefault("first", month.first_day.isoformat())
    given.setdefault("last", month.last_day.isoformat())
    given.setdefault("kept", Kept.ALL.value)
    form = kind(formdata=given)
    form.bcu.choices = {team.bcu_code: team.bcu_name for team in everywhere}
    if "team" in form:
        form["team"].choices = {team.code: team.name for team in everywhere}
    if "reason" in form:
        form["reason"].choices = {code: reasons.label(code) for code in reasons.codes}
    if not form.validate():
        return Asked(form, None, reasons, {})
    window = Window(cast(dt.date, form.first.data), cast(dt.date, form.last.data), zone())
    team = form["team"].data if "team" in form else None
    teams = {
        each.id: each for each in everywhere if form.bcu.data in (None, each.bcu_code) and team in (None, each.code)
    }
    return Asked(form, Question(window, asked_moment(), policy(window.last_day), reasons), reasons, teams)


@bp.get("/quality")
@requires(Permission.VIEW_ABSTRACTIONS)
def quality() -> ResponseReturnValue:
    """BCU beside BCU, or the teams of one beside each other."""
    asked = _asked(QualityForm)
    found = (
        queries.quality(asked.question, asked.teams, on=today(), also_never_posted=asked.also_never_posted)
        if asked.question
        else None
    )
    by_bcu = (actor().scope.force or len(actor().scope.bcu_ids) > 1) and not asked.form.bcu.data
    order = _asked_order()
    lines = (found.by_bcu() if by_bcu else found.by_team()) if found else []
    lines = in_order(lines, QualityOrder(order.removeprefix("-")), descending=order.startswith("-"))
    if found and (ending := request.args.get("format")):
        return _file(ending, found, lines, asked.reasons)
    return render_template(
        "abstractions/quality.html",
        form=asked.form,
        question=asked.question,
        found=found,
        lines=lines,
        total=found.total() if found else None,
        by_bcu=by_bcu,
        order=order,
        reasons=asked.reasons,
        months=_months(asked.question),
        address=this_page,
        sorted_address=lambda order: this_page(order=order),
    )


def _asked_order() -> str:
    """The column to sort by, with a minus for downwards; in order of name when none is asked for."""
    asked = request.args.get("order", QualityOrder.UNIT.value)
    return asked if asked.removeprefix("-") in set(QualityOrder) else QualityOrder.UNIT.value


def _months(question: Question | None) -> list[Window]:
    """The month before the days that are shown, and the one after."""
    if question is None:
        return []
    first = question.window.first_day.replace(day=1)
    return [month_of(add_months(first, step), zone()) for step in (-1, 1)]


def _file(ending: str, found: Quality, lines: Sequence[QualityLine], reasons: ReasonBook) -> ResponseReturnValue:
    name = f"data quality {found.count.question.window.first_day} to {found.count.question.window.last_day}"
    rows, unusual = [_line(line) for line in lines], list(_unusual(lines, reasons))
    if ending == "xlsx":
        return xlsx_file(name, [("Data quality", LINES, rows), ("Unusual reasons", REASONS, unusual)])
    if request.args.get("list") == "reasons":
        return list_file(ending, f"unusual reasons {name}", REASONS, unusual)
    return list_file(ending, name, LINES, rows)


def _line(line: QualityLine) -> Sequence[Cell]:
    share = line.late_share
    return [
        line.code,
        line.name,
        line.count(Kept.ALL),
        line.count(Kept.NOT_JUDGED),
        line.count(Kept.LATE),
        None if share is None else share * 100,
        line.count(Kept.AFTERWARDS),
        line.count(Kept.CHANGED),
        line.count(Kept.CANCELLED),
        line.count(Kept.OPEN),
        line.off_duty_minutes,
        len(line.unusual),
        line.no_team,
        line.no_duty,
        line.no_return,
        line.after_return,
    ]


def _unusual(lines: Iterable[QualityLine], reasons: ReasonBook) -> Iterable[Sequence[Cell]]:
    for line in lines:
        for each in line.unusual:
            yield [
                line.name,
                reasons.label(each.reason),
                each.count,
                each.of,
                each.share * 100,
                each.rest_share * 100,
                each.expected,
            ]


@bp.get("/quality/entries")
@requires(Permission.VIEW_ABSTRACTIONS)
def kept_entries() -> ResponseReturnValue:
    """The entries behind a figure of data quality. There are as many as the figure says."""
    asked = _asked(KeptEntriesForm)
    rows = _kept(asked) if asked.question else []
    named = people.people({row.person_id for row in rows})
    if asked.question and (ending := request.args.get("format")):
        cells: list[Sequence[Cell]] = [
            [
                row.ref,
                asked.teams[row.team_id].code,
                named[row.person_id].collar_number,
                f"{named[row.person_id].forename} {named[row.person_id].surname}",
                asked.reasons.label(row.reason),
                row.starts_at,
                row.ends_at,
                row.logged_at,
                row.logged_by,
                row.minutes_after,
                row.changed_at,
                row.afterwards_why,
                row.cancelled_at,
                row.cancel_reason,
            ]
            for row in rows
        ]
        return list_file(ending, f"entries {asked.form.kept.data.label}", ENTRIES, cells)
    return render_template(
        "abstractions/kept_entries.html",
        form=asked.form,
        asked=asked,
        page=page_of(rows, asked_page()),
        named=named,
        address=address_of,
        this_page=this_page,
    )


def _kept(asked: Asked[KeptEntriesForm]) -> list[KeptEntry]:
    roll = people.roll(team_ids=asked.teams)
    kept, reason = asked.form.kept.data, asked.form.reason.data
    found = queries.kept_entries(cast(Question, asked.question), asked.teams, roll)
    return [row for row in found if kept in row.kept and reason in (None, row.reason)]


@bp.get("/quality/without-team")
@requires(Permission.VIEW_ABSTRACTIONS)
def without_team() -> ResponseReturnValue:
    """People who were on duty while no posting held them: in no rate and no total, and only here."""
    asked = _asked(BehindQualityForm)
    rows = []
    if asked.question:
        roll = people.roll(team_ids=asked.teams)
        rows = queries.without_team(asked.question, asked.teams, roll, also_never_posted=asked.also_never_posted)
    named = people.people({row.person_id for row in rows})
    if asked.question and (ending := request.args.get("format")):
        cells: list[Sequence[Cell]] = [
            [
                named[row.person_id].collar_number,
                f"{named[row.person_id].forename} {named[row.person_id].surname}",
                asked.teams[row.team_id].code if row.team_id else None,
                duty.ref,
                duty.starts_at,
                duty.ends_at,
                duty.minutes,
            ]
            for row in rows
            for duty in row.duties
        ]
        return list_file(ending, "on duty with no team", NO_TEAM, cells)
    return render_template(
        "abstractions/without_team.html", form=asked.form, asked=asked, rows=rows, named=named, address=this_page
    )


@bp.get("/quality/without-duty")
@requires(Permission.VIEW_ABSTRACTIONS)
def without_duty() -> ResponseReturnValue:
    """People of a team whose duties nobody has entered for so many days."""
    asked = _asked(BehindQualityForm)
    rows = []
    if asked.question:
        rows = queries.without_duty(asked.question, asked.teams, people.roll(team_ids=asked.teams))
    named = people.people({row.person_id for row in rows})
    if asked.question and (ending := request.args.get("format")):
        cells: list[Sequence[Cell]] = [
            [
                named[row.person_id].collar_number,
                f"{named[row.person_id].forename} {named[row.person_id].surname}",
                asked.teams[row.team_id].code,
                row.gap.first_day,
                row.gap.last_day,
                row.gap.days,
            ]
            for row in rows
        ]
        return list_file(ending, "duties missing", NO_DUTY, cells)
    return render_template(
        "abstractions/without_duty.html", form=asked.form, asked=asked, rows=rows, named=named, address=this_page
    )


@bp.get("/quality/returns")
@requires(Permission.VIEW_ABSTRACTIONS)
def late_returns() -> ResponseReturnValue:
    """The returns that are overdue, of the months these days lie in."""
    asked = _asked(BehindQualityForm)
    rows = []
    if asked.question:
        teams, question = asked.teams.values(), asked.question
        rows = queries.late_returns(teams, question.window, on=today(), policy=question.policy)
    if asked.question and (ending := request.args.get("format")):
        cells: list[Sequence[Cell]] = [
            [
                row.team.code,
                row.team.name,
                f"{row.month.first_day:%Y-%m}",
                row.standing.state.label,
                row.standing.due_on,
                row.standing.days_late,
            ]
            for row in rows
        ]
        return list_file(ending, "returns missing", NO_RETURN, cells)
    return render_template("abstractions/late_returns.html", form=asked.form, asked=asked, rows=rows, address=this_page)


@bp.get("/quality/after-return")
@requires(Permission.VIEW_ABSTRACTIONS)
def after_return() -> ResponseReturnValue:
    """What was written about the months these days lie in after their teams had confirmed them."""
    asked = _asked(BehindQualityForm)
    rows = []
    if asked.question:
        window = asked.question.window
        months = window.first_day.replace(day=1), window.last_day.replace(day=1)
        rows = queries.changes_between(asked.teams, *months)
    if asked.question and (ending := request.args.get("format")):
        cells: list[Sequence[Cell]] = [
            [
                asked.teams[row.team_id].code,
                f"{row.month:%Y-%m}",
                row.at,
                row.actor,
                event_words(row.event),
                row.ref,
                row.person.collar_number,
                f"{row.person.forename} {row.person.surname}",
                row.because,
                row.stood,
            ]
            for row in rows
        ]
        return list_file(ending, "changed after the return", AFTER_RETURN, cells)
    return render_template(
        "abstractions/after_return.html",
        form=asked.form,
        asked=asked,
        page=page_of(rows, asked_page()),
        address=address_of,
        this_page=this_page,
    )
