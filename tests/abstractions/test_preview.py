"""What a past month would have been: counted by the same rules, kept nowhere; and no change of policy rewrites one."""

import datetime as dt
from contextlib import suppress
from decimal import Decimal

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session, scoped_session

from npt.abstractions.models import MonthlyReturn
from npt.abstractions.queries import Count, Question, count
from npt.abstractions.queries.preview import Compared, compare
from npt.abstractions.rules import ReturnKind
from npt.abstractions.rules.supposing import Supposed
from npt.audit.models import AuditEntry
from npt.core import db
from npt.core.authority import EVERYTHING, Actor, Role
from npt.core.db import transaction
from npt.core.errors import Refused
from npt.core.periods import DAY, Window, add_months, month_of
from npt.edge import now
from npt.people.queries import teams
from npt.people.rules import Grade
from npt.policy import services
from npt.policy.cli import start_policy
from npt.policy.models import ReasonEntry
from npt.policy.queries import policy_on, reason_book
from npt.policy.rules import Group, ReasonRow, Target, TargetScope
from npt.policy.rules.words import TargetKey
from npt.policy.services import NewReason, NewTarget
from tests import make
from tests.abstractions.make import LONDON
from tests.conftest import SignIn
from tests.staffing.test_views_units import statements

LEAD = Actor("R. Lead", Role.FORCE_LEAD, EVERYTHING)
OCTOBER = month_of(dt.date(2026, 10, 1), LONDON)
NOVEMBER = month_of(dt.date(2026, 11, 1), LONDON)
AT = dt.datetime(2026, 12, 1, 9, tzinfo=dt.UTC)
MIDDLE = dt.date(2026, 11, 15)


@pytest.fixture
def force(session: scoped_session[Session]) -> None:
    """Two teams in two BCUs, each with a PC and a PCSO on duty every fifth day, and half an hour at court on each."""
    with transaction():
        start_policy()
    for bcu, code in (("SOU", "SOH"), ("NOR", "PT1")):
        team = make.team(make.sector(make.bcu(bcu, name=bcu.capitalize()), f"{bcu}1"), code, name=code)
        for grade in (Grade.PC, Grade.PCSO):
            who = make.posted(team, grade)
            for month in ("10", "11"):
                for day in range(5, 30, 5):
                    on = f"2026-{month}-{day:02d}"
                    make.duty(who, f"{on} 08:00", f"{on} 16:00")
                    make.abstraction(who, f"{on} 09:00", f"{on} 10:00", reason="court")


def counted(month: Window = OCTOBER, at: dt.datetime = AT) -> Count:
    return count(Question(month, at, policy_on(month.last_day), reason_book()), EVERYTHING)


def question() -> Question:
    return Question(OCTOBER, AT, policy_on(OCTOBER.last_day), reason_book())


def lines(supposed: Supposed) -> dict[str, Compared]:
    return {line.code: line for line in compare(question(), supposed, EVERYTHING)}


def court(*grades: Grade) -> Supposed:
    return Supposed(
        reason=ReasonRow("court", OCTOBER.first_day, None, "Court", "court", frozenset(grades), frozenset())
    )


@pytest.mark.usefixtures("force")
def test_a_reason_that_counted_for_pcs_would_have_raised_the_rate_of_every_team() -> None:
    found = lines(court(Grade.PC))

    assert [found[code].was.rate for code in ("", "SOU", "SOH")] == [0, 0, 0]
    # Five duties of eight hours each for two people, an hour of each taken, of the PC's alone.
    assert {found[code].would_be.rate for code in ("", "SOU", "SOH", "PT1")} == {Decimal(5) / Decimal(80)}
    assert all(line.differs for line in found.values())


