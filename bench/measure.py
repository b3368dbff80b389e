"""Measure the pages that matter on a generated force: ``python -m bench.measure county --years 5``.

The application runs in this process, behind its own sign-in, gate and scope; only the network is left out. Every page
is asked for as different people in turn, warm. What counts is the time of the processor, of this process and of the one
that serves it in PostgreSQL together: on a quiet machine that is the server time, and on a busy one still the same.
"""

import argparse
import datetime as dt
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import cycle, islice
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter, process_time
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import event
from werkzeug.test import TestResponse

from bench import bcu_month
from bench.diary import ZONE
from bench.force import SIZES, Size, force
from bench.generate import PASSWORD, SEED, SERVER, application, database
from bench.pace import Pace, Paced
from bench.tables import bcu_code, manager
from npt.cli.serving import spare_collector
from npt.core import db
from npt.core.periods import DAY, MINUTE, add_months, local_day
from npt.people.rules import Grade
from npt.web.access import Open, requires

ONE_STATEMENT = {
    "The teams' table of a BCU month, by one statement of SQL": bcu_month.STATEMENT,
    "Its rates of both months alone, by one statement of SQL": bcu_month.RATES,
}
BROWSER = {"Accept-Encoding": "br, gzip"}
WARM = 2
ASKED = 36
PATIENCE = 10
"""So many times as often at most a page is asked for, on a machine that is hardly ever at its own speed."""
SOME = 6
"""So many different people, teams or units are asked for in turn."""


@dataclass(frozen=True)
class Visit:
    """A page asked for in somebody's browser."""

    browser: FlaskClient
    address: str

    def __call__(self) -> None:
        ask(self.browser, self.address)

    def answers(self) -> tuple[int, int]:
        """The bytes of the answer as sent, compressed, and as written."""
        return len(ask(self.browser, self.address).data), len(self.browser.get(self.address).data)


@dataclass(frozen=True)
class Page:
    """A page, or what it is compared with, and each way in which it is asked for."""

    name: str
    ways: Sequence[Callable[[], object]]


@dataclass(frozen=True)
class Cost:
    """Milliseconds of the processor, in this process and in PostgreSQL, and of the clock."""

    here: float
    there: float
    clock: float

    @property
    def both(self) -> float:
        return self.here + self.there


@dataclass(frozen=True)
class Line:
    """What a page costs: times, statements, bytes as sent (compressed) and as written."""

    name: str
    costs: Sequence[Cost]
    statements: int
    sent: int = 0
    written: int = 0

    def __str__(self) -> str:
        both = [cost.both for cost in self.costs]
        times = (
            median(both),
            quantiles(both, n=20, method="inclusive")[-1],
            median(cost.there for cost in self.costs),
            median(cost.clock for cost in self.costs),
        )
        sizes = f"{self.sent / 1000:.1f} | {self.written / 1000:.1f}" if self.written else " | "
        return f"| {self.name} | {' | '.join(f'{each:.1f}' for each in times)} | {self.statements} | {sizes} |"


HEAD = (
    "| Page | median ms | p95 ms | of it in PostgreSQL | median by the clock | statements | kB sent | kB written |\n"
    "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |"
)


@contextmanager
def listening() -> Iterator[list[str]]:
    """The statements sent meanwhile."""
    sent: list[str] = []

    def hear(*spoken: object) -> None:
        sent.append(str(spoken[2]))

    event.listen(db.engine(), "before_cursor_execute", hear)
    yield sent
    event.remove(db.engine(), "before_cursor_execute", hear)


class Meter:
    """Reads the processor's time of this process and of the one that serves it in PostgreSQL, on this same machine."""

    def __init__(self) -> None:
        with db.engine().connect() as connection:
            served_by = connection.exec_driver_sql("SELECT pg_backend_pid()").scalar_one()
        self._there = Path(f"/proc/{served_by}/schedstat")

    def cost(self, what: Callable[[], object]) -> Cost:
        there, here, clock = self._nanoseconds(), process_time(), perf_counter()
        what()
        clock, here, after = perf_counter() - clock, process_time() - here, self._nanoseconds()
        return Cost(1000 * here, (after - there) / 1_000_000, 1000 * clock)

    def _nanoseconds(self) -> int:
        return int(self._there.read_text().split()[0])


def ask(browser: FlaskClient, address: str) -> TestResponse:
    answer = browser.get(address, headers=BROWSER)
    assert answer.status_code == 200, (address, answer.status)
    return answer


