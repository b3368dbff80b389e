"""Panels created and changed, chairs appointed, meetings planned, held and cancelled: on both databases."""

import datetime as dt
from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy.exc import NoResultFound

from npt.audit.queries import history
from npt.core.authority import EVERYTHING, Actor, Role, Scope, system
from npt.core.db import session, transaction
from npt.core.errors import Refused
from npt.flags import queries as flags
from npt.panels import queries, services
from npt.panels.rules.vocabulary import ChairType, MeetingStatus, Office, PriorityState
from npt.panels.services import ChangeOfPanel, HowItWent, NewMeeting, NewPanel, NewTerm, Terms
from npt.people.models import Panel, Team
from npt.policy.cli import start_policy
from npt.policy.queries import policy_on
from tests import make
from tests.conftest import NOW, TODAY
from tests.staffing.test_views_units import statements

pytestmark = pytest.mark.usefixtures("session")

LONDON = ZoneInfo("Europe/London")
NEW = NewPanel("SOHV", "Soham and Villages", None, "SOH", ("ELY",), 8, TODAY)
CHAIR = NewTerm("Margaret Holt", "M.Holt@demo.example", Office.CHAIR, ChairType.COUNCIL, TODAY, None)


def sergeant(*teams: Team) -> Actor:
    return Actor("Sgt Okafor", Role.SERGEANT, Scope(team_ids=frozenset(team.id for team in teams)), 7)


def chair(*panels: Panel) -> Scope:
    return Scope(panel_ids=frozenset(panel.id for panel in panels))


class Area:
    """Soham, which leads a panel that serves Ely too, and Ely with a panel of its own."""

    def __init__(self) -> None:
        with transaction():
            start_policy()
        of = make.sector()
        self.soham = make.team(of, "SOH", "Soham")
        self.ely = make.team(of, "ELY", "Ely")
        self.villages = make.panel(self.soham, self.ely, code="SV")
        self.city = make.panel(self.ely, code="EL", name="Ely")


@pytest.fixture
def area(session: object) -> Area:
    return Area()


def terms() -> Terms:
    return Terms(policy_on(TODAY), LONDON)


def seen(scope: Scope) -> list[str]:
    return [line.code for line in queries.panels_on(scope, TODAY, policy_on(TODAY), LONDON)]


def plan(code: str, when: str, actor: Actor) -> int:
    with transaction():
        new = NewMeeting(make.at(when), f"{code} college")
        return services.plan_meeting(code, new, actor=actor, at=NOW, terms=terms()).id


