"""A reason a BCU bars for its NPT staff: refused with who set it and why, or warned of and confirmed."""

import datetime as dt
import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from npt.abstractions.models import Abstraction
from npt.audit.queries import history
from npt.core import sheets
from npt.core.authority import Role, system
from npt.core.db import session as current
from npt.core.db import transaction
from npt.core.periods import DAY
from npt.edge import now
from npt.exchange import services as exchange
from npt.people.models import Bcu, Person
from npt.policy.cli import start_policy
from npt.policy.models import ReasonBar
from npt.policy.rules.barring import Strength
from tests import make
from tests.abstractions.make import LONDON
from tests.conftest import SignIn, post

ON = "2026-11-10"
SENTENCE = (
    "Specialist course is {} for NPT staff of Southern BCU since 1 January 2020. Set by M. Manager: No courses yet"
)


@pytest.fixture
def south(session: object) -> Bcu:
    with transaction():
        start_policy()
    return make.bcu("SOU")


@pytest.fixture
def rahman(south: Bcu) -> Person:
    return make.posted(make.team(make.sector(south, "ECA"), "SOH", "Soham"), surname="Rahman")


@pytest.fixture
def sergeant(sign_in: SignIn, rahman: Person) -> FlaskClient:
    return sign_in(make.user(Role.SERGEANT, "SOH"))


def bar(bcu: Bcu, strength: Strength, first_day: dt.date = make.LONG_AGO, last_day: dt.date | None = None) -> None:
    make.keep(
        ReasonBar(
            bcu_id=bcu.id,
            reason="course",
            strength=strength,
            first_day=first_day,
            last_day=last_day,
            set_by="M. Manager",
            why="No courses yet.",
        )
    )


def form(*who: Person, **changed: str) -> dict[str, object]:
    typed: dict[str, object] = {
        "person_id": str(who[0].id),
        "person_ids": [str(each.id) for each in who],
        "reason": "course",
        "starts_at_day": ON,
        "starts_at_clock": "09:00",
        "returning": "back",
        "ends_at_day": ON,
        "ends_at_clock": "12:00",
    }
    return {**typed, **changed}


def entries() -> list[Abstraction]:
    current.expire_all()
    return list(current.scalars(select(Abstraction).order_by(Abstraction.id)))


def test_a_refused_reason_is_refused_with_who_set_it_and_why(sergeant: FlaskClient, rahman: Person, south: Bcu) -> None:
    bar(south, Strength.BLOCK)

    page = post(sergeant, "/abstractions/new", **form(rahman, despite="y"))

    assert f"{SENTENCE.format('barred')}. Choose another reason" in page.text
    assert 'href="#reason"' in page.text
    assert entries() == []
    check = post(sergeant, "/abstractions/new", **form(rahman, step="check"))
    assert "This cannot be saved" in check.text
    assert post(sergeant, "/abstractions/new", **form(rahman, reason="custody")).status_code == 302


def test_a_reason_warned_of_is_logged_once_it_is_confirmed_and_the_record_says_so(
    sergeant: FlaskClient, rahman: Person, south: Bcu
) -> None:
    bar(south, Strength.WARN)
    assert "Log it all the same" not in sergeant.get("/abstractions/new").text

    page = post(sergeant, "/abstractions/new", **form(rahman))
    assert f"{SENTENCE.format('not wanted')}. Tick the box to log it all the same" in page.text
    assert 'name="despite"' in page.text
    assert entries() == []
    post(sergeant, "/abstractions/new", **form(rahman, despite="y"))

    [entry] = entries()
    [line] = history(f"abstraction:{entry.ref}")
    assert line.details["logged_despite"] == [SENTENCE.format("not wanted")]


def test_the_effect_shown_beforehand_says_that_it_is_not_wanted(
    sergeant: FlaskClient, rahman: Person, south: Bcu
) -> None:
    bar(south, Strength.WARN)

    page = post(sergeant, "/abstractions/new", **form(rahman, step="check"))

    assert "Not wanted:" in page.text
    assert "You will be asked to confirm" in page.text
    assert entries() == []


