"""The pages of plans, as each role has them."""

import csv
import html
import io
import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from npt.accounts.models import User
from npt.core.authority import Role
from npt.core.db import transaction
from npt.people.rules import Grade
from npt.policy.cli import start_policy
from npt.problem_solving import services
from npt.problem_solving.rules.vocabulary import Method, Stage
from npt.problem_solving.services import NewAction, NewImpact
from tests import make
from tests.conftest import NOW, TODAY, post
from tests.problem_solving import make as plans
from tests.problem_solving.make import acting
from tests.staffing.test_views_units import statements

SignIn = Callable[[User], FlaskClient]
PUBLISHED = NewImpact(
    Method.AREA, "Burwell", treated_before=20, treated_after=10, comparison_before=20, comparison_after=20
)


class Soham:
    """A team with a sergeant and a PC, and everybody's browser."""

    def __init__(self, sign_in: SignIn) -> None:
        with transaction():
            start_policy()
        self.sign_in = sign_in
        self.team = make.team(code="SOH")
        make.posted(self.team, Grade.SERGEANT, surname="Shaw")
        constable = make.posted(self.team, surname="Rahman", email="a.rahman@demo.example")
        self.pc = sign_in(make.user(Role.PC, "SOH", email=constable.email))
        self.sergeant = self.browser(Role.SERGEANT, "SOH")
        self.author = acting(Role.PC, self.team, who=constable)

    def browser(self, role: Role, *codes: str) -> FlaskClient:
        return self.sign_in(make.user(role, *codes))


@pytest.fixture
def soham(client: FlaskClient, sign_in: SignIn) -> Soham:
    return Soham(sign_in)


