"""The change of policy that an address supposes, as its own form has it: a preview's, and of the lists behind it."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from flask import abort, request
from werkzeug.datastructures import MultiDict

from npt.abstractions.forms.preview import PreviewForm, What
from npt.abstractions.rules.returns import months_back
from npt.abstractions.rules.supposing import ENTRY_FIGURES, RATE_FIGURES, Supposed
from npt.core.periods import Window, month_of
from npt.edge import actor, today, zone
from npt.policy.queries import dated
from npt.policy.rules import Definition, Group, ReasonBook, ReasonRow, Target, TargetScope, parse_value
from npt.policy.rules.figures import faults, supposed_in_words, words_of
from npt.policy.rules.words import GROUP_LABELS, counts_in_words, percent_in_words

MONTHS = 12
"""So many months back can be looked at, and the one that runs, which a change from today on judges first."""

KEPT = ("what", "month", "code", "label", "counts_local", "counts_national")
"""What an address carries of a reason that is supposed to count otherwise."""


@dataclass(frozen=True)
class Supposition:
    """What was asked for, and the change in words; nothing is supposed when it names none that can be looked at."""

    form: PreviewForm
    months: Mapping[str, Window]
    supposed: Supposed | None = None
    words: str = ""

    @property
    def month(self) -> Window:
        return self.months[self.form.month.data]


def supposition(book: ReasonBook) -> Supposition:
    """The change the address names, and the month it is tried on: the last one that is over, when it names none."""
    running, over = month_of(today(), zone()), reversed(months_back(today(), MONTHS, zone()))
    months = {f"{month.first_day:%Y-%m}": month for month in (running, *over)}
    form = _form(months, book)
    return Supposition(form, months, *(_supposed(form, book) if form.validate() else (None, "")))


def month_in_words(month: Window) -> str:
    """A month by name; of the one that runs, that it is not over."""
    return f"{month.first_day:%B %Y}{' so far' if today() <= month.last_day else ''}"


def supposed_reasons(book: ReasonBook) -> tuple[ReasonBook, str]:
    """The reasons a list is counted by: those of policy, unless its address supposes one otherwise; then in words, how.

    What cannot be supposed does not exist, so that nobody takes the count of today's policy for another.
    """
    if "what" not in request.args:
        return book, ""
    found = supposition(book)
    if found.supposed is None or found.supposed.reason is None:
        abort(404)
    return found.supposed.reasons(book), found.words


def kept_of_supposition() -> Mapping[str, Any]:
    """What a link from a list by another policy carries, so that it leads to a count by the same."""
    return {name: request.args.getlist(name) for name in KEPT if "what" in request.args and name in request.args}


def _form(months: Mapping[str, Window], book: ReasonBook) -> PreviewForm:
    given = MultiDict(request.args)
    if given.get("month") not in months:
        given.setlist("month", [list(months)[1]])
    given.setdefault("definition", Definition.LOCAL.value)
    given.setdefault("group", Group.ALL.value)
    units = dated.units(actor().scope, today())
    return PreviewForm(
        months={name: month_in_words(month) for name, month in months.items()},
        units={f"{unit.scope.value}:{unit.code}": unit.name for unit in units},
        reasons={code: book.label(code) for code in book.codes},
        figures={name: words_of(name).label for name in (*RATE_FIGURES, *ENTRY_FIGURES)},
        formdata=given,
    )


def _supposed(form: PreviewForm, book: ReasonBook) -> tuple[Supposed | None, str]:
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
