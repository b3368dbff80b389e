"""The pages of monthly returns: the list, one with its story, confirm, open again; what is asked after the return."""

import datetime as dt
import re
from dataclasses import dataclass

import pytest
from sqlalchemy import select

from npt.abstractions import queries
from npt.abstractions.models import Abstraction, MonthlyReturn
from npt.core.authority import Role
from npt.core.db import session, transaction
from npt.core.periods import add_months
from npt.edge import now
from npt.people.models import Person, Team
from npt.people.rules import Grade
from npt.policy.cli import start_policy
from tests import make
from tests.conftest import SignIn, post, token_of
from tests.staffing.test_views_units import statements, words


@dataclass
class Soham:
    team: Team
    rahman: Person
    month: dt.date
    ref: str

    @property
    def slug(self) -> str:
        return f"{self.month:%Y-%m}"

    @property
    def name(self) -> str:
        return f"{self.month:%B %Y}"


@pytest.fixture
def soham(session: object) -> Soham:
    """A team with a duty and an entry in the month before this one."""
    with transaction():
        start_policy()
    month = add_months(now().date().replace(day=1), -1)
    team = make.team(make.sector(make.bcu("S"), "EC"), code="SOH", name="Soham")
    rahman = make.posted(team, collar_number="1432")
    make.posted(team, Grade.SERGEANT)
    day = month.replace(day=20)
    make.duty(rahman, f"{day} 08:00", f"{day} 16:00", ref="D1")
    entry = make.abstraction(rahman, f"{day} 09:00", f"{day} 11:00", ref="A1")
    return Soham(team, rahman, month, entry.ref)


def confirmed(s: Soham, sign_in: SignIn, kind: str = "complete") -> str:
    sergeant = sign_in(make.user(Role.SERGEANT, "SOH", name="Hasan Padgett"))
    path = f"/returns/SOH/{s.slug}/confirm"
    seen = re.search(r'name="seen"[^>]*value="([^"]*)"', sergeant.get(path).text)
    assert seen
    answer = sergeant.post(path, data={"csrf_token": token_of(sergeant), "kind": kind, "seen": seen[1]})
    return "" if answer.status_code == 302 else answer.text


def test_a_sergeant_confirms_from_my_team_and_the_list_says_so(soham: Soham, sign_in: SignIn) -> None:
    sergeant = sign_in(make.user(Role.SERGEANT, "SOH"))
    home = sergeant.get("/").text
    assert f"/returns/SOH/{soham.slug}/confirm" in home
    assert sergeant.get("/returns/SOH").location == f"/returns/SOH/{soham.slug}/confirm"

    assert confirmed(soham, sign_in) == ""

    assert f"/returns/SOH/{soham.slug}/confirm" not in sergeant.get("/").text
    listed = words(sergeant.get("/returns/").text)
    assert f"Complete : Soham, {soham.name}" in listed
    shown = words(sergeant.get(f"/returns/SOH/{soham.slug}").text)
    kept = (("8 h", "of duty"), ("2 h", "abstracted"), ("0 h", "off duty"), ("1", "entries"))
    said = " ".join(f"{value} {what} as confirmed: what was changed since" for value, what in kept)
    assert f"Hasan Padgett Complete {said}" in shown
    csv = sergeant.get("/returns/?format=csv").text
    assert f"SOH,Soham,{soham.slug},Complete" in csv
    assert sergeant.get("/returns/?format=xlsx").status_code == 200


def test_nil_is_refused_where_an_entry_counts_and_a_month_still_running_cannot_be_confirmed(
    soham: Soham, sign_in: SignIn
) -> None:
    assert "1 entry counts" in confirmed(soham, sign_in, "nil")
    sergeant = sign_in(make.user(Role.SERGEANT, "SOH"))
    running = sergeant.get(f"/returns/SOH/{now():%Y-%m}/confirm")

    assert "is not over. Confirm it from" in running.text
    assert 'name="kind"' not in running.text
    assert sergeant.get("/returns/SOH/2026-13/confirm").status_code == 404
    assert sergeant.get("/returns/NONE/2026-10").status_code == 404
    for to in ("0002-01", "9998-12", "2026-13", "x"):
        assert sergeant.get(f"/returns/?to={to}").status_code == 200
    assert sergeant.get("/returns/SOH/9998-12").status_code == 200


def test_somebody_still_away_is_named_with_the_way_to_end_it(soham: Soham, sign_in: SignIn) -> None:
    make.abstraction(soham.rahman, f"{soham.month.replace(day=21)} 09:00", None, ref="A2")
    page = sign_in(make.user(Role.SERGEANT, "SOH")).get(f"/returns/SOH/{soham.slug}/confirm").text

    assert "PC 1432 A. Rahman is still away: end that entry first" in page
    assert "/abstractions/A2/back" in page


def an_hour(s: Soham, **more: str) -> dict[str, str]:
    """An hour of custody cover in the month, as it is typed."""
    day = s.month.replace(day=20).isoformat()
    return {
        "person_id": str(s.rahman.id),
        "reason": "custody",
        "starts_at_day": day,
        "starts_at_clock": "13:00",
        "returning": "back",
        "ends_at_day": day,
        "ends_at_clock": "14:00",
        **more,
    }


