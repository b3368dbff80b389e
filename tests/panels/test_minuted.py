"""What minutes say of a priority and what the priority says itself are one: recorded together, linked both ways."""

import datetime as dt

import pytest
from flask.testing import FlaskClient
from sqlalchemy import update
from sqlalchemy.exc import NoResultFound

from npt.core.db import session, transaction
from npt.core.errors import Refused
from npt.panels import queries, services
from npt.panels.models import Priority
from npt.panels.rules.minuted import (
    About,
    Held,
    Standing,
    Taken,
    obstacles_to_carrying,
    obstacles_to_minute,
    obstacles_to_order,
    standing,
)
from npt.panels.rules.minutes import DecisionKind, Item
from npt.panels.rules.vocabulary import EventKind, PriorityState
from npt.panels.services import Decision
from npt.problem_solving.models import Plan
from tests import make
from tests.conftest import NOW, TODAY, SignIn, post
from tests.panels.asked import LONDON, Asked, close, plan_of
from tests.panels.test_views_priorities import address, words

DAY = dt.timedelta(days=1)
HELD = Held(5, NOW - DAY)
D, S, K = DecisionKind, PriorityState, EventKind


@pytest.fixture
def asked(session: object) -> Asked:
    return Asked()


def about(state: PriorityState, adopted_at_id: int | None = None) -> About:
    return About(1, "Speeding", state, adopted_at_id)


@pytest.mark.parametrize(
    ("decision", "of", "steps", "issued", "stands"),
    [
        (D.ADOPT, about(S.RAISED), [], False, Standing.ON_ISSUE),
        (D.ADOPT, about(S.RAISED), [], True, Standing.OPEN),
        (D.ADOPT, about(S.ADOPTED, 5), [Taken(K.ADOPTED, NOW, 5)], True, Standing.DONE),
        (D.ADOPT, about(S.ADOPTED, 4), [Taken(K.ADOPTED, NOW, 4)], True, Standing.OPEN),
        (D.ADOPT, about(S.IN_PROGRESS, 5), [], True, Standing.DONE),
        (D.DECLINE, about(S.DECLINED, 5), [], True, Standing.DONE),
        (D.DECLINE, about(S.IN_PROGRESS, 5), [], False, Standing.ON_ISSUE),
        (D.CONSENT, about(S.PUT_FORWARD), [], True, Standing.CHAIRS),
        (D.CONSENT, about(S.IN_PROGRESS), [], True, Standing.NOT_YET),
        (D.CONSENT, about(S.SIGNED_OFF), [Taken(K.SIGNED_OFF, NOW, 5)], True, Standing.DONE),
        (D.REFUSE, about(S.IN_PROGRESS), [Taken(K.REFUSED, NOW, None)], True, Standing.DONE),
        (D.REFUSE, about(S.PUT_FORWARD), [Taken(K.REFUSED, NOW - 2 * DAY, None)], True, Standing.CHAIRS),
        (D.DEFER, about(S.DEFERRED), [Taken(K.DEFERRED, NOW, 6)], True, Standing.DONE),
        (D.WITHDRAW, about(S.IN_PROGRESS), [], True, Standing.CHAIRS),
        (D.WITHDRAW, about(S.WITHDRAWN), [Taken(K.WITHDRAWN, NOW, 5)], True, Standing.DONE),
        (D.OTHER, about(S.IN_PROGRESS), [], True, None),
        (None, about(S.IN_PROGRESS), [], True, None),
    ],
)
def test_where_a_decision_in_the_minutes_stands_on_the_priority_it_is_about(
    decision: DecisionKind | None, of: About, steps: list[Taken], issued: bool, stands: Standing | None
) -> None:
    assert standing(Item("6.1", "x", decision=decision, priority_id=1), HELD, of, steps, issued=issued) is stands


