"""Postings of a run: nobody above 1.00 FTE, no post above its own, none before its post (RULES section 2)."""

import pytest

from tests.exchange.make import FORCE, changed, load, places, refused, rows

pytestmark = pytest.mark.usefixtures("force")

SECOND = rows("people", "2000,Ann,Lee,pc,,,,,")
"""Somebody else, for posts that two people share."""


@pytest.fixture
def force(session: object) -> None:
    load(FORCE)


def test_a_posting_before_its_posts_first_day_is_refused() -> None:
    answer = refused(rows("postings", "1432,SOH-2,2019-12-31,2019-12-31,temporary,,"))

    assert answer == [
        'postings.csv:2: first_day: the posting starts before its post, whose first day is 2020-01-01 ("2019-12-31")'
    ]


def test_a_post_is_not_moved_past_the_first_day_of_who_is_in_it() -> None:
    answer = refused(changed("posts", "SOH-1,SOH,pc,1.00,2020-01-01", "SOH-1,SOH,pc,1.00,2025-01-01"))

    assert places(answer) == ["posts.csv:3: first_day"]


def test_an_attachment_carries_no_fte() -> None:
    assert places(refused(rows("postings", "1432,SOH-2,2026-01-01,,attachment,0.50,"))) == ["postings.csv:2: fte"]


@pytest.mark.parametrize("written", ["0", "0.00", "-", "unpaid", ""])
def test_a_specials_fte_is_ignored_whatever_the_other_system_writes_there(written: str) -> None:
    result = load(
        rows("posts", f"SOH-Y,SOH,special,{written},2020-01-01,,,,,", f"SOH-X,SOH,special,{written},2020-01-01,,,,,")
    )

    assert (result["posts"].new, result["posts"].unchanged) == (1, 1)
    assert places(refused(rows("posts", f"SOH-Z,SOH,pc,{written or 0},2020-01-01,,,,,"))) == ["posts.csv:2: fte"]


def test_nobody_holds_more_than_one_full_time_post() -> None:
    answer = refused(rows("postings", "1432,SOH-2,2026-01-01,,substantive,,"))

    assert places(answer) == ["postings.csv:2: fte"]
    assert "would hold 1.60 FTE from 2026-01-01" in answer[0]


@pytest.mark.parametrize(
    "row",
    [
        "1432,SOH-2,2026-01-01,,acting,,",
        "1432,SOH-2,2026-01-01,,temporary,0.50,",
        "1432,SOH-2,2026-01-01,,attachment,,",
        "1432,SOH-2,2021-01-01,2023-12-31,substantive,,",
    ],
)
def test_acting_attachment_and_earlier_posts_are_not_added_up(row: str) -> None:
    assert load(rows("postings", row))["postings"].new == 1


def test_a_post_is_shared_up_to_its_fte() -> None:
    load(SECOND)
    halves = ["1432,SOH-1,2024-01-01,,substantive,0.60,", "2000,SOH-1,2024-01-01,,substantive,0.40,"]

    assert load(rows("postings", *halves))["postings"].changed == 1


def test_a_post_is_not_shared_beyond_its_fte() -> None:
    load(SECOND)

    answer = refused(rows("postings", "2000,SOH-1,2026-01-01,,substantive,0.40,"))

    assert places(answer) == ["postings.csv:2: fte"]
    assert "post SOH-1 of 1.00 FTE would be held by 1.40 FTE from 2026-01-01" in answer[0]


def test_one_person_is_not_more_than_the_post_either() -> None:
    load(SECOND)

    assert places(refused(rows("postings", "2000,SOH-2,2026-01-01,,substantive,0.70,"))) == ["postings.csv:2: fte"]


def test_who_comes_back_to_service_beside_their_successor_is_named_in_the_file_that_brings_them_back() -> None:
    load(SECOND)
    load(changed("people", "2015-06-01,,,", "2015-06-01,2025-12-31,,"))
    load(rows("postings", "2000,SOH-1,2026-01-01,,substantive,,"))

    answer = refused({"people": FORCE["people"]})

    assert places(answer) == ["people.csv:2: leaving_on"]
    assert "post SOH-1" in answer[0]


def test_a_return_from_acting_to_a_post_that_was_filled_meanwhile_is_refused() -> None:
    load({**SECOND, **rows("postings", "1432,SOH-2,2026-01-01,,acting,,", "2000,SOH-1,2026-01-01,,substantive,,")})

    answer = refused(rows("postings", "1432,SOH-2,2026-01-01,2026-06-30,acting,,"))

    assert places(answer) == ["postings.csv:2: last_day"]
    assert "post SOH-1 of 1.00 FTE would be held by 2.00 FTE from 2026-07-01" in answer[0]
