"""The pages of succession as each role has them."""

import csv
import datetime as dt
import io

import html5lib
import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from npt.core import db
from npt.core.authority import PEOPLE_ROLES, Role
from npt.core.db import session as current
from npt.people.models import Person, Posting
from npt.people.rules import Grade, PostingKind
from npt.policy.cli import start_policy
from npt.staffing.models import AttachmentOutcome, Candidate
from tests import make
from tests.conftest import SignIn, post
from tests.staffing import able
from tests.staffing.moving import Force, a_force
from tests.staffing.test_views_units import table

ON = dt.date(2150, 3, 1)
PATH = f"/staffing/succession?on={ON}"
SCOPES = {
    Role.PC: ("SOH",),
    Role.SERGEANT: ("SOH",),
    Role.INSPECTOR: ("EC",),
    Role.BCU_MANAGER: ("SOUTH",),
    Role.RESOURCES_LEAD: ("SOUTH",),
}
SEE = {Role.INSPECTOR, Role.BCU_MANAGER, Role.RESOURCES_LEAD, Role.FORCE_LEAD, Role.AUDITOR}


@pytest.fixture
def force(client: FlaskClient) -> Force:
    with db.transaction():
        start_policy()
    made = a_force()
    with db.transaction():
        leaver = current.get_one(Person, made.constable.id)
        leaver.leaving_on, leaver.leaving_reason = ON + dt.timedelta(100), "retirement"
    return made


@pytest.fixture
def lead(force: Force, sign_in: SignIn) -> FlaskClient:
    return sign_in(make.user(Role.RESOURCES_LEAD, "SOUTH", name="R. Lead"))


def test_the_page_sets_leavers_against_those_who_could_follow(force: Force, lead: FlaskClient) -> None:
    able.candidate(make.person("4512", "Hale"), wants=force.soham, note="Speaks Polish")

    page = lead.get(PATH).text

    html5lib.HTMLParser(strict=True).parse(page)
    assert table(page, "balance") == [["Southern, PC", "1", "1", "1", "0", "1", "Enough"]]
    assert "From 1 March 2150 to 1 March 2151, 12 months" in page
    assert "Retirement" in page
    assert "Speaks Polish" not in page


def test_a_shortfall_is_said_in_words(lead: FlaskClient) -> None:
    assert table(lead.get(PATH).text, "balance") == [["Southern, PC", "1", "1", "0", "0", "0", "1 short"]]


def test_another_horizon_is_a_link_and_a_nonsense_one_is_policys_own(lead: FlaskClient) -> None:
    assert "to 1 June 2150, 3 months" in lead.get(f"{PATH}&months=3").text
    assert "Nobody is known to leave in these months" in lead.get(f"{PATH}&months=3").text
    for nonsense in ("0", "-3", "abc", "99999999999"):
        assert "to 1 March 2151, 12 months" in lead.get(f"{PATH}&months={nonsense}").text


def test_the_figures_of_a_unit_lead_to_its_people_alone(force: Force, sign_in: SignIn) -> None:
    north = make.team(make.sector(make.bcu("NORTH", "Northern")), "WIS", "Wisbech")
    make.posting(make.person("1999", "Far", leaving_on=ON), make.post(north))
    browser = sign_in(make.user(Role.FORCE_LEAD))

    page = browser.get(f"{PATH}&bcu=NORTH&grade=pc&months=12")

    assert "months=12&amp;grade=pc&amp;bcu=NORTH#leavers" in browser.get(PATH).text
    assert "A. Far" in page.text
    assert "A. Rahman" not in page.text


