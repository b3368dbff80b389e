"""What an entry would do, said before it is saved: on the page when "Check" is pressed, and as one types."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from functools import partial

from npt.abstractions import services
from npt.abstractions.rules import Outlook
from npt.abstractions.services import Foreseen
from npt.abstractions.views.in_duty import all_in_words
from npt.core.errors import Refused
from npt.core.periods import DAY, Window
from npt.edge import actor, today
from npt.people import queries as people
from npt.policy.rules import Definition, ReasonBook


@dataclass(frozen=True, slots=True)
class Line:
    """A team's month, as it is heading without the entry and with it."""

    team: str
    code: str
    month: Window
    without: Fraction | None
    with_it: Fraction | None
    target_percent: Decimal | None
    over: bool
    already: bool
    """Whether the month is over its target without the entry too."""


@dataclass(frozen=True, slots=True)
class Effect:
    """What would come of saving: the months, how much falls in duty person by person, why an inspector must authorise
    it, why it is not wanted or refused.
    """

    lines: Sequence[Line] = ()
    why: Sequence[str] = ()
    refused: Sequence[str] = ()
    warned: Sequence[str] = ()
    in_duty: Sequence[str] = ()
    incomplete: bool = False


INCOMPLETE = Effect(incomplete=True)


def effect_of(rehearse: Callable[[], Foreseen]) -> Effect:
    """What an entry would do to the months of the actor's own teams."""
    try:
        foreseen = rehearse()
    except Refused as refusal:
        return Effect(refused=[reason.message for reason in refusal.reasons])
    said = all_in_words(foreseen.in_duty)
    return Effect(lines_of(foreseen.outlooks), _whys(foreseen.why), warned=foreseen.warned, in_duty=said)


def _whys(why: Mapping[int, Sequence[str]]) -> list[str]:
    """Each reason to ask an inspector once, with the people it is about where it is not about everybody."""
    about: dict[str, list[int]] = {}
    for person_id, reasons in why.items():
        for reason in reasons:
            about.setdefault(reason, []).append(person_id)
    named = people.people(why)
    return [
        reason if len(ids) == len(why) else f"{', '.join(named[id].name for id in ids)}: {lowered(reason)}"
        for reason, ids in about.items()
    ]


def lowered(sentence: str) -> str:
    """A sentence as it goes on after a colon."""
    return sentence[0].lower() + sentence[1:]


def effects_at_once(
    person_id: int, codes: Sequence[str], *, reasons: ReasonBook, rehearse: Callable[[str], Foreseen]
) -> list[tuple[list[str], Effect]]:
    """What logging somebody from this minute on would do, for each of some reasons: those that count alike together,
    and one that is barred by itself.

    :param rehearse: what it would do for a reason
    """
    days = (today() - DAY, today())
    roll = people.roll(person_ids=[person_id])
    barred = services.bars_against([person_id], codes, today())
    alike: dict[tuple[object, ...], list[str]] = {}
    for code in codes:
        counts: tuple[object, ...] = tuple(
            reasons.counts(code, day, posting.post.grade, Definition.LOCAL)
            for day in days
            if (posting := roll.present(person_id, day))
        )
        alike.setdefault((*counts, code if code in barred else None), []).append(code)
    return [(each, _unless_all_in_duty(partial(rehearse, each[0]))) for each in alike.values()]


def _unless_all_in_duty(rehearse: Callable[[], Foreseen]) -> Effect:
    """The effect of a button, which says of duty only what is out of the ordinary."""

    def shortened() -> Foreseen:
        foreseen = rehearse()
        return replace(foreseen, in_duty=[each for each in foreseen.in_duty if not each.whole])

    return effect_of(shortened)


def lines_of(outlooks: Sequence[Outlook]) -> list[Line]:
    """The outlooks of teams the actor may see."""
    named = {team.id: team for team in people.teams(actor().scope)}
    return [
        Line(
            named[each.team_id].name,
            named[each.team_id].code,
            each.month,
            each.without,
            each.with_it,
            each.target_percent,
            each.over,
            each.over_without,
        )
        for each in outlooks
        if each.team_id in named
    ]
