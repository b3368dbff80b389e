"""Say who is a member of the police authority and which panels they go to; record a forum of chairs."""

import datetime as dt
from dataclasses import dataclass

from npt.audit import services as audit
from npt.core import db
from npt.core.authority import Actor
from npt.core.db import session
from npt.core.errors import Reason, Refused, refuse_if_any
from npt.panels import queries
from npt.panels.models import Allocation, AuthorityMember, ChairsForum
from npt.panels.rules.authority import obstacles_to_allocation, obstacles_to_ending_elsewhere, obstacles_to_last_day
from npt.people import queries as people

SUBJECT = "authority:members"


@dataclass(frozen=True, slots=True)
class NewMember:
    """Who becomes a member of the police authority, from when."""

    name: str
    first_day: dt.date


@dataclass(frozen=True, slots=True)
class NewAllocation:
    """Which member goes to which panel, by its code, from when."""

    member: int
    panel: str
    first_day: dt.date


@dataclass(frozen=True, slots=True)
class NewForum:
    """The forum of a BCU's chairs, by the BCU's code: when it was held, how many came, what was said."""

    bcu: str
    held_on: dt.date
    attended: int
    notes: str | None


def add_member(new: NewMember, *, actor: Actor, at: dt.datetime) -> AuthorityMember:
    """Add a member of the police authority.

    :raises Refused: when somebody of this name is a member on that day, as when the same form is sent twice
    """
    db.lock_record("authority")
    if new.name in queries.member_names(new.first_day).values():
        raise Refused(Reason(f"{new.name} is a member already. Tell two of one name apart", "name"))
    row = AuthorityMember(name=new.name, first_day=new.first_day)
    session.add(row)
    session.flush()
    audit.record(
        "authority_member.added", SUBJECT, actor=actor, at=at, number=row.id, name=new.name, first_day=new.first_day
    )
    return row


def end_member(member_id: int, last_day: dt.date, *, actor: Actor, at: dt.datetime) -> AuthorityMember:
    """Set the last day of a member in office, and with it of their going to any panel.

    :raises NoResultFound: when there is no such member
    :raises Refused: when it would end before it began, or later than it does already; when it would take them from a
        panel that is not the actor's
    """
    db.lock_record("authority")
    row = queries.member_row(member_id)
    going = queries.going_of(member_id)
    own = queries.own_panel_ids(actor.scope)
    others = [each.panel_name for each in going if each.panel_id not in own and not each.over_by(last_day)]
    refuse_if_any(
        [*obstacles_to_last_day(row.first_day, row.last_day, last_day), *obstacles_to_ending_elsewhere(others)]
    )
    before, row.last_day = row.last_day, last_day
    for each in going:
        if not each.over_by(last_day):
            session.get_one(Allocation, each.id).last_day = max(each.first_day, last_day)
    session.flush()
    audit.record(
        "authority_member.ended",
        SUBJECT,
        actor=actor,
        at=at,
        before={f"last day of {row.name}": before},
        after={f"last day of {row.name}": last_day},
    )
    return row


def allocate(new: NewAllocation, *, actor: Actor, at: dt.datetime) -> Allocation:
    """Have a member go to a panel the actor may see. How many panels they have then is warned of and not refused.

    :raises Refused: when there is no such member or panel, or the member goes there already
    """
    db.lock_record("authority")
    panels = queries.panel_names(actor.scope)
    if new.panel not in panels:
        raise Refused(Reason("Choose a panel from the list", "panel"))
    member, panel = queries.member_row(new.member), queries.visible_panel(new.panel, actor.scope)
    days = (member.first_day, member.last_day)
    refuse_if_any(obstacles_to_allocation(panel.id, new.first_day, days, queries.going_of(member.id)))
    row = Allocation(member_id=member.id, panel_id=panel.id, first_day=new.first_day, last_day=member.last_day)
    session.add(row)
    session.flush()
    audit.record(
        "authority_member.allocated",
        f"panel:{panel.code}",
        actor=actor,
        at=at,
        name=member.name,
        first_day=new.first_day,
    )
    return row


def end_allocation(allocation_id: int, last_day: dt.date, *, actor: Actor, at: dt.datetime) -> Allocation:
    """Set the last day on which a member goes to a panel.

    :raises NoResultFound: when there is no such thing within scope
    :raises Refused: when it would end before it began, or later than it does already
    """
    db.lock_record("authority")
    row = queries.allocation_row(allocation_id, actor.scope)
    refuse_if_any(obstacles_to_last_day(row.first_day, row.last_day, last_day))
    before, row.last_day = row.last_day, last_day
    session.flush()
    audit.record(
        "authority_member.released",
        f"panel:{row.panel.code}",
        actor=actor,
        at=at,
        before={f"last day of {row.member.name}": before},
        after={f"last day of {row.member.name}": last_day},
    )
    return row


def record_forum(new: NewForum, *, actor: Actor, at: dt.datetime, on: dt.date) -> ChairsForum:
    """Record a forum of a BCU's chairs, or correct the one of that day.

    :raises Refused: when the BCU is not the actor's, or the day is still to come
    """
    bcu = next((each for each in people.bcus(actor.scope) if each.code == new.bcu), None)
    if bcu is None:
        raise Refused(Reason("Choose one of your own BCUs", "bcu"))
    if new.held_on > on:
        raise Refused(Reason("Enter a day that has come: this records a forum that was held", "held_on"))
    db.lock_record("authority")
    row = queries.forum_row(bcu.id, new.held_on)
    before = {"attended": row.attended, "notes": row.notes} if row else {"attended": None, "notes": None}
    if row is None:
        row = ChairsForum(bcu_id=bcu.id, held_on=new.held_on, attended=new.attended, notes=new.notes)
        session.add(row)
    row.attended, row.notes = new.attended, new.notes
    session.flush()
    after = {"attended": row.attended, "notes": row.notes}
    if before != after:
        audit.record(
            "chairs_forum.recorded",
            f"forums:{bcu.code}",
            actor=actor,
            at=at,
            before={f"{new.held_on.isoformat()} {name}": told for name, told in before.items()},
            after={f"{new.held_on.isoformat()} {name}": told for name, told in after.items()},
        )
    return row
