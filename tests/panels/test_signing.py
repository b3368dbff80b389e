"""Signing a priority off: what stands in the way, what a signature keeps, that it is final: on both databases."""

import datetime as dt

import pytest
from sqlalchemy import text, update
from sqlalchemy.exc import DBAPIError

from npt.core import db
from npt.core.db import session, transaction
from npt.core.errors import Refused
from npt.panels import services
from npt.panels.models import PriorityEvent, Signature
from npt.panels.queries import seal_verdict
from npt.panels.rules.signing import Consent, Part
from npt.panels.rules.vocabulary import ChairType, Office, PriorityState
from npt.panels.services import NewFeedback
from npt.problem_solving import queries as plan_queries
from npt.problem_solving import services as plan_services
from npt.problem_solving.models import Plan
from npt.problem_solving.rules.vocabulary import Stage
from tests import make
from tests.conftest import NOW, TODAY
from tests.panels.asked import LONDON, Asked, close, plan_of
from tests.problem_solving import make as plans

pytestmark = pytest.mark.usefixtures("session")
DAY = dt.timedelta(days=1)


@pytest.fixture
def asked(session: object) -> Asked:
    return Asked()


def test_a_signature_keeps_the_text_its_hash_who_in_which_capacity_when_and_the_consent(asked: Asked) -> None:
    priority = asked.forward()
    new = asked.new_signature(priority, "vice", Consent(False, 7, 1, 2))
    with transaction():
        services.sign_off(priority.id, new, actor=asked.actor("vice"), at=NOW, on=TODAY, terms=asked.terms())

    signature = asked.page(priority).signature
    assert signature is not None
    assert (signature.signed_by, signature.office, signature.signed_at) == ("Robert Dunn", Office.VICE_CHAIR, NOW)
    assert (signature.sha256, signature.consent) == (new.seen, Consent(False, 7, 1, 2))
    for words in (
        "Speeding on Fordham Road",
        "What residents asked: Cars past the school",
        "at its meeting of 15 October 2026, minute 6.2",
        "Before: 20, 1 May 2026 to 31 July 2026. Afterwards: 10, 1 August 2026 to 31 October 2026.",
        "No comparison: cannot be told from the trend",
        "Half as many calls",
        "Cars are slower, most say",
        "with 7 for, 1 against and 2 abstained, at its meeting of 15 October 2026, minute 6.2",
        "I, Robert Dunn, vice-chair (Independent) of Soham and Villages panel, in office today, 12 November 2026",
    ):
        assert words in signature.text


