"""The pages of priorities: who is offered what, what a chair reads, and how they sign. On both databases."""

import html
import re
import time

import pytest
from flask.testing import FlaskClient
from sqlalchemy import update
from werkzeug.test import TestResponse

from npt.core.db import session, transaction
from npt.panels import queries, services
from npt.panels.models import CommunityFeedback, Priority
from npt.panels.rules.vocabulary import ChairType, Office, PriorityState
from npt.panels.services import NewTerm
from npt.policy.queries import policy_on
from npt.problem_solving import services as plans
from npt.problem_solving.rules.vocabulary import Stage
from npt.problem_solving.services import NewMarking
from tests import make
from tests.conftest import NOW, TODAY, SignIn, post, token_of
from tests.panels.asked import LONDON, Asked, plan_of
from tests.staffing.test_views_units import statements

pytestmark = pytest.mark.usefixtures("session")


@pytest.fixture
def asked(session: object) -> Asked:
    return Asked()


@pytest.fixture
def chair(asked: Asked, sign_in: SignIn) -> FlaskClient:
    return fresh(sign_in(asked.user("chair")))


def fresh(browser: FlaskClient) -> FlaskClient:
    """Somebody who gave their password just now."""
    with browser.session_transaction() as cookie:
        cookie["fs_paa"] = time.time()
    return browser


def words(answer: TestResponse) -> str:
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", answer.text)))


def address(priority: Priority, what: str = "") -> str:
    return f"/panels/priorities/{priority.id}{what}"


def consent(asked: Asked, minute: str = "6.2", **votes: str) -> str:
    said = "&".join(f"{name}={value}" for name, value in (votes or {"unanimous": "y"}).items())
    return f"?meeting_id={asked.meeting.id}&minute_ref={minute}&{said}"


def test_a_sergeant_takes_a_priority_from_raised_to_put_forward(asked: Asked, sign_in: SignIn) -> None:
    sergeant = sign_in(asked.user("sergeant"))
    made = post(sergeant, "/panels/SV/priorities/new", title="Mopeds", detail="At night", source="", recommended="no")
    page = made.headers["Location"]
    post(sergeant, f"{page}/adopt", meeting_id=str(asked.meeting.id), minute_ref="6.3")
    post(
        sergeant,
        f"{page}/plan/new",
        team="SOH",
        problem="Mopeds round the car park",
        detail="Until midnight",
        problem_type="other",
    )
    post(sergeant, f"{page}/feedback/new", on=TODAY.strftime("%d/%m/%Y"), source="Survey", view="Too loud")
    post(sergeant, f"{page}/reviews/new", text="Still the first concern")
    done = post(sergeant, f"{page}/put-forward")

    assert done.status_code == 302
    shown = words(sergeant.get(page))
    for said in ("Put forward for sign-off", "minute 6.3", "Too loud", "Still the first concern", "Mopeds round the"):
        assert said in shown
    assert "asked to sign it off" in shown


def test_what_is_refused_is_said_beside_its_field_and_nothing_typed_is_lost(asked: Asked, chair: FlaskClient) -> None:
    priority = asked.raised()
    answer = post(chair, address(priority, "/decline"), meeting_id=str(asked.meeting.id), minute_ref="6.9", reason="")

    assert answer.status_code == 200
    assert "Enter why" in words(answer)
    assert 'value="6.9"' in answer.text


def test_a_fourth_priority_is_warned_of_and_adopted(asked: Asked, chair: FlaskClient) -> None:
    for title in ("One", "Two", "Three"):
        asked.adopted(title)
    fourth = asked.raised("Four")

    assert "With this one the panel has 4 priorities" in words(chair.get(address(fourth, "/adopt")))
    post(chair, address(fourth, "/adopt"), meeting_id=str(asked.meeting.id), minute_ref="6.2")
    assert asked.state(fourth) is PriorityState.ADOPTED


def test_a_chair_reads_everything_and_signs_what_they_read(asked: Asked, chair: FlaskClient) -> None:
    priority = asked.forward()
    home = words(chair.get("/panels/SV"))
    assert "“Speeding on Fordham Road” is put forward for sign-off." in home
    read = words(chair.get(address(priority, "/decide")))
    for said in (
        "What residents asked Cars past the school",
        "Lock the gate at night (Parish council)",
        "Half as many calls",
        "No comparison: cannot be told from the trend",
        "Cars are slower, most say",
        "Everything needed is here.",
        "I, Margaret Holt, chair (Independent) of Soham and Villages panel",
    ):
        assert said in read
    shown = chair.get(address(priority, f"/sign-off{consent(asked)}"))
    seen = re.search(r'name="seen" value="(\w+)"', shown.text)
    assert seen
    assert "The panel's consent: unanimously, at its meeting of 15 October 2026, minute 6.2." in words(shown)
    done = post(chair, address(priority, f"/sign-off{consent(asked)}"), seen=seen[1])
    assert done.headers["Location"].endswith("/decided")
    after = words(chair.get(address(priority, "/decided")))
    assert "A supervisor of the neighbourhood team closes the plan" in after
    page = asked.page(priority)
    assert page.signature is not None
    sheet = words(chair.get(address(priority, f"/signatures/{page.signature.id}")))
    assert page.signature.sha256 in sheet


