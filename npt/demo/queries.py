"""Whether a database holds the demonstration, somebody's data, or nothing yet."""

import datetime as dt
from enum import Enum

from sqlalchemy import func, select

from npt.accounts.models import User
from npt.audit.queries import installation_mark
from npt.core.authority import PEOPLE_ROLES
from npt.core.db import session
from npt.people.models import Bcu, Person

DEMONSTRATION = "demonstration"
"""The mark of a database that holds the invented force; its value is the day the invented data end."""


class Holding(Enum):
    """What a database holds."""

    NOTHING = "nothing"
    DEMONSTRATION = "the demonstration"
    DATA = "data of somebody's own"


def last_day() -> dt.date:
    """The day on which the invented data of a demonstration end."""
    return dt.date.fromisoformat(installation_mark(DEMONSTRATION) or "")


def sign_ins() -> list[User]:
    """The first user of each role, which is the one the demonstration brought, in order of role."""
    found = {user.role: user for user in session.scalars(select(User).order_by(User.id.desc()))}
    return [found[role] for role in PEOPLE_ROLES if role in found]


def holding() -> Holding:
    """What the database holds: only one marked as a demonstration may be begun again."""
    if installation_mark(DEMONSTRATION) is not None:
        return Holding.DEMONSTRATION
    if any(session.scalar(select(func.count()).select_from(table)) for table in (Bcu, Person, User)):
        return Holding.DATA
    return Holding.NOTHING