@pytest.mark.parametrize(
    ("item", "of", "wrong"),
    [
        (Item("6", "x", None, D.ADOPT), about(S.RAISED), []),
        (Item("6", "x", None, D.ADOPT), about(S.DECLINED), ["decision"]),
        (Item("6", "x", None, D.DECLINE), about(S.RAISED), ["text"]),
        (Item("6", "x", "Left to the council", D.DECLINE), about(S.RAISED), []),
        (Item("6", "x", None, D.DECLINE), about(S.IN_PROGRESS), ["decision", "text"]),
        (Item("6", "x", None, D.ADOPT), about(S.IN_PROGRESS, 5), []),
        (Item("6", "x", None, D.WITHDRAW), about(S.RAISED), []),
    ],
)
def test_minutes_adopt_and_decline_only_what_was_there_to_be_decided_on(
    item: Item, of: About, wrong: list[str]
) -> None:
    assert [reason.field for reason in obstacles_to_carrying(item, HELD, of, [])] == wrong


def test_a_decision_stands_on_an_item_there_is_and_lets_go_of_nothing_before_it_was_asked_for() -> None:
    assert list(obstacles_to_minute("6.2", ["6.1", "6.2"], TODAY)) == []
    assert list(obstacles_to_minute("anything", [], TODAY)) == []
    assert [reason.field for reason in obstacles_to_minute("9.9", ["6.2"], TODAY)] == ["minute_ref"]
    assert list(obstacles_to_order(TODAY, TODAY)) == []
    assert [reason.field for reason in obstacles_to_order(TODAY, TODAY + DAY)] == ["meeting_id"]


def write(asked: Asked, *items: Item, issue: bool = True, who: str = "sergeant") -> None:
    """Write items into the minutes of the panel's last meeting."""
    actor = asked.actor(who)
    with transaction():
        services.start_minutes(asked.meeting.id, actor=actor, at=NOW)
        for item in items:
            services.add_minute(asked.meeting.id, item, actor=actor, at=NOW)
    if issue:
        with transaction():
            services.issue_minutes(asked.meeting.id, actor=actor, at=NOW, on=TODAY, zone=LONDON)


def of(priority: Priority, number: str, decision: DecisionKind, text: str | None = "Nine to none") -> Item:
    return Item(number, "x", text, decision, priority_id=priority.id)


def withdraw(asked: Asked, priority: Priority, who: str, minute: str = "6.2") -> None:
    decision = Decision(asked.meeting.id, minute, "The road is closed for a year")
    with transaction():
        services.withdraw_priority(priority.id, decision, actor=asked.actor(who), at=NOW, on=TODAY, zone=LONDON)