@pytest.mark.parametrize("role", PEOPLE_ROLES)
def test_only_who_plans_posts_or_decides_sees_candidates(force: Force, sign_in: SignIn, role: Role) -> None:
    made = able.candidate(make.person("4512", "Hale"), wants=force.soham, note="Speaks Polish")
    browser = sign_in(make.user(role, *SCOPES.get(role, ())))

    answers = [browser.get(path) for path in (PATH, f"/staffing/succession/candidates/{made.id}")]

    assert [answer.status_code for answer in answers] == [200 if role in SEE else 404] * 2
    assert ("Speaks Polish" in answers[1].text) == (role in SEE - {Role.FORCE_LEAD})
    assert ("/edit" in answers[1].text) == (role is Role.RESOURCES_LEAD)


def test_the_record_does_not_tell_the_force_lead_what_the_page_does_not(
    force: Force, lead: FlaskClient, sign_in: SignIn
) -> None:
    make.person("4512", "Hale")
    answer = post(
        lead, "/staffing/succession/candidates/new?collar_number=4512", grade="pc", bcu_code="", note="Speaks Polish"
    )

    page = sign_in(make.user(Role.FORCE_LEAD)).get(answer.location).text

    assert "Speaks Polish" in lead.get(answer.location).text
    assert "Speaks Polish" not in page
    assert "History" not in page


def test_a_sergeant_sees_no_candidacy_on_a_persons_page_and_the_person_sees_all_of_it(
    force: Force, sign_in: SignIn
) -> None:
    with db.transaction():
        current.get_one(Person, force.other.id).email = "okafor@force.example"
    able.candidate(force.other, Grade.SERGEANT, note="Would lead Ely")
    sergeant = sign_in(make.user(Role.SERGEANT, "ELY"))
    own = sign_in(make.user(Role.PC, "ELY", email="okafor@force.example"))

    assert "Would lead Ely" not in sergeant.get("/staffing/people/1500").text
    assert "Candidate for" not in sergeant.get("/staffing/people/1500").text
    assert "Would lead Ely" in own.get("/staffing/people/1500").text
    assert "/succession/" not in own.get("/staffing/people/1500").text


def test_somebody_with_no_post_is_found_by_the_whole_number_and_shown_by_name_and_grade(
    force: Force, lead: FlaskClient
) -> None:
    make.person("4512", "Hale", email="hale@force.example")

    part = lead.get("/staffing/succession/candidates/new?collar_number=451")
    empty = lead.get("/staffing/succession/candidates/new?collar_number=+")
    whole = lead.get("/staffing/succession/candidates/new?collar_number=4512")

    assert "Nobody has collar number 451" in part.text
    assert 'value="451"' in part.text
    assert "Enter their collar number" in empty.text
    assert "Put PC 4512 A. Hale forward" in whole.text
    assert "hale@force.example" not in whole.text


def test_somebody_is_put_forward_changed_and_closed(force: Force, lead: FlaskClient) -> None:
    make.person("4512", "Hale")
    new = "/staffing/succession/candidates/new?collar_number=4512"

    put = post(lead, new, grade="pc", bcu_code="SOUTH", team_code="SOH", ready_from="2150-05-01", note="Speaks Polish")
    shown = lead.get(put.location).text
    again = post(lead, new, grade="pc", bcu_code="", note="Twice").text
    changed = post(lead, f"{put.location}/edit", bcu_code="", team_code="", note="Speaks Polish and Latvian")
    unsuited = post(lead, f"{put.location}/close", outcome="not_suitable", closing_note="").text
    closed = post(lead, f"{put.location}/close", outcome="withdrawn", closing_note="Stays in response")
    after = lead.get(put.location).text

    html5lib.HTMLParser(strict=True).parse(shown)
    assert "PC 4512 A. Hale is put forward for PC." in shown
    assert "post=SOH-PC-2" in shown
    assert "is a candidate for this grade already" in again
    assert "Twice" in again
    assert changed.status_code == closed.status_code == 302
    assert "Enter why they are not suitable" in unsuited
    assert "Anywhere in the force" in after
    assert "Withdrawn by the candidate on" in after
    assert "Candidate closed" in after
    assert "/edit" not in after


