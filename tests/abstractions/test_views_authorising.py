"""What waits for an inspector, as the pages say it: authorised, afterwards or before, and declined."""

import re
from html import unescape

from flask.testing import FlaskClient

from npt.core.authority import Role
from npt.people.models import Person
from tests import make
from tests.abstractions.pages import FEBRUARY, NEW, entries, form
from tests.conftest import SignIn, post, token_of


def waiting(sergeant: FlaskClient, rahman: Person, **more: str) -> str:
    post(sergeant, NEW, **form(rahman, **FEBRUARY | {"ends_at_clock": "20:30"} | more))
    return entries()[-1].ref


def test_what_must_be_authorised_is_said_to_wait_and_stands_in_the_inspector_s_queue(
    sergeant: FlaskClient, inspector: FlaskClient, rahman: Person
) -> None:
    ref = waiting(sergeant, rahman)

    home = sergeant.get("/").text
    queue = inspector.get("/to-authorise/").text

    assert "It waits for an inspector to authorise it: it is longer than 12 hours." in home
    assert "Awaiting authorisation" in home
    assert f"/to-authorise/{ref}/authorise" in queue
    assert "It is longer than 12 hours" in queue
    assert re.search(r'To authorise\s*<span class="npt-count">1</span>', inspector.get("/").text)
    assert ref in inspector.get("/to-authorise/?format=csv").text
    assert inspector.get("/to-authorise/?format=xlsx").status_code == 200
    assert sergeant.get("/to-authorise/").status_code == 404


def decide(browser: FlaskClient, ref: str, what: str, **typed: str) -> str:
    path = f"/to-authorise/{ref}/{what}"
    seen = re.findall(r'name="seen"[^>]*value="([^"]*)"', browser.get(path).text)
    sent = {"csrf_token": token_of(browser, "/password"), "seen": seen[0] if seen else "", **typed}
    return unescape(browser.post(path, data=sent, follow_redirects=True).text)


def test_an_inspector_authorises_and_the_list_counts_it(
    sergeant: FlaskClient, inspector: FlaskClient, rahman: Person
) -> None:
    ref = waiting(sergeant, rahman)

    done = decide(inspector, ref, "authorise", note="For the festival")

    assert "Authorised: the entry of PC 1432 A. Rahman." in done
    assert "Nothing waits for you." in done
    asked = "first=2027-02-01&last=2027-02-28&authorisation="
    assert ref in inspector.get(f"/abstractions/?{asked}authorised&format=csv").text
    assert ref not in inspector.get(f"/abstractions/?{asked}awaiting&format=csv").text
    entry = inspector.get(f"/abstractions/entries/{ref}").text
    assert "Authorised: Insp Vale, " in entry
    assert "For the festival" in entry
    assert "not waiting for authorisation: authorised" in inspector.get(f"/to-authorise/{ref}/authorise").text


def test_what_has_begun_asks_why_it_could_not_wait(
    sergeant: FlaskClient, inspector: FlaskClient, rahman: Person
) -> None:
    past = {"starts_at_day": "2026-10-10", "ends_at_day": "2026-10-10"}
    ref = waiting(sergeant, rahman, **past)

    silent = decide(inspector, ref, "authorise")
    done = decide(inspector, ref, "authorise", afterwards_why="A stabbing in Ely")

    assert "It has begun already: enter why it could not wait" in silent
    assert "Authorised afterwards: the entry of PC 1432 A. Rahman." in done


def test_a_declined_plan_is_cancelled_and_listed_as_declined(
    sergeant: FlaskClient, inspector: FlaskClient, rahman: Person
) -> None:
    ref = waiting(sergeant, rahman)

    silent = decide(inspector, ref, "decline")
    done = decide(inspector, ref, "decline", reason="The team cannot spare him")

    assert "Enter why it is declined" in silent
    assert "Declined: the entry of PC 1432 A. Rahman. It is cancelled." in done
    asked = "first=2027-02-01&last=2027-02-28"
    assert ref in inspector.get(f"/abstractions/?{asked}&authorisation=declined&format=csv").text
    assert ref not in inspector.get(f"/abstractions/?{asked}&format=csv").text
    assert "The team cannot spare him" in sergeant.get("/").text


def test_an_entry_is_declined_with_a_reason_where_it_could_be_authorised(
    sergeant: FlaskClient, inspector: FlaskClient, rahman: Person
) -> None:
    ref = waiting(sergeant, rahman)

    page = unescape(inspector.get(f"/to-authorise/{ref}/authorise").text)
    declining = page[page.index("Or decline it") :]
    [address] = re.findall(r'action="([^"]+)"', declining[: declining.index("</form>")])
    hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', declining))
    answer = inspector.post(address, data={**hidden, "reason": "The team cannot spare him"})

    assert "It has not begun, so it will be cancelled with your reason." in declining
    assert 'name="reason"' in declining
    assert answer.status_code == 302
    assert entries()[-1].cancel_reason == "Declined: The team cannot spare him"


def test_an_inspector_does_not_decide_what_they_logged_nor_another_area_s(
    sergeant: FlaskClient, inspector: FlaskClient, sign_in: SignIn, rahman: Person
) -> None:
    ref = waiting(inspector, rahman)
    other = waiting(sergeant, rahman, starts_at_day="2027-02-17", ends_at_day="2027-02-17")
    stranger = sign_in(make.user(Role.INSPECTOR, make.sector().code))

    queue = inspector.get("/to-authorise/").text
    page = inspector.get(f"/to-authorise/{ref}/authorise").text

    mine, others = queue[queue.index("<table") :].split("For somebody else to decide")
    assert (other in mine, ref in mine, other in others, ref in others) == (True, False, False, True)
    assert "1 entry waiting for you" in mine
    assert "1 entry waiting for somebody else" in others
    assert "Somebody else must decide this: you logged it" in others
    assert re.search(r'To authorise\s*<span class="npt-count">1</span>', inspector.get("/").text)
    assert "Somebody else must decide this: you logged it" in page
    assert "<textarea" not in page
    assert 'name="note"' not in page
    assert "Somebody else must decide this" in decide(inspector, ref, "authorise", note="Mine")
    assert stranger.get(f"/to-authorise/{ref}/authorise").status_code == 404
    assert "Nothing waits for you." in stranger.get("/to-authorise/").text
