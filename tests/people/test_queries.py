"""Units and people as they are read: who is where on a day, and what an actor may see."""

import datetime as dt

import pytest
from sqlalchemy.exc import NoResultFound

from npt.core.authority import EVERYTHING, Scope
from npt.people import queries
from npt.people.rules import Grade, PostingKind
from tests import make
from tests.conftest import TODAY
from tests.staffing.test_views_units import statements

pytestmark = pytest.mark.usefixtures("session")
DAY = dt.timedelta(days=1)


def test_a_person_is_where_their_present_posting_is_day_by_day() -> None:
    soham, ely = make.team(), make.team()
    who = make.posted(soham)
    make.posting(who, make.post(ely, Grade.SERGEANT), TODAY, TODAY + 7 * DAY, PostingKind.ACTING)

    roll = queries.roll()

    places = {
        day: roll.team_on(who.id, day)
        for day in (make.LONG_AGO - DAY, make.LONG_AGO, TODAY - DAY, TODAY, TODAY + 7 * DAY, TODAY + 8 * DAY)
    }
    assert list(places.values()) == [None, soham.id, soham.id, ely.id, ely.id, soham.id]
    acting = roll.present(who.id, TODAY)
    assert acting is not None
    assert acting.post.grade is Grade.SERGEANT


def test_the_roll_of_a_team_knows_where_else_its_people_have_been() -> None:
    soham, ely = make.team(), make.team()
    who, stranger = make.posted(soham), make.posted(ely)
    make.posting(who, make.post(ely), TODAY, kind=PostingKind.ATTACHMENT)

    roll = queries.roll(team_ids=[soham.id])

    assert set(roll.by_person) == {who.id}
    assert roll.team_on(who.id, TODAY) == ely.id
    assert roll.in_team([soham.id], TODAY) == {}
    assert set(roll.in_team([soham.id], TODAY - DAY)) == {who.id}
    assert stranger.id in queries.roll(person_ids=[stranger.id]).by_person


def test_who_left_years_ago_is_not_read_when_only_later_days_are_asked_about() -> None:
    soham, ely = make.team(), make.team()
    filled, emptied = make.post(soham, ref="A"), make.post(soham, ref="B")
    make.post(soham, ref="C")
    ended = make.post(soham, ref="D", last_day=TODAY - 500 * DAY)
    moved, left, last_here, of_ended, stays = (make.person() for _ in range(5))
    make.posting(moved, filled, last_day=TODAY - 701 * DAY)
    make.posting(moved, make.post(ely), TODAY - 700 * DAY)
    make.posting(stays, filled, TODAY - 700 * DAY)
    make.posting(left, ended, last_day=TODAY - 600 * DAY)
    make.posting(of_ended, ended, TODAY - 599 * DAY)
    make.posting(last_here, emptied, last_day=TODAY - 700 * DAY)
    scope = Scope(team_ids=frozenset({soham.id}))

    since = queries.roll(team_ids=[soham.id], since=TODAY - 30 * DAY)

    assert set(since.by_person) == {stays.id, last_here.id}
    assert [post.ref for post in queries.posts(scope)] == ["A", "B", "C", "D"]


def test_who_left_the_force_years_ago_is_not_read_even_when_their_posting_was_never_ended() -> None:
    soham = make.team()
    gone, after = make.person(leaving_on=TODAY - 700 * DAY), make.person()
    post = make.post(soham)
    make.posting(gone, post)
    make.posting(after, post, TODAY - 600 * DAY, fte="0.50")

    assert set(queries.roll(team_ids=[soham.id], since=TODAY).by_person) == {after.id}


def test_a_roll_of_later_days_answers_nobody_who_asks_about_earlier_ones() -> None:
    soham, ely = make.team(), make.team()
    post, days = make.post(soham), [None, TODAY - 30 * DAY, TODAY - 10 * DAY, TODAY]
    gone, here = make.person(), make.person()
    make.posting(gone, post, last_day=TODAY - 20 * DAY)
    make.posting(here, post, TODAY - 19 * DAY)
    make.posted(ely)
    teams = [soham.id, ely.id]
    queries.roll(team_ids=teams, since=TODAY - 10 * DAY)

    with statements() as sent:
        later = [set(queries.roll(team_ids=[soham.id], since=day).by_person) for day in days[2:]]
        person = queries.roll(person_ids=[here.id]).by_person
    assert sent == []
    assert (later, set(person)) == ([{here.id}, {here.id}], {here.id})
    earlier = [set(queries.roll(team_ids=[soham.id], since=day).by_person) for day in days[:2]]
    assert earlier == [{gone.id, here.id}, {gone.id, here.id}]


