"""Ambient facts: who is asking, what time it is, which policy applies.

Only views, jobs and commands may import this module. Everything below them is told.
"""

import datetime as dt
from typing import TYPE_CHECKING, cast
from zoneinfo import ZoneInfo

from flask import current_app
from flask_login import current_user

from npt.core.authority import Actor
from npt.core.db import transaction
from npt.core.periods import local_day
from npt.settings import Settings

if TYPE_CHECKING:
    from npt.policy.rules import Policy

__all__ = ["actor", "now", "policy", "settings", "signed_in", "today", "transaction", "zone"]


def now() -> dt.datetime:
    """This instant, in UTC."""
    return dt.datetime.now(dt.UTC)


def settings() -> Settings:
    """What this installation was started with."""
    return cast(Settings, current_app.extensions["npt.settings"])


def zone() -> ZoneInfo:
    """The zone of the force's station clocks."""
    return cast(ZoneInfo, current_app.extensions["npt.zone"])


def today() -> dt.date:
    """The date on the station clock."""
    return local_day(now(), zone())


def policy(on: dt.date) -> "Policy":
    """The figures of policy in force on a day."""
    return cast("Policy", current_app.extensions["npt.policy"](on))


def signed_in() -> bool:
    """Whether anybody is signed in."""
    return bool(current_user and current_user.is_authenticated)


def actor() -> Actor:
    """Who is asking, with what they may see today."""
    return cast(Actor, current_user.actor)
