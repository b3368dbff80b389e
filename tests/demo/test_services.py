"""The demonstration loaded through the importer, and the source's counts by the product's own reports."""

import datetime as dt
import json
from collections import Counter
from collections.abc import Iterator
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session, scoped_session

from npt.abstractions import queries as abstractions
from npt.abstractions.models import Abstraction
from npt.abstractions.queries import Narrowing, Question
from npt.abstractions.services import obstacles_for
from npt.accounts.queries import actor_of, users
from npt.audit.queries import verdict
from npt.core import db
from npt.core.authority import EVERYTHING, PEOPLE_ROLES, Role, system
from npt.core.db import session as current
from npt.core.db import transaction
from npt.core.periods import Window, add_months, month_of
from npt.demo import queries, services
from npt.demo.queries import Holding
from npt.demo.services.meetings import prepare_meetings
from npt.exchange.queries import PublishedName, published_figure, published_months, published_teams
from npt.exchange.rules.ward_officers import Part
from npt.exchange.services import silent
from npt.panels import queries as panels
from npt.people import queries as people
from npt.people.rules import Grade
from npt.policy.cli import start_policy
from npt.policy.queries import policy_on, reason_book
from npt.reports.queries import supervision_report
from npt.reports.rules import supervision_json
from npt.staffing import queries as staffing
from tests.conftest import NOW, TODAY, Backend

LONDON = ZoneInfo("Europe/London")
ADMIN = system("npt demo")


@pytest.fixture(scope="module")
def loaded(backend: Backend) -> Iterator[Engine]:
    """The demonstration, loaded once for all these tests, which only read."""
    url = backend.fresh_copy()
    engine = db.connect(url)
    with transaction():
        services.load_force(actor=ADMIN, at=NOW, on=TODAY, zone=LONDON, progress=silent)
        start_policy()
        services.add_sign_ins("not a hash", on=TODAY, actor=ADMIN, at=NOW)
        services.set_policy(at=NOW, on=TODAY)
        services.plan_succession(policy_on(TODAY), actor=ADMIN, at=NOW, on=TODAY, zone=LONDON)
        services.confirm_months(policy_on(TODAY), actor=ADMIN, at=NOW, on=TODAY, zone=LONDON)
        prepare_meetings(policy_on(TODAY), at=NOW, on=TODAY, zone=LONDON)
        services.plan_some(at=NOW, on=TODAY, zone=LONDON)
        services.audit_some(at=NOW, on=TODAY, zone=LONDON)
    current.remove()
    yield engine
    engine.dispose()
    backend.drop(url)


@pytest.fixture
def demonstration(loaded: Engine) -> Iterator[scoped_session[Session]]:
    current.remove()
    current.configure(bind=loaded)
    yield current
    current.remove()


pytestmark = [
    pytest.mark.usefixtures("demonstration"),
    pytest.mark.xdist_group("demonstration"),  # on one worker, or each would load it
]


def test_the_report_of_december_2007_gives_the_ratios_of_the_source() -> None:
    on = dt.date(2007, 12, 31)

    found = json.loads(json.dumps(supervision_json(supervision_report(on, policy_on(on), EVERYTHING))))

    assert found["force"] == {"sergeants": 31, "staff": 300, "ratio": "9.68"}
    assert found["bcus"] == [
        {"code": "CEN", "sergeants": 11, "staff": 89, "ratio": "8.09"},
        {"code": "NOR", "sergeants": 8, "staff": 95, "ratio": "11.88"},
        {"code": "SOU", "sergeants": 12, "staff": 116, "ratio": "9.67"},
    ]


