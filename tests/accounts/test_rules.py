"""Which units suit a role, and which passwords are refused."""

import pytest

from npt.accounts.rules import UnitKind, obstacles_to_password, obstacles_to_role, obstacles_to_user
from npt.core.authority import Role

KNOWN = {"SOU": UnitKind.BCU, "ECAMBS": UnitKind.SECTOR, "SOH": UnitKind.TEAM, "SOHV": UnitKind.PANEL}
EMAIL, NAME = "amina.rahman@force.example", "Amina Rahman"


ANY = "team, sector, BCU, panel or organisation"


@pytest.mark.parametrize(
    ("role", "code"),
    [
        (Role.PC, "SOH"),
        (Role.SERGEANT, "SOH"),
        (Role.INSPECTOR, "ECAMBS"),
        (Role.INSPECTOR, "SOH"),
        (Role.BCU_MANAGER, "SOU"),
        (Role.RESOURCES_LEAD, "SOU"),
        (Role.RESPONDER, "SOU"),
        (Role.ANALYST, "SOU"),
        (Role.CHAIR, "SOHV"),
    ],
)
def test_a_role_is_given_for_the_units_it_is_for(role: Role, code: str) -> None:
    assert not list(obstacles_to_role(role, [code], KNOWN))


@pytest.mark.parametrize(
    ("role", "code", "words"),
    [
        (Role.SERGEANT, "SOU", "SOU is a BCU; NPT sergeant is a role for a team"),
        (Role.INSPECTOR, "SOU", "SOU is a BCU; Inspector is a role for a sector or team"),
        (Role.BCU_MANAGER, "SOH", "SOH is a team; BCU manager is a role for a BCU"),
        (
            Role.FORCE_LEAD,
            "SOU",
            f"Force lead is not a role for a {ANY}; give no code",
        ),
        (Role.PARTNER, "SOH", "SOH is a team; Partner is a role for an organisation"),
        (Role.CHAIR, "SOH", "SOH is a team; Panel chair is a role for a panel"),
        (Role.SERGEANT, "SOHV", "SOHV is a panel; NPT sergeant is a role for a team"),
        (Role.SERGEANT, "XXX", f"There is no {ANY} with the code XXX"),
    ],
)
def test_a_unit_that_does_not_suit_the_role_is_refused_in_words(role: Role, code: str, words: str) -> None:
    reasons = list(obstacles_to_role(role, [code], KNOWN))

    assert [(r.message, r.field) for r in reasons] == [(words, "scopes")]


def test_no_person_is_given_the_role_of_a_scheduled_job() -> None:
    assert [r.field for r in obstacles_to_role(Role.SYSTEM, [], KNOWN)] == ["role"]


@pytest.mark.parametrize("email", ["", "amina", "amina@", "@force.example", "a b@force.example"])
def test_an_email_address_must_look_like_one(email: str) -> None:
    assert [r.field for r in obstacles_to_user(email, NAME)] == ["email"]


@pytest.mark.parametrize(
    "password",
    [
        "elevenchars",
        "a" * 129,
        "aaaaaaaaaaaa",
        "123456789012",
        "abcdefghijkl",
        "qwertyuiopas",
        "Password1234!",
        "passwordpassword",
        "police-sergeant-1",
        "amina.rahman1984",
        "Rahman-Amina-99",
        "force.example-2026",
    ],
)
def test_a_password_that_somebody_would_guess_is_refused(password: str) -> None:
    reasons = obstacles_to_password(password, EMAIL, NAME)

    assert [r.field for r in reasons] == ["password"]


@pytest.mark.parametrize(
    "password",
    ["twelve chars", "correct horse battery staple", "ouse-heron-lantern", "8402 7731 5590 12", "ПарольДляВхода"],
)
def test_length_is_what_makes_a_password(password: str) -> None:
    assert obstacles_to_password(password, EMAIL, NAME) == []
