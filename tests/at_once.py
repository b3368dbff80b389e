"""A process of its own that runs a job, for what only a second process can show.

``python -m tests.at_once DATABASE_URL run|kill DAY``: ``run`` runs the vacancies job as scheduled and prints its
outcome; ``kill`` ends the process, as kill -9 does, when the job has done its work and nothing is committed yet.
"""

import datetime as dt
import os
import signal
import sys
import threading

from npt import scheduler
from npt.app import create_app
from npt.core.authority import Actor
from npt.core.db import session
from npt.settings import Settings


def killed_at_the_end(on: dt.date, actor: Actor) -> str:
    """Do the job's work, then vanish before it is committed."""
    whole_job(on, actor)
    session.flush()
    os.kill(os.getpid(), signal.SIGKILL)
    threading.Event().wait()
    return ""


whole_job = scheduler.JOBS["vacancies"]


def main() -> None:
    url, what, day = sys.argv[1:]
    on = dt.date.fromisoformat(day)
    if what == "kill":
        scheduler.JOBS["vacancies"] = killed_at_the_end
    with create_app(Settings(database_url=url)).app_context():
        sys.stdin.readline()  # both start when the test says so
        due_at = dt.datetime.combine(on, dt.time(2, 30), tzinfo=dt.UTC)
        print(scheduler.run("vacancies", on, due_at))  # noqa: T201 - the test reads it


if __name__ == "__main__":
    main()
