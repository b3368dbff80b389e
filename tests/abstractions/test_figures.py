"""A small force by chance: what both databases give against a count minute by minute, and lists that add up to it."""

import datetime as dt
import random
from collections.abc import Iterator
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy.orm import Session, scoped_session

from npt.abstractions import queries
from npt.abstractions.models import Absence, Abstraction, Duty
from npt.abstractions.queries import Count, Narrowing, Question
from npt.abstractions.rules import AbsenceFact, AbsenceKind, AbstractionFact, DutyFact, DutyStatus, Place
from npt.core.authority import EVERYTHING
from npt.core.db import session as current
from npt.core.db import transaction
from npt.core.periods import Window
from npt.people.models import Person, Team
from npt.people.rules import OFFICERS, PCSOS, Grade
from npt.policy.cli import start_policy
from npt.policy.queries import policy_on, reason_book
from npt.policy.rules import Definition
from tests import make
from tests.abstractions.make import World
from tests.abstractions.slow_count import as_count, number, slow_count

LONDON = ZoneInfo("Europe/London")
START = dt.datetime(2026, 11, 1, tzinfo=dt.UTC)
DAYS, PEOPLE = 40, 15
WINDOW = Window(dt.date(2026, 11, 12), dt.date(2026, 12, 3), LONDON)
ASKED = dt.datetime(2026, 12, 2, 10, 17, tzinfo=dt.UTC)
REASONS = ("custody", "response", "court", "front_counter", "cid")
GRADES = (Grade.PC, Grade.PC, Grade.PCSO, Grade.SERGEANT, Grade.SPECIAL)


@dataclass(frozen=True)
class Force(World):
    """The facts as they were stored, for the slow count."""

    question: Question

    def counts(self, reason: str, day: dt.date, grade: Grade) -> bool:
        return grade in COUNTING[reason]


EVERY_GRADE = frozenset({Grade.SERGEANT, Grade.PC, Grade.PCSO})
COUNTING = {
    "custody": EVERY_GRADE,
    "response": EVERY_GRADE,
    "court": frozenset[Grade](),
    "front_counter": frozenset({Grade.PC, Grade.PCSO}),
    "cid": frozenset({Grade.SERGEANT, Grade.PC}),
}
"""Which grades a reason counts for, as config/policy.toml starts with."""


@pytest.fixture
def force(session: scoped_session[Session]) -> Force:
    """Three teams in two BCUs, fifteen people, forty days; some move, some are absent, some are still away."""
    with transaction():
        start_policy()
    chance = random.Random(20071231)
    bcu, other = make.bcu(), make.bcu()
    teams = [make.team(make.sector(bcu)), make.team(make.sector(bcu)), make.team(make.sector(other))]
    places = {}
    rows: list[Duty | Absence | Abstraction] = []
    for _ in range(PEOPLE):
        who, grade = make.person(), chance.choice(GRADES)
        places[who.id] = _posted(who, grade, teams, chance)
        rows += _hours(who, chance)
    with transaction():
        current.add_all(rows)
    question = Question(WINDOW, ASKED, policy_on(WINDOW.last_day), reason_book())
    return Force(
        WINDOW.first_day,
        [
            DutyFact(row.person_id, row.ref, row.starts_at, row.ends_at, row.duty_date)
            for row in rows
            if isinstance(row, Duty) and row.status is not DutyStatus.CANCELLED
        ],
        [AbsenceFact(row.person_id, row.starts_at, row.ends_at) for row in rows if isinstance(row, Absence)],
        [
            AbstractionFact(
                row.id, row.person_id, row.ref, row.reason, row.starts_at, row.ends_at, row.starts_at.date()
            )
            for row in rows
            if isinstance(row, Abstraction) and row.cancelled_at is None
        ],
        places,
        WINDOW.first_day,
        question,
    )


def _posted(
    who: Person, grade: Grade, teams: list[Team], chance: random.Random
) -> tuple[Place | None, dt.date, Place | None]:
    before, after = chance.choices(teams, k=2)
    moves_on = START.date() + dt.timedelta(days=chance.randrange(DAYS))
    make.posting(who, make.post(before, grade), last_day=moves_on - dt.timedelta(days=1))
    make.posting(who, make.post(after, grade), moves_on)
    return Place(before.id, grade), moves_on, Place(after.id, grade)


