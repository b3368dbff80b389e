"""What is asked of some units' posts from a day on is answered without those who left them before."""

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from contextlib import suppress
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete

from npt.core.authority import Scope
from npt.core.db import Base, forget_what_was_read, transaction
from npt.core.db import session as current
from npt.core.errors import Refused
from npt.core.periods import DAY
from npt.people import queries as people
from npt.people import rules
from npt.people.models import Bcu, Cover, Person, Post, Posting, Sector, Team
from npt.people.queries import Roll
from npt.people.rules import Grade, PostFact, PostingFact, PostingKind
from npt.staffing import queries
from npt.staffing.rules.vacancies import forecast_vacancies, vacancies
from tests import make
from tests.conftest import Backend
from tests.people.make import DAYS, START, a_post, days, maybe_days
from tests.staffing.make import a_policy
from tests.staffing.test_views_units import statements

POLICY = a_policy()
EXAMPLES = {"sqlite": 100, "postgresql": 30}
PEOPLE = range(1, 10)


KINDS = (PostingKind.SUBSTANTIVE, PostingKind.SUBSTANTIVE, *PostingKind)
GRADES = (Grade.PC, Grade.SERGEANT, Grade.SPECIAL, Grade.INSPECTOR)
few_days = st.sampled_from([0, 1, 3, 6, None])
ends = st.sampled_from([None, None, START + 9 * DAY, START + 16 * DAY])
"""Most posts, teams and people stay."""
postings = st.tuples(st.sampled_from(PEOPLE), st.sampled_from(KINDS), days, few_days)


@st.composite
def histories(draw: st.DrawFn) -> tuple[list[PostFact], list[PostingFact]]:
    """Few posts that many people held one after another, mostly not for long."""
    some = [
        a_post(
            f"POST-{number}",
            grade,
            team=None if grade is Grade.INSPECTOR else draw(st.integers(1, 3)),
            sector=draw(st.integers(1, 2)) if grade is Grade.INSPECTOR else None,
            first=START + draw(st.sampled_from([0, 0, 8])) * DAY,
            last=draw(ends),
        )
        for number, grade in enumerate(draw(st.lists(st.sampled_from(GRADES), min_size=1, max_size=4)))
    ]
    leaving = {person: draw(ends) for person in PEOPLE}
    held: dict[object, PostingFact] = {}
    for _ in range(draw(st.integers(2, 16))):
        person, kind, first, length = draw(postings)
        last = None if length is None else first + length * DAY
        fte = Decimal("0.50") if kind is not PostingKind.ATTACHMENT and draw(st.booleans()) else None
        post = draw(st.sampled_from(some))
        held[person, post.id, first] = PostingFact(person, post, kind, first, last, fte, leaving[person])
    return some, [*held.values()]


@pytest.mark.usefixtures("session")
def test_whatever_is_asked_from_a_day_on_is_as_if_everybody_had_been_read(backend: Backend) -> None:
    @settings(max_examples=EXAMPLES[backend.name], suppress_health_check=list(HealthCheck), deadline=None)
    @given(histories(), st.tuples(ends, ends, ends), st.lists(st.tuples(days, maybe_days)), days)
    def all_is_the_same(
        made: tuple[list[PostFact], list[PostingFact]],
        closing: Sequence[dt.date | None],
        covered: list[tuple[dt.date, dt.date | None]],
        since: dt.date,
    ) -> None:
        teams, sectors = _kept(*made, closing, covered)
        asked, of_sectors = {teams[0].id, teams[1].id}, {sectors[0].id}
        scope = Scope(team_ids=frozenset(asked), sector_ids=frozenset(of_sectors))
        forget_what_was_read()
        of_units, whole = people.posts(scope), people.roll()
        forget_what_was_read()
        some = people.roll(team_ids=asked, sector_ids=of_sectors, since=since)

        with statements() as sent:
            assert people.posts(scope) == of_units
        assert sent == []
        assert set(some.postings) <= set(whole.postings)
        for number in range(DAYS + 3):
            if (day := START + number * DAY) >= since:
                _assert_same(of_units, some, whole, day, asked)

    all_is_the_same()


def _assert_same(of_units: list[PostFact], some: Roll, whole: Roll, day: dt.date, teams: set[int]) -> None:
    for each in (vacancies, forecast_vacancies):
        assert each(of_units, some.postings, day, POLICY) == each(of_units, whole.postings, day, POLICY)
    held, by_all = rules.holders(some.postings, day), rules.holders(whole.postings, day)
    assert all(set(held.get(post.id, ())) == set(by_all.get(post.id, ())) for post in of_units)
    assert rules.staffing(of_units, some.postings, day, rules.place) == rules.staffing(
        of_units, whole.postings, day, rules.place
    )
    assert some.in_team(teams, day) == whole.in_team(teams, day)
    assert all(some.present(person, day) == whole.present(person, day) for person in some.by_person)
    around, everywhere = (
        queries.supervision_around(teams, day, POLICY, known=some).found,
        queries.supervision_on(day, POLICY),
    )
    rows = [[row for row in found.teams if row.team.id in teams] for found in (around, everywhere)]
    assert rows[0] == rows[1]
    assert queries.span_rows(around, teams) == queries.span_rows(everywhere, teams)


def _kept(
    some: list[PostFact],
    held: list[PostingFact],
    closing: Sequence[dt.date | None],
    covered: list[tuple[dt.date, dt.date | None]],
) -> tuple[list[Team], list[Sector]]:
    """Store them, in three teams, the last of them of another BCU, and two sectors."""
    order: list[type[Base]] = [Cover, Posting, Post, Person, Team, Sector, Bcu]
    with transaction():
        # First what may be suspended: without what suspends it somebody might hold more than 1.00 FTE.
        current.execute(delete(Posting).where(Posting.kind == PostingKind.SUBSTANTIVE))
        for table in order:
            current.execute(delete(table))
    current.expunge_all()
    sectors = [make.sector(make.bcu()), make.sector(make.bcu())]
    teams = [make.team(sectors[n // 2], first_day=START, last_day=last) for n, last in enumerate(closing)]
    leaving = {each.person_id: each.person_last_day for each in held}
    names = defaultdict(lambda: make.person(grade=Grade.SERGEANT, leaving_on=None))
    for person, last in leaving.items():
        names[person] = make.person(leaving_on=last)
    stored = {}
    for post in some:
        of = teams[post.team_id - 1] if post.team_id else sectors[(post.sector_id or 1) - 1]
        stored[post.id] = make.post(of, post.grade, post.ref, str(post.fte), post.first_day, post.last_day)
    for each in held:
        fte = None if each.fte is None else str(each.fte)
        with suppress(Refused):  # more than the post's FTE, or than one person holds
            make.posting(names[each.person_id], stored[each.post.id], each.first_day, each.last_day, each.kind, fte)
    for number, (first, last) in enumerate(covered[:3]):
        make.cover(names[number + 1], teams[number], first, None if last is None or last < first else last)
    return teams, sectors
