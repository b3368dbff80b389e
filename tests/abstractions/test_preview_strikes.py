"""What a past month would have been under another limit for a person, another rule of authorisation, other nights."""

import datetime as dt
import re
from html import unescape

import pytest

from npt.abstractions.queries import Question, count
from npt.abstractions.queries.preview import compare
from npt.abstractions.rules import Status
from npt.abstractions.rules.supposing import Supposed
from npt.core.authority import EVERYTHING, Role
from npt.core.db import session as current
from npt.core.db import transaction
from npt.core.periods import DAY, Window, midnight, month_of
from npt.people.models import Person, Team
from npt.people.rules import Grade
from npt.policy.queries import policy_on, reason_book
from tests import make
from tests.abstractions.make import LONDON
from tests.conftest import SignIn, post

OCTOBER = month_of(dt.date(2026, 10, 1), LONDON)
AT = dt.datetime(2026, 12, 1, 9, tzinfo=dt.UTC)


@pytest.fixture
def okafor(soham: Team) -> Person:
    """A PCSO beside Rahman; both have five duties of eight hours in October, and there is a target of ten per cent."""
    make.target("10")
    return make.posted(soham, Grade.PCSO, collar_number="7001")


@pytest.fixture
def both(rahman: Person, okafor: Person) -> tuple[Person, Person]:
    for who in (rahman, okafor):
        for day in range(5, 30, 5):
            make.duty(who, f"2026-10-{day:02d} 08:00", f"2026-10-{day:02d} 16:00")
    return rahman, okafor


def struck(name: str, value: str) -> dict[str, tuple[int, int] | None]:
    question = Question(OCTOBER, AT, policy_on(OCTOBER.last_day), reason_book())
    return {line.code: line.entries for line in compare(question, Supposed(figure=(name, value)), EVERYTHING)}


def took(who: Person, day: int, hours: int, logged: str | None) -> None:
    """Custody from 8 in the morning, logged at a moment; without one, imported."""
    entry = make.abstraction(who, f"2026-10-{day:02d} 08:00", f"2026-10-{day:02d} {8 + hours:02d}:00")
    with transaction():
        current.merge(entry).logged_at = make.at(logged) if logged else None


def test_a_limit_for_one_person_would_have_struck_whoever_lost_more_of_their_month(
    both: tuple[Person, Person],
) -> None:
    rahman, okafor = both
    took(rahman, 5, 8, None)  # 8 of 40 hours
    took(okafor, 5, 4, None)  # 4 of 40, exactly the limit

    assert struck("person_limit_percent", "10") == {"": (0, 1), "SOU": (0, 1), "SOH": (0, 1)}
    assert struck("person_limit_percent", "9.9")["SOH"] == (0, 2)
    assert struck("person_limit_percent", "20")["SOH"] == (0, 0)


def test_without_the_rule_nothing_planned_over_target_would_have_waited(both: tuple[Person, Person]) -> None:
    rahman, okafor = both
    took(rahman, 5, 4, "2026-10-01 09:00")  # 4 of 80 hours: within
    took(rahman, 10, 4, "2026-10-02 09:00")  # 8 of 80: at the target, and not over it
    took(okafor, 15, 1, "2026-10-03 09:00")  # 9 of 80: over
    took(okafor, 20, 1, "2026-10-20 08:00")  # logged as it began: never waits
    took(rahman, 25, 1, "2026-10-24 08:00")  # over as well, for what went before

    assert struck("authorise_over_target", "no")["SOH"] == (2, 0)
    assert struck("authorise_over_target", "yes")["SOH"] == (2, 2)


def test_what_was_imported_is_not_judged_and_is_there_from_the_beginning(both: tuple[Person, Person]) -> None:
    rahman, okafor = both
    took(rahman, 25, 8, None)
    took(okafor, 5, 1, "2026-10-01 09:00")  # 9 of 80 with the import

    assert struck("authorise_over_target", "no")["SOH"] == (1, 0)


@pytest.mark.parametrize("days", [1, 5, 28, 40])
def test_the_nights_over_target_are_those_the_nightly_check_would_have_found(
    both: tuple[Person, Person], days: int
) -> None:
    rahman, okafor = both
    for who, day, hours in ((rahman, 5, 4), (rahman, 10, 8), (okafor, 10, 3), (okafor, 20, 6)):
        took(who, day, hours, None)
    make.duty(rahman, "2026-09-20 22:00", "2026-09-21 07:00")
    make.abstraction(rahman, "2026-09-20 23:00", "2026-09-21 03:00")
    make.abstraction(okafor, "2026-10-25 12:00", None)

    assert struck("rolling_days", str(days))["SOH"] == (nights(28), nights(days))


