"""Search the library over many plans, on both databases: ``python -m bench.search [--plans 20000] [--backend sqlite]``.

The plans are invented and seeded; their words are drawn so that some are common and most are rare, as in any text. What
is measured is a page of fifty with its marks and the total: the time of this process, and that by the clock.
"""

import argparse
import datetime as dt
import os
import random
import tempfile
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from statistics import median
from time import perf_counter, process_time

from sqlalchemy import create_engine, text

from npt.core import db, schema
from npt.core.authority import Actor, Role, Scope
from npt.core.db import bulk_insert, session, transaction
from npt.people.models import Bcu, Organisation, Sector, Team
from npt.people.rules.organisations import OrganisationKind
from npt.problem_solving import queries
from npt.problem_solving.models import GoodPractice, Plan, PlanAction, PlanMeasure, PlanSource
from npt.problem_solving.queries import Search
from npt.problem_solving.rules.impact import Verdict, impact
from npt.problem_solving.rules.sharing import PracticeState
from npt.problem_solving.rules.vocabulary import Better, Method, Outcome, ProblemType, SourceKind, Stage

POSTGRES = os.environ.get("NPT_TEST_POSTGRES_URL", "postgresql+psycopg://postgres@127.0.0.1:5432/postgres")
NOW = dt.datetime(2026, 11, 12, 12, 0, tzinfo=dt.UTC)
TEAMS, LEAST, PAGE, ASKED = 40, 10, 50, 12
_COMMON = "school night road park bike car young people street evening theft noise council gate light"
_BEGINNINGS = "bar bel cor dun ed fen gor hal hol kel kir lin mor nor ox pen rad sel thor wel"
_ENDINGS = "by combe den field ham ley ster thorpe ton wick worth holme bridge ford hurst mere bury well gate side"
WORDS = (*_COMMON.split(), *(begin + end for end in _ENDINGS.split() for begin in _BEGINNINGS.split()))
WEIGHTS = [1 / (place + 3) for place in range(len(WORDS))]
"""As in any text: a few words stand almost everywhere, and most of them in few places."""
HEAD = (
    "| asked | by | found | ms of this process | ms by the clock, median | least |\n"
    "| --- | --- | ---: | ---: | ---: | ---: |"
)
Row = dict[str, object]


def words(chance: random.Random, many: int) -> str:
    """So many words."""
    return " ".join(chance.choices(WORDS, WEIGHTS, k=many))


def plans(many: int, chance: random.Random) -> Iterator[tuple[Row, Row, list[Row], list[Row]]]:
    """A plan, its measure, its sources and its actions, so many times."""
    for number in range(1, many + 1):
        closed = chance.random() < 0.7
        at = NOW - dt.timedelta(days=chance.randrange(5 * 365))
        plan: Row = {"id": number, "ref": f"P-{number}", "team_id": number % TEAMS + 1, "problem": words(chance, 8)}
        plan |= {"detail": words(chance, 40), "result": words(chance, 30), "why": words(chance, 30)}
        plan |= {"problem_type": chance.choice(list(ProblemType)), "first_stage": Stage.SCANNING}
        plan |= {"stage": Stage.ASSESSMENT, "author": "Bench", "opened_at": at, "last_update_at": at}
        plan |= {"closed_at": NOW if closed else None, "outcome": chance.choice(list(Outcome)) if closed else None}
        plan |= {"marking_reason": "Invented" if number % 20 == 0 else None, "needs_sign_off": False}
        before = chance.randrange(8, 90)
        measure: Row = {"plan_id": number, "what": words(chance, 3), "source": "Bench", "better": Better.LOWER}
        measure |= {"baseline_value": Decimal(before), "baseline_first": NOW.date(), "baseline_last": NOW.date()}
        after = chance.randrange(90)
        counts = {"treated_before": before, "treated_after": after}
        counts |= {"comparison_before": before, "comparison_after": before}
        measure |= {"method": Method.AREA, "least": LEAST, **counts}
        measure["verdict"] = impact(Method.AREA, counts, Better.LOWER, LEAST).verdict
        sources: list[Row] = [{"plan_id": number, "kind": SourceKind.ASB, "says": words(chance, 12)} for _ in range(2)]
        actions: list[Row] = [
            {
                "plan_id": number,
                "what": words(chance, 10),
                "partner": f"P{chance.randrange(30)}",
                "due_on": at.date(),
            }
            for _ in range(3)
        ]
        yield plan, measure, sources, actions