def test_today_thirty_of_31_sergeants_109_of_118_pcs_and_180_of_195_pcsos_are_in_post() -> None:
    filled: Counter[Grade] = Counter()
    posts: Counter[Grade] = Counter()
    for row in staffing.staffing_on(TODAY, EVERYTHING):
        filled[row.grade or Grade.PC] += row.filled
        posts[row.grade or Grade.PC] += row.establishment

    counts = {grade: (filled[grade], posts[grade]) for grade in (Grade.SERGEANT, Grade.PC, Grade.PCSO)}
    assert counts == {Grade.SERGEANT: (30, 31), Grade.PC: (109, 118), Grade.PCSO: (180, 195)}
    vacant = Counter(found.post.grade for found in staffing.vacancies_on(TODAY, policy_on(TODAY), EVERYTHING))
    assert vacant == {Grade.SERGEANT: 1, Grade.PC: 9, Grade.PCSO: 15}


def test_today_one_sergeant_has_seventeen_people_in_two_teams_and_is_over_the_line() -> None:
    report = supervision_report(TODAY, policy_on(TODAY), EVERYTHING)

    [covering] = [row for row in report.sergeants if row.covering]
    assert sorted(team.code for team in covering.teams) == ["BUR", "SOH"]
    assert covering.span == Fraction(17)
    assert covering.over_line
    assert not any(team.no_supervisor for team in report.teams)


def test_every_team_has_duties_and_abstractions_this_month_and_their_lists_add_up() -> None:
    month = Window(TODAY.replace(day=1), dt.date(2026, 11, 30), LONDON)
    question = Question(month, NOW, policy_on(month.last_day), reason_book())

    count = abstractions.count(question, EVERYTHING)

    total = count.total()
    assert len(count.by_team()) == 31
    assert all(figures.duty_minutes for figures in count.by_team().values())
    assert sum(row.counted for row in abstractions.entries_behind(count, Narrowing())) == total.abstracted_minutes
    assert sum(row.available for row in abstractions.duties_behind(count, Narrowing())) == total.duty_minutes
    assert total.abstracted_minutes > 0


def test_there_is_a_closed_dip_sample_that_found_something_and_one_begun_of_late_entries() -> None:
    begun, closed = abstractions.dip_samples(EVERYTHING, open_too=True)

    assert (closed.where, closed.result.left, closed.result.wrong) == ("Southern BCU", 0, 2)
    assert closed.conclusion
    assert (begun.closed_at, begun.drawn_from.value, begun.result.looked_at) == (None, "late", 3)
    assert begun.result.left > 0


def test_entries_wait_for_the_inspector_one_of_them_their_own() -> None:
    inspector = next(user for user in queries.sign_ins() if user.role is Role.INSPECTOR)
    actor = actor_of(inspector, TODAY)

    waiting = abstractions.awaiting(actor.scope, LONDON)

    assert len(waiting) >= len(services.PLANS) - 1
    assert {bool(obstacles_for(row, row.person.id, actor)) for row in waiting} == {True, False}


def test_few_have_a_later_entry_so_that_nearly_everybody_can_be_logged_as_still_away() -> None:
    later = select(func.count(Abstraction.person_id.distinct())).where(
        Abstraction.starts_at > NOW, Abstraction.cancelled_at.is_(None)
    )

    assert 5 < (current.scalar(later) or 0) < 40


def test_somebody_of_soham_is_away_now() -> None:
    soham = people.team("SOH", EVERYTHING)

    assert abstractions.away_now([soham.id], NOW, TODAY, people.roll())


def test_there_is_one_sign_in_for_each_role_and_the_sergeant_s_is_a_person_of_soham() -> None:
    found = users()

    assert Counter(user.role for user in found) == Counter(PEOPLE_ROLES)
    assert all(user.active and user.chosen for user in found)
    [sergeant] = [user for user in found if user.role is Role.SERGEANT]
    who = people.person_by_email(sergeant.email)
    assert who is not None
    assert people.roll(person_ids=[who.id]).team_on(who.id, TODAY) == people.team("SOH", EVERYTHING).id


def test_the_database_is_marked_as_the_demonstration_and_its_record_holds() -> None:
    assert queries.holding() is Holding.DEMONSTRATION
    assert queries.last_day() > TODAY
    assert verdict().fault is None


