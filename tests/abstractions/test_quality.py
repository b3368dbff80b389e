"""The pages of data quality: each figure is as many as the rows it opens, within scope, in few statements."""

import csv
import datetime as dt
import io
import re
from html import unescape
from typing import Any

import pytest
from flask.testing import FlaskClient

from npt.abstractions.models import Abstraction, MonthlyReturn, ReturnChange
from npt.abstractions.rules import ReturnKind
from npt.audit import services as audit
from npt.core.authority import Role, system
from npt.core.db import transaction
from npt.core.periods import DAY, add_months
from npt.people.models import Person, Team
from npt.people.rules import Grade, PostingKind
from npt.policy.cli import start_policy
from tests import make
from tests.conftest import NOW, SignIn
from tests.staffing.test_views_units import statements

OCTOBER = "first=2026-10-01&last=2026-10-31"
PAGE = "/abstractions/quality"


@pytest.fixture
def soham(session: object) -> Team:
    with transaction():
        start_policy()
    return make.team(make.sector(make.bcu("SOU", "Southern"), "ECA"), "SOH", "Soham")


@pytest.fixture
def wisbech(soham: Team) -> Team:
    return make.team(make.sector(make.bcu("NOR", "Northern"), "FEN"), "WIS", "Wisbech")


@pytest.fixture
def rahman(soham: Team) -> Person:
    return make.posted(soham, collar_number="1432", surname="Rahman")


@pytest.fixture
def auditor(sign_in: SignIn, soham: Team) -> FlaskClient:
    return sign_in(make.user(Role.AUDITOR))


def entry(who: Person, day: str, hours: int = 2, **known: Any) -> Abstraction:
    made = make.abstraction(who, f"{day} 08:00", f"{day} {8 + hours:02}:00" if hours else None)
    with transaction():
        for name, value in known.items():
            setattr(made, name, make.at(value) if name.endswith("_at") and value else value)
    return made


def told_of(made: Abstraction, event: str, **details: Any) -> None:
    """Something in the record about an entry."""
    with transaction():
        audit.record(event, f"abstraction:{made.ref}", actor=system("test"), at=NOW, **details)


def cells(browser: FlaskClient, query: str) -> dict[str, dict[str, str]]:
    """The figures of a page by unit, as its file has them."""
    answer = browser.get(f"{PAGE}?{query}&format=csv")
    rows = csv.DictReader(io.StringIO(answer.get_data().decode("utf-8-sig")))
    return {row["Code"]: row for row in rows}


def rows_behind(browser: FlaskClient, href: str) -> int:
    """How many rows the page has that a figure opens."""
    body = re.search(r"<tbody>(.*?)</tbody>", browser.get(unescape(href)).text, re.S)
    return body[1].count("<tr>") if body else 0


def everything_that_can_be_wrong(who: Person) -> None:
    entry(who, "2026-10-05")
    entry(who, "2026-10-06", logged_at="2026-10-08 08:01")
    entry(who, "2026-10-07", logged_at=None)
    entry(who, "2026-10-08", afterwards_why="A critical incident")
    entry(who, "2026-10-09", cancelled_at="2026-10-09 12:00", cancel_reason="Logged for the wrong person")
    entry(who, "2026-10-12", cancelled_at="2026-10-09 12:00", declined_at="2026-10-09 12:00")
    told_of(entry(who, "2026-10-13"), "abstraction.changed", before={"note": None}, after={"note": "Relieved"})
    told_of(entry(who, "2026-10-14"), "abstraction.split", divided_at=NOW)
    told_of(entry(who, "2026-10-15"), "abstraction.ended", before={"ends_at": None}, after={"ends_at": NOW})
    told_of(
        entry(who, "2026-10-16"), "abstraction.changed", before={"ends_at": None}, after={"ends_at": NOW}, file="a.csv"
    )
    entry(who, "2026-10-19", hours=0)


