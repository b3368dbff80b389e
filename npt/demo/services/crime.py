"""Load the published crime that is kept for the demonstration, with the boundaries of its wards. It is not invented."""

import datetime as dt
import lzma
from pathlib import Path
from zoneinfo import ZoneInfo

from npt.core.authority import EVERYTHING, Actor, Role
from npt.exchange import services as exchange
from npt.exchange.services import Progress
from npt.policy import services as policy
from npt.policy.services import NewFigure

PUBLISHED = Path(__file__).parents[1] / "published"
ONE_MONTH = "Two published months are kept for the demonstration, so a profile holds one against the other"
LEAD = Actor(name="Demonstration Force lead", role=Role.FORCE_LEAD, scope=EVERYTHING)


def load_crime(*, actor: Actor, at: dt.datetime, on: dt.date, zone: ZoneInfo, progress: Progress) -> None:
    """Take in two months of recorded crime, and have profiles look at one month beside the one before."""
    files = [(path.stem, lzma.decompress(path.read_bytes())) for path in sorted(PUBLISHED.glob("*.xz"))]
    exchange.load(exchange.from_uploads(files), actor=actor, at=at, on=on, zone=zone, progress=progress)
    policy.change_figure("profile_months", NewFigure("1", on, ONE_MONTH), actor=LEAD, at=at, on=on)
