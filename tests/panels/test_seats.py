"""Who sits on a panel, in organisations and roles: rules, services and pages."""

import datetime as dt

import pytest
from flask.testing import FlaskClient
from sqlalchemy.exc import NoResultFound

from npt.audit.queries import history
from npt.core.authority import Actor, Role, Scope
from npt.core.db import transaction
from npt.core.errors import Refused
from npt.core.periods import DAY
from npt.panels import queries, services
from npt.panels.models import PanelSeat
from npt.panels.rules.membership import MemberSector, Seat, by_sector
from npt.panels.services import ChangeOfSeat, NewSeat
from npt.people.models import Team
from npt.policy.cli import start_policy
from tests import make
from tests.conftest import NOW, TODAY, SignIn, post
from tests.staffing.test_views_units import words

pytestmark = pytest.mark.usefixtures("session")

TOWN = NewSeat("Soham Town Council", "Councillor", MemberSector.PARISH, votes=True, expected=True, first_day=TODAY)


class Area:
    def __init__(self) -> None:
        with transaction():
            start_policy()
        of = make.sector(code="EC")
        self.soham, self.ely = make.team(of, "SOH", "Soham"), make.team(of, "ELY", "Ely")
        self.panel = make.panel(self.soham, self.ely, code="SV")


@pytest.fixture
def area(session: object) -> Area:
    return Area()


def sergeant(*teams: Team) -> Actor:
    return Actor("Sgt Okafor", Role.SERGEANT, Scope(team_ids=frozenset(team.id for team in teams)), 7)


def add(area: Area, new: NewSeat = TOWN) -> PanelSeat:
    with transaction():
        return services.add_seat("SV", new, actor=sergeant(area.soham), at=NOW)


def test_only_seats_with_a_vote_that_day_are_counted_by_sector() -> None:
    def seat(sector: MemberSector, votes: bool, last_day: dt.date | None = None) -> Seat:
        return Seat(1, "x", "y", sector, votes, False, TODAY - 9 * DAY, last_day)

    seats = [
        seat(MemberSector.SCHOOLS, True),
        seat(MemberSector.SCHOOLS, True, TODAY),
        seat(MemberSector.SCHOOLS, True, TODAY - DAY),
        seat(MemberSector.COUNCIL, False),
        seat(MemberSector.RESIDENTS, True),
    ]

    assert by_sector(seats, TODAY) == [(MemberSector.RESIDENTS, 1), (MemberSector.SCHOOLS, 2)]


def test_an_organisation_has_one_seat_in_one_role_until_it_ends(area: Area) -> None:
    first = add(area)
    with pytest.raises(Refused, match="End it first"):
        add(area, NewSeat("SOHAM town council", "councillor", MemberSector.OTHER, False, False, TODAY))
    with transaction():
        services.end_seat(first.id, TODAY, actor=sergeant(area.soham), at=NOW)
    add(area, NewSeat("Soham Town Council", "Councillor", MemberSector.PARISH, True, True, TODAY + DAY))

    assert [seat.last_day for seat in queries.seats_of(area.panel.id)] == [TODAY, None]
    assert [line.event for line in history("panel:SV")] == ["seat.added", "seat.ended", "seat.added"]


def test_what_a_seat_is_for_changes_with_before_and_after_in_the_record(area: Area) -> None:
    row = add(area)
    change = ChangeOfSeat("Councillor", MemberSector.PARISH, votes=False, expected=True)
    with transaction():
        assert services.change_seat(row.id, change, actor=sergeant(area.soham), at=NOW)
    with transaction():
        assert not services.change_seat(row.id, change, actor=sergeant(area.soham), at=NOW)

    assert history("panel:SV")[0].details == {
        "before": {"Soham Town Council: votes": "yes"},
        "after": {"Soham Town Council: votes": "no"},
    }


def test_a_sergeant_whose_team_only_serves_gives_nobody_a_seat(area: Area) -> None:
    row, other = add(area), sergeant(area.ely)
    change = ChangeOfSeat("x", MemberSector.OTHER, False, False)
    for attempt in (
        lambda: services.add_seat("SV", TOWN, actor=other, at=NOW),
        lambda: services.change_seat(row.id, change, actor=other, at=NOW),
        lambda: services.end_seat(row.id, TODAY, actor=other, at=NOW),
    ):
        with pytest.raises(NoResultFound), transaction():
            attempt()


def test_seats_are_added_changed_and_ended_on_their_pages_and_a_chair_reads_them(area: Area, sign_in: SignIn) -> None:
    browser: FlaskClient = sign_in(make.user(Role.SERGEANT, "SOH"))
    typed = {"organisation": "Village College", "role": "Head teacher", "sector": "schools", "votes": "y"}

    assert "Enter the organisation" in post(browser, "/panels/SV/seats/new", **{**typed, "organisation": ""}).text
    assert post(browser, "/panels/SV/seats/new", **typed, first_day="2026-01-05").location == "/panels/SV#seats"
    [seat] = queries.seats_of(area.panel.id)
    edit, end = f"/panels/seats/{seat.id}/edit", f"/panels/seats/{seat.id}/end"
    assert post(browser, edit, role="Deputy head", sector="schools", votes="y", expected="y").status_code == 302
    assert "The seat begins on" in post(browser, end, last_day="2026-01-01").text
    assert post(browser, end, last_day="2099-01-01").status_code == 302

    chair = sign_in(make.user(Role.CHAIR, "SV"))
    shown = words(chair.get("/panels/SV").text)
    assert "Schools and colleges 1." in shown
    assert "Deputy head" in shown
    assert "Add a seat" not in shown
    assert "Deputy head" in chair.get("/panels/SV?list=seats&format=csv").text
    assert chair.get(edit).status_code == chair.get(end).status_code == 404
