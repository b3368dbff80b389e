"""Figures of policy: dated rows, and how each is changed, ended and withdrawn."""

import datetime as dt
from typing import cast

from flask import abort, render_template, request, url_for
from flask.typing import ResponseReturnValue

from npt.audit import queries as audit
from npt.core.authority import Permission
from npt.edge import actor, now, today
from npt.policy import services
from npt.policy.forms import EndForm, FigureForm, SeverityForm, YesNoForm
from npt.policy.queries import dated as queries
from npt.policy.rules import OPTIONAL_VALUES, VALUE_NAMES, Severity
from npt.policy.rules.dated import Standing
from npt.policy.rules.figures import kind_of, words_of
from npt.policy.services import NewFigure
from npt.policy.views import bp
from npt.policy.views.asking import ask, ask_to_withdraw, asked, preview_of_figure, start
from npt.policy.views.files import dated_file
from npt.web.access import requires
from npt.web.addresses import here


def _known(name: str) -> str:
    if name not in VALUE_NAMES:
        abort(404)
    return name


@bp.get("/figures/<name>")
@requires(Permission.VIEW_POLICY)
def figure(name: str) -> ResponseReturnValue:
    """One figure: its dated rows, where each comes from, and who changed it."""
    rows = queries.figure_rows(_known(name))
    if ending := request.args.get("format"):
        return dated_file(ending, "policy", rows, name)
    imported = [f"policy_value:{name}/{row.span.first_day}" for row in rows]
    return render_template(
        "policy/figure.html",
        name=name,
        words=words_of(name),
        rows=rows,
        here=here,
        today=today(),
        optional=name in OPTIONAL_VALUES,
        history=audit.history(f"policy_value:{name}", *imported),
    )


@bp.route("/figures/<name>/change", methods=["GET", "POST"])
@requires(Permission.CHANGE_POLICY)
def change_figure(name: str) -> ResponseReturnValue:
    """Give a figure another value from a day on."""
    kind = {bool: YesNoForm, Severity: SeverityForm}.get(kind_of(_known(name)), FigureForm)
    rows = queries.figure_rows(name)
    present = next((row for row in rows if row.span.standing(today()) is Standing.NOW), None)
    form = kind(**start(value=present.value if present else None))
    words = words_of(name)
    stands = f"It is {present.span.words} today." if present else "It has no value today."
    return ask(
        form,
        asked(f"Change: {words.label}", "Change this figure", (words.label, _address(name)), f"{words.says} {stands}"),
        lambda seen: services.change_figure(name, form.into(NewFigure), actor=actor(), at=now(), on=today(), seen=seen),
        f"{words.label} is changed.",
        _address(name),
        preview=lambda: preview_of_figure(name),
    )


@bp.route("/figures/<name>/end", methods=["GET", "POST"])
@requires(Permission.CHANGE_POLICY)
def end_figure(name: str) -> ResponseReturnValue:
    """Let a figure end that a force may leave without a value."""
    if _known(name) not in OPTIONAL_VALUES:
        abort(404)
    form, words = EndForm(**start()), words_of(name)
    return ask(
        form,
        asked(f"End: {words.label}", "End this figure", (words.label, _address(name)), warning=True),
        lambda seen: services.end_figure(
            name,
            cast(dt.date, form.last_day.data),
            str(form.why.data),
            actor=actor(),
            at=now(),
            on=today(),
            seen=seen,
        ),
        f"{words.label} has a last day.",
        _address(name),
    )


@bp.route("/figures/<name>/<int:row_id>/withdraw", methods=["GET", "POST"])
@requires(Permission.CHANGE_POLICY)
def withdraw_figure(name: str, row_id: int) -> ResponseReturnValue:
    """Take back a value that is still to come."""
    words = words_of(_known(name))
    return ask_to_withdraw(
        asked(f"Withdraw: {words.label}", "Withdraw this value", (words.label, _address(name)), warning=True),
        lambda seen: services.withdraw_figure(name, row_id, actor=actor(), at=now(), on=today(), seen=seen),
        f"{words.label}: the value that was to come is withdrawn.",
    )


def _address(name: str) -> str:
    return url_for("policy.figure", name=name)
