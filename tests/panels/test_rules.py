"""How a panel keeps to its meetings, what clashes, who is in office, and what the check finds."""

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from npt.core.authority import Role
from npt.core.periods import Period, add_months
from npt.flags.rules import FlagKind, kinds_of
from npt.panels.rules.findings import Assessed, panel_findings
from npt.panels.rules.meetings import (
    Booked,
    Keeping,
    Sitting,
    clashes,
    keeping,
    obstacles_to_cancelling,
    obstacles_to_recording,
)
from npt.panels.rules.panels import obstacles_to_code
from npt.panels.rules.priorities import next_ref
from npt.panels.rules.terms import Term, holder, obstacles_to_ending, obstacles_to_term
from npt.panels.rules.vocabulary import (
    ADOPTED,
    CHAIRS_DECISIONS,
    CURRENT,
    UNDECIDED,
    ChairType,
    MeetingStatus,
    Office,
    PriorityState,
)
from tests.staffing.make import DEFAULT

ON = dt.date(2026, 11, 12)
LONG_AGO = dt.date(2019, 4, 1)
HELD, PLANNED, CANCELLED = MeetingStatus.HELD, MeetingStatus.PLANNED, MeetingStatus.CANCELLED
DRAWN = st.lists(st.tuples(st.integers(-100, 900), st.sampled_from(MeetingStatus), st.booleans()), max_size=12)


def sitting(days_before: int, status: MeetingStatus = HELD, public: bool = True) -> Sitting:
    day = ON - dt.timedelta(days=days_before)
    at = dt.datetime.combine(day, dt.time(19), tzinfo=dt.UTC)
    return Sitting(days_before, f"M{days_before}", at, day, status, public)


def kept(*sittings: Sitting, first_day: dt.date = LONG_AGO, cadence: int | None = None) -> Keeping:
    return keeping(sittings, first_day, cadence, DEFAULT, ON)


def test_a_priority_is_numbered_within_its_panel_after_the_highest_there_is() -> None:
    assert next_ref("SOHV", ()) == "SOHV-P1"
    assert next_ref("SOHV", ("SOHV-P2", "SOHV-P10", "SOHV-PX", "SOH-P99", "Q4CA2A5371404", "SOHV-P²")) == "SOHV-P11"


def test_public_meetings_held_in_the_last_twelve_months_are_counted_and_no_others() -> None:
    year = (ON - add_months(ON, -12)).days
    found = kept(
        sitting(0), sitting(60), sitting(year - 1), sitting(year), sitting(30, CANCELLED), sitting(40, public=False)
    )

    assert [each.id for each in found.counted] == [year - 1, 60, 0]
    assert (found.minimum, found.too_few, found.whole) == (4, True, True)
    assert not kept(*(sitting(days) for days in (10, 70, 130, 190))).too_few


def test_a_panel_younger_than_the_months_counted_has_not_held_too_few() -> None:
    assert not kept(first_day=add_months(ON, -12) + dt.timedelta(days=2)).too_few
    assert kept(first_day=add_months(ON, -12) + dt.timedelta(days=1)).too_few


def test_a_panel_is_overdue_the_day_after_its_own_setting_has_run_out() -> None:
    assert not kept(sitting(70)).overdue
    assert kept(sitting(71)).overdue
    assert not kept(sitting(56), cadence=8).overdue
    assert kept(sitting(57), cadence=8).overdue
    assert kept(first_day=ON - dt.timedelta(days=71)).overdue, "a new panel counts from its first day"


def test_the_longest_gap_of_the_year_is_kept_in_sight_when_it_is_over() -> None:
    found = kept(sitting(10), sitting(50), sitting(150), sitting(400))

    assert (found.longest.days, found.running.days, found.overdue) == (250, 10, False)


def test_the_next_meeting_is_the_first_planned_one_and_is_late_when_it_comes_too_long_after_the_last() -> None:
    found = kept(
        sitting(30), sitting(-50, PLANNED), sitting(-20, CANCELLED), sitting(5, PLANNED), sitting(-90, PLANNED)
    )

    assert found.next is not None
    assert (found.next.id, found.next_is_late) == (-50, True)
    assert kept(sitting(30)).next is None
    assert not kept(sitting(30), sitting(-40, PLANNED)).next_is_late


@given(DRAWN)
@settings(max_examples=60)
def test_no_meeting_lies_within_a_gap_and_what_counts_was_held(
    drawn: list[tuple[int, MeetingStatus, bool]],
) -> None:
    sittings = [sitting(*each) for each in drawn]
    found = kept(*sittings)

    held = {each.on for each in sittings if each.status is HELD and each.on <= ON}
    assert found.running.until == ON
    assert found.running.since == max(held, default=LONG_AGO)
    assert found.longest.days >= found.running.days >= 0
    assert not any(found.longest.since < day < found.longest.until for day in held)
    assert set(found.counted) <= {each for each in sittings if each.status is HELD and each.public}


def booked(panel_id: int, lead: int, hour: float) -> Booked:
    at = dt.datetime(2026, 11, 12, 19, tzinfo=dt.UTC) + dt.timedelta(hours=hour)
    return Booked(panel_id, "Ely", lead, at, at.date())


