"""How people reach a team: its email address and telephone number, as they are kept."""

import re

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_TELEPHONE = re.compile(r"\+?[(0-9][0-9 ()\-]+( ?(x|ext\.?) ?[0-9]{1,6})?", re.ASCII)
LONGEST_EMAIL, LONGEST_TELEPHONE = 254, 40
"""What the table holds."""
FEWEST_DIGITS = 3
"""101 is a telephone number."""


def email_of(typed: str) -> str:
    """An email address as it is kept: in small letters, as an import keeps it.

    :raises ValueError: saying what to enter
    """
    if len(typed) > LONGEST_EMAIL or not _EMAIL.fullmatch(typed):
        raise ValueError("Enter an email address, like soham.team@force.police.example")
    return typed.lower()


def telephone_of(typed: str) -> str:
    """A telephone number as it is kept: as typed, with single blanks.

    :raises ValueError: saying what to enter
    """
    number = " ".join(typed.split())
    digits = sum(character.isdigit() for character in number)
    if len(number) > LONGEST_TELEPHONE or digits < FEWEST_DIGITS or not _TELEPHONE.fullmatch(number):
        raise ValueError("Enter a telephone number, like 01632 960100 or 101 ext 4567")
    return number
