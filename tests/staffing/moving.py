"""A small force to move people about in: two teams of one BCU, and somebody who may."""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import select

from npt.core.authority import Actor, Role, Scope
from npt.core.db import session as current
from npt.people.models import Bcu, Person, Post, Posting, Sector, Team
from npt.people.rules import Grade
from tests import make

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
