"""What would the staffing of a past month have been under another figure of policy? A page that stores nothing."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from npt.abstractions.rules import months_back
from npt.core.authority import Permission
from npt.core.periods import Period, Window
from npt.edge import actor, policy, today, zone
from npt.people import queries as people
from npt.policy.rules import VALUE_NAMES, Policy
from npt.policy.rules.figures import BANDS, Past, faults, in_words, past_of, supposed_in_words, supposing, words_of
from npt.staffing import queries
from npt.staffing.forms.supposing import BY, SupposingForm
from npt.staffing.queries import PreviewLine
from npt.staffing.rules.supposing import counted_states
from npt.staffing.views import bp
from npt.staffing.views.asked import here
from npt.web.access import requires
from npt.web.downloads import Cell, list_file

MONTHS = 12
"""So many months back can be looked at."""

FIGURES = tuple(name for name in VALUE_NAMES if past_of(name) is Past.STAFFING)

_SPANS = (("span_was", "Span", "two_places"), ("span_would_be", "Span would be", "two_places"))
FACTS = {
    **dict.fromkeys(BANDS, (("since", "Vacant since", "day"), ("days", "Days vacant", "whole"))),
    "forecast_days": (("since", "Vacant from", "day"), ("days", "Days left", "whole")),
    "tenure_months": (
        ("since", "From", "day"),
        ("until", "To", "day"),
        ("expected_was", "Expected until", "day"),
        ("expected_would_be", "Expected until, would be", "day"),
    ),
    "span_line": _SPANS[:1],
    "specials_in_span": _SPANS,
}
"""By figure, what is said of each thing it judges: attribute, words, and how it is written."""

SUBJECTS = {
    **dict.fromkeys(BANDS, ("Post", "Where", "vacant posts")),
    "forecast_days": ("Post", "Where", "forecast vacancies"),
    "tenure_months": ("Who", "Stay", "stays of sergeants and PCs that ended in the month"),
    "span_line": ("Sergeant", "Teams", "supervisors"),
    "specials_in_span": ("Sergeant or team", "Teams", "supervisors and teams without one"),
}
"""By figure, the headings of what it judges and where that is, and what these are together."""


@bp.get("/preview")
@requires(Permission.VIEW_STAFFING)
def preview() -> ResponseReturnValue:
    """A past month as at its last day: what a figure judged, beside what it would have judged."""
    months = {f"{month.first_day:%Y-%m}": month for month in reversed(months_back(today(), MONTHS, zone()))}
    form = _form(months)
    month = months[form.month.data]
    in_force = policy(month.last_day)
    if not form.validate() or (would_be := _supposed(form, in_force)) is None:
        return render_template("staffing/preview.html", form=form, page=None, month=month, faults=())
    name, value = str(form.name.data), str(form.value.data)
    if wrong := faults({band: str(getattr(would_be, band)) for band in BANDS}):
        return render_template("staffing/preview.html", form=form, page=None, month=month, faults=wrong)
    found = queries.structure_on(month.last_day, in_force, actor().scope, today())
    page = queries.staffing_supposing(found, Period(month.first_day, month.last_day), name, would_be)
    lines = _asked(form, page.lines)
    if ending := request.args.get("format"):
        header = [*SUBJECTS[name][:2], "BCU", *(label for _, label, _ in FACTS[name]), "Was", "Would be"]
        return list_file(ending, f"staffing {form.month.data}", header, [_cells(line, name) for line in lines])
    return render_template(
        "staffing/preview.html",
        form=form,
        page=page,
        lines=lines,
        listed=_listed(form, lines),
        words=supposed_in_words(name, value),
        was=in_words(name, in_force),
        month=month,
        states=counted_states(name),
        facts=FACTS[name],
        subject=SUBJECTS[name],
        here=here,
        back=url_for("policy.change_figure", **{**_typed(), "name": name}),
    )


def _form(months: Mapping[str, Window]) -> SupposingForm:
    given = MultiDict(request.args)
    if given.get("month") not in months:
        given.setlist("month", [next(iter(months))])
    return SupposingForm(
        months={name: f"{month.first_day:%B %Y}" for name, month in months.items()},
        figures={name: words_of(name).label for name in FIGURES},
        units={bcu.code: bcu.name for bcu in people.bcus(actor().scope)},
        formdata=given,
    )


def _supposed(form: SupposingForm, in_force: Policy) -> Policy | None:
    try:
        return supposing(in_force, str(form.name.data), str(form.value.data))
    except ValueError:
        return None


def _asked(form: SupposingForm, lines: Sequence[PreviewLine]) -> Sequence[PreviewLine]:
    """What is listed: all of a BCU, or in a state, when the address says so; else what would have been otherwise."""
    named = form.unit.data or form.state.data or request.args.get("show") == "all"
    return [
        line
        for line in lines
        if (named or line.pair.differs)
        and (form.unit.data is None or form.unit.data in line.bcus)
        and (form.state.data is None or line.stands(form.by.data or "was", form.state.data))
    ]


def _listed(form: SupposingForm, lines: Sequence[PreviewLine]) -> str:
    """What the list holds, in words."""
    what = "What would have been otherwise"
    if form.state.data:
        what = f"{form.state.data.label}, {BY[form.by.data or 'was']}"
    elif form.unit.data or request.args.get("show") == "all":
        what = "All"
    where = [choice.label for choice in form.unit.iter_choices() if choice.selected and form.unit.data]
    return f"{', '.join([what, *where])} ({len(lines)})"


def _typed() -> dict[str, Any]:
    ours = ("month", "what", "unit", "by", "state", "show")
    return {name: request.args.getlist(name) for name in request.args if name not in ours}


def _cells(line: PreviewLine, name: str) -> Sequence[Cell]:
    facts = [getattr(line, attribute) for attribute, _, _ in FACTS[name]]
    states = (line.pair.was.state.label, line.pair.would_be.state.label)
    return [line.name, line.where, "; ".join(sorted(line.bcus)), *facts, *states]
