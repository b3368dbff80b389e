"""Who changes what was to be done, and when it may not be: no day is moved quietly (docs/decisions/0072)."""

import datetime as dt
from collections.abc import Iterator

from npt.core.errors import Reason

NOT_YOURS = Reason("The plan's owner or a supervisor changes its actions. Ask one of them")
CANCELLED = Reason("This action was cancelled. Add another one")
CANCELLED_FOR_PARTNER = Reason("The team has cancelled this action, and nothing is to be done")


def may_change_actions(
    person_id: int | None, supervises: bool, owner_id: int | None, supervisor_id: int | None
) -> bool:
    """Whether somebody changes and cancels actions of a plan: its owner, its supervisor, or who supervises the team."""
    return supervises or (person_id is not None and person_id in (owner_id, supervisor_id))


def obstacles_to_changing(may: bool, done_on: dt.date | None, cancelled_on: dt.date | None) -> Iterator[Reason]:
    """Why an action cannot be changed or cancelled."""
    if not may:
        yield NOT_YOURS
    elif done_on is not None:
        yield Reason("This action is done, and stays as it was done. Add another one")
    elif cancelled_on is not None:
        yield CANCELLED


def obstacles_to_due_day(was: dt.date, now: dt.date, on: dt.date) -> list[Reason]:
    """A day that is moved is not moved into the past."""
    return [Reason("Enter today or a later day", "due_on")] if now != was and now < on else []
