"""Ambient facts: who is asking, what time it is, which policy applies.

Only views, jobs and commands may import this module. Everything below them is told.
"""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast
from zoneinfo import ZoneInfo

from flask import current_app
from flask_login import current_user

from npt.core.authority import Actor
from npt.core.db import transaction
from npt.core.periods import DAY, local_day
from npt.settings import Settings

if TYPE_CHECKING:
    from npt.policy.rules import Policy

__all__ = ["Job", "actor", "jobs", "now", "policy", "settings", "signed_in", "today", "transaction", "zone"]


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


@dataclass(frozen=True, slots=True)
class Job:
    """A scheduled job: its name, its time on the station clock, and how it is run for a day."""

    name: str
    at: dt.time
    run: Callable[..., str]

    def due_before(self, moment: dt.datetime, zone: ZoneInfo) -> dt.datetime:
        """The last time up to a moment at which it was due."""
        day = local_day(moment, zone)
        due = self._due_on(day, zone)
        return due if due <= moment else self._due_on(day - DAY, zone)

    def _due_on(self, day: dt.date, zone: ZoneInfo) -> dt.datetime:
        return dt.datetime.combine(day, self.at, tzinfo=zone).astimezone(dt.UTC)


def jobs() -> Mapping[str, Job]:
    """The scheduled jobs by name."""
    return cast("Mapping[str, Job]", current_app.extensions["npt.jobs"])
