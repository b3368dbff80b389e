"""The pages on which posts, postings and cover are changed, as the resources lead has them."""

import re
from collections.abc import Callable
from html import unescape

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from npt.accounts.models import User
from npt.core.authority import Role
from npt.core.db import session as current
from npt.core.db import transaction
from npt.people.models import Cover, Post, Posting
from npt.policy.cli import start_policy
from tests import make
from tests.conftest import post
from tests.staffing.moving import Force, a_force

SignIn = Callable[[User], FlaskClient]
CONFIRM = {"step": "confirm"}


@pytest.fixture
def force(client: FlaskClient) -> Force:
    with transaction():
        start_policy()
    return a_force()


@pytest.fixture
def lead(force: Force, sign_in: SignIn) -> FlaskClient:
    return sign_in(make.user(Role.RESOURCES_LEAD, "SOUTH"))


def count(table: type[Post] | type[Posting] | type[Cover]) -> int:
    current.expire_all()
    return current.scalar(select(func.count()).select_from(table)) or 0


def said(browser: FlaskClient, answer_location: str) -> str:
    return re.sub(r"\s+", " ", browser.get(answer_location).text)


def test_a_posting_ends_only_after_its_effect_is_shown(lead: FlaskClient, force: Force) -> None:
    path = f"/staffing/postings/{force.posting_of(force.sergeant).id}/end"
    typed = {"last_day": "2190-11-30", "reason": "retirement", "why": ""}

    shown = post(lead, path, **typed).text

    assert "Soham would be left with no supervisor." in shown
    assert "Sergeant post SOH-SGT-1 would be vacant from 1 December 2190." in shown
    assert "Southern BCU: 1 sergeant to 2 (2.00) would become 0 sergeants to 2 (no ratio)." in shown
    assert '<input type="hidden" name="last_day" value="2190-11-30">' in shown
    current.expire_all()
    assert force.posting_of(force.sergeant).last_day is None

    answer = post(lead, path, **typed, **CONFIRM)

    assert answer.status_code == 302
    assert "leaves SOH-SGT-1 on 30 November 2190" in said(lead, answer.headers["Location"])
    current.expire_all()
    assert force.posting_of(force.sergeant).end_reason == "Retirement"


def test_what_was_entered_can_be_changed_after_the_check(lead: FlaskClient, force: Force) -> None:
    path = "/staffing/people/1432/move?post=ELY-PC-2"

    page = post(lead, path, post_ref="ELY-PC-2", first_day="2190-12-01", fte="0.60", step="edit").text

    assert 'value="2190-12-01"' in page
    assert 'value="0.60"' in page
    assert "There is a problem" not in page
    assert count(Posting) == 3


def test_a_refusal_is_said_at_its_field_and_what_was_typed_is_kept(lead: FlaskClient, force: Force) -> None:
    page = post(
        lead, "/staffing/people/1432/post", post_ref="ELY-PC-2", kind="substantive", first_day="2190-12-01", fte="0.50"
    ).text

    assert "would hold 1.50 FTE from 1 December 2190" in page
    assert 'href="#fte"' in page
    assert 'value="2190-12-01"' in page
    assert count(Posting) == 3


def test_the_reference_typed_for_a_post_leads_to_its_page(lead: FlaskClient, force: Force) -> None:
    typed = {"ref": "SOH-PC-9", "grade": "pc", "unit_code": "SOH", "fte": "1.00", "first_day": "2190-12-01"}

    shown = post(lead, "/staffing/posts/new", **typed).text
    answer = post(lead, "/staffing/posts/new", **typed, **CONFIRM)

    assert "PC post SOH-PC-9 would be part of the establishment from 1 December 2190." in shown
    assert answer.headers["Location"] == "/staffing/posts/SOH-PC-9"
    page = lead.get("/staffing/posts/SOH-PC-9").text
    assert "Nobody has held this post" in page
    assert "Post opened" in page


def test_a_move_says_where_they_would_be_and_what_they_leave(lead: FlaskClient, force: Force) -> None:
    typed = {
        "posting_id": force.posting_of(force.constable).id,
        "post_ref": "ELY-PC-2",
        "first_day": "2190-12-01",
    }

    shown = post(lead, "/staffing/people/1432/move", **typed).text
    answer = post(lead, "/staffing/people/1432/move", **typed, **CONFIRM)

    assert "PC post SOH-PC-1 would be vacant from 1 December 2190." in shown
    assert "PC post ELY-PC-2 would be filled from 1 December 2190." in shown
    assert "PC 1432 A. Rahman would be a PC in Ely from 1 December 2190." in shown
    assert "moves to ELY-PC-2 from 1 December 2190" in said(lead, answer.headers["Location"])


