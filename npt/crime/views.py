"""Recorded crime and anti-social behaviour: a span of months by ward, team, BCU or force, and the lines behind it."""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any, cast

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from npt.core.authority import Permission, Scope
from npt.core.periods import add_months
from npt.crime import queries, rules
from npt.crime.forms import NarrowCrimeForm, ReportForm, SpanForm, Where
from npt.crime.queries import Crime, Loaded, Narrowing
from npt.crime.rules import ATTRIBUTION, By, Order, Place
from npt.edge import actor, today
from npt.people import queries as people
from npt.web.access import requires
from npt.web.addresses import this_page
from npt.web.downloads import Cell, list_file
from npt.web.paging import address_of, asked_page, fetched

bp = Blueprint("crime", __name__, url_prefix="/crime")


@bp.get("/")
@requires(Permission.VIEW_CRIME)
def index() -> ResponseReturnValue:
    """What was recorded in a span of months, of what the actor may see; each number leads to the lines that make it."""
    scope, loaded = actor().scope, queries.loaded_months()
    offered = _offered(scope)
    form = ReportForm(formdata=_asked(loaded, by=offered[0].value))
    form.by.choices = {by.value: by.label for by in offered}
    report = None
    if form.validate():
        first, last = _span(form)
        report = queries.crime_report(first, last, form.by.data or offered[0], scope)
        if ending := request.args.get("format"):
            header, rows = rules.crime_table(report)
            if not _any_loaded(loaded, first, last):  # no data, and no zero either
                rows = tuple(tuple(None if isinstance(cell, int) else cell for cell in row) for row in rows)
            return list_file(ending, f"crime {first:%Y-%m} {last:%Y-%m} by {report.by.value}", header, rows)
    order = _asked_order()
    return render_template(
        "crime/index.html",
        form=form,
        report=report,
        rows=rules.ordered(report.rows, Order(order.removeprefix("-")), descending=order[0] == "-") if report else [],
        order=order,
        loaded=loaded,
        missing=_missing(loaded, *_span(form)) if report else [],
        known=_any_loaded(loaded, *_span(form)) if report else False,
        newest_address=lambda: this_page(first=f"{loaded[0].month:%Y-%m}", last=f"{loaded[0].month:%Y-%m}"),
        boundaries=queries.boundary_count(),
        span=rules.span_words(*_span(form)) if report else "",
        whole_force=scope.force,
        attribution=ATTRIBUTION,
        sorted_address=lambda asked: f"{this_page(order=asked)}#rows",
        file_address=lambda ending: this_page(format=ending),
        lines=Lines(form, report.by) if report else None,
    )


@bp.get("/records")
@requires(Permission.VIEW_CRIME)
def records() -> ResponseReturnValue:
    """The published lines of a span of months. Their number is the figure that led here."""
    scope, loaded = actor().scope, queries.loaded_months()
    form = NarrowCrimeForm(formdata=_asked(loaded))
    kinds = {name: name for name in queries.categories()}
    form.category.choices = {rules.CRIME: f"All but {rules.ANTI_SOCIAL.lower()}", **kinds}
    teams = people.teams(scope)
    form.team.choices = {team.code: team.name for team in teams}
    form.bcu.choices = {team.bcu_code: team.bcu_name for team in teams}
    form.panel.choices = queries.panels_served(scope)
    page = None
    if valid := _narrowed_to_wards(form, scope):
        narrowing = _narrowing(form)
        if ending := request.args.get("format"):
            header = [*HEADER, "Source"]
            return list_file(ending, "crime records", header, _cells(queries.crimes(narrowing, scope)))
        total = queries.crime_count(narrowing, scope)
        page = fetched(total, asked_page(), lambda offset, limit: queries.crimes(narrowing, scope, offset, limit))
    return render_template(
        "crime/records.html",
        form=form,
        page=page,
        span=rules.span_words(*_span(form)) if valid else "",
        address=address_of,
        whole_force=scope.force,
        attribution=ATTRIBUTION,
    )


HEADER = (
    "Month",
    "Category",
    "Location",
    "Where",
    "Ward",
    "Team",
    "LSOA",
    "Last outcome",
    "Crime ID",
    "Longitude",
    "Latitude",
    "Reported by",
)


