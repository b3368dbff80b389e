"""Have officers and residents told of the invented priorities, and some of the officers read it."""

import datetime as dt

from sqlalchemy import select

from npt.accounts.queries import actor_of
from npt.core.authority import EVERYTHING, Actor, Role
from npt.core.db import session
from npt.core.periods import DAY
from npt.demo import queries
from npt.demo.rules.told import NOTES
from npt.panels import services
from npt.panels.models import Priority
from npt.panels.rules.briefing import standard_last_day
from npt.panels.rules.vocabulary import CURRENT
from npt.panels.services import NewNote
from npt.policy.rules import Policy

TELLER = Actor(name="Demonstration sergeant", role=Role.SERGEANT, scope=EVERYTHING)
HAVE_READ = (Role.INSPECTOR, Role.PC)
"""The response officer reads it when somebody signs in as them."""


def brief(policy: Policy, *, at: dt.datetime, on: dt.date) -> int:
    """Write the notes of the invented priorities that are current. Returns how many there are."""
    notes = {told.title: told for told in NOTES}
    rows = session.scalars(
        select(Priority).where(Priority.title.in_(notes), Priority.state.in_(CURRENT)).order_by(Priority.ref)
    ).all()
    for row in rows:
        told = notes[row.title]
        day, moment = on - told.days_ago * DAY, at - told.days_ago * DAY
        new = NewNote(told.place, told.what_to_do, told.who_to_call, standard_last_day(day, policy))
        services.write_note(row.id, new, actor=TELLER, at=moment, on=day, policy=policy)
    return len(rows)


def read_by_some(bcu: str, *, at: dt.datetime, on: dt.date) -> None:
    """Have some of the demonstration's sign-ins open the briefing of a BCU."""
    for user in queries.sign_ins():
        if user.role in HAVE_READ:
            services.read_briefing(bcu, actor=actor_of(user, on), at=at, on=on)