@pytest.mark.parametrize(
    ("what", "ref", "words"),
    [
        ("attach", "ELY-PC-2", "is attached to ELY-PC-2"),
        ("act", "ELY-SGT-1", "acts in ELY-SGT-1"),
        ("promote", "ELY-SGT-1", "is promoted for a time to ELY-SGT-1"),
    ],
)
def test_attached_acting_and_promoted_people_are_said_to_be(lead: FlaskClient, what: str, ref: str, words: str) -> None:
    typed = {"post_ref": ref, "first_day": "2190-12-01", "last_day": "2191-02-28"}

    answer = post(lead, f"/staffing/people/1432/{what}", **typed, **CONFIRM)

    assert words in said(lead, answer.headers["Location"])


def test_an_acting_sergeant_gives_the_team_a_supervisor_again(lead: FlaskClient) -> None:
    shown = post(lead, "/staffing/people/1432/act", post_ref="ELY-SGT-1", first_day="2190-12-01").text

    assert "Ely would have a supervisor again." in shown
    assert "PC post SOH-PC-1 would be vacant from 1 December 2190." in shown


def test_fte_funding_skill_and_end_of_a_post_are_changed_from_its_page(lead: FlaskClient, force: Force) -> None:
    page = lead.get("/staffing/posts/SOH-PC-1").text
    for link in ("change", "fund", "skill", "end"):
        assert f'href="/staffing/posts/SOH-PC-1/{link}"' in page
    [holder] = lead.get("/staffing/posts/SOH-PC-1?format=csv").text.splitlines()[1:]
    assert holder.startswith("1432,")
    assert ",1.00," in holder

    post(lead, "/staffing/posts/SOH-PC-1/fund", funding="Council", funding_last_day="2190-03-31", **CONFIRM)
    post(lead, "/staffing/posts/SOH-PC-1/skill", required_skill="Polish", **CONFIRM)
    shown = post(lead, "/staffing/posts/SOH-PC-1/change", fte="0.60", from_day="2190-12-01", new_ref="SOH-PC-1.2").text
    post(lead, "/staffing/posts/SOH-PC-1/end", last_day="2190-12-31", why="Budget", **CONFIRM)

    assert "PC 1432 A. Rahman would hold 0.60 FTE (now 1.00)." in shown
    page = lead.get("/staffing/posts/SOH-PC-1").text
    assert "Council to 31 March 2190" in page
    assert "Polish" in page
    assert "31 December 2190" in page


def test_the_post_that_follows_another_is_named_after_it(lead: FlaskClient, force: Force) -> None:
    make.post(force.soham, ref="SOH-PC-1.2")

    page = lead.get("/staffing/posts/SOH-PC-1/change").text

    assert 'value="SOH-PC-1.3"' in page


def test_a_vacant_post_leads_to_the_form_that_fills_it(lead: FlaskClient) -> None:
    make.person("1777")

    known = lead.get("/staffing/posts/SOH-PC-2/fill?collar_number=1777")
    unknown = lead.get("/staffing/posts/SOH-PC-2/fill?collar_number=9999")

    assert known.headers["Location"] == "/staffing/people/1777/post?post=SOH-PC-2"
    assert "nobody with the collar number 9999" in said(lead, unknown.headers["Location"])
    assert 'selected value="SOH-PC-2"' in said(lead, known.headers["Location"]).replace(
        'value="SOH-PC-2" selected', 'selected value="SOH-PC-2"'
    )


def test_cover_is_recorded_because_of_a_vacancy_and_ended_from_the_post(lead: FlaskClient, force: Force) -> None:
    typed = {"collar_number": "2979", "team_code": "ELY", "post_ref": "ELY-SGT-1", "first_day": "2026-01-01"}

    shown = post(lead, "/staffing/cover/new?team=ELY&post=ELY-SGT-1", **typed).text
    answer = post(lead, "/staffing/cover/new", **typed, **CONFIRM)

    assert "Ely would have a supervisor again." in shown
    assert "span would be 2.00 (now 1.00, Ely, Soham), within the line of 10." in shown
    assert "covers Ely from 1 January 2026" in said(lead, answer.headers["Location"])
    cover = current.scalars(select(Cover)).one()
    assert f'href="/staffing/cover/{cover.id}/end"' in lead.get("/staffing/posts/ELY-SGT-1").text
    ended = post(lead, f"/staffing/cover/{cover.id}/end", last_day="2190-01-31", **CONFIRM)
    assert "covers Ely to 31 January 2190" in said(lead, ended.headers["Location"])


