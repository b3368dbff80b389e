"""Plain builders of rows. Each keeps what it makes; what a test does not care about is filled in."""

import datetime as dt
import itertools
from decimal import Decimal
from typing import TypeVar

from argon2 import PasswordHasher

from npt.abstractions.models import Absence, Abstraction, Duty
from npt.abstractions.rules import AbsenceKind, DutyStatus
from npt.accounts.models import User, UserScope
from npt.core.authority import Role
from npt.core.db import Base, session, transaction
from npt.panels.models import ChairTerm, Meeting, Priority
from npt.panels.rules.vocabulary import ChairType, MeetingStatus, Office, PriorityState
from npt.people.models import (
    Bcu,
    Cover,
    Panel,
    PanelTeam,
    Person,
    Post,
    Posting,
    Sector,
    Team,
    Ward,
    WardMembership,
)
from npt.people.rules import Grade, PostingKind
from npt.policy.models import PolicyValue, ReasonEntry, TargetEntry
from npt.policy.rules import Group, TargetScope
from npt.staffing.models import NamedContact

LONG_AGO = dt.date(2020, 1, 1)
CHEAP = {"time_cost": 1, "memory_cost": 8, "parallelism": 1}
"""What a password's hash costs in tests: nothing worth waiting for."""
_numbers = itertools.count(1)
_Row = TypeVar("_Row", bound=Base)


def keep(row: _Row) -> _Row:
    """Store a row for good, as far as the test's own transaction goes."""
    with transaction():
        session.add(row)
    return row


def _next() -> int:
    return next(_numbers)


def bcu(code: str | None = None, name: str = "Southern") -> Bcu:
    return keep(Bcu(code=code or f"B{_next()}", name=name))


def sector(of: Bcu | None = None, code: str | None = None, name: str = "East Cambridgeshire") -> Sector:
    parent = of or bcu()
    return keep(Sector(code=code or f"S{_next()}", name=name, bcu_id=parent.id))


def team(
    of: Sector | None = None,
    code: str | None = None,
    name: str = "Soham",
    first_day: dt.date = LONG_AGO,
    last_day: dt.date | None = None,
) -> Team:
    parent = of or sector()
    return keep(
        Team(code=code or f"T{_next()}", name=name, sector_id=parent.id, first_day=first_day, last_day=last_day)
    )


def ward(of: Team, code: str | None = None, name: str = "Soham North") -> Ward:
    made = keep(Ward(code=code or f"W{_next()}", name=name))
    keep(WardMembership(ward_id=made.id, team_id=of.id, first_day=LONG_AGO))
    return made


def post(
    of: Team | Sector,
    grade: Grade = Grade.PC,
    ref: str | None = None,
    fte: str = "1.00",
    first_day: dt.date = LONG_AGO,
    last_day: dt.date | None = None,
    required_skill: str | None = None,
) -> Post:
    return keep(
        Post(
            ref=ref or f"P{_next()}",
            grade=grade,
            team_id=of.id if isinstance(of, Team) else None,
            sector_id=of.id if isinstance(of, Sector) else None,
            fte=None if grade is Grade.SPECIAL else Decimal(fte),
            first_day=first_day,
            last_day=last_day,
            required_skill=required_skill,
        )
    )


def person(
    collar_number: str | None = None,
    surname: str = "Rahman",
    grade: Grade = Grade.PC,
    email: str | None = None,
    leaving_on: dt.date | None = None,
) -> Person:
    return keep(
        Person(
            collar_number=collar_number or f"{1000 + _next()}",
            forename="Amina",
            surname=surname,
            grade=grade,
            email=email,
            leaving_on=leaving_on,
        )
    )


def posting(
    who: Person,
    to: Post,
    first_day: dt.date = LONG_AGO,
    last_day: dt.date | None = None,
    kind: PostingKind = PostingKind.SUBSTANTIVE,
    fte: str | None = None,
    end_reason: str | None = None,
) -> Posting:
    return keep(
        Posting(
            person_id=who.id,
            post_id=to.id,
            first_day=first_day,
            last_day=last_day,
            kind=kind,
            fte=None if kind is PostingKind.ATTACHMENT or fte is None else Decimal(fte),
            end_reason=end_reason,
        )
    )


def posted(of: Team | Sector, grade: Grade = Grade.PC, **known: str) -> Person:
    """Somebody in a post of their own."""
    made = person(grade=grade, **known)  # type: ignore[arg-type]
    posting(made, post(of, grade))
    return made


def cover(
    who: Person,
    of: Team,
    first_day: dt.date = LONG_AGO,
    last_day: dt.date | None = None,
    reason: str | None = None,
) -> Cover:
    return keep(Cover(person_id=who.id, team_id=of.id, first_day=first_day, last_day=last_day, reason=reason))


def contact(of: Ward, who: Person, first_day: dt.date = LONG_AGO, last_day: dt.date | None = None) -> NamedContact:
    return keep(NamedContact(ward_id=of.id, person_id=who.id, first_day=first_day, last_day=last_day))


