"""Load the demonstration force: the kept files, and hours invented for the moment of loading."""

import csv
import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from npt.accounts import services as accounts
from npt.accounts.models import User
from npt.accounts.services import NewUser
from npt.audit import services as audit
from npt.core import sheets
from npt.core.authority import Actor, Role
from npt.core.db import session
from npt.core.sheets import Sheet
from npt.demo.queries import DEMONSTRATION
from npt.demo.rules import Force, generate
from npt.exchange import services as exchange
from npt.exchange.services import Progress
from npt.people.models import Bcu, Person, Post, Posting, Sector, Team
from npt.people.rules import Grade

FILES = Path(__file__).parent / "files"

HOME_TEAM = "SOH"
"""The team the demonstration's sergeant, PC and inspector belong to: Soham covers a neighbour."""

COLUMNS = {
    "duties.csv": ("ref", "collar_number", "starts_at", "ends_at", "status"),
    "absences.csv": ("ref", "collar_number", "kind", "starts_at", "ends_at"),
    "abstractions.csv": (
        "ref",
        "collar_number",
        "reason",
        "starts_at",
        "ends_at",
        "destination",
        "authorised_by",
        "note",
        "logged_at",
        "logged_by",
        "authorised_at",
        "cancelled_at",
        "cancel_reason",
    ),
}
