"""What response officers are told of the priorities of their BCU, how long it stands, and who has read it."""

import csv
import datetime as dt
import io
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.exc import NoResultFound

from npt.accounts import services as accounts
from npt.accounts.models import User
from npt.accounts.queries import actor_of
from npt.accounts.services import ChangeOfUser
from npt.audit.queries import history
from npt.core.authority import Actor, Role, Scope
from npt.core.db import session as current
from npt.core.db import transaction
from npt.core.errors import Refused
from npt.core.periods import DAY, local_day
from npt.panels import queries, services
from npt.panels.models import BriefingReading
from npt.panels.rules.briefing import Account, obstacles_to_note, readers_of, shares
from npt.panels.rules.vocabulary import CURRENT, PriorityState
from npt.panels.services import NewNote
from npt.people.rules import Grade
from npt.policy.cli import start_policy
from npt.policy.queries import policy_on
from tests import make
from tests.conftest import NOW, TODAY, post
from tests.panels.test_views import page
from tests.staffing.make import a_policy
from tests.staffing.test_views_units import statements, words

SignIn = Callable[[User], FlaskClient]
NOTE = NewNote("Fordham Road, 7am to 9am", "Be seen with the speed gun for ten minutes", "Soham team, 01353 1", TODAY)


class Area:
    """Soham and March lie in two BCUs; each has a panel that has asked for something."""

    def __init__(self) -> None:
        with transaction():
            start_policy()
        self.sector = make.sector(make.bcu("SOU"), "EC")
        self.soham = make.team(self.sector, "SOH", "Soham")
        self.march = make.team(make.sector(make.bcu("CEN", "Central"), "FE"), "MAR", "March")
        self.panel = make.panel(self.soham, code="SV")
        self.other = make.panel(self.march, code="MA", name="March")
        held = make.meeting(self.panel, "2026-09-17 18:00")
        self.speeding = make.priority(self.panel, held, PriorityState.IN_PROGRESS)
        self.answered = make.priority(self.panel, held, PriorityState.SIGNED_OFF, "Bins on fire")
        self.elsewhere = make.priority(
            self.other, make.meeting(self.other, "2026-09-18 18:00"), PriorityState.ADOPTED, "Mopeds"
        )
        self.sergeant = Actor("Sgt Okafor", Role.SERGEANT, Scope(team_ids=frozenset({self.soham.id})), 7)


@pytest.fixture
def area(session: object) -> Area:
    return Area()


def write(area: Area, note: NewNote = NOTE, at: dt.datetime = NOW, on: dt.date = TODAY) -> int:
    with transaction():
        row = services.write_note(
            area.speeding.id, replace(note, last_day=on), actor=area.sergeant, at=at, on=on, policy=policy_on(on)
        )
    return row.version


def reader(user: User) -> Actor:
    return actor_of(user, TODAY)


def opened(user: User, on: dt.date = TODAY) -> int:
    with transaction():
        return services.read_briefing("SOU", actor=reader(user), at=NOW, on=on)


def now_on() -> dt.date:
    """The day the pages show."""
    return local_day(dt.datetime.now(dt.UTC), ZoneInfo("Europe/London"))


def told(area: Area, user: User | None = None) -> queries.Briefing:
    actor = reader(user) if user else area.sergeant
    return queries.briefing("SOU", actor.scope, TODAY, actor.user_id)


@given(st.sampled_from(PriorityState), st.integers(-40, 400))
def test_a_note_stands_from_today_for_as_long_as_policy_says_and_only_of_a_current_priority(
    state: PriorityState, days: int
) -> None:

    found = list(obstacles_to_note(state, TODAY + days * DAY, TODAY, a_policy()))

    assert (not found) is (state in CURRENT and 0 <= days <= 28)


@given(st.lists(st.tuples(st.sampled_from([Role.RESPONDER, Role.SERGEANT]), st.sets(st.integers(1, 3))), max_size=6))
def test_the_shares_add_up_to_the_readers_and_only_whoever_read_everything_counts(
    people: list[tuple[Role, set[int]]],
) -> None:
    accounts = [Account(n, f"Officer {n}", role, frozenset({"SOU"}), False) for n, (role, _) in enumerate(people)]
    read = {n: dict.fromkeys(notes, NOW) for n, (_, notes) in enumerate(people)}

    found = readers_of({"SOU"}, accounts, {1, 2}, read)

    assert len(found) == len(people)
    assert sum(share.of for share in shares(found)) == len(people)
    assert sum(share.read for share in shares(found)) == sum({1, 2} <= notes for _, notes in people)
    assert not any(each.read_at for each in readers_of({"SOU"}, accounts, set(), read))