def test_nobody_is_in_a_team_after_their_last_day_their_post_s_or_the_team_s() -> None:
    closing = make.team(last_day=TODAY)
    staying, ending = make.team(), make.team()
    leaver = make.person(leaving_on=TODAY)
    make.posting(leaver, make.post(staying))
    of_ended_post = make.person()
    make.posting(of_ended_post, make.post(ending, last_day=TODAY))
    of_closed_team = make.posted(closing)
    teams = [closing.id, staying.id, ending.id]

    roll = queries.roll()

    assert set(roll.in_team(teams, TODAY)) == {leaver.id, of_ended_post.id, of_closed_team.id}
    assert roll.in_team(teams, TODAY + DAY) == {}


def test_somebody_without_a_posting_is_nowhere() -> None:
    nobody = make.person()

    assert queries.roll().present(nobody.id, TODAY) is None
    assert queries.roll(team_ids=[]).by_person == {}


def test_an_actor_sees_their_own_units_and_not_that_others_exist() -> None:
    south, north = make.bcu("SOU"), make.bcu("NOR")
    soham, other = make.team(make.sector(south), "SOH"), make.team(make.sector(north), "HUN")
    scope = Scope(bcu_ids=frozenset({south.id}), team_ids=frozenset({soham.id}))

    assert [bcu.code for bcu in queries.bcus(scope)] == ["SOU"]
    assert [team.code for team in queries.teams(scope)] == ["SOH"]
    assert queries.team("SOH", scope).bcu_code == "SOU"
    for code in (other.code, "NONE"):
        with pytest.raises(NoResultFound):
            queries.team(code, scope)
        with pytest.raises(NoResultFound):
            queries.bcu(code, scope)
    with pytest.raises(NoResultFound):
        queries.bcu("NOR", scope)
    assert queries.teams(Scope()) == []


def test_a_team_is_live_on_its_first_and_its_last_day_and_listed_when_closed() -> None:
    make.team(code="SOH", first_day=TODAY, last_day=TODAY)

    [team] = queries.teams(EVERYTHING)

    assert [team.live(day, day) for day in (TODAY - DAY, TODAY, TODAY + DAY)] == [False, True, False]
    assert team.live(TODAY - DAY, TODAY + DAY)


def test_posts_are_read_within_scope_and_end_with_their_team() -> None:
    south = make.sector(make.bcu())
    closing = make.team(south, last_day=TODAY)
    make.post(closing, ref="A-STILL")
    make.post(closing, ref="B-ENDED", last_day=TODAY - DAY)
    make.post(south, Grade.INSPECTOR, ref="C-INSPECTOR")
    make.post(make.team(), ref="D-ELSEWHERE")

    of_team = queries.posts(Scope(team_ids=frozenset({closing.id})))
    of_sector = queries.posts(Scope(sector_ids=frozenset({south.id})))

    assert [(post.ref, post.last_day) for post in of_team] == [("A-STILL", TODAY), ("B-ENDED", TODAY - DAY)]
    assert [post.ref for post in of_sector] == ["C-INSPECTOR"]
    assert len(queries.posts(EVERYTHING)) == 4


def test_cover_is_in_force_on_both_its_days() -> None:
    team, sergeant = make.team(), make.posted(make.team(), Grade.SERGEANT)
    make.cover(sergeant, team, TODAY, TODAY + DAY)
    days = [TODAY - DAY, TODAY, TODAY + DAY, TODAY + 2 * DAY]

    assert [len(queries.covers(day)) for day in days] == [0, 1, 1, 0]
    assert queries.covers(TODAY, person_id=sergeant.id + 1) == []


def test_a_user_is_the_person_of_the_same_email_address_whatever_its_capitals() -> None:
    who = make.person(email="Amina.Rahman@force.example", collar_number="1432")

    found = queries.person_by_email("amina.rahman@FORCE.example")

    assert found is not None
    assert (found.id, found.name) == (who.id, "PC 1432 A. Rahman")
    assert queries.person_by_email("nobody@force.example") is None


def test_the_teams_of_a_bcu_and_of_a_sector_are_known_closed_ones_too() -> None:
    south = make.bcu()
    sector, other = make.sector(south), make.sector(south)
    soham, closed = make.team(sector), make.team(other, last_day=TODAY - DAY)
    make.team()

    assert queries.team_ids_of(bcu_ids=[south.id]) == {soham.id, closed.id}
    assert queries.team_ids_of(sector_ids=[sector.id]) == {soham.id}
    assert queries.team_ids_of() == frozenset()
