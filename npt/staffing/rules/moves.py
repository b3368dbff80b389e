"""What stands in the way of a post, a posting or cover, and why people leave one (RULES sections 2 and 3)."""

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from npt.core.errors import Reason
from npt.core.periods import DAY, Period, day_in_words
from npt.people.rules import (
    FULL_TIME,
    CoverFact,
    Grade,
    PostFact,
    PostingFact,
    PostingKind,
    TeamFact,
    fte_breaches,
    in_force,
    in_force_until,
    is_sergeant,
    post_fte_breaches,
    present_posting,
    teams_by_posting,
)
from npt.staffing.rules.tenure import Tenure, expected_until, is_early_move, tenures


class EndReason(StrEnum):
    """Why a posting ends."""

    RETIREMENT = "retirement"
    TRANSFER = "transfer"
    PROMOTION = "promotion"
    JOINED_REGULARS = "joined_regulars"
    RESIGNATION = "resignation"
    DISMISSAL = "dismissal"
    END_OF_ATTACHMENT = "end_of_attachment"
    OTHER = "other"

    @property
    def label(self) -> str:
        return _LABELS[self]


_LABELS = {
    EndReason.RETIREMENT: "Retirement",
    EndReason.TRANSFER: "Transfer",
    EndReason.PROMOTION: "Promotion",
    EndReason.JOINED_REGULARS: "Joined the regulars",
    EndReason.RESIGNATION: "Resignation",
    EndReason.DISMISSAL: "Dismissal",
    EndReason.END_OF_ATTACHMENT: "End of attachment",
    EndReason.OTHER: "Other",
}

LEAVES_SERVICE = frozenset({EndReason.RETIREMENT, EndReason.RESIGNATION, EndReason.DISMISSAL})
"""The reasons that end the person's service too."""

_RANK = (Grade.SPECIAL, Grade.PCSO, Grade.PC, Grade.SERGEANT, Grade.INSPECTOR)


def is_fixed(first_day: dt.date, on: dt.date) -> bool:
    """Whether a post's team, grade and FTE can no longer change: after its first day they never do."""
    return first_day < on


def starts_before_its_post(first_day: dt.date, post_first_day: dt.date) -> bool:
    """A posting before its post's first day is refused."""
    return first_day < post_first_day


def days_out_of_order(first_day: dt.date, last_day: dt.date | None) -> Iterator[Reason]:
    """A last day before the first is refused."""
    if last_day is not None and last_day < first_day:
        yield Reason(f"The last day must be {day_in_words(first_day)} or later", "last_day")


def fte_out_of_range(fte: Decimal | None) -> Iterator[Reason]:
    """Some FTE, and never more than full time."""
    if fte is not None and not 0 < fte <= FULL_TIME:
        yield Reason("FTE must be more than 0 and at most 1.00", "fte")


_REF = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*", re.ASCII)


def ref_unusable(ref: str, field: str) -> Iterator[Reason]:
    """A reference stands in the address of its post's page, so that it holds nothing an address cannot."""
    if not _REF.fullmatch(ref):
        yield Reason("Use letters, digits, hyphens, full stops and underscores, like SOH-PC-5", field)


def obstacles_to_post(
    first_day: dt.date, last_day: dt.date | None, fte: Decimal | None, grade: Grade, team: TeamFact | None
) -> list[Reason]:
    """What stands in the way of opening a post. ``team`` is ``None`` for an inspector's, which is in a sector."""
    found = [*days_out_of_order(first_day, last_day), *fte_out_of_range(fte)]
    if grade is Grade.SPECIAL and fte is not None:
        found.append(Reason("Specials are counted by people only: leave FTE empty", "fte"))
    if grade is not Grade.SPECIAL and fte is None:
        found.append(Reason("Enter the FTE of the post, like 1.00 or 0.60", "fte"))
    if team is not None and first_day not in Period(team.first_day, team.last_day):
        found.append(Reason(f"The team is not live on {day_in_words(first_day)}", "first_day"))
    return found


def obstacles_to_posting(new: PostingFact, own: Sequence[PostingFact], who: str) -> list[Reason]:
    """What stands in the way of putting somebody in a post, apart from FTE.

    :param own: every other posting of the person as it would be
    :param who: the person as colleagues write it
    """
    found = [*days_out_of_order(new.first_day, new.last_day), *fte_out_of_range(new.fte), *_days_of_the_post(new)]
    if new.person_last_day is not None and new.first_day > new.person_last_day:
        found.append(Reason(f"{who} leaves the force on {day_in_words(new.person_last_day)}", "first_day"))
    if any((new.post.id, new.first_day) == (other.post.id, other.first_day) for other in own):
        found.append(Reason(f"{who} is in this post from that day already", "first_day"))
    if new.kind is PostingKind.ATTACHMENT and new.fte is not None:
        found.append(Reason("An attachment carries no FTE", "fte"))
    return found


def _days_of_the_post(new: PostingFact) -> Iterator[Reason]:
    if starts_before_its_post(new.first_day, new.post.first_day):
        yield Reason(f"Post {new.post.ref} opens on {day_in_words(new.post.first_day)}", "first_day")
    if new.post.last_day is not None and new.first_day > new.post.last_day:
        yield Reason(f"Post {new.post.ref} ends on {day_in_words(new.post.last_day)}", "first_day")


