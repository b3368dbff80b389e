"""Which units suit a role, what a user may see, and which passwords are refused (RULES section 9)."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from npt.core.authority import EVERYTHING, FORCE_WITHOUT_SCOPE, PEOPLE_ROLES, Role, Scope
from npt.core.errors import Reason


class UnitKind(StrEnum):
    """What a scope code can name."""

    BCU = "bcu"
    SECTOR = "sector"
    TEAM = "team"
    PANEL = "panel"
    ORGANISATION = "organisation"

    @property
    def label(self) -> str:
        return "BCU" if self is UnitKind.BCU else self.value


SUITS: Mapping[Role, frozenset[UnitKind]] = {
    Role.PC: frozenset({UnitKind.TEAM}),
    Role.SERGEANT: frozenset({UnitKind.TEAM}),
    Role.INSPECTOR: frozenset({UnitKind.SECTOR, UnitKind.TEAM}),
    Role.BCU_MANAGER: frozenset({UnitKind.BCU}),
    Role.RESOURCES_LEAD: frozenset({UnitKind.BCU}),
    Role.RESPONDER: frozenset({UnitKind.BCU}),
    Role.ANALYST: frozenset({UnitKind.BCU}),
    Role.CHAIR: frozenset({UnitKind.PANEL}),
    Role.PARTNER: frozenset({UnitKind.ORGANISATION}),
}
"""The units a role can be for. A role that is not here is for none of them."""


@dataclass(frozen=True, slots=True)
class Unit:
    """A BCU, sector, team, panel or organisation that a user can be given."""

    kind: UnitKind
    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Branch:
    """A team with the units above it. A BCU without sectors, or a sector without teams, is a branch that ends early."""

    bcu_id: int
    bcu_code: str
    sector_id: int | None = None
    sector_code: str | None = None
    team_id: int | None = None
    team_code: str | None = None


def scope_of(
    role: Role,
    codes: Iterable[str],
    branches: Iterable[Branch],
    *,
    led_team_ids: Iterable[int] = (),
    panel_ids: Iterable[int] = (),
    organisation_ids: Iterable[int] = (),
    person_id: int | None = None,
) -> Scope:
    """What a user may see on a day (RULES section 9).

    :param codes: the units the user was given; a BCU holds its sectors and teams, a sector its teams
    :param branches: every branch in which one of the codes stands
    :param led_team_ids: the teams a sergeant has by posting or cover on the day
    :param panel_ids: the panels a chair was given
    :param organisation_ids: the organisations a partner was given
    """
    given = frozenset(codes)
    if not given and role in FORCE_WITHOUT_SCOPE:
        return Scope(force=EVERYTHING.force, person_id=person_id)
    bcus, sectors, teams = set[int](), set[int](), set(led_team_ids)
    for branch in branches:
        in_bcu = branch.bcu_code in given
        in_sector = in_bcu or branch.sector_code in given
        if in_bcu:
            bcus.add(branch.bcu_id)
        if in_sector and branch.sector_id is not None:
            sectors.add(branch.sector_id)
        if branch.team_id is not None and (in_sector or branch.team_code in given):
            teams.add(branch.team_id)
    return Scope(
        False,
        frozenset(bcus),
        frozenset(sectors),
        frozenset(teams),
        person_id,
        frozenset(panel_ids),
        frozenset(organisation_ids),
    )


_EMAIL = re.compile(r"[^@\s]+@[^@\s]+")
LONGEST_EMAIL = 254
LONGEST_NAME = 200


def email_of(typed: str) -> str:
    """An email address as it is kept: without blanks around it, in small letters."""
    return typed.strip().lower()


def obstacles_to_user(email: str, name: str) -> Iterator[Reason]:
    """What is wrong with how a user is named."""
    if not _EMAIL.fullmatch(email) or len(email) > LONGEST_EMAIL:
        yield Reason("Enter an email address, like name@force.police.example", "email")
    yield from obstacles_to_name(name)


def obstacles_to_name(name: str) -> Iterator[Reason]:
    """What is wrong with a user's name."""
    if not name.strip():
        yield Reason("Enter the person's name", "name")
    elif len(name) > LONGEST_NAME:
        yield Reason(f"The name must be {LONGEST_NAME} characters or fewer", "name")


