"""One priority, and every step of it that is not the chair's sign-off."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from npt.audit import queries as audit
from npt.core.authority import Permission
from npt.core.errors import Refused
from npt.edge import actor, now, policy, today, transaction, zone
from npt.mail.views import post_to
from npt.panels import queries, services
from npt.panels.forms import (
    DecisionForm,
    FeedbackForm,
    NewPriorityForm,
    PutForwardForm,
    ReasonedDecisionForm,
    ReasonForm,
    ReviewForm,
    StartPlanForm,
    TieForm,
)
from npt.panels.queries import EventLine, PriorityPage, SittingRow
from npt.panels.rules.priorities import too_many
from npt.panels.rules.signing import Part
from npt.panels.services import Decision, NewFeedback, NewPriority, Telling
from npt.panels.views import bp
from npt.panels.views.mending import OF_THE_CHAIR, Way, ways
from npt.problem_solving import queries as plans
from npt.problem_solving.queries import PlanSummary
from npt.problem_solving.rules.impact import Impact
from npt.problem_solving.services import NewPlan
from npt.web import charts
from npt.web.access import requires
from npt.web.addresses import this_page
from npt.web.asking import shown_fields
from npt.web.banners import say
from npt.web.downloads import Cell, list_file
from npt.web.filters import moment
from npt.web.forms import Form

STEPS = ("Day and time", "What", "By", "Meeting", "Minute", "Reason", "Plan")


def seen(priority_id: int) -> PriorityPage:
    """The priority a page is about.

    :raises NoResultFound: when the actor may not see its panel
    """
    return queries.priority_page(priority_id, actor(), today(), policy(today()), zone())


def meeting_choices(rows: Iterable[SittingRow]) -> Mapping[int, str]:
    """Meetings to choose from: when they were, by their ids."""
    return {row.sitting.id: moment(row.sitting.starts_at) for row in rows}


def found_of(plan: PlanSummary | None) -> tuple[Impact | None, str | None]:
    """What may be said of a plan's change, and its picture where there are figures for one."""
    if plan is None:
        return None, None
    found = plan.impact
    if found.low is None or found.high is None or found.difference is None:
        return found, None
    told = f"{found.difference:.1f}, {found.confidence} % interval {found.low:.2f} to {found.high:.2f}"
    title = f"Difference and its {found.confidence} % interval"
    return found, charts.interval(found.low, found.difference, found.high, title=title, told=told)


@bp.get("/priorities/<int:priority_id>")
@requires(Permission.VIEW_PANELS)
def priority(priority_id: int) -> ResponseReturnValue:
    """One priority: what residents asked, what is being done, what the community says, every step, what can be done."""
    page = seen(priority_id)
    if ending := request.args.get("format"):
        rows = [_cells(page, step) for step in page.events]
        return list_file(ending, f"steps {page.priority.ref}", STEPS, rows)
    found, picture = found_of(page.plan)
    return render_template(
        "panels/priority.html",
        page=page,
        found=found,
        picture=picture,
        on=today(),
        here=this_page,
        said=queries.minuted([priority_id], zone(), drafts=False),
        history=audit.history(f"priority:{page.priority.ref}"),
    )


def _cells(page: PriorityPage, step: EventLine) -> Sequence[Cell]:
    meeting = page.meetings.get(step.meeting_id or 0)
    held = meeting.sitting.starts_at if meeting else None
    return (step.at, step.kind.label, step.by, held, step.minute_ref, step.reason, step.plan)


@bp.get("/plans/<ref>/priority")
@requires(Permission.VIEW_PANELS)
def priority_of_plan(ref: str) -> ResponseReturnValue:
    """Lead from a plan to the priority it answers."""
    return redirect(url_for("panels.priority", priority_id=queries.priority_of_plan(ref, actor().scope)))


@bp.get("/priorities/named/<ref>")
@requires(Permission.VIEW_PANELS)
def priority_by_ref(ref: str) -> ResponseReturnValue:
    """Lead from the reference of a priority to its page."""
    return redirect(url_for("panels.priority", priority_id=queries.priority_by_ref(ref, actor().scope)))


@dataclass(frozen=True, slots=True)
class Step:
    """A step of a priority in words: its heading, its button, what it means, what is said when it is done."""

    title: str
    button: str
    done: str
    lead: str = ""
    warning: str | None = None
    empty: str = ""
    """What is said instead of the form when there is nothing to choose from."""
    missing: Sequence[Way] = ()
    """What still stands in the way of a signature."""


