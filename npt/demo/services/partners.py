"""Give the demonstration's partner the organisation that has taken something on, and its group."""

import datetime as dt

from npt.accounts import services as accounts
from npt.accounts.services import ChangeOfUser
from npt.core.authority import EVERYTHING, Actor, Role
from npt.demo import queries
from npt.problem_solving.queries import partners

ADMINISTRATOR = Actor(name="Demonstration administrator", role=Role.ADMINISTRATOR, scope=EVERYTHING)


def partner_signs_in(*, at: dt.datetime, on: dt.date) -> None:
    """Give the partner who signs in the organisation with most overdue."""
    found = partners.organisations(SERGEANT, on)
    user = next((user for user in queries.sign_ins() if user.role is Role.PARTNER), None)
    if found and user is not None:
        change = ChangeOfUser(user.name, user.role, (found[0].code,))
        accounts.change_user(user.id, change, actor=ADMINISTRATOR, at=at)


SERGEANT = Actor(name="Demonstration sergeant", role=Role.SERGEANT, scope=EVERYTHING)
