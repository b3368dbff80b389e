"""Members of the police authority, who comes to panels over time, forums of chairs, and the calendar's address."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar
from sqlalchemy.exc import NoResultFound

from npt.audit.queries import history
from npt.core.authority import EVERYTHING, Actor, Role, Scope
from npt.core.db import session as current
from npt.core.db import transaction
from npt.core.errors import Refused
from npt.core.periods import DAY, Period
from npt.panels import queries, services
from npt.panels.models import CalendarFeed
from npt.panels.rules.attendance import Presence, before
from npt.panels.rules.authority import forums_missed, load_in_words
from npt.panels.rules.membership import MemberSector
from npt.panels.services import HowItWent, NewAllocation, NewForum, NewMember, NewSeat, Terms
from npt.policy.cli import start_policy
from npt.policy.queries import policy_on
from tests import make
from tests.conftest import NOW, TODAY, SignIn, post
from tests.staffing.make import DEFAULT
from tests.staffing.test_views_units import statements, words

LEAD = Actor("Force lead", Role.FORCE_LEAD, EVERYTHING, 9)


class Area:
    """Three panels of one BCU."""

    def __init__(self) -> None:
        with transaction():
            start_policy()
        of = make.sector(code="EC")
        self.bcu = of.bcu
        self.soham, self.ely = make.team(of, "SOH", "Soham"), make.team(of, "ELY", "Ely")
        self.panels = [
            make.panel(self.soham, code="SV"),
            make.panel(self.ely, code="EL", name="Ely"),
            make.panel(self.ely, code="EL2", name="Ely North"),
        ]

    def member(self, name: str = "Cllr Reed", *panels: str) -> int:
        with transaction():
            made = services.add_member(NewMember(name, dt.date(2020, 1, 1)), actor=LEAD, at=NOW)
        for code in panels:
            with transaction():
                services.allocate(NewAllocation(made.id, code, dt.date(2024, 1, 1)), actor=LEAD, at=NOW)
        return made.id


@pytest.fixture
def area(session: object) -> Area:
    return Area()


def test_a_member_with_fewer_or_more_panels_than_policy_asks_is_shown() -> None:
    assert [load_in_words(panels, DEFAULT) for panels in range(5)] == [
        "fewer than 2",
        "fewer than 2",
        None,
        None,
        "more than 3",
    ]


def test_a_forum_is_missed_only_where_one_was_ever_held() -> None:
    old, new = TODAY - 400 * DAY, TODAY - 30 * DAY

    assert forums_missed([], DEFAULT, TODAY) is None
    assert [forums_missed(held, DEFAULT, TODAY) for held in ([old], [old, new], [new, new - DAY], [TODAY + DAY])] == [
        2,
        1,
        0,
        None,
    ]


def test_members_panels_nobody_goes_to_and_an_end_that_ends_their_visits(area: Area) -> None:
    reed = area.member("Cllr Reed", "SV", "EL")
    area.member("Cllr Hurst")

    def page() -> queries.AuthorityPage:
        return queries.authority_page(EVERYTHING, TODAY, policy_on(TODAY))

    assert [(row.name, len(row.going), row.wrong) for row in page().members] == [
        ("Cllr Hurst", 0, "fewer than 2"),
        ("Cllr Reed", 2, None),
    ]
    assert page().without == [("EL2", "Ely North")]
    for new, why in (
        (NewAllocation(reed, "SV", TODAY), "goes to this panel already"),
        (NewAllocation(reed, "EL2", dt.date(2019, 1, 1)), "in office from"),
        (NewAllocation(reed, "none", TODAY), "from the list"),
    ):
        with pytest.raises(Refused, match=why), transaction():
            services.allocate(new, actor=LEAD, at=NOW)
    with transaction():
        services.end_member(reed, TODAY - DAY, actor=LEAD, at=NOW)
    assert len(page().without) == 3
    assert history("authority:members")[0].event == "authority_member.ended"


def test_a_manager_allocates_to_panels_of_their_own_area_alone(area: Area) -> None:
    reed = area.member("Cllr Reed", "EL")
    [going] = queries.going_of(reed)
    manager = Actor("Supt", Role.BCU_MANAGER, Scope(team_ids=frozenset({area.soham.id})), 3)

    with pytest.raises(Refused), transaction():
        services.allocate(NewAllocation(reed, "EL2", TODAY), actor=manager, at=NOW)
    with pytest.raises(NoResultFound), transaction():
        services.end_allocation(going.id, TODAY, actor=manager, at=NOW)
    with transaction():
        services.allocate(NewAllocation(reed, "SV", TODAY), actor=manager, at=NOW)
    with pytest.raises(Refused, match="your own BCUs"), transaction():
        services.record_forum(NewForum(area.bcu.code, TODAY, 3, None), actor=manager, at=NOW, on=TODAY)


@pytest.mark.usefixtures("client")
def test_a_manager_ends_visits_to_their_own_panels_and_no_membership_that_reaches_further(
    area: Area, sign_in: SignIn
) -> None:
    reed = area.member("Cllr Reed", "SV")
    north = make.panel(make.team(make.sector(make.bcu("NOR", "Northern"), "NS"), "NT", "North"), code="NV")
    with transaction():
        services.allocate(NewAllocation(reed, "NV", TODAY), actor=LEAD, at=NOW)
    own, other = sorted(queries.going_of(reed), key=lambda going: going.panel_id == north.id)
    manager = sign_in(make.user(Role.BCU_MANAGER, area.bcu.code))

    page = manager.get("/panels/authority").text
    refused = post(manager, f"/panels/authority/members/{reed}/end", last_day=TODAY.isoformat())

    assert f"/panels/authority/allocations/{own.id}/end" in page
    assert f"/panels/authority/allocations/{other.id}/end" not in page
    assert f"/panels/authority/members/{reed}/end" not in page
    assert "The force lead ends it" in refused.text
    assert [going.last_day for going in queries.going_of(reed)] == [None, None]


def test_a_forum_is_recorded_once_for_a_day_and_never_before_it(area: Area) -> None:
    for attended in (7, 8, 8):
        with transaction():
            services.record_forum(NewForum(area.bcu.code, TODAY, attended, None), actor=LEAD, at=NOW, on=TODAY)

    [forums] = queries.authority_page(EVERYTHING, TODAY, policy_on(TODAY)).forums
    assert ([each.attended for each in forums.held], forums.missed) == ([8], 0)
    assert len(history(f"forums:{area.bcu.code}")) == 2
    with pytest.raises(Refused, match="has come"), transaction():
        services.record_forum(NewForum(area.bcu.code, TODAY + DAY, 1, None), actor=LEAD, at=NOW, on=TODAY)


def came(area: Area) -> None:
    """The council comes to one of two meetings of this year, and to the one a year before."""
    area.member("Cllr Reed", "SV")
    seat = NewSeat("District council", "Officer", MemberSector.COUNCIL, False, True, dt.date(2020, 1, 1))
    with transaction():
        made = services.add_seat("SV", seat, actor=LEAD, at=NOW)
    for starts, presence in (
        ("2026-09-01 19:00", Presence.PRESENT),
        ("2026-06-01 19:00", Presence.ABSENT),
        ("2025-06-01 19:00", Presence.PRESENT),
    ):
        meeting = make.meeting(area.panels[0], starts)
        with transaction():
            went = HowItWent(20, None, presences={f"seat_{made.id}": presence})
            services.record_meeting(
                meeting.id, went, actor=LEAD, at=NOW, terms=Terms(policy_on(TODAY), ZoneInfo("Europe/London"))
            )


@pytest.mark.usefixtures("client")
def test_attendance_by_organisation_leads_from_every_number_to_its_meetings(area: Area, sign_in: SignIn) -> None:
    came(area)
    browser = sign_in(make.user(Role.CHAIR, "SV"))

    shown = words(browser.get("/panels/attendance").text)
    assert "District council 1 2 1 0 1 0 50.0 % worse, from 100.0 %" in shown
    assert "Police authority 1 2 0 0 0 2 no data no data" in shown
    assert "20, 20" in shown
    list_of = "/panels/attendance/meetings?organisation=District+council"
    for query, many in (
        ("", 2),
        ("&came=present", 1),
        ("&came=absent", 1),
        ("&when=before", 1),
        ("&came=apologies", 0),
    ):
        file = browser.get(f"{list_of}{query}&format=csv").text
        assert len(file.splitlines()) == 1 + many, query
    assert 'came=apologies">0</a>' in browser.get("/panels/attendance").text
    assert "There is no such meeting in these days" in browser.get(f"{list_of}&came=apologies").text
    assert "District council,1,2,1,0,1,0,50.00,100.00,worse" in browser.get("/panels/attendance?format=csv").text
    assert "SV,Soham and Villages,2,2,40" in browser.get("/panels/attendance?list=public&format=csv").text
    elsewhere = sign_in(make.user(Role.CHAIR, "EL"))
    assert "District council" not in elsewhere.get("/panels/attendance").text


@pytest.mark.usefixtures("client")
def test_attendance_is_counted_over_any_days_against_as_many_before_and_of_each_member(
    area: Area, sign_in: SignIn
) -> None:
    came(area)
    browser = sign_in(make.user(Role.CHAIR, "SV"))

    # September 2026 and the 457 days before it, from June 2025 on.
    days = "first=2026-09-01&last=2027-12-01"
    shown = words(browser.get(f"/panels/attendance?{days}").text)
    file = browser.get(f"/panels/attendance?{days}&format=csv")
    behind = browser.get(f"/panels/attendance/meetings?{days}&organisation=District+council&when=before&format=csv")
    members = browser.get(f"/panels/attendance?{days}&list=members&format=csv").text

    assert "from 1 September 2026 to 1 December 2027, against 1 June 2025 to 31 August 2026" in shown
    assert "District council 1 1 1 0 0 0 100.0 % better, from 50.0 %" in shown
    assert "Cllr Reed 1 1 0 0 0 1 no data no data" in shown
    assert "District council,1,1,1,0,0,0,100.00,50.00,better" in file.text
    assert "2026-09-01" in file.headers["Content-Disposition"]
    assert len(behind.text.splitlines()) == 1 + 2
    assert "Cllr Reed,1,1,0,0,0,1" in members
    assert "first=2026-09-01&amp;last=2027-12-01" in browser.get(f"/panels/attendance?{days}").text


@pytest.mark.usefixtures("client")
@pytest.mark.parametrize(
    ("days", "said"),
    [
        ("first=2026-09-01&last=2026-08-31", "Enter a last day on or after the first"),
        ("first=&last=2026-08-31", "Enter the first day"),
        ("first=yesterday&last=2026-08-31", "There is a problem"),
    ],
)
def test_days_that_are_none_are_said_to_be_none_and_the_usual_months_are_shown(
    area: Area, sign_in: SignIn, days: str, said: str
) -> None:
    came(area)
    page = sign_in(make.user(Role.CHAIR, "SV")).get(f"/panels/attendance?{days}")

    assert page.status_code == 200
    assert said in page.text
    assert "District council 1 2 1 0 1 0" in words(page.text)


@given(st.dates(dt.date(1990, 1, 1), dt.date(2090, 1, 1)), st.integers(0, 2000))
def test_days_are_held_against_as_many_straight_before_them(first: dt.date, more: int) -> None:
    days = Period(first, first + dt.timedelta(days=more))

    ago = before(days)

    assert ago.last_day == first - dt.timedelta(days=1)
    assert ago == Period(ago.first_day, ago.first_day + dt.timedelta(days=more))


def test_attendance_asks_no_more_of_the_database_when_more_came(area: Area) -> None:
    came(area)
    zone = ZoneInfo("Europe/London")
    days = (dt.date(2020, 1, 1), TODAY)
    with statements() as few:
        queries.attended(EVERYTHING, *days, zone)
    for month in range(1, 9):
        make.meeting(area.panels[1], f"2025-0{month}-05 19:00")
    area.member("Cllr Hurst", "EL")
    with statements() as many:
        found = queries.attended(EVERYTHING, *days, zone)

    assert len(many) == len(few) == 4
    assert sum(row.panel == "EL" for row in found) == 8


def test_members_and_forums_are_kept_on_their_pages(area: Area, sign_in: SignIn) -> None:
    browser: FlaskClient = sign_in(make.user(Role.FORCE_LEAD))
    page = "/panels/authority"
    assert "Every panel" not in words(browser.get(page).text)
    assert post(browser, f"{page}/members/new", name="Cllr Reed", first_day="2026-01-01").location == page
    assert "is a member already" in post(browser, f"{page}/members/new", name="Cllr Reed", first_day="2026-01-01").text
    [reed] = queries.member_names(TODAY)
    allocate = f"{page}/allocations/new"
    assert "Choose a panel" in post(browser, allocate, member=str(reed), first_day="2026-02-01").text
    assert post(browser, allocate, member=str(reed), panel="SV", first_day="2026-02-01").location == page
    forum = {"bcu": area.bcu.code, "held_on": "2025-03-01", "attended": "0", "notes": "Training"}
    assert post(browser, f"{page}/forums/new", **forum).location == page

    shown = words(browser.get(page).text)
    assert "Cllr Reed 1 fewer than 2" in shown
    assert "Training" in shown
    assert "Missed" in shown
    assert "Cllr Reed" in browser.get(f"{page}?format=csv").text
    [going] = queries.going_of(reed)
    assert post(browser, f"{page}/allocations/{going.id}/end", last_day="2026-03-01").location == page
    assert post(browser, f"{page}/members/{reed}/end", last_day="2026-03-01").location == page
    assert "End this membership" not in sign_in(make.user(Role.AUDITOR)).get(page).text
    assert sign_in(make.user(Role.CHAIR, "SV")).get(page).status_code == 404


def address_of(browser: FlaskClient, code: str = "SV") -> str:
    answer = post(browser, f"/panels/{code}/calendar-address")
    found = words(answer.text).split("The address ")[1].split(" ")[0]
    return "/" + found.split("/", 3)[3]


def test_a_calendar_follows_a_panel_by_a_secret_address_without_signing_in(
    area: Area, client: FlaskClient, sign_in: SignIn
) -> None:
    make.meeting(area.panels[0], "2026-09-01 19:00", ref="SV-1")
    chair = sign_in(make.user(Role.CHAIR, "SV"))
    address = address_of(chair)

    fed = client.get(address)
    [entry] = Calendar.from_ical(fed.data).walk("VEVENT")
    assert sorted(entry.keys()) == ["DTEND", "DTSTAMP", "DTSTART", "LOCATION", "STATUS", "SUMMARY", "UID"]
    assert entry["SUMMARY"] == "Soham and Villages panel"
    token = address.rsplit("/", 1)[1].removesuffix(".ics")
    assert token not in str([row.token_hash for row in current.query(CalendarFeed)])
    assert token not in chair.get("/panels/SV/calendar-address").text
    renewed = address_of(sign_in(make.user(Role.SERGEANT, "SOH")))
    assert client.get(address).status_code == 404
    assert client.get(renewed).status_code == 200
    assert post(chair, "/panels/SV/calendar-address", do="withdraw").location == "/panels/SV"
    assert client.get(renewed).status_code == 404
    assert "has no address" in post(chair, "/panels/SV/calendar-address", do="withdraw").text
    events = [line.event for line in history("panel:SV")]
    assert events == ["calendar_address.withdrawn", "calendar_address.renewed", "calendar_address.made"]


def test_only_a_chair_of_the_panel_or_whoever_runs_it_gives_out_its_address(area: Area, sign_in: SignIn) -> None:
    for user in (make.user(Role.CHAIR, "EL"), make.user(Role.SERGEANT, "ELY"), make.user(Role.AUDITOR)):
        assert sign_in(user).get("/panels/SV/calendar-address").status_code == 404
    other = Actor("Chair of Ely", Role.CHAIR, Scope(panel_ids=frozenset({area.panels[1].id})), 4)
    with pytest.raises(NoResultFound), transaction():
        services.share_calendar("SV", actor=other, at=NOW)


def test_whoever_guesses_at_addresses_is_slowed_down(area: Area, client: FlaskClient) -> None:
    answers = [client.get(f"/panels/feeds/guess{number}.ics").status_code for number in range(25)]

    assert answers == [404] * 20 + [429] * 5