@pytest.mark.parametrize(
    ("other", "refused"),
    [
        (booked(1, 7, -10), True),
        (booked(1, 7, 24), False),
        (booked(2, 7, 0), True),
        (booked(2, 7, 1.9), True),
        (booked(2, 7, -1.9), True),
        (booked(2, 7, 2), False),
        (booked(2, 8, 0), False),
    ],
)
def test_a_panel_meets_once_a_day_and_its_lead_team_is_at_one_panel_at_a_time(other: Booked, refused: bool) -> None:
    at = dt.datetime(2026, 11, 12, 19, tzinfo=dt.UTC)

    reasons = list(clashes(1, 7, at, ON, [other], DEFAULT))

    assert [reason.field for reason in reasons] == (["starts_at"] if refused else [])


def test_only_a_planned_meeting_is_cancelled_and_only_one_that_has_begun_is_recorded() -> None:
    at = dt.datetime(2026, 11, 12, 19, tzinfo=dt.UTC)
    minute = dt.timedelta(minutes=1)

    assert not list(obstacles_to_cancelling(PLANNED))
    assert all(list(obstacles_to_cancelling(status)) for status in (HELD, CANCELLED))
    assert not list(obstacles_to_recording(PLANNED, at, at))
    assert not list(obstacles_to_recording(HELD, at, at - minute))
    assert list(obstacles_to_recording(PLANNED, at, at - minute))
    assert list(obstacles_to_recording(CANCELLED, at, at))


def term(first: dt.date, last: dt.date | None = None, office: Office = Office.CHAIR) -> Term:
    return Term(1, "M. Holt", "m@demo.example", office, ChairType.INDEPENDENT, first, last)


def test_a_chair_is_in_office_on_the_first_and_the_last_day_and_on_no_other() -> None:
    held = [term(ON, ON), term(LONG_AGO, office=Office.VICE_CHAIR)]
    day = dt.timedelta(days=1)

    found = [holder(held, Office.CHAIR, each) is not None for each in (ON - day, ON, ON + day)]

    assert found == [False, True, False]


DAYS = st.dates(dt.date(2026, 1, 1), dt.date(2026, 2, 1))


@given(st.lists(st.tuples(DAYS, st.none() | DAYS), max_size=6))
@settings(max_examples=60)
def test_no_sequence_of_appointments_puts_two_people_in_one_office(asked: list[tuple[dt.date, dt.date | None]]) -> None:
    terms: list[Term] = []
    for first, last in asked:
        if not list(obstacles_to_term(Office.CHAIR, first, last, Period(dt.date(2026, 1, 5), None), terms)):
            terms.append(term(first, last))

    for day in range(1, 32):
        assert sum(each.in_force(dt.date(2026, 1, day)) for each in terms) <= 1
    assert all(each.first_day >= dt.date(2026, 1, 5) for each in terms)


def test_a_term_ends_no_earlier_than_it_begins_and_is_not_made_longer() -> None:
    held = term(ON, ON + dt.timedelta(days=10))

    assert list(obstacles_to_ending(held, ON - dt.timedelta(days=1)))
    assert not list(obstacles_to_ending(held, ON))
    assert list(obstacles_to_ending(held, ON + dt.timedelta(days=11)))


@pytest.mark.parametrize("code", ["", "SOH/V", "new", "NEW", "Soham & co", "-A", "x" * 41])
def test_a_code_that_could_not_stand_in_an_address_is_refused(code: str) -> None:
    assert list(obstacles_to_code(code))
    assert not list(obstacles_to_code("SOH-V2"))


FINE = Assessed(
    "SV", "Soham", 7, term(LONG_AGO), kept(*(sitting(n) for n in (10, 70, 130, 190)), sitting(-20, PLANNED))
)


def found_of(panel: Assessed, supervised: frozenset[int] = frozenset({7})) -> dict[FlagKind, tuple[str, str | None]]:
    found = list(panel_findings([panel], supervised, DEFAULT, ON))
    assert {each.kind for each in found} <= kinds_of("panels")
    assert {(each.subject, each.team_id) for each in found} <= {("SV", 7)}
    return {each.kind: (each.figure, each.threshold) for each in found}


def test_a_panel_with_a_chair_enough_meetings_and_a_next_one_is_not_flagged() -> None:
    assert found_of(FINE) == {}


def test_a_panel_is_flagged_for_each_thing_it_lacks() -> None:
    assert found_of(replace(FINE, chair=None)) == {FlagKind.PANEL_WITHOUT_CHAIR: ("0", "1")}
    assert found_of(replace(FINE, keeping=kept(sitting(10), sitting(-5, PLANNED)))) == {
        FlagKind.PANEL_BEHIND: ("1", "4")
    }
    late = kept(*(sitting(n) for n in (80, 130, 190, 250)))
    assert found_of(replace(FINE, keeping=late)) == {
        FlagKind.PANEL_BEHIND: ("80", "70"),
        FlagKind.NEXT_MEETING_NOT_FIXED: ("0", "1"),
    }


def test_the_sergeant_of_the_lead_team_answers_and_with_none_the_inspector() -> None:
    panel = replace(FINE, chair=None)

    owners = [next(panel_findings([panel], who, DEFAULT, ON)).owner_role for who in ({7}, set())]

    assert owners == [Role.SERGEANT, Role.INSPECTOR]


def test_every_state_of_a_priority_is_undecided_declined_or_adopted() -> None:
    assert {*UNDECIDED, *ADOPTED, PriorityState.DECLINED} == set(PriorityState)
    assert CHAIRS_DECISIONS < ADOPTED
    assert ADOPTED - {PriorityState.SIGNED_OFF, PriorityState.WITHDRAWN} == CURRENT
    assert all(state.label for state in PriorityState)
