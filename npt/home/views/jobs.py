"""The scheduled jobs: when each last ran, which are late, and a run by hand."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue

from npt.audit import queries as audit
from npt.audit.queries import HistoryLine
from npt.core.authority import Permission
from npt.core.errors import Reason, Refused
from npt.edge import Job, actor, jobs, now, today, zone
from npt.home.forms import RunForm
from npt.policy.rules import NoPolicy
from npt.web.access import requires
from npt.web.addresses import this_page
from npt.web.downloads import Cell, list_file
from npt.web.paging import address_of, asked_page, page_of

bp = Blueprint("jobs", __name__, url_prefix="/jobs")

FINISHED = "job.finished"
DOES = {
    "duties": "It makes the duties of the weeks to come from shift patterns, and leaves alone what anybody entered. "
    "It may be run again at any time.",
    "minutes": "It adds up what the days that are over come to, so that the BCU month need not count them each time. "
    "It may be run again at any time.",
    "emails": "It deletes emails that have been kept long enough. It may be run again at any time.",
}
"""What those jobs do that judge nothing."""


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
    rows = job_rows()
    if ending := request.args.get("format"):
        return list_file(ending, "jobs", JOBS, [_job(row) for row in rows])
    return render_template("jobs/index.html", rows=rows, today=today())


JOBS = ("Job", "Runs at", "Last run", "How it ended", "Late", "Last due")
RUNS = ("When", "For", "Finished", "How it ended", "Asked for by")


def _job(row: JobRow) -> Sequence[Cell]:
    ended = str(row.last.details["outcome"]) if row.last and row.finished else ("Failed" if row.last else None)
    return [row.job.name, row.job.at, row.last.at if row.last else None, ended, row.late, row.due_at]


def _run(line: HistoryLine) -> Sequence[Cell]:
    finished, said = line.event == FINISHED, line.details
    return [line.at, said["on"], finished, said["outcome" if finished else "error"], said["by"]]


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
    if ending := request.args.get("format"):
        return list_file(ending, f"runs of {name}", RUNS, [_run(line) for line in audit.history(f"job:{name}")])
    form, outcome = RunForm(data={"on": today()}), None
    if name in DOES:
        form.on.label.text = "Day"
    if form.validate_on_submit():
        try:
            outcome = _by_hand(job, form)
        except Refused as refusal:
            form.refuse(refusal)
    return render_template(
        "jobs/run.html",
        job=job,
        does=DOES.get(name),
        form=form,
        outcome=outcome,
        page=page_of(audit.history(f"job:{name}"), asked_page()),
        address=address_of,
        here=this_page,
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
