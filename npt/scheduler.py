"""The only way a job is run: by hand, by an administrator, or at its time of day."""

import datetime as dt
import signal
import tomllib
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import partial
from pathlib import Path

import structlog
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.blocking import BlockingScheduler
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger
from flask import Flask

from npt.abstractions import jobs as abstractions
from npt.audit import queries as records
from npt.audit import services as audit
from npt.core.authority import Actor, system
from npt.core.db import transaction, try_lock
from npt.core.errors import BadInput
from npt.core.periods import local_day
from npt.edge import Job, now, settings, zone
from npt.mail import jobs as mail
from npt.panels import jobs as panels
from npt.policy.rules import NoPolicy
from npt.problem_solving import jobs as problem_solving
from npt.settings import ROOT
from npt.staffing import jobs as staffing

log = structlog.get_logger(__name__)

JOBS: dict[str, Callable[[dt.date, Actor], str]] = {
    "duties": abstractions.duties,
    "minutes": abstractions.minutes,
    "vacancies": staffing.vacancies,
    "supervision": staffing.supervision,
    "abstractions": abstractions.abstractions,
    "returns": abstractions.returns,
    "contacts": staffing.contacts,
    "panels": panels.panels,
    "priorities": panels.priorities,
    "plans": problem_solving.plans,
    "emails": mail.emails,
}

SCHEDULE = ROOT / "config" / "schedule.toml"

ALREADY_RUN = "already run"
ALREADY_RUNNING = "already running"

_NEVER_FROM, _NEVER_TO = dt.time(1), dt.time(2)


def run(name: str, on: dt.date, due_at: dt.datetime | None = None, *, once: bool = False, by: str | None = None) -> str:
    """Run a job for a day, alone, in one transaction; all of it or none. Returns its outcome in words.

    Running it again for the same day changes nothing.

    :param due_at: the scheduled time; of several schedulers that come for the same one, one runs it
    :param once: do nothing when a run for that day has finished
    :param by: who asked, when somebody did
    :raises BadInput: when there is no such job
    :raises NoPolicy: when a figure the job needs has no value in force
    """
    known(name)
    if due_at is not None and not _take(name, due_at):
        return ALREADY_RUN
    try:
        outcome = _alone(name, on, once=once, by=by)
    except Exception as error:
        expected = isinstance(error, NoPolicy)
        log.error("job.failed", job=name, on=on.isoformat(), why=str(error), exc_info=None if expected else error)
        with transaction():
            audit.record(
                "job.failed", _subject(name), actor=system(name), at=now(), on=on, by=by, error=type(error).__name__
            )
        raise
    log.info("job.ended", job=name, on=on.isoformat(), outcome=_first_line(outcome))
    return outcome


def _alone(name: str, on: dt.date, *, once: bool, by: str | None) -> str:
    with transaction():
        if not try_lock(f"job:{name}"):
            return ALREADY_RUNNING
        if once and records.job_finished(name, on):
            return ALREADY_RUN
        outcome = JOBS[name](on, system(name))
        audit.record(
            "job.finished", _subject(name), actor=system(name), at=now(), on=on, by=by, outcome=_first_line(outcome)
        )
    return outcome


def _subject(name: str) -> str:
    return f"job:{name}"


def _take(name: str, due_at: dt.datetime) -> bool:
    with transaction():
        return audit.take_run(name, due_at, at=now())


def _first_line(outcome: str) -> str:
    return outcome.split("\n", 1)[0]


def known(name: str) -> str:
    """The name, when there is a job of that name.

    :raises BadInput: listing the jobs there are
    """
    if name not in JOBS:
        raise BadInput(f'NAME: no such job; there are {", ".join(JOBS)} ("{name}")')
    return name


def schedule(path: Path = SCHEDULE) -> dict[str, dt.time]:
    """When each job runs, on the station clock.

    :raises BadInput: with a line for each time that cannot be used, each job without a time, each name that is no job
    """
    with path.open("rb") as file:
        written: Mapping[str, object] = tomllib.load(file).get("jobs", {})
    problems = [f"{path.name}: {name}: no time is given" for name in JOBS if name not in written]
    problems += [f"{path.name}: {name}: no such job" for name in written if name not in JOBS]
    times = {}
    for name, text in written.items():
        try:
            times[name] = _time(str(text))
        except ValueError as error:
            problems.append(f'{path.name}: {name}: {error} ("{text}")')
    if problems:
        raise BadInput(*problems)
    return {name: times[name] for name in JOBS}


def _time(text: str) -> dt.time:
    try:
        at = dt.datetime.strptime(text, "%H:%M").time()  # noqa: DTZ007 - a time of day has no zone
    except ValueError as error:
        raise ValueError("enter a time like 02:30") from error
    if _NEVER_FROM <= at <= _NEVER_TO:
        raise ValueError("nothing is scheduled between 01:00 and 02:00, which the clock change repeats or skips")
    return at


def registry() -> Mapping[str, Job]:
    """Every job with its time of day, for those who list them and run them by hand."""
    return {name: Job(name, at, partial(run, name)) for name, at in schedule().items()}


def serve(app: Flask) -> None:
    """Run every job at its time until told to stop; first those of today whose time has passed and that did not finish.

    A machine that slept through the time runs the job when it wakes. SIGTERM and SIGINT let a job that is running end.
    """
    with app.app_context():
        scheduler = _scheduler(app, registry())
    try:
        # Everything after the handlers stand is inside: a signal may come at the very next instruction.
        with suppress(SystemExit):
            for number in (signal.SIGTERM, signal.SIGINT):
                signal.signal(number, _stop)
            log.info("scheduler.started", jobs=sorted(JOBS))
            catch_up(app, now())
            scheduler.start()
    finally:
        if scheduler.running:
            scheduler.shutdown(wait=True)
        log.info("scheduler.stopped")


def _stop(*_: object) -> None:
    raise SystemExit


def _scheduler(app: Flask, jobs: Mapping[str, Job]) -> BlockingScheduler:
    # One job at a time; however late, because a night's checks are worth having in the morning; and once, not once
    # for every night that was missed.
    scheduler = BlockingScheduler(
        timezone=zone(),
        executors={"default": ThreadPoolExecutor(1)},
        job_defaults={"misfire_grace_time": None, "coalesce": True},
    )
    for job in jobs.values():
        trigger = CronTrigger(hour=job.at.hour, minute=job.at.minute, timezone=zone())
        scheduler.add_job(_due, trigger, args=[app, job], id=job.name)
    if settings().smtp is not None:
        # No job of a day's: it is due all the time, and holds no transaction open while the mail server is spoken to.
        scheduler.add_job(mail.deliver_in, IntervalTrigger(minutes=1), args=[app], id="deliver emails")
    return scheduler


def _due(app: Flask, job: Job) -> None:
    with app.app_context(), suppress(Exception):  # logged, and in the record; the scheduler goes on
        due_at = job.due_before(now(), zone())
        run(job.name, local_day(due_at, zone()), due_at)


def catch_up(app: Flask, at: dt.datetime) -> None:
    """Run every job of today whose time has passed and that has not finished: it was missed, or cut off half-way."""
    with app.app_context():
        on = local_day(at, zone())
        for job in registry().values():
            if local_day(job.due_before(at, zone()), zone()) == on:
                with suppress(Exception):  # logged, and in the record
                    run(job.name, on, once=True)
