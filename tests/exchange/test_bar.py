"""A large import as whoever starts it sees it: a bar for the file on a terminal, and little memory."""

import datetime as dt
import os
import pty
import subprocess
import sys
import threading
from pathlib import Path

from sqlalchemy import func, select

from npt.abstractions.models import Duty
from npt.audit.models import AuditEntry
from npt.core import db
from npt.settings import ROOT
from tests.exchange.make import FORCE, load

ROWS = 100_000
MEGABYTES = 100
"""What an import may take over the process at rest; docs/speed.md measures 36 for these rows."""


def duties(path: Path) -> Path:
    start = dt.datetime(1990, 1, 1, 7, tzinfo=dt.UTC)
    with path.open("w") as file:
        file.write("ref,collar_number,starts_at,ends_at,status\n")
        for number in range(ROWS):
            day = start + dt.timedelta(hours=3 * number)
            file.write(f"D{number},1432,{day:%Y-%m-%dT%H:%M}Z,{day + dt.timedelta(hours=2):%Y-%m-%dT%H:%M}Z,worked\n")
    return path


def run(url: str, *arguments: str) -> tuple[str, int]:
    """A command with a terminal for its standard error: what the terminal showed, and its memory at the most."""
    master, slave = pty.openpty()
    shown = bytearray()

    def listen() -> None:
        try:
            while chunk := os.read(master, 65536):
                shown.extend(chunk)
        except OSError:
            return

    environment = {**os.environ, "NPT_DATABASE_URL": url, "TERM": "xterm", "COLUMNS": "120"}
    measured = [sys.executable, "-m", "tests.exchange.measured", *arguments]
    with subprocess.Popen(
        measured, cwd=ROOT, stdout=subprocess.PIPE, stderr=slave, env=environment, text=True
    ) as process:
        os.close(slave)
        listener = threading.Thread(target=listen)
        listener.start()
        said, _ = process.communicate(timeout=600)
        listener.join(timeout=10)
    os.close(master)
    assert process.returncode == 0, shown.decode()
    return shown.decode(), int(said.rsplit("kilobytes: ", 1)[1])


def test_a_hundred_thousand_rows_move_a_bar_and_are_kept_in_one_transaction_without_being_held_in_memory(
    fresh_url: str, tmp_path: Path
) -> None:
    engine = db.connect(fresh_url)
    try:
        load({kind: FORCE[kind] for kind in ("bcus", "sectors", "teams", "people")})
        before = db.session.scalar(select(func.count()).select_from(AuditEntry)) or 0
        db.session.remove()

        shown, kilobytes = run(fresh_url, "import", str(duties(tmp_path / "duties.csv")))
        _, at_rest = run(fresh_url, "audit", "verify")

        assert "duties.csv" in shown
        assert f"/{2 * ROWS}" in shown
        assert db.session.scalar(select(func.count()).select_from(Duty)) == ROWS
        assert (db.session.scalar(select(func.count()).select_from(AuditEntry)) or 0) == before + 1
        assert (kilobytes - at_rest) / 1024 < MEGABYTES
    finally:
        db.session.remove()
        engine.dispose()