def test_each_figure_is_as_many_as_the_rows_it_opens(auditor: FlaskClient, rahman: Person, wisbech: Team) -> None:
    everything_that_can_be_wrong(rahman)
    entry(make.posted(wisbech), "2026-10-06", logged_at="2026-10-20 08:00")

    southern = cells(auditor, OCTOBER)["SOU"]
    wanted = {
        "Entries": 9,
        "Logged late": 1,
        "Not judged for lateness": 1,
        "Authorised afterwards": 1,
        "Changed after being logged": 2,
        "Taken back": 1,
        "Open for more than a day": 1,
    }
    assert {name: int(southern[name]) for name in wanted} == wanted
    assert southern["Per cent late"] == "12.50"

    page = auditor.get(f"{PAGE}?{OCTOBER}").text
    links = re.findall(r'<a class="govuk-link" href="(/abstractions/quality/entries[^"]*)">(\d+)</a>', page)
    assert len(links) > len(wanted)
    for href, figure in links:
        assert rows_behind(auditor, href) == int(figure), href


def test_off_duty_minutes_open_the_entries_that_give_them(auditor: FlaskClient, rahman: Person) -> None:
    entry(rahman, "2026-10-05")  # no duty that day

    page = auditor.get(f"{PAGE}?{OCTOBER}").text
    [href] = set(re.findall(r'href="(/abstractions/\?show=off_duty[^"]*bcu=SOU[^"]*)">2 h</a>', page))
    assert '<td data-label="Off duty" class="number">2 h</td>' in auditor.get(unescape(href)).text


def test_a_window_still_running_is_cut_now_and_one_to_come_has_nothing_to_judge(
    auditor: FlaskClient, rahman: Person
) -> None:
    entry(rahman, "2126-10-05")

    page = auditor.get(f"{PAGE}?first=2126-10-01&last=2126-10-31").text

    assert "still to come" in page
    assert "<tbody>" not in page


def test_who_is_on_duty_while_no_posting_holds_them_stands_with_the_team_they_had_last_and_only_here(
    auditor: FlaskClient, rahman: Person, soham: Team
) -> None:
    left = make.person(surname="Gone")
    make.posting(left, make.post(soham), last_day=make.at("2026-10-10 00:00").date())
    make.duty(left, "2026-10-10 07:00", "2026-10-10 17:00")
    make.duty(left, "2026-10-11 07:00", "2026-10-11 17:00", ref="D-11")
    make.absence(left, "2026-10-11 15:00", "2026-10-11 19:00")
    never = make.person(surname="Never")
    make.duty(never, "2026-10-11 08:00", "2026-10-11 12:00")
    make.duty(rahman, "2026-10-11 08:00", "2026-10-11 12:00")
    inspector = make.posted(make.sector(make.bcu("CEN"), "HUN"), Grade.INSPECTOR)
    make.duty(inspector, "2026-10-11 08:00", "2026-10-11 12:00")

    assert cells(auditor, OCTOBER)["SOU"]["On duty with no team"] == "1"
    whole = auditor.get(f"{PAGE}/without-team?{OCTOBER}").text
    southern = auditor.get(f"{PAGE}/without-team?{OCTOBER}&bcu=SOU").text
    assert "2 people with 12 h available (720 minutes)" in whole
    assert "1 person with 8 h available (480 minutes)" in southern
    assert "D-11" in southern
    assert "Never" not in southern
    assert "1 person on duty never held a post" in auditor.get(f"{PAGE}?{OCTOBER}").text


