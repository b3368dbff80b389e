"""One level up: inspectors to sergeants of a sector; and which vacancy causes a cover."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from npt.people.rules import Grade, PostFact, PostingFact, by_person, holders, is_sergeant, present_posting
from npt.staffing.rules.vacancies import Vacancy


@dataclass(frozen=True, slots=True)
class Command:
    """The inspectors in post in a sector, and the sergeants whose present team lies in it. Specials play no part."""

    sector_id: int
    inspectors: tuple[int, ...]
    sergeants: int

    @property
    def ratio(self) -> Fraction | None:
        """Sergeants to each inspector; nothing without an inspector."""
        return Fraction(self.sergeants, len(self.inspectors)) if self.inspectors else None

    @property
    def no_inspector(self) -> bool:
        """Whether there are sergeants and nobody to supervise them."""
        return self.sergeants > 0 and not self.inspectors


def command(
    posts: Iterable[PostFact],
    postings: Sequence[PostingFact],
    sector_of: Mapping[int, int],
    sector_ids: Iterable[int],
    day: dt.date,
) -> list[Command]:
    """The command of each sector on a day.

    :param sector_of: the sector of each team
    """
    held = holders(postings, day)
    inspectors: dict[int, set[int]] = {}
    for post in posts:
        if post.grade is Grade.INSPECTOR and post.sector_id is not None:
            inspectors.setdefault(post.sector_id, set()).update(p.person_id for p in held.get(post.id, ()))
    sergeants: dict[int, int] = {}
    for own in by_person(postings).values():
        present = present_posting(own, day)
        sector = sector_of.get(present.post.team_id or 0) if present and is_sergeant(present) else None
        if sector is not None:
            sergeants[sector] = sergeants.get(sector, 0) + 1
    return [Command(id, tuple(sorted(inspectors.get(id, ()))), sergeants.get(id, 0)) for id in sector_ids]


def causes_of_cover(vacancies: Iterable[Vacancy]) -> dict[int, Vacancy]:
    """The oldest vacant sergeant's post of each team: the vacancy because of which the team is covered."""
    causes: dict[int, Vacancy] = {}
    for vacancy in sorted(vacancies, key=lambda each: (each.vacant_since, each.post.ref)):
        if vacancy.post.grade is Grade.SERGEANT and vacancy.post.team_id is not None:
            causes.setdefault(vacancy.post.team_id, vacancy)
    return causes
