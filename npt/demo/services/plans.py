"""Have the invented plans worked on, each as far as it goes."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal

from npt.core.authority import EVERYTHING, Actor, Role, system
from npt.core.periods import DAY
from npt.demo.rules.plans import PLANS, PRIORITIES, WHY_NOT, Demo, Step, afterwards, baseline, measured, reached_by
from npt.people import queries as people
from npt.policy.rules import Policy
from npt.problem_solving import queries, services
from npt.problem_solving.rules.impact import Least
from npt.problem_solving.rules.sharing import PracticeState, Score
from npt.problem_solving.rules.vocabulary import Better, SourceKind
from npt.problem_solving.services import (
    NewAction,
    NewAnalysis,
    NewAssessment,
    NewCheers,
    NewImpact,
    NewMarking,
    NewMeasure,
    NewPlan,
    NewPriority,
    NewProblem,
    NewSource,
)

SCORED_BECAUSE = "It is known why it happens, and it was held against another area. Ask those who do it as well."
LEAD = Actor(name="Demonstration force lead", role=Role.FORCE_LEAD, scope=EVERYTHING)
SUPERVISOR = Actor(name="Demonstration sergeant", role=Role.SERGEANT, scope=EVERYTHING)


def open_plans(policy: Policy, *, at: dt.datetime, on: dt.date) -> int:
    """Open the invented plans of the teams there are, and work on each as far as its words go. Returns how many."""
    known = {team.code: team for team in people.teams(EVERYTHING)}
    listed = [demo for demo in PLANS if demo.team in known]
    refs: dict[str, str] = {}
    served = _priorities(at, on)
    for demo in listed:
        staff = queries.people_of(known[demo.team].id, on)
        author, name = next(iter(staff.items()), (None, "Demonstration PC"))
        refs[demo.problem] = work_on(
            demo, Actor(name=name, role=Role.PC, scope=EVERYTHING, person_id=author), policy, at, on
        )
        if demo.serves:
            tags = [served[name] for name in demo.serves]
            services.tag_plan(refs[demo.problem], tags, actor=SUPERVISOR, at=at - DAY, on=on)
        if demo.reuses in refs:
            services.reuse(refs[demo.problem], refs[demo.reuses], actor=SUPERVISOR, at=at - DAY)
    for demo in listed:
        if demo.outcome:
            _close(refs[demo.problem], demo, policy, at - demo.ended * DAY, on - demo.ended * DAY)
    services.propose_disposals(on, actor=system("npt demo"), at=at)
    return len(listed)


def _priorities(at: dt.datetime, on: dt.date) -> dict[str, int]:
    """Put what plans serve on the lists; their numbers."""
    first = on - 400 * DAY
    return {
        name: services.add_priority(NewPriority(list, name, first), actor=LEAD, at=at - 400 * DAY)
        for name, list in PRIORITIES.items()
    }


def work_on(demo: Demo, author: Actor, policy: Policy, at: dt.datetime, on: dt.date) -> str:
    """Open an invented plan and work on it as far as its words go. Returns its ref."""
    opened = at - demo.days_ago * DAY
    ref = _scan(demo, author, opened, on)
    if demo.analysis:
        services.move_on(ref, actor=SUPERVISOR, at=opened + 3 * DAY)
        _analyse(ref, demo, author, opened + 4 * DAY)
    if demo.steps:
        services.move_on(ref, actor=SUPERVISOR, at=opened + 10 * DAY)
        for step in demo.steps:
            _act(ref, step, author, at, on)
    ended_at, ended_on = at - demo.ended * DAY, on - demo.ended * DAY
    for number, text in enumerate(demo.updates):
        services.add_update(ref, text, actor=author, at=opened + (14 + 7 * number) * DAY)
    if demo.steps:
        seen_at, seen_on, again = ended_at - 9 * DAY, ended_on - 9 * DAY, ended_on + 21 * DAY
        services.add_review(ref, "On its way.", again, actor=SUPERVISOR, at=seen_at, on=seen_on)
    if demo.after is not None:
        _assess(ref, demo, author, policy, ended_at, ended_on)
    _share(ref, demo, ended_at - DAY)
    return ref


def _share(ref: str, demo: Demo, at: dt.datetime) -> None:
    if demo.lesson:
        services.propose_practice(ref, demo.lesson, actor=SUPERVISOR, at=at)
    if demo.approved:
        services.decide_practice(ref, PracticeState.APPROVED, "", actor=LEAD, at=at)
    if demo.score:
        services.score_plan(ref, Score(*demo.score), SCORED_BECAUSE, actor=SUPERVISOR, at=at)


def _scan(demo: Demo, author: Actor, opened: dt.datetime, on: dt.date) -> str:
    day = on - demo.days_ago * DAY
    new = NewPlan(demo.team, demo.problem, demo.detail, demo.kind)
    ref = services.open_plan(new, actor=author, at=opened, on=on)
    for kind, says in demo.sources:
        services.add_source(ref, NewSource(SourceKind(kind), says), actor=author, at=opened)
    if demo.measure:
        what, source, value = demo.measure
        chosen = NewMeasure(what, source, Better.LOWER, Decimal(value), *baseline(day), measured(demo.target))
        if demo.target:
            chosen = replace(chosen, target_on=reached_by(demo, on))
        services.choose_measure(ref, chosen, actor=author, at=opened, on=day)
    if demo.cheers:
        services.answer_cheers(ref, NewCheers(*demo.cheers), actor=author, at=opened)
    if demo.wards:
        page = queries.plan_page(ref, SUPERVISOR, on)
        wards = tuple(id for id, name in queries.wards_of(page.team_id, on).items() if name in demo.wards)
        changed = NewProblem(demo.problem, demo.detail, demo.kind, page.owner_id, page.supervisor_id, wards)
        services.change_problem(ref, changed, actor=author, at=opened, on=on)
    if demo.restricted:
        services.mark(ref, NewMarking(demo.restricted), actor=SUPERVISOR, at=opened, on=on)
    return ref


def _analyse(ref: str, demo: Demo, author: Actor, at: dt.datetime) -> None:
    sides = demo.analysis or ("", "", "")
    why_not = [WHY_NOT if demo.steps and not found else "" for found in sides]
    (victim, location, offender), (guardian, manager, handler) = sides, demo.outer
    written = NewAnalysis(
        victim=victim,
        victim_not=why_not[0],
        guardian=guardian,
        location=location,
        location_not=why_not[1],
        manager=manager,
        offender=offender,
        offender_not=why_not[2],
        handler=handler,
        hypotheses=demo.hypotheses,
        tried=demo.tried,
    )
    services.write_analysis(ref, written, actor=author, at=at)


def _act(ref: str, step: Step, author: Actor, at: dt.datetime, on: dt.date) -> None:
    due = on + step.days * DAY
    owner = None if step.partner else author.person_id
    partner = step.partner if owner is None else None
    new = NewAction(step.what, due, owner, partner or (None if owner else "The team"), step.side)
    services.add_action(ref, new, actor=author, at=at + min(-30, step.days - 20) * DAY, on=on)
    if step.done:
        latest = queries.plan_page(ref, SUPERVISOR, on).actions
        action = max((each for each in latest if each.done_on is None), key=lambda each: each.id)
        services.finish_action(ref, action.id, actor=author, at=at + step.days * DAY, on=due)


def _assess(ref: str, demo: Demo, author: Actor, policy: Policy, at: dt.datetime, on: dt.date) -> None:
    services.move_on(ref, actor=SUPERVISOR, at=at - 8 * DAY)
    found = NewAssessment(Decimal(demo.after or 0), *afterwards(on), *demo.said)
    services.assess(ref, found, actor=author, at=at - 6 * DAY)
    compared = NewImpact(demo.method, demo.compared_with, **demo.counts)
    least = Least(policy.impact_least_counted, policy.impact_least_asked)
    services.compare(ref, compared, actor=author, at=at - 5 * DAY, least=least)


def _close(ref: str, demo: Demo, policy: Policy, at: dt.datetime, on: dt.date) -> None:
    day, closed = on - 2 * DAY, at - 2 * DAY
    kept = policy.plan_retention_months
    services.close_plan(ref, demo.outcome, actor=SUPERVISOR, at=closed, on=day, kept_months=kept)