def test_a_wrong_form_keeps_what_was_typed(force: Force, lead: FlaskClient) -> None:
    make.person("4512", "Hale")
    new = "/staffing/succession/candidates/new?collar_number=4512"

    page = post(lead, new, bcu_code="", team_code="SOH", ready_from="32 May", note="Speaks Polish").text

    assert "Choose the grade they are a candidate for" in page
    assert "Enter a real date" in page
    assert "Speaks Polish" in page
    assert current.scalar(select(Candidate.id)) is None


def test_an_attachment_is_offered_with_the_posts_of_that_grade(force: Force, lead: FlaskClient) -> None:
    make.person("4512", "Hale")

    page = lead.get("/staffing/people/4512/attach?grade=pc&post=SOH-PC-2").text

    assert '<option value="SOH-PC-2" selected' in page
    assert "SOH-SGT-1" not in page
    assert "SOH-SGT-1" in lead.get("/staffing/people/4512/attach?grade=nonsense").text


def test_how_an_attachment_went_is_recorded_and_the_person_may_read_it(
    force: Force, lead: FlaskClient, sign_in: SignIn
) -> None:
    guest = make.person("4512", "Hale", email="hale@force.example")
    held = make.posting(guest, force.posts["SOH-PC-2"], kind=PostingKind.ATTACHMENT)
    path = f"/staffing/succession/attachments/{held.id}"

    empty = post(lead, path, verdict="ready", note=" ").text
    answer = post(lead, path, verdict="ready", note="Knows the estate")
    listed = lead.get(PATH).text
    own = sign_in(make.user(Role.PC, "SOH", email="hale@force.example")).get("/staffing/people/4512").text
    sergeant = sign_in(make.user(Role.SERGEANT, "SOH")).get("/staffing/people/4512").text

    assert "Enter in words how it went" in empty
    assert answer.status_code == 302
    assert "Ready for a post: Knows the estate" in listed
    assert "Knows the estate" in own
    assert "Knows the estate" not in sergeant
    assert "Knows the estate" not in sign_in(make.user(Role.FORCE_LEAD)).get(PATH).text


def test_what_is_another_bcus_is_not_found(force: Force, lead: FlaskClient) -> None:
    north = make.bcu("NORTH", "Northern")
    wisbech = make.team(make.sector(north), "WIS", "Wisbech")
    stranger = able.candidate(make.person("4512", "Hale"), wants=north)
    held = make.posting(make.person("4513"), make.post(wisbech), kind=PostingKind.ATTACHMENT)

    base = f"/staffing/succession/candidates/{stranger.id}"
    for path in (base, f"{base}/edit", f"{base}/close", f"/staffing/succession/attachments/{held.id}"):
        assert lead.get(path).status_code == 404
    assert "Hale" not in lead.get(PATH).text
    assert current.scalar(select(AttachmentOutcome.id)) is None


@pytest.mark.parametrize(
    ("name", "first"),
    [
        ("balance", "SOUTH"),
        ("leavers", "1432"),
        ("candidates", "4512"),
        ("attachments", "4513"),
        ("movers", "1500"),
    ],
)
def test_every_list_is_a_file(force: Force, lead: FlaskClient, name: str, first: str) -> None:
    able.candidate(make.person("4512", "Hale"))
    make.posting(make.person("4513", "Dunn"), force.posts["SOH-PC-2"], kind=PostingKind.ATTACHMENT)
    with db.transaction():
        current.get_one(Posting, force.posting_of(force.other).id).first_day = ON - dt.timedelta(600)

    rows = list(csv.reader(io.StringIO(lead.get(f"{PATH}&list={name}&format=csv").text.removeprefix("﻿"))))

    assert first in [row[0] for row in rows[1:]]
    assert all(len(row) == len(rows[0]) for row in rows)
    assert lead.get(f"{PATH}&list={name}&format=xlsx").data.startswith(b"PK")
    assert lead.get(f"{PATH}&list={name}&format=exe").status_code == 404