def words(page: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


def test_a_pc_opens_a_plan_and_owns_it_and_keeps_what_was_typed_when_something_is_missing(soham: Soham) -> None:
    typed = {"team": "SOH", "problem": "Bikes on the ground", "problem_type": "anti_social_behaviour"}

    again = post(soham.pc, "/plans/new", **typed, detail=" ")
    assert "Enter how often it happens" in again.text
    assert 'value="Bikes on the ground"' in again.text
    opened = post(soham.pc, "/plans/new", **typed, detail="Most evenings")

    shown = words(soham.pc.get(opened.location).text)
    for said in ("Bikes on the ground", "Scanning (now)", "Add two sources", "Choose the measure now"):
        assert said in shown, said
    assert re.search(r"Owner \w+ Rahman Supervisor \w+ Shaw", shown), shown
    assert "Move on to analysis" not in shown


def test_a_sergeant_is_told_what_is_missing_and_where_each_is_mended_and_cannot_move_on(soham: Soham) -> None:
    ref = plans.plan(soham.team, soham.author)
    page = soham.sergeant.get(f"/plans/{ref}/move-on").text
    assert f'href="/plans/{ref}/sources/new"' in page
    assert f'href="/plans/{ref}/measure"' in page

    refused = post(soham.sergeant, f"/plans/{ref}/move-on")

    assert refused.status_code == 200
    assert "Add two sources" in refused.text
    assert "Scanning <strong>(now)" in re.sub(r"\s+", " ", soham.sergeant.get(f"/plans/{ref}").text)
    with transaction():
        plans.fill(ref, Stage.SCANNING, soham.author)
    assert post(soham.sergeant, f"/plans/{ref}/move-on").status_code == 302
    back = post(soham.sergeant, f"/plans/{ref}/move-back", stage="scanning", reason=" ")
    assert "Enter why the plan goes back" in back.text


def test_a_pc_neither_moves_nor_closes_nor_restricts_a_plan_and_an_auditor_only_reads(soham: Soham) -> None:
    ref = plans.plan(soham.team, soham.author, Stage.ASSESSMENT)
    auditor = soham.browser(Role.AUDITOR)

    for action in ("move-on", "move-back", "close", "marking", "reviews/new"):
        assert soham.pc.get(f"/plans/{ref}/{action}").status_code == 404
    assert auditor.get(f"/plans/{ref}").status_code == 200
    assert auditor.get(f"/plans/{ref}/updates/new").status_code == 404
    assert "Add this update" not in auditor.get(f"/plans/{ref}").text
    make.team(code="ELY")
    other = soham.browser(Role.SERGEANT, "ELY")
    assert other.get(f"/plans/{ref}").status_code == 404
    assert ref not in other.get("/plans/?state=all").text


def test_the_published_counts_are_shown_as_a_picture_with_the_verdict_in_words(soham: Soham) -> None:
    ref = plans.plan(soham.team, soham.author, Stage.ASSESSMENT)
    without = soham.sergeant.get(f"/plans/{ref}").text
    assert "No comparison: cannot be told from the trend" in without
    assert "<svg" not in without.split('id="impact"')[1]
    counts = {name: value for name in PUBLISHED.__slots__ if isinstance(value := getattr(PUBLISHED, name), int)}

    assert post(soham.pc, f"/plans/{ref}/impact", method="area", compared_with="Burwell", **counts).status_code == 302

    page = soham.sergeant.get(f"/plans/{ref}").text
    assert "<svg" in page.split('id="impact"')[1]
    shown = words(page)
    assert "Could be chance" in shown
    assert "Difference −10.0, 90 % interval −23.76 to 3.76 (standard error 8.367, z −1.195)" in shown
    assert "Better, by more than chance" not in shown
    close = soham.sergeant.get(f"/plans/{ref}/close").text
    assert "What the figures say: Could be chance" in close


def test_a_sergeant_closes_an_assessed_plan_with_an_outcome_and_nothing_is_offered_afterwards(soham: Soham) -> None:
    ref = plans.plan(soham.team, soham.author, Stage.ASSESSMENT)
    assert "Choose the outcome" in post(soham.sergeant, f"/plans/{ref}/close").text

    assert post(soham.sergeant, f"/plans/{ref}/close", outcome="reduced").status_code == 302

    page = soham.sergeant.get(f"/plans/{ref}").text
    assert "Closed: Reduced" in page
    for gone in ("Close this plan", "Add this update", "Add an action", "Go back a stage"):
        assert gone not in page
    assert "Its text is kept until" in page
    assert "No plan here" in soham.sergeant.get("/plans/").text
    assert ref in soham.sergeant.get("/plans/?state=closed").text


def test_a_restricted_plan_carries_its_marking_and_is_not_there_for_others(soham: Soham) -> None:
    ref = plans.plan(soham.team, soham.author)
    other = soham.browser(Role.PC, "SOH")
    sensitive = {"marking": "OFFICIAL-SENSITIVE"}
    assert "Enter why it is restricted" in post(soham.sergeant, f"/plans/{ref}/marking", **sensitive, reason=" ").text
    assert post(soham.sergeant, f"/plans/{ref}/marking", **sensitive, reason="Names a street").status_code == 302

    assert 'class="npt-marking">OFFICIAL-SENSITIVE' in soham.sergeant.get(f"/plans/{ref}").text
    assert other.get(f"/plans/{ref}").status_code == 404
    assert other.get(f"/plans/{ref}/updates/new").status_code == 404
    for ending in ("", "?format=csv"):
        assert ref not in other.get(f"/plans/{ending}").text
        assert ref in soham.sergeant.get(f"/plans/{ending}").text


def test_an_action_is_added_said_to_be_done_and_listed_in_the_file(soham: Soham) -> None:
    ref = plans.plan(soham.team, soham.author, Stage.RESPONSE)
    path = f"/plans/{ref}/actions/new"
    assert "Choose who will do it" in post(soham.pc, path, what="Patrol", due_on="2026-11-01").text
    assert post(soham.pc, path, what="Patrol", due_on="2026-11-01", partner="Council").status_code == 302
    rows = list(csv.DictReader(io.StringIO(soham.pc.get("/plans/?format=csv").get_data(as_text=True).lstrip("\ufeff"))))
    assert [(row["Plan"], row["Next action"], row["By whom"], row["Stage"]) for row in rows] == [
        (ref, "Patrol", "Council", "Response")
    ]
    assert soham.pc.get("/plans/?format=xlsx").status_code == 200
    done = re.search(r'action="(/plans/[^"]+/done)"', soham.pc.get(f"/plans/{ref}").text)
    assert done

    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', soham.pc.get(f"/plans/{ref}").text)
    assert token
    assert soham.pc.post(done[1], data={"csrf_token": token[1]}).status_code == 302

    assert "; done " in soham.pc.get(f"/plans/{ref}").text
    assert soham.pc.get("/plans/?format=csv").get_data(as_text=True).count("Patrol") == 0


def test_pages_ask_no_more_of_the_database_when_there_is_more_to_show(soham: Soham) -> None:
    ref = plans.plan(soham.team, soham.author, Stage.RESPONSE)
    paths = ("/plans/", f"/plans/{ref}")
    few = {}
    for path in paths:
        soham.sergeant.get(path)
        with statements() as put:
            soham.sergeant.get(path)
        few[path] = len(put)
    with transaction():
        for number in range(5):
            action = NewAction(f"Lock the gate on Sunday {number}", TODAY, partner="Parish council")
            services.add_action(ref, action, actor=soham.author, at=NOW, on=TODAY)
            services.add_update(ref, f"Update {number}", actor=soham.author, at=NOW)
    for number in range(4):
        plans.plan(soham.team, soham.author, Stage.RESPONSE, f"Another {number}")
    for path in paths:
        with statements() as many:
            soham.sergeant.get(path)
        assert len(many) == few[path] <= 19, (path, len(many), few[path])


def test_a_name_that_is_typed_is_warned_of_before_it_is_kept_and_is_kept_by_whoever_says_so(soham: Soham) -> None:
    ref = plans.plan(soham.team, soham.author)

    said = "Daniel Hughes was seen there again"

    warned = post(soham.pc, f"/plans/{ref}/updates/new", text=said)

    assert warned.status_code == 200
    assert "What you wrote looks like a person's name (Daniel Hughes)" in words(warned.text)
    assert f"{said}</textarea>" in warned.text
    assert said not in soham.pc.get(f"/plans/{ref}").text
    kept = post(soham.pc, f"/plans/{ref}/updates/new", text=said, as_it_is="yes")
    assert said in words(soham.pc.get(kept.location).text)
    new = {"team": "SOH", "problem": said, "problem_type": "other", "detail": "Often"}
    assert "Keep it as it is" in post(soham.pc, "/plans/new", **new).text
    quiet = post(soham.pc, f"/plans/{ref}/updates/new", text="Quiet on Victoria Road all week")
    assert "looks like" not in words(soham.pc.get(quiet.location).text)
