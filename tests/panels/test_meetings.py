"""Meetings planned against warnings, moved, held with whom, and followed by the next: on both databases."""

import datetime as dt
from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from npt.audit.queries import history
from npt.core.authority import EVERYTHING, Actor, Role, Scope
from npt.core.db import transaction
from npt.core.errors import Refused
from npt.core.periods import DAY
from npt.panels import queries, services
from npt.panels.rules.attendance import Presence, Tally, Trend, tally, trend
from npt.panels.rules.membership import MemberSector
from npt.panels.rules.vocabulary import MeetingStatus
from npt.panels.services import HowItWent, NewMeeting, NewSeat, NewTime, Terms
from npt.people.models import Team
from npt.people.rules import Grade
from npt.policy.cli import start_policy
from npt.policy.queries import policy_on
from tests import make
from tests.conftest import NOW, TODAY, SignIn, post
from tests.staffing.test_views_units import words

LONDON = ZoneInfo("Europe/London")
PRESENCES = st.lists(st.one_of(st.none(), st.sampled_from(Presence)))


class Area:
    """Soham and Ely, each with a panel of its own."""

    def __init__(self) -> None:
        with transaction():
            start_policy()
        of = make.sector(code="EC")
        self.soham, self.ely = make.team(of, "SOH", "Soham"), make.team(of, "ELY", "Ely")
        self.panel = make.panel(self.soham, code="SV")
        self.other = make.panel(self.ely, code="EL", name="Ely")
        self.held = make.meeting(self.panel, "2026-09-17 18:00", ref="SV-1")


@pytest.fixture
def area(session: object) -> Area:
    return Area()


def sergeant(*teams: Team) -> Actor:
    return Actor("Sgt Okafor", Role.SERGEANT, Scope(team_ids=frozenset(team.id for team in teams)), 7)


def terms() -> Terms:
    return Terms(policy_on(TODAY), LONDON)


def plan(area: Area, when: str, venue: str | None = None, *, anyway: bool = False) -> int:
    with transaction():
        new = NewMeeting(make.at(when), venue, anyway=anyway)
        return services.plan_meeting("SV", new, actor=sergeant(area.soham), at=NOW, terms=terms()).id


@given(PRESENCES)
def test_of_those_expected_each_is_present_absent_apologised_or_not_recorded(found: list[Presence | None]) -> None:
    counted = tally(found)

    assert counted.expected == len(found) == counted.recorded + counted.not_recorded
    assert (counted.share is None) == (counted.recorded == 0)


def test_attendance_gets_better_or_worse_only_against_months_of_which_something_is_recorded() -> None:
    good, bad = Tally(4, 3, 1), Tally(4, 1, 0, 3)

    assert (trend(good, bad), trend(bad, good), trend(good, good)) == (Trend.BETTER, Trend.WORSE, Trend.SAME)
    assert trend(good, Tally(4)) is Trend.NO_DATA


@pytest.mark.parametrize("shared", ["chair", "sergeant", "venue"])
def test_a_meeting_when_its_chair_sergeant_or_venue_is_at_another_is_warned_of_and_can_be_planned_anyway(
    area: Area, shared: str
) -> None:
    other = make.meeting(area.other, "2026-12-01 19:00", MeetingStatus.PLANNED)
    venue = "village college" if shared == "venue" else "Pavilion"
    if shared == "chair":
        make.chair(area.panel, "Ray@demo.example")
        make.chair(area.other, "ray@demo.example")
    if shared == "sergeant":
        make.cover(make.posted(area.soham, Grade.SERGEANT), area.ely)
    said = {"chair": "The chair or vice-chair is at Ely", "sergeant": "The sergeant is at Ely", "venue": "meets in"}

    with pytest.raises(Refused, match=said[shared]) as refused:
        plan(area, "2026-12-01 20:30", venue)
    assert [reason.field for reason in refused.value.reasons] == ["anyway"]
    assert plan(area, "2026-12-01 21:00", venue)
    assert other.venue == "Village College"
    make.meeting(area.other, "2026-12-02 19:00", MeetingStatus.PLANNED)
    assert plan(area, "2026-12-02 19:00", venue, anyway=True)


def test_a_planned_meeting_is_moved_for_a_reason_that_stays_in_its_history(area: Area) -> None:
    meeting = plan(area, "2026-12-01 19:00", "Library")
    new = NewTime(make.at("2026-12-03 19:30"), "Pavilion", "The library floods")
    actor = sergeant(area.soham)
    with transaction():
        services.move_meeting(meeting, new, actor=actor, at=NOW, terms=terms())

    page = queries.meeting_page(meeting, EVERYTHING, TODAY, policy_on(TODAY), LONDON)
    assert (page.row.sitting.starts_at, page.row.venue) == (make.at("2026-12-03 19:30"), "Pavilion")
    moved = history(f"meeting:{page.row.sitting.ref}")[0]
    assert (moved.event, moved.details["after"]["why"]) == ("meeting.moved", "The library floods")
    plan(area, "2026-12-10 19:00")
    for starts, why in (("2026-12-10 10:00", "meets on 10 December"), ("2026-11-01 10:00", "still to come")):
        with pytest.raises(Refused, match=why), transaction():
            services.move_meeting(meeting, replace(new, starts_at=make.at(starts)), actor=actor, at=NOW, terms=terms())
    with pytest.raises(Refused, match="held already"), transaction():
        services.move_meeting(area.held.id, new, actor=actor, at=NOW, terms=terms())


