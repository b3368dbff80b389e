"""Make duties from shift patterns, ahead of time and as often as one likes (issue 3, "Duties")."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import or_, select, update

from npt.abstractions import rules
from npt.abstractions.models import Duty, PatternDay, PatternPerson
from npt.abstractions.rules import Assignment, DutySource, DutyStatus, PatternBook, PatternDuty, PatternShift
from npt.abstractions.services.giving_way import others_of
from npt.audit import services as audit
from npt.core import db
from npt.core.authority import Actor
from npt.core.db import session
from npt.core.periods import DAY, day_in_words, to_minute
from npt.people import queries as people
from npt.people.rules import Grade

_AT_A_TIME = 1000


@dataclass(frozen=True, slots=True)
class Generated:
    """What became of the duties ahead: references made, changed and cancelled, and the last day they reach to.

    ``uncovered`` are the collar numbers of people whose pattern says nothing for their grade.
    """

    last_day: dt.date
    made: Sequence[str]
    changed: Sequence[str]
    cancelled: Sequence[str]
    uncovered: Sequence[str]

    def __str__(self) -> str:
        counts = f"{len(self.made)} made, {len(self.changed)} changed, {len(self.cancelled)} cancelled"
        said = f"{counts}; duties to {day_in_words(self.last_day)}"
        if self.uncovered:
            said += f"; the pattern says nothing for the grade of {', '.join(self.uncovered)}"
        return said


def generate_duties(on: dt.date, days: int, *, zone: ZoneInfo, actor: Actor, at: dt.datetime) -> Generated:
    """Bring the duties that patterns make into line with the patterns, for so many days from a day on.

    Only a generated duty that has not started by ``at`` is ever changed or cancelled; one that was imported, added or
    changed by hand, or cancelled by somebody stays as it is. Nothing is made where such a duty takes its place, nor
    after the last posting or day of service. The batch leaves one entry in the record, and none when nothing is done.
    """
    last_day = on + (days - 1) * DAY
    assigned = _assigned(on, last_day)
    numbers = {person.id: person.collar_number for person in people.people(assigned).values()}
    roll = people.roll(person_ids=assigned)
    book = _book()
    wanted: dict[str, PatternDuty] = {}
    uncovered = set()
    others = others_of(assigned, on, last_day)
    for person_id, theirs in assigned.items():
        grades = _Grades(roll, person_id)
        ahead = [on + number * DAY for number in range(days)]
        for duty in rules.duties_from_pattern(book, theirs, ahead, grades, zone):
            if not rules.gives_way(duty.starts_at, duty.ends_at, duty.duty_date, others.get(person_id, ())):
                wanted[reference(numbers[person_id], duty.duty_date)] = duty
        if any(not book.has(a.pattern, grade) for a in theirs for grade in grades.seen):
            uncovered.add(numbers[person_id])
    batch = _Batch(wanted, to_minute(at))
    batch.compare(_recorded(wanted, on, last_day))
    batch.write()
    if batch.touched:
        audit.record(
            "duties.generated",
            "duties:generated",
            actor=actor,
            at=at,
            first_day=on,
            last_day=last_day,
            made=sorted(batch.made),
            changed=batch.changes,
            cancelled=sorted(batch.cancelled),
        )
    return Generated(last_day, sorted(batch.made), sorted(batch.changes), sorted(batch.cancelled), sorted(uncovered))


def reference(collar_number: str, duty_date: dt.date) -> str:
    """The reference of the duty a pattern makes for somebody on a day: the key that keeps it from being made twice."""
    return f"P-{collar_number}-{duty_date:%Y%m%d}"


class _Grades:
    """The grade of one person on each day asked about, and every grade there was."""

    def __init__(self, roll: people.Roll, person_id: int) -> None:
        self._roll = roll
        self._person_id = person_id
        self.seen: set[Grade] = set()

    def __call__(self, day: dt.date) -> Grade | None:
        posting = self._roll.present(self._person_id, day)
        if posting is None:
            return None
        self.seen.add(posting.post.grade)
        return posting.post.grade


class _Batch:
    """What is to be made, changed and cancelled so that what is recorded becomes what is wanted."""

    def __init__(self, wanted: dict[str, PatternDuty], at: dt.datetime) -> None:
        self._wanted = wanted
        self._at = at
        self._rows: list[dict[str, Any]] = []
        self.made: dict[str, PatternDuty] = {}
        self.changes: dict[str, dict[str, Any]] = {}
        self.cancelled: list[str] = []

    @property
    def touched(self) -> bool:
        return bool(self.made or self.changes or self.cancelled)

    def compare(self, recorded: Iterable[Duty]) -> None:
        left = dict(self._wanted)
        for duty in recorded:
            want = left.pop(duty.ref, None)
            if duty.source is not DutySource.GENERATED or duty.starts_at <= self._at:
                continue
            if want is None:
                self._cancel(duty)
            elif want.starts_at > self._at:
                self._change(duty, want)
        self.made = left

    def _cancel(self, duty: Duty) -> None:
        if duty.status is not DutyStatus.CANCELLED:
            self.cancelled.append(duty.ref)
            self._rows.append(_row(duty.id, duty.starts_at, duty.ends_at, DutyStatus.CANCELLED))

    def _change(self, duty: Duty, want: PatternDuty) -> None:
        before = (duty.starts_at, duty.ends_at, duty.status)
        after = (want.starts_at, want.ends_at, DutyStatus.PLANNED)
        if before != after:
            self.changes[duty.ref] = {"before": before, "after": after}
            self._rows.append(_row(duty.id, *after))

    def write(self) -> None:
        db.bulk_insert(
            Duty,
            [
                {
                    "ref": ref,
                    "person_id": duty.person_id,
                    "starts_at": duty.starts_at,
                    "ends_at": duty.ends_at,
                    "duty_date": duty.duty_date,
                    "status": DutyStatus.PLANNED,
                    "source": DutySource.GENERATED,
                }
                for ref, duty in self.made.items()
            ],
        )
        if self._rows:
            session.execute(update(Duty), self._rows)
            session.expire_all()


def _row(id: int, starts_at: dt.datetime, ends_at: dt.datetime, status: DutyStatus) -> dict[str, Any]:
    return {"id": id, "starts_at": starts_at, "ends_at": ends_at, "status": status}


def _assigned(first_day: dt.date, last_day: dt.date) -> dict[int, list[Assignment]]:
    rows = session.execute(
        select(
            PatternPerson.person_id,
            PatternPerson.first_day,
            PatternPerson.last_day,
            PatternPerson.pattern,
            PatternPerson.days_in,
        )
        .where(
            PatternPerson.first_day <= last_day,
            or_(PatternPerson.last_day.is_(None), PatternPerson.last_day >= first_day),
        )
        .order_by(PatternPerson.person_id, PatternPerson.first_day)
    )
    found: dict[int, list[Assignment]] = defaultdict(list)
    for row in rows:
        found[row.person_id].append(Assignment(*row))
    return dict(found)


def _book() -> PatternBook:
    rows = session.execute(
        select(PatternDay.code, PatternDay.day, PatternDay.grade, PatternDay.starts, PatternDay.ends)
    )
    return PatternBook(PatternShift(*row) for row in rows)


def _recorded(wanted: Iterable[str], first_day: dt.date, last_day: dt.date) -> list[Duty]:
    """Every generated duty of these duty dates, and whatever has the reference of one that is wanted."""
    made = session.scalars(
        select(Duty).where(Duty.source == DutySource.GENERATED, Duty.duty_date >= first_day, Duty.duty_date <= last_day)
    )
    found = {duty.ref: duty for duty in made}
    missing = [ref for ref in wanted if ref not in found]
    for start in range(0, len(missing), _AT_A_TIME):
        taken = session.scalars(select(Duty).where(Duty.ref.in_(missing[start : start + _AT_A_TIME])))
        found.update({duty.ref: duty for duty in taken})
    return list(found.values())