class TestSigning:
    def parts(self, asked: Asked, priority: object, who: str = "chair") -> set[Part]:
        return {each.part for each in asked.page(priority, who).obstacles}  # type: ignore[arg-type]

    def test_has_nothing_in_its_way_when_everything_is_there(self, asked: Asked) -> None:
        assert self.parts(asked, asked.forward()) == set()

    def test_lists_every_obstacle_beforehand_and_refuses_with_all_of_them(self, asked: Asked) -> None:
        priority = asked.adopted()

        assert self.parts(asked, priority, "sergeant") == {Part.STATE, Part.PLAN, Part.FEEDBACK, Part.OFFICE}
        with pytest.raises(Refused) as refused:
            asked.sign(priority, "sergeant")
        assert len(refused.value.reasons) == 5

    @pytest.mark.parametrize("stage", [Stage.SCANNING, Stage.ANALYSIS, Stage.RESPONSE])
    def test_waits_until_the_plan_is_at_assessment(self, asked: Asked, stage: Stage) -> None:
        priority = asked.forward(stage)

        assert self.parts(asked, priority) == {Part.RESULT}
        with pytest.raises(Refused, match="has not been assessed"):
            asked.sign(priority)

    def test_waits_until_the_community_was_heard_since_the_last_action_was_done(self, asked: Asked) -> None:
        priority = asked.started()
        asked.heard(priority, TODAY - DAY)
        with transaction():
            services.put_forward(priority.id, actor=asked.actor("sergeant"), at=NOW)
        assert self.parts(asked, priority) == set()
        ref, sergeant = plan_of(asked, priority), asked.actor("sergeant")
        [action] = plan_queries.plan_page(ref, sergeant, TODAY).actions
        with transaction():
            plan_services.finish_action(ref, action.id, actor=sergeant, at=NOW, on=TODAY)

        assert self.parts(asked, priority) == {Part.FEEDBACK}
        with pytest.raises(Refused, match="last heard on 11 November 2026, before the last action of 12 November"):
            asked.sign(priority)
        asked.heard(priority)
        asked.sign(priority)

    @pytest.mark.parametrize(
        ("consent", "field"),
        [
            (Consent(False), "unanimous"),
            (Consent(True, 3, 0, 0), "unanimous"),
            (Consent(False, 3, None, None), "votes_against"),
            (Consent(False, 3, 3, 1), "votes_for"),
            (Consent(False, 2, 3, 0), "votes_for"),
            (Consent(False, -1, 0, 0), "votes_for"),
        ],
    )
    def test_asks_for_the_panels_consent(self, asked: Asked, consent: Consent, field: str) -> None:
        priority = asked.forward()
        new = asked.new_signature(priority, "chair", consent)

        with pytest.raises(Refused) as refused, transaction():
            services.sign_off(priority.id, new, actor=asked.actor("chair"), at=NOW, on=TODAY, terms=asked.terms())

        assert field in {reason.field for reason in refused.value.reasons}

    @pytest.mark.parametrize("column", ["author_id", "owner_id", "supervisor_id"])
    def test_is_not_for_who_wrote_owns_or_supervises_the_plan(self, asked: Asked, column: str) -> None:
        priority = asked.forward()
        chair = make.person(email="m.holt@demo.example")
        with transaction():
            session.execute(update(Plan).values({column: chair.id}))

        assert self.parts(asked, priority) == {Part.INDEPENDENCE}
        with pytest.raises(Refused, match=r"You (wrote|supervise) this plan"):
            asked.sign(priority)
        asked.sign(priority, "vice")

    def test_is_not_for_a_police_chair_whose_team_works_the_plan(self, asked: Asked) -> None:
        inspector = asked.user("inspector")
        other = make.panel(asked.soham, code="PO", name="Police-led")
        make.chair(other, inspector.email, chair_type=ChairType.POLICE, name="Insp Frost")
        held = make.meeting(other, "2026-10-20 18:00")
        priority = make.priority(other, held, PriorityState.IN_PROGRESS, "Mopeds")
        ref = plans.plan(asked.soham, asked.actor("pc"), Stage.ASSESSMENT)
        with transaction():
            services.tie_plan(priority.id, ref, actor=asked.actor("sergeant"), at=NOW, on=TODAY)
        asked.heard(priority)
        with transaction():
            services.put_forward(priority.id, actor=asked.actor("sergeant"), at=NOW)

        assert self.parts(asked, priority, "inspector") == {Part.INDEPENDENCE}
        with pytest.raises(Refused, match="You supervise this plan or the team whose it is"):
            asked.sign(priority, "inspector")

    def test_signs_nothing_but_what_was_read(self, asked: Asked) -> None:
        priority = asked.forward()
        new = asked.new_signature(priority, "chair")
        with transaction():
            later = NewFeedback(TODAY, "Parish council", "No change, they say")
            services.add_feedback(priority.id, later, actor=asked.actor("sergeant"), at=NOW, on=TODAY)

        with pytest.raises(Refused, match="Something was changed since you read this"), transaction():
            services.sign_off(priority.id, new, actor=asked.actor("chair"), at=NOW, on=TODAY, terms=asked.terms())

    def test_refused_is_in_progress_again_and_deferred_still_waits(self, asked: Asked) -> None:
        priority = asked.forward()
        chair = asked.actor("chair")
        with pytest.raises(Refused, match="why the panel does not sign"), transaction():
            services.refuse_sign_off(priority.id, "", actor=chair, at=NOW, on=TODAY)
        with pytest.raises(Refused, match="a meeting of this panel that is planned"), transaction():
            services.defer_sign_off(priority.id, asked.meeting.id, "", actor=chair, at=NOW, on=TODAY, zone=LONDON)
        with transaction():
            day = services.defer_sign_off(
                priority.id, asked.next.id, "Ask the parish", actor=chair, at=NOW, on=TODAY, zone=LONDON
            )
        assert (day, asked.state(priority)) == ("10 December 2026", PriorityState.DEFERRED)
        with transaction():
            services.refuse_sign_off(priority.id, "Cars still race", actor=chair, at=NOW, on=TODAY)
        assert asked.state(priority) is PriorityState.IN_PROGRESS
        with pytest.raises(Refused, match="put forward"):
            asked.sign(priority)

    def test_reopened_is_another_step_and_another_signature_may_follow(self, asked: Asked) -> None:
        priority = asked.signed()
        ref = plan_of(asked, priority)
        with transaction():
            services.reopen_priority(priority.id, "They race again", actor=asked.actor("chair"), at=NOW, on=TODAY)
        assert (asked.state(priority), asked.page(priority).signature) == (PriorityState.IN_PROGRESS, None)
        with pytest.raises(Refused, match="has not signed it off"):
            close(asked, ref)
        with transaction():
            services.put_forward(priority.id, actor=asked.actor("sergeant"), at=NOW)
        asked.sign(priority, "vice")

        assert [line.signed_by for line in asked.page(priority).signatures] == ["Robert Dunn", "Margaret Holt"]

    def test_reopened_after_its_plan_was_closed_needs_another_plan(self, asked: Asked) -> None:
        priority = asked.signed()
        close(asked, plan_of(asked, priority))
        with transaction():
            services.reopen_priority(priority.id, "They race again", actor=asked.actor("sergeant"), at=NOW, on=TODAY)

        page = asked.page(priority)
        assert (page.priority.state, page.plan) == (PriorityState.ADOPTED, None)

    def test_and_closing_are_two_acts_of_two_people(self, asked: Asked) -> None:
        priority = asked.forward()
        ref = plan_of(asked, priority)
        with pytest.raises(Refused, match="the panel has not signed it off"):
            close(asked, ref)
        asked.sign(priority)
        with transaction():
            session.execute(update(Plan).values(signed_off_by_user_id=asked.user("inspector").id))
        with pytest.raises(Refused, match="another supervisor closes it"):
            close(asked, ref)
        close(asked, ref, "other sergeant")


