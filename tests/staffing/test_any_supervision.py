"""What holds of the spans of any force."""

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from npt.people.rules import (
    CoverFact,
    Grade,
    PostFact,
    PostingFact,
    TeamFact,
    by_person,
    present_posting,
    supervised_teams,
)
from npt.staffing.rules.supervision import supervision
from tests.people.make import days, maybe_days, staffings
from tests.staffing.make import DEFAULT
from tests.staffing.supervising import a_team

teams_by_chance = st.lists(
    st.builds(lambda n, first, last: (n, first, last), st.integers(1, 3), days, maybe_days), unique_by=lambda t: t[0]
).map(lambda made: [a_team(n, bcu=n % 2, first=f, last=x if x is None or x >= f else None) for n, f, x in made])

covers_by_chance = st.lists(st.builds(CoverFact, st.integers(1, 4), st.integers(1, 3), days, maybe_days), max_size=6)


@given(staffings(), teams_by_chance, covers_by_chance, days)
def test_spans_add_up_to_the_staff_of_the_teams_that_have_a_supervisor(
    made: tuple[list[PostFact], list[PostingFact]], teams: list[TeamFact], covers: list[CoverFact], day: dt.date
) -> None:
    judged = supervision(made[1], teams, covers, day, DEFAULT)

    supervised = [team for team in judged.teams if team.supervisor_ids]
    assert sum(span.span for span in judged.spans) == sum(team.staff for team in supervised)
    assert {span.person_id for span in judged.spans} == {p for team in supervised for p in team.supervisor_ids}
    assert all(len(team.supervisor_ids) == len(set(team.supervisor_ids)) for team in judged.teams)


@given(staffings(), teams_by_chance, covers_by_chance, days)
def test_every_supervisor_is_a_sergeant_and_every_constable_is_staff_of_one_team(
    made: tuple[list[PostFact], list[PostingFact]], teams: list[TeamFact], covers: list[CoverFact], day: dt.date
) -> None:
    present = {person: present_posting(held, day) for person, held in by_person(made[1]).items()}
    live = {team.id for team in teams if team.first_day <= day and (team.last_day is None or day <= team.last_day)}

    judged = supervision(made[1], teams, covers, day, DEFAULT)

    grades = {person: posting.post.grade for person, posting in present.items() if posting}
    assert {grades[span.person_id] for span in judged.spans} <= {Grade.SERGEANT}
    assert judged.force.staff == sum(
        posting is not None and posting.post.grade in {Grade.PC, Grade.PCSO} and posting.post.team_id in live
        for posting in present.values()
    )
    assert judged.force.staff == sum(area.staff for area in judged.bcus)
    assert judged.force.sergeants <= sum(area.sergeants for area in judged.bcus)


@given(staffings(), teams_by_chance, covers_by_chance, days)
def test_a_flags_first_owner_is_the_sergeant_exactly_where_somebody_supervises(
    made: tuple[list[PostFact], list[PostingFact]], teams: list[TeamFact], covers: list[CoverFact], day: dt.date
) -> None:
    judged = supervision(made[1], teams, covers, day, DEFAULT)

    answered = supervised_teams(made[1], covers, day)

    assert {team.team.id for team in judged.teams if team.supervisor_ids} == answered & {
        t.team.id for t in judged.teams
    }
