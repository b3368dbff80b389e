"""What the staffing of a past month would have been: judged by the same rules, of who the reader sees, kept nowhere."""

import datetime as dt
import html
import re
from fractions import Fraction

import html5lib
import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from npt.audit.models import AuditEntry
from npt.core import db
from npt.core.authority import EVERYTHING, Role, Scope
from npt.core.db import transaction
from npt.core.periods import Period, add_months, days_of_month, local_day
from npt.edge import now
from npt.people.models import Person, Posting
from npt.people.rules import Grade, PostFact, PostingFact
from npt.policy.queries import policy_on
from npt.policy.rules import VALUE_NAMES
from npt.policy.rules.figures import past_of, supposing, why_no_past
from npt.staffing import queries
from npt.staffing.queries.supposing import Supposed
from npt.staffing.rules import supposing as rules
from npt.staffing.rules.supposing import State
from npt.staffing.rules.vacancies import forecast_vacancies, vacancies
from tests import make
from tests.abstractions.make import LONDON
from tests.conftest import TODAY, SignIn, token_of
from tests.people.make import days, staffings
from tests.staffing.force import Force, force
from tests.staffing.make import a_policy
from tests.staffing.test_views_units import statements, table

ENDS = dt.date(2026, 10, 31)
OCTOBER = Period(dt.date(2026, 10, 1), ENDS)


@given(staffings(), days, st.integers(1, 27), st.integers(28, 89), st.integers(0, 200), st.integers(1, 60))
def test_what_would_have_been_is_what_the_rules_say_under_that_policy(
    found: tuple[list[PostFact], list[PostingFact]], day: dt.date, opened: int, prolonged: int, ahead: int, months: int
) -> None:
    posts, postings = found
    was = a_policy()
    other = a_policy(
        vacancy_open_days=opened, vacancy_prolonged_days=prolonged, forecast_days=ahead, tenure_months=months
    )

    pairs = rules.bands(posts, postings, day, was, other)
    assert [(p.of.post.ref, p.was.state.value) for p in pairs] == [
        (v.post.ref, v.band.value) for v in vacancies(posts, postings, day, was)
    ]
    assert [p.would_be.state.value for p in pairs] == [v.band.value for v in vacancies(posts, postings, day, other)]
    counted = rules.tally(pairs)
    assert counted.was.total() == counted.would_be.total() == len(pairs)
    coming = rules.forecasts(posts, postings, day, was, other)
    for policy, stood in ((was, [p.was for p in coming]), (other, [p.would_be for p in coming])):
        listed = {p.of for p, each in zip(coming, stood, strict=True) if each.state is State.FORECAST}
        assert listed == set(forecast_vacancies(posts, postings, day, policy))
    assert not any(p.differs for p in rules.stays(postings, days_of_month(day), was, was))


def test_every_figure_of_policy_has_a_past_or_says_why_it_has_none() -> None:
    for name in VALUE_NAMES:
        assert past_of(name) or why_no_past(name).startswith("No past month is shown under this: ")
    assert "how grave a flag is" in why_no_past("severity_vacancy_new")


@pytest.fixture(name="force")
def _force(session: object) -> Force:
    """With a PC who left Ely in October after 16 months, and a PCSO of Soham who leaves on 20 December."""
    made = force()
    leaver = make.person("21900", "Grant")
    make.posting(leaver, make.post(made.ely, ref="ELY-PC-3"), dt.date(2025, 6, 1), dt.date(2026, 10, 20))
    make.posting(leaver, make.post(made.linton, ref="LIN-PC-2"), dt.date(2026, 10, 21))
    with transaction():
        db.session.get_one(Person, made.pcso.id).leaving_on = dt.date(2026, 12, 20)
    return made


def would(name: str, value: str, scope: Scope = EVERYTHING) -> Supposed:
    policy = policy_on(ENDS)
    found = queries.structure_on(ENDS, policy, scope, TODAY)
    return queries.staffing_supposing(found, OCTOBER, name, supposing(policy, name, value))


def changes(name: str, value: str) -> list[tuple[str, State, State]]:
    return [(line.code, line.pair.was.state, line.pair.would_be.state) for line in would(name, value).changed]


@pytest.mark.usefixtures("force")
def test_each_figure_names_the_posts_and_people_it_would_have_judged_otherwise() -> None:
    # Vacant since 12 August: 80 days. Soham's sergeant's post is critical by its raised band under both.
    assert changes("vacancy_prolonged_days", "60") == [("ELY-PC-2", State.OPEN, State.PROLONGED)]
    assert changes("vacancy_serious_days", "300") == [("SOH-SGT-1", State.CRITICAL, State.SERIOUS)]
    assert changes("forecast_days", "30") == [("SOH-PCSO-1", State.FORECAST, State.BEYOND)]
    assert changes("tenure_months", "12") == [("21900", State.EARLY, State.IN_TIME)]
    assert changes("span_line", "1.5") == [("21201", State.WITHIN, State.OVER_LINE)]
    assert changes("span_line", "10") == []
    special = would("specials_in_span", "yes").changed
    assert [(line.code, line.span_was, line.span_would_be) for line in special] == [("21201", Fraction(2), Fraction(3))]