def _ask(page: PriorityPage, form: Form, step: Step, change: Callable[[], str | None]) -> ResponseReturnValue:
    """Show the form; when it is sent, take the step and go back to the priority."""
    if form.validate_on_submit():
        try:
            with transaction():
                more = change()
        except Refused as refusal:
            form.refuse(refusal)
        else:
            say(f"{step.done} {more}" if isinstance(more, str) else step.done)
            return redirect(url_for("panels.priority", priority_id=page.priority.id))
    return render_template(
        "panels/priority_step.html",
        page=page,
        panel=page.panel,
        row=page.priority,
        form=form,
        step=step,
        fields=shown_fields(form),
    )


@bp.route("/<code>/priorities/new", methods=["GET", "POST"])
@requires(Permission.PREPARE_PRIORITIES)
def new_priority(code: str) -> ResponseReturnValue:
    """Recommend a priority to a panel, or write down one that was raised."""
    panel = queries.panel_page(code, actor().scope, today(), policy(today()), zone()).panel
    form = NewPriorityForm()
    form.offer(meeting_choices(row for row in reversed(panel.meetings)))
    if form.validate_on_submit():
        new = form.into(NewPriority, recommended=form.recommended.data == "yes")
        try:
            with transaction():
                made = services.raise_priority(code, new, actor=actor(), at=now(), zone=zone())
        except Refused as refusal:
            form.refuse(refusal)
        else:
            say(f"“{made.title}” waits for the panel to decide on it.")
            return redirect(url_for("panels.priority", priority_id=made.id))
    return render_template("panels/new_priority.html", form=form, panel=panel, fields=shown_fields(form))


NO_MEETING = "No meeting of this panel is recorded as held. The lead team's sergeant records how it went first."


@bp.route("/priorities/<int:priority_id>/adopt", methods=["GET", "POST"])
@requires(Permission.DECIDE_PRIORITIES)
def adopt_priority(priority_id: int) -> ResponseReturnValue:
    """Record that the panel adopted it."""
    page, form = _recorder(priority_id), DecisionForm(data=_named())
    form.offer(meeting_choices(page.held))
    limit = policy(today()).panel_priorities
    warning = too_many(len(page.panel.current) + 1, limit)
    step = Step(
        "Record that the panel adopted it",
        "Record that it is adopted",
        "The priority is adopted.",
        "The neighbourhood team then works on it, and you see here what it does.",
        warning.replace("The panel has", "With this one the panel has").replace(" now", "") if warning else None,
        "" if page.held else NO_MEETING,
    )
    return _decide(page, form, step, services.adopt_priority)


@bp.route("/priorities/<int:priority_id>/decline", methods=["GET", "POST"])
@requires(Permission.DECIDE_PRIORITIES)
def decline_priority(priority_id: int) -> ResponseReturnValue:
    """Record that the panel declined it."""
    page, form = _recorder(priority_id), ReasonedDecisionForm(data=_named())
    form.offer(meeting_choices(page.held))
    empty = "" if page.held else NO_MEETING
    step = Step(
        "Record that the panel declined it", "Record that it is declined", "The priority is declined.", empty=empty
    )
    return _decide(page, form, step, services.decline_priority)


@bp.route("/priorities/<int:priority_id>/withdraw", methods=["GET", "POST"])
@requires(Permission.DECIDE_PRIORITIES)
def withdraw_priority(priority_id: int) -> ResponseReturnValue:
    """Record that the panel no longer asks for it."""
    page, form = _recorder(priority_id), ReasonedDecisionForm(data=_named())
    if not page.lets_go:
        abort(404)
    form.offer(meeting_choices(page.held_since))
    lead = "It is then neither answered nor signed off, and its plan may be closed as no longer a priority."
    empty = "" if page.held else NO_MEETING
    step = Step("Withdraw this priority", "Withdraw it", "The priority is withdrawn.", lead, empty=empty)
    return _decide(page, form, step, services.withdraw_priority)


def _recorder(priority_id: int) -> PriorityPage:
    """A priority whose decisions the actor may write down; anybody else's does not exist."""
    page = seen(priority_id)
    if not page.records:
        abort(404)
    return page


def _named() -> Mapping[str, object]:
    """The meeting and the minute that a link from the minutes names."""
    return {"meeting_id": request.args.get("meeting_id", type=int), "minute_ref": request.args.get("minute_ref")}


def _decide(page: PriorityPage, form: Form, step: Step, record: Callable[..., object]) -> ResponseReturnValue:
    def change() -> None:
        decision = form.into(Decision)
        record(page.priority.id, decision, actor=actor(), at=now(), on=today(), zone=zone())

    return _ask(page, form, step, change)


@bp.route("/priorities/<int:priority_id>/reopen", methods=["GET", "POST"])
@requires(Permission.DECIDE_PRIORITIES)
def reopen_priority(priority_id: int) -> ResponseReturnValue:
    """Take up again what was signed off."""
    page, form = _recorder(priority_id), ReasonForm()
    step = Step(
        "Reopen this priority",
        "Reopen it",
        "The priority is taken up again.",
        "What was signed stays as it is. The team goes on, and another signature may follow.",
    )
    reopen = partial(services.reopen_priority, priority_id, actor=actor(), at=now(), on=today())
    return _ask(page, form, step, lambda: reopen(form.reason.data))


