"""What is over and what is not, as the database is asked for it."""

import re

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
    name = table.__tablename__
    asked = select(table.starts_at).where(lasts_beyond(table.ends_at, MOMENT), table.person_id == 1)
    written = asked.compile(engine(), compile_kwargs={"literal_binds": True})
    if engine().dialect.name == "sqlite":
        plan = str(session.execute(text(f"EXPLAIN QUERY PLAN {written}")).all())

        assert f"ix_{name}_not_over (person_id=? AND <expr>>?)" in plan
        return
    # Which index PostgreSQL takes of an empty table is chance. It can take this one if it reads the same words in both.
    held = session.execute(text(f"SELECT pg_get_indexdef('ix_{name}_not_over'::regclass)")).scalar_one()
    expression = re.search(r"COALESCE\(ends_at, '[^']+'::timestamp with time zone\)", held)
    plan = "\n".join(line for (line,) in session.execute(text(f"EXPLAIN {written}")).all())

    assert expression, held
    assert expression[0] in plan
