"""What a report names its rows by, and how exact figures are written in JSON (FORMATS, "Figures out")."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from npt.core.figures import two_places


@dataclass(frozen=True, slots=True, order=True)
class Unit:
    """A team, BCU or person as a report names it."""

    code: str
    name: str


Json = dict[str, object]


def decimal_text(figure: Fraction | Decimal | None) -> str | None:
    """A figure with two places, rounded half up from the exact one; nothing where there is none."""
    return None if figure is None else two_places(figure)


def percent_text(rate: Fraction | None) -> str | None:
    """A share of one as a per cent with two places."""
    return None if rate is None else two_places(rate * 100)


def instant_text(at: dt.datetime) -> str:
    """An instant in UTC, ``2026-11-01T00:00:00Z``."""
    return at.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
