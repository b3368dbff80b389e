"""Jobs run once, alone, wholly or not at all, at the times the schedule gives."""

import datetime as dt
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import func, select

from npt import scheduler
from npt.audit.models import AuditEntry, JobRun
from npt.audit.queries import history, verdict
from npt.cli import npt
from npt.core import db
from npt.core.authority import EVERYTHING
from npt.core.errors import BadInput
from npt.edge import Job
from npt.flags import queries as flags
from npt.policy.cli import start_policy
from npt.policy.rules import NoPolicy
from npt.settings import ROOT
from tests import make
from tests.conftest import TODAY

LONDON = ZoneInfo("Europe/London")
DUE = dt.datetime(2026, 11, 12, 2, 30, tzinfo=dt.UTC)
BEFORE_ANY_POLICY = dt.date(1999, 1, 1)


@pytest.fixture
def at_work(app: Flask, session: object) -> Iterator[Flask]:
    """The application at work, with a policy and one vacant post."""
    _one_vacant_post()
    with app.app_context():
        yield app


def _one_vacant_post() -> None:
    with db.transaction():
        start_policy()
    make.post(make.team(), ref="SOH-PC-3")


def runs(event: str = "job.finished") -> int:
    return db.session.scalar(select(func.count(AuditEntry.id)).where(AuditEntry.event == event)) or 0


def found() -> list[str]:
    return [flag.subject for flag in flags.open_for(EVERYTHING)]


def test_nothing_is_scheduled_in_the_hour_the_clocks_repeat_or_skip() -> None:
    assert not [at for at in scheduler.schedule().values() if dt.time(1) <= at <= dt.time(2)]


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ('vacancies = "02:30"', "schedule.toml: abstractions: no time is given"),
        ('vacancies = "02:30"\nabstractions = "02:40"\nmeals = "12:00"', "schedule.toml: meals: no such job"),
        ('vacancies = "25:00"\nabstractions = "02:40"', 'schedule.toml: vacancies: enter a time like 02:30 ("25:00")'),
        ('vacancies = "02:30"\nabstractions = "01:40"', "between 01:00 and 02:00"),
    ],
)
def test_a_schedule_that_cannot_be_kept_stops_the_start_and_says_why(tmp_path: Path, written: str, said: str) -> None:
    path = tmp_path / "schedule.toml"
    others = [f'{name} = "03:00"\n' for name in scheduler.JOBS if name not in ("vacancies", "abstractions")]
    path.write_text(f"[jobs]\n{''.join(others)}{written}\n")

    with pytest.raises(BadInput) as refused:
        scheduler.schedule(path)

    [problem] = refused.value.problems
    assert said in str(problem)


@pytest.mark.parametrize(
    ("moment", "due"),
    [
        ("2026-11-12 02:30", "2026-11-12 02:30"),
        ("2026-11-12 02:29", "2026-11-11 02:30"),
        ("2026-07-01 01:30", "2026-07-01 01:30"),
        ("2026-07-01 00:30", "2026-06-30 01:30"),
    ],
)
def test_a_job_is_due_at_its_time_on_the_station_clock(moment: str, due: str) -> None:
    job = Job("vacancies", dt.time(2, 30), lambda on: "")

    assert job.due_before(make.at(moment), LONDON) == make.at(due)


@pytest.mark.usefixtures("at_work")
def test_a_job_run_twice_by_hand_finishes_twice_and_changes_nothing_the_second_time() -> None:
    scheduler.run("vacancies", TODAY)
    second = scheduler.run("vacancies", TODAY)

    assert "0 opened, 0 escalated, 0 updated, 0 closed" in second
    assert found() == ["SOH-PC-3"]
    assert runs() == 2


@pytest.mark.usefixtures("at_work")
def test_a_scheduled_run_taken_by_one_scheduler_is_left_alone_by_the_next() -> None:
    first = scheduler.run("vacancies", TODAY, DUE)
    second = scheduler.run("vacancies", TODAY, DUE)

    assert "1 opened" in first
    assert second == "already run"
    assert runs() == 1


@pytest.mark.usefixtures("at_work")
def test_a_job_that_fails_is_in_the_record_as_failed_and_leaves_nothing_else() -> None:
    with pytest.raises(NoPolicy):
        scheduler.run("vacancies", BEFORE_ANY_POLICY, by="Sam Okafor")

    assert found() == []
    [line] = history("job:vacancies")
    assert line.event == "job.failed"
    assert line.details == {"on": "1999-01-01", "by": "Sam Okafor", "error": "NoPolicy"}


