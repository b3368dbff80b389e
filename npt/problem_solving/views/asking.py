"""A change of a plan asked for on one page: its form, and the way back to the plan."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from npt.core.errors import Refused
from npt.edge import actor, today, transaction
from npt.problem_solving import queries
from npt.problem_solving.queries import PlanPage
from npt.problem_solving.rules.stages import Part
from npt.problem_solving.rules.wording import warning_of
from npt.web.asking import shown_fields
from npt.web.banners import say
from npt.web.forms import Form, TextAreaField, TextField
from npt.web.marking import marking_of

MENDED_AT = {
    Part.OBJECTIVE: "problem_solving.objective",
    Part.PROBLEM: "problem_solving.problem",
    Part.SOURCES: "problem_solving.new_source",
    Part.MEASURE: "problem_solving.measure",
    Part.ANALYSIS: "problem_solving.analysis",
    Part.ACTIONS: "problem_solving.new_action",
    Part.ASSESSMENT: "problem_solving.assessment",
}
"""The page where each part of a plan is written."""


@dataclass(frozen=True, slots=True)
class Asked:
    """The page in words: its heading, its button, a line on what it means, what is said when it is done.

    ``listed``: what still stands in the way, each with the page where it is mended. ``inline``: a question's buttons
    stand side by side.
    """

    title: str
    button: str
    done: str
    lead: str = ""
    listed: Sequence[tuple[str, str]] = ()
    part: str = ""
    inline: bool = False


def seen(ref: str) -> PlanPage:
    """The plan a page is about.

    :raises NoResultFound: when the actor may not see it
    """
    return queries.plan_page(ref, actor(), today())


def ask(plan: PlanPage, form: Form, asked: Asked, change: Callable[[], object]) -> ResponseReturnValue:
    """Show the form; when it is sent, make the change and go back to the plan."""
    warning = ""
    if form.validate_on_submit() and not (warning := warning_about(form)):
        try:
            with transaction():
                change()
        except Refused as refusal:
            form.refuse(refusal)
        else:
            say(asked.done)
            return redirect(url_for("problem_solving.show", ref=plan.ref, _anchor=asked.part or None))
    return render_template(
        "problem_solving/form.html",
        plan=plan,
        form=form,
        page=asked,
        fields=shown_fields(form),
        warning=warning,
        marking=marking_of([plan]),
    )


AS_IT_IS = "as_it_is"
"""Sent with a form by whoever was warned, and means what they typed."""


def warning_about(form: Form) -> str:
    """What is said, before anything is kept, of what was typed just now and looks like a person; mostly nothing.

    It warns once: what is then sent to be kept as it is, is kept. The record is never altered, so a name that is
    warned of only afterwards stays in it (docs/decisions/0059).
    """
    if AS_IT_IS in request.form:
        return ""
    typed = [field for field in form if isinstance(field, TextAreaField | TextField)]
    return warning_of(str(field.data) for field in typed if field.data and field.data != field.object_data)
