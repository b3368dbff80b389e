"""What would a past month have been under this? A page that stores nothing."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from npt.abstractions.forms.preview import PreviewForm, What
from npt.abstractions.queries import Question
from npt.abstractions.queries.preview import Compared, compare
from npt.abstractions.rules.returns import months_back
from npt.abstractions.rules.supposing import ENTRY_FIGURES, HOW_COUNTED, RATE_FIGURES, Supposed
from npt.abstractions.views import bp
from npt.core.authority import Permission
from npt.core.periods import Window
from npt.edge import actor, now, policy, today, zone
from npt.policy.queries import dated, reason_book
from npt.policy.rules import Definition, Group, ReasonBook, ReasonRow, Target, TargetScope, parse_value
from npt.policy.rules.figures import faults, supposed_in_words, words_of
from npt.policy.rules.words import GROUP_LABELS, counts_in_words, percent_in_words
from npt.web.access import requires
from npt.web.addresses import this_page
from npt.web.downloads import Cell, list_file

MONTHS = 12
"""So many months back can be looked at."""

HEADER = ("Unit", "Rate, per cent", "Would be", "Target, per cent", "Would be", "Status", "Would be")


@bp.get("/preview")
@requires(Permission.VIEW_ABSTRACTIONS)
def preview() -> ResponseReturnValue:
    """A past month by team and BCU: rate, target and status as they were, and as they would have been."""
    months = {f"{month.first_day:%Y-%m}": month for month in reversed(months_back(today(), MONTHS, zone()))}
    book = reason_book()
    form = _form(months, book)
    supposed, words = _supposed(form, book) if form.validate() else (None, "")
    if supposed is None:
        return render_template("abstractions/preview.html", form=form, lines=None, words="", month=None)
    month = months[form.month.data]
    definition = form.definition.data or Definition.LOCAL
    question = Question(month, now(), policy(month.last_day), book, definition)
    lines = compare(question, supposed, actor().scope)
    counted = ENTRY_FIGURES.get(supposed.figure[0]) if supposed.figure else None
    if ending := request.args.get("format"):
        header = [*HEADER, *([counted, "Would be"] if counted else [])]
        return list_file(ending, f"preview {form.month.data}", header, [_cells(line) for line in lines])
    shown = [line for line in lines if line.differs] if request.args.get("only") == "changes" else lines
    return render_template(
        "abstractions/preview.html",
        form=form,
        lines=shown,
        all=lines,
        words=words,
        month=month,
        counted=counted,
        how=HOW_COUNTED.get(supposed.figure[0], "") if supposed.figure else "",
        group=GROUP_LABELS[supposed.group],
        everybody=supposed.group is Group.ALL,
        definition=definition,
        here=this_page,
        back=_back(form),
    )


def _form(months: Mapping[str, Window], book: ReasonBook) -> PreviewForm:
    given = MultiDict(request.args)
    if given.get("month") not in months:
        given.setlist("month", [next(iter(months))])
    given.setdefault("definition", Definition.LOCAL.value)
    given.setdefault("group", Group.ALL.value)
    units = dated.units(actor().scope, today())
    return PreviewForm(
        months={name: f"{month.first_day:%B %Y}" for name, month in months.items()},
        units={f"{unit.scope.value}:{unit.code}": unit.name for unit in units},
        reasons={code: book.label(code) for code in book.codes},
        figures={name: words_of(name).label for name in (*RATE_FIGURES, *ENTRY_FIGURES)},
        formdata=given,
    )


def _supposed(form: PreviewForm, book: ReasonBook) -> tuple[Supposed | None, str]:
    """The change the address names, and its words; nothing when it names none that can be looked at."""
    if form.what.data is What.TARGET and form.unit.data and isinstance(form.percent.data, Decimal):
        scope, _, code = form.unit.data.partition(":")
        target = Target(TargetScope(scope), code, form.group.data, form.percent.data)
        name = next(choice.label for choice in form.unit.iter_choices() if choice.selected)
        grades = "" if target.group is Group.ALL else f", {GROUP_LABELS[target.group]}"
        return Supposed(target=target), f"the target of {name}{grades} had been {percent_in_words(target.percent)}"
    if form.what.data is What.REASON and form.code.data:
        row = _row(form, book)
        return Supposed(reason=row), f"{row.label} had counted {counts_in_words(row).removeprefix('counts ')}"
    if form.what.data is What.FIGURE and form.name.data:
        return _supposed_figure(str(form.name.data), str(form.value.data or ""))
    return None, ""


def _row(form: PreviewForm, book: ReasonBook) -> ReasonRow:
    code = str(form.code.data)
    local, national = frozenset(form.counts_local.data or ()), frozenset(form.counts_national.data or ())
    return ReasonRow(code, today(), None, form.label.data or book.label(code), book.family(code), local, national)


def _supposed_figure(name: str, value: str) -> tuple[Supposed | None, str]:
    try:
        parse_value(name, value)
    except ValueError:
        return None, ""
    if faults({name: value}):
        return None, ""
    return Supposed(figure=(name, value)), supposed_in_words(name, value)


def _back(form: PreviewForm) -> str:
    """The form of the change, as it was filled in."""
    typed: dict[str, Any] = {
        name: request.args.getlist(name) for name in request.args if name not in ("month", "definition", "what", "only")
    }
    if form.what.data is What.TARGET:
        return url_for("policy.set_target", **typed)
    if form.what.data is What.REASON:
        return url_for("policy.change_reason", **{**typed, "code": form.code.data})
    return url_for("policy.change_figure", **{**typed, "name": form.name.data})


def _cells(line: Compared) -> Sequence[Cell]:
    cells: list[Cell] = [line.name]
    for before, after in (
        (line.was.rate, line.would_be.rate),
        (line.was.target_percent, line.would_be.target_percent),
    ):
        cells += [_percent(before), _percent(after)]
    cells += [line.was.status.label, line.would_be.status.label]
    return [*cells, *(line.entries or ())]


def _percent(value: Any) -> Cell:
    return value if value is None or isinstance(value, Decimal) else value * 100