_ANY = "team, sector, BCU, panel or organisation"


def obstacles_to_role(role: Role, codes: Sequence[str], known: Mapping[str, UnitKind]) -> Iterator[Reason]:
    """Why somebody cannot be given a role for these units. ``known`` says what each code that exists names."""
    if role not in PEOPLE_ROLES:
        yield Reason("Choose a role that people have", "role")
        return
    suits = SUITS.get(role, frozenset())
    for code in codes:
        if code not in known:
            yield Reason(f"There is no {_ANY} with the code {code}", "scopes")
        elif not suits:
            yield Reason(f"{role.label} is not a role for a {_ANY}; give no code", "scopes")
        elif known[code] not in suits:
            wanted = _with_article(" or ".join(kind.label for kind in UnitKind if kind in suits))
            yield Reason(f"{code} is {_with_article(known[code].label)}; {role.label} is a role for {wanted}", "scopes")


def _with_article(noun: str) -> str:
    return f"{'an' if noun[0] in 'aeiou' else 'a'} {noun}"


SHORTEST_PASSWORD = 12
"""Characters. Three random words are longer (National Cyber Security Centre)."""
LONGEST_PASSWORD = 128
"""Characters: a longer one would only make the server work."""
FEWEST_DIFFERENT = 5
"""Different characters a password needs, so that it is not one key held down."""

_COMMON = (
    "password",
    "letmein",
    "welcome",
    "qwertyuiop",
    "qwerty",
    "asdfghjkl",
    "zxcvbnm",
    "iloveyou",
    "administrator",
    "admin",
    "changeme",
    "football",
    "liverpool",
    "neighbourhood",
    "policing",
    "police",
    "constable",
    "sergeant",
)
_RUNS = ("0123456789" * 3, "abcdefghijklmnopqrstuvwxyz", "qwertyuiopasdfghjklzxcvbnm", "1234567890" * 3)


def normalised(password: str | None) -> str | None:
    """A password in the one form of its characters, so that it is the same from every keyboard."""
    return None if password is None else unicodedata.normalize("NFKD", password)


def obstacles_to_password(password: str, email: str, name: str) -> list[Reason]:
    """Why a password is refused. Length is what counts; capitals, digits and signs are nobody's business."""
    return [Reason(message, "password") for message in _faults(password, email, name)]


def _faults(password: str, email: str, name: str) -> Iterator[str]:
    if len(password) < SHORTEST_PASSWORD:
        yield f"The password must be {SHORTEST_PASSWORD} characters or more. Three random words make a good one."
        return
    if len(password) > LONGEST_PASSWORD:
        yield f"The password must be {LONGEST_PASSWORD} characters or fewer"
        return
    own = [part for part in re.split(r"[^a-z]+", f"{email} {name}".lower()) if len(part) > 1]
    if not _remains(password, own):
        yield "The password must not be made of the name or email address"
    elif _is_common(password):
        yield "The password is one of the first that somebody would guess. Three random words make a good one."


def _is_common(password: str) -> bool:
    small = password.lower()
    if len(set(small)) < FEWEST_DIFFERENT or not _remains(small, _COMMON):
        return True
    return any(small in run or small in run[::-1] for run in _RUNS)


def _remains(password: str, parts: Iterable[str]) -> bool:
    """Whether anything but digits, signs and a stray letter is left when these words are struck out."""
    left = re.sub(r"[\W\d_]+", " ", password.lower())
    for part in sorted(parts, key=len, reverse=True):
        left = left.replace(part, " ")
    had_letters = any(char.isalpha() for char in password)
    return not had_letters or len(left.replace(" ", "")) > 2
