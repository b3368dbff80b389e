"""What differs between one installation and another: values from the environment, read once."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from npt.core.errors import BadInput
from npt.core.smtp import SHAPE, Server, Transport, server_of

ROOT = Path(__file__).resolve().parent.parent
"""The project's root: templates, config and migrations are found from here."""

INSTANCE = ROOT / "instance"


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything an installation may choose. Tests construct it directly."""

    database_url: str = f"sqlite:///{INSTANCE / 'npt.db'}"
    secret_key: str | None = field(default=None, repr=False)
    force_name: str = "Your force"
    time_zone: str = "Europe/London"
    base_url: str = "http://127.0.0.1:5000"
    smtp: Server | None = None
    """Where emails are handed over; without it none is written."""
    secure_cookies: bool = False

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)


def database_url(given: str) -> str:
    """The address SQLAlchemy understands; a relative SQLite path starts at the project root.

    :raises BadInput: when it names neither SQLite nor PostgreSQL through psycopg
    """
    prefix = "sqlite:///"
    try:
        url = make_url(given)
    except (ArgumentError, ValueError):
        url = None  # not shown again: it may hold a password
    if url is not None and url.database and given.startswith(prefix):
        path = Path(given.removeprefix(prefix))
        return given if str(path) == ":memory:" else f"{prefix}{path if path.is_absolute() else ROOT / path}"
    if url is not None and given.startswith("postgresql+psycopg://"):
        return given
    raise BadInput("NPT_DATABASE_URL: enter sqlite:///PATH or postgresql+psycopg://…")


def _is_address(given: str, *schemes: str) -> bool:
    """Whether a text is an address of one of these schemes that names a host, and a port only as a number."""
    try:
        parts = urlsplit(given)
        port = parts.port
    except ValueError:
        return False
    return parts.scheme in schemes and bool(parts.hostname) and port != 0 and not _SPACES.search(given)


_SPACES = re.compile(r"[\s\x00-\x1f\x7f]")


def from_environment(environ: Mapping[str, str] | None = None) -> Settings:
    """Read the settings.

    :raises BadInput: with one line that names the setting that is malformed
    """
    env = os.environ if environ is None else environ
    zone = env.get("NPT_TIME_ZONE", "Europe/London")
    try:
        ZoneInfo(zone)
    except (KeyError, ValueError, OSError) as error:
        raise BadInput(f'NPT_TIME_ZONE: no such time zone ("{zone}")') from error
    base_url = env.get("NPT_BASE_URL", "http://127.0.0.1:5000")
    if not _is_address(base_url, "http", "https"):
        raise BadInput(f'NPT_BASE_URL: enter an address that starts with http:// or https:// ("{base_url}")')
    secret = env.get("NPT_SECRET_KEY")
    if secret is not None and len(secret) < 32:
        raise BadInput("NPT_SECRET_KEY: enter at least 32 characters")
    return Settings(
        database_url=database_url(env.get("NPT_DATABASE_URL", "sqlite:///instance/npt.db")),
        secret_key=secret,
        force_name=env.get("NPT_FORCE_NAME", "Your force"),
        time_zone=zone,
        base_url=base_url.rstrip("/"),
        smtp=_mail_server(env),
        secure_cookies=base_url.startswith("https://"),
    )


def _mail_server(env: Mapping[str, str]) -> Server | None:
    url = env.get("NPT_SMTP_URL")
    if not url:
        return None
    if not _is_address(url, *Transport):
        raise BadInput(SHAPE)
    if "NPT_BASE_URL" not in env:
        raise BadInput("NPT_BASE_URL: not set; emails lead to it, so enter the address under which people open NPT")
    return server_of(url, env.get("NPT_MAIL_FROM"))
