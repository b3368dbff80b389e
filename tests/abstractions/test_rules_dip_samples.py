"""Dip-samples by their rules: a draw anybody can repeat, what a finding needs, and what a sample says of the rest."""

import hashlib
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from npt.abstractions.rules import (
    DrawnFrom,
    Finding,
    Kept,
    drawn,
    obstacles_to_closing,
    obstacles_to_drawing,
    obstacles_to_finding,
    place_in_draw,
    result,
)
from npt.abstractions.rules.dip_samples import wilson

refs = st.sets(st.text(alphabet="AN0123456789", min_size=1, max_size=8), max_size=40)


@given(refs=refs, size=st.integers(0, 50), seed=st.text(alphabet="0123456789abcdef", max_size=8))
def test_a_draw_takes_so_many_each_once_and_the_same_again_whatever_order_they_come_in(
    refs: set[str], size: int, seed: str
) -> None:
    taken = drawn(refs, size, seed)

    assert len(taken) == len(set(taken)) == min(size, len(refs))
    assert set(taken) <= refs
    assert drawn(sorted(refs, reverse=True), size, seed) == taken
    assert drawn(refs, size + 1, seed)[: len(taken)] == taken
    left = refs - set(taken)
    assert all(place_in_draw(inside, seed) <= place_in_draw(outside, seed) for inside in taken for outside in left)


def test_the_place_in_a_draw_is_one_that_any_tool_works_out_again() -> None:
    assert place_in_draw("A1", "5eed") == hashlib.sha256(b"5eed:A1").hexdigest()


def test_over_many_seeds_every_entry_is_drawn_about_as_often_as_any_other() -> None:
    refs = [f"A{number}" for number in range(20)]
    times = Counter(ref for seed in range(2000) for ref in drawn(refs, 5, str(seed)))

    # 500 each are to be expected; five standard deviations are 97.
    assert all(abs(times[ref] - 500) < 97 for ref in refs)


@given(of=st.integers(1, 500), count=st.integers(0, 500))
def test_the_interval_holds_the_share_lies_between_none_and_all_and_is_the_same_looked_at_from_the_other_side(
    of: int, count: int
) -> None:
    count = min(count, of)
    low, high = wilson(count, of)
    share = count / of

    assert 0 <= low <= high <= 1
    assert low - 1e-12 <= share <= high + 1e-12
    other_low, other_high = wilson(of - count, of)
    assert (1 - float(other_high), 1 - float(other_low)) == pytest.approx((float(low), float(high)), abs=1e-9)
    wider = wilson(count * 4, of * 4)
    assert wider[1] - wider[0] < high - low
    # Where the score test would just reject: (share - p)² = z² p (1 - p) / n.
    for edge in (float(low), float(high)):
        if 0 < edge < 1:
            assert (share - edge) ** 2 == pytest.approx(1.959963984540054**2 * edge * (1 - edge) / of, abs=1e-9)


def test_the_interval_of_the_textbook() -> None:
    # 15 of 148: Newcombe, Statistics in Medicine 17 (1998), method 3, gives 0.0624 to 0.1605.
    low, high = wilson(15, 148)

    assert (round(float(low), 4), round(float(high), 4)) == (0.0624, 0.1605)
    assert wilson(0, 20)[0] == 0
    assert wilson(20, 20)[1] == 1


def test_a_sample_says_how_many_are_looked_at_and_leaves_out_of_the_share_what_cannot_be_told() -> None:
    found = [Finding.AGREES, Finding.WRONG_TIME, Finding.CANNOT_BE_TOLD, Finding.NOT_AUTHORISED, None]
    said = result(100, found)

    assert (said.looked_at, said.left, said.told, said.wrong) == (4, 1, 3, 2)
    assert said.share is not None
    assert round(float(said.share), 4) == 0.6667
    assert said.interval == wilson(2, 3)
    assert not said.every_one
    nothing = result(100, [Finding.CANNOT_BE_TOLD, None])
    assert (nothing.share, nothing.interval) == (None, None)
    assert result(1, [Finding.AGREES]).every_one


def test_only_agreement_and_doubt_are_not_wrong_and_every_choice_has_its_words() -> None:
    assert [each for each in Finding if not each.wrong] == [Finding.AGREES, Finding.CANNOT_BE_TOLD]
    assert len({each.label for each in Finding}) == len(Finding)
    assert [each.kept for each in DrawnFrom] == [Kept.ALL, Kept.LATE, Kept.LONG, Kept.CHANGED]


def test_a_finding_needs_the_evidence_and_unless_it_agrees_a_note() -> None:
    def said(
        finding: Finding, note: str = "", evidence: str = "", *, closed: bool = False, own: bool = False
    ) -> set[str]:
        reasons = obstacles_to_finding(finding, note, evidence, closed=closed, own=own)
        return {reason.field or reason.message.split(".")[0] for reason in reasons}

    assert said(Finding.AGREES, evidence="Duty sheet") == set()
    for finding in Finding:
        assert "evidence" in said(finding, "Something", " ")
        assert said(finding, "Something", "Duty sheet") == set()
        assert ("note" in said(finding, " ", "Duty sheet")) == (finding is not Finding.AGREES)
    assert said(Finding.AGREES, evidence="Seen", closed=True) == {"This sample is closed"}
    assert said(Finding.AGREES, evidence="Seen", own=True) == {"This entry is about you"}


def test_a_sample_is_closed_once_with_a_conclusion_when_every_entry_is_looked_at() -> None:
    whole, part = result(9, [Finding.AGREES]), result(9, [Finding.AGREES, None])

    assert obstacles_to_closing(whole, "Sound", closed=False) == []
    assert [each.field for each in obstacles_to_closing(whole, " ", closed=False)] == ["conclusion"]
    assert [each.message[:22] for each in obstacles_to_closing(part, "Sound", closed=False)] == [
        "1 entry is not looked "
    ]
    assert obstacles_to_closing(whole, "Sound", closed=True)


def test_a_sample_has_a_size_and_something_to_be_drawn_from() -> None:
    assert obstacles_to_drawing(20, 100, DrawnFrom.ALL) == []
    assert [each.field for size in (None, 0, 501) for each in obstacles_to_drawing(size, 1, DrawnFrom.ALL)] == [
        "size"
    ] * 3
    assert "no late entries" in obstacles_to_drawing(1, 0, DrawnFrom.LATE)[0].message
