"""Words of a report in which every number says what stands behind it, so that a page can lead there."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from npt.policy.rules import Group


class Behind(StrEnum):
    """What stands behind a number."""

    ENTRIES = "entries"
    TARGET = "target"
    TEAMS = "teams"
    GROUPS = "groups"
    VACANCIES = "vacancies"
    FORECASTS = "forecasts"
    POST = "post"
    SUPERVISION = "supervision"
    SPANS = "spans"
    COVER = "cover"
    SPAN_LINE = "span_line"
    FLAGS = "flags"
    RETURNS = "returns"
    RETURN = "return"


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a sentence, and what stands behind its number, if it holds one.

    ``of`` is the code of the team or the ref of the post it is about, else it is about the BCU; ``month`` the first day
    of the month it is of, where that is not the report's own.
    """

    text: str
    behind: Behind | None = None
    of: str = ""
    group: Group = Group.ALL
    month: dt.date | None = None


Words = tuple[Part, ...]


def words(*pieces: str | Part | Words) -> Words:
    """Pieces one after the other."""
    said: list[Part] = []
    for piece in pieces:
        if isinstance(piece, str):
            said.append(Part(piece))
        elif isinstance(piece, Part):
            said.append(piece)
        else:
            said.extend(piece)
    return tuple(said)


def joined(separator: str, each: Iterable[Words]) -> Words:
    """Words with a separator between them."""
    said: Words = ()
    for one in each:
        said = words(said, separator, one) if said else one
    return said


def plain(said: Words) -> str:
    """The words alone, as they are written where nothing can be followed."""
    return "".join(part.text for part in said)
