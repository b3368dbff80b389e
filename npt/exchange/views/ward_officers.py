"""Published monthly totals of ward officers: taken in by an administrator, shown beside our own figures."""

import datetime as dt

from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue

from npt.abstractions.queries import Question
from npt.core.authority import Permission
from npt.core.errors import BadInput, Problem
from npt.core.periods import month_of
from npt.edge import actor, now, policy, transaction, zone
from npt.exchange import queries, services
from npt.exchange.forms import WardOfficersForm
from npt.exchange.queries import PublishedName, PublishedRow, PublishedTeam
from npt.exchange.rules.ward_officers import Part
from npt.exchange.views import bp
from npt.exchange.views.names import own_name
from npt.policy.queries import reason_book
from npt.policy.rules import NoPolicy
from npt.web import downloads
from npt.web.access import requires
from npt.web.addresses import this_page

published_bp = Blueprint("published", __name__, url_prefix="/published")


@bp.route("/ward-officers", methods=["GET", "POST"])
@requires(Permission.RUN_IMPORTS)
def ward_officers() -> ResponseReturnValue:
    """Take in the published workbook, and say all that was odd in it."""
    form = WardOfficersForm()
    taken, problems = None, []
    if form.validate_on_submit():
        file = form.file.data
        try:
            with transaction():
                taken = services.take_in_ward_officers(
                    own_name(file.filename or ""), file.stream, actor=actor(), at=now()
                )
        except BadInput as error:
            problems = [problem for problem in error.problems if isinstance(problem, Problem)]
            form.file.errors = [f"Nothing was changed: {problem}" for problem in problems[:20]]
    return render_template("exchange/ward_officers.html", form=form, taken=taken, more=max(0, len(problems) - 20))


@published_bp.get("/")
@requires(Permission.VIEW_ABSTRACTIONS)
def index() -> ResponseReturnValue:
    """The published totals of one month beside our own figures, on the page or as a file."""
    months = queries.published_months()
    month = _asked_month(months)
    rows = [] if month is None else queries.published_teams(month, _question(month), actor().scope)
    if (ending := request.args.get("format")) and month is not None:
        return downloads.list_file(
            ending, f"published ward officers {month:%Y-%m}", HEADER, [_row(row) for row in rows]
        )
    last = None if month is None else month_of(month, zone()).last_day
    return render_template("exchange/published.html", months=months, month=month, last=last, rows=rows)


@published_bp.get("/<month>/<of>")
@requires(Permission.VIEW_ABSTRACTIONS)
def rows(month: str, of: str) -> ResponseReturnValue:
    """The published rows that make one figure of a published team, with where they stand in their file."""
    first = _named(queries.published_months(), month)
    part = Part(of) if of in set(Part) else abort(404)
    name = PublishedName(first, *(request.args.get(each, "") for each in ("borough", "team", "ward")))
    last = month_of(first, zone()).last_day
    figure = queries.published_figure(name, part, last, actor().scope)
    if ending := request.args.get("format"):
        title = f"published rows {name.team} {month} {part}"
        return downloads.list_file(ending, title, ROWS_HEADER, [_cells(name, part, row) for row in figure.rows])
    return render_template("exchange/published_rows.html", name=name, part=part, figure=figure, here=this_page)


ROWS_HEADER = (
    "month",
    "borough",
    "published team",
    "ward code",
    "type or rank",
    "abstracted",
    "minutes",
    "FTE",
    "file",
    "row",
    "rows exactly like it",
)


def _cells(name: PublishedName, part: Part, row: PublishedRow) -> tuple[downloads.Cell, ...]:
    of_strength = part is Part.STRENGTH
    return (
        f"{name.month:%Y-%m}",
        name.borough,
        name.team,
        name.ward_code,
        row.what,
        None if of_strength else row.abstracted,
        None if of_strength else row.value,
        row.value if of_strength else None,
        row.file,
        row.line,
        row.also_lines,
    )


def _asked_month(months: list[dt.date]) -> dt.date | None:
    asked = request.args.get("month")
    if asked is None:
        return months[0] if months else None
    return _named(months, asked)


def _named(months: list[dt.date], asked: str) -> dt.date:
    """The published month an address names; 404 when nothing is published of it."""
    return next((month for month in months if f"{month:%Y-%m}" == asked), None) or abort(404)


def _question(month: dt.date) -> Question | None:
    """What our own figures are asked for; nothing for a month before the first day of any policy."""
    window = month_of(month, zone())
    try:
        return Question(window, now(), policy(window.last_day), reason_book())
    except NoPolicy:
        return None


HEADER = (
    "borough",
    "published team",
    "ward code",
    "published minutes abstracted",
    "published minutes on duty",
    "published rate percent",
    "published FTE",
    "our team",
    "our minutes abstracted",
    "our minutes on duty",
    "our rate percent",
)


def _row(row: PublishedTeam) -> tuple[downloads.Cell, ...]:
    own = row.figures
    return (
        row.borough,
        row.team,
        row.ward_code,
        row.away_minutes,
        row.duty_minutes,
        None if row.rate is None else row.rate * 100,
        row.fte,
        row.ours.code if row.ours else None,
        own.abstracted_minutes if own else None,
        own.duty_minutes if own else None,
        own.rate * 100 if own and own.rate is not None else None,
    )
