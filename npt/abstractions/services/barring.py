"""Hold what is logged to the reasons a BCU bars for its NPT staff: refused, or warned of and confirmed."""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence

from npt.core.authority import EVERYTHING
from npt.core.errors import Reason, Refused
from npt.people import queries as people
from npt.policy.queries import dated as policies
from npt.policy.rules import ReasonBook
from npt.policy.rules.barring import Bar, Strength, bar_in_words

CONFIRM = "despite"
"""Where a form asks whether it is logged all the same."""


class Warned(Refused):
    """Nothing forbids it, but whoever logs it has to confirm that they have read why it is not wanted."""


def bars_against(person_ids: Collection[int], codes: Collection[str], on: dt.date) -> Mapping[str, Sequence[Bar]]:
    """By reason, the bars that hold on a day for the BCUs of these people's present teams."""
    bars = policies.bars_on(codes, on)
    if not bars:
        return {}
    roll = people.roll(person_ids=person_ids)
    teams = {roll.team_on(person_id, on) for person_id in person_ids}
    bcus = {team.bcu_id for team in people.teams(EVERYTHING) if team.id in teams}
    return {code: held for code in codes if (held := [b for b in bars if b.reason == code and b.bcu_id in bcus])}


def warnings_of(
    person_ids: Collection[int], reason: str, on: dt.date, reasons: ReasonBook, *, field: str = "reason"
) -> list[str]:
    """What whoever logs this is warned of; nothing when nobody minds.

    :param field: where the form asks for the reason
    :raises Refused: when a BCU of theirs bars it outright, with who set that and why
    """
    held = bars_against(person_ids, [reason], on).get(reason, ())
    label = reasons.label(reason)
    blocked = [bar_in_words(bar, label) for bar in held if bar.strength is Strength.BLOCK]
    if blocked:
        raise Refused(*(Reason(f"{words}. Choose another reason", field) for words in blocked))
    return [bar_in_words(bar, label) for bar in held]


def confirmed_or_warned(warnings: Sequence[str], *, despite: bool) -> dict[str, list[str]]:
    """What the record keeps of warnings that were read and passed over.

    :raises Warned: when there are any and they were not
    """
    if warnings and not despite:
        raise Warned(*(Reason(f"{words}. Tick the box to log it all the same", CONFIRM) for words in warnings))
    return {"logged_despite": list(warnings)} if warnings else {}
