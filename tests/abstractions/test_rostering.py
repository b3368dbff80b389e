"""Duties and absences by hand: in whose reach they are, what is refused, what is said, what is kept in the record."""

import datetime as dt
from collections.abc import Callable

import html5lib
import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from npt.abstractions.models import Absence, Duty
from npt.abstractions.queries.facts import facts
from npt.abstractions.rules import DutySource, DutyStatus
from npt.accounts.models import User
from npt.audit.queries import history
from npt.core.authority import Role
from npt.core.db import session, transaction
from npt.core.periods import Interval
from npt.people.models import Person, Team
from tests import make
from tests.conftest import TODAY, post
from tests.exchange.make import LONDON

SignIn = Callable[[User], FlaskClient]
DAY = dt.timedelta(days=1)
KEEPERS = (Role.SERGEANT, Role.INSPECTOR, Role.BCU_MANAGER, Role.RESOURCES_LEAD)
SICK = "Sickness"


@pytest.fixture
def team() -> Team:
    return make.team(code="SOH")


@pytest.fixture
def who(team: Team) -> Person:
    return make.posted(team, collar_number="1432", surname="Rahman")


@pytest.fixture
def browser(client: FlaskClient, team: Team, sign_in: SignIn) -> FlaskClient:
    return sign_in(make.user(Role.SERGEANT, "SOH"))


def times(starts: str, ends: str | None = None) -> dict[str, str]:
    typed = dict(zip(("starts_at_day", "starts_at_clock"), starts.split(), strict=True))
    return typed | (dict(zip(("ends_at_day", "ends_at_clock"), ends.split(), strict=True)) if ends else {})


def duties() -> list[Duty]:
    session.expire_all()
    return list(session.scalars(select(Duty).order_by(Duty.starts_at, Duty.ref)))


def absences() -> list[Absence]:
    session.expire_all()
    return list(session.scalars(select(Absence)))


def page(browser: FlaskClient, path: str) -> str:
    answer = browser.get(path, follow_redirects=True)
    assert answer.status_code == 200, path
    html5lib.HTMLParser(strict=True).parse(answer.text)
    return answer.text


def test_a_duty_added_by_hand_is_kept_with_its_history(browser: FlaskClient, who: Person) -> None:
    answer = post(
        browser, "/duties/new", person_id=who.id, status="planned", **times("2027-01-04 22:00", "2027-01-05 07:00")
    )

    [duty] = duties()
    assert answer.headers["Location"] == f"/duties/entries/{duty.ref}"
    assert (duty.duty_date, duty.status, duty.source) == (dt.date(2027, 1, 4), DutyStatus.PLANNED, DutySource.BY_HAND)
    [entry] = history(f"duty:{duty.ref}")
    assert (entry.event, entry.details["collar_number"]) == ("duty.added", "1432")
    shown = page(browser, f"/duties/entries/{duty.ref}")
    assert "Added: the duty of" in shown
    assert "4 January 2027, 10:00pm to 5 January 2027, 7:00am" in shown
    assert "Duty added" in shown


@pytest.mark.parametrize(
    ("starts", "ends", "status", "said"),
    [
        ("2027-01-04 07:00", "2027-01-04 07:00", "planned", "The end must be after the start"),
        ("2027-01-04 07:00", "2027-01-05 07:01", "planned", "more than 24 hours after the start"),
        ("2099-01-04 07:00", "2099-01-04 16:00", "worked", "has not started yet has not been worked"),
        ("2027-03-28 01:30", "2027-03-28 09:00", "planned", "the clocks go forward"),
        ("2027-10-31 01:30", "2027-10-31 09:00", "planned", "Choose whether it was before or after"),
    ],
)
def test_a_duty_that_cannot_be_is_refused_in_words(
    browser: FlaskClient, who: Person, starts: str, ends: str, status: str, said: str
) -> None:
    answer = post(browser, "/duties/new", person_id=who.id, status=status, **times(starts, ends))

    assert answer.status_code == 200
    assert said in answer.text
    assert duties() == []


def test_a_second_duty_at_the_same_time_is_kept_and_said_and_the_very_same_is_refused(
    browser: FlaskClient, who: Person
) -> None:
    make.duty(who, "2027-01-04 07:00", "2027-01-04 16:00", DutyStatus.PLANNED)

    typed = {"person_id": who.id, "status": "planned"}
    post(browser, "/duties/new", **typed, **times("2027-01-04 15:00", "2027-01-04 18:00"))
    said = page(browser, "/duties/now")
    again = post(browser, "/duties/new", **typed, **times("2027-01-04 15:00", "2027-01-04 18:00"))

    assert "has another duty at that time, 4 January 2027, 7:00am to 4:00pm" in said
    assert "has this very duty already" in again.text
    assert len(duties()) == 2


