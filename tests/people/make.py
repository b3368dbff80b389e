"""Plain builders of posts and postings, and every staffing that hypothesis can think of."""

import datetime as dt
from decimal import Decimal

from hypothesis import strategies as st

from npt.people.rules import Grade, PostFact, PostingFact, PostingKind

LONG_AGO = dt.date(2005, 1, 1)


def a_post(
    ref: str = "SOH-PC-1",
    grade: Grade = Grade.PC,
    *,
    team: int | None = 1,
    sector: int | None = None,
    fte: str | None = "1.00",
    first: dt.date = LONG_AGO,
    last: dt.date | None = None,
) -> PostFact:
    """A post whose id follows from its ref, so that two of the same ref are the same post."""
    number = int.from_bytes(ref.encode())
    funded = Decimal(fte) if fte is not None and grade is not Grade.SPECIAL else None
    return PostFact(number, ref, grade, funded, first, last, team, sector)


def a_posting(
    post: PostFact,
    person: int = 1,
    kind: PostingKind = PostingKind.SUBSTANTIVE,
    *,
    first: dt.date = LONG_AGO,
    last: dt.date | None = None,
    fte: str | None = None,
    service_ends: dt.date | None = None,
) -> PostingFact:
    return PostingFact(person, post, kind, first, last, Decimal(fte) if fte is not None else None, service_ends)


START = dt.date(2026, 1, 1)
DAYS = 24
"""Generated staffings live in these few days, so that postings meet, touch and overlap often."""

days = st.integers(0, DAYS - 1).map(lambda n: START + dt.timedelta(n))
maybe_days = st.none() | days


@st.composite
def posts(draw: st.DrawFn, teams: int = 3, size: int = 6) -> list[PostFact]:
    """A few posts of every grade in a few teams, some opened late or closed early."""
    made = []
    for number in range(draw(st.integers(1, size))):
        grade = draw(st.sampled_from(Grade))
        inspector = grade is Grade.INSPECTOR
        first, last = draw(days), draw(maybe_days)
        made.append(
            a_post(
                f"POST-{number}",
                grade,
                team=None if inspector else draw(st.integers(1, teams)),
                sector=draw(st.integers(1, 2)) if inspector else None,
                fte=draw(st.sampled_from(["0.50", "1.00"])),
                first=first,
                last=last if last is None or last >= first else None,
            )
        )
    return made


@st.composite
def postings(draw: st.DrawFn, of: list[PostFact], people: int = 4, size: int = 8) -> list[PostingFact]:
    """Any postings of a few people to some posts: sensible ones, and some that only an import could bring."""
    made = []
    for number in range(draw(st.integers(0, size))):
        first, last = draw(days), draw(maybe_days)
        made.append(
            PostingFact(
                person_id=draw(st.integers(1, people)),
                post=draw(st.sampled_from(of)),
                kind=draw(st.sampled_from(PostingKind)),
                first_day=first,
                last_day=last if last is None or last >= first else None,
                fte=draw(st.none() | st.just(Decimal("0.40"))),
                person_last_day=draw(maybe_days),
                id=number,
            )
        )
    return made


@st.composite
def staffings(draw: st.DrawFn) -> tuple[list[PostFact], list[PostingFact]]:
    """Posts, and postings to them."""
    some = draw(posts())
    return some, draw(postings(some))
