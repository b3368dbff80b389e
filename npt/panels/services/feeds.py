"""Make, renew and withdraw the secret address of a panel's calendar."""

import datetime as dt

from npt.audit import services as audit
from npt.core import db
from npt.core.authority import Actor
from npt.core.db import session
from npt.core.errors import Refused
from npt.core.tokens import hashed, new_token
from npt.panels import queries
from npt.panels.models import CalendarFeed


def share_calendar(code: str, *, actor: Actor, at: dt.datetime) -> str:
    """Make an address for a panel's calendar and end the one before. Returns its secret, which nobody keeps.

    :raises NoResultFound: when there is no such panel, or it is neither chaired by the actor nor led by their team
    """
    db.lock_record("panels")
    panel = queries.shared_panel_row(code, actor.scope)
    before = queries.feed_rows(panel.id)
    for row in before:
        row.withdrawn_at = at
    token = new_token()
    session.add(CalendarFeed(panel_id=panel.id, token_hash=hashed(token), made_at=at, made_by=actor.name))
    session.flush()
    audit.record("calendar_address.renewed" if before else "calendar_address.made", f"panel:{code}", actor=actor, at=at)
    return token


def withdraw_calendar(code: str, *, actor: Actor, at: dt.datetime) -> None:
    """Let nobody fetch a panel's calendar any more.

    :raises NoResultFound: when there is no such panel, or it is neither chaired by the actor nor led by their team
    :raises Refused: when it has no address
    """
    db.lock_record("panels")
    panel = queries.shared_panel_row(code, actor.scope)
    rows = queries.feed_rows(panel.id)
    if not rows:
        raise Refused("This panel's calendar has no address")
    for row in rows:
        row.withdrawn_at = at
    session.flush()
    audit.record("calendar_address.withdrawn", f"panel:{code}", actor=actor, at=at)
