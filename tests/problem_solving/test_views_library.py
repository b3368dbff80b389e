"""The pages of the library, of one plan on one page, and of what plans teach others, as each role has them."""

import csv
import io
import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Text

from npt.core.authority import Role
from npt.core.db import transaction
from npt.problem_solving import queries, services
from npt.problem_solving.models import Plan
from npt.problem_solving.rules.sharing import PracticeState
from npt.problem_solving.rules.vocabulary import Outcome, ProblemType, Stage
from npt.problem_solving.services import NewMarking, NewPlan
from tests import make
from tests.conftest import NOW, TODAY, SignIn, post
from tests.problem_solving import make as plans
from tests.problem_solving.make import CLOSING, acting
from tests.problem_solving.test_views import Soham, words
from tests.staffing.test_views_units import statements


@pytest.fixture
def soham(client: FlaskClient, sign_in: SignIn) -> Soham:
    return Soham(sign_in)


def rows_of(browser: FlaskClient, path: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(browser.get(path).get_data(as_text=True).lstrip("\ufeff"))))


def test_a_pc_finds_a_plan_by_its_words_with_what_was_found_marked_and_as_a_file(soham: Soham) -> None:
    ref = plans.plan(soham.team, soham.author, Stage.ASSESSMENT)
    plans.plan(soham.team, soham.author, problem="Apples are stolen <b>at night</b>")

    page = soham.pc.get("/plans/library?question=motorbike+locking").text

    assert "<mark>Motorbikes</mark> on the recreation ground" in page
    assert "<mark>Lock</mark> the gate at night" in page
    assert "Apples" not in page
    assert [row["Plan"] for row in rows_of(soham.pc, "/plans/library?question=motorbike&format=csv")] == [ref]
    assert soham.pc.get("/plans/library?question=motorbike&format=xlsx").status_code == 200
    assert soham.pc.get("/plans/library?format=pdf").status_code == 404
    assert "<b>at night</b>" not in soham.pc.get("/plans/library?question=apple").text
    assert "These words stand in almost every plan" in soham.pc.get("/plans/library?question=the+of").text
    assert "No plan is found" in soham.pc.get("/plans/library?question=zeppelin").text


def test_a_restricted_plan_is_in_no_result_count_file_or_summary_of_who_may_not_see_it(soham: Soham) -> None:
    ref = plans.plan(soham.team, soham.author)
    other = soham.browser(Role.PC, "SOH")
    with transaction():
        marking = NewMarking("Names a street")
        services.mark(ref, marking, actor=acting(Role.SERGEANT, soham.team), at=NOW, on=TODAY)

    for address in ("/plans/library", "/plans/library?question=motorbikes", "/plans/library?format=csv"):
        assert ref not in other.get(address).text, address
        assert ref in soham.sergeant.get(address).text, address
    for path in ("/plans/library", "/plans/?state=all", "/plans/library?question=motorbikes"):
        assert 'class="npt-marking">OFFICIAL-SENSITIVE' in soham.sergeant.get(path).text, path
        assert 'class="npt-marking">OFFICIAL<' in other.get(path).text, path
    file = soham.sergeant.get("/plans/library?format=csv").headers["Content-Disposition"]
    assert "OFFICIAL-SENSITIVE-library" in file
    assert other.get(f"/plans/{ref}/summary").status_code == 404
    assert "OFFICIAL-SENSITIVE" in soham.sergeant.get(f"/plans/{ref}/summary").text


def test_what_one_looks_for_before_opening_a_plan_keeps_what_was_typed_and_opens_nothing(soham: Soham) -> None:
    ref = plans.plan(soham.team, soham.author)
    typed = {"team": "SOH", "problem": "Motorbikes behind the shops", "detail": "Most evenings", "look": "yes"}

    looked = post(soham.pc, "/plans/new", **typed)

    assert "Similar plans" in looked.text
    assert f"/plans/{ref}" in looked.text
    assert 'value="Motorbikes behind the shops"' in looked.text
    assert "There is a problem" not in looked.text
    assert "about much the same" in post(soham.pc, "/plans/new", **{**typed, "problem": "Zeppelins"}).text
    assert "Enter the problem in one sentence first" in post(soham.pc, "/plans/new", team="SOH", look="yes").text
    assert len(rows_of(soham.pc, "/plans/?format=csv")) == 1
    typed = {**typed, "problem_type": "anti_social_behaviour", "takes_from": ref.lower()}
    opened = post(soham.pc, "/plans/new", **{name: value for name, value in typed.items() if name != "look"})
    shown = soham.pc.get(opened.location).text
    assert "It takes something from" in shown
    assert "Similar plans" in shown
    assert "Reused by" in soham.pc.get(f"/plans/{ref}").text