def test_what_is_to_be_done_expires_after_its_last_day_and_the_priority_stays_on_the_page(area: Area) -> None:
    write(area)

    today, tomorrow = (queries.briefing("SOU", area.sergeant.scope, day, None) for day in (TODAY, TODAY + DAY))

    assert [entry.title for entry in today.standing] == ["Speeding on Fordham Road"]
    assert today.silent == []
    assert tomorrow.standing == []
    assert [entry.title for entry in tomorrow.silent] == ["Speeding on Fordham Road"]


def test_an_answered_priority_and_one_of_another_bcu_are_in_no_briefing_of_this_one(area: Area) -> None:
    assert [entry.title for entry in told(area).entries] == ["Speeding on Fordham Road"]
    with pytest.raises(NoResultFound):
        queries.briefing("CEN", area.sergeant.scope, TODAY, None)
    with pytest.raises(NoResultFound):
        services_note(area, area.elsewhere.id)
    with pytest.raises(Refused, match="not current"):
        services_note(area, area.answered.id)


def services_note(area: Area, priority_id: int) -> None:
    with transaction():
        services.write_note(priority_id, NOTE, actor=area.sergeant, at=NOW, on=TODAY, policy=policy_on(TODAY))


def test_opening_counts_once_for_each_person_and_version(area: Area) -> None:
    first, second = make.user(Role.RESPONDER, "SOU"), make.user(Role.RESPONDER)
    make.user(Role.RESPONDER, "CEN")
    write(area)

    assert [opened(first), opened(first), opened(second)] == [1, 0, 1]
    assert [(share.role, share.read, share.of) for share in told(area).shares] == [(Role.RESPONDER, 2, 2)]
    assert [entry.event for entry in history("bcu:SOU")] == ["briefing.read", "briefing.read"]

    assert write(area, replace(NOTE, what_to_do="Stop the silver hatchback"), at=NOW + DAY) == 2
    assert [(share.read, share.of) for share in told(area).shares] == [(0, 2)]
    assert told(area, first).unread == {area.speeding.id}
    assert opened(first) == 1
    assert current.query(BriefingReading).count() == 3


def test_a_note_refreshed_in_the_same_words_need_not_be_read_again(area: Area) -> None:
    responder = make.user(Role.RESPONDER, "SOU")
    write(area)
    opened(responder)

    assert write(area, on=TODAY + DAY, at=NOW + DAY) == 1

    assert [entry.event for entry in history(f"briefing:{area.speeding.ref}")] == [
        "briefing.refreshed",
        "briefing.written",
    ]
    assert opened(responder) == 0


def test_a_sergeant_by_posting_is_among_the_readers_of_that_bcu_before_they_have_read(area: Area) -> None:
    holder = make.user(Role.SERGEANT, email="o@demo.example")
    make.posted(area.soham, Grade.SERGEANT, email="o@demo.example")
    write(area)
    assert [(share.role, share.read, share.of) for share in told(area).shares] == [(Role.SERGEANT, 0, 1)]

    opened(holder)

    assert [(share.role, share.read, share.of) for share in told(area).shares] == [(Role.SERGEANT, 1, 1)]


def test_somebody_who_has_moved_to_another_bcu_is_counted_there_and_no_longer_here(area: Area) -> None:
    moved = make.user(Role.RESPONDER, "SOU")
    make.user(Role.RESPONDER, "SOU")
    write(area)
    opened(moved)
    assert [(share.read, share.of) for share in told(area).shares] == [(1, 2)]

    lead = reader(make.user(Role.FORCE_LEAD))
    with transaction():
        accounts.change_user(moved.id, ChangeOfUser(moved.name, Role.RESPONDER, ("CEN",)), actor=lead, at=NOW)

    assert [(share.read, share.of) for share in told(area).shares] == [(0, 1)]


