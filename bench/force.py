"""An invented force of any size: units, posts, people, and who was where over the years. Same seed, same force."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random

from npt.core.periods import DAY, add_months
from npt.people.rules import Grade, PostingKind

LONG_AGO = dt.date(2000, 1, 1)
TEAM = (Grade.SERGEANT, *[Grade.PC] * 6, *[Grade.PCSO] * 3)
TEAMS_IN_A_SECTOR = 4
EXPECTED_YEARS = 5
"""The history of postings always goes back so far, so that a younger force is the older one with its past cut off."""

SURNAMES = (
    *("Adeyemi", "Barker", "Chaudhry", "Dawson", "Ellis", "Farouk", "Grant", "Hughes"),
    *("Iqbal", "Jarvis", "Kowalski", "Larkin", "Mbeki", "Norris", "Okafor"),
)
FORENAMES = ("Amina", "Ben", "Chloe", "David", "Esther", "Faisal", "Grace", "Harry", "Imogen", "Jack", "Kiran", "Lucy")


@dataclass(frozen=True)
class Size:
    """How big a force is, inspectors among its people."""

    name: str
    people: int
    bcus: int

    @property
    def teams(self) -> int:
        return self.people // len(TEAM)


COUNTY = Size("county", people=400, bcus=3)
METROPOLITAN = Size("metropolitan", people=5000, bcus=32)
SIZES = {size.name: size for size in (COUNTY, METROPOLITAN)}


@dataclass
class Posting:
    person: int
    post: int
    first_day: dt.date
    kind: PostingKind
    last_day: dt.date | None = None
    reason: str | None = None


@dataclass
class Member:
    """A person of the force, and how their days run."""

    id: int
    grade: Grade
    team: int | None
    joined_on: dt.date
    part_time: bool
    offset: int
    left_on: dt.date | None = None
    postings: list[Posting] = field(default_factory=list)

    @property
    def number(self) -> str:
        return f"{10_000 + self.id}"

    @property
    def email(self) -> str:
        return f"p{self.number}@force.example"


@dataclass
class Force:
    """Ids run from 1 in each table. ``posts`` are (grade, team, sector); a team's are next to each other."""

    size: Size
    teams: list[tuple[int, int]] = field(default_factory=list)
    """The sector and the BCU of each team, in order of id."""
    sectors: list[int] = field(default_factory=list)
    posts: list[tuple[Grade, int | None, int | None]] = field(default_factory=list)
    people: list[Member] = field(default_factory=list)
    covers: list[tuple[int, int, dt.date]] = field(default_factory=list)
    """Who looks after a team without a sergeant, which, and since when."""

    def postings(self) -> Iterator[Posting]:
        return (posting for member in self.people for posting in member.postings)


def force(size: Size, seed: int, on: dt.date) -> Force:
    """A force as it came to be over the five years before a day."""
    made = Force(size)
    for number in range(size.teams):
        bcu = number * size.bcus // size.teams + 1
        if not made.teams or made.teams[-1][1] != bcu or sum(t[0] == len(made.sectors) for t in made.teams[-4:]) == 4:
            made.sectors.append(bcu)
        made.teams.append((len(made.sectors), bcu))
    _staff(made, Random(f"{seed} staff"), on)
    return made


def _staff(made: Force, dice: Random, on: dt.date) -> None:
    start = add_months(on.replace(day=1), -12 * EXPECTED_YEARS) - 400 * DAY
    held: dict[int, Member] = {}
    for sector in range(1, len(made.sectors) + 1):
        made.posts.append((Grade.INSPECTOR, None, sector))
        _join(made, dice, len(made.posts), start, held)
    for team in range(1, len(made.teams) + 1):
        for grade in TEAM:
            made.posts.append((grade, team, None))
            if grade is not Grade.PCSO and dice.random() < 0.04:
                if grade is Grade.SERGEANT and (neighbour := held.get(len(made.posts) - len(TEAM))):
                    made.covers.append((neighbour.id, team, start))
            elif len(made.people) < made.size.people:
                _join(made, dice, len(made.posts), start, held)
    for year in range(EXPECTED_YEARS):
        _one_year(made, dice, add_months(on.replace(day=1), -12 * (EXPECTED_YEARS - year)), held)


def _join(made: Force, dice: Random, post: int, day: dt.date, held: dict[int, Member]) -> None:
    grade, team, _ = made.posts[post - 1]
    who = Member(len(made.people) + 1, grade, team, day, grade is not Grade.INSPECTOR and dice.random() < 0.1, 0)
    who.offset = dice.randrange(48)
    made.people.append(who)
    _post(who, post, day, held)


def _post(who: Member, post: int, day: dt.date, held: dict[int, Member]) -> None:
    who.postings.append(Posting(who.id, post, day, PostingKind.SUBSTANTIVE))
    held[post] = who


def _one_year(made: Force, dice: Random, first: dt.date, held: dict[int, Member]) -> None:
    """Some change places, some leave and are followed two months later, a PC acts meanwhile; some are attached."""
    for post in sorted(held):
        who, fate = held[post], dice.random()
        grade, team, _ = made.posts[post - 1]
        last = first + DAY * dice.randrange(20, 250)
        if team is None or who.postings[-1].first_day > first or who.postings[-1].kind is not PostingKind.SUBSTANTIVE:
            continue
        if fate < 0.04:
            _leave(made, dice, post, last, held)
        elif fate < 0.08:
            _exchange(made, dice, post, last, held)
        elif fate < 0.11 and grade is Grade.PC:
            host = dice.choice([p for p in range(post % 7 + 1, len(made.posts), 7) if made.posts[p - 1][0] is Grade.PC])
            attached = Posting(who.id, host, last, PostingKind.ATTACHMENT, last + 30 * DAY, "attachment over")
            if made.posts[host - 1][1] != team:
                who.postings.append(attached)


def _leave(made: Force, dice: Random, post: int, last: dt.date, held: dict[int, Member]) -> None:
    who = held.pop(post)
    who.left_on = who.postings[-1].last_day = last
    who.postings[-1].reason = "left the force"
    if made.posts[post - 1][0] is Grade.SERGEANT and (deputy := held.get(post + 1)):
        acting = Posting(deputy.id, post, last + DAY, PostingKind.ACTING, last + 59 * DAY, "acting over")
        if deputy.postings[-1].first_day < last and deputy.postings[-1].kind is PostingKind.SUBSTANTIVE:
            deputy.postings.append(acting)
    _join(made, dice, post, last + 60 * DAY, held)


def _exchange(made: Force, dice: Random, post: int, last: dt.date, held: dict[int, Member]) -> None:
    grade, team, _ = made.posts[post - 1]
    other = (post + len(TEAM) * dice.randrange(1, 4) - 1) % len(made.posts) + 1
    if other not in held or made.posts[other - 1][0] is not grade or made.posts[other - 1][1] == team:
        return
    one, two = held[post], held[other]
    if any(p.postings[-1].kind is not PostingKind.SUBSTANTIVE or p.postings[-1].first_day > last for p in (one, two)):
        return
    for who, to in ((one, other), (two, post)):
        who.postings[-1].last_day, who.postings[-1].reason = last, "moved"
        _post(who, to, last + DAY, held)