def asked_for(pages: Sequence[Page], meter: Meter, pace: Pace) -> dict[str, list[Paced[Cost]]]:
    """Ask for every page once, in one of its ways, then for every page again, over and over.

    In turn and not one after another, because what else the machine does then weighs on all alike. And until each was
    asked for often enough while the processor ran at its own speed: on a shared machine that may take a while.
    """
    for page in pages:
        for ask_for in [*page.ways] * WARM:
            ask_for()
    costs: dict[str, list[Paced[Cost]]] = {page.name: [] for page in pages}
    for turn in range(PATIENCE * ASKED):
        for page in pages:
            costs[page.name].append(pace.of(partial(meter.cost, page.ways[turn % len(page.ways)])))
        if all(len(pace.calm(each)) >= ASKED for each in costs.values()):
            break
    return costs


def line_of(page: Page, costs: Sequence[Cost]) -> Line:
    """The line of a page that has been asked for, with what is the same each time: statements and bytes."""
    statements = sent = written = 0
    for way in page.ways:
        with listening() as heard:
            way()
        if not isinstance(way, Visit):
            statements = 1
            continue
        statements = max(statements, len(heard))
        answer, plain = way.answers()
        sent, written = max(sent, answer), max(written, plain)
    return Line(page.name, costs, statements, sent, written)


