"""Dated rows: one in force on a day, and no day that is over ever changes."""

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from npt.core.effects import Weight
from npt.core.errors import Refused
from npt.core.periods import DAY, Period
from npt.policy.rules.dated import Move, Span, effects, end_on, set_from, uncovered, withdraw

START = dt.date(2026, 11, 1)
TODAY = dt.date(2026, 11, 12)
DAYS = 40

_acts = st.tuples(st.sampled_from(["set", "end", "withdraw"]), st.integers(0, DAYS), st.integers(0, 3))


def day(number: int) -> dt.date:
    return START + number * DAY


def value_on(spans: list[Span], on: dt.date) -> str | None:
    """What is in force on a day, the slow way; two at once fail."""
    found = [span.words for span in spans if span.first_day <= on and (span.last_day is None or on <= span.last_day)]
    assert len(found) < 2, f"two in force on {on}"
    return found[0] if found else None


def act(spans: list[Span], what: str, number: int, which: int, today: dt.date) -> Move | None:
    try:
        if what == "set":
            return set_from(spans, day(number), today=today)
        if what == "end":
            return end_on(spans, day(number), today=today)
        return withdraw(spans, spans[which % len(spans)].id, today=today) if spans else None
    except Refused:
        return None


@settings(max_examples=150)
@given(st.lists(st.tuples(_acts, st.integers(0, 3)), max_size=14))
def test_whatever_is_set_ended_and_withdrawn_one_row_is_in_force_a_day_and_no_day_that_is_over_changes(
    acts: list[tuple[tuple[str, int, int], int]],
) -> None:
    spans = [Span(1, day(0) - 365 * DAY, None, "first")]
    today = day(0)
    for number, ((what, offset, which), passed) in enumerate(acts, start=2):
        today += passed * DAY
        move = act(spans, what, offset, which, today)
        if move is None:
            continue
        before = spans
        spans = [
            Span(span.id or number, span.first_day, span.last_day, span.words)
            for span in move.after(before, f"value {number}")
        ]

        everyday = [day(0) - 3 * DAY + n * DAY for n in range(DAYS + 60)]
        for each in everyday:
            value_on(spans, each)
            if each < today:
                assert value_on(spans, each) == value_on(before, each)
        for span in before:
            kept = {each.id: each for each in spans}
            if span.first_day <= today:
                assert (kept[span.id].first_day, kept[span.id].words) == (span.first_day, span.words)
        if what == "set" and move.new:
            assert value_on(spans, move.new.first_day) == f"value {number}"


@settings(max_examples=60)
@given(st.lists(st.integers(0, DAYS), max_size=8, unique=True), st.integers(0, 7))
def test_a_row_set_and_withdrawn_again_leaves_everything_as_it_was(days: list[int], which: int) -> None:
    spans = [Span(1, day(0) - 365 * DAY, None, "first")]
    for number, offset in enumerate(days, start=2):
        move = set_from(spans, day(offset), today=day(0))
        spans = [Span(span.id or number, span.first_day, span.last_day, span.words) for span in move.after(spans, "x")]

    new_day = day(DAYS + 1 + which)
    with_it = [
        Span(s.id or 99, s.first_day, s.last_day, s.words) for s in set_from(spans, new_day, today=day(0)).after(spans)
    ]

    assert withdraw(with_it, 99, today=day(0)).after(with_it) == spans


def test_a_new_row_may_not_start_before_today() -> None:
    with pytest.raises(Refused, match="may not start before today"):
        set_from([], TODAY - DAY, today=TODAY)

    assert set_from([], TODAY, today=TODAY).new == Period(TODAY)


def test_what_has_started_is_never_altered_not_even_on_its_first_day() -> None:
    spans = [Span(1, TODAY, None, "8 %")]

    with pytest.raises(Refused, match="never altered"):
        set_from(spans, TODAY, today=TODAY)
    with pytest.raises(Refused, match="never altered"):
        withdraw(spans, 1, today=TODAY)


def test_a_new_row_ends_the_one_before_it_and_gives_way_to_the_one_to_come() -> None:
    first = Span(1, START, dt.date(2026, 12, 31), "8 %")
    coming = Span(2, dt.date(2027, 1, 1), None, "9 %")

    move = set_from([first, coming], dt.date(2026, 12, 1), today=TODAY)

    assert move == Move(Period(dt.date(2026, 12, 1), dt.date(2026, 12, 31)), {1: dt.date(2026, 11, 30)})
    said = [effect.sentence for effect in effects([first, coming], move, "7 %", what="target", today=TODAY)]
    assert said == [
        "7 % applies from 1 December 2026 to 31 December 2026; then 9 % follows, as set already",
        "8 %, in force since 1 November 2026, ends on 30 November 2026",
    ]


def test_an_end_that_leaves_days_without_any_is_said_as_a_warning() -> None:
    spans = [Span(1, START, None, "8 %")]
    move = end_on(spans, TODAY, today=TODAY)

    told = effects(spans, move, what="target", today=TODAY)

    assert [effect.sentence for effect in told if effect.weight is Weight.WORSE] == [
        "No target is in force from 13 November 2026"
    ]
    with pytest.raises(Refused, match="over"):
        end_on(spans, TODAY - DAY, today=TODAY)
    with pytest.raises(Refused, match="goes on after it"):
        end_on([Span(1, START, TODAY, "8 %")], TODAY, today=TODAY)


def test_days_on_which_nothing_is_in_force_are_found_between_and_after() -> None:
    spans = [Span(1, START, TODAY, ""), Span(2, TODAY + 3 * DAY, TODAY + 5 * DAY, "")]

    assert uncovered(spans, START) == [Period(TODAY + DAY, TODAY + 2 * DAY), Period(TODAY + 6 * DAY)]
    assert uncovered([Span(1, START, None, "")], START) == []
