"""You said, we did: what residents asked of a panel and what was done; and the same in the shape of data.police.uk."""

import datetime as dt
from collections.abc import Sequence

from flask import Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from npt.audit import queries as audit
from npt.core.authority import Permission
from npt.core.errors import Refused
from npt.edge import actor, now, policy, today, transaction, zone
from npt.panels import queries, services
from npt.panels.forms import AnswerForm
from npt.panels.rules import police_uk
from npt.panels.rules.answers import SaidAndDone
from npt.panels.rules.police_uk import PublicFile
from npt.panels.services import NewAnswer
from npt.panels.views import bp
from npt.web.access import requires
from npt.web.addresses import this_page
from npt.web.banners import say
from npt.web.downloads import Cell, list_file

HEADER = ("Priority", "You said", "Detail", "Asked on", "We did", "What came of it", "Said on", "Where it stands")


def _row(row: SaidAndDone) -> Sequence[Cell]:
    answer = row.answer
    said = (answer.done, answer.result, answer.on) if answer else (None, None, None)
    return [row.ref, row.title, row.detail, row.adopted_on, *said, row.stands]


@bp.get("/<code>/you-said-we-did")
@requires(Permission.VIEW_PANELS)
def you_said(code: str) -> ResponseReturnValue:
    """What residents asked of a panel, what was done, and where that stands: to be printed and hung up."""
    page = queries.you_said(code, actor().scope, today(), policy(today()), zone())
    if ending := request.args.get("format"):
        return list_file(ending, f"you said we did {code}", HEADER, [_row(row) for row in page.rows])
    return render_template("panels/you_said.html", page=page, panel=page.panel, here=this_page)


@bp.route("/priorities/<int:priority_id>/we-did", methods=["GET", "POST"])
@requires(Permission.CHANGE_PANELS)
def answer(priority_id: int) -> ResponseReturnValue:
    """Tell residents what was done about a priority."""
    priority, row = queries.answer_row(priority_id, actor().scope, lock=False)
    panel = priority.panel
    form = AnswerForm(data={"done": row.done, "result": row.result} if row else {})
    if form.validate_on_submit():
        try:
            with transaction():
                services.answer_priority(priority_id, form.into(NewAnswer), actor=actor(), at=now(), on=today())
        except Refused as refusal:
            form.refuse(refusal)
        else:
            say(f"Residents can read what was done about “{priority.title}”.")
            return redirect(url_for("panels.you_said", code=panel.code))
    return render_template(
        "panels/answer.html",
        form=form,
        priority=priority,
        panel=panel,
        history=audit.history(f"priority:{priority.ref}"),
    )


@bp.get("/<code>/police-uk/<any(priorities, events):what>.json")
@requires(Permission.VIEW_PANELS)
def police_uk_file(code: str, what: str) -> Response:
    """What everybody may know of a panel, in the shape in which data.police.uk gives it out."""
    page = queries.you_said(code, actor().scope, today(), policy(today()), zone())
    if PublicFile(what) is PublicFile.PRIORITIES:
        rows = police_uk.priority_rows(page.rows)
    else:
        meetings = [(row.sitting, row.venue) for row in page.panel.meetings]
        length = dt.timedelta(hours=policy(today()).panel_meeting_hours)
        rows = police_uk.event_rows(page.panel.name, meetings, length, zone())
    response = Response(police_uk.written(rows), content_type="application/json; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{code}-{what}.json"'
    return response
