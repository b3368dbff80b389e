"""The scheduled checks: listed, run by hand, served."""

import datetime as dt

import click
from flask import current_app
from flask.cli import AppGroup

from npt import edge, scheduler
from npt.audit.queries import last_job_entries
from npt.core.errors import BadInput
from npt.policy.rules import NoPolicy
from npt.web.forms.typed import EARLIEST, LATEST

jobs = AppGroup("jobs", help="The scheduled checks.")


@jobs.command("list")
def list_jobs() -> None:
    """List the jobs, when each runs, and how its last run ended."""
    last = last_job_entries()
    width = max(len(name) for name in edge.jobs())
    for name, job in edge.jobs().items():
        entry = last.get(name)
        ended = "never run"
        if entry:
            ended = entry.details.get("outcome") or f"failed for {entry.details['on']}: {entry.details.get('error')}"
        click.echo(f"{name:<{width}}  {job.at:%H:%M}  {ended}")


@jobs.command("run")
@click.argument("name")
@click.option("--on", "day", metavar="YYYY-MM-DD", help="The day to judge. Today, when not given.")
def run_job(name: str, day: str | None) -> None:
    """Run a job by hand. For a day before the newest judged it prints what it would find and changes nothing."""
    scheduler.known(name)
    on = edge.today() if day is None else _day(day)
    if on > edge.today():
        click.echo(f"{on} is still to come: once it is judged, a run for an earlier day changes nothing.", err=True)
    try:
        click.echo(scheduler.run(name, on))
    except NoPolicy as error:
        raise BadInput(str(error)) from error


def _day(text: str) -> dt.date:
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        day = None
    if day is None or day.isoformat() != text or not EARLIEST <= day.year <= LATEST:
        raise BadInput(f'--on: enter a day as YYYY-MM-DD ("{text}")')
    return day


@jobs.command("serve")
def serve_jobs() -> None:
    """Run every job at its time, until stopped."""
    scheduler.serve(current_app._get_current_object())  # type: ignore[attr-defined]
