"""Which panels members of the police authority go to, and how often chairs meet (docs/decisions/0033)."""

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from npt.core.authority import Role
from npt.core.errors import Reason
from npt.core.periods import DAY, Period, add_months, day_in_words
from npt.flags.rules import Finding, FlagKind
from npt.policy.rules import Policy


@dataclass(frozen=True, slots=True)
class Going:
    """A member of the authority who goes to a panel."""

    id: int
    member_id: int
    panel_id: int
    panel: str
    panel_name: str
    first_day: dt.date
    last_day: dt.date | None
    panel_days: Period

    def in_force(self, day: dt.date) -> bool:
        """Whether the member goes there on a day; nobody goes to a panel that is closed."""
        return day in Period(self.first_day, self.last_day) and day in self.panel_days

    def over_by(self, day: dt.date) -> bool:
        """Whether it ends by a day anyway."""
        return self.last_day is not None and self.last_day <= day


def load_in_words(panels: int, policy: Policy) -> str | None:
    """What is wrong with how many panels a member has; nothing when it is as policy asks."""
    if panels < policy.authority_panels_least:
        return f"fewer than {policy.authority_panels_least}"
    if panels > policy.authority_panels_most:
        return f"more than {policy.authority_panels_most}"
    return None


def obstacles_to_allocation(
    panel_id: int, first_day: dt.date, member: tuple[dt.date, dt.date | None], going: Iterable[Going]
) -> Iterator[Reason]:
    """Why a member cannot go to a panel from a day on.

    :param member: the member's first and last day in office
    :param going: where the member goes already
    """
    began, ends = member
    if first_day < began or (ends is not None and first_day > ends):
        until = f"to {day_in_words(ends)}" if ends else "on"
        yield Reason(
            f"The member is in office from {day_in_words(began)} {until}. Enter a day within that", "first_day"
        )
    if any(each.panel_id == panel_id and (each.last_day is None or each.last_day >= first_day) for each in going):
        yield Reason("The member goes to this panel already", "panel")


def obstacles_to_last_day(first_day: dt.date, now_ends: dt.date | None, last_day: dt.date) -> Iterator[Reason]:
    """Why a membership, or going to a panel, cannot end on a day."""
    if last_day < first_day:
        yield Reason(f"It begins on {day_in_words(first_day)}. Enter that day or a later one", "last_day")
    elif now_ends is not None and last_day > now_ends:
        yield Reason(f"It ends on {day_in_words(now_ends)} already. Enter that day or an earlier one", "last_day")


def obstacles_to_ending_elsewhere(others: Sequence[str]) -> Iterator[Reason]:
    """Why somebody cannot end a membership: it would take the member from panels that are not theirs."""
    if others:
        named = " and ".join(others)
        yield Reason(f"The member also goes to {named}, which is not yours. The force lead ends it", "last_day")


def forums_missed(held: Iterable[dt.date], policy: Policy, on: dt.date) -> int | None:
    """How many forums a BCU is short of on a day; nothing where no forum has ever been held, for none is expected.

    In the months after its first forum a BCU is not short of any: they are not over yet.
    """
    days = [day for day in held if day <= on]
    if not days:
        return None
    since = add_months(on, -policy.panel_meetings_months) + DAY
    if min(days) > since:
        return 0
    return max(0, policy.chairs_forums - sum(day >= since for day in days))


@dataclass(frozen=True, slots=True)
class MemberGoes:
    """A member in office on the day judged, and how many panels of each BCU, by its id, they go to."""

    id: int
    name: str
    panels: Mapping[int, int]


@dataclass(frozen=True, slots=True)
class AuthorityFacts:
    """What the nightly check judges: members in office, panels that none of them goes to, forums each BCU held.

    ``bcus``: the code and name of each, by id. ``without``: code and name of a panel, and the id of its BCU.
    """

    bcus: Mapping[int, tuple[str, str]]
    members: Sequence[MemberGoes] = ()
    without: Sequence[tuple[str, str, int]] = ()
    forums: Mapping[int, Sequence[dt.date]] = field(default_factory=dict)


def authority_findings(facts: AuthorityFacts, policy: Policy, on: dt.date) -> Iterator[Finding]:
    """Members with fewer or more panels than policy asks, panels nobody goes to, forums missed (docs/decisions/0053).

    Each is the BCU manager's, who alone can mend it. Without any member in office nothing is found of the first two.
    """
    for member in facts.members:
        yield from _load(member, facts, policy)
    for code, name, bcu_id in facts.without if facts.members else ():
        kind, severity = FlagKind.PANEL_WITHOUT_AUTHORITY_MEMBER, policy.severity_panel_without_authority_member
        said = f"No member of the police authority goes to {name} panel"
        yield Finding(kind, code, severity, "0", "1", Role.BCU_MANAGER, said, bcu_id=bcu_id)
    for bcu_id, days in facts.forums.items():
        if missed := forums_missed(days, policy, on):
            code, name = facts.bcus[bcu_id]
            held, wanted = policy.chairs_forums - missed, policy.chairs_forums
            said = f"{name} has held {held} of {wanted} forums of chairs in {policy.panel_meetings_months} months"
            kind, severity = FlagKind.CHAIRS_FORUM_MISSED, policy.severity_chairs_forum_missed
            yield Finding(kind, code, severity, str(held), str(wanted), Role.BCU_MANAGER, said, bcu_id=bcu_id)


def _load(member: MemberGoes, facts: AuthorityFacts, policy: Policy) -> Iterator[Finding]:
    panels = sum(member.panels.values())
    wrong = load_in_words(panels, policy)
    if wrong is None:
        return
    few = panels < policy.authority_panels_least
    yield Finding(
        FlagKind.AUTHORITY_MEMBER_LOAD,
        member_subject(member.id),
        policy.severity_authority_member_load,
        str(panels),
        str(policy.authority_panels_least if few else policy.authority_panels_most),
        Role.BCU_MANAGER,
        f"{member.name} of the police authority goes to {panels} {'panel' if panels == 1 else 'panels'}, {wrong}",
        bcu_id=_whose(member, facts),
    )


def _whose(member: MemberGoes, facts: AuthorityFacts) -> int | None:
    """The BCU a member is a matter of: where they go most; of one who goes nowhere, where most panels want somebody.

    Of equals the lower code.
    """
    places = member.panels or Counter(bcu_id for *_, bcu_id in facts.without)
    return min(facts.bcus, key=lambda bcu_id: (-places.get(bcu_id, 0), facts.bcus[bcu_id][0]), default=None)


_SUBJECT = "AUTH-"


def member_subject(member_id: int) -> str:
    """What a flag about a member names as its subject; the sentence has the name."""
    return f"{_SUBJECT}{member_id}"


def member_of(subject: str) -> int | None:
    """The number of the member a flag is about; nothing when it is about no member."""
    found = re.fullmatch(rf"{_SUBJECT}(\d{{1,9}})", subject, re.ASCII)
    return int(found[1]) if found else None