def nights(back: int) -> int:
    """Night by night, as the check itself counts."""
    over = 0
    for day in OCTOBER.days():
        rolling = Window(day - back * DAY, day - DAY, LONDON)
        counted = count(Question(rolling, midnight(day, LONDON), policy_on(day - DAY), reason_book()), EVERYTHING)
        over += sum(judged.status is Status.OVER for judged in counted.assess_teams().values())
    return over


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("person_limit_percent", "15", "People over the limit"),
        ("authorise_over_target", "no", "Entries that waited for an inspector"),
        ("rolling_days", "14", "Nights over target"),
    ],
)
def test_the_check_of_a_change_leads_to_the_month_under_it(
    sign_in: SignIn, both: tuple[Person, Person], name: str, value: str, words: str
) -> None:
    lead = sign_in(make.user(Role.FORCE_LEAD))

    page = lead.get(f"/abstractions/preview?what=figure&name={name}&value={value}").text

    assert words in page
    assert "It is kept nowhere" in page
    assert f"/policy/figures/{name}/change" in page


def test_more_days_than_can_be_meant_are_no_preview(sign_in: SignIn, soham: Team) -> None:
    lead = sign_in(make.user(Role.FORCE_LEAD))

    assert "Fill in the change first" in lead.get("/abstractions/preview?what=figure&name=rolling_days&value=9999").text


def test_the_check_page_of_each_figure_offers_the_preview(sign_in: SignIn, soham: Team) -> None:
    lead = sign_in(make.user(Role.FORCE_LEAD))
    for name, value in (("person_limit_percent", "15"), ("authorise_over_target", "no"), ("rolling_days", "14")):
        typed = {"value": value, "first_day": "2099-01-01", "why": "Agreed"}

        page = post(lead, f"/policy/figures/{name}/change", **typed).text

        assert "have been under this?" in page, name


@pytest.mark.parametrize(
    ("name", "value", "was", "would_be"),
    [
        ("late_hours", "24", "None.", "PC 1432"),
        ("authorise_over_hours", "3", "None.", "PC 1432"),
        ("person_limit_percent", "5", "None.", "PC 1432"),
        ("authorise_over_target", "no", "PC 1432", "None."),
        ("rolling_days", "1", "6 October 2026", "6 October 2026"),
        ("return_day", "28", "Return for October 2026", "Return for October 2026"),
    ],
)
def test_what_a_figure_struck_and_would_have_opens_one_by_one(
    sign_in: SignIn, both: tuple[Person, Person], name: str, value: str, was: str, would_be: str
) -> None:
    rahman, _ = both
    took(rahman, 5, 4, "2026-10-06 20:00")  # 36 hours later
    took(rahman, 10, 5, "2026-10-09 20:00")  # ahead, and over target with it
    lead = sign_in(make.user(Role.FORCE_LEAD))
    change = f"what=figure&name={name}&value={value}&month=2026-10"

    page = lead.get(f"/abstractions/preview?{change}").text
    links = re.findall(r'href="(/abstractions/preview/struck/[^"]*of=team%3ASOH[^"]*)">(\d+)<', page)

    assert [("/struck/would_be?" in href) for href, _ in links] == [False, True]
    for (href, number), said in zip(links, (was, would_be), strict=True):
        listed = lead.get(unescape(href))
        assert listed.status_code == 200
        assert said in listed.text
        assert f": {number}</caption>" in listed.text or number == "0"
        rows = lead.get(unescape(href) + "&format=csv").text.splitlines()[1:]
        assert len(rows) == int(number)


def test_what_was_struck_of_another_team_is_not_found(sign_in: SignIn, both: tuple[Person, Person]) -> None:
    make.team(make.sector(make.bcu("NOR")), "AAA")
    sergeant = sign_in(make.user(Role.SERGEANT, "SOH"))
    asked = "/abstractions/preview/struck/was?what=figure&name=late_hours&value=24&month=2026-10&of="

    assert sergeant.get(f"{asked}team:SOH").status_code == 200
    for other in ("team:AAA", "bcu:NOR", "force:", "bcu:SOU", "team:", ""):
        assert sergeant.get(f"{asked}{other}").status_code == 404, other