@pytest.mark.usefixtures("at_work")
def test_an_unknown_job_is_bad_input_that_names_the_jobs_there_are() -> None:
    with pytest.raises(BadInput, match="vacancies, supervision, abstractions"):
        scheduler.run("meals", TODAY)

    assert runs("job.failed") == 0


def test_a_start_in_the_morning_makes_up_for_the_night_and_a_second_start_does_not(at_work: Flask) -> None:
    nine = make.at("2026-11-12 09:00")

    scheduler.catch_up(at_work, nine)
    scheduler.catch_up(at_work, nine)

    assert "SOH-PC-3" in found()
    assert runs() == len(scheduler.JOBS)


def test_a_start_before_the_time_of_day_runs_nothing(at_work: Flask) -> None:
    scheduler.catch_up(at_work, make.at("2026-11-12 02:00"))

    assert runs() == 0


def _typed(app: Flask, *words: str) -> Result:
    return app.test_cli_runner().invoke(npt, ["jobs", *words])


@pytest.mark.parametrize("words", [("run", "meals"), ("run", "vacancies", "--on", "2026-13-01")])
def test_a_job_or_a_day_that_is_none_is_bad_input(at_work: Flask, words: tuple[str, ...]) -> None:
    done = _typed(at_work, *words)

    assert isinstance(done.exception, BadInput)
    assert runs() == 0


def test_a_job_is_run_by_hand_for_any_day_and_listed_with_how_it_ended(at_work: Flask) -> None:
    ran = _typed(at_work, "run", "vacancies", "--on", "2026-11-12").output

    listed = _typed(at_work, "list").output.splitlines()

    assert "2026-11-12: 1 found: 1 opened" in ran
    [run] = [line for line in listed if not line.endswith("never run")]
    assert run.startswith("vacancies     02:30  2026-11-12: 1 found: 1 opened")


@pytest.fixture
def kept(fresh_url: str) -> Iterator[str]:
    """A database that really keeps what is done, with a policy and one vacant post."""
    engine = db.connect(fresh_url)
    _one_vacant_post()
    db.session.remove()
    yield fresh_url
    db.session.remove()
    engine.dispose()


def _process(url: str, what: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-m", "tests.at_once", url, what, TODAY.isoformat()],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def _said(process: "subprocess.Popen[str]") -> str:
    said, complaints = process.communicate("go\n", timeout=120)
    assert "Traceback" not in complaints
    return said.splitlines()[-1] if said else ""


def test_of_two_schedulers_at_once_one_runs_the_job(kept: str) -> None:
    both = [_process(kept, "run"), _process(kept, "run")]
    for process in both:
        assert process.stdin
        process.stdin.write("go\n")
        process.stdin.flush()

    said = [_said(process) for process in both]

    assert sorted("1 opened" in outcome for outcome in said) == [False, True]
    assert "already run" in said
    assert runs() == 1
    assert db.session.scalar(select(func.count(JobRun.id))) == 1
    assert found() == ["SOH-PC-3"]


def test_a_job_killed_half_way_leaves_nothing_half_done_and_the_next_start_completes_it(kept: str, app: Flask) -> None:
    killed = _process(kept, "kill")
    _said(killed)
    assert killed.returncode == -signal.SIGKILL
    half_done = (found(), runs(), runs("flag.opened"), flags.newest_judged_day("vacancies"))
    db.session.remove()

    scheduler.catch_up(app, make.at("2026-11-12 09:00"))

    assert half_done == ([], 0, 0, None)
    assert "SOH-PC-3" in found()
    assert runs() == len(scheduler.JOBS)
    assert verdict().fault is None


def test_the_scheduler_stops_cleanly_when_told_to(kept: str) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", "from npt.cli import main; main()", "jobs", "serve"],
        cwd=ROOT,
        env={**os.environ, "NPT_DATABASE_URL": kept},
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr
    first = process.stderr.readline()

    process.send_signal(signal.SIGTERM)

    _, rest = process.communicate(timeout=120)
    assert "scheduler.started" in first
    assert "scheduler.stopped" in rest
    assert process.returncode == 0