def test_a_duty_by_hand_takes_the_place_of_the_patterns_at_that_time(browser: FlaskClient, who: Person) -> None:
    made = make.duty(who, "2027-01-04 07:00", "2027-01-04 16:00", DutyStatus.PLANNED, ref="P-1432-20270104")
    with transaction():
        made.source = DutySource.GENERATED

    post(browser, "/duties/new", person_id=who.id, status="planned", **times("2027-01-04 09:00", "2027-01-04 18:00"))

    assert [duty.status.value for duty in duties()] == ["cancelled", "planned"]
    assert "takes the place of the duty of the shift pattern" in page(browser, "/duties")
    assert history("duty:P-1432-20270104")[0].event == "duty.gave_way"


def test_a_corrected_duty_is_by_hand_from_then_on_and_the_record_has_before_and_after(
    browser: FlaskClient, who: Person
) -> None:
    make.duty(who, "2026-11-10 07:00", "2026-11-10 16:00", ref="R1")

    unchanged = post(
        browser,
        "/duties/entries/R1/correct",
        status="worked",
        reason="Stayed on",
        **times("2026-11-10 07:00", "2026-11-10 16:00"),
    )
    post(
        browser,
        "/duties/entries/R1/correct",
        status="worked",
        reason="Stayed on",
        **times("2026-11-10 07:00", "2026-11-10 18:00"),
    )

    assert "Nothing was changed" in unchanged.text
    [duty] = duties()
    assert (duty.ends_at, duty.source) == (make.at("2026-11-10 18:00"), DutySource.BY_HAND)
    [entry] = history("duty:R1")
    assert entry.details["before"] == {"ends_at": "2026-11-10T16:00:00Z"}
    assert entry.details["after"] == {"ends_at": "2026-11-10T18:00:00Z", "reason": "Stayed on"}


def test_a_cancelled_duty_stays_on_record_and_can_be_neither_cancelled_nor_corrected_again(
    browser: FlaskClient, who: Person
) -> None:
    make.duty(who, f"{TODAY} 07:00", f"{TODAY} 16:00", ref="R1")

    without = post(browser, "/duties/entries/R1/cancel", reason="")
    post(browser, "/duties/entries/R1/cancel", reason="Rest day given back")
    again = post(browser, "/duties/entries/R1/cancel", reason="Again")

    assert "Enter why it is cancelled" in without.text
    assert "This duty was cancelled" in again.text
    assert [duty.status for duty in duties()] == [DutyStatus.CANCELLED]
    assert "Rest day given back" in page(browser, "/duties/entries/R1")
    assert "Cancelled" in page(browser, f"/duties?first={TODAY}&last={TODAY}")


def test_an_absence_is_entered_open_ended_and_given_an_end(browser: FlaskClient, who: Person) -> None:
    post(browser, "/duties/absences/new", person_id=who.id, kind="sickness", **times("2026-11-10 07:00"))
    [absence] = absences()
    before = post(
        browser,
        f"/duties/absences/entries/{absence.ref}/end",
        ends_at_day="2026-11-09",
        ends_at_clock="07:00",
    )
    post(browser, f"/duties/absences/entries/{absence.ref}/end", ends_at_day="2026-11-12", ends_at_clock="07:00")

    assert "The end must be after the start" in before.text
    assert [a.ends_at for a in absences()] == [make.at("2026-11-12 07:00")]
    assert [line.event for line in history(f"absence:{absence.ref}")] == ["absence.ended", "absence.entered"]
    assert SICK in page(browser, f"/duties/absences/entries/{absence.ref}")


def test_the_same_absence_is_not_entered_twice_but_sickness_in_leave_is(browser: FlaskClient, who: Person) -> None:
    make.absence(who, "2026-11-10 00:00", "2026-11-20 00:00")

    typed = times("2026-11-12 07:00", "2026-11-13 07:00")
    twice = post(browser, "/duties/absences/new", person_id=who.id, kind="annual_leave", **typed)
    sick = post(browser, "/duties/absences/new", person_id=who.id, kind="sickness", **typed)

    assert "is absent for this reason at that time already" in twice.text
    assert sick.status_code == 302
    assert len(absences()) == 2


def test_a_cancelled_absence_counts_for_nothing(browser: FlaskClient, who: Person) -> None:
    absence = make.absence(who, f"{TODAY} 07:00", None)
    within = Interval(make.at(f"{TODAY} 00:00"), make.at(f"{TODAY + DAY} 00:00"))
    counted = len(facts(within, [who.id], LONDON).absences)

    post(browser, f"/duties/absences/entries/{absence.ref}/cancel", reason="Entered for the wrong person")

    assert (counted, facts(within, [who.id], LONDON).absences) == (1, [])
    again = post(
        browser, f"/duties/absences/entries/{absence.ref}/end", ends_at_day="2026-12-12", ends_at_clock="07:00"
    )
    assert "This absence was cancelled" in again.text
    assert "Entered for the wrong person" in page(browser, f"/duties/absences/entries/{absence.ref}")