def test_what_was_signed_is_set_smaller_the_longer_it_is(asked: Asked, chair: FlaskClient) -> None:
    for letters, size in ((10, 'npt-sheet"'), (3900, "npt-sheet--long"), (4000, "npt-sheet--longest")):
        priority = asked.forward(title=f"Speeding {letters}")
        with transaction():
            session.execute(update(Priority).where(Priority.id == priority.id).values(detail="x" * letters))
            session.execute(update(CommunityFeedback).values(view="y" * (letters if size.endswith("est") else 10)))
        asked.sign(priority)
        [signed] = asked.page(priority).signatures
        assert size in chair.get(address(priority, f"/signatures/{signed.id}")).text


def test_signing_needs_a_recent_sign_in_and_goes_on_where_it_was(asked: Asked, sign_in: SignIn) -> None:
    priority = asked.forward()
    user = make.user(asked.user("chair").role, "SV", email="v@demo.example", password="lantern orchard 57 kettle")
    with transaction():
        ended = TODAY.replace(day=TODAY.day - 1)
        services.end_term(asked.terms_held[1].id, ended, actor=asked.actor("sergeant"), at=NOW)
        new = NewTerm("Vera Vale", "v@demo.example", Office.VICE_CHAIR, ChairType.COUNCIL, TODAY)
        services.appoint("SV", new, actor=asked.actor("sergeant"), at=NOW, on=TODAY)
    vice = sign_in(user)
    wanted = address(priority, f"/sign-off{consent(asked, votes_for='7', votes_against='1', votes_abstained='0')}")
    asked_for = vice.get(wanted)

    assert asked_for.headers["Location"].startswith("/verify?next=")
    wrong = post(vice, asked_for.headers["Location"], password="not mine at all")
    assert "This is not your password" in words(wrong)
    right = post(vice, asked_for.headers["Location"], password="lantern orchard 57 kettle")
    assert right.headers["Location"] == wanted
    assert "with 7 for, 1 against and 0 abstained" in words(vice.get(wanted))


def test_what_is_missing_is_listed_with_who_mends_it_and_a_link_for_whoever_may(
    asked: Asked, chair: FlaskClient, sign_in: SignIn
) -> None:
    priority = asked.started(Stage.RESPONSE)
    with transaction():
        services.put_forward(priority.id, actor=asked.actor("sergeant"), at=NOW)
    read = words(chair.get(address(priority, "/decide")))

    assert "the plan is at response: what came of it has not been assessed".lower() in read.lower()
    assert read.count("for the neighbourhood team to mend") == 2
    assert "What you will sign" not in read
    shown = chair.get(address(priority, "/decide")).text
    assert shown.count("see how it stands") == 2
    assert f'href="{address(priority)}#community"' in shown
    sergeant = sign_in(asked.user("sergeant"))
    read, plan = sergeant.get(address(priority, "/decide")).text, plan_of(asked, priority)
    assert f'href="{address(priority, "/feedback/new")}"' in read
    assert f'href="/plans/{plan}"' in read
    at_the_end = asked.started(title="Mopeds")
    asking = sergeant.get(address(at_the_end, "/put-forward")).text
    assert "What the community says is not recorded" in asking
    assert f'href="{address(at_the_end, "/feedback/new")}"' in asking
    answer = chair.get(address(priority, f"/sign-off{consent(asked)}"))
    assert "There is a problem" in words(answer)


def test_a_chair_refuses_or_puts_off_after_a_page_that_asks(asked: Asked, chair: FlaskClient) -> None:
    priority = asked.forward()
    check = post(chair, address(priority, "/defer"), meeting_id=str(asked.next.id), reason="Ask the parish")
    assert "Put off to 10 December 2026, 6:00pm" in words(check)
    post(chair, address(priority, "/defer"), meeting_id=str(asked.next.id), reason="Ask the parish", step="confirm")
    assert asked.state(priority) is PriorityState.DEFERRED
    assert "The panel decides at its meeting of 10 December 2026" in words(chair.get(address(priority, "/decided")))
    assert "Enter why" in words(post(chair, address(priority, "/refuse"), reason=""))
    assert "Check before you confirm" in words(post(chair, address(priority, "/refuse"), reason="Still loud"))
    post(chair, address(priority, "/refuse"), reason="Still loud", step="confirm")
    assert asked.state(priority) is PriorityState.IN_PROGRESS
    assert "Still loud" in words(chair.get(address(priority, "/decided")))