def test_those_it_is_not_written_for_may_look_and_are_not_counted(area: Area) -> None:
    write(area)
    for role in (Role.FORCE_LEAD, Role.ANALYST, Role.AUDITOR):
        opened(make.user(role))
    make.user(Role.RESPONDER, "SOU")
    make.user(Role.PC, "SOH")

    page = told(area)

    assert [(share.role, share.read, share.of) for share in page.shares] == [
        (Role.RESPONDER, 0, 1),
        (Role.PC, 0, 1),
    ]
    assert page.meant == page.shares[0]


def test_the_page_asks_no_more_often_for_more_priorities_and_readers(area: Area) -> None:
    write(area)
    with statements() as few:
        told(area)
    held = make.meeting(area.panel, "2026-07-17 18:00")
    for _ in range(5):
        make.priority(area.panel, held, PriorityState.ADOPTED)
        make.user(Role.RESPONDER, "SOU")

    with statements() as many:
        told(area)

    assert len(many) == len(few)


def test_a_responder_comes_to_the_briefing_of_their_bcu_and_to_nothing_else(area: Area, sign_in: SignIn) -> None:
    write(area, on=now_on())
    browser = sign_in(make.user(Role.RESPONDER, "SOU"))

    first, again = words(page(browser, "/")), words(page(browser, "/"))

    assert "Briefing for Southern" in first
    assert "Speeding on Fordham Road New to you Where Fordham Road, 7am to 9am What to do Be seen" in first
    assert "Response and CID officers: 1 of 1 (100.0 %)" in first
    assert "New to you" not in again
    assert "/panels" not in browser.get("/briefing/SOU").text
    for path in ("/briefing/CEN", "/briefing/SOU/readers", f"/briefing/priorities/{area.speeding.id}", "/panels"):
        assert browser.get(path).status_code == 404, path


def test_a_responder_without_scope_chooses_among_the_bcus_of_the_force(area: Area, sign_in: SignIn) -> None:
    shown = words(page(sign_in(make.user(Role.RESPONDER)), "/"))

    assert "Briefings (2)" in shown
    assert "Central" in shown


def test_a_sergeant_writes_a_note_and_what_is_wrong_is_said_with_nothing_lost(area: Area, sign_in: SignIn) -> None:
    browser = sign_in(make.user(Role.SERGEANT, "SOH"))
    path = f"/briefing/priorities/{area.speeding.id}"
    typed: Any = {"place": "Fordham Road", "what_to_do": "Be seen", "who_to_call": "", "last_day": "2099-01-01"}

    wrong = post(browser, path, **typed)
    late = post(browser, path, **{**typed, "who_to_call": "101"})

    assert "Enter who to call" in wrong.text
    assert 'value="Fordham Road"' in wrong.text
    assert "a note is refreshed every 28 days or sooner" in late.text
    day = browser.get(path).text.split('name="last_day"')[1].split('value="')[1].split('"')[0]
    assert post(browser, path, **{**typed, "who_to_call": "101", "last_day": day}).location == "/briefing/SOU"
    shown = page(browser, "/briefing/SOU")
    assert "Be seen" in words(shown)
    assert f'href="{path}"' in shown
    assert "Briefing written" in words(page(browser, path))
    assert browser.get(f"/briefing/priorities/{area.elsewhere.id}").status_code == 404


def test_who_has_read_it_is_listed_by_role_and_comes_as_a_file(area: Area, sign_in: SignIn) -> None:
    write(area, on=now_on())
    opened(make.user(Role.RESPONDER, "SOU"), on=now_on())
    make.user(Role.RESPONDER, "SOU")
    browser = sign_in(make.user(Role.BCU_MANAGER, "SOU"))
    page(browser, "/briefing/SOU")

    shown = words(page(browser, "/briefing/SOU/readers?role=responder"))
    rows = list(csv.reader(io.StringIO(browser.get("/briefing/SOU/readers?format=csv").text)))

    assert "Response officer: 1 of 2 have read all that stands in it" in shown
    assert sorted(row[2] for row in rows[1:]) == ["no", "yes", "yes"]
    assert browser.get("/briefing?format=xlsx").status_code == 200
    noted = list(csv.reader(io.StringIO(browser.get("/briefing/SOU?format=csv").text)))
    assert noted[1][2:6] == ["Speeding on Fordham Road", NOTE.place, NOTE.what_to_do, NOTE.who_to_call]