def fill(many: int) -> None:
    """A force of 40 teams with so many plans, each twentieth restricted, each hundredth good practice."""
    made = list(plans(many, random.Random(2026)))
    with transaction():
        bulk_insert(Bcu, [{"id": 1, "code": "B", "name": "B"}])
        bulk_insert(Sector, [{"id": 1, "code": "S", "name": "S", "bcu_id": 1}])
        teams: list[Row] = [
            {"id": n, "code": f"T{n}", "name": f"Team {n}", "sector_id": 1, "first_day": dt.date(2020, 1, 1)}
            for n in range(1, TEAMS + 1)
        ]
        bulk_insert(Team, teams)
        partners = [
            {"code": f"P{n}", "name": f"P{n}", "kind": OrganisationKind.COUNCIL, "active": True} for n in range(30)
        ]
        bulk_insert(Organisation, partners)
        bulk_insert(Plan, [plan for plan, *_ in made])
        bulk_insert(PlanMeasure, [measure for _, measure, *_ in made])
        bulk_insert(PlanSource, [source for *_, sources, _ in made for source in sources])
        bulk_insert(PlanAction, [action for *_, actions in made for action in actions])
        good = [
            {"plan_id": n, "lesson": "Invented", "state": PracticeState.APPROVED}
            | {"proposed_at": NOW, "proposed_by": "Bench", "decided_at": NOW, "decided_by": "Bench"}
            for n in range(50, many, 100)
        ]
        bulk_insert(GoodPractice, good)
    if db.is_postgresql():
        with transaction():
            session.execute(text("ANALYZE"))


def asked(actor: Actor, search: Search) -> Callable[[], int]:
    """The first page of a search, and how much there is."""

    def ask() -> int:
        ids = queries.plans_found(actor, search)
        queries.found_rows(actor, search, ids[:PAGE])
        return len(ids)

    return ask


def measured() -> Iterator[str]:
    """The lines of the table: what is asked, how much is found, and how long it takes."""
    lead = Actor("Lead", Role.FORCE_LEAD, Scope(force=True), 1)
    officer = Actor("PC", Role.PC, Scope(team_ids=frozenset({1})), 2, 3)
    searches = {
        "everything": Search(),
        "a common word": Search("school"),
        "a rare word": Search("welside"),
        "a common and a rare word": Search("bike welside"),
        "three common words": Search("bikes schools nights"),
        "a phrase": Search('"young people"'),
        "a common word, by its type": Search("school", kind=ProblemType.DRUGS),
        "a common word, by its verdict": Search("school", verdict=Verdict.BETTER),
    }
    tried: list[tuple[str, str, Callable[[], int]]] = [
        (name, who, asked(actor, search))
        for name, search in searches.items()
        for who, actor in (("the force lead", lead), ("a PC", officer))
    ]
    near = "Young people on bikes at the school in Welside by night"
    for who, actor in (("the force lead", lead), ("a PC", officer)):
        tried.append(("similar plans", who, lambda a=actor: len(queries.similar_plans(a, near, None))))  # type: ignore[misc]
        tried.append(("what worked", who, lambda a=actor: sum(row.plans for row in queries.what_worked(a))))  # type: ignore[misc]
    for name, who, ask in tried:
        here, clock = [], []
        for _ in range(ASKED):
            session.rollback()
            begun, worked = perf_counter(), process_time()
            found = ask()
            here.append((process_time() - worked) * 1000)
            clock.append((perf_counter() - begun) * 1000)
        yield f"| {name} | {who} | {found:,} | {median(here):.0f} | {median(clock):.0f} | {min(clock):.0f} |"


@contextmanager
def database(backend: str) -> Iterator[None]:
    """A database of its own, dropped afterwards."""
    if backend == "sqlite":
        with tempfile.TemporaryDirectory() as folder:
            made = db.connect(f"sqlite:///{folder}/bench.db")
            schema.upgrade(made)
            yield
            session.remove()
            made.dispose()
        return
    name = f"npt_bench_search_{uuid.uuid4().hex[:8]}"
    server = create_engine(POSTGRES, isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    try:
        made = db.connect(f"{POSTGRES.rsplit('/', 1)[0]}/{name}")
        schema.upgrade(made)
        yield
        session.remove()
        made.dispose()
    finally:
        with server.connect() as connection:
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))


def main() -> None:
    """Fill, ask, print."""
    parser = argparse.ArgumentParser(description="Search the library over many plans")
    parser.add_argument("--plans", type=int, default=20_000)
    parser.add_argument("--backend", nargs="+", default=["sqlite", "postgresql"])
    given = parser.parse_args()
    for backend in given.backend:
        with database(backend):
            begun = perf_counter()
            fill(given.plans)
            print(f"{given.plans:,} plans on {backend}, filled in {perf_counter() - begun:.0f} s\n")
            print(HEAD)
            for line in measured():
                print(line)


if __name__ == "__main__":
    main()
