"""The scheduled check of plans."""

import datetime as dt

from npt.core.authority import Actor
from npt.edge import now, policy, zone
from npt.problem_solving import services


def plans(on: dt.date, actor: Actor) -> str:
    """Judge every open plan as on a day, and propose which closed ones need not be kept any longer."""
    return services.check_plans(on, policy(on), zone(), actor=actor, at=now())