def test_a_team_of_specials_alone_would_have_no_supervisor_if_they_counted(force: Force) -> None:
    specials = make.team(force.fens, "SPC", "Fens specials")
    make.posted(specials, Grade.SPECIAL)

    assert ("SPC", State.NOBODY, State.NO_SUPERVISOR) in changes("specials_in_span", "yes")


def test_each_bcu_is_counted_by_itself_and_a_sergeant_of_two_in_both(force: Force) -> None:
    make.cover(force.sergeant, force.linton)

    found = would("span_line", "1.5")

    counted = {
        unit.code: (unit.tally.was[State.OVER_LINE], unit.tally.would_be[State.OVER_LINE]) for unit in found.units
    }
    assert counted == {"": (0, 1), "NOR": (0, 1), "SOU": (0, 1)}
    assert [unit.code for unit in would("span_line", "2", Scope(team_ids=frozenset({force.ely.id}))).units] == [""]
    assert not would("vacancy_prolonged_days", "60", Scope(team_ids=frozenset({force.linton.id}))).changed


LAST = add_months(local_day(now(), LONDON).replace(day=1), -1)
PATH = "/staffing/preview?what=figure&name=vacancy_prolonged_days&value=29&first_day=2031-01-01&why=Agreed"


@pytest.fixture
def lead(force: Force, sign_in: SignIn) -> FlaskClient:
    """With two posts of Northern and one of Southern that were vacant for 40 days when last month ended."""
    ended = add_months(LAST, 1) - dt.timedelta(1)
    for team, ref in ((force.ely, "ELY-PC-8"), (force.soham, "SOH-PC-8"), (force.linton, "LIN-PC-8")):
        make.post(team, ref=ref, first_day=ended - dt.timedelta(40))
    return sign_in(make.user(Role.FORCE_LEAD))


def test_every_count_leads_to_a_list_as_long_as_it_says(lead: FlaskClient) -> None:
    entries = select(func.count()).select_from(AuditEntry)
    recorded = db.session.scalar(entries)
    page = lead.get(PATH).text

    html5lib.HTMLParser(strict=True).parse(page)
    assert f"What {LAST:%B %Y} would have been" in page
    assert "had been 29 days. It was 90 days." in page
    assert {row[0] for row in table(page, "listed")} >= {"ELY-PC-8, PC", "SOH-PC-8, PC", "LIN-PC-8, PC"}
    links = re.findall(r'<a class="govuk-link" href="([^"]*)#listed">(?:<strong>)?(\d+)', page)
    assert len(links) == 3 * 2 * 5
    for address, number in links:
        listed = lead.get(html.unescape(address)).text
        assert f"({number})" in listed
        assert int(number) == ("<caption>" in listed.split('id="listed"')[1] and len(table(listed, "listed")))
    assert db.session.scalar(entries) == recorded
    assert "/policy/figures/vacancy_prolonged_days/change?" in page
    assert "ELY-PC-8" in lead.get(f"{PATH}&format=csv").text


def test_the_check_page_leads_to_the_preview_of_its_figure_or_says_why_there_is_none(lead: FlaskClient) -> None:
    def checked(name: str, value: str) -> str:
        path = f"/policy/figures/{name}/change"
        known = {"csrf_token": token_of(lead, path), "value": value, "first_day": "2031-01-01", "why": "Agreed"}
        return lead.post(path, data=known).text

    assert re.search(r"/staffing/preview\?what=figure&amp;value=9&amp;[^\"]*name=span_line", checked("span_line", "9"))
    assert "/abstractions/preview?what=figure&amp;value=24" in checked("late_hours", "24")
    assert "it decides what is made in nights to come" in checked("generate_duties_days", "14")


def test_a_sergeant_sees_own_posts_only_and_what_cannot_be_is_said(
    lead: FlaskClient, force: Force, sign_in: SignIn
) -> None:
    sergeant = sign_in(make.user(Role.SERGEANT, "SOH"))

    page = sergeant.get(PATH).text
    assert "SOH-PC-8" in page
    assert "ELY-PC-8" not in page
    assert "LIN-PC-8" not in page
    assert sergeant.get(f"{PATH}&unit=SOU").text.count("Fill in the change first") == 1
    for broken in (
        "/staffing/preview",
        PATH.replace("=29", "=x"),
        PATH.replace("vacancy_prolonged_days", "late_hours"),
    ):
        assert "Fill in the change first" in lead.get(broken).text
    assert "must be fewer than vacancy serious from" in lead.get(PATH.replace("=29", "=200")).text


@pytest.mark.parametrize(
    "figure", ["vacancy_prolonged_days&value=29", "specials_in_span&value=yes", "tenure_months&value=9"]
)
def test_the_statements_of_a_preview_do_not_grow(lead: FlaskClient, force: Force, figure: str) -> None:
    path = f"/staffing/preview?name={figure}&show=all"
    with statements() as few:
        assert lead.get(path).status_code == 200
    for number in range(4):
        team = make.team(force.fens, f"M{number}")
        make.post(team)
        make.posted(team, Grade.SERGEANT)
        gone = make.posted(team)
        with transaction():
            held = db.session.scalars(select(Posting).where(Posting.person_id == gone.id)).one()
            held.last_day = LAST
    with statements() as many:
        assert lead.get(path).status_code == 200

    assert len(many) == len(few) <= 14
