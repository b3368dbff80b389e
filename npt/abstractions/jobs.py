"""What is done of a night: duties made ahead, minutes added up, abstraction and monthly returns checked."""

import datetime as dt

from npt.abstractions import services
from npt.abstractions.services import Lines
from npt.core.authority import Actor
from npt.core.periods import DAY, month_of
from npt.edge import now, policy, today, zone


def abstractions(on: dt.date, actor: Actor) -> str:
    """Judge teams and people on the rolling days up to the day before, and the month on where it is heading."""
    lines = Lines(policy(on), policy(on - DAY), policy(month_of(on, zone()).last_day))
    return str(services.flag_breaches(on, lines, zone=zone(), actor=actor, at=now()))


def returns(on: dt.date, actor: Actor) -> str:
    """Chase the monthly returns that are late."""
    return str(services.flag_missing(on, policy(on), zone=zone(), actor=actor, at=now()))


def duties(on: dt.date, actor: Actor) -> str:
    """Make the duties that shift patterns give, as many days ahead as policy says."""
    ahead = policy(on).generate_duties_days
    return str(services.generate_duties(on, ahead, zone=zone(), actor=actor, at=now()))


def minutes(on: dt.date, actor: Actor) -> str:
    """Add up the minutes of months, up to the start of the day, or of today when the day is still to come."""
    return str(services.add_up_months(min(on, today()), zone=zone()))