def _cells(listed: Iterable[Crime]) -> Iterable[Sequence[Cell]]:
    for row in listed:
        yield [
            f"{row.month:%Y-%m}",
            row.category,
            row.location,
            row.place.label,
            row.ward,
            row.team,
            row.lsoa,
            row.outcome,
            row.crime_id,
            row.longitude,
            row.latitude,
            row.reported_by,
            ATTRIBUTION,
        ]


def _offered(scope: Scope) -> list[By]:
    """What the actor may see whole: wards and teams; their BCUs; the force."""
    offered = [By.WARD, By.TEAM]
    if scope.force or scope.bcu_ids:
        offered.append(By.BCU)
    if scope.force:
        offered.append(By.FORCE)
    return offered


def _asked(loaded: Sequence[Loaded], **more: str) -> MultiDict[str, str]:
    """What the address asks for; the newest month there is where it does not say."""
    newest = loaded[0].month if loaded else today().replace(day=1)
    given = MultiDict(request.args)
    for name, value in {"first": f"{newest:%Y-%m}", "last": f"{newest:%Y-%m}", **more}.items():
        given.setdefault(name, value)
    return given


def _span(form: SpanForm) -> tuple[dt.date, dt.date]:
    return cast(dt.date, form.first.data), cast(dt.date, form.last.data)


def _missing(loaded: Sequence[Loaded], first: dt.date, last: dt.date) -> list[dt.date]:
    """The months of a span that nobody has loaded: their zeros mean nothing."""
    known = {each.month for each in loaded}
    missing = []
    while first <= last:
        if first not in known:
            missing.append(first)
        first = add_months(first, 1)
    return missing


def _any_loaded(loaded: Sequence[Loaded], first: dt.date, last: dt.date) -> bool:
    """Whether somebody has loaded any month of a span: without one there is no data, and no zero."""
    return any(first <= each.month <= last for each in loaded)


def _asked_order() -> str:
    asked = request.args.get("order", Order.NAME.value)
    return asked if asked.removeprefix("-") in set(Order) else Order.NAME.value


class Lines:
    """The address of the lines behind a figure of this report."""

    def __init__(self, form: SpanForm, by: By) -> None:
        first, last = _span(form)
        self._months = {"first": f"{first:%Y-%m}", "last": f"{last:%Y-%m}"}
        self._by = by

    def all(self, category: str | None = None) -> str:
        """Everything the report counts, or one category of it."""
        return self._address(category)

    def of(self, code: str, category: str | None = None) -> str:
        """A row's: of a ward, team or BCU, of wards in no team, of the force, or of what is in no ward."""
        if code in (Place.UNLOCATED.value, Place.OUTSIDE.value):
            return self._address(category, where=code)
        if code == rules.IN_NO_TEAM:
            return self._address(category, where=Where.NO_TEAM.value)
        if self._by is By.FORCE:
            return self._address(category, where=Where.WARD.value)
        return self._address(category, **{self._by.value: code})

    def _address(self, category: str | None, **more: str) -> str:
        asked: dict[str, Any] = {**self._months, **more}
        return url_for("crime.records", category=category, **asked)


def _narrowed_to_wards(form: NarrowCrimeForm, scope: Scope) -> bool:
    """Offer the wards there are in the months asked for, and say whether what is asked for is among what there is."""
    form.ward.choices = {}
    if form.span_is_sound():
        wards = queries.ward_units(*_span(form), scope)
        form.ward.choices = {unit.code: unit.name for unit in sorted(wards, key=lambda unit: unit.name)}
    return form.validate()


def _narrowing(form: NarrowCrimeForm) -> Narrowing:
    first, last = _span(form)
    where = form.where.data
    no_team = where is Where.NO_TEAM
    return Narrowing(
        first,
        last,
        category=form.category.data,
        place=Place(where.value) if where and not no_team else None,
        ward=form.ward.data,
        team=rules.IN_NO_TEAM if no_team else form.team.data,
        bcu=form.bcu.data,
        panel=form.panel.data,
    )
