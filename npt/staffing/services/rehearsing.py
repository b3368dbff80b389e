"""Try a change to see what it would do, and keep nothing of it."""

import datetime as dt
from collections.abc import Callable
from typing import NoReturn

from npt.core import db
from npt.core.effects import Effect
from npt.policy.rules import Policy
from npt.staffing.queries import changing, every_contact
from npt.staffing.rules.contacts import contact_effects
from npt.staffing.rules.effects import effects_of


class Rehearsed(Exception):
    """A rehearsal has come to its end. It leaves ``transaction()`` as an exception, so that nothing is kept."""

    def __init__(self, effects: list[Effect]) -> None:
        self.effects = effects
        super().__init__("rehearsal: nothing was changed")


def rehearse(change: Callable[[], object], on: dt.date, policy: Policy) -> NoReturn:
    """Make a change as it would be made, judged by the database too, say what it does, and undo it.

    :param change: the call of a service, made inside the ``transaction()`` its edge has opened
    :param on: the day the change takes effect
    :raises Refused: when the change would be refused
    :raises Rehearsed: otherwise, with the effects
    """
    before, named_before = changing.facts(), every_contact().on(on)
    change()
    db.session.flush()
    db.check_overlaps()
    after, book = changing.facts(), every_contact()
    effects = effects_of(before, after, on, policy, changing.names(before, after))
    raise Rehearsed([*effects, *contact_effects(named_before, book.on(on), book.names)])
