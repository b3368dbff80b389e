"""Who is on duty now, net of absence and abstraction, and who is on next."""

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from npt.abstractions.queries import Attendance, Present, attendance
from npt.abstractions.rules import Turn, available_pieces, presence
from npt.people.models import Person, Team
from tests import make
from tests.abstractions.make import (
    LONDON,
    World,
    a_duty,
    an_absence,
    at,
    moments,
    without_deadline,
    worlds,
)

NINE = "2026-11-12 09:00"


def turn(starts: str, ends: str) -> Turn:
    return Turn(at(starts), at(ends), at(starts).date())


def test_somebody_is_on_duty_until_their_duty_ends_and_next_on_when_the_one_after_starts() -> None:
    found = presence(
        [
            a_duty("2026-11-12 07:00", "2026-11-12 16:00"),
            a_duty("2026-11-13 14:00", "2026-11-13 23:00", ref="D2"),
        ],
        [],
        at(NINE),
    )

    assert found.now == turn("2026-11-12 07:00", "2026-11-12 16:00")
    assert found.next == turn("2026-11-13 14:00", "2026-11-13 23:00")
    assert found.absent is None


def test_two_duties_that_touch_are_one_turn() -> None:
    found = presence(
        [
            a_duty("2026-11-12 07:00", "2026-11-12 16:00"),
            a_duty("2026-11-12 16:00", "2026-11-12 19:00", ref="D2"),
        ],
        [],
        at(NINE),
    )

    assert (found.now, found.next) == (turn("2026-11-12 07:00", "2026-11-12 19:00"), None)


def test_whoever_is_rostered_and_absent_is_not_on_duty_but_next_on_when_the_absence_ends() -> None:
    duty = a_duty("2026-11-12 07:00", "2026-11-12 16:00")

    found = presence([duty], [an_absence("2026-11-12 07:00", "2026-11-12 12:00")], at(NINE))

    assert (found.now, found.absent) == (None, duty)
    assert found.next == turn("2026-11-12 12:00", "2026-11-12 16:00")


@pytest.mark.parametrize(("moment", "on"), [("2026-11-12 07:00", True), ("2026-11-12 16:00", False)])
def test_a_duty_is_on_from_its_first_minute_to_before_its_end(moment: str, on: bool) -> None:
    found = presence([a_duty("2026-11-12 07:00", "2026-11-12 16:00")], [], at(moment))

    assert (found.now is not None) is on


@without_deadline
@given(st.data())
def test_whoever_is_on_is_in_available_duty_and_whoever_is_next_is_not_before(data: st.DataObject) -> None:
    world: World = data.draw(worlds(people=1))
    moment = data.draw(moments(world))

    found = presence(world.duties, world.absences, moment)

    pieces = [piece.interval for piece in available_pieces(world.duties, world.absences)]
    assert (found.now is not None) == any(p.starts_at <= moment < p.ends_at for p in pieces)
    if found.now:
        assert not any(p.starts_at == found.now.ends_at for p in pieces)
        assert found.absent is None
    later = [p.starts_at for p in pieces if p.starts_at > moment and (not found.now or p.starts_at > found.now.ends_at)]
    assert (found.next.starts_at if found.next else None) == min(later, default=None)


def names(rows: list[Present]) -> list[str]:
    return [row.person.surname for row in rows]


def look(team: Team, moment: str = NINE) -> Attendance:
    return attendance([team.id], at(moment), LONDON)[team.id]


def on_early(team: Team, surname: str) -> Person:
    who = make.posted(team, surname=surname)
    make.duty(who, "2026-11-12 07:00", "2026-11-12 16:00")
    return who


@pytest.mark.usefixtures("session")
def test_a_team_is_told_who_is_on_who_is_away_who_is_absent_and_who_is_next() -> None:
    team = make.team()
    on_early(team, "Here")
    make.abstraction(on_early(team, "Away"), "2026-11-12 08:00", None)
    make.absence(on_early(team, "Ill"), "2026-11-11 00:00", None)
    for surname, starts in (("Later", "2026-11-12 14:00"), ("Too", "2026-11-12 14:00"), ("Night", "2026-11-12 22:00")):
        make.duty(make.posted(team, surname=surname), starts, "2026-11-13 07:00")

    found = look(team)

    assert (names(found.on_duty), names(found.away), names(found.absent)) == (["Here"], ["Away"], ["Ill"])
    assert names(found.next) == ["Later", "Too"]
    assert found.away[0].away
    assert found.away[0].away.reason == "custody"


@pytest.mark.usefixtures("session")
def test_a_night_over_midnight_is_of_the_team_it_was_begun_in() -> None:
    before, after = make.team(), make.team()
    who = make.person(surname="Mover")
    make.posting(who, make.post(before), last_day=at("2026-11-11 12:00").date())
    make.posting(who, make.post(after), first_day=at("2026-11-12 12:00").date())
    make.duty(who, "2026-11-11 22:00", "2026-11-12 07:00")

    assert names(look(before, "2026-11-12 03:00").on_duty) == ["Mover"]
    assert names(look(after, "2026-11-12 03:00").on_duty) == []


@pytest.mark.usefixtures("session")
def test_whoever_is_booked_away_when_they_are_next_on_is_marked_so() -> None:
    team = make.team()
    who = make.posted(team, surname="Court")
    make.duty(who, "2026-11-12 14:00", "2026-11-12 23:00")
    make.abstraction(who, "2026-11-12 13:00", "2026-11-12 17:00", reason="court")

    [booked] = look(team).next

    assert booked.away
    assert booked.away.reason == "court"


@pytest.mark.usefixtures("session")
def test_the_query_count_does_not_grow_with_the_teams(client: FlaskClient) -> None:
    from sqlalchemy import event

    from npt.core import db

    teams = [make.team() for _ in range(6)]
    for team in teams:
        on_early(team, "Here")
    asked: list[str] = []
    connection = db.session.connection()
    event.listen(connection, "before_cursor_execute", lambda *args: asked.append(args[2]))

    attendance([teams[0].id], at(NINE), LONDON)
    one = len(asked)
    attendance([team.id for team in teams], at(NINE), LONDON)

    assert len(asked) - one == one