def test_a_plan_that_cannot_be_read_cannot_be_reused_and_what_was_typed_is_kept(soham: Soham) -> None:
    ref = plans.plan(soham.team, soham.author)

    refused = post(soham.pc, f"/plans/{ref}/reuse", from_ref="P-999")

    assert "Enter the number of a plan you may read" in refused.text
    assert 'value="P-999"' in refused.text
    assert "Choose another plan" in post(soham.pc, f"/plans/{ref}/reuse", from_ref=ref).text


def test_good_practice_goes_from_the_sergeant_to_the_lead_to_a_team_that_reads_only_its_summary(soham: Soham) -> None:
    ref = plans.plan(soham.team, soham.author, Stage.ASSESSMENT)
    make.team(code="ELY")
    lead, far = soham.browser(Role.FORCE_LEAD), soham.browser(Role.PC, "ELY")
    assert far.get(f"/plans/{ref}/summary").status_code == 404
    assert soham.pc.get(f"/plans/{ref}/good-practice/propose").status_code == 404

    assert post(soham.sergeant, f"/plans/{ref}/good-practice/propose", lesson="Close the gate").status_code == 302

    assert "Proposed as good practice" in soham.sergeant.get(f"/plans/{ref}").text
    assert soham.sergeant.get(f"/plans/{ref}/good-practice/decide").status_code == 404
    assert ref in lead.get("/plans/library?practice=proposed").text
    declining = post(lead, f"/plans/{ref}/good-practice/decide", decision="declined", reason=" ")
    assert "Enter why" in declining.text
    assert post(lead, f"/plans/{ref}/good-practice/decide", decision="approved").status_code == 302
    assert "Good practice" in far.get("/plans/library?question=gate").text
    page = far.get(f"/plans/{ref}/summary").text
    assert "Close the gate" in page
    assert "Good practice of another team" in page
    assert "Rahman" not in page
    assert far.get(f"/plans/{ref}").status_code == 404
    assert far.get(f"/plans/{ref}/reuse").status_code == 404
    reused = post(
        far,
        f"/plans/new?from={ref}",
        team="ELY",
        problem="Bikes by the river",
        detail="Often",
        problem_type="other",
        takes_from=ref,
    )
    assert ref in far.get(reused.location).text
    assert "A plan of" in words(soham.sergeant.get(f"/plans/{ref}").text)


def test_a_plan_is_scored_by_its_supervisor_with_the_prompts_and_never_by_who_wrote_it(soham: Soham) -> None:
    ref = plans.plan(soham.team, soham.author, Stage.ASSESSMENT)
    page = soham.sergeant.get(f"/plans/{ref}/score").text
    for said in ("What first showed the problem?", "Did the measure move", "no target, and nobody is compared by it"):
        assert said in page, said
    assert "Choose 0 to 5 for analysis" in post(soham.sergeant, f"/plans/{ref}/score", scanning="3").text

    points = {"scanning": "3", "analysis": "2", "response": "4", "assessment": "5"}
    assert "Enter why you give these points" in post(soham.sergeant, f"/plans/{ref}/score", **points).text
    assert post(soham.sergeant, f"/plans/{ref}/score", **points, note="Ask the riders").status_code == 302
    again = post(soham.sergeant, f"/plans/{ref}/score", **points, note="Ask the riders").text
    assert "This is the score you gave last" in again

    shown = words(soham.pc.get(f"/plans/{ref}").text)
    assert "21 of 30" in shown
    assert "Ask the riders" in shown
    assert "no target" in shown


def test_the_cheers_test_is_a_help_whose_answers_show_and_hold_nothing_up(soham: Soham) -> None:
    ref = plans.plan(soham.team, soham.author)
    assert "CHEERS test: 0 of 6 answered" in soham.pc.get(f"/plans/{ref}").text

    assert post(soham.pc, f"/plans/{ref}/cheers", community="Walkers", harm="Fear").status_code == 302

    shown = words(soham.pc.get(f"/plans/{ref}").text)
    assert "CHEERS test: 2 of 6 answered" in shown
    assert "Who is affected: residents, businesses, visitors? Walkers" in shown
    assert "Not answered yet" in shown
    with transaction():
        plans.fill(ref, Stage.SCANNING, soham.author)
    assert post(soham.sergeant, f"/plans/{ref}/move-on").status_code == 302


def test_the_triangle_keeps_who_could_look_after_each_side_explanations_and_what_was_tried(soham: Soham) -> None:
    ref = plans.plan(soham.team, soham.author, Stage.ANALYSIS)
    analysis = {
        "victim": "Walkers",
        "guardian": "The warden, until five",
        "location": "Two gates",
        "manager": "The town council",
        "offender": "Riders of 14 to 17",
        "handler": "Their school",
        "hypotheses": "The gates stand open",
        "tried": "Patrols in 2024: they came back",
    }

    assert post(soham.pc, f"/plans/{ref}/analysis", **analysis).status_code == 302

    shown = words(soham.pc.get(f"/plans/{ref}").text)
    for said in (*analysis.values(), "Guardian:", "Manager:", "Handler:"):
        assert said in shown, said
    assert "Offender: known; handler: named" in shown
    assert "Before it moves on" in shown
    assert shown.count("Completed") == 3


