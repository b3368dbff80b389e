"""Logging in two interactions, and for several at once, with its effect said beforehand."""

import datetime as dt
import re
from collections.abc import Callable

from flask.testing import FlaskClient
from sqlalchemy import event

from npt.core.db import session as current
from npt.core.db import transaction
from npt.people.models import Person, Team
from npt.people.rules import PostingKind
from tests import make
from tests.abstractions.pages import FEBRUARY, NEW, a_month, entries, form, on_duty, words, written
from tests.conftest import post, token_of

SEVERAL, CHECK = "/abstractions/several", "/abstractions/check"


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
