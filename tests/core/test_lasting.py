"""What is over and what is not, as the database is asked for it."""

import pytest
from sqlalchemy import select, text

from npt.abstractions.models import Absence, Abstraction
from npt.core.db import engine, session
from npt.core.lasting import has_no_end, lasts_beyond
from tests import make

pytestmark = pytest.mark.usefixtures("session")
MOMENT = make.at("2026-11-12 12:00")


@pytest.fixture
def entries() -> dict[str, Abstraction]:
    """Four entries of one person, one after the other."""
    who = make.person()
    return {
        "over": make.abstraction(who, "2026-11-12 08:00", "2026-11-12 09:00"),
        "ends then": make.abstraction(who, "2026-11-12 10:00", "2026-11-12 12:00"),
        "ends later": make.abstraction(who, "2026-11-12 12:00", "2026-11-12 13:00"),
        "still away": make.abstraction(who, "2026-11-12 14:00", None),
    }


def test_what_ends_at_a_moment_is_over_by_then_and_what_has_no_end_never_is(entries: dict[str, Abstraction]) -> None:
    found = session.scalars(select(Abstraction).where(lasts_beyond(Abstraction.ends_at, MOMENT))).all()

    assert {entry.ref for entry in found} == {entries["ends later"].ref, entries["still away"].ref}


def test_only_what_has_no_end_is_found_as_such(entries: dict[str, Abstraction]) -> None:
    found = session.scalars(select(Abstraction).where(has_no_end(Abstraction.ends_at))).all()

    assert [entry.ref for entry in found] == [entries["still away"].ref]


@pytest.mark.parametrize("table", [Absence, Abstraction])
def test_what_somebody_still_has_to_do_is_found_without_a_walk_through_their_past(
    table: type[Absence] | type[Abstraction],
) -> None:
    asked = select(table.starts_at).where(
        lasts_beyond(table.ends_at, MOMENT), table.person_id == 1, table.starts_at < make.at("2026-12-01 00:00")
    )
    written = asked.compile(engine(), compile_kwargs={"literal_binds": True})
    if engine().dialect.name == "postgresql":
        session.execute(text("SET LOCAL enable_seqscan = off"))
        session.execute(text("SET LOCAL enable_bitmapscan = off"))
        plan = session.execute(text(f"EXPLAIN {written}"))
    else:
        plan = session.execute(text(f"EXPLAIN QUERY PLAN {written}"))
    told = "\n".join(map(str, plan))

    assert f"ix_{table.__tablename__}_not_over" in told, told