class TestIssuingMinutes:
    def test_records_on_the_priorities_what_the_panel_adopted_and_declined(self, asked: Asked) -> None:
        adopted, declined = asked.raised(), asked.raised("Parking")
        write(asked, of(adopted, "6.11", D.ADOPT, None), of(declined, "6.12", D.DECLINE, "Left to the council"))

        for priority, state, kind, minute, why in (
            (adopted, S.ADOPTED, K.ADOPTED, "6.11", None),
            (declined, S.DECLINED, K.DECLINED, "6.12", "Left to the council"),
        ):
            page = asked.page(priority)
            step = page.events[0]
            assert (page.priority.state, page.priority.minute_ref) == (state, minute)
            assert (step.kind, step.meeting_id, step.minute_ref, step.reason) == (kind, asked.meeting.id, minute, why)
        assert {each.standing for each in queries.minuted([adopted.id], LONDON, drafts=False) if each.standing} == {
            Standing.DONE
        }

    def test_records_nothing_twice_and_a_corrected_version_nothing_again(self, asked: Asked) -> None:
        priority = asked.adopted()
        write(asked, of(priority, "6.2", D.ADOPT))
        with transaction():
            services.correct_minutes(asked.meeting.id, "A slip", actor=asked.actor("sergeant"), at=NOW)
            services.issue_minutes(asked.meeting.id, actor=asked.actor("sergeant"), at=NOW, on=TODAY, zone=LONDON)

        assert [step.kind for step in asked.page(priority).events] == [K.ADOPTED, K.RAISED]

    def test_decides_nothing_that_is_the_chairs(self, asked: Asked) -> None:
        priority = asked.forward()
        asked.raised("Parking")
        write(asked, of(priority, "8.1", D.CONSENT), of(priority, "8.2", D.WITHDRAW), of(priority, "8.3", D.REFUSE))

        assert asked.state(priority) is S.PUT_FORWARD

    def test_is_refused_for_what_was_not_there_to_be_decided_on(self, asked: Asked) -> None:
        priority, going = asked.raised(), asked.started(title="Mopeds")
        with pytest.raises(Refused, match="only one that is recommended or raised"):
            write(asked, of(going, "9.1", D.DECLINE))
        with pytest.raises(Refused, match="why the panel declined"):
            write(asked, of(priority, "9.1", D.DECLINE, None))
        with pytest.raises(Refused, match=r"Items 9.1 and 9.2 decide on the same priority"):
            write(asked, of(priority, "9.1", D.ADOPT), of(priority, "9.2", D.DECLINE))
        assert asked.state(priority) is S.RAISED

    def test_is_refused_when_the_priority_was_decided_on_elsewhere_meanwhile(self, asked: Asked) -> None:
        priority = asked.raised()
        write(asked, of(priority, "9.1", D.ADOPT), issue=False)
        with transaction():
            session.execute(update(Priority).where(Priority.id == priority.id).values(state=S.DECLINED))

        with pytest.raises(Refused, match=r"Item 9\.1: this priority is declined"), transaction():
            services.issue_minutes(asked.meeting.id, actor=asked.actor("sergeant"), at=NOW, on=TODAY, zone=LONDON)


class TestADecision:
    def test_names_an_item_that_the_issued_minutes_have(self, asked: Asked) -> None:
        priority = asked.forward()
        write(asked, of(priority, "8.1", D.CONSENT))
        other = asked.raised("Parking")

        with pytest.raises(Refused, match=r"The minutes of 15 October 2026 have no item 6\.2"):
            asked.sign(priority)
        with pytest.raises(Refused, match=r"have no item 6\.2"), transaction():
            services.adopt_priority(
                other.id, asked.decision(), actor=asked.actor("chair"), at=NOW, on=TODAY, zone=LONDON
            )
        with pytest.raises(Refused, match=r"have no item 9\.9"):
            withdraw(asked, priority, "chair", "9.9")

    def test_to_let_go_is_not_taken_before_the_panel_asked_for_it(self, asked: Asked) -> None:
        priority = asked.forward()
        before = make.meeting(asked.panel, "2026-08-13 18:00")
        decision = Decision(before.id, "6.2", "Over")

        with pytest.raises(Refused, match="adopted it on 15 October 2026"), transaction():
            services.withdraw_priority(priority.id, decision, actor=asked.actor("chair"), at=NOW, on=TODAY, zone=LONDON)
        assert before.id not in {row.sitting.id for row in asked.page(priority).held_since}


class TestWithdrawing:
    @pytest.mark.parametrize("who", ["sergeant", "inspector"])
    def test_is_never_the_polices_whose_plan_it_would_set_free(self, asked: Asked, who: str) -> None:
        priority = asked.forward()

        with pytest.raises(Refused, match="Only the chair or vice-chair in office withdraws it"):
            withdraw(asked, priority, who)
        with pytest.raises(Refused, match="has not signed it off"):
            close(asked, plan_of(asked, priority))

    @pytest.mark.parametrize("who", ["chair", "vice"])
    def test_is_the_chairs_or_the_vice_chairs_in_office(self, asked: Asked, who: str) -> None:
        priority = asked.forward()
        withdraw(asked, priority, who)

        assert asked.state(priority) is S.WITHDRAWN

    def test_is_not_for_a_chair_whose_own_plan_it_is(self, asked: Asked) -> None:
        priority = asked.forward()
        chair = make.person(email="m.holt@demo.example")
        with transaction():
            session.execute(update(Plan).values(supervisor_id=chair.id))

        assert not asked.page(priority).lets_go
        with pytest.raises(Refused, match="another chair or vice-chair decides this"):
            withdraw(asked, priority, "chair")
        assert asked.page(priority, "vice").lets_go

    def test_of_another_panels_priority_is_not_found(self, asked: Asked) -> None:
        other = Asked("-2")
        priority = other.forward()

        with pytest.raises(NoResultFound):
            withdraw(asked, priority, "chair")


