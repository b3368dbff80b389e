"""The figures of any unit over any days, taken apart; each leads to the entries that make it."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from flask import abort, render_template, request, url_for
from flask.typing import ResponseReturnValue

from npt.abstractions import queries
from npt.abstractions.forms import FiguresForm, Preset, Show, Upto
from npt.abstractions.queries import Question, TrendMonth, UnitFigures
from npt.abstractions.rules import Line, LineOrder, Unit, UnitKind, ordered_lines
from npt.abstractions.views import bp
from npt.core.authority import EVERYTHING, Permission, Scope
from npt.core.periods import DAY, Window, add_months, month_of
from npt.edge import actor, now, policy, today, zone
from npt.people import queries as people
from npt.people.queries import TeamRow
from npt.policy import queries as policies
from npt.policy.rules import Definition, Group, Policy
from npt.web.access import requires
from npt.web.addresses import this_page
from npt.web.charts import Point
from npt.web.downloads import ENDINGS, Cell, csv_file, xlsx_file

MONTHS = 12
"""As many as SCREENS asks for: a year of seasons."""


@dataclass(frozen=True)
class Asked:
    """Whose figures are asked for, and over which days; no unit for somebody who has none."""

    form: FiguresForm
    unit: Unit | None
    among: Sequence[Unit]
    teams: Sequence[TeamRow]
    scope: Scope
    window: Window | None
    preset: Preset | None
    own: bool

    @property
    def who(self) -> dict[str, str]:
        """How an address of a page of figures names the unit."""
        if self.own or self.unit is None:
            return {}
        return {"person" if self.unit.kind is UnitKind.PERSON else "unit": self.unit.code}

    @property
    def collar(self) -> str:
        """The collar number of the person asked for; nothing for a unit, nor for one's own figures."""
        return self.who.get("person", "")

    def address(self, page: str = "figures", **more: str) -> str:
        """A page of this unit's figures over other days."""
        return url_for(f"abstractions.{'my_' if self.own else ''}{page}", **self.who, **more)  # type: ignore[arg-type]


@bp.get("/figures")
@requires(Permission.VIEW_ABSTRACTIONS)
def figures() -> ResponseReturnValue:
    """The figures of a unit, or of somebody whose record the actor may open."""
    return _figures(_asked())


@bp.get("/mine/figures")
@requires(Permission.VIEW_TEAM)
def my_figures() -> ResponseReturnValue:
    """The actor's own figures."""
    return _figures(_asked_own())


@bp.get("/figures/months")
@requires(Permission.VIEW_ABSTRACTIONS)
def months() -> ResponseReturnValue:
    """Twelve months of a unit."""
    return _months(_asked())


@bp.get("/mine/figures/months")
@requires(Permission.VIEW_TEAM)
def my_months() -> ResponseReturnValue:
    """Twelve months of the actor's own."""
    return _months(_asked_own())


def _asked() -> Asked:
    scope = actor().scope
    teams = people.teams(scope)
    among = queries.units(teams, scope)
    collar, code = request.args.get("person", "").strip(), request.args.get("unit", "").strip()
    if collar:
        unit: Unit | None = queries.person_unit(collar, scope, today(), teams)
    elif code:
        unit = queries.unit_of(among, code)
    else:
        unit = _own_unit(among)
    return _over(unit, among, teams, scope, own=False)


def _own_unit(among: Sequence[Unit]) -> Unit | None:
    """The largest unit in scope; of several teams the one the actor is posted to, and not one they cover."""
    first = next(iter(among), None)
    if first is None or first.kind is not UnitKind.TEAM or len(among) == 1 or not (person := actor().person_id):
        return first
    own = people.roll(person_ids=[person]).team_on(person, today())
    return next((unit for unit in among if own in unit.team_ids), first)


def _asked_own() -> Asked:
    person_id = actor().person_id
    teams: list[TeamRow] = people.teams(EVERYTHING)
    person = people.people([person_id]).get(person_id) if person_id else None
    return _over(queries.unit_of_person(person, teams) if person else None, (), teams, EVERYTHING, own=True)


