"""How a panel keeps to its meetings, and what stands in the way of one more (RULES section 5; docs/decisions/0015)."""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from npt.core.errors import Reason
from npt.core.periods import DAY, Period, add_months, day_in_words
from npt.panels.rules.vocabulary import MeetingStatus
from npt.policy.rules import Policy

DAYS_A_WEEK = 7


@dataclass(frozen=True, slots=True)
class Sitting:
    """A meeting, as the rules need it. ``on`` is the local day it starts on."""

    id: int
    ref: str
    starts_at: dt.datetime
    on: dt.date
    status: MeetingStatus
    public: bool


@dataclass(frozen=True, slots=True)
class Gap:
    """Days without a meeting: since a meeting held, or the panel's first day, until the next held or the day asked."""

    since: dt.date
    until: dt.date

    @property
    def days(self) -> int:
        return (self.until - self.since).days


@dataclass(frozen=True, slots=True)
class Keeping:
    """How a panel keeps to its meetings on a day.

    ``since`` is the first day of the months counted; ``whole``: the panel is as old as they are, so that too few of
    them is a finding.
    """

    counted: tuple[Sitting, ...]
    minimum: int
    since: dt.date
    whole: bool
    next: Sitting | None
    longest: Gap
    running: Gap
    limit_days: int

    @property
    def too_few(self) -> bool:
        """Fewer public meetings than policy asks for in the months counted."""
        return self.whole and len(self.counted) < self.minimum

    @property
    def overdue(self) -> bool:
        """Longer without a meeting than the panel's own setting lets it be, now."""
        return self.running.days > self.limit_days

    @property
    def limit_weeks(self) -> int:
        """The most weeks between two meetings: the panel's own setting, else policy's."""
        return self.limit_days // DAYS_A_WEEK

    @property
    def behind(self) -> bool:
        return self.too_few or self.overdue

    @property
    def next_is_late(self) -> bool:
        """Whether the next meeting, held when it is planned, would come too long after the last."""
        return self.next is not None and (self.next.on - self.running.since).days > self.limit_days


def keeping(
    sittings: Iterable[Sitting], first_day: dt.date, cadence_weeks: int | None, policy: Policy, on: dt.date
) -> Keeping:
    """How a panel keeps to its meetings on a day.

    Public meetings held in the months up to the day are counted. A gap is from one meeting held, public or not, to the
    next, and from the last to the day itself; the longest is of those that end in the same months.
    """
    ordered = sorted(sittings, key=lambda sitting: (sitting.starts_at, sitting.ref))
    since = add_months(on, -policy.panel_meetings_months) + DAY
    held = [sitting for sitting in ordered if sitting.status is MeetingStatus.HELD and sitting.on <= on]
    gaps = _gaps([sitting.on for sitting in held], first_day, on)
    return Keeping(
        counted=tuple(sitting for sitting in held if sitting.public and sitting.on >= since),
        minimum=policy.panel_meetings,
        since=since,
        whole=first_day <= since,
        next=next((each for each in ordered if each.status is MeetingStatus.PLANNED and each.on >= on), None),
        longest=max((gap for gap in gaps if gap.until >= since), key=lambda gap: gap.days),
        running=gaps[-1],
        limit_days=(cadence_weeks or policy.panel_gap_weeks) * DAYS_A_WEEK,
    )


def _gaps(days: Sequence[dt.date], first_day: dt.date, on: dt.date) -> list[Gap]:
    """Every gap there was, in order; the last runs to the day asked about."""
    start = min([first_day, *days, on])
    ends = sorted({start, *days})
    return [Gap(since, until) for since, until in zip(ends, [*ends[1:], on], strict=True)]


@dataclass(frozen=True, slots=True)
class Booked:
    """Another meeting that is not cancelled: of which panel, led by which team."""

    panel_id: int
    panel: str
    lead_team_id: int
    starts_at: dt.datetime
    on: dt.date
    meeting_id: int = 0
    venue: str | None = None
    chairs: frozenset[str] = frozenset()
    """The addresses of its chair and vice-chair that day."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """When and where a meeting is wanted, and whom it needs: its chairs, and teams whose sergeants are its team's."""

    starts_at: dt.datetime
    venue: str | None
    chairs: frozenset[str] = frozenset()
    teams_in_one_hand: frozenset[int] = frozenset()


def warnings(wanted: Wanted, lead_team_id: int, booked: Iterable[Booked], policy: Policy) -> Iterator[Reason]:
    """What speaks against a meeting and does not forbid it: its chair, sergeant or venue is at another then.

    Meetings of panels that one team leads are left to ``clashes``, which refuses them.
    """
    length = dt.timedelta(hours=policy.panel_meeting_hours)
    for other in booked:
        if abs(other.starts_at - wanted.starts_at) >= length:
            continue
        if wanted.chairs & other.chairs:
            yield Reason(f"The chair or vice-chair is at {other.panel} panel then", "anyway")
        if other.lead_team_id != lead_team_id and other.lead_team_id in wanted.teams_in_one_hand:
            yield Reason(f"The sergeant is at {other.panel} panel then", "anyway")
        if wanted.venue and other.venue and wanted.venue.casefold() == other.venue.casefold():
            yield Reason(f"{other.panel} panel meets in {other.venue} then", "anyway")


def clashes(
    panel_id: int, lead_team_id: int, starts_at: dt.datetime, on: dt.date, booked: Iterable[Booked], policy: Policy
) -> Iterator[Reason]:
    """Why a panel cannot meet then: it meets that day already, or its lead team is at another panel.

    :param on: the local day of ``starts_at``
    """
    length = dt.timedelta(hours=policy.panel_meeting_hours)
    for other in booked:
        if other.panel_id == panel_id and other.on == on:
            yield Reason(f"This panel meets on {day_in_words(on)} already. Choose another day", "starts_at")
        elif other.lead_team_id == lead_team_id and abs(other.starts_at - starts_at) < length:
            yield Reason(
                f"{other.panel}, which the same team leads, meets then. Choose another day, or a time "
                f"{policy.panel_meeting_hours} hours or more apart",
                "starts_at",
            )


def outside(period: Period, on: dt.date) -> Iterator[Reason]:
    """Why a panel cannot meet on a day: it does not exist then."""
    if on < period.first_day:
        yield Reason(f"The panel's first day is {day_in_words(period.first_day)}. Enter a later day", "starts_at")
    if period.last_day is not None and on > period.last_day:
        yield Reason(f"The panel's last day is {day_in_words(period.last_day)}. Enter an earlier day", "starts_at")


def obstacles_to_recording(status: MeetingStatus, starts_at: dt.datetime, at: dt.datetime) -> Iterator[Reason]:
    """Why it cannot be said how a meeting went: it was cancelled, or has not begun."""
    if status is MeetingStatus.CANCELLED:
        yield Reason("This meeting was cancelled. Plan another if the panel met after all")
    elif status is MeetingStatus.PLANNED and starts_at > at:
        yield Reason("This meeting has not begun. Record how it went once it has")


def obstacles_to_moving(status: MeetingStatus, starts_at: dt.datetime, at: dt.datetime) -> Iterator[Reason]:
    """Why a meeting cannot be moved to an instant."""
    if status is not MeetingStatus.PLANNED:
        yield Reason(f"This meeting is {status.value} already. Plan another")
    elif starts_at <= at:
        yield Reason("Enter a day and time still to come", "starts_at")


def obstacles_to_cancelling(status: MeetingStatus) -> Iterator[Reason]:
    """Why a meeting cannot be cancelled."""
    if status is not MeetingStatus.PLANNED:
        yield Reason(f"This meeting is {status.value} already")
