"""The only way a job is run."""

import datetime as dt
from collections.abc import Callable

from npt.core.authority import Actor

JOBS: dict[str, Callable[[dt.date, Actor], str]] = {}
