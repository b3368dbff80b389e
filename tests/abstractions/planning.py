"""A team with duty, a target and an inspector: what it takes for an entry to need authorisation."""

from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import select

from npt.abstractions import queries, services
from npt.abstractions.models import Abstraction
from npt.abstractions.services import ChangeOfAbstraction, Logged, NewAbstraction, NewAbstractions, Terms
from npt.core.authority import Actor, Role, Scope
from npt.core.db import session, transaction
from npt.core.errors import Refused
from npt.people.models import Person, Team
from npt.policy.rules import Group, Target, TargetBook, TargetScope
from tests import make
from tests.abstractions.make import a_policy, terms
from tests.conftest import NOW

at = make.at


@dataclass
class Soham:
    """A team of two with ten duties of ten hours each in November: 100 hours, 10 of which are the target."""

    team: Team
    rahman: Person
    osei: Person

    @property
    def scope(self) -> Scope:
        return Scope(team_ids=frozenset({self.team.id}))

    @property
    def sergeant(self) -> Actor:
        return Actor("Sgt Okafor", Role.SERGEANT, self.scope, 7)

    @property
    def inspector(self) -> Actor:
        return Actor("Insp Vale", Role.INSPECTOR, self.scope, 8)


def soham() -> Soham:
    make.reason("custody", "Custody cover")
    make.reason("court", "Court", family="court")
    team = make.team(code="SOH", name="Soham")
    rahman = make.posted(team, collar_number="1432", surname="Rahman")
    osei = make.posted(team, collar_number="1500", surname="Osei")
    for day in range(16, 21):
        for who in (rahman, osei):
            make.duty(who, f"2026-11-{day} 08:00", f"2026-11-{day} 18:00")
    return Soham(team, rahman, osei)


def by(target: str | None = "10", **policy: object) -> Terms:
    """Judged with this target of the force, or with none."""
    targets = [Target(TargetScope.FORCE, "", Group.ALL, Decimal(target))] if target else []
    return terms(a_policy(targets=TargetBook(targets), **policy))  # type: ignore[arg-type]


def log(
    s: Soham, who: Person, starts: str, ends: str | None, *, actor: Actor | None = None, target: str | None = "10"
) -> Logged:
    new = NewAbstraction(who.id, "custody", at(starts), at(ends) if ends else None)
    with transaction():
        return services.record_abstraction(new, actor=actor or s.sergeant, at=NOW, terms=by(target))


def log_together(s: Soham, starts: str, ends: str, *, people: tuple[Person, ...] = ()) -> list[Logged]:
    who = people or (s.rahman, s.osei)
    new = NewAbstractions(tuple(each.id for each in who), "custody", at(starts), at(ends))
    with transaction():
        return services.record_abstractions(new, actor=s.sergeant, at=NOW, terms=by())


def entry(ref: str) -> Abstraction:
    session.expire_all()
    return session.scalars(select(Abstraction).where(Abstraction.ref == ref)).one()


def mark(ref: str) -> str:
    return queries.mark_of(entry(ref))


def change_of(ref: str, **changed: object) -> ChangeOfAbstraction:
    """The entry as it stands but for what is changed."""
    e = entry(ref)
    as_it_is: dict[str, object] = {
        "reason": e.reason,
        "starts_at": e.starts_at,
        "ends_at": e.ends_at,
        "destination": e.destination,
        "note": e.note,
        "why": "The custody sergeant asked",
    }
    return ChangeOfAbstraction(**{**as_it_is, **changed})  # type: ignore[arg-type]


def refused(refusal: Refused) -> list[str]:
    return [reason.message for reason in refusal.reasons]
