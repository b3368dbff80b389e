"""Files of many rows: judged whole, though never in memory whole."""

import datetime as dt
from collections.abc import Collection, Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from npt.core.authority import system
from npt.core.db import transaction
from npt.core.errors import BadInput
from npt.core.sheets import Sheet, read
from npt.core.spool import IN_MEMORY, DateCell, Row, Spool
from npt.exchange import services
from npt.exchange.rules.stays import Stays
from npt.exchange.services.streaming import PORTION
from tests.conftest import NOW, TODAY
from tests.exchange.make import FORCE, LONDON, load

BASE = dt.datetime(2026, 10, 1, tzinfo=dt.UTC)
COLUMNS = ("ref", "collar_number", "reason", "starts_at", "ends_at")


class Cell(str):
    """The text of a cell that is counted as long as anybody holds it."""

    alive = most = 0

    def __new__(cls, text: str) -> "Cell":
        cls.alive += 1
        cls.most = max(cls.most, cls.alive)
        return super().__new__(cls, text)

    def __del__(self) -> None:
        type(self).alive -= 1


class Generated(Collection[Row]):
    """Rows made when they are asked for: one of nobody's, a ref given twice and somebody away twice, far apart."""

    def __len__(self) -> int:
        return 2 * PORTION + 10

    def __contains__(self, row: object) -> bool:
        return False

    def __iter__(self) -> Iterator[Row]:
        for line in range(2, len(self) + 2):
            start = BASE + dt.timedelta(hours=2 * (3 if line == PORTION + 20 else line))
            ref = "A5" if line == PORTION + 10 else f"A{line}"
            end = start + dt.timedelta(hours=1)
            yield (
                line,
                tuple(
                    Cell(text)
                    for text in (ref, "9999" if line == 2 else "1432", "custody", _written(start), _written(end))
                ),
            )


def _written(at: dt.datetime) -> str:
    return at.isoformat(timespec="minutes")


@pytest.mark.usefixtures("session")
def test_a_file_of_many_rows_is_judged_whole_and_no_more_than_a_portion_of_it_is_ever_held() -> None:
    load({kind: FORCE[kind] for kind in ("people", "reasons")})
    sheet = Sheet("abstractions.csv", "", COLUMNS, Generated())

    with pytest.raises(BadInput) as answer, transaction():
        services.load([sheet], actor=system("npt import"), at=NOW, on=TODAY, zone=LONDON)

    clash = _written(BASE + dt.timedelta(hours=6))
    assert [str(problem) for problem in answer.value.problems] == [
        'abstractions.csv:2: collar_number: there is no person with this collar number ("9999")',
        f'abstractions.csv:{PORTION + 10}: ref: the same ref as in line 5 ("A5")',
        f"abstractions.csv:{PORTION + 20}: starts_at: this person is away at that time already "
        f'(A3, line 3) ("{clash}")',
    ]
    # Two portions: the one at hand is let go of only when the next is there.
    assert Cell.most <= 2 * PORTION * len(COLUMNS) + 100
    assert Cell.alive == 0


def test_a_sheet_is_a_spool_that_is_gone_through_again_and_keeps_every_cell() -> None:
    rows: list[Row] = [(2, ("é", None, DateCell("2026-10-01T00:00:00"))), (7, ("line\nbreak", '"', " "))]
    spool = Spool()
    for row in rows:
        spool.add(row)

    assert list(spool) == list(spool) == rows
    assert (len(spool), rows[0] in spool) == (2, True)
    assert type(next(iter(spool))[1][2]) is DateCell


def test_a_file_longer_than_what_is_kept_in_memory_is_read_the_same() -> None:
    lines = IN_MEMORY // 20
    sheet = read("duties.csv", b"ref,note\n" + b"".join(b"%d,%s\n" % (number, b"x" * 20) for number in range(lines)))

    assert len(sheet.rows) == lines
    assert [line for line, _ in sheet.rows] == list(range(2, lines + 2))


entries = st.lists(
    st.tuples(st.sampled_from("AB"), st.integers(0, 30), st.none() | st.integers(1, 8), st.booleans(), st.booleans()),
    max_size=8,
)


@given(entries)
def test_somebody_is_away_twice_exactly_when_two_entries_of_theirs_overlap(made) -> None:  # type: ignore[no-untyped-def]
    stays = Stays("f")
    refs, spans = {}, {}
    for line, (person, start, length, recorded, changes) in enumerate(made, start=2):
        at, end = BASE + dt.timedelta(minutes=start), None
        if length is not None:
            end = at + dt.timedelta(minutes=length)
        spans[line] = (person, start, 10**6 if length is None else start + length, not recorded and changes)
        refs[line] = f"R{line}"
        if recorded:
            stays.on_record(person, f"R{line}", at, end)
        else:
            stays.add(person, at, end, line, changes=changes)

    found = list(stays.clashes(refs))

    overlap = any(
        one < other and a[0] == b[0] and a[1] < b[2] and b[1] < a[2] and (a[3] or b[3])
        for one, a in spans.items()
        for other, b in spans.items()
    )
    assert all(spans[problem.line or 0][3] for problem in found)
    assert bool(found) <= overlap
    if all(span[3] for span in spans.values()):
        assert bool(found) == overlap