def _over(unit: Unit | None, among: Sequence[Unit], teams: Sequence[TeamRow], scope: Scope, *, own: bool) -> Asked:
    """Over the days that were typed, else those of a preset."""
    form = FiguresForm(formdata=request.args)
    form.unit.choices = {each.code: each.name for each in among}
    if unit is not None and unit in among:
        form.unit.data = unit.code
    sound = form.validate()
    first, last = cast(dt.date | None, form.first.data), cast(dt.date | None, form.last.data)
    if not sound:
        return Asked(form, unit, among, teams, scope, None, None, own)
    if first and last:
        return Asked(form, unit, among, teams, scope, Window(first, last, zone()), None, own)
    preset = _preset()
    return Asked(form, unit, among, teams, scope, _WINDOWS[preset](today()), preset, own)


def _preset() -> Preset:
    asked = request.args.get("period", "")
    return Preset(asked) if asked in set(Preset) else Preset.THIS_MONTH


_WINDOWS: Mapping[Preset, Callable[[dt.date], Window]] = {
    Preset.THIS_MONTH: lambda on: month_of(on, zone()),
    Preset.LAST_MONTH: lambda on: month_of(add_months(on, -1), zone()),
    Preset.ROLLING: lambda on: Window(on - policy(on).rolling_days * DAY, on - DAY, zone()),
}


def _figures(asked: Asked) -> ResponseReturnValue:
    if asked.unit is None or asked.window is None:
        return render_template("abstractions/figures.html", asked=asked, form=asked.form, found=None)
    by, order = _compared_by(asked.unit), _order()
    lines, rolling = _policies(asked.window)
    found = queries.unit_figures(
        Question(asked.window, now(), lines, policies.reason_book()),
        asked.unit,
        asked.scope,
        compare_by=by,
        among=asked.among,
        known=asked.teams,
        today=today(),
    )
    compared = ordered_lines(found.compared, LineOrder(order.removeprefix("-")), descending=order.startswith("-"))
    if ending := request.args.get("format"):
        return _file(ending, found, compared)
    return render_template(
        "abstractions/figures.html",
        asked=asked,
        form=asked.form,
        found=found,
        compared=compared,
        order=order,
        presets=_presets(asked, rolling),
        behind=_Behind(asked, found.question),
        units={unit.code: unit for unit in asked.among if unit.kind is by},
        here=this_page,
        sorted_address=lambda name: f"{this_page(order=name)}#compared",
        own=asked.own,
    )


def _policies(window: Window) -> tuple[Policy, int]:
    """The policy of a window's last day, and over how many days policy looks back today.

    :raises NoPolicy: when there is none on one of the days
    """
    days = (window.last_day, today())
    known = policies.policies_on(days)
    judging, current = (known.get(day) or policy(day) for day in days)
    return judging, current.rolling_days


def _presets(asked: Asked, rolling: int) -> list[tuple[str, str, bool]]:
    """Days by name: in words, the address, whether they are shown."""
    words = {
        Preset.THIS_MONTH: "This month so far",
        Preset.LAST_MONTH: "Last month",
        Preset.ROLLING: f"Last {rolling} days",
    }
    return [(label, asked.address(period=each.value), each is asked.preset) for each, label in words.items()]


def _compared_by(unit: Unit) -> UnitKind | None:
    """What the unit is compared by: what was asked for, when it has such parts; else the usual."""
    wanted = request.args.get("by", "")
    return next((kind for kind in unit.kind.parts if kind.value == wanted), next(iter(unit.kind.parts), None))


def _order() -> str:
    asked = request.args.get("order", LineOrder.WORST.value)
    return asked if asked.removeprefix("-") in set(LineOrder) else LineOrder.WORST.value