def test_duties_are_missing_when_somebody_of_a_team_has_neither_duty_nor_absence_for_as_long_as_policy_says(
    auditor: FlaskClient, rahman: Person, soham: Team
) -> None:
    for day in (1, 15, 30):  # two gaps of 13 and 14 days
        make.duty(rahman, f"2026-10-{day:02} 07:00", f"2026-10-{day:02} 17:00")
    ill, special = make.posted(soham, surname="Ill"), make.posted(soham, Grade.SPECIAL, surname="Special")
    make.absence(ill, "2026-09-01 07:00", None)
    elsewhere = make.posted(soham, surname="Elsewhere")
    make.posting(elsewhere, make.post(make.team(), Grade.PC), kind=PostingKind.ATTACHMENT)
    long_gone = make.posted(soham, surname="Unrostered")
    make.duty(long_gone, "2026-09-20 07:00", "2026-09-20 17:00")

    page = auditor.get(f"{PAGE}/without-duty?{OCTOBER}&team=SOH").text

    assert cells(auditor, f"{OCTOBER}&bcu=SOU")["SOH"]["Duties missing"] == "2"
    assert rows_behind(auditor, f"{PAGE}/without-duty?{OCTOBER}&team=SOH") == 2
    assert "16 October 2026" in page
    assert "21 September 2026" in page  # the day after the last duty, before the window
    for nobody in (ill, special, elsewhere):
        assert nobody.surname not in page


def test_an_unusual_mix_is_said_in_words_with_the_entries_behind_it(
    auditor: FlaskClient, rahman: Person, wisbech: Team
) -> None:
    for day in range(1, 21):
        entry(rahman, f"2026-10-{day:02}", reason="court" if day <= 12 else "custody")
    elsewhere = make.posted(wisbech)
    for day in range(1, 31):
        entry(elsewhere, f"2026-10-{day:02}", reason="court" if day <= 4 else "custody")

    page = " ".join(re.sub(r"<[^>]+>", " ", auditor.get(f"{PAGE}?{OCTOBER}").text).split())

    assert (
        "Court more often than elsewhere: 12 of 20 entries (60.0 %), against 13.3 % in the rest of the force." in page
    )
    assert "About 6 were to be expected." in page
    assert "Court less often than elsewhere: 4 of 30 entries (13.3 %), against 60.0 %" in page
    behind = f"{PAGE}/entries?{OCTOBER}&reason=court&bcu=SOU"
    assert rows_behind(auditor, behind) == 12


def confirmed(team: Team, month: dt.date, **known: Any) -> None:
    """A month that a team confirmed the day after it was over."""
    at = dt.datetime.combine(add_months(month, 1), dt.time(9), dt.UTC)
    figures = {"duty_minutes": 0, "abstracted_minutes": 0, "off_duty_minutes": 0, "entries": 0, **known}
    make.keep(
        MonthlyReturn(
            team_id=team.id,
            month=month,
            version=1,
            kind=ReturnKind.COMPLETE,
            confirmed_at=at,
            confirmed_by="Sgt Okafor",
            **figures,
        )
    )


def written_after(team: Team, month: dt.date, who: Person, subject: str) -> None:
    make.keep(
        ReturnChange(
            team_id=team.id,
            month=month,
            at=NOW,
            actor="C. Hale",
            event="abstraction.changed",
            subject=subject,
            person_id=who.id,
            because="Relieved late",
            stood=True,
        )
    )


def test_returns_missing_and_what_was_changed_after_one_stand_with_their_team_and_open_their_rows(
    auditor: FlaskClient, rahman: Person, soham: Team, wisbech: Team
) -> None:
    month = add_months(dt.datetime.now(dt.UTC).date().replace(day=1), -2)  # overdue by whatever day it is
    days = f"first={month}&last={add_months(month, 1) - DAY}"
    made = entry(rahman, f"{month:%Y-%m}-05")
    other = make.posted(wisbech)
    confirmed(wisbech, month)
    for _ in range(2):
        written_after(wisbech, month, other, f"abstraction:{made.ref}")
    written_after(wisbech, add_months(month, -1), other, "abstraction:A-before")

    found = cells(auditor, days)
    assert [(found[code]["Returns missing"], found[code]["Changed after the return"]) for code in ("SOU", "NOR")] == [
        ("1", "0"),
        ("0", "2"),
    ]
    page = auditor.get(f"{PAGE}?{days}").text
    for what, figure in (("returns", 1), ("after-return", 2)):
        links = re.findall(rf'href="({PAGE}/{what}[^"]*)">(\d+)</a>', page)
        assert sorted(int(said) for _, said in links) == [0, figure, figure]  # of each BCU, and all of them
        assert [rows_behind(auditor, href) for href, _ in links] == [int(said) for _, said in links]
    assert "Relieved late" in auditor.get(f"{PAGE}/after-return?{days}&format=csv").text
    assert f"{month:%Y-%m}" in auditor.get(f"{PAGE}/returns?{days}&format=csv").text