def test_of_several_people_the_bar_of_one_holds_them_all(
    sign_in: SignIn, sergeant: FlaskClient, rahman: Person, south: Bcu
) -> None:
    north = make.posted(make.team(make.sector(make.bcu("NOR"), "PET"), "PT1"))
    both = sign_in(make.user(Role.SERGEANT, "SOH", "PT1"))
    bar(south, Strength.BLOCK)

    page = post(both, "/abstractions/several", **form(rahman, north))
    alone = post(both, "/abstractions/several", **form(north))

    assert "Choose another reason" in page.text
    assert alone.status_code == 302
    assert [entry.person_id for entry in entries()] == [north.id]


@pytest.mark.parametrize(
    ("first_day", "last_day", "strength"),
    [
        (dt.date(2026, 11, 11), None, Strength.BLOCK),
        (make.LONG_AGO, dt.date(2026, 11, 9), Strength.BLOCK),
        (make.LONG_AGO, None, Strength.OFF),
    ],
    ids=["not yet", "no longer", "switched off"],
)
def test_a_bar_holds_on_its_own_days_alone(
    sergeant: FlaskClient,
    rahman: Person,
    south: Bcu,
    first_day: dt.date,
    last_day: dt.date | None,
    strength: Strength,
) -> None:
    bar(south, strength, first_day, last_day)

    assert post(sergeant, "/abstractions/new", **form(rahman)).status_code == 302


def test_an_entry_changed_or_split_into_a_barred_reason_is_held_to_the_bar_and_an_old_one_stays(
    sergeant: FlaskClient, rahman: Person, south: Bcu
) -> None:
    make.abstraction(rahman, f"{ON} 09:00", f"{ON} 12:00", ref="A-1")
    make.abstraction(rahman, f"{ON} 13:00", f"{ON} 14:00", "course", ref="A-2")
    bar(south, Strength.BLOCK)

    def seen(ref: str, what: str) -> str:
        [found] = re.findall(r'name="seen"[^>]*value="([^"]*)"', sergeant.get(f"/abstractions/{ref}/{what}").text)
        return str(found)

    changed = {**form(rahman), "why": "x"}
    page = post(sergeant, "/abstractions/A-1/change", **changed, seen=seen("A-1", "change"))
    split = {"divided_at_day": ON, "divided_at_clock": "10:00", "first": "custody", "second": "course", "why": "x"}
    halves = post(sergeant, "/abstractions/A-1/split", **split, seen=seen("A-1", "split"))
    longer = {**form(rahman, starts_at_clock="13:00", ends_at_clock="14:30"), "why": "x"}
    same = post(sergeant, "/abstractions/A-2/change", **longer, seen=seen("A-2", "change"))

    assert "Choose another reason" in page.text
    assert "Choose another reason" in halves.text
    assert same.status_code == 302
    assert [entry.reason for entry in entries()] == ["custody", "course"]


def test_the_buttons_that_log_at_once_warn_and_ask_too(sergeant: FlaskClient, rahman: Person, south: Bcu) -> None:
    bar(south, Strength.WARN)
    before, after = now() - dt.timedelta(hours=2), now() + dt.timedelta(hours=6)
    make.duty(rahman, f"{before:%Y-%m-%d %H:%M}", f"{after:%Y-%m-%d %H:%M}")
    at_once = {"person_id": str(rahman.id), "returning": "still_away", "step": "now", "reason": "course"}

    page = post(sergeant, "/abstractions/new", **at_once)
    assert "Tick the box" in page.text
    done = post(sergeant, "/abstractions/new", **{**at_once, "despite": "y"})

    assert done.status_code == 302
    assert len(entries()) == 1


def test_what_is_imported_is_not_held_to_a_bar(rahman: Person, south: Bcu) -> None:
    bar(south, Strength.BLOCK)
    row = {
        "ref": "I-1",
        "collar_number": rahman.collar_number,
        "reason": "course",
        "starts_at": f"{ON}T09:00",
        "ends_at": f"{ON}T12:00",
        "destination": "",
        "authorised_by": "",
        "note": "",
    }
    sheet = sheets.from_rows("abstractions.csv", tuple(row), [row])

    with transaction():
        on = dt.date.fromisoformat(ON) + DAY
        exchange.load([sheet], actor=system("test"), at=now(), on=on, zone=LONDON, progress=exchange.silent)

    assert [entry.ref for entry in entries()] == ["I-1"]
