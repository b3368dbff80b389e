"""What is done to users, what is refused, and what the record holds of it."""

import pytest

from npt.accounts import queries, services
from npt.accounts.services import ChangeOfUser, NewUser
from npt.audit.queries import history
from npt.core.authority import Role, system
from npt.core.db import session as current
from npt.core.db import transaction
from npt.core.errors import Refused
from tests import make
from tests.conftest import NOW

pytestmark = pytest.mark.usefixtures("session")
ADMIN = system("test")
HASH = "$argon2id$not-a-real-hash"


def add(email: str = "amina@force.example", role: Role = Role.ADMINISTRATOR, *scopes: str) -> int:
    with transaction():
        return services.add_user(
            NewUser(email, "Amina Rahman", role, scopes), password_hash=HASH, actor=ADMIN, at=NOW
        ).id


def change(user_id: int, role: Role, *scopes: str, name: str = "Sam Okafor") -> None:
    with transaction():
        services.change_user(user_id, ChangeOfUser(name, role, scopes), actor=ADMIN, at=NOW)


def events(user_id: int) -> list[str]:
    return [line.event for line in history(f"user:{user_id}")]


def test_a_new_user_has_a_one_time_password_and_their_units() -> None:
    team = make.team()

    user_id = add("  Amina@Force.example ", Role.SERGEANT, team.code, f" {team.code} ", "")

    row = queries.user_row(user_id)
    assert (row.email, row.scopes, row.active, row.chosen) == ("amina@force.example", (team.code,), True, False)


def test_the_record_of_a_new_user_holds_no_password() -> None:
    user_id = add()

    [line] = history(f"user:{user_id}")
    assert line.event == "user.added"
    assert line.details == {
        "email": "amina@force.example",
        "name": "Amina Rahman",
        "role": "administrator",
        "scopes": [],
    }


def test_everything_wrong_with_a_new_user_is_said_at_once() -> None:
    with pytest.raises(Refused) as refused, transaction():
        services.add_user(NewUser("amina", " ", Role.SERGEANT, ["NOWHERE"]), password_hash=HASH, actor=ADMIN, at=NOW)

    assert [reason.field for reason in refused.value.reasons] == ["email", "name", "scopes"]


def test_an_email_address_is_one_users_whatever_its_capitals() -> None:
    add("amina@force.example")

    with pytest.raises(Refused) as refused:
        add("AMINA@force.example")

    assert [reason.field for reason in refused.value.reasons] == ["email"]


def test_a_change_is_recorded_with_what_was_before_and_after() -> None:
    old, kept, new = make.team(code="T-OLD"), make.team(code="T-KEPT"), make.team(code="T-NEW")
    user = make.user(Role.SERGEANT, old.code, kept.code)

    change(user.id, Role.SERGEANT, kept.code, new.code, name="Sam Okafor-Reid")

    [line] = history(f"user:{user.id}")
    assert line.event == "user.changed"
    assert line.details == {
        "before": {"name": "Sam Okafor", "role": "sergeant", "scopes": ["T-KEPT", "T-OLD"]},
        "after": {"name": "Sam Okafor-Reid", "role": "sergeant", "scopes": ["T-KEPT", "T-NEW"]},
    }
    assert queries.user_row(user.id).scopes == ("T-KEPT", "T-NEW")


def test_a_change_of_nothing_leaves_no_entry() -> None:
    user = make.user(Role.AUDITOR)

    change(user.id, Role.AUDITOR)

    assert events(user.id) == []


def test_the_only_administrator_keeps_the_role() -> None:
    only = make.user(Role.ADMINISTRATOR)
    make.user(Role.ADMINISTRATOR, active=False)

    with pytest.raises(Refused, match="only administrator") as refused:
        change(only.id, Role.AUDITOR)

    assert [reason.field for reason in refused.value.reasons] == ["role"]
    assert queries.user_row(only.id).role is Role.ADMINISTRATOR


def test_the_only_administrator_is_not_disabled() -> None:
    only = make.user(Role.ADMINISTRATOR)

    with pytest.raises(Refused, match="only administrator"), transaction():
        services.disable_user(only.id, actor=ADMIN, at=NOW)

    assert queries.user_row(only.id).active


def test_one_of_two_administrators_can_be_disabled() -> None:
    make.user(Role.ADMINISTRATOR)
    other = make.user(Role.ADMINISTRATOR)

    with transaction():
        services.disable_user(other.id, actor=ADMIN, at=NOW)

    assert not queries.user_row(other.id).active


def test_nobody_disables_themselves() -> None:
    make.user(Role.ADMINISTRATOR)
    user = make.user(Role.ADMINISTRATOR)
    themselves = queries.actor_of(user, NOW.date())

    with pytest.raises(Refused, match="yourself"), transaction():
        services.disable_user(user.id, actor=themselves, at=NOW)


def test_disabling_ends_what_is_open_and_enabling_gives_the_password_back() -> None:
    user = make.user(Role.AUDITOR, password="ouse heron lantern")
    key, password = user.fs_uniquifier, user.password

    with transaction():
        services.disable_user(user.id, actor=ADMIN, at=NOW)
    with transaction():
        services.enable_user(user.id, actor=ADMIN, at=NOW)

    current.expire_all()
    again = queries.user(user.id)
    assert again.active
    assert again.fs_uniquifier != key
    assert again.password == password
    assert events(user.id) == ["user.enabled", "user.disabled"]


def test_what_is_done_already_is_not_done_again() -> None:
    active, disabled = make.user(Role.AUDITOR), make.user(Role.AUDITOR, active=False)

    with pytest.raises(Refused, match="is not disabled"), transaction():
        services.enable_user(active.id, actor=ADMIN, at=NOW)
    with pytest.raises(Refused, match="disabled already"), transaction():
        services.disable_user(disabled.id, actor=ADMIN, at=NOW)


def test_a_reset_password_is_used_once_and_a_chosen_one_is_kept() -> None:
    user = make.user(Role.AUDITOR, password="ouse heron lantern")
    keys = [user.fs_uniquifier]

    with transaction():
        services.reset_password(user.id, password_hash=HASH, actor=ADMIN, at=NOW)
    after_reset = (user.password, user.password_chosen_at)
    keys.append(user.fs_uniquifier)
    with transaction():
        services.choose_password(user.id, password_hash="another", actor=ADMIN, at=NOW)
    keys.append(user.fs_uniquifier)

    assert after_reset == (HASH, None)
    assert (user.password, user.password_chosen_at) == ("another", NOW)
    assert len(set(keys)) == 3
    assert events(user.id) == ["user.password_chosen", "user.password_reset"]
    assert [line.details for line in history(f"user:{user.id}")] == [{}, {}]


def test_a_failed_sign_in_by_nobody_known_keeps_nothing_of_what_was_typed() -> None:
    with transaction():
        services.record_failed_sign_in(None, at=NOW)

    [line] = history(services.UNKNOWN)
    assert (line.event, line.details) == ("user.sign_in_failed", {})


def test_one_time_passwords_are_long_readable_and_never_the_same() -> None:
    passwords = {services.one_time_password() for _ in range(100)}

    assert len(passwords) == 100
    assert all([len(group) for group in password.split("-")] == [4, 4, 4, 4] for password in passwords)
    assert not set("".join(passwords)) & set("ilo01")
