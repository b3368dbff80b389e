"""Create and change a panel; appoint its chair and vice-chair and end their terms."""

import datetime as dt
from typing import cast

from flask import abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from npt.core.authority import EVERYTHING, Permission
from npt.core.errors import Refused
from npt.edge import actor, now, today, transaction
from npt.panels import queries, services
from npt.panels.forms import ChangePanelForm, EndTermForm, NewPanelForm, NewTermForm
from npt.panels.services import ChangeOfPanel, NewPanel, NewTerm
from npt.panels.views import bp
from npt.panels.views.within import own_panel
from npt.people import queries as people
from npt.web.access import requires
from npt.web.banners import say
from npt.web.filters import day


@bp.route("/new", methods=["GET", "POST"])
@requires(Permission.CHANGE_PANELS)
def new() -> ResponseReturnValue:
    """Create a panel that one of the actor's teams leads."""
    form = NewPanelForm(data={"first_day": today()})
    every = [team for team in people.teams(EVERYTHING) if team.live(today(), today())]
    own = {team.code: team.name for team in every if actor().scope.has_team(team.id)}
    form.offer(own, _neighbours(own))
    if form.validate_on_submit():
        try:
            with transaction():
                made = services.create_panel(form.into(NewPanel), actor=actor(), at=now())
        except Refused as refusal:
            form.refuse(refusal)
        else:
            say(f"{made.name} panel is created. Appoint its chair and plan its first meeting.")
            return redirect(url_for("panels.show", code=made.code))
    return render_template("panels/new.html", form=form, own=own)


def _neighbours(own: dict[str, str], *more: str) -> dict[str, str]:
    """The live teams of the BCUs that some teams stand in, by code; and any others named."""
    every = people.teams(EVERYTHING)
    bcus = {team.bcu_id for team in every if team.code in own}
    shown = [team for team in every if team.code in more or (team.bcu_id in bcus and team.live(today(), today()))]
    return {team.code: team.name for team in sorted(shown, key=lambda team: team.name)}


@bp.route("/<code>/edit", methods=["GET", "POST"])
@requires(Permission.CHANGE_PANELS)
def edit(code: str) -> ResponseReturnValue:
    """Change what a panel is called, whom it serves, how often it meets, or when it ends."""
    panel = own_panel(code).panel
    form = ChangePanelForm(
        data={
            "name": panel.name,
            "district": panel.district,
            "teams": [team.code for team in panel.teams],
            "cadence_weeks": panel.cadence_weeks,
            "last_day": panel.last_day,
        }
    )
    form.offer(_neighbours({panel.lead.code: panel.lead.name}, *(team.code for team in panel.teams)))
    if form.validate_on_submit():
        try:
            with transaction():
                changed = services.change_panel(code, form.into(ChangeOfPanel), actor=actor(), at=now())
        except Refused as refusal:
            form.refuse(refusal)
        else:
            say(f"{form.name.data} panel is changed." if changed else "Nothing was changed.")
            return redirect(url_for("panels.show", code=code))
    return render_template("panels/edit.html", form=form, panel=panel)


@bp.route("/<code>/chairs/new", methods=["GET", "POST"])
@requires(Permission.CHANGE_PANELS)
def appoint(code: str) -> ResponseReturnValue:
    """Appoint a chair or vice-chair."""
    panel = own_panel(code).panel
    form = NewTermForm(data={"first_day": today()})
    if form.validate_on_submit():
        try:
            with transaction():
                made = services.appoint(code, form.into(NewTerm), actor=actor(), at=now(), on=today())
        except Refused as refusal:
            form.refuse(refusal)
        else:
            say(f"{made.name} is {made.office.label.lower()} of {panel.name} panel from {day(made.first_day)}.")
            return redirect(url_for("panels.show", code=code))
    return render_template("panels/appoint.html", form=form, panel=panel)


@bp.route("/chairs/<int:term_id>/end", methods=["GET", "POST"])
@requires(Permission.CHANGE_PANELS)
def end_term(term_id: int) -> ResponseReturnValue:
    """Set the last day of a term of office."""
    row = queries.term_row(term_id, actor().scope, lock=False)
    if not actor().scope.has_team(row.panel.lead_team_id):
        abort(404)
    code, form = row.panel.code, EndTermForm(data={"last_day": row.last_day or today()})
    if form.validate_on_submit():
        last_day = cast("dt.date", form.last_day.data)
        try:
            with transaction():
                services.end_term(term_id, last_day, actor=actor(), at=now())
        except Refused as refusal:
            form.refuse(refusal)
        else:
            say(f"{row.name} is {row.office.label.lower()} to {day(last_day)}.")
            return redirect(url_for("panels.show", code=code))
    return render_template("panels/end_term.html", form=form, term=row, panel=row.panel)