def too_much_fte(after: Sequence[PostingFact], people: Mapping[int, str], field: str = "fte") -> list[Reason]:
    """Whoever of these people would be above 1.00 FTE on any day, and whichever of their posts above its own.

    :param after: as it would be, every posting of everybody who ever holds a post that one of the people ever holds
    :param people: the people a change touches, by id, as colleagues write them
    """
    found = []
    for person_id, who in people.items():
        for day, fte in fte_breaches([posting for posting in after if posting.person_id == person_id])[:1]:
            message = f"{who} would hold {fte:.2f} FTE from {day_in_words(day)}: nobody holds more than {FULL_TIME}"
            found.append(Reason(message, field))
    for post in sorted({p.post for p in after if p.person_id in people}, key=lambda post: post.ref):
        for day, fte in post_fte_breaches(post, after)[:1]:
            message = f"Post {post.ref} of {post.fte:.2f} FTE would be held by {fte:.2f} FTE from {day_in_words(day)}"
            found.append(Reason(message, field))
    return found


def handed_on(posting: PostingFact, to: PostFact, from_day: dt.date) -> list[PostingFact]:
    """A posting to a post that another follows on a day: what stays with the first, and what goes on in the second."""
    until = in_force_until(posting)
    if until is not None and until < from_day:
        return [posting]
    if posting.first_day >= from_day:
        return [posting._replace(post=to)]
    return [posting._replace(last_day=from_day - DAY), posting._replace(post=to, first_day=from_day, id=None)]


def is_higher(grade: Grade, than: Grade) -> bool:
    """Whether one grade stands above another."""
    return _RANK.index(grade) > _RANK.index(than)


def obstacles_to_acting(to: PostFact, first_day: dt.date, own: Iterable[PostingFact], who: str) -> list[Reason]:
    """Acting up and temporary promotion are to a higher grade than any held substantively that day."""
    held = [
        posting.post.grade
        for posting in own
        if posting.kind is PostingKind.SUBSTANTIVE and in_force(posting, first_day)
    ]
    highest = max(held, key=_RANK.index, default=None)
    if highest is None or is_higher(to.grade, highest):
        return []
    return [Reason(f"Choose a post above {highest.label}, the grade {who} holds", "post_ref")]


@dataclass(frozen=True, slots=True)
class EarlyMove:
    """A tenure that a change would end before it was expected to."""

    tenure: Tenure
    expected_until: dt.date


def new_early_moves(before: Iterable[PostingFact], after: Iterable[PostingFact], months: int) -> list[EarlyMove]:
    """The early moves a change brings about (RULES section 2)."""
    known = {_key(tenure) for tenure in tenures(before) if is_early_move(tenure, months)}
    return [
        EarlyMove(tenure, expected_until(tenure.first_day, months))
        for tenure in tenures(after)
        if is_early_move(tenure, months) and _key(tenure) not in known
    ]


def _key(tenure: Tenure) -> tuple[int, int | None, Grade, dt.date]:
    return tenure.person_id, tenure.team_id, tenure.grade, tenure.first_day


def early_without_reason(moves: Iterable[EarlyMove], why: str | None, who: str, field: str = "why") -> list[Reason]:
    """An early move is allowed, and needs a reason."""
    if why:
        return []
    return [
        Reason(f"{who} is expected to stay until {day_in_words(move.expected_until)}. Enter why they move early", field)
        for move in moves
    ]


def obstacles_to_end(first_day: dt.date, until: dt.date | None, last_day: dt.date, what: str) -> list[Reason]:
    """What is ended ends on or after its first day, and never later than it would by itself."""
    if last_day < first_day:
        return [Reason(f"{what} starts on {day_in_words(first_day)}: enter that day or a later one", "last_day")]
    if until is not None and last_day > until:
        return [Reason(f"{what} ends on {day_in_words(until)} already: enter that day or an earlier one", "last_day")]
    return []


def obstacles_to_cover(
    new: CoverFact, own: Sequence[PostingFact], covers: Iterable[CoverFact], team: TeamFact, who: str
) -> list[Reason]:
    """What stands in the way of a sergeant covering a team: only what would count is recorded (RULES section 3)."""
    found = list(days_out_of_order(new.first_day, new.last_day))
    if new.first_day not in Period(team.first_day, team.last_day):
        found.append(Reason(f"The team is not live on {day_in_words(new.first_day)}", "first_day"))
    present = present_posting(own, new.first_day)
    if not is_sergeant(present):
        found.append(
            Reason(f"{who} is not a sergeant on {day_in_words(new.first_day)}: only a sergeant covers", "collar_number")
        )
    if present is not None and team.id in teams_by_posting(own, present, new.first_day):
        found.append(Reason(f"{who} supervises this team by posting already", "team_code"))
    if not found and any(_overlap(new, other) for other in covers):
        found.append(Reason(f"{who} covers this team on those days already", "first_day"))
    return found


def _overlap(new: CoverFact, other: CoverFact) -> bool:
    return (new.person_id, new.team_id) == (other.person_id, other.team_id) and Period(
        new.first_day, new.last_day
    ).overlaps(Period(other.first_day, other.last_day))


def next_ref(ref: str, taken: Iterable[str]) -> str:
    """A reference for the post that follows another: ``SOH-PC-2``, ``SOH-PC-2.2``, ``SOH-PC-2.3``."""
    stem, _, number = ref.rpartition(".")
    root = stem if stem and number.isdecimal() else ref
    used = set(taken)
    count = 2
    while f"{root}.{count}" in used:
        count += 1
    return f"{root}.{count}"
