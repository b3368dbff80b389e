"""A small force to move people about in: two teams of one BCU, and somebody who may."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

import pytest
from sqlalchemy import select

from npt.core.authority import Actor, Role, Scope
from npt.core.db import session as current
from npt.core.db import transaction
from npt.core.errors import Refused
from npt.people import queries as people
from npt.people.models import Bcu, Person, Post, Posting, Sector, Team
from npt.people.rules import Grade, holders
from npt.staffing import services
from npt.staffing.rules.moves import EndReason
from npt.staffing.services import ChangeOfPost, EndOfPosting, Move, NewCover, NewPost, NewPosting
from tests import make
from tests.conftest import NOW, TODAY
from tests.staffing.make import a_policy

SETTLED = dt.date(2023, 1, 2)
"""Long enough ago that nobody moves early."""


@dataclass
class Force:
    """Soham with a sergeant and two constables (one post vacant), Ely with a vacant sergeant's post and a constable."""

    bcu: Bcu
    sector: Sector
    soham: Team
    ely: Team
    sergeant: Person
    constable: Person
    other: Person
    posts: dict[str, Post]

    @property
    def lead(self) -> Actor:
        scope = Scope(
            bcu_ids=frozenset({self.bcu.id}),
            sector_ids=frozenset({self.sector.id}),
            team_ids=frozenset({self.soham.id, self.ely.id}),
        )
        return Actor("R. Lead", Role.RESOURCES_LEAD, scope)

    def posting_of(self, person: Person) -> Posting:
        """The posting of theirs that began last."""
        statement = select(Posting).where(Posting.person_id == person.id).order_by(Posting.first_day.desc())
        return current.scalars(statement.limit(1)).one()


def a_force() -> Force:
    bcu = make.bcu(code="SOUTH")
    sector = make.sector(bcu, code="EC")
    soham, ely = make.team(sector, code="SOH"), make.team(sector, code="ELY", name="Ely")
    posts = {
        ref: make.post(team, grade, ref=ref)
        for ref, team, grade in (
            ("SOH-SGT-1", soham, Grade.SERGEANT),
            ("SOH-PC-1", soham, Grade.PC),
            ("SOH-PC-2", soham, Grade.PC),
            ("ELY-SGT-1", ely, Grade.SERGEANT),
            ("ELY-PC-1", ely, Grade.PC),
            ("ELY-PC-2", ely, Grade.PC),
        )
    }
    sergeant = make.person("2979", "Lamb", Grade.SERGEANT)
    constable, other = make.person("1432", "Rahman"), make.person("1500", "Okafor")
    make.posting(sergeant, posts["SOH-SGT-1"], SETTLED)
    make.posting(constable, posts["SOH-PC-1"], SETTLED)
    make.posting(other, posts["ELY-PC-1"], SETTLED)
    return Force(bcu, sector, soham, ely, sergeant, constable, other, posts)


Change = Callable[[], object]
DECEMBER = dt.date(2026, 12, 1)
NOVEMBER_ENDS = dt.date(2026, 11, 30)


def done(change: Change) -> None:
    with transaction():
        change()
    current.expire_all()


def refused(change: Change) -> dict[str | None, str]:
    with pytest.raises(Refused) as refusal:
        done(change)
    return {reason.field: reason.message for reason in refusal.value.reasons}


def opens(force: Force, **known: object) -> Change:
    typed = {"ref": "SOH-PC-9", "grade": Grade.PC, "unit_code": "SOH", "fte": Decimal("1.00"), "first_day": DECEMBER}
    new = NewPost(**{**typed, **known})  # type: ignore[arg-type]
    return lambda: services.create_post(new, actor=force.lead, at=NOW)


def posts_to(force: Force, who: Person, ref: str, first_day: dt.date = DECEMBER, **known: object) -> Change:
    new = NewPosting(ref, first_day, **known)  # type: ignore[arg-type]
    return lambda: services.post_person(who.collar_number, new, actor=force.lead, at=NOW, on=TODAY)


def moves(force: Force, who: Person, ref: str, first_day: dt.date = DECEMBER, **known: object) -> Change:
    move = Move(force.posting_of(who).id, ref, first_day, **known)  # type: ignore[arg-type]
    return lambda: services.move_person(who.collar_number, move, actor=force.lead, at=NOW, on=TODAY, policy=a_policy())


def acts(force: Force, who: Person, ref: str, last_day: dt.date | None = None) -> Change:
    new = NewPosting(ref, DECEMBER, last_day)
    return lambda: services.act_up(who.collar_number, new, actor=force.lead, at=NOW, on=TODAY)


def ends(
    force: Force, posting: Posting, last_day: dt.date = NOVEMBER_ENDS, reason: EndReason = EndReason.OTHER, **known: str
) -> Change:
    end = EndOfPosting(last_day, reason, **known)
    return lambda: services.end_posting(posting.id, end, actor=force.lead, at=NOW, policy=a_policy())


def changes(force: Force, ref: str, fte: str, from_day: dt.date = DECEMBER, new_ref: str = "NEXT") -> Change:
    change = ChangeOfPost(Decimal(fte), from_day, new_ref)
    return lambda: services.change_post(ref, change, actor=force.lead, at=NOW, on=TODAY)


def covers(force: Force, who: Person, team: str = "ELY", **known: object) -> Change:
    typed = {"post_ref": "ELY-SGT-1", "first_day": DECEMBER}
    new = NewCover(who.collar_number, team, **{**typed, **known})  # type: ignore[arg-type]
    return lambda: services.record_cover(new, actor=force.lead, at=NOW, on=TODAY)


def held_by(day: dt.date) -> dict[str, list[str]]:
    named = people.people(current.scalars(select(Person.id)))
    return {
        held[0].post.ref: sorted(named[p.person_id].collar_number for p in held)
        for held in holders(people.roll().postings, day).values()
    }
