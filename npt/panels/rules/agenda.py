"""The agenda a meeting starts from, and the words of its invitation (DOMAIN 3.1; docs/decisions/0032)."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from npt.core.errors import Reason
from npt.panels.rules.minutes import number_key, obstacles_to_number
from npt.panels.rules.vocabulary import CURRENT, UNDECIDED, PriorityState


@dataclass(frozen=True, slots=True)
class Line:
    """An item of an agenda: numbered; where it is about a priority, which."""

    number: str
    title: str
    note: str | None = None
    priority_id: int | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """A priority of the panel, as the agenda needs it."""

    id: int
    title: str
    state: PriorityState


_DONE, _AGREE = "What was done about your priorities", "Agreeing priorities, and what is to be done about them"
MODEL: tuple[tuple[str, str | None], ...] = (
    ("Apologies", None),
    ("Minutes of the last meeting, and actions from it", None),
    (_DONE, None),
    ("Police report: crime, anti-social behaviour and surveys", "Survey results are shown before priorities are set."),
    ("What residents are concerned about", None),
    (_AGREE, None),
    ("How to meet your team", "How the last sessions went, and where the next should be."),
    ("Any other business", None),
    ("Date of the next meeting", None),
)
"""The recommended agenda of ward panels."""


def model_agenda(priorities: Iterable[Asked]) -> list[Line]:
    """The model agenda, with an item for each priority that is going on or still to be decided."""
    listed = list(priorities)
    going = [_reported(each) for each in listed if each.state in CURRENT]
    open_ = [(f"{each.title}: to adopt or to decline", each.id) for each in listed if each.state in UNDECIDED]
    lines = []
    for place, (title, note) in enumerate(MODEL, start=1):
        lines.append(Line(str(place), title, note))
        under = going if title == _DONE else open_ if title == _AGREE else []
        lines += [
            Line(f"{place}.{number}", said, None, priority_id)
            for number, (said, priority_id) in enumerate(under, start=1)
        ]
    return lines


def _reported(asked: Asked) -> tuple[str, int]:
    forward = asked.state in (PriorityState.PUT_FORWARD, PriorityState.DEFERRED)
    return f"{asked.title}{': put forward for sign-off' if forward else ''}"[:200], asked.id


def in_order(lines: Iterable[Line]) -> list[Line]:
    """Items in the order of their numbers."""
    return sorted(lines, key=lambda line: number_key(line.number))


def obstacles_to_agenda(lines: Sequence[Line]) -> Iterator[Reason]:
    """Why an agenda cannot be as it is written: a number is none, or stands twice."""
    if not lines:
        yield Reason("An agenda has one item at least")
    for place, line in enumerate(lines):
        earlier = [each.number for each in lines[:place]]
        for reason in obstacles_to_number(line.number, earlier):
            yield Reason(f"{line.title}: {reason.message[0].lower()}{reason.message[1:]}")


def invitation(panel: str, when: str, where: str | None, public: bool, agenda: Sequence[Line]) -> str:
    """The words of an invitation, to be sent by whoever sends it.

    :param when: the day and time in words
    """
    items = "\n".join(f"{line.number}  {line.title}" for line in agenda)
    come = (
        "Everybody who lives or works in the area is welcome." if public else "This meeting is not open to the public."
    )
    return (
        f"{panel} panel\n\n"
        f"You are invited to the next meeting of {panel} panel.\n\n"
        f"When: {when}\nWhere: {where or 'to be fixed'}\n\n{come}\n\n"
        f"{f'Agenda{chr(10)}{chr(10)}{items}{chr(10)}' if items else 'The agenda follows.' + chr(10)}"
    )
