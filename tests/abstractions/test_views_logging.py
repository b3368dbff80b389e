"""Logging in two interactions, for several at once, with its effect said beforehand; and putting an entry right."""

import datetime as dt
import re
from collections.abc import Callable
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select

from npt import edge
from npt.abstractions.models import Abstraction
from npt.core.authority import Role
from npt.core.db import session as current
from npt.core.db import transaction
from npt.core.periods import to_minute
from npt.people.models import Person, Team
from npt.people.rules import PostingKind
from npt.policy.cli import start_policy
from tests import make
from tests.conftest import SignIn, post, token_of

NEW, SEVERAL, CHECK = "/abstractions/new", "/abstractions/several", "/abstractions/check"
TODAY = {"starts_at_day": "2026-11-10", "starts_at_clock": "07:00"}


@pytest.fixture
def soham(session: object) -> Team:
    with transaction():
        start_policy()
    return make.team(make.sector(make.bcu("SOU"), "ECA"), "SOH", "Soham")


@pytest.fixture
def rahman(soham: Team) -> Person:
    return make.posted(soham, collar_number="1432", surname="Rahman")


@pytest.fixture
def sergeant(sign_in: SignIn, soham: Team) -> FlaskClient:
    return sign_in(make.user(Role.SERGEANT, soham.code, name="Sgt Okafor"))


@pytest.fixture
def inspector(sign_in: SignIn, soham: Team) -> FlaskClient:
    return sign_in(make.user(Role.INSPECTOR, "ECA", name="Insp Vale"))


@pytest.fixture
def in_hours(app: Flask) -> Callable[[float], dt.datetime]:
    """The instant so many hours from now. Pages ask the real clock."""

    def moment(hours: float) -> dt.datetime:
        with app.app_context():
            return to_minute(edge.now() + dt.timedelta(hours=hours))

    return moment


def written(at: dt.datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M}"


def on_duty(who: Person, in_hours: Callable[[float], dt.datetime]) -> None:
    make.duty(who, written(in_hours(-3)), written(in_hours(5)))


def form(who: Person, **changed: str) -> dict[str, str]:
    typed = {
        "person_id": str(who.id),
        "reason": "custody",
        **TODAY,
        "returning": "back",
        "ends_at_day": "2026-11-10",
        "ends_at_clock": "09:30",
        "destination": "",
    }
    return {**typed, **changed}


def words(page: str) -> str:
    """What a page says, without its marks: a target in it is a link."""
    return " ".join(re.sub(r"</?a\b[^>]*>", "", page).split())


def entries() -> list[Abstraction]:
    current.expire_all()
    return list(current.scalars(select(Abstraction).order_by(Abstraction.id)))


def pressed(page: str, reason: str) -> dict[str, str]:
    """What the button of a reason sends: everything its form holds."""
    at_once = page[page.index('class="npt-at-once"') :]
    at_once = at_once[: at_once.index("</form>")]
    assert f'name="reason" value="{reason}"' in at_once
    return dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', at_once)) | {"reason": reason}


def test_somebody_on_duty_is_logged_with_one_link_and_one_button(
    sergeant: FlaskClient, rahman: Person, in_hours: Callable[[float], dt.datetime]
) -> None:
    on_duty(rahman, in_hours)
    home = sergeant.get("/").text
    [link] = re.findall(r'href="(/abstractions/new\?person=\d+)"', home)

    page = sergeant.get(link).text
    before = in_hours(0)
    answer = sergeant.post(link, data=pressed(page, "custody"))

    [entry] = entries()
    assert (answer.status_code, answer.location) == (302, "/")
    assert (entry.person_id, entry.reason, entry.ends_at) == (rahman.id, "custody", None)
    assert before <= entry.starts_at <= in_hours(0)
    assert "PC 1432 A. Rahman is away from now, for" in page
    assert "Soham:</strong>" in page


def test_only_those_on_duty_and_there_have_a_button(
    sergeant: FlaskClient, rahman: Person, soham: Team, in_hours: Callable[[float], dt.datetime]
) -> None:
    away, absent, off = (make.posted(soham) for _ in range(3))
    for who in (rahman, away, absent):
        on_duty(who, in_hours)
    make.abstraction(away, written(in_hours(-1)), None)
    make.absence(absent, written(in_hours(-2)), None)

    home = sergeant.get("/").text

    assert off.id
    assert re.findall(r"/abstractions/new\?person=(\d+)", home) == [str(rahman.id)]


