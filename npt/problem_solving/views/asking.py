"""A change of a plan asked for on one page: its form, and the way back to the plan."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from flask import redirect, render_template, url_for
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
    if form.validate_on_submit():
        try:
            with transaction():
                change()
        except Refused as refusal:
            form.refuse(refusal)
        else:
            say(asked.done)
            warn_of_names(form)
            return redirect(url_for("problem_solving.show", ref=plan.ref, _anchor=asked.part or None))
    marking = "OFFICIAL-SENSITIVE" if plan.marking_reason else "OFFICIAL"
    return render_template(
        "problem_solving/form.html", plan=plan, form=form, page=asked, fields=shown_fields(form), marking=marking
    )


def warn_of_names(form: Form) -> None:
    """Say so on the next page when what was typed looks like a person. Nothing is held back."""
    texts = [str(field.data) for field in form if isinstance(field, TextAreaField | TextField) and field.data]
    if warning := warning_of(texts):
        say(f"{warning}.", important=True)
