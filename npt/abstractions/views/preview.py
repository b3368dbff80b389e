"""What would a past month have been under this? Pages that store nothing."""

from collections.abc import Sequence
from decimal import Decimal
from enum import StrEnum
from typing import Any

from flask import abort, render_template, request, url_for
from flask.typing import ResponseReturnValue

from npt.abstractions.forms.preview import PreviewForm, What
from npt.abstractions.queries import Question
from npt.abstractions.queries.preview import Compared, compare, struck_of
from npt.abstractions.queries.struck import StruckRow
from npt.abstractions.rules.supposing import ENTRY_FIGURES, HOW_COUNTED
from npt.abstractions.views import bp
from npt.abstractions.views.supposing import Supposition, kept_of_supposition, month_in_words, supposition
from npt.core.authority import Permission
from npt.edge import actor, now, policy
from npt.policy.queries import reason_book
from npt.policy.rules import Definition, Group, TargetScope
from npt.policy.rules.words import GROUP_LABELS
from npt.web.access import requires
from npt.web.addresses import other_page, this_page
from npt.web.downloads import Cell, list_file
from npt.web.paging import address_of, asked_page, page_of

HEADER = ("Unit", "Rate, per cent", "Would be", "Target, per cent", "Would be", "Status", "Would be")


class Side(StrEnum):
    """As a month was, or as it would have been."""

    WAS = "was"
    WOULD_BE = "would_be"


@bp.get("/preview")
@requires(Permission.VIEW_ABSTRACTIONS)
def preview() -> ResponseReturnValue:
    """A past month by team and BCU: rate, target and status as they were, and as they would have been."""
    asked = supposition(reason_book())
    form, supposed = asked.form, asked.supposed
    if supposed is None:
        return render_template("abstractions/preview.html", form=form, lines=None, words="", month=None)
    question = _question(asked)
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
        words=asked.words,
        month=asked.month,
        name=month_in_words(asked.month),
        counted=counted,
        how=HOW_COUNTED.get(supposed.figure[0], "") if supposed.figure else "",
        group=GROUP_LABELS[supposed.group],
        everybody=supposed.group is Group.ALL,
        definition=question.definition,
        here=this_page,
        back=_back(form),
        behind=_Behind(question, form),
    )


@bp.get("/preview/struck/<side>")
@requires(Permission.VIEW_ABSTRACTIONS)
def struck(side: str) -> ResponseReturnValue:
    """What a figure struck of a unit in a past month, or would have: entries, people, nights or returns."""
    asked = supposition(reason_book())
    name = asked.supposed.figure[0] if asked.supposed and asked.supposed.figure else ""
    scope, _, code = request.args.get("of", "").partition(":")
    if asked.supposed is None or name not in ENTRY_FIGURES or side not in set(Side) or scope not in set(TargetScope):
        abort(404)
    question = _question(asked)
    found = struck_of(question, asked.supposed, actor().scope, TargetScope(scope), code)
    if found is None:
        abort(404)
    rows = found.was if side == Side.WAS else found.would_be
    if ending := request.args.get("format"):
        return list_file(ending, f"{name} {asked.form.month.data}", STRUCK, [_struck(row) for row in rows])
    return render_template(
        "abstractions/struck.html",
        page=page_of(rows, asked_page()),
        address=address_of,
        unit=found.name,
        month=asked.month,
        words=asked.words if side == Side.WOULD_BE else "",
        counted=ENTRY_FIGURES[name],
        how=HOW_COUNTED.get(name, ""),
        reasons=question.reasons,
        here=this_page,
        back=other_page("abstractions.preview", ("of", "page")),
    )


def _question(asked: Supposition) -> Question:
    month = asked.month
    definition = asked.form.definition.data or Definition.LOCAL
    return Question(month, now(), policy(month.last_day), reason_book(), definition)


class _Behind:
    """Where what makes a figure of the preview stands: as the month was, and as it would have been."""

    def __init__(self, question: Question, form: PreviewForm) -> None:
        self._window, self._form = question.window, form
        self._definition = question.definition

    def entries(self, line: Compared, side: str) -> str:
        """The entries of a unit, counted by policy as it was or as it would have been."""
        more: dict[str, Any] = {} if line.scope is TargetScope.FORCE else {line.scope.value: line.code}
        if self._form.group.data is not Group.ALL:
            more["group"] = self._form.group.data.value
        if side == Side.WOULD_BE and self._form.what.data is What.REASON:
            more |= {**kept_of_supposition(), "month": self._form.month.data}
        return url_for(
            "abstractions.index",
            first=self._window.first_day.isoformat(),
            last=self._window.last_day.isoformat(),
            definition=self._definition.value,
            **more,
        )

    def struck(self, line: Compared, side: str) -> str:
        """What the figure struck of a unit."""
        of = f"{line.scope.value}:{line.code}"
        return other_page("abstractions.struck", ("only", "format"), {"side": side}, of=of)


def _back(form: PreviewForm) -> str:
    """The form of the change, as it was filled in; nothing for somebody who may not make that change."""
    if not actor().may(Permission.SET_TARGETS if form.what.data is What.TARGET else Permission.CHANGE_POLICY):
        return ""
    typed: dict[str, Any] = {
        name: request.args.getlist(name)
        for name in request.args
        # What begins with a line beneath is one of Flask's own words and no field of a form.
        if name not in ("month", "definition", "what", "only") and not name.startswith("_")
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


STRUCK = (
    "Team",
    "Collar number",
    "Name",
    "Ref",
    "Reason",
    "From",
    "To",
    "Logged",
    "Night",
    "First of the days before",
    "Minutes of duty",
    "Minutes counted",
)


def _struck(row: StruckRow) -> Sequence[Cell]:
    entry, share = row.entry, row.share
    return [
        row.team.code,
        row.person.collar_number if row.person else None,
        f"{row.person.forename} {row.person.surname}" if row.person else None,
        entry.ref if entry else None,
        entry.reason if entry else None,
        entry.starts_at if entry else None,
        entry.ends_at if entry else None,
        row.logged_at,
        row.night,
        row.looked_back.first_day if row.looked_back else None,
        share.duty_minutes if share else None,
        share.abstracted_minutes if share else None,
    ]
