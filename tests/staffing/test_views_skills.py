"""The pages of skills: who is found by whom, posts that need a skill, and the skills on a person's record."""

import csv
import io
from collections.abc import Callable

import html5lib
import pytest
from flask.testing import FlaskClient

from npt import edge
from npt.accounts.models import User
from npt.core import db
from npt.core.authority import PEOPLE_ROLES, Role
from npt.core.periods import DAY, MINUTE
from npt.people.models import Skill
from npt.people.rules import SkillKind
from tests import make
from tests.conftest import TODAY, post
from tests.staffing import able
from tests.staffing.force import Force, force
from tests.staffing.test_views_units import table

SignIn = Callable[[User], FlaskClient]
ON = f"on={TODAY}"


@pytest.fixture(name="force")
def _force(session: object) -> Force:
    """Rahman in Ely speaks Polish; Patel in Linton speaks Mandarin, last verified in 2020, and runs Farm watch."""
    made = force()
    able.skill(made.constable, "Polish")
    patel = make.posted(made.linton, collar_number="21900", surname="Chen")
    able.skill(patel, "Mandarin", verified_on=TODAY.replace(year=2020))
    able.skill(patel, "Farm watch", SkillKind.COMMUNITY, level=None, verified_on=None)
    return made


@pytest.fixture
def sergeant(force: Force, sign_in: SignIn) -> FlaskClient:
    return sign_in(make.user(Role.SERGEANT, "ELY"))


@pytest.fixture
def lead(force: Force, sign_in: SignIn) -> FlaskClient:
    return sign_in(make.user(Role.RESOURCES_LEAD, "NOR"))


def lines(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text.removeprefix("﻿"))))


def test_a_sergeant_finds_a_speaker_in_another_bcu_without_a_way_to_their_record(sergeant: FlaskClient) -> None:
    page = sergeant.get(f"/staffing/skills?name=mandarin&{ON}").text

    html5lib.HTMLParser(strict=True).parse(page)
    assert table(page, "found") == [
        [
            "PC 21900 A. Chen",
            "Mandarin",
            "fluent",
            "12 November 2020 More than 36 months ago",
            "Linton",
            "Southern",
        ]
    ]
    assert "1 skill of 1 person" in page
    assert "/staffing/people/21900" not in page
    assert "/staffing/teams/LIN" not in page
    assert sergeant.get("/staffing/people/21900").status_code == 404


def test_a_sergeants_own_people_lead_to_their_record(sergeant: FlaskClient) -> None:
    page = sergeant.get(f"/staffing/skills?name=POLISH&kind=language&{ON}").text

    assert 'href="/staffing/people/21432"' in page
    assert f'href="/staffing/teams/ELY?{ON}"' in page


def test_a_search_of_today_says_who_is_on_duty_and_never_why_somebody_is_not(
    force: Force, sergeant: FlaskClient
) -> None:
    now = edge.now()
    on = make.posted(force.linton, surname="Here")
    away = make.posted(force.linton, surname="Gone")
    sick = make.posted(force.linton, surname="Ill")
    start, end = f"{now - 60 * MINUTE:%Y-%m-%d %H:%M}", f"{now + 60 * MINUTE:%Y-%m-%d %H:%M}"
    for person in (on, away, sick):
        able.skill(person, "Urdu")
        make.duty(person, start, end)
    make.abstraction(away, start, None, "custody")
    make.absence(sick, start, end)
    make.duty(sick, f"{now + DAY:%Y-%m-%d %H:%M}", f"{now + DAY + 60 * MINUTE:%Y-%m-%d %H:%M}")

    page = sergeant.get("/staffing/skills?name=Urdu").text
    rows = {row[0].split()[-1]: row[6] for row in table(page, "found")}
    here = sergeant.get("/staffing/skills?name=Urdu&duty=now").text
    following = sergeant.get("/staffing/skills?name=Urdu&duty=next").text

    assert rows["Here"].startswith("On duty until")
    assert rows["Gone"].startswith("Away on duty until")
    assert rows["Ill"].startswith("Next from")
    assert "custody" not in page.lower()
    assert "sick" not in page.lower()
    assert "absent until" not in page.lower()
    assert [row[0].split()[-1] for row in table(here, "found")] == ["Here"]
    assert [row[0].split()[-1] for row in table(following, "found")] == ["Here", "Ill"]


def test_duty_is_asked_for_today_only_and_the_page_says_so(sergeant: FlaskClient) -> None:
    page = sergeant.get("/staffing/skills?duty=now&on=2026-01-05").text

    assert "Who is on duty is known for today only" in page
    assert "There is a problem" in page


