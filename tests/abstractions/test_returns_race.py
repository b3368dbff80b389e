"""Whoever confirms a month and whoever logs into it at the same moment come one after the other."""

import threading
from contextlib import suppress

from sqlalchemy import func, select

from npt.abstractions import queries, services
from npt.abstractions.models import Abstraction, MonthlyReturn
from npt.abstractions.rules import ReturnKind
from npt.abstractions.services import NewAbstraction
from npt.core import db
from npt.core.authority import EVERYTHING
from npt.core.db import transaction
from npt.core.errors import Refused
from npt.people import queries as people
from tests import make
from tests.abstractions.make import a_policy, terms
from tests.abstractions.test_services_returns import Force, question
from tests.conftest import NOW

LOGGING = 6


def test_nothing_is_logged_into_a_month_after_the_figures_that_were_confirmed(fresh_url: str) -> None:
    engine = db.connect(fresh_url)
    force = Force()
    ids = [make.posted(force.team).id for _ in range(LOGGING)]
    lines, start, done = terms(), threading.Barrier(LOGGING + 1), threading.Event()
    db.session.remove()

    def log(person_id: int) -> None:
        new = NewAbstraction(person_id, "custody", make.at("2026-10-20 09:00"), make.at("2026-10-20 10:00"))
        start.wait()
        try:
            with suppress(Refused), transaction():
                services.record_abstraction(new, actor=force.sergeant, at=NOW, terms=lines)
        finally:
            db.session.remove()

    def confirm() -> None:
        start.wait()
        while not done.is_set():
            seen = queries.teams_month(people.team("SOH", EVERYTHING), question()).mark
            with suppress(Refused), transaction():
                services.confirm_month(
                    "SOH",
                    question(),
                    ReturnKind.COMPLETE,
                    seen=seen,
                    actor=force.sergeant,
                    at=NOW,
                    policy=a_policy(),
                )
                done.set()
            db.session.remove()

    threads = [threading.Thread(target=log, args=(id,)) for id in ids] + [threading.Thread(target=confirm)]
    for thread in threads:
        thread.start()
    for thread in threads[:-1]:
        thread.join(timeout=60)
    threads[-1].join(timeout=60)

    [confirmed] = db.session.scalars(select(MonthlyReturn.entries)).all()
    assert confirmed == db.session.scalar(select(func.count(Abstraction.id)))
    db.session.remove()
    engine.dispose()