class TestWhatIsFinal:
    @pytest.mark.parametrize("table", ["priority_events", "signatures"])
    @pytest.mark.parametrize("statement", ["UPDATE {} SET minute_ref = 'x'", "DELETE FROM {}"])
    def test_is_neither_changed_nor_deleted_by_the_database(self, asked: Asked, table: str, statement: str) -> None:
        asked.signed()

        with pytest.raises((Refused, DBAPIError), match="never changed"), transaction():
            session.execute(text(statement.format(table)))

    def test_holds_when_nobody_touched_it(self, asked: Asked) -> None:
        asked.signed()

        found = seal_verdict()
        assert (found.steps, found.signatures, found.fault) == (5, 1, None)

    @pytest.mark.parametrize(
        ("change", "said"),
        [
            (update(Signature).values(text="Something else"), "its text does not match its SHA-256"),
            (update(Signature).values(votes_for=9, votes_against=0, votes_abstained=0, unanimous=False), "signature"),
            (update(Signature).values(signed_by="Somebody"), "is not what the record says"),
            (update(PriorityEvent).values(reason="x"), "is not what the record says"),
            (text("DELETE FROM priority_events WHERE kind = 'adopted'"), "that is no longer there"),
            (text("DELETE FROM signatures"), "that is no longer there"),
            (text("UPDATE priorities SET state = 'signed_off' WHERE title = 'Mopeds'"), "nobody signed it"),
            (text("UPDATE plans SET signed_off_at = opened_at WHERE problem = 'Mopeds'"), "nobody signed it"),
        ],
    )
    def test_is_found_out_when_somebody_goes_round_the_database(self, asked: Asked, change: object, said: str) -> None:
        asked.signed()
        make.priority(asked.panel, asked.meeting, PriorityState.IN_PROGRESS, "Mopeds")
        plans.plan(asked.soham, asked.actor("pc"), problem="Mopeds")
        with transaction():
            unguarded()
            session.execute(change)  # type: ignore[call-overload]

        assert said in (seal_verdict().fault or "")


def unguarded() -> None:
    """What somebody with the database's own keys could do."""
    tables = ("priority_events", "signatures")
    if db.is_postgresql():
        for table in tables:
            session.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER {table}_are_final"))
        return
    for table in tables:
        for when in ("update", "delete", "insert"):
            session.execute(text(f"DROP TRIGGER {table}_are_final_{when}"))
