"""The record cannot be rewritten, on either database."""

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError

from npt.audit import queries, services
from npt.audit.models import AuditEntry
from npt.audit.rules import FIRST_PREDECESSOR
from npt.core.authority import system
from npt.core.db import session as current
from npt.core.db import transaction
from npt.core.errors import Refused
from tests.conftest import NOW

pytestmark = pytest.mark.usefixtures("session")
ACTOR = system("test")


def leave(*events: str) -> None:
    with transaction():
        for event in events:
            services.record(event, "thing:1", actor=ACTOR, at=NOW, minutes=5)


def test_each_entry_carries_the_hash_of_the_one_before() -> None:
    leave("thing.opened", "thing.changed")
    leave("thing.closed")

    entries = current.scalars(select(AuditEntry).order_by(AuditEntry.number)).all()
    assert [e.number for e in entries] == [1, 2, 3]
    assert entries[0].previous_hash == FIRST_PREDECESSOR
    assert [e.previous_hash for e in entries[1:]] == [e.hash for e in entries[:-1]]
    assert queries.verdict() == queries.Verdict(3, None)


def test_nothing_is_recorded_of_what_did_not_happen() -> None:
    with pytest.raises(ZeroDivisionError), transaction():
        services.record("thing.opened", "thing:1", actor=ACTOR, at=NOW)
        _ = 1 / 0

    leave("thing.closed")

    assert [line.event for line in queries.history("thing:1")] == ["thing.closed"]


def test_an_entry_outside_a_transaction_is_refused() -> None:
    with pytest.raises(RuntimeError, match="outside transaction"):
        services.record("thing.opened", "thing:1", actor=ACTOR, at=NOW)


def _take_away_the_guards() -> None:
    """What somebody who owns the database can do."""
    connection = current.connection()
    if connection.dialect.name == "postgresql":
        connection.execute(text("ALTER TABLE audit_entries DISABLE TRIGGER USER"))
        return
    wanted = text("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'audit_entries'")
    for name in connection.scalars(wanted).all():
        connection.execute(text(f"DROP TRIGGER {name}"))


@pytest.mark.parametrize("goes_on", [False, True], ids=["at once", "when the record has gone on"])
def test_the_newest_entries_are_missed_when_they_are_taken_away(goes_on: bool) -> None:
    leave("thing.opened", "thing.changed", "thing.closed")
    with transaction():
        _take_away_the_guards()
        current.execute(text("DELETE FROM audit_entries WHERE number >= 2"))
    if goes_on:
        leave("thing.opened")

    assert queries.verdict().entries == 1
    assert (queries.verdict().fault or "").startswith("entry 4 follows" if goes_on else "entry 2 is missing")


@pytest.mark.parametrize(
    "statement", ["UPDATE audit_entries SET actor = 'nobody'", "DELETE FROM audit_entries WHERE number = 1"]
)
def test_the_database_refuses_to_alter_an_entry(statement: str) -> None:
    leave("thing.opened")

    with pytest.raises((DatabaseError, Refused), match="never changed"), transaction():
        current.execute(text(statement))

    assert queries.verdict() == queries.Verdict(1, None)


def test_a_walk_along_the_record_finds_an_entry_that_was_slipped_in() -> None:
    leave("thing.opened")
    with transaction():
        current.add(
            AuditEntry(
                number=2,
                at=NOW,
                actor="x",
                role="system",
                event="e",
                subject="s",
                details="{}",
                previous_hash="0" * 64,
                hash="1" * 64,
            )
        )

    assert queries.verdict().fault == "entry 2 does not carry the hash of the one before"