def test_somebody_with_a_later_entry_is_logged_at_once_to_the_end_of_the_duty(
    sergeant: FlaskClient, rahman: Person, in_hours: Callable[[float], dt.datetime]
) -> None:
    on_duty(rahman, in_hours)
    make.abstraction(rahman, written(in_hours(48)), written(in_hours(50)))
    ends = in_hours(5)

    page = sergeant.get(f"{NEW}?person={rahman.id}").text
    current.expire_all()
    sergeant.post(NEW, data=pressed(page, "response"))

    assert "this one needs an end: the end of this duty" in page
    [entry] = [each for each in entries() if each.reason == "response"]
    assert entry.ends_at is not None
    assert abs(entry.ends_at - ends) <= dt.timedelta(minutes=1)


def test_the_reasons_a_user_logged_last_are_the_buttons(
    sergeant: FlaskClient, rahman: Person, in_hours: Callable[[float], dt.datetime]
) -> None:
    for day, reason in enumerate(("court", "aid", "event", "cid"), start=1):
        on = f"2026-10-0{day}"
        post(sergeant, NEW, **form(rahman, reason=reason, starts_at_day=on, ends_at_day=on))
        with transaction():
            entries()[-1].logged_at = make.at(f"{on} 09:30")

    page = sergeant.get(f"{NEW}?person={rahman.id}").text

    at_once = page[page.index('class="npt-at-once"') : page.index("Or for another reason")]
    assert re.findall(r'name="reason" value="(\w+)"', at_once) == ["cid", "event", "aid"]
    assert "Helping an enquiry team" in at_once


def test_a_refused_button_brings_the_whole_form_with_what_was_chosen(
    sergeant: FlaskClient, rahman: Person, in_hours: Callable[[float], dt.datetime]
) -> None:
    on_duty(rahman, in_hours)
    page = sergeant.get(f"{NEW}?person={rahman.id}").text
    make.abstraction(rahman, written(in_hours(-1)), None)

    refused = sergeant.post(NEW, data=pressed(page, "custody"))

    assert refused.status_code == 200
    assert "PC 1432 A. Rahman is already away" in refused.text
    assert f'value="{rahman.id}" checked' in refused.text
    assert 'value="custody" checked' in refused.text
    assert len(entries()) == 1


def test_the_address_names_who_and_when_as_the_week_does(sergeant: FlaskClient, rahman: Person) -> None:
    page = sergeant.get(f"{NEW}?person={rahman.id}&starts=2026-07-10T07:00&ends=2026-07-10T08:30%2B01:00").text

    assert f'value="{rahman.id}" checked' in page
    assert 'name="starts_at_day" type="date" value="2026-07-10"' in page
    assert 'name="starts_at_clock" type="time" value="07:00"' in page
    assert 'name="ends_at_clock" type="time" value="08:30"' in page
    assert 'value="back" checked' in page
    assert "npt-at-once" not in page


def test_what_the_address_cannot_mean_is_as_if_it_were_not_there(sergeant: FlaskClient, rahman: Person) -> None:
    stranger = make.posted(make.team(), surname="Stranger")
    plain = sergeant.get(NEW).text

    for asked in (
        f"person={stranger.id}",
        "person=abc",
        "starts=yesterday",
        "starts=9999-12-31T23:59",
        "ends=0001-01-01",
    ):
        page = sergeant.get(f"{NEW}?{asked}")
        assert page.status_code == 200
        assert "Stranger" not in page.text
        assert page.text.count(" checked") == plain.count(" checked")


def test_whoever_was_in_the_team_on_the_day_asked_for_is_offered_for_it(sergeant: FlaskClient, soham: Team) -> None:
    gone = make.person(surname="Gone")
    make.posting(gone, make.post(soham), last_day=dt.date(2026, 3, 31))

    page = sergeant.get(f"{NEW}?person={gone.id}&starts=2026-03-10T07:00").text
    answer = post(sergeant, NEW, **form(gone, starts_at_day="2026-03-10", ends_at_day="2026-03-10"))

    assert f'value="{gone.id}" checked' in page
    assert answer.status_code == 302
    assert f'value="{gone.id}"' not in sergeant.get(NEW).text


def a_month(who: Person) -> None:
    for day in range(16, 21):
        make.duty(who, f"2027-02-{day} 08:00", f"2027-02-{day} 18:00")


FEBRUARY = {
    "starts_at_day": "2027-02-16",
    "starts_at_clock": "08:00",
    "ends_at_day": "2027-02-16",
    "ends_at_clock": "13:00",
}


