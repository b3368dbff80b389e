"""The open priorities of the BCU month: how many there were on its last day, and which."""

import datetime as dt

from sqlalchemy import select, update

from npt.core.authority import EVERYTHING, Role
from npt.core.db import session, transaction
from npt.panels.models import Priority, PriorityEvent
from npt.panels.queries import asked_of_teams
from npt.panels.rules.vocabulary import EventKind, PriorityState
from npt.problem_solving.models import Plan
from npt.reports import queries
from tests import make
from tests.conftest import SignIn
from tests.problem_solving import make as plans
from tests.reports.force import LATER, LONDON, SmallForce, october
from tests.reports.pages import OCTOBER, address, cells

LAST = dt.date(2025, 10, 31)


def took(priority: Priority, kind: EventKind, at: str) -> None:
    """A step of a priority."""
    make.keep(PriorityEvent(priority_id=priority.id, kind=kind, at=make.at(at), by="M. Holt", minute_ref="6.2"))


def titles(on: dt.date = LAST) -> list[str]:
    return [row.title for row in queries.bcu_priorities("N", on, EVERYTHING, LONDON).rows]


def test_a_priority_is_open_from_the_meeting_that_adopts_it_until_it_is_signed_off_or_withdrawn(
    force: SmallForce,
) -> None:
    panel = make.panel(force.soham)
    held, later = make.meeting(panel, "2025-10-02 18:00"), make.meeting(panel, "2025-11-02 18:00")
    make.priority(panel, held, PriorityState.IN_PROGRESS, "Going on")
    make.priority(panel, later, PriorityState.ADOPTED, "Adopted in November")
    make.priority(panel, title="Raised only")
    for title, day in (("Answered in October", "2025-10-31 23:59"), ("Answered in November", "2025-11-01 00:00")):
        took(make.priority(panel, held, PriorityState.SIGNED_OFF, title), EventKind.SIGNED_OFF, day)
    took(make.priority(panel, held, PriorityState.WITHDRAWN, "Let go of"), EventKind.WITHDRAWN, "2025-10-20 18:00")

    assert titles() == ["Answered in November", "Going on"]
    assert titles(dt.date(2025, 10, 1)) == []
    assert titles(dt.date(2025, 11, 2)) == ["Adopted in November", "Going on"]


def test_a_priority_that_was_opened_again_was_not_open_in_between(force: SmallForce) -> None:
    panel = make.panel(force.soham)
    priority = make.priority(panel, make.meeting(panel, "2025-08-02 18:00"), PriorityState.IN_PROGRESS)
    took(priority, EventKind.SIGNED_OFF, "2025-09-10 18:00")
    took(priority, EventKind.REOPENED, "2025-10-20 18:00")

    assert [len(titles(dt.date(2025, *day))) for day in ((9, 9), (9, 10), (10, 19), (10, 20), (11, 12))] == [
        1,
        0,
        0,
        1,
        1,
    ]


def test_a_priority_stands_under_the_team_of_its_plan_and_once_in_the_bcu(force: SmallForce, sign_in: SignIn) -> None:
    panel = make.panel(force.soham, force.ely)
    held = make.meeting(panel, "2025-10-02 18:00")
    make.priority(panel, held, PriorityState.IN_PROGRESS, "Led by Soham")
    answered = make.priority(panel, held, PriorityState.IN_PROGRESS, "Answered by Ely")
    ref = plans.plan(force.ely, plans.acting(Role.SERGEANT, force.ely))
    with transaction():
        plan_id = session.scalars(select(Plan.id).where(Plan.ref == ref)).one()
        session.execute(update(Priority).where(Priority.id == answered.id).values(plan_id=plan_id))

    month = queries.bcu_month("N", october(), LATER.date(), EVERYTHING)
    page = sign_in(make.user(Role.BCU_MANAGER, "N")).get(OCTOBER).text

    assert {line.unit.name: line.open_priorities for line in month.lines} == {"Ely": 1, "Soham": 1, "Chatteris": 0}
    assert month.report.total.open_priorities == 2
    assert cells(page, "Northern BCU")[-1] == "2"


def test_the_figure_leads_to_the_priorities_that_make_it_on_the_page_and_as_a_file(
    force: SmallForce, sign_in: SignIn
) -> None:
    panel = make.panel(force.soham, name="Soham and Villages")
    make.priority(panel, make.meeting(panel, "2025-10-02 18:00"), PriorityState.IN_PROGRESS, "Speeding", ref="Q-1")
    manager = sign_in(make.user(Role.BCU_MANAGER, "N"))
    month = manager.get(OCTOBER).text

    theirs, elsewhere = (address(month, team, "Open priorities") for team in ("Soham", "Ely"))

    assert "Open priorities on 31 October 2025 (1)" in manager.get(theirs).text
    assert "No panel had a priority of Ely open on 31 October 2025." in manager.get(elsewhere).text
    assert "Q-1,Speeding" in manager.get(f"{theirs}&format=csv").text
    assert manager.get(f"{OCTOBER}.csv").text.splitlines()[1].endswith(",1")
    assert manager.get("/bcu-month/N/priorities?team=XX").status_code == 404
    assert sign_in(make.user(Role.BCU_MANAGER, "S")).get(theirs).status_code == 404


def test_todays_open_priorities_are_those_that_the_teams_own_page_shows(force: SmallForce) -> None:
    panel = make.panel(force.soham)
    held = make.meeting(panel, "2025-10-02 18:00")
    for state in PriorityState:
        adopted = None if state in (PriorityState.RAISED, PriorityState.RECOMMENDED, PriorityState.DECLINED) else held
        priority = make.priority(panel, adopted, state, state.label)
        if state in (PriorityState.SIGNED_OFF, PriorityState.WITHDRAWN):
            took(priority, EventKind(state.value), "2025-10-20 18:00")

    shown = asked_of_teams([force.soham.id], EVERYTHING, LATER)

    assert titles(LATER.date()) == [row.title for row in shown]
    assert len(shown) == 5