def test_after_the_return_a_sergeant_is_told_who_can_and_the_manager_is_asked_why(
    soham: Soham, sign_in: SignIn
) -> None:
    confirmed(soham, sign_in)
    sergeant = sign_in(make.user(Role.SERGEANT, "SOH"))
    manager = sign_in(make.user(Role.BCU_MANAGER, "S", name="Carol Hale"))
    refused = post(sergeant, "/abstractions/new", **an_hour(soham)).text
    asked = post(manager, "/abstractions/new", **an_hour(soham)).text
    kept = post(manager, "/abstractions/new", **an_hour(soham, why="Found in the custody log"))

    assert f"{soham.name} of Soham is confirmed. Only the BCU manager can change it now: ask them" in refused
    assert 'name="why"' not in refused
    assert f"{soham.name} of Soham is confirmed: enter why it is changed" in asked
    assert 'name="why"' in asked
    assert kept.status_code == 302
    [change] = queries.changes(soham.team.id, soham.month)
    entry = manager.get(f"/abstractions/entries/{change.ref}").text
    assert "Changed after the return" in entry
    assert "Found in the custody log" in entry
    page = words(manager.get(f"/returns/SOH/{soham.slug}").text)
    assert "Changed after the return (1)" in page
    assert "Found in the custody log" in manager.get(f"/returns/SOH/{soham.slug}?format=csv").text
    month = words(manager.get(f"/bcu-month/S/{soham.slug}").text)
    assert "1 changed after the return of Soham" in month


def test_after_the_return_nothing_is_offered_that_would_be_refused(soham: Soham, sign_in: SignIn) -> None:
    before = sign_in(make.user(Role.SERGEANT, "SOH")).get("/abstractions/entries/A1").text
    confirmed(soham, sign_in)
    sergeant = sign_in(make.user(Role.SERGEANT, "SOH"))
    manager = sign_in(make.user(Role.BCU_MANAGER, "S", name="Carol Hale"))
    day = soham.month.replace(day=20).isoformat()
    told = f"{soham.name} of Soham is confirmed. Only the BCU manager can change it now: ask them."

    shown = sergeant.get("/abstractions/entries/A1").text

    assert told in shown
    for what, named in (("change", "reason"), ("split", "first"), ("cancel", "reason")):
        link, field = f"/abstractions/A1/{what}", f'name="{named}"'
        assert link in before
        assert link not in shown
        assert told in sergeant.get(link).text
        assert field not in sergeant.get(link).text
        assert link in manager.get("/abstractions/entries/A1").text
        assert field in manager.get(link).text
        assert told not in manager.get(link).text
    for form in (f"new?person={soham.rahman.id}&starts={day}T13:00", f"several?starts={day}T13:00"):
        assert told in sergeant.get(f"/abstractions/{form}").text
        assert told not in manager.get(f"/abstractions/{form}").text


def test_an_inspector_is_told_before_deciding_that_the_month_is_confirmed(soham: Soham, sign_in: SignIn) -> None:
    inspector = sign_in(make.user(Role.INSPECTOR, "EC"))
    day = soham.month.replace(day=21).isoformat()
    times = {"starts_at_day": day, "starts_at_clock": "05:00", "ends_at_day": day, "ends_at_clock": "18:00"}
    post(sign_in(make.user(Role.SERGEANT, "SOH")), "/abstractions/new", **an_hour(soham, **times))
    [ref] = session.scalars(select(Abstraction.ref).where(Abstraction.ref != "A1")).all()
    path = f"/to-authorise/{ref}/authorise"
    before = inspector.get(path).text
    confirmed(soham, sign_in)

    after = inspector.get(path).text

    assert 'name="afterwards_why"' in before
    assert "Only the BCU manager can change it now" in after
    assert 'name="afterwards_why"' not in after


def test_an_entry_of_a_confirmed_month_asks_the_database_no_more_than_twelve_times(
    soham: Soham, sign_in: SignIn
) -> None:
    with transaction():
        session.scalars(select(Abstraction)).one().logged_by = "reid@force.example"
    confirmed(soham, sign_in)

    for role, unit in ((Role.SERGEANT, "SOH"), (Role.INSPECTOR, "EC")):
        browser = sign_in(make.user(role, unit))
        browser.get("/abstractions/entries/A1")
        with statements() as asked:
            assert "is confirmed" in browser.get("/abstractions/entries/A1").text
        assert len(asked) <= 12


def test_the_manager_opens_a_month_again_with_a_reason_that_the_month_shows(soham: Soham, sign_in: SignIn) -> None:
    confirmed(soham, sign_in)
    manager = sign_in(make.user(Role.BCU_MANAGER, "S", name="Carol Hale"))
    path = f"/returns/SOH/{soham.slug}/reopen"

    assert "Enter why it is opened again" in post(manager, path, reason=" ").text
    assert post(manager, path, reason="A week was missing").status_code == 302

    assert session.scalars(select(MonthlyReturn.reopen_reason)).one() == "A week was missing"
    assert "Reopened" in words(manager.get("/returns/").text)
    assert "A week was missing" in words(manager.get(f"/bcu-month/S/{soham.slug}").text)
    assert "there is nothing to open again" in manager.get(path).text


def test_the_list_needs_no_more_statements_for_many_teams(soham: Soham, sign_in: SignIn) -> None:
    lead = sign_in(make.user(Role.FORCE_LEAD))
    lead.get("/returns/")
    with statements() as few:
        lead.get("/returns/")
    for number in range(8):
        make.team(soham.team.sector, code=f"T{number}X")
    with statements() as many:
        assert "T7X" in lead.get("/returns/").text

    assert len(many) == len(few) <= 12


def test_a_stranger_sees_and_confirms_nothing(soham: Soham, sign_in: SignIn) -> None:
    make.team(code="ELY", name="Ely")
    stranger = sign_in(make.user(Role.SERGEANT, "ELY"))

    for path in ("", "/confirm"):
        assert stranger.get(f"/returns/SOH/{soham.slug}{path}").status_code == 404
    assert "Soham" not in stranger.get("/returns/").text
    assert stranger.get("/returns/?team=SOH").status_code == 404
    assert session.scalars(select(Abstraction.ref)).all() == ["A1"]