@pytest.mark.usefixtures("force")
def test_a_target_that_had_been_the_teams_own_judges_that_team_and_leaves_the_others() -> None:
    make.target("10")
    supposed = Supposed(target=Target(TargetScope.TEAM, "SOH", Group.PCSOS, Decimal(0)))

    found = lines(supposed)

    assert [code for code, line in found.items() if line.differs] == ["SOH"]
    assert (found["SOH"].was.target_percent, found["SOH"].would_be.target_percent) == (Decimal(10), Decimal(0))


@pytest.mark.usefixtures("force")
def test_a_shorter_limit_for_lateness_would_have_struck_more_entries() -> None:
    team = make.team(make.sector(make.bcu("CEN"), "CEN1"), "CE1")
    entry = make.abstraction(make.posted(team), "2026-10-05 09:00", "2026-10-05 10:00")
    with transaction():
        db.session.merge(entry).logged_at = entry.starts_at + dt.timedelta(hours=30)

    found = lines(Supposed(figure=("late_hours", "24")))

    assert {code: line.entries for code, line in found.items() if line.differs} == {
        "": (0, 1),
        "CEN": (0, 1),
        "CE1": (0, 1),
    }


@pytest.mark.usefixtures("force")
def test_an_earlier_day_would_have_made_a_return_late_that_was_in_time_and_leaves_a_missing_one_missing() -> None:
    team = next(row for row in teams(EVERYTHING) if row.code == "SOH")
    figures = {"duty_minutes": 0, "abstracted_minutes": 0, "off_duty_minutes": 0, "entries": 0}
    with transaction():
        db.session.add(
            MonthlyReturn(
                team_id=team.id,
                month=OCTOBER.first_day,
                version=1,
                kind=ReturnKind.COMPLETE,
                confirmed_at=dt.datetime(2026, 11, 4, 9, tzinfo=dt.UTC),
                confirmed_by="J. Sergeant",
                **figures,
            )
        )

    found = lines(Supposed(figure=("return_day", "3")))

    # The other team's is missing under both.
    assert {code: line.entries for code, line in found.items()} == {
        "": (1, 2),
        "SOU": (0, 1),
        "SOH": (0, 1),
        "NOR": (1, 1),
        "PT1": (1, 1),
    }
    assert not any(line.differs for line in lines(Supposed(figure=("return_day", "4"))).values())


@pytest.mark.usefixtures("force")
def test_a_preview_is_what_the_figures_say_once_policy_says_so_and_is_stored_nowhere() -> None:
    entries = select(func.count()).select_from(AuditEntry)
    before, recorded = counted().total(), db.session.scalar(entries)

    would = lines(court(Grade.PC, Grade.PCSO))[""].would_be

    assert counted().total() == before
    assert db.session.scalar(entries) == recorded
    with transaction():
        # As an import may, for a month nobody has confirmed.
        court_rows = update(ReasonEntry).where(ReasonEntry.code == "court")
        db.session.execute(court_rows.values(counts_local="sergeant;pc;pcso"))
    assert counted().total().rate == would.rate


def _figures() -> list[object]:
    return [counted(OCTOBER).by_team(), counted(OCTOBER).assess_teams(), counted(NOVEMBER, _noon(MIDDLE)).by_team()]


def _noon(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(), tzinfo=LONDON)


_changes = st.lists(
    st.tuples(st.sampled_from(["target", "reason", "end"]), st.integers(0, 20), st.sampled_from(["0", "5", "12"])),
    min_size=1,
    max_size=6,
)


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(_changes)
@pytest.mark.usefixtures("force")
def test_no_change_of_policy_rewrites_a_month_that_is_over_nor_a_day_before_it(
    changes: list[tuple[str, int, str]],
) -> None:
    before = _figures()
    for number, (what, offset, value) in enumerate(changes):
        with suppress(Refused), transaction():
            _act(what, MIDDLE + offset * DAY, number, value)

        assert _figures() == before


