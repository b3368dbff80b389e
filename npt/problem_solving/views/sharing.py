"""Say what a plan teaches others: propose it, decide on it, reuse it, score it."""

from flask import abort, request
from flask.typing import ResponseReturnValue

from npt.core.authority import Permission
from npt.edge import actor, now
from npt.problem_solving import queries, services
from npt.problem_solving.forms import DECISIONS, DecisionForm, ProposalForm, ReuseForm, ScoreForm
from npt.problem_solving.rules import sharing
from npt.problem_solving.rules.sharing import MOST, PracticeState, Score
from npt.problem_solving.views.asking import Asked, ask, seen
from npt.problem_solving.views.lists import bp
from npt.web.access import requires


@bp.route("/<ref>/good-practice/propose", methods=["GET", "POST"])
@requires(Permission.SUPERVISE_PLANS)
def propose_practice(ref: str) -> ResponseReturnValue:
    """Propose a plan as good practice."""
    plan, form = seen(ref), ProposalForm()
    practice = queries.sharing_of(plan.id, actor()).practice
    reasons = sharing.obstacles_to_proposing(
        plan.facts, restricted=plan.marking_reason is not None, state=practice.state if practice else None
    )
    asked = Asked(
        "Propose as good practice",
        "Propose this plan",
        "It is proposed. The force lead decides.",
        f"What the figures say: {plan.impact.verdict.label}. Once the force lead approves it, all who may see "
        "plans can find it and read its summary: the problem, its analysis, what was done and what came of it.",
        [(reason.message, "") for reason in reasons],
        part="sharing",
    )
    return ask(plan, form, asked, lambda: services.propose_practice(ref, form.lesson.data, actor=actor(), at=now()))


@bp.route("/<ref>/good-practice/decide", methods=["GET", "POST"])
@requires(Permission.DECIDE_PRACTICE)
def decide_practice(ref: str) -> ResponseReturnValue:
    """Approve or decline a proposal, or withdraw what was approved."""
    plan, form = seen(ref), DecisionForm()
    practice = queries.sharing_of(plan.id, actor()).practice
    if practice is None or practice.state not in (PracticeState.PROPOSED, PracticeState.APPROVED):
        abort(404)
    waiting = practice.state is PracticeState.PROPOSED
    offered = (PracticeState.APPROVED, PracticeState.DECLINED) if waiting else (PracticeState.WITHDRAWN,)
    form.decision.choices = {state.value: DECISIONS[state] for state in offered}
    asked = Asked(
        "Decide on good practice",
        "Decide",
        "It is decided.",
        f"{practice.proposed_by} proposes it. What the figures say: {plan.impact.verdict.label}. What others can "
        f"take from it: {practice.lesson}",
        part="sharing",
    )
    return ask(
        plan,
        form,
        asked,
        lambda: services.decide_practice(ref, form.decision.data, form.reason.data, actor=actor(), at=now()),
    )


@bp.route("/<ref>/reuse", methods=["GET", "POST"])
@requires(Permission.UPDATE_PLANS)
def reuse(ref: str) -> ResponseReturnValue:
    """Say that a plan takes something from another."""
    plan = seen(ref)
    form = ReuseForm(data={"from_ref": request.args.get("from", "")})
    asked = Asked(
        "Reuse another plan",
        "It reuses that plan",
        "Both plans say so now.",
        "Both plans then lead to each other, so that whoever wrote the other one learns what became of it.",
        part="sharing",
    )
    return ask(plan, form, asked, lambda: services.reuse(ref, form.from_ref.data, actor=actor(), at=now()))


@bp.route("/<ref>/score", methods=["GET", "POST"])
@requires(Permission.SUPERVISE_PLANS)
def score(ref: str) -> ResponseReturnValue:
    """Score how well a plan was made."""
    plan, form = seen(ref), ScoreForm()
    asked = Asked(
        "How well was this plan made?",
        "Give this score",
        "The score is kept.",
        "From 0 (nothing of it) to 5 (as good as it can be) for each stage; analysis and assessment count twice, "
        f"{MOST} at most. It is a help to whoever writes the next plan. It is no target, and nobody is compared by it.",
        part="sharing",
        inline=True,
    )
    return ask(
        plan, form, asked, lambda: services.score_plan(ref, form.into(Score), form.note.data, actor=actor(), at=now())
    )