def test_check_says_what_it_would_do_and_who_must_authorise_it_and_saves_nothing(
    sergeant: FlaskClient, rahman: Person
) -> None:
    a_month(rahman)
    make.target("8")

    page = post(sergeant, NEW, **form(rahman, **FEBRUARY, step="check"))

    assert "February 2027 would go from 0.0 % to 10.0 % (target 8.0 %, over)." in words(page.text)
    assert "An inspector must authorise this." in page.text
    assert f'value="{rahman.id}" checked' in page.text
    assert entries() == []


def test_without_a_target_check_says_so(sergeant: FlaskClient, rahman: Person) -> None:
    a_month(rahman)

    page = " ".join(post(sergeant, NEW, **form(rahman, **FEBRUARY, step="check")).text.split())

    assert "February 2027 would go from 0.0 % to 10.0 %. No target set." in page
    assert "Nobody needs to authorise this." in page


def test_the_piece_of_the_page_says_the_same_as_one_types(sergeant: FlaskClient, rahman: Person, soham: Team) -> None:
    a_month(rahman)
    other = make.posted(soham)
    make.target("8")
    token = {"csrf_token": token_of(sergeant, NEW)}
    both = {name: value for name, value in form(rahman, **FEBRUARY).items() if name != "person_id"}

    one = words(sergeant.post(CHECK, data=form(rahman, **FEBRUARY) | token).text)
    several = sergeant.post(f"{CHECK}?several=yes", data=both | token | {"person_ids": [rahman.id, other.id]})
    nothing = sergeant.post(CHECK, data=token)
    refused = sergeant.post(CHECK, data=form(rahman, **FEBRUARY | {"ends_at_clock": "08:00"}) | token)

    assert "February 2027 would go from 0.0 % to 10.0 % (target 8.0 %, over)." in one
    assert "<html" not in one
    assert "would go from 0.0 % to 10.0 %" in " ".join(several.text.split())
    assert "Choose who and why" in nothing.text
    assert "The end must be after the start" in refused.text
    assert entries() == []


def test_a_projection_names_no_team_of_others(sergeant: FlaskClient, rahman: Person) -> None:
    a_month(rahman)
    ely = make.team(name="Ely")
    make.posting(rahman, make.post(ely), dt.date(2027, 2, 17), kind=PostingKind.ATTACHMENT)
    token = {"csrf_token": token_of(sergeant, NEW)}
    over_the_move = {**FEBRUARY, "starts_at_clock": "17:00", "ends_at_day": "2027-02-17", "ends_at_clock": "09:00"}

    text = sergeant.post(CHECK, data=form(rahman, **over_the_move) | token).text

    assert "Soham:</strong>" in text
    assert "Ely" not in text


def test_several_are_logged_with_one_form(sergeant: FlaskClient, rahman: Person, soham: Team) -> None:
    osei = make.posted(soham, collar_number="1500", surname="Osei")
    typed = {name: value for name, value in form(rahman).items() if name != "person_id"}

    answer = post(sergeant, SEVERAL, **typed, person_ids=[str(rahman.id), str(osei.id)])

    assert answer.status_code == 302
    assert [entry.person_id for entry in entries()] == [rahman.id, osei.id]
    home = sergeant.get("/").text
    assert "Logged: PC 1432 A. Rahman, PC 1500 A. Osei, Custody cover" in home


def test_when_one_of_several_cannot_be_logged_the_page_names_them_and_keeps_what_was_ticked(
    sergeant: FlaskClient, rahman: Person, soham: Team
) -> None:
    osei = make.posted(soham, collar_number="1500", surname="Osei")
    make.abstraction(osei, "2026-11-10 08:00", "2026-11-10 09:00")
    typed = {name: value for name, value in form(rahman).items() if name != "person_id"}

    refused = post(sergeant, SEVERAL, **typed, person_ids=[str(rahman.id), str(osei.id)])
    nobody = post(sergeant, SEVERAL, **typed)

    assert refused.status_code == 200
    assert '<a href="#person_ids">PC 1500 A. Osei is already away' in refused.text
    assert refused.text.count('type="checkbox" value="') >= 2
    assert len(re.findall(r'name="person_ids" type="checkbox" value="\d+" checked', refused.text)) == 2
    assert "Choose who is away" in nobody.text
    assert len(entries()) == 1


def changed(browser: FlaskClient, ref: str, **typed: str) -> str:
    """Open the page of a change, then send it with what is different."""
    path = f"/abstractions/{ref}/change"
    page = browser.get(path).text
    fields = dict(re.findall(r'name="(\w+)" type="(?:date|time|text|hidden)" value="([^"]*)"', page))
    fields |= dict(re.findall(r'name="(seen|csrf_token)"[^>]*value="([^"]*)"', page))
    [reason] = re.findall(r'<option value="(\w+)" selected', page)
    known = {"reason": reason, "returning": "back", **fields}
    return unescape(browser.post(path, data={**known, **typed}, follow_redirects=True).text)


