"""How much of an entry falls in the duty of whoever it is about, before anybody counts it (RULES section 4)."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from npt.abstractions.rules.availability import available_pieces
from npt.abstractions.rules.projection import expected_end
from npt.abstractions.rules.vocabulary import AbsenceFact, AbstractionFact, DutyFact
from npt.core.periods import Interval, interval_or_none, subtract, total_minutes


@dataclass(frozen=True, slots=True)
class InDuty:
    """The minutes of an entry: all of them, those in available duty, those on duty but absent; the rest is off duty.

    Somebody still away is taken to be back when a projection expects it; in no duty that is at once.
    """

    person_id: int
    starts_at: dt.datetime
    open: bool
    minutes: int
    inside: int
    absent: int
    duties: Sequence[DutyFact]
    """The duties it touches, in order."""

    @property
    def off_duty(self) -> int:
        return self.minutes - self.inside - self.absent

    @property
    def whole(self) -> bool:
        """Whether every minute falls in available duty."""
        return 0 < self.inside == self.minutes


def in_duty(
    entry: AbstractionFact, duties: Iterable[DutyFact], absences: Iterable[AbsenceFact], *, at: dt.datetime
) -> InDuty:
    """Lay an entry over the duties and absences of its person. Others' may be among them.

    :param at: the moment of asking
    """
    rostered = sorted((d for d in duties if d.person_id == entry.person_id), key=lambda duty: duty.starts_at)
    whole = interval_or_none(entry.starts_at, expected_end(entry, rostered, at))
    if whole is None:
        return InDuty(entry.person_id, entry.starts_at, entry.ends_at is None, 0, 0, 0, ())
    touched = [duty for duty in rostered if duty.starts_at < whole.ends_at and duty.ends_at > whole.starts_at]
    away = [each for each in absences if each.person_id == entry.person_id]
    inside = sum(piece.interval.minutes for piece in available_pieces(touched, away, whole))
    off_duty = total_minutes(subtract(whole, [Interval(duty.starts_at, duty.ends_at) for duty in touched]))
    absent = whole.minutes - off_duty - inside
    return InDuty(
        entry.person_id, entry.starts_at, entry.ends_at is None, whole.minutes, inside, absent, tuple(touched)
    )
