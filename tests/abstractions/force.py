"""A small force by chance, as stored and as the slow count takes it."""

import datetime as dt
import random
from collections.abc import Iterator
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy.orm import Session, scoped_session

from npt.abstractions.models import Absence, Abstraction, Duty
from npt.abstractions.queries import Question
from npt.abstractions.rules import AbsenceFact, AbsenceKind, AbstractionFact, DutyFact, DutyStatus, Place
from npt.core.db import session as current
from npt.core.db import transaction
from npt.core.periods import Window
from npt.people.models import Person, Team
from npt.people.rules import Grade
from npt.policy.cli import start_policy
from npt.policy.queries import policy_on, reason_book
from tests import make
from tests.abstractions.make import World

LONDON = ZoneInfo("Europe/London")
START = dt.datetime(2026, 11, 1, tzinfo=dt.UTC)
DAYS, PEOPLE = 40, 15
WINDOW = Window(dt.date(2026, 11, 12), dt.date(2026, 12, 3), LONDON)
ASKED = dt.datetime(2026, 12, 2, 10, 17, tzinfo=dt.UTC)
REASONS = ("custody", "response", "court", "front_counter", "cid")
DESTINATIONS = ("Parkside", " parkside", "Cambridge  Crown Court", None)
GRADES = (Grade.PC, Grade.PC, Grade.PCSO, Grade.SERGEANT, Grade.SPECIAL)


@dataclass(frozen=True)
class Force(World):
    """The facts as they were stored, for the slow count."""

    question: Question
    rows: list[Abstraction]
    """Entries as stored, those that were cancelled included."""

    def counts(self, reason: str, day: dt.date, grade: Grade) -> bool:
        return grade in COUNTING[reason]

    def nationally(self) -> "Force":
        """The same force, where every reason counts for everybody, as the national definition starts with."""
        return National(**vars(self))


class National(Force):
    """Counted under the national definition."""

    def counts(self, reason: str, day: dt.date, grade: Grade) -> bool:
        return grade in EVERY_GRADE


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
        [row for row in rows if isinstance(row, Abstraction)],
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
                destination=chance.choice(DESTINATIONS),
                logged_at=chance.choice((None, gone, gone + dt.timedelta(hours=72))),
                cancelled_at=None if still_away or chance.random() > 0.1 else back,
            )
            free_from = back
            if still_away:
                return
