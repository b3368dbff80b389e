"""A power cut, or kill -9, in the middle of an import."""

import signal
import subprocess
import sys
from pathlib import Path

from sqlalchemy import func, select

from npt.audit.models import AuditEntry
from npt.audit.queries import verdict
from npt.core import db
from npt.core.db import Base
from npt.exchange.queries import MODELS
from npt.settings import ROOT
from tests.exchange.make import FORCE, load, write


def test_a_killed_import_leaves_nothing_half_done_and_the_next_run_completes_it(fresh_url: str, tmp_path: Path) -> None:
    folder = write(tmp_path, **FORCE)
    command = [sys.executable, "-m", "tests.exchange.interrupted", fresh_url, str(folder)]

    killed = subprocess.run(command, cwd=ROOT, capture_output=True, timeout=60, check=False)

    assert killed.returncode == -signal.SIGKILL, killed.stderr.decode()
    engine = db.connect(fresh_url)
    try:
        models: list[type[Base]] = [*MODELS.values(), AuditEntry]
        for model in models:
            assert db.session.scalar(select(func.count()).select_from(model)) == 0
        result = load(FORCE)
        assert all(line.new == line.read for line in result.values())
        assert verdict().entries == len(FORCE)
    finally:
        db.session.remove()
        engine.dispose()
