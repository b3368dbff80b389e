"""Who may open what: one table, held against every mark in the code and against what each role is really shown."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from npt.core.authority import GRANTS, PEOPLE_ROLES, Permission, Role
from npt.core.db import transaction
from npt.policy.cli import start_policy
from npt.web.access import Open, access_of
from tests import make
from tests.conftest import SignIn, token_of

PUBLIC, SIGNED_IN = "anybody, signed in or not", "anybody signed in"
FIGURES = "sergeant inspector bcu_manager force_lead analyst auditor"

ACCESS = {
    "abstractions.after_return": FIGURES,
    "abstractions.away": FIGURES,
    "abstractions.back": "sergeant inspector bcu_manager",
    "abstractions.cancel": "sergeant inspector bcu_manager",
    "abstractions.change": "sergeant inspector bcu_manager",
    "abstractions.check": "sergeant inspector bcu_manager",
    "abstractions.close_dip_sample": "auditor",
    "abstractions.dip_finding": "auditor",
    "abstractions.dip_sample": "sergeant inspector bcu_manager force_lead auditor",
    "abstractions.dip_samples": "sergeant inspector bcu_manager force_lead auditor",
    "abstractions.duties": FIGURES,
    "abstractions.end": "sergeant inspector bcu_manager",
    "abstractions.figures": FIGURES,
    "abstractions.index": FIGURES,
    "abstractions.kept_entries": FIGURES,
    "abstractions.late_returns": FIGURES,
    "abstractions.mine": "pc sergeant inspector bcu_manager",
    "abstractions.months": FIGURES,
    "abstractions.my_figures": "pc sergeant inspector bcu_manager",
    "abstractions.my_months": "pc sergeant inspector bcu_manager",
    "abstractions.my_duties": "pc sergeant inspector bcu_manager",
    "abstractions.new": "sergeant inspector bcu_manager",
    "abstractions.new_dip_sample": "auditor",
    "abstractions.quality": FIGURES,
    "abstractions.preview": FIGURES,
    "abstractions.several": "sergeant inspector bcu_manager",
    "abstractions.show": FIGURES,
    "abstractions.week": "pc sergeant inspector bcu_manager auditor",
    "abstractions.split": "sergeant inspector bcu_manager",
    "abstractions.without_duty": FIGURES,
    "abstractions.without_team": FIGURES,
    "accounts.disable": "administrator",
    "accounts.download": "administrator",
    "accounts.edit": "administrator",
    "accounts.enable": "administrator",
    "accounts.index": "administrator",
    "accounts.new": "administrator",
    "accounts.password": SIGNED_IN,
    "accounts.reset_password": "administrator",
    "accounts.show": "administrator",
    "accounts.sign_in": PUBLIC,
    "accounts.sign_out": SIGNED_IN,
    "accounts.verify": SIGNED_IN,
    "authorisations.authorise": "inspector bcu_manager",
    "authorisations.decline": "inspector bcu_manager",
    "authorisations.index": "inspector bcu_manager",
    "briefing.index": f"pc responder {FIGURES}",
    "briefing.readers": "sergeant inspector bcu_manager force_lead auditor",
    "briefing.show": f"pc responder {FIGURES}",
    "briefing.write": "sergeant inspector bcu_manager",
    "crime.index": FIGURES,
    "crime.records": FIGURES,
    "duties.absence": "sergeant inspector bcu_manager resources_lead",
    "duties.absences": "sergeant inspector bcu_manager resources_lead",
    "duties.assign_pattern": "sergeant inspector bcu_manager resources_lead",
    "duties.cancel": "sergeant inspector bcu_manager resources_lead",
    "duties.cancel_absence": "sergeant inspector bcu_manager resources_lead",
    "duties.correct": "sergeant inspector bcu_manager resources_lead",
    "duties.end_absence": "sergeant inspector bcu_manager resources_lead",
    "duties.end_pattern": "sergeant inspector bcu_manager resources_lead",
    "duties.index": "sergeant inspector bcu_manager resources_lead",
    "duties.new": "sergeant inspector bcu_manager resources_lead",
    "duties.new_absence": "sergeant inspector bcu_manager resources_lead",
    "duties.new_pattern": "resources_lead",
    "duties.now": "pc sergeant inspector bcu_manager",
    "duties.pattern": "sergeant inspector bcu_manager resources_lead",
    "duties.patterns": "sergeant inspector bcu_manager resources_lead",
    "duties.show": "sergeant inspector bcu_manager resources_lead",
    "exchange.end_mapping": "administrator",
    "exchange.export": "administrator",
    "exchange.given_out_file": "administrator",
    "exchange.index": "administrator",
    "exchange.mapping": "administrator",
    "exchange.mappings": "administrator",
    "exchange.mappings_file": "administrator",
    "exchange.new_mapping": "administrator",
    "exchange.police_uk": "administrator",
    "exchange.taken_in_file": "administrator",
    "exchange.ward_officers": "administrator",
    "flags.acknowledge": "sergeant inspector bcu_manager resources_lead",
    "flags.index": "sergeant inspector bcu_manager resources_lead force_lead auditor",
    "flags.show": "sergeant inspector bcu_manager resources_lead force_lead auditor",
    "health": PUBLIC,
    "home.index": SIGNED_IN,
    "home.team": FIGURES,
    "jobs.index": "administrator",
    "jobs.run": "administrator",
    "policy.applying": f"{FIGURES} resources_lead",
    "policy.bar": f"{FIGURES} resources_lead",
    "policy.change_figure": "force_lead",
    "policy.change_reason": "force_lead",
    "policy.end_figure": "force_lead",
    "policy.end_reason": "force_lead",
    "policy.end_target": "bcu_manager force_lead",
    "policy.figure": f"{FIGURES} resources_lead",
    "policy.index": f"{FIGURES} resources_lead",
    "policy.new_reason": "force_lead",
    "policy.reason": f"{FIGURES} resources_lead",
    "policy.set_bar": "bcu_manager force_lead",
    "policy.set_target": "bcu_manager force_lead",
    "policy.target": f"{FIGURES} resources_lead",
    "policy.withdraw_bar": "bcu_manager force_lead",
    "policy.withdraw_figure": "force_lead",
    "policy.withdraw_reason": "force_lead",
    "policy.withdraw_target": "bcu_manager force_lead",
    "published.index": FIGURES,
    "published.rows": FIGURES,
    "panels.adopt_priority": "chair sergeant inspector bcu_manager",
    "panels.decide": "chair sergeant inspector bcu_manager",
    "panels.decided": "chair sergeant inspector bcu_manager",
    "panels.decline_priority": "chair sergeant inspector bcu_manager",
    "panels.defer": "chair sergeant inspector bcu_manager",
    "panels.new_feedback": "sergeant inspector bcu_manager",
    "panels.new_priority": "sergeant inspector bcu_manager",
    "panels.priority_by_ref": f"pc chair {FIGURES}",
    "panels.priority_of_plan": f"pc chair {FIGURES}",
    "panels.put_forward": "sergeant inspector bcu_manager",
    "panels.refuse": "chair sergeant inspector bcu_manager",
    "panels.reopen_priority": "chair sergeant inspector bcu_manager",
    "panels.review_priority": "sergeant inspector bcu_manager",
    "panels.sign_off": "chair sergeant inspector bcu_manager",
    "panels.signature": f"pc chair {FIGURES}",
    "panels.start_plan": "sergeant inspector bcu_manager",
    "panels.tie_plan": "sergeant inspector bcu_manager",
    "panels.withdraw_priority": "chair sergeant inspector bcu_manager",
    "panels.edit_seat": "sergeant inspector bcu_manager",
    "panels.end_seat": "sergeant inspector bcu_manager",
    "panels.new_seat": "sergeant inspector bcu_manager",
    "panels.answer": "sergeant inspector bcu_manager",
    "panels.add_minute": "sergeant inspector bcu_manager",
    "panels.correct_minutes": "sergeant inspector bcu_manager",
    "panels.edit_agenda": "sergeant inspector bcu_manager",
    "panels.edit_minute": "sergeant inspector bcu_manager",
    "panels.issue_minutes": "sergeant inspector bcu_manager",
    "panels.move_meeting": "sergeant inspector bcu_manager",
    "panels.start_minutes": "sergeant inspector bcu_manager",
    "panels.decisions": f"pc chair {FIGURES}",
    "panels.invitation": f"pc chair {FIGURES}",
    "panels.minutes": f"pc chair {FIGURES}",
    "panels.pack": f"pc chair {FIGURES}",
    "panels.calendar_address": "chair sergeant inspector bcu_manager",
    "panels.feed": PUBLIC,
    "panels.new_member": "bcu_manager force_lead",
    "panels.end_member": "bcu_manager force_lead",
    "panels.allocate": "bcu_manager force_lead",
    "panels.end_allocation": "bcu_manager force_lead",
    "panels.record_forum": "bcu_manager force_lead",
    "panels.authority": "inspector bcu_manager force_lead analyst auditor",
    "panels.attendance": f"pc chair {FIGURES}",
    "panels.attended_meetings": f"pc chair {FIGURES}",
    "panels.appoint": "sergeant inspector bcu_manager",
    "panels.cancel_meeting": "sergeant inspector bcu_manager",
    "panels.edit": "sergeant inspector bcu_manager",
    "panels.end_term": "sergeant inspector bcu_manager",
    "panels.index": f"pc chair {FIGURES}",
    "panels.meeting": f"pc chair {FIGURES}",
    "panels.meeting_calendar": f"pc chair {FIGURES}",
    "panels.new": "sergeant inspector bcu_manager",
    "panels.panel_calendar": f"pc chair {FIGURES}",
    "panels.plan_meeting": "sergeant inspector bcu_manager",
    "panels.priority": f"pc chair {FIGURES}",
    "panels.record_meeting": "sergeant inspector bcu_manager",
    "panels.issue_profile": "sergeant inspector bcu_manager",
    "panels.police_uk_file": f"pc chair {FIGURES}",
    "panels.prepare_profile": "pc sergeant inspector bcu_manager",
    "panels.profile": f"pc chair {FIGURES}",
    "panels.recommend": "pc sergeant inspector bcu_manager",
    "panels.recommendation": "pc sergeant inspector bcu_manager",
    "panels.show": f"pc chair {FIGURES}",
    "panels.you_said": f"pc chair {FIGURES}",
    "partners.actions": f"pc {FIGURES}",
    "partners.edit_organisation": "sergeant inspector bcu_manager",
    "partners.finish_own": "partner",
    "partners.group_meeting": f"pc {FIGURES}",
    "partners.groups": f"pc {FIGURES}",
    "partners.new_group": "sergeant inspector bcu_manager",
    "partners.new_member": "sergeant inspector bcu_manager",
    "partners.plan_group_meeting": "sergeant inspector bcu_manager",
    "partners.record_group_meeting": "sergeant inspector bcu_manager",
    "partners.show_group": f"pc {FIGURES}",
    "partners.take_on": "sergeant inspector bcu_manager",
    "partners.index": f"pc {FIGURES}",
    "partners.mine": "partner",
    "partners.new_organisation": "sergeant inspector bcu_manager",
    "partners.organisation": f"pc {FIGURES}",
    "partners.own_action": "partner",
    "problem_solving.analysis": "pc sergeant inspector bcu_manager",
    "problem_solving.assessment": "pc sergeant inspector bcu_manager",
    "problem_solving.cheers": "pc sergeant inspector bcu_manager",
    "problem_solving.counts": "pc sergeant inspector bcu_manager",
    "problem_solving.close": "sergeant inspector bcu_manager",
    "problem_solving.decide_practice": "force_lead",
    "problem_solving.finish_action": "pc sergeant inspector bcu_manager",
    "problem_solving.health": f"pc {FIGURES}",
    "problem_solving.impact": "pc sergeant inspector bcu_manager",
    "problem_solving.index": f"pc {FIGURES}",
    "problem_solving.library": f"pc {FIGURES}",
    "problem_solving.marking": "sergeant inspector bcu_manager",
    "problem_solving.measure": "pc sergeant inspector bcu_manager",
    "problem_solving.move_back": "sergeant inspector bcu_manager",
    "problem_solving.move_on": "sergeant inspector bcu_manager",
    "problem_solving.new": "pc sergeant inspector bcu_manager",
    "problem_solving.new_action": "pc sergeant inspector bcu_manager",
    "problem_solving.new_review": "sergeant inspector bcu_manager",
    "problem_solving.new_source": "pc sergeant inspector bcu_manager",
    "problem_solving.new_update": "pc sergeant inspector bcu_manager",
    "problem_solving.objective": "pc sergeant inspector bcu_manager",
    "problem_solving.disposal": "sergeant inspector bcu_manager",
    "problem_solving.disposals": "sergeant inspector bcu_manager",
    "problem_solving.end_priority": "force_lead",
    "problem_solving.new_priority": "force_lead",
    "problem_solving.partnership": f"pc {FIGURES}",
    "problem_solving.priorities": f"pc {FIGURES}",
    "problem_solving.tags": "pc sergeant inspector bcu_manager",
    "problem_solving.problem": "pc sergeant inspector bcu_manager",
    "problem_solving.propose_practice": "sergeant inspector bcu_manager",
    "problem_solving.reuse": "pc sergeant inspector bcu_manager",
    "problem_solving.score": "sergeant inspector bcu_manager",
    "problem_solving.show": f"pc {FIGURES}",
    "problem_solving.summary": f"pc {FIGURES}",
    "problem_solving.what_worked": f"pc {FIGURES}",
    "reports.csv": "bcu_manager force_lead analyst auditor",
    "reports.index": "bcu_manager force_lead analyst auditor",
    "reports.show": "bcu_manager force_lead analyst auditor",
    "reports.xlsx": "bcu_manager force_lead analyst auditor",
    "returns.confirm": "sergeant inspector bcu_manager",
    "returns.index": FIGURES,
    "returns.oldest": "sergeant inspector bcu_manager",
    "returns.reopen": "bcu_manager",
    "returns.show": FIGURES,
    "staffing.act_up": "resources_lead",
    "staffing.add_skill": "resources_lead",
    "staffing.attach_person": "resources_lead",
    "staffing.bcu": f"{FIGURES} resources_lead",
    "staffing.boundaries": f"{FIGURES} resources_lead",
    "staffing.boundary": f"{FIGURES} resources_lead",
    "staffing.change_needed_language": "sergeant inspector bcu_manager resources_lead",
    "staffing.change_post": "resources_lead",
    "staffing.contacts": f"{FIGURES} resources_lead",
    "staffing.cover": f"{FIGURES} resources_lead",
    "staffing.correct_team": "sergeant inspector bcu_manager resources_lead",
    "staffing.end_contact": "sergeant inspector bcu_manager",
    "staffing.candidate": "inspector bcu_manager resources_lead force_lead auditor",
    "staffing.close_candidate": "resources_lead",
    "staffing.edit_candidate": "resources_lead",
    "staffing.early_moves": f"{FIGURES} resources_lead",
    "staffing.end_cover": "resources_lead",
    "staffing.end_post": "resources_lead",
    "staffing.end_posting": "resources_lead",
    "staffing.end_skill": "resources_lead",
    "staffing.fill_post": "resources_lead",
    "staffing.fund_post": "resources_lead",
    "staffing.index": f"{FIGURES} resources_lead",
    "staffing.languages": f"{FIGURES} resources_lead",
    "staffing.judge_attachment": "resources_lead",
    "staffing.members": f"{FIGURES} resources_lead",
    "staffing.move_person": "resources_lead",
    "staffing.need_language": "sergeant inspector bcu_manager resources_lead",
    "staffing.new_boundary": "resources_lead",
    "staffing.new_contact": "sergeant inspector bcu_manager",
    "staffing.new_candidate": "resources_lead",
    "staffing.new_cover": "resources_lead",
    "staffing.new_post": "resources_lead",
    "staffing.people": f"pc {FIGURES} resources_lead",
    "staffing.person": f"pc {FIGURES} resources_lead",
    "staffing.plan_vacancy": "resources_lead",
    "staffing.post": f"{FIGURES} resources_lead",
    "staffing.post_person": "resources_lead",
    "staffing.posts": f"{FIGURES} resources_lead",
    "staffing.preview": f"{FIGURES} resources_lead",
    "staffing.promote_person": "resources_lead",
    "staffing.require_skill": "resources_lead",
    "staffing.required_skills": f"{FIGURES} resources_lead",
    "staffing.sector": f"{FIGURES} resources_lead",
    "staffing.skills": f"{FIGURES} resources_lead",
    "staffing.succession": "inspector bcu_manager resources_lead force_lead auditor",
    "staffing.supervision": f"{FIGURES} resources_lead",
    "staffing.team": f"{FIGURES} resources_lead",
    "staffing.vacancies": f"{FIGURES} resources_lead",
    "staffing.verify_skill": "resources_lead",
    "staffing.ward": f"{FIGURES} resources_lead",
    "static": PUBLIC,
}
"""The roles that may open each endpoint, as RULES section 9 has it. A new endpoint is written here too."""


def allowed(endpoint: str) -> frozenset[Role]:
    """The roles the table lets in."""
    said = ACCESS[endpoint]
    return frozenset(PEOPLE_ROLES if said in (PUBLIC, SIGNED_IN) else map(Role, said.split()))


def addresses(app: Flask, method: str) -> dict[str, str]:
    """An address of every endpoint that answers a method. What it names need not exist: the gate comes first."""
    return {
        rule.endpoint: re.sub(r"<(?:\w+(?:\([^)]*\))?:)?(\w+)>", lambda found: NAMED[found[1]], rule.rule)
        for rule in app.url_map.iter_rules()
        if method in (rule.methods or ()) and rule.endpoint in ACCESS
    }


NAMED = {
    "action_id": "0",
    "assignment_id": "0",
    "candidate_id": "0",
    "code": "none",
    "collar": "none",
    "collar_number": "none",
    "contact_id": "0",
    "cover_id": "0",
    "ending": "csv",
    "filename": "none.js",
    "flag_id": "0",
    "group_id": "0",
    "item_id": "0",
    "mapping_id": "0",
    "meeting_id": "0",
    "month": "2026-10",
    "name": "none",
    "needed_id": "0",
    "of": "duty",
    "place": "1",
    "posting_id": "0",
    "priority_id": "0",
    "signature_id": "0",
    "recommendation_id": "0",
    "ref": "none",
    "review_id": "0",
    "row_id": "0",
    "scope": "team",
    "group": "all",
    "bcu": "none",
    "sample_id": "0",
    "seat_id": "0",
    "skill_id": "0",
    "term_id": "0",
    "token": "none",
    "member_id": "0",
    "allocation_id": "0",
    "user_id": "0",
    "what": "priorities",
}


def without_arguments(app: Flask) -> dict[str, str]:
    return {
        rule.endpoint: rule.rule
        for rule in app.url_map.iter_rules()
        if "GET" in (rule.methods or ()) and not rule.arguments and rule.endpoint in ACCESS
    }


def test_the_table_and_the_marks_of_the_code_say_the_same(app: Flask) -> None:
    words = {Open.PUBLIC: PUBLIC, Open.SIGNED_IN: SIGNED_IN}
    marked = {}
    for endpoint, view in app.view_functions.items():
        access = access_of(view)
        if isinstance(access, Permission):
            marked[endpoint] = " ".join(sorted(role for role in PEOPLE_ROLES if access in GRANTS[role]))
        elif access is not None:
            marked[endpoint] = words[access]

    table = {
        endpoint: said if said in (PUBLIC, SIGNED_IN) else " ".join(sorted(said.split()))
        for endpoint, said in ACCESS.items()
    }
    assert marked == table


@pytest.mark.parametrize("role", PEOPLE_ROLES)
def test_each_role_is_shown_what_the_table_says_and_nothing_else_exists(
    app: Flask, sign_in: SignIn, role: Role
) -> None:
    with transaction():
        start_policy()
    browser = sign_in(make.user(role))

    shown = {endpoint: browser.get(path).status_code for endpoint, path in without_arguments(app).items()}

    wanted = {endpoint: "shown" if role in allowed(endpoint) else "not found" for endpoint in shown}
    words = {200: "shown", 302: "shown", 404: "not found"}
    assert {endpoint: words.get(status, status) for endpoint, status in shown.items()} == wanted


@pytest.mark.parametrize("role", PEOPLE_ROLES)
def test_an_action_a_role_may_not_take_does_not_exist_for_it(app: Flask, sign_in: SignIn, role: Role) -> None:
    browser = sign_in(make.user(role))
    token = token_of(browser)
    closed = {e: path for e, path in addresses(app, "POST").items() if role not in allowed(e)}

    answers = {e: browser.post(path, data={"csrf_token": token}).status_code for e, path in closed.items()}

    assert answers
    assert set(answers.values()) == {404}


def test_nobody_signed_out_gets_further_than_the_sign_in_page(app: Flask, client: FlaskClient) -> None:
    closed = {e: path for e, path in addresses(app, "GET").items() if ACCESS[e] != PUBLIC}

    led = {endpoint: client.get(path) for endpoint, path in closed.items()}

    assert {e: answer.status_code for e, answer in led.items()} == dict.fromkeys(closed, 302)
    assert {answer.location.split("?")[0] for answer in led.values()} == {"/sign-in"}


def test_nobody_signed_out_changes_anything(app: Flask, client: FlaskClient) -> None:
    token = token_of(client, "/sign-in")
    closed = {e: path for e, path in addresses(app, "POST").items() if ACCESS[e] != PUBLIC}

    led = {endpoint: client.post(path, data={"csrf_token": token}) for endpoint, path in closed.items()}

    assert {e: answer.status_code for e, answer in led.items()} == dict.fromkeys(closed, 302)
    assert {answer.location.split("?")[0] for answer in led.values()} == {"/sign-in"}
