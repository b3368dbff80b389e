"""Reasons a BCU bars for its NPT staff."""

from typing import cast

from flask import abort, render_template, request, url_for
from flask.typing import ResponseReturnValue

from npt.audit import queries as audit
from npt.core.authority import Permission
from npt.edge import actor, now, today
from npt.people import queries as people
from npt.policy import services
from npt.policy.forms import BarForm
from npt.policy.queries import dated as queries
from npt.policy.queries import reason_book
from npt.policy.rules.barring import Strength
from npt.policy.services import NewBar
from npt.policy.views import bp
from npt.policy.views.asking import ask, ask_to_withdraw, asked, root, start
from npt.policy.views.files import dated_file
from npt.web.access import requires
from npt.web.addresses import here

USUAL = "course"
"""The reason the source report asks about: specialist courses."""


@bp.get("/bars/<bcu>/<code>")
@requires(Permission.VIEW_POLICY)
def bar(bcu: str, code: str) -> ResponseReturnValue:
    """One BCU's bar on a reason: its dated rows, and who set it and why."""
    scope, book = actor().scope, reason_book()
    teams = people.teams(scope)
    named = {each.code: each.name for each in people.bcus(scope)} | {team.bcu_code: team.bcu_name for team in teams}
    if bcu not in named or code not in book.codes:
        abort(404)
    rows = [row for row in queries.bar_rows(scope, of_teams=teams, reason=code) if row.bcu_code == bcu]
    if ending := request.args.get("format"):
        return dated_file(ending, "bars", rows, f"{bcu} {code}")
    return render_template(
        "policy/bar.html",
        bcu=bcu,
        bcu_name=named[bcu],
        code=code,
        label=book.label(code),
        rows=rows,
        here=here,
        today=today(),
        own=bcu in {each.code for each in people.bcus(scope)},
        history=audit.history(f"reason_bar:{bcu}/{code}"),
    )


@bp.route("/bars/set", methods=["GET", "POST"])
@requires(Permission.BAR_REASONS)
def set_bar() -> ResponseReturnValue:
    """Bar a reason for NPT staff of a BCU from a day on, or end a bar."""
    bcus = {each.code: f"{each.name} BCU" for each in people.bcus(actor().scope)}
    reasons = {row.code: row.label for row in reason_book().in_force(today())}
    form = BarForm(
        bcus,
        reasons,
        **start(
            bcu=request.args.get("bcu") or (next(iter(bcus)) if len(bcus) == 1 else None),
            reason=request.args.get("reason", USUAL),
            strength=Strength.WARN.value,
        ),
    )
    return ask(
        form,
        asked(
            "Bar a reason",
            "Set this bar",
            root(),
            "For anybody whose present team, on the day an entry starts, is in the BCU.",
        ),
        lambda seen: services.set_bar(
            str(form.bcu.data),
            str(form.reason.data),
            form.into(NewBar),
            actor=actor(),
            at=now(),
            on=today(),
            seen=seen,
        ),
        f"{reasons.get(str(form.reason.data), '')} is set for {bcus.get(str(form.bcu.data), '')}:"
        f" {cast(Strength, form.strength.data).label.lower() if form.strength.data else ''}.",
        _address(str(form.bcu.data), str(form.reason.data)),
    )


@bp.route("/bars/<bcu>/<code>/<int:row_id>/withdraw", methods=["GET", "POST"])
@requires(Permission.BAR_REASONS)
def withdraw_bar(bcu: str, code: str, row_id: int) -> ResponseReturnValue:
    """Take back a bar that is still to come."""
    label = reason_book().label(code)
    return ask_to_withdraw(
        asked(f"Withdraw the bar on {label}", "Withdraw this bar", (label, _address(bcu, code)), warning=True),
        lambda seen: services.withdraw_bar(bcu, code, row_id, actor=actor(), at=now(), on=today(), seen=seen),
        f"{label}: the bar that was to come is withdrawn.",
    )


def _address(bcu: str, code: str) -> str:
    return url_for("policy.bar", bcu=bcu or "none", code=code or "none")
