"""The team's week: people down, days across, each cell the duty and what was taken from it."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import cast

from flask import abort, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from npt.abstractions import queries
from npt.abstractions.forms import WeekForm
from npt.abstractions.queries import Question, Reader, TeamWeek, WeekRow
from npt.abstractions.rules import Authorisation, Cell, Off, Taken, week_of
from npt.abstractions.views import bp
from npt.core.authority import Permission
from npt.core.periods import DAY, Window
from npt.edge import actor, now, policy, today, zone
from npt.people import queries as people
from npt.people.queries import PersonRow, TeamRow
from npt.policy import queries as policies
from npt.policy.rules import ReasonBook
from npt.web.access import requires
from npt.web.downloads import Cell as SheetCell
from npt.web.downloads import list_file
from npt.web.filters import hours, roster_clock, shift, weekday
from npt.web.forms.typed import EARLIEST, LATEST

MOST_WHOLE_TEAMS = 2
"""A sergeant of one team, or covering a second, sees them together; whoever has more sees one at a time."""


@dataclass(frozen=True)
class Asked:
    """The week and the teams asked for. Without a window, what was asked for cannot be."""

    form: WeekForm
    window: Window | None
    teams: Sequence[TeamRow]


@bp.get("/week")
@requires(Permission.VIEW_WEEK)
def week() -> ResponseReturnValue:
    """One week of a team, or of both teams of a sergeant who has two."""
    asked, at = _asked(), now()
    weeks: list[TeamWeek] = []
    if asked.window and asked.teams:
        question = Question(asked.window, at, policy(asked.window.last_day), policies.reason_book())
        reader = Reader(actor().may(Permission.VIEW_ABSENCE_KINDS), actor().person_id)
        weeks = queries.team_weeks(question, actor().scope, [team.id for team in asked.teams], reader)
    words = Words(policies.reason_book())
    if asked.window and (ending := request.args.get("format")):
        return list_file(ending, f"week of {asked.window.first_day}", words.header, list(words.lines(weeks)))
    return render_template(
        "abstractions/week.html",
        form=asked.form,
        window=asked.window,
        before=asked.window.first_day - DAY if asked.window else None,
        after=asked.window.last_day + DAY if asked.window else None,
        weeks=weeks,
        words=words,
        heads=_heads(asked.window) if asked.window else {},
        log=partial(_log, at),
        address=_address,
        today=today(),
        now=at,
    )


def _asked() -> Asked:
    """The week and team in the address; else this week, and the team or both teams of whoever asks.

    A team that is not within scope does not exist (RULES section 9).
    """
    everywhere = people.teams(actor().scope)
    given = MultiDict(request.args)
    given.setdefault("day", today().isoformat())
    form = WeekForm(formdata=given)
    form.team.choices = {team.code: team.name for team in everywhere}
    wanted = request.args.get("team", "")
    if wanted and wanted not in form.team.choices:
        abort(404)
    if not form.validate():
        return Asked(form, None, ())
    window = week_of(cast(dt.date, form.day.data), zone())
    live = [team for team in everywhere if team.live(window.first_day, window.last_day)]
    form.team.choices = {team.code: team.name for team in live}
    few = len(live) <= MOST_WHOLE_TEAMS
    if few and len(live) > 1:
        form.team.choices = {"": "Both teams", **form.team.choices}
    chosen = [team for team in live if team.code == wanted] if wanted else live if few else live[:1]
    form.team.data = wanted or (None if few else chosen[0].code)
    return Asked(form, window, chosen)


def _address(day: dt.date, ending: str = "") -> str | None:
    """The same teams in the week of another day, or this one as a file; nothing where no week can be asked for."""
    if not EARLIEST < day.year < LATEST:
        return None
    # What has no value is left out of the address.
    team = request.args.get("team") or None
    return url_for("abstractions.week", day=day.isoformat(), team=team, format=ending or None)


@dataclass(frozen=True, slots=True)
class Head:
    """A day as its column is headed, ``Thu 12``, and as what stands in it names it."""

    day: dt.date
    short: str
    words: str
    today: bool
    to_come: bool
    label: str
    """``Thu 12, today``."""


def _heads(window: Window) -> dict[dt.date, Head]:
    heads = {}
    for day in window.days():
        short, is_today = f"{day:%a} {day.day}", day == today()
        label = f"{short}, today" if is_today else short
        heads[day] = Head(day, short, weekday(day), is_today, day > today(), label)
    return heads


def _log(at: dt.datetime, person: PersonRow, cell: Cell) -> str:
    """The form with who and when filled in: the duty of the cell; now, when it is under way; else the day's start."""
    starts = ends = None
    duty = next((d for d in cell.duties if d.ends_at > at), cell.duties[-1] if cell.duties else None)
    if duty is None:
        starts = f"{cell.day.isoformat()}T00:00"
    elif not duty.starts_at <= at < duty.ends_at:
        starts, ends = _typed(duty.starts_at), _typed(duty.ends_at)
    return url_for("abstractions.new", person=person.id, starts=starts, ends=ends)


