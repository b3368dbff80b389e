"""Read the members of the police authority and the panels they go to, and the forums of chairs."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import or_, select

from npt.core.authority import EVERYTHING, Scope
from npt.core.db import session
from npt.core.periods import Period
from npt.panels.models import Allocation, AuthorityMember, ChairsForum
from npt.panels.queries.panels import visible
from npt.panels.rules.authority import AuthorityFacts, Going, MemberGoes, forums_missed, load_in_words
from npt.people import queries as people
from npt.people.models import Panel, Sector, Team
from npt.people.queries import BcuRow
from npt.policy.rules import Policy


@dataclass(frozen=True, slots=True)
class MemberLine:
    """A member in office on a day, the panels they go to then or later, how many now, and what is wrong with that."""

    id: int
    name: str
    first_day: dt.date
    last_day: dt.date | None
    going: Sequence[Going]
    panels: int
    wrong: str | None


@dataclass(frozen=True, slots=True)
class ForumLine:
    """A forum of a BCU's chairs that was held."""

    bcu: str
    held_on: dt.date
    attended: int
    notes: str | None


@dataclass(frozen=True, slots=True)
class ForumsOfBcu:
    """The forums a BCU held, newest first, and how many it is short of; nothing where none is expected."""

    bcu: BcuRow
    held: Sequence[ForumLine]
    missed: int | None


@dataclass(frozen=True, slots=True)
class AuthorityPage:
    """Members and their panels, the panels nobody goes to, and the forums of the BCUs in sight, on a day.

    ``own_panels``: the numbers of those the actor may see; a member may go to others too.
    """

    members: Sequence[MemberLine]
    without: Sequence[tuple[str, str]]
    forums: Sequence[ForumsOfBcu]
    own_panels: frozenset[int]


def authority_page(scope: Scope, on: dt.date, policy: Policy) -> AuthorityPage:
    """The members in office on a day, with all their panels; of panels without one, those the actor may see."""
    in_office = or_(AuthorityMember.last_day.is_(None), AuthorityMember.last_day >= on)
    rows = session.scalars(select(AuthorityMember).where(in_office).order_by(AuthorityMember.name)).all()
    going = [each for each in going_of() if each.last_day is None or each.last_day >= on]
    by_member: dict[int, list[Going]] = defaultdict(list)
    for each in going:
        by_member[each.member_id].append(each)
    members = [_line(row, by_member[row.id], on, policy) for row in rows]
    gone_to = {each.panel_id for each in going if each.in_force(on)}
    live = (Panel.first_day <= on) & or_(Panel.last_day.is_(None), Panel.last_day >= on)
    seen = select(Panel.id, Panel.code, Panel.name, live).where(visible(scope)).order_by(Panel.name)
    panels = session.execute(seen).all()
    without = [(code, name) for panel_id, code, name, lives in panels if lives and panel_id not in gone_to]
    own = frozenset(panel_id for panel_id, *_ in panels)
    return AuthorityPage(members, without, _forums(scope, on, policy), own)


def _line(row: AuthorityMember, going: Sequence[Going], on: dt.date, policy: Policy) -> MemberLine:
    panels = sum(each.in_force(on) for each in going)
    # Of somebody who is a member only later nothing is wrong yet.
    wrong = load_in_words(panels, policy) if on in Period(row.first_day, row.last_day) else None
    return MemberLine(row.id, row.name, row.first_day, row.last_day, going, panels, wrong)


def member_line(member_id: int, on: dt.date, policy: Policy) -> MemberLine:
    """One member, with every panel they go to, went to or will.

    :raises NoResultFound: when there is none
    """
    return _line(member_row(member_id, lock=False), going_of(member_id), on, policy)