def test_a_sergeant_sees_their_teams_beside_each_other_and_no_other(
    sign_in: SignIn, rahman: Person, soham: Team, wisbech: Team
) -> None:
    entry(rahman, "2026-10-05")
    stranger = entry(make.posted(wisbech, surname="Stranger"), "2026-10-05")
    sergeant = sign_in(make.user(Role.SERGEANT, "SOH"))

    assert list(cells(sergeant, OCTOBER)) == ["SOH"]
    assert stranger.ref not in sergeant.get(f"{PAGE}/entries?{OCTOBER}&format=csv").text
    assert "Stranger" not in sergeant.get(f"{PAGE}/entries?{OCTOBER}").text
    assert "Choose one from the list" in sergeant.get(f"{PAGE}?{OCTOBER}&bcu=NOR").text


def test_it_is_reached_from_abstractions_and_from_the_bcu_month(sign_in: SignIn, rahman: Person) -> None:
    manager = sign_in(make.user(Role.BCU_MANAGER, "SOU"))

    assert 'href="/abstractions/quality"' in manager.get("/abstractions/").text
    month = manager.get("/bcu-month/SOU/2026-10").text
    [href] = re.findall(r'href="(/abstractions/quality[^"]*)"', month)
    assert "Soham" in manager.get(unescape(href)).text


def test_the_columns_sort_and_a_day_that_is_none_is_said(auditor: FlaskClient, rahman: Person, wisbech: Team) -> None:
    entry(rahman, "2026-10-05")

    def named(order: str) -> list[str]:
        text = auditor.get(f"{PAGE}?{OCTOBER}&order={order}&format=csv").get_data().decode("utf-8-sig")
        return [row["Code"] for row in csv.DictReader(io.StringIO(text))]

    assert (named("entries"), named("-entries")) == (["NOR", "SOU"], ["SOU", "NOR"])
    assert named("nothing") == ["NOR", "SOU"]
    wrong = auditor.get(f"{PAGE}?first=2026-10-31&last=2026-10-01").text
    assert "Enter a last day on or after the first" in wrong
    assert auditor.get(f"{PAGE}?{OCTOBER}&format=xlsx").status_code == 200


def test_the_statements_do_not_grow_with_entries_people_or_teams(auditor: FlaskClient, rahman: Person) -> None:
    pages = [
        f"{PAGE}?{OCTOBER}",
        *(f"{PAGE}/{what}?{OCTOBER}" for what in ("entries", "without-team", "without-duty", "after-return")),
    ]

    def wrong(whose: Person, team: Team) -> None:
        everything_that_can_be_wrong(whose)
        left = make.person()
        make.posting(left, make.post(team), last_day=make.at("2026-10-10 00:00").date())
        make.duty(left, "2026-10-20 07:00", "2026-10-20 17:00")

    wrong(rahman, make.team())
    few = [len(_sent(auditor, page)) for page in pages]
    for _ in range(3):
        team = make.team(make.sector(make.bcu()))
        for _ in range(2):
            wrong(make.posted(team), team)

    assert [len(_sent(auditor, page)) for page in pages] == few
    assert max(few) <= 22


def _sent(browser: FlaskClient, page: str) -> list[str]:
    with statements() as sent:
        assert browser.get(page).status_code == 200
    # Who is signed in is looked up by the test's own session only when it has forgotten.
    return [statement for statement in sent if "FROM user" not in statement]