def test_a_sergeant_reads_what_issuing_records_and_a_priority_and_its_minute_lead_to_each_other(
    asked: Asked, sign_in: SignIn
) -> None:
    for title in ("One", "Two", "Three"):
        asked.adopted(title)
    priority = asked.raised()
    write(asked, of(priority, "6.11", D.ADOPT), issue=False)
    sergeant = sign_in(asked.user("sergeant"))
    path = f"/panels/meetings/{asked.meeting.id}/minutes"

    assert "Recorded on the priority when these minutes are issued" in words(sergeant.get(path))
    shown = words(sergeant.get(f"{path}/issue"))
    assert "Item 6.11: the panel adopted “Speeding on Fordham Road”" in shown
    assert "With these the panel has 4 priorities" in shown
    assert post(sergeant, f"{path}/issue").location == path
    minutes = sergeant.get(path).text
    assert 'id="item-6.11"' in minutes
    assert f"{address(priority)}#steps" in minutes
    page = sergeant.get(address(priority)).text
    assert page.count(f"{path}#item-6.11") == 3
    assert "What the minutes say of it" in page


def test_what_the_minutes_leave_to_the_chair_waits_on_their_first_page_and_is_filled_in(
    asked: Asked, sign_in: SignIn
) -> None:
    agreed, dropped = asked.forward(), asked.started(title="Mopeds")
    write(asked, of(agreed, "8.1", D.CONSENT), of(dropped, "8.2", D.WITHDRAW))
    chair, sergeant = sign_in(asked.user("chair")), sign_in(asked.user("sergeant"))

    home = words(chair.get("/panels/SV"))
    assert "The minutes of 15 October 2026, item 8.1 , say: consent to sign-off" in home
    assert "item 8.2 , say that the panel no longer asks for “Mopeds”" in home
    assert "Withdraw it : Mopeds" in home
    assert "Withdraw it : Mopeds" not in words(sergeant.get("/panels/SV"))
    read = chair.get(address(agreed, "/decide")).text
    assert 'value="8.1"' in read
    assert f'<option value="{asked.meeting.id}" selected' in read or f'selected value="{asked.meeting.id}"' in read
    asking = address(dropped, f"/withdraw?meeting_id={asked.meeting.id}&minute_ref=8.2")
    assert 'value="8.2"' in chair.get(asking).text
    assert sergeant.get(asking).status_code == 404
    sent = {"meeting_id": str(asked.meeting.id), "minute_ref": "8.2", "reason": "The road is closed"}
    assert post(chair, address(dropped, "/withdraw"), **sent).status_code == 302
    assert "no longer asks for “Mopeds”" not in words(chair.get("/panels/SV"))


def test_a_chair_is_told_of_what_happened_on_the_evening_of_the_last_meeting(asked: Asked, sign_in: SignIn) -> None:
    chair: FlaskClient = sign_in(asked.user("chair"))
    priority = asked.raised()
    evening = dt.datetime(2026, 10, 15, 20, 30, tzinfo=dt.UTC)
    with transaction():
        services.adopt_priority(
            priority.id, asked.decision(), actor=asked.actor("chair"), at=evening, on=evening.date(), zone=LONDON
        )

    home = words(chair.get("/panels/SV"))
    assert "What changed since your last meeting, 15 October 2026" in home
    assert "“Speeding on Fordham Road”: adopted by the panel 15 October 2026" in home
