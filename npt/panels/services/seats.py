"""Give an organisation a seat on a panel, say what the seat is for, and end it."""

import datetime as dt
from dataclasses import dataclass

from npt.audit import services as audit
from npt.core import db
from npt.core.authority import Actor
from npt.core.db import session
from npt.core.errors import Reason, refuse_if_any
from npt.core.periods import Period
from npt.panels import queries
from npt.panels.models import PanelSeat
from npt.panels.rules.membership import MemberSector, obstacles_to_ending_seat, obstacles_to_seat


@dataclass(frozen=True, slots=True)
class NewSeat:
    """Which organisation sits on a panel in which role, for which sector, from when; never who.

    ``votes``: a member of the panel; ``expected``: somebody of it is expected at every meeting.
    """

    organisation: str
    role: str
    sector: MemberSector
    votes: bool
    expected: bool
    first_day: dt.date
    email: str | None = None


@dataclass(frozen=True, slots=True)
class ChangeOfSeat:
    """What a seat is for from now on."""

    role: str
    sector: MemberSector
    votes: bool
    expected: bool
    email: str | None = None


def add_seat(code: str, new: NewSeat, *, actor: Actor, at: dt.datetime) -> PanelSeat:
    """Give an organisation a seat on a panel that a team of the actor's leads.

    :raises NoResultFound: when there is no such panel, or another team leads it
    :raises Refused: when it has this seat already, or the panel does not exist that day
    """
    db.lock_record("panels")
    panel = queries.panel_row(code, actor.scope)
    days = Period(panel.first_day, panel.last_day)
    refuse_if_any(obstacles_to_seat(new.organisation, new.role, new.first_day, days, queries.seats_of(panel.id)))
    row = PanelSeat(
        panel_id=panel.id,
        organisation=new.organisation,
        role=new.role,
        sector=new.sector,
        votes=new.votes,
        expected=new.expected,
        first_day=new.first_day,
        email=_email(new.email),
    )
    session.add(row)
    session.flush()
    told = {"organisation": new.organisation, "first_day": new.first_day, **_told(row)}
    audit.record("seat.added", f"panel:{code}", actor=actor, at=at, **told)
    return row


def change_seat(seat_id: int, change: ChangeOfSeat, *, actor: Actor, at: dt.datetime) -> bool:
    """Say what a seat is for from now on. Returns whether anything is different.

    :raises NoResultFound: when there is no such seat, or another team leads the panel
    :raises Refused: when the organisation has that other seat already
    """
    db.lock_record("panels")
    row = queries.seat_row(seat_id, actor.scope)
    others = [seat for seat in queries.seats_of(row.panel_id) if seat.id != row.id]
    twin = (row.organisation.casefold(), change.role.casefold())
    refuse_if_any(
        Reason(f"{seat.organisation} has a seat as {seat.role} already", "role")
        for seat in others
        if (seat.organisation.casefold(), seat.role.casefold()) == twin and seat.last_day is None
    )
    before, address = _told(row), row.email
    row.role, row.sector, row.votes, row.expected = change.role, change.sector, change.votes, change.expected
    row.email = _email(change.email)
    session.flush()
    after = _told(row)
    if address and row.email and address != row.email:
        after["invitations"] = "to another address"
    differing = [name for name in after if before[name] != after[name]]
    if differing:
        audit.record(
            "seat.changed",
            f"panel:{row.panel.code}",
            actor=actor,
            at=at,
            before={f"{row.organisation}: {name}": before[name] for name in differing},
            after={f"{row.organisation}: {name}": after[name] for name in differing},
        )
    return bool(differing)


def end_seat(seat_id: int, last_day: dt.date, *, actor: Actor, at: dt.datetime) -> PanelSeat:
    """Set the last day of a seat.

    :raises NoResultFound: when there is no such seat, or another team leads the panel
    :raises Refused: when it would end before it began, or later than it does already
    """
    db.lock_record("panels")
    row = queries.seat_row(seat_id, actor.scope)
    refuse_if_any(obstacles_to_ending_seat(queries.seat_of(row), last_day))
    before, row.last_day = row.last_day, last_day
    session.flush()
    seat = f"{row.organisation}, {row.role}: last day"
    audit.record(
        "seat.ended",
        f"panel:{row.panel.code}",
        actor=actor,
        at=at,
        before={seat: before},
        after={seat: last_day},
    )
    return row


def _email(typed: str | None) -> str | None:
    return (typed or "").strip().lower() or None


def _told(row: PanelSeat) -> dict[str, object]:
    """What the record keeps of a seat. Everybody who sees the panel reads it: that there is an address, not which."""
    return {
        "role": row.role,
        "sector": row.sector.label,
        "votes": "yes" if row.votes else "no",
        "expected": "yes" if row.expected else "no",
        "invitations": "by email" if row.email else "no address",
    }
