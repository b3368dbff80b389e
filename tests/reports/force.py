"""A force small enough to count by hand: one BCU, two live teams and a closed one, in October 2025."""

import datetime as dt
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from npt.abstractions.queries import Question
from npt.core.authority import Role
from npt.core.db import transaction
from npt.core.periods import Window
from npt.flags.models import Flag
from npt.flags.rules import FlagKind
from npt.people.models import Bcu, Person, Team
from npt.people.rules import Grade, PostingKind
from npt.policy.cli import start_policy
from npt.policy.queries import policy_on, reason_book
from npt.policy.rules import Definition, Group, Severity, TargetScope
from tests import make

LONDON = ZoneInfo("Europe/London")
OCTOBER = Window(dt.date(2025, 10, 1), dt.date(2025, 10, 31), LONDON)
LATER = dt.datetime(2025, 11, 12, 12, 12, tzinfo=dt.UTC)


@dataclass(frozen=True)
class SmallForce:
    bcu: Bcu
    ely: Team
    soham: Team


def october(at: dt.datetime = LATER, definition: Definition = Definition.LOCAL, window: Window = OCTOBER) -> Question:
    return Question(window, at, policy_on(window.last_day), reason_book(), definition)


def small_force() -> SmallForce:
    """Ely has a sergeant and a PC; Soham a PCSO, attached to Ely for a while; Chatteris closed in September."""
    with transaction():
        start_policy()
    north = make.bcu("N", "Northern")
    sector = make.sector(north, "N-S")
    closed = make.team(sector, "N0", "Chatteris", last_day=dt.date(2025, 9, 30))
    ely, soham = make.team(sector, "N1", "Ely"), make.team(sector, "N2", "Soham")
    make.target("8")
    make.target("5", group=Group.PCSOS)
    make.target("10", TargetScope.TEAM, "N1")

    sergeant = make.posted(ely, Grade.SERGEANT, collar_number="1003", surname="Okafor")
    constable, pcso, leaver = make.person("1001"), make.person("7002", grade=Grade.PCSO), make.person("1004")
    make.posting(constable, make.post(ely, ref="N1-PC-1"))
    make.posting(pcso, make.post(soham, Grade.PCSO, ref="N2-PCSO-1", fte="0.80"))
    host = make.post(ely, Grade.PCSO, ref="N1-PCSO-1", first_day=dt.date(2025, 7, 1))
    make.posting(pcso, host, dt.date(2025, 10, 10), dt.date(2025, 10, 20), PostingKind.ATTACHMENT)
    make.posting(leaver, make.post(closed, ref="N0-PC-1"))
    _hours(sergeant, constable, pcso, leaver)
    _flags(soham)
    return SmallForce(north, ely, soham)


def _hours(sergeant: Person, constable: Person, pcso: Person, leaver: Person) -> None:
    make.duty(sergeant, "2025-10-06 07:00", "2025-10-06 17:00")
    make.duty(constable, "2025-10-05 06:00", "2025-10-05 15:00")
    make.abstraction(constable, "2025-10-05 08:00", "2025-10-05 10:00", "court")
    make.duty(constable, "2025-10-31 22:00", "2025-11-01 07:00")
    make.abstraction(constable, "2025-10-31 23:00", "2025-11-01 02:00")
    make.duty(pcso, "2025-10-12 07:00", "2025-10-12 15:00")
    make.abstraction(pcso, "2025-10-12 08:00", "2025-10-12 09:00", "event")
    make.duty(pcso, "2025-10-22 07:00", "2025-10-22 15:00")
    make.abstraction(pcso, "2025-10-22 14:00", "2025-10-22 16:00")
    make.duty(leaver, "2025-09-30 21:00", "2025-10-01 06:00")


def _flags(soham: Team) -> None:
    for kind, subject, opened, closed in (
        (FlagKind.TEAM_WITHOUT_SUPERVISOR, "N2", dt.date(2025, 9, 10), None),
        (FlagKind.NO_TARGET, "N2", dt.date(2025, 10, 2), dt.date(2025, 10, 9)),
        (FlagKind.OVER_ABSTRACTION, "N2", dt.date(2025, 10, 31), dt.date(2025, 11, 3)),
        (FlagKind.RETURN_MISSING, "N2", dt.date(2025, 11, 6), None),
    ):
        make.keep(
            Flag(
                kind=kind,
                subject=subject,
                severity=Severity.HIGH,
                figure="1",
                threshold=None,
                detail="",
                opened_on=opened,
                closed_on=closed,
                owner_role=Role.SERGEANT,
                first_owner_role=Role.SERGEANT,
                owned_since=opened,
                team_id=soham.id,
            )
        )
