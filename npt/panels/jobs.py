"""The scheduled checks of panels and of their priorities."""

import datetime as dt

from npt.core.authority import Actor
from npt.edge import now, policy, zone
from npt.panels import services


def panels(on: dt.date, actor: Actor) -> str:
    """Judge every panel as on a day: its chair, meetings and profile; members of the authority; forums of chairs."""
    return str(services.flag_panels(on, policy(on), zone(), actor=actor, at=now()))


def priorities(on: dt.date, actor: Actor) -> str:
    """Judge every priority as on a day: whether a plan answers it, is it reviewed, is it closed once signed off."""
    return str(services.flag_priorities(on, policy(on), zone(), actor=actor, at=now()))