def test_the_teams_posts_lead_to_their_pages_and_only_the_lead_is_offered_changes(
    lead: FlaskClient, sign_in: SignIn
) -> None:
    sergeant = sign_in(make.user(Role.SERGEANT, "SOH"))

    theirs, leads = sergeant.get("/staffing/teams/SOH").text, lead.get("/staffing/teams/SOH").text

    assert 'href="/staffing/posts/SOH-PC-1"' in theirs
    assert "Open a post" not in theirs
    assert 'href="/staffing/posts/new?team=SOH"' in leads
    assert 'href="/staffing/cover/new?team=SOH"' in leads


def test_a_sergeant_sees_a_post_and_its_history_and_may_change_nothing(force: Force, sign_in: SignIn) -> None:
    sergeant = sign_in(make.user(Role.SERGEANT, "SOH"))

    page = sergeant.get("/staffing/posts/SOH-PC-1")

    assert page.status_code == 200
    assert "PC 1432 A. Rahman" in page.text
    for path in ("change", "fund", "skill", "end", "fill"):
        assert f"/staffing/posts/SOH-PC-1/{path}" not in page.text
        assert sergeant.get(f"/staffing/posts/SOH-PC-1/{path}").status_code == 404
    assert sergeant.get("/staffing/people/1432/move").status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "posts/FAR-PC-1",
        "posts/FAR-PC-1/end",
        "people/1999/move",
        "people/0000/post",
        "postings/{posting}/end",
        "cover/{cover}/end",
        "posts/NO-SUCH",
    ],
)
def test_what_belongs_to_another_bcu_is_not_there(lead: FlaskClient, path: str) -> None:
    far = make.team(code="FAR")
    officer = make.person("1999")
    posting = make.posting(officer, make.post(far, ref="FAR-PC-1"))
    cover = make.cover(officer, far)

    assert lead.get("/staffing/" + path.format(posting=posting.id, cover=cover.id)).status_code == 404


def test_every_form_opens(lead: FlaskClient, force: Force) -> None:
    paths = [f"people/1432/{what}" for what in ("post", "move", "attach", "act", "promote")]
    paths += [f"posts/SOH-PC-1/{what}" for what in ("change", "fund", "skill", "end")]
    paths += ["posts/new", "cover/new", f"postings/{force.posting_of(force.constable).id}/end"]

    assert {path: lead.get(f"/staffing/{path}").status_code for path in paths} == dict.fromkeys(paths, 200)


def test_a_persons_page_leads_to_what_the_lead_may_do_and_keeps_its_history(
    lead: FlaskClient, force: Force, sign_in: SignIn
) -> None:
    typed = {"posting_id": force.posting_of(force.constable).id, "post_ref": "ELY-PC-2", "first_day": "2190-12-01"}
    post(lead, "/staffing/people/1432/move", **typed, **CONFIRM)

    theirs = lead.get("/staffing/people/1432").text
    sergeants = sign_in(make.user(Role.SERGEANT, "SOH")).get("/staffing/people/1432").text

    for what in ("post", "move", "attach", "act", "promote"):
        assert f'href="/staffing/people/1432/{what}"' in theirs
        assert f'href="/staffing/people/1432/{what}"' not in sergeants
    assert "Posting ended" in theirs
    assert 'href="/staffing/posts/SOH-PC-1"' in sergeants


@pytest.mark.parametrize("ref", ["SOH/PC/9", "100 %2F", "a?b#c", "..", "Ely & Soham", "é"])
def test_a_post_is_reached_whatever_the_other_system_calls_it(lead: FlaskClient, force: Force, ref: str) -> None:
    make.post(force.soham, ref=ref)

    link = next(
        unescape(found)
        for found, said in re.findall(
            r'href="(/staffing/posts/[^"]+)">([^<]+)</a>', lead.get("/staffing/teams/SOH").text
        )
        if unescape(said) == ref
    )

    assert ".." not in link
    assert f"PC post {ref}" in unescape(lead.get(link).text)
    assert lead.get(f"{link}/fund").status_code == 200