def reasons(answer: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [reason.message for reason in answer.value.reasons]


def test_a_team_sees_the_panels_that_serve_it_and_a_chair_their_own(area: Area) -> None:
    assert seen(Scope(team_ids=frozenset({area.soham.id}))) == ["SV"]
    assert seen(Scope(team_ids=frozenset({area.ely.id}))) == ["EL", "SV"]
    assert seen(chair(area.city)) == ["EL"]
    assert seen(EVERYTHING) == ["EL", "SV"]
    assert seen(Scope()) == []


def test_a_panel_is_created_with_its_teams_and_its_code_is_nobody_elses(area: Area) -> None:
    with transaction():
        services.create_panel(NEW, actor=sergeant(area.soham), at=NOW)

    page = queries.panel_page("SOHV", EVERYTHING, TODAY, policy_on(TODAY), LONDON)
    assert [team.code for team in page.panel.teams] == ["SOH", "ELY"]
    [entry] = history("panel:SOHV")
    assert (entry.event, entry.details["teams"], entry.details["lead_team"]) == ("panel.created", ["ELY", "SOH"], "SOH")
    for code in ("SOHV", "sohv", "SOH", area.soham.sector.code, area.soham.sector.bcu.code):
        with pytest.raises(Refused) as answer, transaction():
            services.create_panel(replace(NEW, code=code), actor=sergeant(area.soham), at=NOW)
        assert reasons(answer) == ["A BCU, sector, team or panel has this code. Enter another"]


def test_nobody_creates_a_panel_that_another_team_leads(area: Area) -> None:
    with pytest.raises(Refused) as answer, transaction():
        services.create_panel(NEW, actor=sergeant(area.ely), at=NOW)

    assert reasons(answer) == ["Choose one of your own teams"]


def test_a_change_of_a_panel_is_in_the_record_with_before_and_after_and_one_that_changes_nothing_is_not(
    area: Area,
) -> None:
    change = ChangeOfPanel("Soham and Villages", None, ("SOH",), 9, None)
    actor = sergeant(area.soham)
    with transaction():
        assert services.change_panel("SV", change, actor=actor, at=NOW)
    with transaction():
        assert not services.change_panel("SV", change, actor=actor, at=NOW)

    [entry] = history("panel:SV")
    assert entry.details["before"] == {"teams": ["ELY", "SOH"], "cadence_weeks": None}
    assert entry.details["after"] == {"teams": ["SOH"], "cadence_weeks": 9}
    assert seen(Scope(team_ids=frozenset({area.ely.id}))) == ["EL"]


def test_a_sergeant_of_a_team_that_is_served_and_does_not_lead_changes_nothing(area: Area) -> None:
    other, meeting = sergeant(area.ely), make.meeting(area.villages, "2026-11-01 19:00")
    held = make.chair(area.villages)
    for attempt in (
        lambda: services.change_panel("SV", ChangeOfPanel("X", None, (), None, None), actor=other, at=NOW),
        lambda: services.appoint("SV", CHAIR, actor=other, at=NOW, on=TODAY),
        lambda: services.end_term(held.id, TODAY, actor=other, at=NOW),
        lambda: services.record_meeting(meeting.id, HowItWent(1, None), actor=other, at=NOW, terms=terms()),
        lambda: services.cancel_meeting(meeting.id, "x", actor=other, at=NOW),
    ):
        with pytest.raises(NoResultFound), transaction():
            attempt()
    with pytest.raises(NoResultFound):
        plan("SV", "2026-12-01 19:00", other)


def test_an_office_has_one_holder_until_their_term_is_ended(area: Area) -> None:
    actor = sergeant(area.soham)
    with transaction():
        first = services.appoint("SV", CHAIR, actor=actor, at=NOW, on=TODAY)
    successor = replace(CHAIR, name="Ray Dunn", email="r@demo.example", first_day=TODAY + dt.timedelta(days=30))

    with pytest.raises(Refused, match="End that term first"), transaction():
        services.appoint("SV", successor, actor=actor, at=NOW, on=TODAY)
    with transaction():
        services.appoint("SV", replace(successor, office=Office.VICE_CHAIR), actor=actor, at=NOW, on=TODAY)
        services.end_term(first.id, TODAY + dt.timedelta(days=29), actor=actor, at=NOW)
    with transaction():
        services.appoint("EL", successor, actor=sergeant(area.ely), at=NOW, on=TODAY)
        services.appoint("SV", replace(successor, email="r2@demo.example"), actor=actor, at=NOW, on=TODAY)

    line = queries.panel_page("SV", EVERYTHING, TODAY, policy_on(TODAY), LONDON).panel
    assert line.chair is not None
    assert (line.chair.name, line.chair.email) == ("Margaret Holt", "m.holt@demo.example")
    assert [entry.event for entry in history(f"chair:SV/m.holt@demo.example/{TODAY}")] == [
        "chair.ended",
        "chair.appointed",
    ]


def test_a_meeting_that_clashes_is_refused_and_nothing_of_it_is_kept(area: Area) -> None:
    second = make.panel(area.soham, code="S2", name="Isleham")
    actor = sergeant(area.soham)
    plan("SV", "2026-12-01 19:00", actor)

    for code, when, why in (
        ("SV", "2026-12-01 10:00", "This panel meets on 1 December 2026 already"),
        ("S2", "2026-12-01 20:30", "Soham and Villages, which the same team leads, meets then"),
    ):
        with pytest.raises(Refused, match=why):
            plan(code, when, actor)
    plan("S2", "2026-12-01 21:00", actor)
    plan("EL", "2026-12-01 19:00", sergeant(area.ely))
    assert [len(line.meetings) for line in queries.panels_on(EVERYTHING, TODAY, policy_on(TODAY), LONDON)] == [1, 1, 1]
    assert second.code == "S2"


def test_a_cancelled_meeting_makes_room_and_counts_for_nothing(area: Area) -> None:
    actor = sergeant(area.soham)
    first = plan("SV", "2026-12-01 19:00", actor)
    with transaction():
        services.cancel_meeting(first, "Snow", actor=actor, at=NOW)
    plan("SV", "2026-12-01 19:00", actor)

    page = queries.meeting_page(first, EVERYTHING, TODAY, policy_on(TODAY), LONDON)
    [cancelled, planned] = history(f"meeting:{page.row.sitting.ref}")
    assert cancelled.details["after"] == {"status": "cancelled", "why": "Snow"}
    assert planned.event == "meeting.planned"
    with pytest.raises(Refused, match="cancelled already"), transaction():
        services.cancel_meeting(first, "Snow", actor=actor, at=NOW)


def test_a_meeting_is_recorded_once_it_has_begun_and_its_minutes_can_follow(area: Area) -> None:
    actor = sergeant(area.soham)
    ahead = plan("SV", "2026-12-01 19:00", actor)
    begun = plan("SV", "2026-11-10 19:00", actor)

    with pytest.raises(Refused, match="has not begun"), transaction():
        services.record_meeting(ahead, HowItWent(3, None), actor=actor, at=NOW, terms=terms())
    with transaction():
        services.record_meeting(begun, HowItWent(41, None), actor=actor, at=NOW, terms=terms())
    with transaction():
        services.record_meeting(begun, HowItWent(41, "SV 2026/4"), actor=actor, at=NOW, terms=terms())

    page = queries.meeting_page(begun, EVERYTHING, TODAY, policy_on(TODAY), LONDON)
    assert (page.row.sitting.status, page.row.public_attendance) == (MeetingStatus.HELD, 41)
    events = [(entry.event, entry.details["after"]) for entry in history(f"meeting:{page.row.sitting.ref}")[:2]]
    assert events == [
        ("meeting.corrected", {"minutes_ref": "SV 2026/4"}),
        ("meeting.held", {"status": "held", "public_attendance": 41}),
    ]


def test_a_panel_meets_only_while_there_is_one(area: Area) -> None:
    make.panel(area.soham, code="GONE", first_day=TODAY - dt.timedelta(days=300), last_day=TODAY)

    for when in ("2026-12-01 19:00", "2025-12-01 19:00"):
        with pytest.raises(Refused, match=r"The panel's (first|last) day is"):
            plan("GONE", when, sergeant(area.soham))


def test_the_check_flags_what_a_panel_lacks_and_closes_it_once_it_is_mended(area: Area) -> None:
    make.panel(area.soham, code="OLD", last_day=TODAY - dt.timedelta(days=1))
    held = [make.meeting(area.villages, f"2026-{month:02}-05 19:00") for month in (3, 5, 7, 9, 11)]
    make.chair(area.villages)
    make.priority(area.villages, held[0], PriorityState.ADOPTED)

    def run() -> list[tuple[str, str]]:
        with transaction():
            services.flag_panels(TODAY, policy_on(TODAY), LONDON, actor=system("panels"), at=NOW)
        return sorted((flag.subject, flag.kind.value) for flag in flags.open_for(EVERYTHING))

    lacking = [("EL", "next_meeting_not_fixed"), ("EL", "panel_behind"), ("EL", "panel_without_chair")]
    assert run() == [*lacking, ("SV", "next_meeting_not_fixed")]
    plan("SV", "2026-12-10 19:00", sergeant(area.soham))
    assert run() == run() == lacking


def test_reading_more_panels_takes_no_more_statements(area: Area) -> None:
    policy = policy_on(TODAY)
    with statements() as few:
        queries.panels_on(EVERYTHING, TODAY, policy, LONDON)
    for _ in range(5):
        meeting = make.meeting(make.panel(area.ely, area.soham), "2026-11-01 19:00")
        make.priority(session.get_one(Panel, meeting.panel_id), meeting, PriorityState.ADOPTED)
        make.chair(session.get_one(Panel, meeting.panel_id))

    with statements() as many:
        assert len(queries.panels_on(EVERYTHING, TODAY, policy, LONDON)) == 7

    assert len(many) == len(few) <= 6