def test_a_community_link_is_not_found_outside_ones_own_people(force: Force, sergeant: FlaskClient) -> None:
    able.skill(force.constable, "Youth forum", SkillKind.COMMUNITY)

    page = sergeant.get(f"/staffing/skills?kind=community&{ON}").text
    elsewhere = sergeant.get(f"/staffing/skills?name=Farm+watch&{ON}").text

    assert [row[1] for row in table(page, "found")] == ["Youth forum, community link"]
    assert "Chen" not in elsewhere
    assert "Nobody is found with that" in elsewhere
    assert "Farm watch</option>" not in elsewhere
    assert '<option value="Farm watch">' not in elsewhere


def test_a_name_nobody_has_leads_to_names_like_it(sergeant: FlaskClient) -> None:
    page = sergeant.get(f"/staffing/skills?name=mandar&{ON}").text

    assert "Did you mean" in page
    assert f"name=Mandarin&amp;{ON}" in page or f"{ON}&amp;name=Mandarin" in page


def test_the_files_of_a_search_hold_its_rows(sergeant: FlaskClient) -> None:
    rows = lines(sergeant.get(f"/staffing/skills?bcu=SOU&{ON}&format=csv").text)
    excel = sergeant.get(f"/staffing/skills?{ON}&format=xlsx")

    assert [row[:7] for row in rows[1:]] == [
        ["21900", "Amina Chen", "PC", "Linton", "Southern", "Language", "Mandarin"]
    ]
    assert rows[1][9] == "old"
    assert excel.data.startswith(b"PK")


@pytest.mark.parametrize("role", PEOPLE_ROLES)
def test_constables_and_those_without_staffing_have_no_search(force: Force, sign_in: SignIn, role: Role) -> None:
    allowed = ["sergeant", "inspector", "bcu_manager", "resources_lead", "force_lead", "analyst", "auditor"]

    answers = {path: sign_in(make.user(role)).get(f"/staffing/{path}").status_code for path in ("skills", "languages")}

    assert set(answers.values()) == {200 if role in allowed else 404}


@pytest.mark.parametrize(
    "asked", ["name=%00", "kind=religion", "team=XXX", "on=9999-12-31", "page=99999999999", "duty=x"]
)
def test_nothing_asked_of_a_search_breaks_it(sergeant: FlaskClient, asked: str) -> None:
    assert sergeant.get(f"/staffing/skills?{asked}").status_code in (200, 404)


def test_posts_whose_holder_lacks_the_skill_and_vacant_ones_stand_apart(force: Force, lead: FlaskClient) -> None:
    wants = make.post(force.soham, ref="SOH-PC-7", required_skill="Urdu")
    lacks = make.person("21901", "Ahmed")
    make.posting(lacks, wants, TODAY.replace(month=3))
    make.post(force.soham, ref="SOH-PC-8", required_skill="polish")
    make.post(force.linton, ref="LIN-PC-8", required_skill="Urdu")

    page = lead.get(f"/staffing/skills/required?{ON}").text
    files = [
        lines(lead.get(f"/staffing/skills/required?{ON}&format=csv&list={each}").text) for each in ("filled", "vacant")
    ]

    html5lib.HTMLParser(strict=True).parse(page)
    assert table(page, "filled") == [
        ["SOH-PC-7, PC", "Urdu : who has it", "Soham", "Northern", "PC 21901 A. Ahmed since 12 March 2026"]
    ]
    assert [row[0] for row in table(page, "vacant")] == ["SOH-PC-8, PC"]
    assert table(page, "vacant")[0][4] == "PC 21432 A. Rahman, Ely"
    assert [row[0] for row in files[0][1:]] == ["SOH-PC-7"]
    assert [row[0] for row in files[1][1:]] == ["SOH-PC-8"]
    assert 'href="/staffing/posts/SOH-PC-7"' in page
    assert "LIN-PC-8" not in page


def test_a_posts_own_page_says_which_of_those_who_hold_it_now_lacks_its_skill(force: Force, lead: FlaskClient) -> None:
    wants = make.post(force.soham, ref="SOH-PC-7", fte="1.00", required_skill="Urdu")
    left, lacks, speaks = make.person("21903", "Abbott"), make.person("21901", "Ahmed"), make.person("21902", "Khan")
    make.posting(left, wants, last_day=TODAY.replace(month=2))
    make.posting(lacks, wants, TODAY.replace(month=3), fte="0.50")
    make.posting(speaks, wants, TODAY.replace(month=3), fte="0.50")
    able.skill(speaks, "urdu")

    page = lead.get("/staffing/posts/SOH-PC-7").text

    assert [row[0] for row in table(page, "holders")] == [
        "PC 21902 A. Khan Now",
        "PC 21901 A. Ahmed Now Lacks Urdu",
        "PC 21903 A. Abbott",
    ]