def authority_facts(on: dt.date) -> AuthorityFacts:
    """What the nightly check judges of the authority and of the forums of chairs, on a day."""
    bcus = {bcu.id: (bcu.code, bcu.name) for bcu in people.bcus(EVERYTHING)}
    placed = select(Panel.id, Panel.code, Panel.name, Sector.bcu_id).join(Team, Team.id == Panel.lead_team_id)
    live = (Panel.first_day <= on) & or_(Panel.last_day.is_(None), Panel.last_day >= on)
    panels = session.execute(placed.join(Sector, Sector.id == Team.sector_id).where(live).order_by(Panel.code)).all()
    going = [each for each in going_of() if each.in_force(on)]
    bcu_of = {panel_id: bcu_id for panel_id, *_, bcu_id in panels}
    by_member: dict[int, Counter[int]] = defaultdict(Counter)
    for each in going:
        by_member[each.member_id][bcu_of[each.panel_id]] += 1
    members = [
        MemberGoes(row.id, row.name, by_member[row.id])
        for row in session.scalars(select(AuthorityMember).order_by(AuthorityMember.id))
        if on in Period(row.first_day, row.last_day)
    ]
    gone_to = {each.panel_id for each in going}
    without = [(code, name, bcu_id) for panel_id, code, name, bcu_id in panels if panel_id not in gone_to]
    forums: dict[int, list[dt.date]] = defaultdict(list)
    for bcu_id, held_on in session.execute(select(ChairsForum.bcu_id, ChairsForum.held_on)):
        forums[bcu_id].append(held_on)
    return AuthorityFacts(bcus, members, without, forums)


def _forums(scope: Scope, on: dt.date, policy: Policy) -> list[ForumsOfBcu]:
    bcus = people.bcus(scope)
    held: dict[int, list[ForumLine]] = defaultdict(list)
    codes = {bcu.id: bcu.code for bcu in bcus}
    rows = session.scalars(
        select(ChairsForum).where(ChairsForum.bcu_id.in_(codes)).order_by(ChairsForum.held_on.desc())
    )
    for row in rows:
        held[row.bcu_id].append(ForumLine(codes[row.bcu_id], row.held_on, row.attended, row.notes))
    return [
        ForumsOfBcu(bcu, held[bcu.id], forums_missed((each.held_on for each in held[bcu.id]), policy, on))
        for bcu in bcus
    ]


def going_of(member_id: int | None = None) -> list[Going]:
    """Who goes to which panel, ended ones too, by the name of the panel; of one member alone when asked."""
    statement = select(Allocation, Panel).join(Panel, Panel.id == Allocation.panel_id).order_by(Panel.name)
    if member_id is not None:
        statement = statement.where(Allocation.member_id == member_id)
    return [
        Going(
            row.id,
            row.member_id,
            row.panel_id,
            panel.code,
            panel.name,
            row.first_day,
            row.last_day,
            Period(panel.first_day, panel.last_day),
        )
        for row, panel in session.execute(statement)
    ]


def member_names(on: dt.date) -> dict[int, str]:
    """The members who are in office on a day or later, by number."""
    in_office = or_(AuthorityMember.last_day.is_(None), AuthorityMember.last_day >= on)
    rows = select(AuthorityMember.id, AuthorityMember.name).where(in_office).order_by(AuthorityMember.name)
    return dict(session.execute(rows).all())


def panel_names(scope: Scope) -> dict[str, str]:
    """The panels the actor may see, by code."""
    rows = select(Panel.code, Panel.name).where(visible(scope)).order_by(Panel.name)
    return dict(session.execute(rows).all())


def member_row(member_id: int, *, lock: bool = True) -> AuthorityMember:
    """A member, locked unless only shown. Members belong to the force, and whoever may allocate one sees all.

    :raises NoResultFound: when there is none
    """
    statement = select(AuthorityMember).where(AuthorityMember.id == member_id)
    return session.scalars(statement.with_for_update() if lock else statement).one()


def own_panel_ids(scope: Scope) -> frozenset[int]:
    """The numbers of the panels the actor may see."""
    return frozenset(session.scalars(select(Panel.id).where(visible(scope))))


def allocation_row(allocation_id: int, scope: Scope, *, lock: bool = True) -> Allocation:
    """Somebody's going to a panel the actor may see, locked unless only shown.

    :raises NoResultFound: when there is none, or the panel is out of scope
    """
    statement = select(Allocation).join(Allocation.panel).where(Allocation.id == allocation_id, visible(scope))
    return session.scalars(statement.with_for_update(of=Allocation) if lock else statement).one()


def visible_panel(code: str, scope: Scope) -> Panel:
    """A panel the actor may see.

    :raises NoResultFound: when there is none
    """
    return session.scalars(select(Panel).where(Panel.code == code, visible(scope))).one()


def forum_row(bcu_id: int, held_on: dt.date) -> ChairsForum | None:
    """The forum of a BCU on a day, if one is recorded."""
    return session.scalar(
        select(ChairsForum).where(ChairsForum.bcu_id == bcu_id, ChairsForum.held_on == held_on).with_for_update()
    )
