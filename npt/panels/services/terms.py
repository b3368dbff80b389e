"""Appoint a chair or vice-chair of a panel, and end a term of office."""

import datetime as dt
from dataclasses import dataclass

from npt.audit import services as audit
from npt.audit.rules import LONGEST_SUBJECT
from npt.core import db
from npt.core.authority import Actor
from npt.core.db import session
from npt.core.errors import Reason, refuse_if_any
from npt.core.periods import Period
from npt.flags import services as flags
from npt.flags.rules import FlagKind
from npt.panels import queries
from npt.panels.models import ChairTerm
from npt.panels.rules.terms import Term, obstacles_to_ending, obstacles_to_term
from npt.panels.rules.vocabulary import ChairType, Office


@dataclass(frozen=True, slots=True)
class NewTerm:
    """Who is to hold which office of a panel, from when to when, and whom they come from."""

    name: str
    email: str
    office: Office
    chair_type: ChairType
    first_day: dt.date
    last_day: dt.date | None = None


def appoint(code: str, new: NewTerm, *, actor: Actor, at: dt.datetime, on: dt.date) -> ChairTerm:
    """Appoint somebody chair or vice-chair of a panel that a team of the actor's leads.

    :raises NoResultFound: when there is no such panel, or another team leads it
    :raises Refused: when the days are out of order, outside the panel's, or somebody holds the office on one of them
    """
    db.lock_record("panels")
    panel = queries.panel_row(code, actor.scope)
    terms = queries.terms_of(panel.id)
    email = new.email.strip().lower()
    reasons = [
        *obstacles_to_term(new.office, new.first_day, new.last_day, Period(panel.first_day, panel.last_day), terms)
    ]
    if any(term.email == email and term.first_day == new.first_day for term in terms):
        reasons.append(Reason("Somebody with this address begins a term of this panel that day already", "email"))
    refuse_if_any(reasons)
    row = ChairTerm(
        panel_id=panel.id,
        email=email,
        name=new.name,
        office=new.office,
        chair_type=new.chair_type,
        first_day=new.first_day,
        last_day=new.last_day,
    )
    session.add(row)
    session.flush()
    if new.office is Office.CHAIR and on in Period(new.first_day, new.last_day):
        flags.close(FlagKind.PANEL_WITHOUT_CHAIR, code, on=on, actor=actor, at=at)
    # The address stands in the subject alone: whoever reads the panel's history needs none of it.
    audit.record(
        "chair.appointed",
        _subject(code, row),
        actor=actor,
        at=at,
        panel=code,
        name=new.name,
        office=new.office,
        chair_type=new.chair_type,
        first_day=new.first_day,
        last_day=new.last_day,
    )
    return row


def end_term(term_id: int, last_day: dt.date, *, actor: Actor, at: dt.datetime) -> ChairTerm:
    """Set the last day of a term of office.

    :raises NoResultFound: when there is no such term, or another team leads the panel
    :raises Refused: when it would end before it began, or later than it does already
    """
    db.lock_record("panels")
    row = queries.term_row(term_id, actor.scope)
    term = Term(row.id, row.name, row.email, row.office, row.chair_type, row.first_day, row.last_day)
    refuse_if_any(obstacles_to_ending(term, last_day))
    before, row.last_day = row.last_day, last_day
    session.flush()
    audit.record(
        "chair.ended",
        _subject(row.panel.code, row),
        actor=actor,
        at=at,
        panel=row.panel.code,
        before={f"last day of {row.name}": before},
        after={f"last day of {row.name}": last_day},
    )
    return row


def _subject(code: str, row: ChairTerm) -> str:
    return f"chair:{code}/{row.email}/{row.first_day.isoformat()}"[:LONGEST_SUBJECT]
