"""The scheduled check of panels."""

import datetime as dt

from npt.core.authority import Actor
from npt.edge import now, policy, zone
from npt.panels import services


def panels(on: dt.date, actor: Actor) -> str:
    """Judge every panel as on a day: its chair, how it keeps to its meetings, and whether the next is fixed."""
    return str(services.flag_panels(on, policy(on), zone(), actor=actor, at=now()))
