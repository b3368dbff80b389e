"""A flag of a panel or a priority closes with what mends it, and does not ask until the next check for what is done."""

import datetime as dt
from collections.abc import Callable

import pytest

from npt.audit.queries import history
from npt.core.authority import system
from npt.core.db import session, transaction
from npt.core.periods import DAY
from npt.flags.models import Flag
from npt.flags.rules import FlagKind
from npt.panels import services
from npt.panels.rules.vocabulary import ChairType, MeetingStatus, Office
from npt.panels.services import HowItWent, NewTerm
from npt.policy.queries import policy_on
from tests import make
from tests.conftest import NOW, TODAY
from tests.panels.asked import LONDON, Asked, close, plan_of
from tests.problem_solving import make as plans

pytestmark = pytest.mark.usefixtures("session")


@pytest.fixture
def asked(session: object) -> Asked:
    made = Asked()
    made.sergeant_posted()
    return made


def judged(on: dt.date = TODAY) -> set[tuple[FlagKind, str]]:
    """Judge a day, and say what is flagged."""
    for check in (services.flag_panels, services.flag_priorities):
        with transaction():
            check(on, policy_on(on), LONDON, actor=system("test"), at=NOW)
    return flagged()


def flagged() -> set[tuple[FlagKind, str]]:
    open_ = session.query(Flag.kind, Flag.subject).filter(Flag.closed_on.is_(None)).all()
    session.rollback()
    return {(kind, subject) for kind, subject in open_}


def test_a_chair_in_office_closes_it_and_one_who_begins_later_or_a_vice_chair_does_not(asked: Asked) -> None:
    make.panel(asked.soham, code="NEW")
    without = (FlagKind.PANEL_WITHOUT_CHAIR, "NEW")
    assert without in judged()

    for office, first in ((Office.VICE_CHAIR, TODAY), (Office.CHAIR, TODAY + DAY)):
        appoint(asked, office, first)
        assert without in flagged()


def appoint(asked: Asked, office: Office, first: dt.date, last: dt.date | None = None) -> None:
    new = NewTerm("Ann Reed", f"a{first}@demo.example", office, ChairType.INDEPENDENT, first, last)
    with transaction():
        services.appoint("NEW", new, actor=asked.actor("sergeant"), at=NOW, on=TODAY)


def test_a_chair_appointed_closes_the_flag_of_a_panel_without_one_and_says_who_did(asked: Asked) -> None:
    make.panel(asked.soham, code="NEW")
    judged()

    appoint(asked, Office.CHAIR, TODAY)

    assert (FlagKind.PANEL_WITHOUT_CHAIR, "NEW") not in flagged()
    [flag] = session.query(Flag).filter(Flag.kind == FlagKind.PANEL_WITHOUT_CHAIR, Flag.subject == "NEW")
    newest = history(f"flag:{flag.id}")[0]
    assert (newest.event, newest.actor) == ("flag.closed", asked.actor("sergeant").name)


def test_a_meeting_recorded_closes_it_only_once_the_panel_is_no_longer_behind(asked: Asked) -> None:
    behind = (FlagKind.PANEL_BEHIND, asked.code)
    assert behind in judged()

    for number, day in enumerate(("2026-01-15", "2026-05-14", "2026-08-13")):
        assert behind in flagged()
        meeting = make.meeting(asked.panel, f"{day} 18:00", MeetingStatus.PLANNED)
        with transaction():
            went = HowItWent(20 + number, None)
            services.record_meeting(meeting.id, went, actor=asked.actor("sergeant"), at=NOW, terms=asked.terms())

    assert behind not in flagged()


def a_plan(asked: Asked, priority_id: int) -> None:
    ref = plans.plan(asked.soham, asked.actor("pc"))
    with transaction():
        services.tie_plan(priority_id, ref, actor=asked.actor("sergeant"), at=NOW, on=TODAY)


def a_review(asked: Asked, priority_id: int) -> None:
    with transaction():
        services.review_priority(priority_id, "As bad", actor=asked.actor("sergeant"), at=NOW, on=TODAY)


def a_withdrawal(asked: Asked, priority_id: int) -> None:
    with transaction():
        services.withdraw_priority(
            priority_id, asked.decision("Gone"), actor=asked.actor("chair"), at=NOW, on=TODAY, zone=LONDON
        )


WITHOUT, UNREVIEWED = FlagKind.PRIORITY_WITHOUT_PLAN, FlagKind.PRIORITY_NOT_REVIEWED


@pytest.mark.parametrize(
    ("mend", "left"), [(a_plan, {UNREVIEWED}), (a_review, {WITHOUT}), (a_withdrawal, set[FlagKind]())]
)
def test_a_plan_a_review_and_a_withdrawal_each_close_what_they_answer(
    asked: Asked, mend: Callable[[Asked, int], None], left: set[FlagKind]
) -> None:
    priority = asked.adopted()
    late = TODAY + 120 * DAY
    assert {kind for kind, subject in judged(late) if subject == priority.ref} == {WITHOUT, UNREVIEWED}

    mend(asked, priority.id)

    assert {kind for kind, subject in flagged() if subject == priority.ref} == left


def test_closing_the_plan_or_reopening_the_priority_closes_that_it_was_signed_off_and_not_closed(asked: Asked) -> None:
    first, second = asked.signed(), asked.signed("Motorcycles on the droves")
    waiting = {(FlagKind.SIGNED_OFF_NOT_CLOSED, each.ref) for each in (first, second)}
    assert waiting <= judged(TODAY + 30 * DAY)

    close(asked, plan_of(asked, first))
    with transaction():
        services.reopen_priority(second.id, "Back again", actor=asked.actor("sergeant"), at=NOW, on=TODAY)

    assert not waiting & flagged()
