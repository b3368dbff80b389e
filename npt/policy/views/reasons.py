"""Reasons: dated rows, and how each is opened, changed, ended and withdrawn."""

import datetime as dt
from typing import cast

from flask import abort, render_template, request, url_for
from flask.typing import ResponseReturnValue

from npt.audit import queries as audit
from npt.core.authority import Permission
from npt.edge import actor, now, today
from npt.people import queries as people
from npt.policy import services
from npt.policy.forms import EndForm, NewReasonForm, ReasonForm
from npt.policy.queries import dated as queries
from npt.policy.queries import reason_book
from npt.policy.queries.dated import ReasonLine
from npt.policy.rules import FIXED_FAMILIES
from npt.policy.rules.words import COUNTED_GRADES
from npt.policy.services import NewReason
from npt.policy.views import bp
from npt.policy.views.asking import ask, ask_to_withdraw, asked, preview_of, root, start
from npt.policy.views.files import dated_file
from npt.web.access import requires
from npt.web.addresses import here

FORM = "policy/edit_reason.html"
_JUDGED = "Each duty is judged by the day it starts. No day that is over changes."


def _lines(code: str) -> list[ReasonLine]:
    found = queries.reason_lines(code)
    if not found:
        abort(404)
    return found


@bp.get("/reasons/<code>")
@requires(Permission.VIEW_POLICY)
def reason(code: str) -> ResponseReturnValue:
    """One reason: for whom it counts under each definition, its dated rows, who bars it, and who changed it."""
    lines, scope = _lines(code), actor().scope
    bars = queries.bar_rows(scope, of_teams=people.teams(scope), reason=code)
    if ending := request.args.get("format"):
        if request.args.get("list") == "bars":
            return dated_file(ending, "bars", bars, code)
        return dated_file(ending, "reasons", lines, code)
    imported = [f"reason:{code}/{line.span.first_day}" for line in lines]
    return render_template(
        "policy/reason.html",
        code=code,
        lines=lines,
        present=reason_book().on(code, today()),
        today=today(),
        grades=COUNTED_GRADES,
        bars=bars,
        here=here,
        history=audit.history(f"reason:{code}", *imported),
    )


@bp.route("/reasons/new", methods=["GET", "POST"])
@requires(Permission.CHANGE_POLICY)
def new_reason() -> ResponseReturnValue:
    """Open a reason that there was not before."""
    book = reason_book()
    families = {book.family(code): book.family(code).capitalize() for code in book.codes}
    families |= {family: family.capitalize() for family in FIXED_FAMILIES} | {"other": "Other"}
    form = NewReasonForm(dict(sorted(families.items())), **start())
    code = str(form.code.data or "")
    return ask(
        form,
        asked("Open a reason", "Open this reason", root(), _JUDGED),
        lambda _: services.open_reason(
            code, str(form.family.data), form.into(NewReason), actor=actor(), at=now(), on=today()
        ),
        f"{form.label.data} is opened.",
        _address(code) if code else "",
        template=FORM,
        grades=COUNTED_GRADES,
    )


@bp.route("/reasons/<code>/change", methods=["GET", "POST"])
@requires(Permission.CHANGE_POLICY)
def change_reason(code: str) -> ResponseReturnValue:
    """Give a reason other words, or let it count for others, from a day on."""
    lines = _lines(code)
    row = reason_book().on(code, today()) or lines[-1].row
    form = ReasonForm(
        **start(
            label=row.label,
            guidance=row.guidance,
            counts_local=sorted(row.counts_local),
            counts_national=sorted(row.counts_national),
        )
    )
    return ask(
        form,
        asked(f"Change: {row.label}", "Change this reason", (row.label, _address(code)), _JUDGED),
        lambda seen: services.change_reason(code, form.into(NewReason), actor=actor(), at=now(), on=today(), seen=seen),
        f"{form.label.data} is changed.",
        _address(code),
        preview=lambda: preview_of("reason", code=code),
        template=FORM,
        grades=COUNTED_GRADES,
    )


@bp.route("/reasons/<code>/end", methods=["GET", "POST"])
@requires(Permission.CHANGE_POLICY)
def end_reason(code: str) -> ResponseReturnValue:
    """Let a reason end: from the next day on it cannot be logged."""
    label = _lines(code)[-1].row.label
    form = EndForm(**start())
    return ask(
        form,
        asked(f"End: {label}", "End this reason", (label, _address(code)), warning=True),
        lambda seen: services.end_reason(
            code,
            cast(dt.date, form.last_day.data),
            str(form.why.data),
            actor=actor(),
            at=now(),
            on=today(),
            seen=seen,
        ),
        f"{label} has a last day.",
        _address(code),
    )


@bp.route("/reasons/<code>/<int:row_id>/withdraw", methods=["GET", "POST"])
@requires(Permission.CHANGE_POLICY)
def withdraw_reason(code: str, row_id: int) -> ResponseReturnValue:
    """Take back a row of a reason that is still to come."""
    label = _lines(code)[-1].row.label
    return ask_to_withdraw(
        asked(f"Withdraw: {label}", "Withdraw what is to come", (label, _address(code)), warning=True),
        lambda seen: services.withdraw_reason(code, row_id, actor=actor(), at=now(), on=today(), seen=seen),
        f"{label}: what was to come is withdrawn.",
    )


def _address(code: str) -> str:
    return url_for("policy.reason", code=code)