def test_three_wards_have_nobody_named_and_three_name_somebody_who_has_gone() -> None:
    page = staffing.contacts_page(TODAY, EVERYTHING, TODAY)

    assert len(page.wards) == 147
    assert sorted(ward.name for ward in page.nobody) == ["Dullingham Villages", "East", "March West"]
    assert sorted(ward.name for ward in page.gone) == ["Bretton North", "Huntingdon East", "Isleham"]
    assert page.unreachable == []


def test_some_leave_in_the_months_to_come_three_soon_enough_to_be_forecast_and_some_could_follow() -> None:
    found = staffing.succession(
        staffing.structure_on(TODAY, policy_on(TODAY), EVERYTHING, TODAY), TODAY.replace(year=TODAY.year + 1)
    )

    lines = [each for each in found.lines() if each.places]
    assert {each.unit.code for each in lines} == {"CEN", "NOR", "SOU"}
    assert any(each.short for each in lines)
    assert any(not each.short for each in lines)
    forecast = staffing.forecast_on(TODAY, policy_on(TODAY), EVERYTHING)
    assert [each.post.ref for each in forecast] == ["CNO-SERGEANT-1", "HIS-PCSO-3", "MAR-PC-2"]
    words = [row.word for row in found.attachments(found.everything, None) if row.word]
    assert [word.verdict.label for word in words] == ["Ready for a post"]


def test_published_totals_of_wards_stand_beside_our_own_figures_and_what_is_odd_in_them_is_kept() -> None:
    month = published_months()[0]
    question = Question(month_of(month, LONDON), NOW, policy_on(TODAY), reason_book())

    found = published_teams(month, question, EVERYTHING)

    assert (len(published_months()), month) == (6, add_months(TODAY.replace(day=1), -1))
    assert {row.ours.code for row in found if row.ours} == {"ELY", "SOH"}
    assert all(row.rate and row.figures and row.figures.rate for row in found)
    assert [row.team for row in found if row.fte_missing] == ["Downham Villages"]
    twice = PublishedName(month, "East Cambridgeshire", "Soham North", "E05002730")
    assert any(row.also_lines for row in published_figure(twice, Part.ABSTRACTED, TODAY, EVERYTHING).rows)


def minuted_by(line: panels.PanelLine) -> list[panels.Minuted]:
    """What issued minutes of a panel decided about its priorities."""
    return panels.minuted([row.id for row in line.priorities], LONDON, drafts=False)


def test_northerns_ten_panels_have_seats_attendance_minutes_of_the_last_meeting_and_an_agenda_of_the_next() -> None:
    northern = [
        line
        for line in panels.panels_on(EVERYTHING, TODAY, policy_on(TODAY), LONDON)
        if line.lead.bcu_name == "Northern" and line.live
    ]

    assert (len(northern), len({team.id for line in northern for team in line.teams})) == (10, 8)
    for line in northern:
        last = line.past[0].sitting
        assert panels.seats_of(line.id), line.code
        assert all(each.presence for each in panels.came_to(last.id, line.id, last.on)), line.code
        [minutes] = panels.minutes_of(last.id, drafts=False)
        assert minutes.decisions, line.code
        assert all(panels.agenda_of(row.sitting.id) for row in line.to_come), line.code
        said = {(each.item.priority_id, each.sitting.id, each.item.number) for each in minuted_by(line)}
        decided = [row for row in line.priorities if row.adopted_at_id is not None]
        assert decided, line.code
        assert {(row.id, row.adopted_at_id, row.minute_ref) for row in decided} <= said, line.code
    page = panels.authority_page(EVERYTHING, TODAY, policy_on(TODAY))
    assert {row.wrong for row in page.members} == {None, "fewer than 2", "more than 3"}
    assert {each.bcu.name: each.missed for each in page.forums} == {"Central": 1, "Northern": 0, "Southern": None}