class Bench:
    """A generated force behind the application, and browsers in which its people are signed in."""

    def __init__(self, size: Size, years: int) -> None:
        self.app = application(f"{SERVER}/{database(size, years)}")
        self.app.add_url_rule("/bare", "bare", requires(Open.PUBLIC)(lambda: "ok"))
        self.today = local_day(dt.datetime.now(dt.UTC), ZONE)
        self.force = force(size, SEED, self.today)
        self.meter = Meter()
        self.pace = Pace()
        self._browsers: dict[str, FlaskClient] = {}
        spare_collector()

    def browser(self, email: str) -> FlaskClient:
        """A browser in which somebody signed in with their password."""
        if email not in self._browsers:
            browser = self.app.test_client()
            token = _token(browser.get("/sign-in").text)
            sent = {"csrf_token": token, "email": email, "password": PASSWORD}
            answer = browser.post("/sign-in", data=sent)
            assert answer.status_code == 302, answer.text
            self._browsers[email] = browser
        return self._browsers[email]

    def sergeants(self, covering: bool) -> list[str]:
        """Sergeants of one team each, or of a second they cover as well."""
        two = {person for person, _, _ in self.force.covers}
        return [
            who.email
            for who in self.force.people
            if who.grade is Grade.SERGEANT and who.left_on is None and (who.id in two) is covering
        ][:SOME]

    def pages(self) -> Iterator[Page]:
        """What is measured, in the order of the table."""
        one, two = self.sergeants(covering=False), self.sergeants(covering=True)
        bcus = range(1, min(SOME, self.force.size.bcus) + 1)
        managers = [(self.browser(manager(n)), f"/bcu-month/{bcu_code(n)}") for n in bcus]
        month, before = f"{self.today:%Y-%m}", f"{add_months(self.today, -1):%Y-%m}"
        yield Page("A bare route of the same application", [Visit(self.app.test_client(), "/bare")])
        yield Page("My team, a sergeant of one team", self._each(one, "/"))
        yield Page("My team, a sergeant covering a second", self._each(two, "/"))
        yield Page("My teams, an inspector of a sector", self._each(self._inspectors(), "/"))
        yield Page("Team week", self._each(one, "/abstractions/week"))
        yield Page("Data quality of a BCU", self._each(map(manager, bcus), "/abstractions/quality"))
        yield Page("Who is away, an inspector of a sector", self._each(self._inspectors(), "/abstractions/away"))
        yield Page("Who is away, a BCU", self._each(map(manager, bcus), "/abstractions/away"))
        yield Page("The form of a new entry, somebody chosen", [Visit(self.browser(s), self._form_for(s)) for s in one])
        yield Page("BCU month, running", [Visit(who, f"{address}/{month}") for who, address in managers])
        yield Page("BCU month, over", [Visit(who, f"{address}/{before}") for who, address in managers])
        yield from self.statements(bcus)

    def _each(self, emails: Iterable[str], address: str) -> list[Visit]:
        return [Visit(self.browser(email), address) for email in emails]

    def _inspectors(self) -> list[str]:
        return [who.email for who in self.force.people if who.grade is Grade.INSPECTOR][:SOME]

    def _form_for(self, email: str) -> str:
        """The form of a new entry for somebody of a sergeant's team, as My team or the week leads to it."""
        page = self.browser(email).get("/abstractions/new").text
        found = re.search(r'name="person_id"[^>]*value="(\d+)"', page)
        assert found, page
        return f"/abstractions/new?person={found[1]}"

    def logging(self) -> Line:
        """Log entries: the answer to the button alone, not the page it leads to.

        Each takes one minute, at the time of day of the measurement, so that one after another finds its minute free.
        """
        costs: list[Paced[Cost]] = []
        statements = 0
        for turn, email in enumerate(islice(cycle(self.sergeants(covering=False)), WARM * SOME + 3 * ASKED)):
            if len(self.pace.calm(costs)) >= ASKED:
                break
            browser, address = self.browser(email), self._form_for(email)
            starts = dt.datetime.now(ZONE) - DAY * (2 + turn // SOME)
            ends = starts + MINUTE
            sent = {
                "csrf_token": _token(browser.get(address).text),
                "person_id": address.split("=")[1],
                "reason": "custody",
                "returning": "back",
                "starts_at_day": f"{starts:%Y-%m-%d}",
                "starts_at_clock": f"{starts:%H:%M}",
                "ends_at_day": f"{ends:%Y-%m-%d}",
                "ends_at_clock": f"{ends:%H:%M}",
            }
            answers: list[TestResponse] = []
            with listening() as heard:
                cost = self.pace.of(
                    lambda: self.meter.cost(lambda: answers.append(browser.post(address, data=sent)))  # noqa: B023
                )
            # Now and then the invented person is away then already, and the entry is refused.
            if answers[0].status_code == 302:
                statements = max(statements, len(heard))
                costs += [cost] if turn >= WARM * SOME else []
        assert len(costs) > ASKED / 2, "too few entries were kept"
        return Line("Log an entry (POST)", self.pace.calmest(costs, ASKED), statements)

    def statements(self, bcus: Sequence[int]) -> Iterator[Page]:
        """What the BCU month is compared with, once its figures have been found to be those of the page."""
        now = dt.datetime.now(dt.UTC)
        with self.app.app_context():
            for code in map(bcu_code, bcus):
                bcu_month.check(code, now)
            sent = [bcu_month.sent(code, now) for code in map(bcu_code, bcus)]
        for name, statement in ONE_STATEMENT.items():
            yield Page(name, [partial(self._statement, statement, each) for each in sent])

    def _statement(self, statement: str, sent: dict[str, Any]) -> None:
        with self.app.app_context():
            bcu_month.asked(statement, sent)


def _token(page: str) -> str:
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert found, page
    return found[1]


EVERY = (("county", 1), ("county", 5), ("metropolitan", 5))


def main() -> None:
    """Print a table of what the pages of a generated force cost, or of every force's."""
    parser = argparse.ArgumentParser(description="Measure the pages on a generated force.")
    parser.add_argument("size", choices=[*SIZES, "every"], help="every: each force of docs/speed.md, one after another")
    parser.add_argument("--years", type=int, default=5)
    parser.add_argument("--only", default="", help="only the pages whose name holds this")
    asked = parser.parse_args()
    if asked.size == "every":
        # Each in a process of its own: whatever is measured second in one is a tenth dearer.
        for size, years in EVERY:
            again = [sys.executable, "-m", "bench.measure", size, "--years", str(years), "--only", asked.only]
            subprocess.run(again, check=True)  # noqa: S603 - this same module
        return
    heading = f"{asked.size}, {asked.years} {'year' if asked.years == 1 else 'years'} of data"
    table(Bench(SIZES[asked.size], asked.years), heading, asked.only)


def table(bench: Bench, heading: str, only: str) -> None:
    """Print the table of one force, in Markdown, with how busy the machine is."""
    load = f"{os.getloadavg()[0]:.1f} on {os.cpu_count()} processors"
    pages = [page for page in bench.pages() if only in page.name]
    costs, pace = asked_for(pages, bench.meter, bench.pace), bench.pace
    every = [cost for each in costs.values() for cost in each]
    calm = f"{len(pace.calm(every)):,} of {len(every):,} asks at the processor's own speed ({pace.best:.2f} ms)"
    print(f"### {heading[0].upper()}{heading[1:]}\n\nLoad at the start {load}; {calm}.\n\n{HEAD}")
    for page in pages:
        print(line_of(page, pace.calmest(costs[page.name], ASKED)), flush=True)
    if only in "Log an entry":
        print(bench.logging(), flush=True)
    print()


if __name__ == "__main__":
    main()