def test_the_lists_come_as_files_too(browser: FlaskClient, who: Person) -> None:
    make.duty(who, f"{TODAY} 07:00", f"{TODAY} 16:00", ref="R1")
    make.absence(who, f"{TODAY} 07:00", None)

    where = f"first={TODAY}&last={TODAY}&team=SOH"
    roster = browser.get(f"/duties?{where}&format=csv").text.splitlines()
    leave = browser.get(f"/duties/absences?{where}&format=csv").text.splitlines()

    assert roster[1].startswith("R1,SOH,1432,Amina Rahman,2026-11-12,2026-11-12T07:00+00:00,")
    assert roster[1].endswith("Worked,Imported")
    assert "Annual leave" in leave[1]
    assert browser.get("/duties/now?format=xlsx").status_code == 200
    assert "Enter a last day on or after the first" in page(browser, f"/duties?first={TODAY}&last={TODAY - DAY}")


@pytest.mark.parametrize("role", [*KEEPERS, Role.PC, Role.FORCE_LEAD, Role.ANALYST, Role.ADMINISTRATOR, Role.CHAIR])
def test_only_those_who_keep_the_roster_see_kinds_of_absence(
    client: FlaskClient, team: Team, who: Person, sign_in: SignIn, role: Role
) -> None:
    absence = make.absence(who, f"{TODAY} 07:00", None)
    bcu = team.sector.bcu.code
    code = (
        bcu
        if role in (Role.BCU_MANAGER, Role.RESOURCES_LEAD)
        else team.sector.code
        if role is Role.INSPECTOR
        else "SOH"
    )
    browser = sign_in(make.user(role, code))

    paths = ("", "/absences", "/new", "/absences/new", f"/absences/entries/{absence.ref}")
    answers = {browser.get(f"/duties{path}").status_code for path in paths}

    assert answers == ({200} if role in KEEPERS else {404})


def test_a_pc_sees_who_of_the_team_is_on_duty_and_no_reason(
    client: FlaskClient, team: Team, who: Person, sign_in: SignIn
) -> None:
    for surname in ("Here", "Ill", "Away"):
        each = make.posted(team, surname=surname)
        make.duty(each, "2020-01-01 07:00", "2199-01-01 07:00")  # whenever the page is asked for
        if surname == "Ill":
            make.absence(each, "2020-01-01 07:00", None)
        if surname == "Away":
            make.abstraction(each, "2020-01-01 08:00", None)
    make.reason()

    shown = page(sign_in(make.user(Role.PC, "SOH")), "/duties/now")
    sergeants = page(sign_in(make.user(Role.SERGEANT, "SOH")), "/duties/now")

    assert ": 1 on duty" in shown
    assert "Ill" in shown
    assert "Away" in shown
    assert "Annual leave" not in shown
    assert "Custody cover" not in shown
    assert "Add a duty" not in shown
    assert "Custody cover" in sergeants
    assert "Add a duty" in sergeants


def test_another_teams_roster_is_out_of_reach(browser: FlaskClient) -> None:
    stranger = make.posted(make.team(code="ELY"))
    make.duty(stranger, f"{TODAY} 07:00", f"{TODAY} 16:00", ref="R9")
    absence = make.absence(stranger, f"{TODAY} 07:00", None)

    paths = ["/duties/entries/R9", "/duties/entries/R9/correct", "/duties/entries/R9/cancel", "/duties/entries/none"]
    paths += [f"/duties/absences/entries/{absence.ref}{verb}" for verb in ("", "/end", "/cancel")]

    assert {browser.get(path).status_code for path in paths} == {404}
    sent = post(
        browser, "/duties/new", person_id=stranger.id, status="planned", **times("2027-01-04 07:00", "2027-01-04 16:00")
    )
    assert "Choose one from the list" in sent.text


def test_somebody_who_will_have_moved_by_then_cannot_be_rostered(browser: FlaskClient, team: Team) -> None:
    leaving = make.person()
    make.posting(leaving, make.post(team), last_day=dt.date(2198, 12, 31))

    answer = post(
        browser, "/duties/new", person_id=leaving.id, status="planned", **times("2199-01-04 07:00", "2199-01-04 16:00")
    )

    assert "Choose somebody who is in one of your teams on that day" in answer.text


def test_a_sergeant_without_people_is_told_why_there_is_nobody_to_choose(browser: FlaskClient) -> None:
    assert "Nobody is posted to a team of yours today" in page(browser, "/duties/new")
    assert "Nobody is rostered in these days" in page(browser, "/duties")
    assert "Nobody is absent in these days" in page(browser, "/duties/absences")