def panel(
    lead: Team,
    *others: Team,
    code: str | None = None,
    name: str = "Soham and Villages",
    cadence_weeks: int | None = None,
    first_day: dt.date = LONG_AGO,
    last_day: dt.date | None = None,
) -> Panel:
    """A panel that serves its lead team and any others."""
    made = keep(
        Panel(
            code=code or f"N{_next()}",
            name=name,
            lead_team_id=lead.id,
            cadence_weeks=cadence_weeks,
            first_day=first_day,
            last_day=last_day,
        )
    )
    for each in (lead, *others):
        keep(PanelTeam(panel_id=made.id, team_id=each.id))
    return made


def chair(
    of: Panel,
    email: str = "m.holt@demo.example",
    first_day: dt.date = LONG_AGO,
    last_day: dt.date | None = None,
    office: Office = Office.CHAIR,
    chair_type: ChairType = ChairType.INDEPENDENT,
    name: str = "Margaret Holt",
) -> ChairTerm:
    return keep(
        ChairTerm(
            panel_id=of.id,
            email=email,
            first_day=first_day,
            last_day=last_day,
            name=name,
            office=office,
            chair_type=chair_type,
        )
    )


def meeting(
    of: Panel,
    starts: str,
    status: MeetingStatus = MeetingStatus.HELD,
    ref: str | None = None,
    public: bool = True,
    attendance: int | None = None,
) -> Meeting:
    return keep(
        Meeting(
            ref=ref or f"M{_next()}",
            panel_id=of.id,
            starts_at=at(starts),
            venue="Village College",
            public=public,
            status=status,
            public_attendance=attendance,
        )
    )


def priority(
    of: Panel,
    adopted: Meeting | None = None,
    state: PriorityState = PriorityState.RAISED,
    title: str = "Speeding on Fordham Road",
    ref: str | None = None,
) -> Priority:
    return keep(
        Priority(
            ref=ref or f"Q{_next()}",
            panel_id=of.id,
            title=title,
            state=state,
            adopted_at_id=adopted.id if adopted else None,
            minute_ref="6.2" if adopted else None,
        )
    )


def at(moment: str) -> dt.datetime:
    """An instant written in UTC, as ``2026-11-12 07:00``."""
    return dt.datetime.fromisoformat(moment).replace(tzinfo=dt.UTC)


def duty(who: Person, starts: str, ends: str, status: DutyStatus = DutyStatus.WORKED, ref: str | None = None) -> Duty:
    """A duty from one instant to another, in UTC. The duty date is the UTC day, good enough in winter."""
    return keep(
        Duty(
            ref=ref or f"D{_next()}",
            person_id=who.id,
            starts_at=at(starts),
            ends_at=at(ends),
            duty_date=at(starts).date(),
            status=status,
        )
    )


def absence(who: Person, starts: str, ends: str | None, kind: AbsenceKind = AbsenceKind.ANNUAL_LEAVE) -> Absence:
    return keep(
        Absence(
            ref=f"X{_next()}", person_id=who.id, kind=kind, starts_at=at(starts), ends_at=at(ends) if ends else None
        )
    )


def abstraction(
    who: Person,
    starts: str,
    ends: str | None,
    reason: str = "custody",
    ref: str | None = None,
    destination: str | None = None,
    logged_at: dt.datetime | None = None,
) -> Abstraction:
    return keep(
        Abstraction(
            ref=ref or f"A{_next()}",
            person_id=who.id,
            reason=reason,
            starts_at=at(starts),
            ends_at=at(ends) if ends else None,
            destination=destination,
            logged_at=logged_at or at(starts),
        )
    )


def reason(
    code: str = "custody",
    label: str = "Custody cover",
    family: str = "custody",
    counts: str = "sergeant;pc;pcso",
    first_day: dt.date = LONG_AGO,
    last_day: dt.date | None = None,
    guidance: str = "Counts for every grade.",
) -> ReasonEntry:
    return keep(
        ReasonEntry(
            code=code,
            label=label,
            family=family,
            counts_local=counts,
            counts_national=counts,
            first_day=first_day,
            last_day=last_day,
            guidance=guidance,
        )
    )


def target(
    percent: str,
    scope: TargetScope = TargetScope.FORCE,
    code: str = "",
    group: Group = Group.ALL,
    first_day: dt.date = LONG_AGO,
    last_day: dt.date | None = None,
) -> TargetEntry:
    days = {"first_day": first_day, "last_day": last_day}
    return keep(TargetEntry(scope=scope, scope_code=code, group=group, percent=Decimal(percent), **days))


def policy_value(name: str, value: str, first_day: dt.date = LONG_AGO, last_day: dt.date | None = None) -> PolicyValue:
    return keep(PolicyValue(name=name, value=value, first_day=first_day, last_day=last_day))


def user(
    role: Role,
    *codes: str,
    email: str | None = None,
    password: str | None = None,
    name: str = "Sam Okafor",
    chosen: bool = True,
    active: bool = True,
) -> User:
    """Somebody who signs in, for the units of these codes. Without a password only ``sign_in`` lets them in."""
    number = _next()
    return keep(
        User(
            email=email or f"user{number}@force.example",
            name=name,
            role=role,
            password=PasswordHasher(**CHEAP).hash(password) if password else None,
            password_chosen_at=at("2026-01-05 09:00") if chosen else None,
            active=active,
            fs_uniquifier=f"{number:032x}",
            created_at=at("2026-01-05 09:00"),
            scopes=[UserScope(code=code) for code in codes],
        )
    )
