"""Priorities and events of data.police.uk: taken in by an administrator for one panel."""

from flask import render_template
from flask.typing import ResponseReturnValue

from npt.accounts import queries as accounts
from npt.accounts.rules import UnitKind
from npt.core.authority import Permission
from npt.core.errors import BadInput, Problem
from npt.edge import actor, now, transaction, zone
from npt.exchange.forms import PoliceUkForm
from npt.exchange.views import bp
from npt.exchange.views.names import own_name
from npt.panels import services as panels
from npt.web.access import requires

MOST_PROBLEMS = 20
"""Problems on the page: more are not mended one by one."""


@bp.route("/police-uk", methods=["GET", "POST"])
@requires(Permission.RUN_IMPORTS)
def police_uk() -> ResponseReturnValue:
    """Take in one file in the public shape for a panel, and say what came of its rows."""
    form = PoliceUkForm()
    form.panel.choices = {unit.code: unit.name for unit in accounts.units() if unit.kind is UnitKind.PANEL}
    taken, problems = None, []
    if form.validate_on_submit():
        file = form.file.data
        name = own_name(file.filename or "")
        try:
            with transaction():
                taken = panels.take_in_public(
                    form.panel.data, name, file.stream.read(), actor=actor(), at=now(), zone=zone()
                )
        except BadInput as error:
            problems = [problem for problem in error.problems if isinstance(problem, Problem)]
            form.file.errors = [f"Nothing was changed: {problem}" for problem in problems[:MOST_PROBLEMS]]
    more = max(0, len(problems) - MOST_PROBLEMS)
    return render_template("exchange/police_uk.html", form=form, taken=taken, more=more)
