"""The scheduled jobs: when each last ran, which are late, and a run by hand."""

import datetime as dt
from dataclasses import dataclass
from typing import cast

from flask import Blueprint, abort, render_template
from flask.typing import ResponseReturnValue

from npt.audit import queries as audit
from npt.audit.queries import HistoryLine
from npt.core.authority import Permission
from npt.core.errors import Reason, Refused
from npt.edge import Job, actor, jobs, now, today, zone
from npt.home.forms import RunForm
from npt.policy.rules import NoPolicy
from npt.web.access import requires
from npt.web.paging import address_of, asked_page, page_of

bp = Blueprint("jobs", __name__, url_prefix="/jobs")

FINISHED = "job.finished"


@dataclass(frozen=True, slots=True)
class JobRow:
    """A job, its last run, and the time it was last due."""

    job: Job
    last: HistoryLine | None
    due_at: dt.datetime

    @property
    def finished(self) -> bool:
        return self.last is not None and self.last.event == FINISHED

    @property
    def late(self) -> bool:
        """Whether nothing has finished since it was last due."""
        return self.last is None or not self.finished or self.last.at < self.due_at


@bp.get("/")
@requires(Permission.RUN_JOBS)
def index() -> ResponseReturnValue:
    """Every job, when it runs, and how its last run ended."""
    return render_template("jobs/index.html", rows=job_rows(), today=today())


def job_rows() -> list[JobRow]:
    """Every job with its last run."""
    last = audit.last_job_entries()
    return [JobRow(job, last.get(name), job.due_before(now(), zone())) for name, job in jobs().items()]


@bp.route("/<name>", methods=["GET", "POST"])
@requires(Permission.RUN_JOBS)
def run(name: str) -> ResponseReturnValue:
    """One job: its runs so far, and a run by hand for a day."""
    job = jobs().get(name)
    if job is None:
        abort(404)
    form, outcome = RunForm(data={"on": today()}), None
    if form.validate_on_submit():
        try:
            outcome = _by_hand(job, form)
        except Refused as refusal:
            form.refuse(refusal)
    return render_template(
        "jobs/run.html",
        job=job,
        form=form,
        outcome=outcome,
        page=page_of(audit.history(f"job:{name}"), asked_page()),
        address=address_of,
    )


def _by_hand(job: Job, form: RunForm) -> list[str]:
    """Run a job for a day that has begun. A day to come would be the newest judged, and every check until then idle.

    :raises Refused: when the day is still to come, or no policy is in force on it
    """
    day = cast(dt.date, form.on.data)
    if day > today():
        raise Refused(Reason("Enter today or an earlier day", "on"))
    try:
        return job.run(day, by=actor().name).splitlines()
    except NoPolicy as error:
        raise Refused(Reason(str(error), "on")) from error
