"""Plain builders of duties, absences and abstractions, and every few days that hypothesis can think of."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from npt.abstractions.models import Abstraction
from npt.abstractions.rules import AbsenceFact, AbstractionFact, DutyFact, Place
from npt.abstractions.services import Terms
from npt.core.periods import Window, instant, local_day, midnight
from npt.people.rules import Grade
from npt.policy.queries import reason_book
from npt.policy.rules import Policy, Severity, TargetBook

LONDON = ZoneInfo("Europe/London")
PC = Place(1, Grade.PC)
SERGEANT = Place(1, Grade.SERGEANT)
PCSO = Place(1, Grade.PCSO)

without_deadline = settings(deadline=None, max_examples=100, suppress_health_check=[HealthCheck.too_slow])


def at(text: str) -> dt.datetime:
    """The instant of a London clock time, "2026-11-12 07:00", to the second; with an offset, that instant."""
    moment = dt.datetime.fromisoformat(text)
    if moment.tzinfo is not None:
        return moment.astimezone(dt.UTC)
    return instant(moment.date(), moment.time(), LONDON) + dt.timedelta(seconds=moment.second)


def a_duty(starts: str, ends: str, *, ref: str = "D1", person: int = 1) -> DutyFact:
    return DutyFact(person, ref, at(starts), at(ends), local_day(at(starts), LONDON))


def an_absence(starts: str, ends: str | None = None, *, person: int = 1) -> AbsenceFact:
    return AbsenceFact(person, at(starts), at(ends) if ends else None)


def an_abstraction(
    starts: str, ends: str | None = None, *, reason: str = "custody", person: int = 1, id: int | None = 1
) -> AbstractionFact:
    ends_at = at(ends) if ends else None
    return AbstractionFact(id, person, f"A{id}", reason, at(starts), ends_at, local_day(at(starts), LONDON))


def a_policy(
    *,
    approaching: str = "80",
    over_target: bool = True,
    over_hours: str = "12",
    late_hours: int = 48,
    return_day: int = 5,
    person_limit: str | None = None,
    targets: TargetBook | None = None,
    mix_limit: str = "3",
    mix_expected: int = 5,
) -> Policy:
    """The figures that abstraction is judged by; those it never looks at are anything."""
    return Policy(
        span_line=Decimal(10),
        specials_in_span=False,
        vacancy_open_days=28,
        vacancy_prolonged_days=90,
        vacancy_serious_days=180,
        vacancy_critical_days=365,
        forecast_days=90,
        tenure_months=24,
        approaching_percent=Decimal(approaching),
        authorise_over_target=over_target,
        authorise_over_hours=Decimal(over_hours),
        return_day=return_day,
        late_hours=late_hours,
        rolling_days=28,
        escalation_days=7,
        repeat_months=3,
        succession_months=12,
        generate_duties_days=42,
        skill_verified_months=36,
        no_duty_days=14,
        reason_mix_limit=Decimal(mix_limit),
        reason_mix_expected=mix_expected,
        impact_least_counted=10,
        impact_least_asked=30,
        plan_stale_days=28,
        plan_stalled_days=84,
        sign_in_link_days=7,
        password_link_minutes=60,
        email_kept_days=30,
        plan_retention_months=72,
        returns_chased_months=12,
        person_limit_percent=None if person_limit is None else Decimal(person_limit),
        severity_vacancy_new=Severity.LOW,
        severity_vacancy_open=Severity.MEDIUM,
        severity_vacancy_prolonged=Severity.HIGH,
        severity_vacancy_serious=Severity.HIGH,
        severity_vacancy_critical=Severity.CRITICAL,
        severity_forecast_vacancy=Severity.LOW,
        severity_sergeant_over_two_teams=Severity.HIGH,
        severity_span_over_line=Severity.MEDIUM,
        severity_team_without_supervisor=Severity.CRITICAL,
        severity_over_abstraction=Severity.HIGH,
        severity_projected_over_abstraction=Severity.MEDIUM,
        severity_person_over_abstraction=Severity.MEDIUM,
        severity_no_target=Severity.LOW,
        severity_no_named_contact=Severity.MEDIUM,
        severity_named_contact_left=Severity.HIGH,
        panel_meetings=4,
        panel_meetings_months=12,
        panel_gap_weeks=10,
        panel_priorities=3,
        panel_meeting_hours=2,
        authority_panels_least=2,
        authority_panels_most=3,
        chairs_forums=2,
        priority_review_months=3,
        signed_off_close_days=14,
        severity_panel_without_chair=Severity.MEDIUM,
        severity_panel_behind=Severity.MEDIUM,
        severity_priority_without_plan=Severity.HIGH,
        severity_priority_not_reviewed=Severity.MEDIUM,
        severity_signed_off_not_closed=Severity.LOW,
        severity_next_meeting_not_fixed=Severity.MEDIUM,
        severity_plan_stale=Severity.MEDIUM,
        severity_action_overdue=Severity.MEDIUM,
        briefing_note_days=28,
        profile_days=7,
        profile_months=3,
        severity_profile_not_issued=Severity.MEDIUM,
        severity_authority_member_load=Severity.LOW,
        severity_panel_without_authority_member=Severity.LOW,
        severity_chairs_forum_missed=Severity.LOW,
        severity_return_missing=Severity.MEDIUM,
        targets=targets or TargetBook(),
    )


def terms(policy: Policy | None = None) -> Terms:
    """What entries are judged by in a test: the reasons on record, and one policy for every day."""

    def words(entry: Abstraction) -> str:
        return f"{entry.reason} from {entry.starts_at:%H:%M}"

    lines = policy or a_policy()
    return Terms(reason_book(), lambda _: lines, LONDON, words)


DAYS = 4
FIRST_DAYS = [
    dt.date(2026, 3, 28),  # the clocks go forward on the 29th
    dt.date(2026, 10, 24),  # and back on the 25th
    dt.date(2026, 10, 30),  # a month ends on the second day
    dt.date(2026, 12, 30),  # and a year
]


@dataclass(frozen=True)
class World:
    """A few people over a few days, with everything the count is told."""

    first_day: dt.date
    duties: list[DutyFact]
    absences: list[AbsenceFact]
    abstractions: list[AbstractionFact]
    places: Mapping[int, tuple[Place | None, dt.date, Place | None]]
    changes_on: dt.date

    def place(self, person_id: int, day: dt.date) -> Place | None:
        """One place before the day of a move or an attachment, another from it on."""
        before, moves_on, after = self.places[person_id]
        return before if day < moves_on else after

    def counts(self, reason: str, day: dt.date, grade: Grade) -> bool:
        """A reason always counted, one for PCs only, and two that change on a day, one of them by grade."""
        changed = day >= self.changes_on
        return {
            "custody": True,
            "court": grade is Grade.PC,
            "event": changed,
            "training": grade is Grade.PCSO or not changed,
        }[reason]

    @property
    def start(self) -> dt.datetime:
        return midnight(self.first_day, LONDON)

    def day(self, number: int) -> dt.date:
        return self.first_day + dt.timedelta(days=number)


_place = st.sampled_from(
    [None, *(Place(team, grade) for team in (1, 2) for grade in (Grade.SERGEANT, Grade.PC, Grade.PCSO, Grade.SPECIAL))]
)
_shift_starts = [-10, -2, 0, 1, 6, 7, 14, 22]


@st.composite
def _offsets(draw: st.DrawFn) -> int:
    """Minutes from the first midnight: mostly when shifts start, so that facts meet, else any minute."""
    if draw(st.booleans()):
        return draw(st.integers(0, DAYS)) * 1440 + draw(st.sampled_from(_shift_starts)) * 60
    return draw(st.integers(-900, (DAYS + 1) * 1440))


@st.composite
def worlds(draw: st.DrawFn, people: int = 2) -> World:
    first_day = draw(st.sampled_from(FIRST_DAYS))
    start = midnight(first_day, LONDON)
    duties: list[DutyFact] = []
    absences: list[AbsenceFact] = []
    abstractions: list[AbstractionFact] = []
    places = {}

    def moment(offset: int) -> dt.datetime:
        return start + dt.timedelta(minutes=offset)

    def later(offset: int) -> dt.datetime:
        return moment(offset + draw(st.sampled_from([30, 60, 540, 600, 1000]) | st.integers(1, 900)))

    for person in range(1, people + 1):
        places[person] = (draw(_place), first_day + dt.timedelta(days=draw(st.integers(0, DAYS))), draw(_place))
        for number in range(draw(st.integers(0, 5))):
            offset = draw(_offsets())
            ref = f"{draw(st.sampled_from('ABC'))}{person}{number}"
            duty_date = local_day(moment(offset), LONDON)
            duties.append(DutyFact(person, ref, moment(offset), later(offset), duty_date))
        for _ in range(draw(st.integers(0, 2))):
            offset = draw(_offsets())
            ends_at = later(offset) if draw(st.integers(0, 4)) else None
            absences.append(AbsenceFact(person, moment(offset), ends_at))
        bounds = sorted(draw(st.lists(_offsets(), max_size=8)))
        for from_, to in zip(bounds[::2], bounds[1::2], strict=False):
            if from_ == to:
                continue
            still_away = to == bounds[-1] and draw(st.booleans())
            number = len(abstractions) + 1
            reason = draw(st.sampled_from(["custody", "court", "event", "training"]))
            starts_on = local_day(moment(from_), LONDON)
            abstractions.append(
                AbstractionFact(
                    number, person, f"A{number}", reason, moment(from_), None if still_away else moment(to), starts_on
                )
            )
    changes_on = first_day + dt.timedelta(days=draw(st.integers(0, DAYS)))
    return World(
        first_day,
        draw(st.permutations(duties)),
        draw(st.permutations(absences)),
        draw(st.permutations(abstractions)),
        places,
        changes_on,
    )


@st.composite
def windows(draw: st.DrawFn, world: World) -> Window:
    first = draw(st.integers(-1, DAYS))
    return Window(world.day(first), world.day(draw(st.integers(first, DAYS))), LONDON)


@st.composite
def moments(draw: st.DrawFn, world: World) -> dt.datetime:
    """Any moment from before the first duty to well after the last."""
    return world.start + dt.timedelta(minutes=draw(st.integers(-1440, (DAYS + 2) * 1440)))
