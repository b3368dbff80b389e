"""A change asked for in two steps: its form, then what it would do and the button that does it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar, cast

from flask import render_template, request
from flask.typing import ResponseReturnValue
from wtforms import Field

from npt.core.characters import seen_alone
from npt.core.effects import Effect
from npt.core.errors import Refused
from npt.web.filters import day
from npt.web.forms import ChoiceField, ChoicesField, DayField, Form

Done = TypeVar("Done")
STEP = "step"
SEEN = "seen"
"""What a confirmation carries of the rows it was shown, so that nothing is done that was not foreseen."""
UNTYPED = ("csrf_token", STEP, SEEN)
FORM, CHECK = "components/change.html", "components/change_check.html"


@dataclass(frozen=True, slots=True)
class Asked:
    """A change in words: its heading and button, where one comes from, a line on what it means.

    ``root`` is where the breadcrumbs begin; ``unchanged`` is said of a change without effects.
    """

    title: str
    button: str
    root: tuple[str, str]
    back: tuple[str, str]
    lead: str = ""
    warning: bool = False
    unchanged: str = "Nothing else changes."


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What a change would do, what its confirmation carries, and where more can be seen of it: address and words.

    Without an address the words say why there is no more to see.
    """

    effects: Sequence[Effect]
    carries: Mapping[str, str] = field(default_factory=dict)
    more: tuple[str, str] | None = None


def ask_twice(
    form: Form,
    asked: Asked,
    *,
    foresee: Callable[[], Foreseen],
    change: Callable[[], Done],
    done: Callable[[Done], ResponseReturnValue],
    template: str = FORM,
    **context: Any,
) -> ResponseReturnValue:
    """Show the form; when it is sent, what the change would do; when that is confirmed, make the change.

    :param foresee: what the change would do, with what the form holds; changes nothing
    :param change: opens a transaction and calls the service
    :param done: the answer when the change is made
    :param template: the page of the form; it takes ``context``, as the page that foresees does
    """
    step = request.form.get(STEP, "check")
    if step != "edit" and form.validate_on_submit():
        try:
            if step == "confirm":
                return done(change())
            foreseen = foresee()
        except Refused as refusal:
            form.refuse(refusal)
        else:
            return render_template(
                CHECK,
                page=asked,
                form=form,
                answers=answers(form),
                typed=[*typed(), *foreseen.carries.items()],
                effects=foreseen.effects,
                more=foreseen.more,
                **context,
            )
    return render_template(template, page=asked, form=form, fields=shown_fields(form), **context)


def typed() -> list[tuple[str, str]]:
    """What was sent with the form, as it was typed but for what nobody sees."""
    return [(name, seen_alone(value)) for name, value in request.form.items(multi=True) if name not in UNTYPED]


def seen() -> str:
    """The mark a confirmation carries; nothing matches when it carries none."""
    return request.form.get(SEEN, "")


def shown_fields(form: Form) -> list[Field]:
    """The fields a person fills in."""
    return [field for field in form if field.name not in UNTYPED]


def answers(form: Form) -> list[tuple[str, str]]:
    """What was entered, in words."""
    return [(field.label.text.removesuffix(" (optional)"), _answer(field)) for field in shown_fields(form)]


def _answer(field: Field) -> str:
    if isinstance(field, ChoiceField | ChoicesField):
        return ", ".join(choice.label for choice in field.iter_choices() if choice.selected) or "–"
    if isinstance(field, DayField):
        return day(cast("Any", field.data)) or "–"
    return str(field.data) if field.data not in (None, "") else "–"