def test_the_next_meeting_is_fixed_at_one_the_same_panel_held(area: Area) -> None:
    elsewhere = make.meeting(area.other, "2026-09-18 18:00")
    actor = sergeant(area.soham, area.ely)
    for meeting_id in (elsewhere.id, plan(area, "2026-12-01 19:00")):
        new = NewMeeting(make.at("2026-12-15 19:00"), None, fixed_at_id=meeting_id)
        with pytest.raises(Refused, match="this panel held"), transaction():
            services.plan_meeting("SV", new, actor=actor, at=NOW, terms=terms())
    with transaction():
        made = services.plan_meeting("SV", replace(new, fixed_at_id=area.held.id), actor=actor, at=NOW, terms=terms())

    page = queries.meeting_page(area.held.id, EVERYTHING, TODAY, policy_on(TODAY), LONDON)
    assert page.after is not None
    assert page.after.sitting.id == made.id


def seat(area: Area, organisation: str = "Soham Town Council", *, expected: bool = True) -> int:
    new = NewSeat(organisation, "Clerk", MemberSector.PARISH, False, expected, dt.date(2026, 1, 1))
    with transaction():
        return services.add_seat("SV", new, actor=sergeant(area.soham), at=NOW).id


def test_who_came_is_kept_of_each_partner_and_a_correction_shows_both(area: Area) -> None:
    town, quiet = seat(area), seat(area, "Quiet", expected=False)
    actor = sergeant(area.soham)
    went = HowItWent(41, None, 9, "Margaret Holt", {f"seat_{town}": Presence.PRESENT})
    with transaction():
        services.record_meeting(area.held.id, went, actor=actor, at=NOW, terms=terms())
    with transaction():
        again = replace(went, presences={f"seat_{town}": Presence.APOLOGIES})
        services.record_meeting(area.held.id, again, actor=actor, at=NOW, terms=terms())

    [came] = queries.came_to(area.held.id, area.panel.id, dt.date(2026, 9, 17))
    assert (came.expected.organisation, came.presence) == ("Soham Town Council", Presence.APOLOGIES)
    assert f"seat_{quiet}" != came.expected.key
    assert history("meeting:SV-1")[0].details == {
        "before": {"Soham Town Council (Clerk)": "Present"},
        "after": {"Soham Town Council (Clerk)": "Sent apologies"},
    }
    with pytest.raises(Refused, match="not expected"), transaction():
        services.record_meeting(
            area.held.id, replace(went, presences={"seat_0": Presence.ABSENT}), actor=actor, at=NOW, terms=terms()
        )


def test_a_partner_whose_seat_has_ended_since_stays_in_the_attendance_of_meetings_before(area: Area) -> None:
    town = seat(area)
    with transaction():
        went = HowItWent(1, None, presences={f"seat_{town}": Presence.ABSENT})
        services.record_meeting(area.held.id, went, actor=sergeant(area.soham), at=NOW, terms=terms())
        services.end_seat(town, dt.date(2026, 9, 17) - DAY, actor=sergeant(area.soham), at=NOW)

    [came] = queries.came_to(area.held.id, area.panel.id, dt.date(2026, 9, 17))
    assert came.presence is Presence.ABSENT


def test_a_meeting_is_recorded_with_who_came_and_the_next_is_fixed_on_their_pages(area: Area, sign_in: SignIn) -> None:
    town = seat(area)
    browser = sign_in(make.user(Role.SERGEANT, "SOH"))
    record, show = f"/panels/meetings/{area.held.id}/record", f"/panels/meetings/{area.held.id}"

    assert "Soham Town Council (Clerk)" in words(browser.get(record).text)
    sent = {"public_attendance": "41", "members_present": "9", "chaired_by": "Margaret Holt"}
    assert post(browser, record, **sent, **{f"seat_{town}": "present"}).location == show
    fix = f"/panels/SV/meetings/new?fixed_at={area.held.id}"
    typed = {"starts_at_day": "2099-12-03", "starts_at_clock": "19:00", "venue": "Library", "public": "y"}
    assert "Fixed at the meeting of 17 September 2026" in words(browser.get(fix).text)
    assert post(browser, fix, **typed).location == show

    shown = words(browser.get(show).text)
    assert "In the chair Margaret Holt" in shown
    assert "Members who came 9" in shown
    assert "3 December 2099, 7:00pm, fixed at this meeting" in shown
    assert "Soham Town Council,Clerk,Present" in browser.get(f"{show}?list=attendance&format=csv").text
    assert (
        browser.get(f"/panels/SV/meetings/new?fixed_at={make.meeting(area.other, '2026-09-18 18:00').id}").status_code
        == 404
    )


def test_a_warning_is_answered_on_the_page_and_a_cancelled_meeting_says_why(area: Area, sign_in: SignIn) -> None:
    make.meeting(area.other, "2099-12-03 19:00", MeetingStatus.PLANNED)
    browser = sign_in(make.user(Role.SERGEANT, "SOH"))
    typed = {"starts_at_day": "2099-12-03", "starts_at_clock": "19:00", "venue": "Village College", "public": "y"}

    warned = post(browser, "/panels/SV/meetings/new", **typed)
    assert "Ely panel meets in Village College then" in words(warned.text)
    assert 'name="anyway"' in warned.text
    assert post(browser, "/panels/SV/meetings/new", **typed, anyway="y").status_code == 302
    line = queries.panel_page("SV", EVERYTHING, TODAY, policy_on(TODAY), LONDON).panel
    meeting = line.to_come[0].sitting.id
    move = f"/panels/meetings/{meeting}/move"
    assert "Enter why it is moved" in post(browser, move, **typed, anyway="y", why="").text
    assert post(browser, move, **{**typed, "venue": "Pavilion", "why": "Room"}).status_code == 302
    assert post(browser, f"/panels/meetings/{meeting}/cancel", why="Snow").status_code == 302
    assert "because: Snow" in words(browser.get(f"/panels/meetings/{meeting}").text)