def test_what_worked_counts_closed_plans_by_outcome_and_verdict_and_each_number_leads_to_them(soham: Soham) -> None:
    assert "No closed plan yet" in soham.sergeant.get("/plans/what-worked").text
    sergeant = acting(Role.SERGEANT, soham.team, user_id=905)
    for problem in ("Bikes on the ground", "Bikes by the river", "Bikes taken at the station"):
        ref = plans.plan(soham.team, soham.author, Stage.ASSESSMENT, problem)
        with transaction():
            if "taken" in problem:
                queries.plan_to_change(ref, soham.author).problem_type = ProblemType.THEFT
            services.close_plan(ref, Outcome.REDUCED, actor=sergeant, at=NOW, **CLOSING)

    page = soham.sergeant.get("/plans/what-worked").text

    assert "3 closed plans" in page
    links = re.findall(r'href="(/plans/library\?[^"]+)">(\d+)<', page)
    assert [count for _, count in links] == ["2", "2", "2", "1", "1", "1", "3", "3", "3"], (
        "of a type, of another, of all"
    )
    for address, count in links:
        found = soham.sergeant.get(address.replace("&amp;", "&")).text
        assert re.search(rf"\b{count} plans?, the newest first", found), address
    assert rows_of(soham.sergeant, "/plans/what-worked?format=csv")[0]["Outcome: Reduced"] == "2"
    assert soham.sergeant.get("/plans/what-worked?format=xlsx").status_code == 200


def test_the_library_asks_no_more_of_the_database_when_there_is_more_to_show(soham: Soham) -> None:
    first = plans.plan(soham.team, soham.author, Stage.ASSESSMENT)
    paths = (
        "/plans/library?question=motorbikes",
        "/plans/library?verdict=chance",
        f"/plans/{first}/summary",
        "/plans/what-worked",
    )
    few = {}
    for path in paths:
        soham.sergeant.get(path)
        with statements() as put:
            soham.sergeant.get(path)
        few[path] = len(put)
    with transaction():
        for number in range(6):
            new = NewPlan("SOH", f"Motorbikes again {number}", "Often", ProblemType.OTHER, takes_from=first)
            services.open_plan(new, actor=soham.author, at=NOW, on=TODAY)
        services.propose_practice(first, "Gate", actor=acting(Role.SERGEANT, soham.team), at=NOW)
        lead = acting(Role.FORCE_LEAD, force=True)
        services.decide_practice(first, PracticeState.APPROVED, "", actor=lead, at=NOW)
    for path in paths:
        with statements() as many:
            soham.sergeant.get(path)
        # The tables a page can do without while it is empty are read once there is something.
        assert len(many) <= few[path] + 2, (path, len(many), few[path])
        assert len(many) <= 16, path


def test_the_card_of_a_plan_leads_to_the_priority_it_answers_and_says_what_that_means(soham: Soham) -> None:
    ref = plans.plan(soham.team, soham.author)
    assert "Priority" not in words(soham.pc.get(f"/plans/{ref}").text).split("Measure")[0].split("Scanning (now)")[1]
    with transaction():
        queries.plan_to_change(ref, soham.author).needs_sign_off = True

    page = soham.pc.get(f"/plans/{ref}").text

    assert "The priority it answers</a>" in page
    assert "It cannot be closed before the panel has signed it off" in words(page)


def test_whatever_search_looks_in_another_team_reads_in_the_summary_of_good_practice(soham: Soham) -> None:
    ref = plans.plan(soham.team, soham.author, Stage.ASSESSMENT)
    make.team(code="ELY")
    far = soham.browser(Role.PC, "ELY")
    texts = [each.name for each in Plan.__table__.columns if type(each.type) is Text and not each.name.endswith("_not")]
    with transaction():
        plan = queries.plan_to_change(ref, soham.author)
        for place, name in enumerate(texts):
            setattr(plan, name, f"zeppelin{chr(97 + place)}")
        services.propose_practice(ref, "Gate", actor=acting(Role.SERGEANT, soham.team), at=NOW)
        lead = acting(Role.FORCE_LEAD, force=True)
        services.decide_practice(ref, PracticeState.APPROVED, "", actor=lead, at=NOW)

    shown = far.get(f"/plans/{ref}/summary").text

    assert len(texts) >= 19
    for place, name in enumerate(texts):
        word = f"zeppelin{chr(97 + place)}"
        assert ref in far.get(f"/plans/library?question={word}").text, f"{name} is not searched"
        assert word in shown, f"{name} is searched, and not shown"