def _hours(who: Person, chance: random.Random) -> Iterator[Duty | Absence | Abstraction]:
    """A duty on most days, leave now and then, and time away that starts anywhere and never overlaps."""
    free_from = START
    for day in range(DAYS):
        midnight = START + dt.timedelta(days=day)
        starts = midnight + dt.timedelta(minutes=chance.choice((420, 840, 1320, chance.randrange(1440))))
        ref = f"{who.collar_number}-{day}"
        if chance.random() < 0.7:
            ends = starts + dt.timedelta(minutes=chance.choice((480, 540, chance.randint(1, 900))))
            status = chance.choices((DutyStatus.WORKED, DutyStatus.PLANNED, DutyStatus.CANCELLED), (8, 4, 1))[0]
            yield Duty(
                ref=ref, person_id=who.id, starts_at=starts, ends_at=ends, duty_date=starts.date(), status=status
            )
        if chance.random() < 0.1:
            away = starts + dt.timedelta(minutes=chance.randrange(600))
            ends_at = None if day > 35 else away + dt.timedelta(minutes=chance.randint(1, 2000))
            yield Absence(ref=ref, person_id=who.id, kind=AbsenceKind.SICKNESS, starts_at=away, ends_at=ends_at)
        gone = max(free_from, starts + dt.timedelta(minutes=chance.randint(-120, 300)))
        if chance.random() < 0.4 and gone < START + dt.timedelta(days=DAYS):
            still_away = day > 28 and chance.random() < 0.3
            back = gone + dt.timedelta(minutes=chance.randint(1, 700))
            yield Abstraction(
                ref=ref,
                person_id=who.id,
                reason=chance.choice(REASONS),
                starts_at=gone,
                ends_at=None if still_away else back,
                cancelled_at=None if still_away or chance.random() > 0.1 else back,
            )
            free_from = back
            if still_away:
                return


def test_a_force_counts_as_it_does_minute_by_minute(force: Force) -> None:
    within = WINDOW.so_far(ASKED)
    assert within is not None

    counted = as_count(queries.count(force.question, EVERYTHING).tallies)

    slowly = slow_count(force, range(number(within.starts_at), number(within.ends_at)), number(ASKED))
    assert len({key[0] for key in slowly if key[0] != "entry"}) > 10
    assert any(fact.ends_at is None and fact.starts_at < ASKED for fact in force.abstractions)
    assert counted == slowly


def test_the_lists_behind_every_figure_add_up_to_it_to_the_minute(force: Force) -> None:
    whole = queries.count(force.question, EVERYTHING)

    for team_id, figures in whole.by_team().items():
        alone = queries.count(force.question, EVERYTHING, [team_id])
        assert figures == alone.by_team()[team_id]
        assert sums(alone) == (figures.duty_minutes, figures.abstracted_minutes, figures.off_duty_minutes)
        assert figures.abstracted_minutes > 0
    for person_id, figures in whole.by_person().items():
        narrowed = Narrowing(person_id=person_id)
        assert sums(whole, narrowed) == (figures.duty_minutes, figures.abstracted_minutes, figures.off_duty_minutes)
    total = whole.total()
    assert sums(whole) == (total.duty_minutes, total.abstracted_minutes, total.off_duty_minutes)


def sums(count: Count, narrowing: Narrowing | None = None) -> tuple[int, int, int]:
    """Available duty, counted and off-duty minutes, added up from the lists."""
    asked = narrowing or Narrowing()
    rows = queries.entries_behind(count, asked)
    duties = queries.duties_behind(count, asked)
    return sum(r.available for r in duties), sum(r.counted for r in rows), sum(r.off_duty for r in rows)


def test_every_way_of_narrowing_adds_up_to_the_whole(force: Force) -> None:
    count = queries.count(force.question, EVERYTHING)
    total = count.total()

    by_reason = {reason: sums(count, Narrowing(reason=reason))[1] for reason in REASONS}
    by_grade = [sums(count, Narrowing(grade=grade)) for grade in Grade]
    by_group = [sums(count, Narrowing(grades=grades)) for grades in (OFFICERS, PCSOS)]

    assert {reason: counted for reason, counted in by_reason.items() if counted or reason in total.by_reason} == dict(
        total.by_reason
    )
    whole = (total.duty_minutes, total.abstracted_minutes, total.off_duty_minutes)
    assert tuple(map(sum, zip(*by_grade, strict=True))) == whole
    assert tuple(map(sum, zip(*by_group, strict=True))) == whole


def test_bcus_add_up_to_the_force_and_teams_to_their_bcu(force: Force) -> None:
    count = queries.count(force.question, EVERYTHING)

    by_bcu = count.by_bcu()
    for bcu_id, figures in by_bcu.items():
        teams = [found for id, found in count.by_team().items() if count.teams[id].bcu_id == bcu_id]
        assert figures.duty_minutes == sum(found.duty_minutes for found in teams)
        assert figures.abstracted_minutes == sum(found.abstracted_minutes for found in teams)
    assert sum(found.abstracted_minutes for found in by_bcu.values()) == count.total().abstracted_minutes


def test_what_the_national_definition_counts_the_force_s_own_leaves_out_and_nothing_else_moves(force: Force) -> None:
    national = Question(WINDOW, ASKED, force.question.policy, force.question.reasons, Definition.NATIONAL)

    locally, nationally = queries.count(force.question, EVERYTHING), queries.count(national, EVERYTHING)

    assert nationally.total().duty_minutes == locally.total().duty_minutes
    assert nationally.total().abstracted_minutes == sum(
        row.counted + row.not_counting for row in queries.entries_behind(locally, Narrowing())
    )