def test_without_such_posts_the_page_says_how_one_comes_to_be(lead: FlaskClient) -> None:
    page = lead.get(f"/staffing/skills/required?{ON}").text

    assert "Every holder of a post that needs a skill has it" in page
    assert "No vacant post here needs a skill" in page


def test_a_resources_lead_adds_verifies_and_takes_off_a_skill_and_the_page_keeps_the_history(
    force: Force, lead: FlaskClient
) -> None:
    form = lead.get("/staffing/people/21432/skills/new").text
    added = post(lead, "/staffing/people/21432/skills/new", kind="specialist", name="Taser", level="trained")
    skill = db.session.query(Skill).filter_by(name="Taser").one()
    verified = post(lead, f"/staffing/skills/{skill.id}/verify", verified_on="12/11/2026", level="trained")
    page = lead.get("/staffing/people/21432").text
    ended = post(lead, f"/staffing/skills/{skill.id}/end", why="lapsed", note="Course not renewed")
    after = lead.get("/staffing/people/21432").text

    html5lib.HTMLParser(strict=True).parse(form)
    html5lib.HTMLParser(strict=True).parse(page)
    assert "Not religion or ethnicity." in form
    assert [answer.status_code for answer in (added, verified, ended)] == [302, 302, 302]
    assert added.location.endswith("/staffing/people/21432#skills")
    assert ["Taser", "Specialist skill", "trained", "12 November 2026"] in [row[:4] for row in table(page, "skills")]
    assert "Taser" not in str(table(after, "skills"))
    for told in ("Skill added", "Skill verified", "Skill ended", "Course not renewed"):
        assert told in after


def test_what_is_wrong_with_a_skill_stands_beside_it_and_what_was_typed_is_kept(lead: FlaskClient) -> None:
    twice = post(lead, "/staffing/people/21432/skills/new", kind="language", name="POLISH", level="a little").text
    empty = post(lead, "/staffing/people/21432/skills/new").text

    assert "Polish is recorded already" in twice
    assert 'value="a little"' in twice
    assert "Choose the kind" in empty
    assert "Enter the language, skill or link, like Polish" in empty
    assert db.session.query(Skill).count() == 3


@pytest.mark.parametrize("role", [role for role in PEOPLE_ROLES if role is not Role.RESOURCES_LEAD])
def test_nobody_but_a_resources_lead_changes_skills(force: Force, sign_in: SignIn, role: Role) -> None:
    skill = db.session.query(Skill).filter_by(person_id=force.constable.id).one()
    browser = sign_in(make.user(role, *(["NOR"] if role is Role.BCU_MANAGER else [])))
    paths = ["people/21432/skills/new", f"skills/{skill.id}/verify", f"skills/{skill.id}/end"]

    assert [browser.get(f"/staffing/{path}").status_code for path in paths] == [404, 404, 404]
    assert "skills/new" not in browser.get("/staffing/people/21432").text


def test_a_resources_lead_changes_no_skill_of_another_bcu_and_none_of_their_own(force: Force, sign_in: SignIn) -> None:
    with db.transaction():
        db.session.get_one(type(force.constable), force.constable.id).email = "a.rahman@force.example"
    lead = sign_in(make.user(Role.RESOURCES_LEAD, "NOR", email="a.rahman@force.example"))
    far = db.session.query(Skill).filter_by(name="Mandarin").one()
    own = db.session.query(Skill).filter_by(name="Polish").one()

    for path in ("people/21900/skills/new", "people/21432/skills/new", f"skills/{far.id}/end", f"skills/{own.id}/end"):
        assert lead.get(f"/staffing/{path}").status_code == 404
    page = lead.get("/staffing/people/21432").text
    assert "Polish" in page
    assert "skills/new" not in page


def test_a_constable_sees_their_own_skills_and_changes_none(force: Force, sign_in: SignIn) -> None:
    with db.transaction():
        db.session.get_one(type(force.constable), force.constable.id).email = "a.rahman@force.example"

    page = sign_in(make.user(Role.PC, "ELY", email="a.rahman@force.example")).get("/staffing/people/21432").text

    assert [row[0] for row in table(page, "skills")] == ["Polish"]
    assert "/verify" not in page