def _act(what: str, day: dt.date, number: int, value: str) -> None:
    if what == "target":
        new = NewTarget(Decimal(value), day, "x")
        services.set_target(TargetKey(TargetScope.FORCE, "", Group.ALL), new, actor=LEAD, at=AT, on=MIDDLE)
    elif what == "reason":
        other = NewReason(f"Court {number}", "", (Grade.PC,), (), day, "x")
        services.change_reason("court", other, actor=LEAD, at=AT, on=MIDDLE)
    else:
        services.end_reason("court", day, "x", actor=LEAD, at=AT, on=MIDDLE)


@pytest.mark.usefixtures("force")
def test_a_reason_changed_in_mid_month_leaves_the_days_before_as_they_were() -> None:
    with transaction():
        new = NewReason("Court", "", (Grade.PC, Grade.PCSO), (), MIDDLE, "Decided")
        services.change_reason("court", new, actor=LEAD, at=AT, on=MIDDLE)

    figures = counted(NOVEMBER).total()

    # Of the duties on the 5th, 10th, 15th, 20th and 25th the last three start on the day of the change or later.
    assert figures.by_reason["court"] == 4 * 3 * 60
    assert counted(OCTOBER).total().by_reason.get("court", 0) == 0


LAST = month_of(add_months(now().date().replace(day=1), -1), LONDON)


@pytest.fixture
def lead(force: None, sign_in: SignIn) -> FlaskClient:
    return sign_in(make.user(Role.FORCE_LEAD))


TARGET = "/abstractions/preview?what=target&unit=team:SOH&group=all&percent=5&first_day=2027-01-01&why=Agreed"


def test_the_page_shows_what_was_beside_what_would_be_and_leads_back_to_the_change(lead: FlaskClient) -> None:
    page = lead.get(TARGET)

    assert f"What {LAST.first_day:%B %Y} would have been" in page.text
    assert "the target of SOH had been 5 %" in page.text
    assert "1 of 5 units would have other figures; 1 another status" in page.text
    assert "/policy/targets/set?unit=team:SOH&amp;group=all&amp;percent=5" in page.text.replace("%3A", ":")
    only = lead.get(f"{TARGET}&only=changes")
    assert "PT1" not in only.text
    assert "none" in lead.get(f"{TARGET}&format=csv").text or "Would be" in lead.get(f"{TARGET}&format=csv").text


def test_the_month_that_runs_can_be_looked_at_too_for_a_change_judges_it_first(lead: FlaskClient) -> None:
    running = add_months(LAST.first_day, 1)

    page = lead.get(f"{TARGET}&month={running:%Y-%m}").text

    assert f"What {running:%B %Y} so far would have been" in page
    assert f'<option value="{LAST.first_day:%Y-%m}"' in page


def test_a_change_somebody_cannot_name_is_none_and_a_sergeant_sees_own_teams_only(
    lead: FlaskClient, sign_in: SignIn
) -> None:
    sergeant = sign_in(make.user(Role.SERGEANT, "SOH"))

    assert "Fill in the change first" in sergeant.get("/abstractions/preview").text
    assert "Fill in the change first" in sergeant.get(TARGET.replace("SOH", "PT1")).text
    page = sergeant.get("/abstractions/preview?what=reason&code=court&counts_local=pc")
    assert "SOH" in page.text
    assert "PT1" not in page.text
    figure = lead.get("/abstractions/preview?what=figure&name=late_hours&value=24&definition=national")
    assert "Late entries" in figure.text
    assert "Fill in the change first" in lead.get("/abstractions/preview?what=figure&name=late_hours&value=x").text


def test_the_statements_of_a_preview_do_not_grow_with_teams(lead: FlaskClient) -> None:
    with statements() as few:
        assert lead.get(TARGET).status_code == 200
    for number in range(4):
        make.posted(make.team(make.sector(make.bcu()), f"M{number}"))
    with statements() as many:
        assert lead.get(TARGET).status_code == 200

    assert len(many) == len(few) <= 14
