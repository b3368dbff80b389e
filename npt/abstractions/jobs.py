"""The scheduled check of abstraction."""

import datetime as dt

from npt.abstractions import services
from npt.abstractions.services import Lines
from npt.core.authority import Actor
from npt.core.periods import DAY, month_of
from npt.edge import now, policy, zone


def abstractions(on: dt.date, actor: Actor) -> str:
    """Judge teams and people on the rolling days up to the day before, and the month on where it is heading."""
    lines = Lines(policy(on), policy(on - DAY), policy(month_of(on, zone()).last_day))
    return str(services.flag_breaches(on, lines, zone=zone(), actor=actor, at=now()))