@bp.route("/priorities/<int:priority_id>/plan", methods=["GET", "POST"])
@requires(Permission.PREPARE_PRIORITIES)
def tie_plan(priority_id: int) -> ResponseReturnValue:
    """Name the open plan that answers it."""
    page, form = seen(priority_id), TieForm()
    free = plans.free_plans([team.id for team in page.panel.teams], actor())
    form.plan.choices = {ref: f"{ref}: {problem}" for ref, problem in free.items()}
    if page.plan is None:
        del form.reason
    step = Step(
        "Which plan answers it?",
        "Name this plan",
        "The plan is named.",
        "It cannot be closed before the panel's chair signs the priority off. The panel reads its updates, its actions "
        "and its result, and no names of staff; of a restricted plan only figures and the result.",
        empty="" if free else "No open plan of the panel's teams is free. Open one for this priority instead.",
    )

    def change() -> None:
        reason = form.reason.data if "reason" in form else ""
        services.tie_plan(priority_id, form.plan.data, actor=actor(), at=now(), on=today(), reason=reason)

    return _ask(page, form, step, change)


@bp.route("/priorities/<int:priority_id>/plan/new", methods=["GET", "POST"])
@requires(Permission.PREPARE_PRIORITIES)
def start_plan(priority_id: int) -> ResponseReturnValue:
    """Open a plan for it."""
    page = seen(priority_id)
    form = StartPlanForm(data={"problem": page.priority.title, "detail": page.priority.detail})
    teams = [team for team in page.panel.teams if actor().scope.has_team(team.id)]
    form.team.choices = {team.code: team.name for team in teams}
    if len(teams) == 1:
        form.team.data = form.team.data or teams[0].code
    step = Step(
        "Open a plan for it",
        "Open this plan",
        "A plan is open for it.",
        "A plan works on the problem in four steps: what it is, why it happens, what is done, what came of it.",
    )

    def change() -> None:
        services.start_plan(priority_id, form.into(NewPlan), actor=actor(), at=now(), on=today())

    return _ask(page, form, step, change)


@bp.route("/priorities/<int:priority_id>/put-forward", methods=["GET", "POST"])
@requires(Permission.PREPARE_PRIORITIES)
def put_forward(priority_id: int) -> ResponseReturnValue:
    """Put it forward for sign-off."""
    page = seen(priority_id)
    step = Step(
        "Put it forward for sign-off",
        "Put it forward",
        "The chair is asked to sign it off.",
        "The chair finds it on their first page, with everything that is still missing.",
        missing=ways(page, without=OF_THE_CHAIR | {Part.STATE}),
    )
    post = post_to("panels.priority", priority_id=priority_id)
    telling = Telling(post, today()) if post else None

    def change() -> str | None:
        told = services.put_forward(priority_id, actor=actor(), at=now(), telling=telling)
        return _told(told) if telling else None

    return _ask(page, PutForwardForm(), step, change)


def _told(letters: int) -> str:
    if letters:
        return f"{letters} {'email is' if letters == 1 else 'emails are'} on the way to whoever may sign it."
    return "No email was sent: nobody who may sign it can sign in yet. Ask an administrator to add the chair as a user."


@bp.route("/priorities/<int:priority_id>/reviews/new", methods=["GET", "POST"])
@requires(Permission.PREPARE_PRIORITIES)
def review_priority(priority_id: int) -> ResponseReturnValue:
    """Write down what a review found."""
    page, form = seen(priority_id), ReviewForm()
    months = policy(today()).priority_review_months
    step = Step(
        "Review this priority", "Record this review", "The review is recorded.", f"At least every {months} months."
    )
    return _ask(
        page,
        form,
        step,
        lambda: services.review_priority(priority_id, form.text.data, actor=actor(), at=now(), on=today()),
    )


@bp.route("/priorities/<int:priority_id>/feedback/new", methods=["GET", "POST"])
@requires(Permission.PREPARE_PRIORITIES)
def new_feedback(priority_id: int) -> ResponseReturnValue:
    """Write down what the community says."""
    page, form = seen(priority_id), FeedbackForm(data={"on": today()})
    step = Step(
        "What does the community say?",
        "Record what they say",
        "What the community says is recorded.",
        "Ask after the last action, or the panel cannot sign off.",
    )
    return _ask(
        page,
        form,
        step,
        lambda: services.add_feedback(priority_id, form.into(NewFeedback), actor=actor(), at=now(), on=today()),
    )