@dataclass(frozen=True)
class _Behind:
    """Where the entries and the duties behind a figure stand."""

    asked: Asked
    question: Question

    def entries(self, **more: str) -> str:
        """The abstractions that make a figure."""
        return self._list("mine" if self.asked.own else "index", more)

    def national(self, **more: str) -> str:
        """The same under the national definition."""
        return self.entries(**more, definition=Definition.NATIONAL.value)

    def heading(self) -> str:
        """The entries of the whole window, with what is planned: where it is heading."""
        return self.entries(upto=Upto.PLANNED.value)

    def target(self, narrowed: Mapping[str, str]) -> str:
        """Which target judges a line: who set it, since when and why. Empty for whoever sees no policy.

        :param narrowed: what narrows a list to the line; nothing for the unit itself
        """
        unit = next((each for each in self.asked.among if each.narrowing == narrowed), self.asked.unit)
        if unit is None or not actor().may(Permission.VIEW_POLICY):
            return ""
        if "person" in narrowed or unit.kind is UnitKind.PERSON:
            return url_for("policy.figure", name="person_limit_percent")
        of: dict[str, Any] = (
            {"team": unit.code} if unit.kind is UnitKind.TEAM else {"bcu": unit.bcu_code} if unit.bcu_code else {}
        )
        on, group = self.question.window.last_day.isoformat(), narrowed.get("group", Group.ALL.value)
        return url_for("policy.applying", on=on, group=group, **of)

    def duties(self, **more: str) -> str:
        """The duties a figure is out of."""
        return self._list("my_duties" if self.asked.own else "duties", more)

    def _list(self, endpoint: str, more: Mapping[str, str]) -> str:
        window, unit = self.question.window, self.asked.unit
        known: dict[str, Any] = {
            **(unit.narrowing if unit and not self.asked.own else {}),
            "first": window.first_day.isoformat(),
            "last": window.last_day.isoformat(),
            "at": self.question.as_at.isoformat(),
            **more,
        }
        return url_for(f"abstractions.{endpoint}", **known)

    def of(self, window: Window) -> "_Behind":
        """The same of another window."""
        asked = self.question
        return _Behind(self.asked, Question(window, asked.at, asked.policy, asked.reasons))

    def place(self, line: Line) -> dict[str, str]:
        """How a list is narrowed to a destination."""
        return {"destination": line.code} if line.code else {"show": Show.NOWHERE.value}


HEADER = (
    "Code",
    "What",
    "Duty minutes",
    "Counted minutes",
    "Rate per cent",
    "Target per cent",
    "Status",
    "Minutes counted nationally",
    "National rate per cent",
    "Minutes off duty",
)


def _file(ending: str, found: UnitFigures, compared: Sequence[Line]) -> ResponseReturnValue:
    """Every table of the page: one after another as CSV, each on its sheet as XLSX."""
    window = found.question.window
    tables = {
        "Whole": [found.whole],
        "Reasons": found.by_reason,
        "Grades": found.by_grade,
        "Groups": found.by_group,
        "Destinations": found.by_destination,
        "Time of day": found.by_hours,
    }
    if found.compared_by:
        tables[found.compared_by.many] = compared
    return _tables(ending, f"figures {found.unit.code} {window.first_day} {window.last_day}", tables)


def _tables(ending: str, name: str, tables: Mapping[str, Sequence[Line]]) -> ResponseReturnValue:
    if ending not in ENDINGS:
        abort(404)
    if ending == "xlsx":
        return xlsx_file(name, [(title, HEADER, [_cells(line) for line in lines]) for title, lines in tables.items()])
    rows = [(title, *_cells(line)) for title, lines in tables.items() for line in lines]
    return csv_file(name, ("Table", *HEADER), rows)


def _cells(line: Line) -> Sequence[Cell]:
    return (
        line.code,
        line.label,
        line.duty_minutes,
        line.counted,
        None if line.rate is None else line.rate * 100,
        line.target_percent,
        line.status.label if line.status else None,
        line.nationally,
        None if line.national_rate is None else line.national_rate * 100,
        line.off_duty_minutes,
    )


def _months(asked: Asked) -> ResponseReturnValue:
    """The twelve months up to the one that holds the last day asked for, or this month when that is later."""
    if asked.unit is None or asked.window is None:
        return render_template("abstractions/months.html", asked=asked, form=asked.form, shown=())
    last = min(asked.window.last_day, today())
    windows = [month_of(add_months(last, months - MONTHS + 1), zone()) for months in range(MONTHS)]
    reasons = policies.reason_book()
    known = policies.policies_on(window.last_day for window in windows)
    whole = Window(windows[0].first_day, windows[-1].last_day, zone())
    question = Question(whole, now(), known.get(whole.last_day) or policy(whole.last_day), reasons)
    shown = queries.trend(question, windows, asked.unit, asked.scope, known, asked.teams)
    if ending := request.args.get("format"):
        return _tables(ending, f"months {asked.unit.code} {last:%Y-%m}", {"Months": [month.line for month in shown]})
    behind = _Behind(asked, question)
    return render_template(
        "abstractions/months.html",
        asked=asked,
        form=asked.form,
        shown=shown,
        points=[_point(month) for month in shown],
        codes=question.fixed_codes,
        reasons=reasons,
        behind=behind,
        here=this_page,
        own=asked.own,
    )


def _point(month: TrendMonth) -> Point:
    return Point(f"{month.window.first_day:%b %y}", month.line.rate, month.line.target_percent)