def _typed(at: dt.datetime) -> str:
    return at.astimezone(zone()).replace(tzinfo=None).isoformat(timespec="minutes")


class Words:
    """How a cell is said, on the page and in a file, to somebody who may know this much."""

    def __init__(self, reasons: ReasonBook) -> None:
        self._reasons = reasons
        self.figures = actor().may(Permission.VIEW_ABSTRACTIONS)
        """Whether they see figures, and open the entries behind them."""

    def duties(self, cell: Cell) -> str:
        """The duties of a duty date: "7–16"."""
        return ", ".join(shift(duty.starts_at, duty.ends_at) for duty in cell.duties)

    def carried(self, cell: Cell) -> str:
        """How far a night before reaches into the day: "to 7 from Sunday"."""
        return ", ".join(f"to {roster_clock(duty.ends_at)} from {duty.duty_date:%A}" for duty in cell.carried)

    def off(self, off: Off) -> str:
        """Why somebody is not there, and of which part of the duty: "Annual leave 12–16"."""
        kind = off.kind.label if off.kind else "Not on duty"
        return f"{kind} {shift(off.part.starts_at, off.part.ends_at)}" if off.part else kind

    def reason(self, taken: Taken) -> str:
        """Why somebody was away, for whoever may see entries; their own everybody may."""
        known = self.figures or taken.entry.person_id == actor().person_id
        return self._reasons.label(taken.entry.reason) if known else "Away"

    def taken(self, taken: Taken) -> str:
        """How long somebody was away on the day: "2 h 30", "1 h, not counted", "still away"."""
        said = [hours(taken.counted)] if taken.counted else []
        if taken.not_counting:
            said.append(f"{hours(taken.not_counting)}, not counted")
        if taken.off_duty:
            said.append(f"{hours(taken.off_duty)} off duty, not counted")
        if taken.to_come and taken.entry.ends_at:
            said.append(f"{hours(taken.to_come)} to come")
        if taken.entry.ends_at is None:
            said.append("still away")
        if not taken.rated:
            said.append("in no rate")
        return ", ".join(said or ["off duty, not counted"])

    def standing(self, taken: Taken, each: TeamWeek) -> Authorisation:
        """Whether an entry waits to be authorised, or was declined; only for whoever may see entries."""
        nothing = Authorisation.NOT_NEEDED
        return each.undecided.get(taken.entry.id or 0, nothing) if self.figures else nothing

    @property
    def header(self) -> Sequence[str]:
        known = ("Team", "Collar number", "Name", "Grade", "Day", "Duty", "Absence", "Away")
        return (*known, "Minutes available", "Minutes counted", "Minutes off duty") if self.figures else known

    def lines(self, weeks: Sequence[TeamWeek]) -> Iterator[Sequence[SheetCell]]:
        """A line for each person and day they are in the team, or worked for it."""
        for each in weeks:
            for row in each.rows:
                for cell in row.week.cells:
                    if cell.here or not cell.empty:
                        yield self._line(each, row, cell)

    def _line(self, each: TeamWeek, row: WeekRow, cell: Cell) -> Sequence[SheetCell]:
        who = row.person
        known: list[SheetCell] = [
            each.team.code,
            who.collar_number,
            f"{who.forename} {who.surname}",
            ", ".join(grade.label for grade in row.week.grades) or who.grade.label,
            cell.day,
            ", ".join(filter(None, (self.duties(cell), self.carried(cell)))),
            ", ".join(self.off(off) for off in cell.absences),
            "; ".join(self._entry(taken, each) for taken in cell.taken),
        ]
        if self.figures:
            known += [cell.duty_minutes, cell.abstracted_minutes, cell.off_duty_minutes]
        return known

    def _entry(self, taken: Taken, each: TeamWeek) -> str:
        standing = self.standing(taken, each)
        said = f"{self.reason(taken)} {self.taken(taken)}"
        return said if standing is Authorisation.NOT_NEEDED else f"{said} ({standing.label.lower()})"