def test_a_change_is_saved_with_its_reason_and_seen_in_the_history(sergeant: FlaskClient, rahman: Person) -> None:
    post(sergeant, NEW, **form(rahman))
    [entry] = entries()

    silent = changed(sergeant, entry.ref, ends_at_clock="10:00")
    page = changed(sergeant, entry.ref, ends_at_clock="10:00", why="Back later than logged")

    assert "Enter why it is changed" in silent
    assert "The entry of PC 1432 A. Rahman is changed." in page
    assert "Back later than logged" in page
    assert entries()[0].ends_at == make.at("2026-11-10 10:00")


def test_the_second_of_two_sergeants_is_told_what_the_first_changed_and_may_send_again(
    sergeant: FlaskClient, sign_in: SignIn, soham: Team, rahman: Person
) -> None:
    post(sergeant, NEW, **form(rahman))
    [entry] = entries()
    path = f"/abstractions/{entry.ref}/change"
    stale = re.findall(r'name="seen"[^>]*value="([^"]*)"', sergeant.get(path).text)[0]
    other = sign_in(make.user(Role.SERGEANT, soham.code, name="Sgt Reid"))
    changed(other, entry.ref, ends_at_clock="10:00", why="Relieved late")

    told = changed(sergeant, entry.ref, seen=stale, ends_at_clock="11:00", why="Mine")
    again = re.findall(r'name="seen"[^>]*value="([^"]*)"', told)[0]

    assert "Somebody changed this entry after you opened it. Nothing of yours was saved" in told
    assert "Sgt Reid" in told
    assert "ends at: 10 November 2026, 9:30am → 10 November 2026, 10:00am" in told
    assert 'value="11:00"' in told
    assert entries()[0].ends_at == make.at("2026-11-10 10:00")
    assert "is changed" in changed(sergeant, entry.ref, seen=again, ends_at_clock="11:00", why="Mine")


def test_an_entry_is_split_from_its_page(sergeant: FlaskClient, rahman: Person) -> None:
    post(sergeant, NEW, **form(rahman))
    [entry] = entries()
    path = f"/abstractions/{entry.ref}/split"
    [seen] = re.findall(r'name="seen"[^>]*value="([^"]*)"', sergeant.get(path).text)
    typed = {"divided_at_day": "2026-11-10", "divided_at_clock": "08:00", "first": "custody", "seen": seen}

    nothing = post(sergeant, path, **typed, second="custody", why="Sent on")
    answer = post(sergeant, path, **typed, second="cancelled", why="Came back")

    assert "else there is nothing to split" in nothing.text
    assert answer.status_code == 302
    assert [(e.ends_at, e.cancel_reason) for e in entries()] == [
        (make.at("2026-11-10 08:00"), None),
        (make.at("2026-11-10 09:30"), "Came back"),
    ]


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


def test_an_inspector_does_not_decide_what_they_logged_nor_another_area_s(
    inspector: FlaskClient, sign_in: SignIn, rahman: Person
) -> None:
    ref = waiting(inspector, rahman)
    stranger = sign_in(make.user(Role.INSPECTOR, make.sector().code))

    queue = inspector.get("/to-authorise/").text
    page = inspector.get(f"/to-authorise/{ref}/authorise").text

    assert "Somebody else must decide this: you logged it" in queue
    assert "Somebody else must decide this: you logged it" in page
    assert "<textarea" not in page
    assert 'name="note"' not in page
    assert "Somebody else must decide this" in decide(inspector, ref, "authorise", note="Mine")
    assert stranger.get(f"/to-authorise/{ref}/authorise").status_code == 404
    assert "Nothing waits for you." in stranger.get("/to-authorise/").text


def test_logging_somebody_now_asks_the_database_little(
    sergeant: FlaskClient, rahman: Person, in_hours: Callable[[float], dt.datetime]
) -> None:
    on_duty(rahman, in_hours)
    data = pressed(sergeant.get(f"{NEW}?person={rahman.id}").text, "custody")
    asked: list[str] = []

    def hear(*spoken: object) -> None:
        if str(spoken[2]).lstrip().upper().startswith("SELECT"):
            asked.append(str(spoken[2]))

    bind = current.get_bind()
    event.listen(bind, "before_cursor_execute", hear)
    try:
        sergeant.post(NEW, data=data)
    finally:
        event.remove(bind, "before_cursor_execute", hear)

    assert len(entries()) == 1
    assert len(asked) <= 40