def test_nobody_out_of_office_signs_and_a_pc_decides_nothing(asked: Asked, sign_in: SignIn) -> None:
    priority = asked.forward()
    sergeant, pc = (fresh(sign_in(asked.user(who))) for who in ("sergeant", "pc"))

    assert sergeant.get(address(priority, f"/sign-off{consent(asked)}")).status_code == 404
    assert sergeant.get(address(priority, "/refuse")).status_code == 404
    assert "Only whoever is chair or vice-chair" in words(sergeant.get(address(priority, "/decide")))
    assert pc.get(address(priority, "/decide")).status_code == 404
    assert pc.get(address(priority)).status_code == 200


def test_a_chair_of_another_panel_does_not_find_it(asked: Asked, sign_in: SignIn) -> None:
    priority = asked.signed()
    make.panel(asked.soham, code="OT", name="Other")
    other = sign_in(make.user(asked.user("chair").role, "OT"))

    for what in ("", "/decide", "/sign-off", "/decided", "/signatures/1"):
        assert other.get(address(priority, what)).status_code == 404


def test_a_meeting_and_a_priority_lead_to_each_other_and_a_plan_to_its_priority(
    asked: Asked, chair: FlaskClient, sign_in: SignIn
) -> None:
    priority = asked.signed()
    meeting = chair.get(f"/panels/meetings/{asked.meeting.id}").text
    assert f'href="{address(priority)}"' in meeting
    assert "Signed off" in meeting
    assert f'href="/panels/meetings/{asked.meeting.id}"' in chair.get(address(priority)).text
    plan = asked.page(priority).plan
    assert plan
    inspector = sign_in(asked.user("inspector"))
    assert f"/panels/plans/{plan.ref}/priority" in inspector.get(f"/plans/{plan.ref}").text
    assert inspector.get(f"/panels/plans/{plan.ref}/priority").headers["Location"] == address(priority)
    assert inspector.get(f"/panels/priorities/named/{priority.ref}").headers["Location"] == address(priority)


def test_what_the_team_does_is_on_the_chairs_first_page_at_once(asked: Asked, chair: FlaskClient) -> None:
    priority = asked.started(Stage.SCANNING)
    plan = asked.page(priority).plan
    assert plan
    with transaction():
        plans.add_update(plan.ref, "The sign is in sight again", actor=asked.actor("pc"), at=NOW)

    home = words(chair.get("/panels/SV"))
    assert "“Speeding on Fordham Road”: The sign is in sight again" in home
    assert "“Speeding on Fordham Road”: work started on a plan" in home
    assert "Nothing waits for your signature." in home


def test_a_page_of_a_panel_asks_no_more_for_more_priorities(asked: Asked) -> None:
    def asked_of() -> int:
        page = queries.panel_page("SV", asked.actor("chair").scope, TODAY, policy_on(TODAY), LONDON)
        with statements() as seen:
            queries.told_of(page.panel, NOW)
        return len(seen)

    asked.signed()
    before = asked_of()
    for title in ("Mopeds", "Litter"):
        asked.started(Stage.SCANNING, title)

    assert asked_of() == before


def test_a_token_is_asked_for(asked: Asked, chair: FlaskClient) -> None:
    priority = asked.forward()
    token_of(chair)

    assert chair.post(address(priority, f"/sign-off{consent(asked)}"), data={"seen": "0"}).status_code == 400


def test_of_a_restricted_plan_a_chair_reads_figures_and_result_and_nothing_else(
    asked: Asked, chair: FlaskClient
) -> None:
    priority = asked.forward()
    plan = asked.page(priority).plan
    assert plan
    with transaction():
        marking = NewMarking("Children could be known from it")
        plans.mark(plan.ref, marking, actor=asked.actor("sergeant"), at=NOW, on=TODAY)

    for what in ("", "/decide"):
        shown = words(chair.get(address(priority, what)))
        assert "Half as many calls" in shown
        assert "Lock the gate at night" not in shown
        assert "Speeding on Fordham Road: cars" not in shown
        assert "Children could be known" not in shown


def test_a_chair_of_several_panels_sees_on_their_list_what_waits_in_each(asked: Asked, sign_in: SignIn) -> None:
    priority = asked.forward()
    other = make.panel(asked.soham, code="OT", name="Other")
    both = make.user(asked.user("chair").role, asked.code, other.code)
    listed = sign_in(both).get("/panels")

    assert "“Speeding on Fordham Road” of Soham and Villages panel is put forward for sign-off." in words(listed)
    assert f'href="{address(priority)}"' in listed.text
