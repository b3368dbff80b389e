"""Every change of staffing is asked for in two steps: its form, then what it would do and the button that does it."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar, cast

from flask import render_template, request
from flask.typing import ResponseReturnValue
from wtforms import Field

from npt.core.errors import Refused
from npt.core.periods import DAY
from npt.edge import policy, today, transaction
from npt.staffing import services
from npt.staffing.rules.effects import Effect
from npt.web.filters import day
from npt.web.forms import ChoiceField, DayField, Form

Done = TypeVar("Done")
STEP = "step"
UNTYPED = ("csrf_token", STEP)


@dataclass(frozen=True, slots=True)
class Page:
    """A change: its heading and button, where one comes from, and a line on what it means.

    ``first_day`` names the field with the first day on which anything is different, ``last_day`` the field with the day
    before it; without either it is today.
    """

    title: str
    button: str
    back: tuple[str, str]
    lead: str = ""
    warning: bool = False
    first_day: str | None = None
    last_day: str | None = None


def ask(
    form: Form,
    page: Page,
    change: Callable[[], Done],
    done: Callable[[Done], ResponseReturnValue],
) -> ResponseReturnValue:
    """Show the form; when it is sent, what the change would do; when that is confirmed, make the change.

    :param change: the call of the service, with what the form holds
    :param done: the answer when the change is made
    """
    step = request.form.get(STEP, "check")
    if step != "edit" and form.validate_on_submit():
        try:
            if step == "confirm":
                with transaction():
                    made = change()
                return done(made)
            effects = _rehearsed(change, _takes_effect(form, page))
        except Refused as refusal:
            form.refuse(refusal)
        else:
            typed = [(name, value) for name, value in request.form.items(multi=True) if name not in UNTYPED]
            return render_template(
                "staffing/change_check.html", page=page, form=form, answers=_answers(form), typed=typed, effects=effects
            )
    return render_template("staffing/change.html", page=page, form=form, fields=_fields(form))


def entered_day(form: Form, name: str) -> dt.date:
    """The day in a field that has been validated."""
    return cast(dt.date, form[name].data)


def entered(form: Form, name: str) -> str:
    """The text in a field that has been validated."""
    return cast(str, form[name].data)


def said_day(form: Form, name: str) -> str:
    """The day in a field that has been validated, in words."""
    return day(entered_day(form, name))


def _takes_effect(form: Form, page: Page) -> dt.date:
    if page.last_day:
        return entered_day(form, page.last_day) + DAY
    return entered_day(form, page.first_day) if page.first_day else today()


def _rehearsed(change: Callable[[], object], on: dt.date) -> list[Effect]:
    lines = policy(on)
    try:
        with transaction():
            services.rehearse(change, on, lines)
    except services.Rehearsed as rehearsal:
        return rehearsal.effects


def _fields(form: Form) -> list[Field]:
    return [field for field in form if field.name not in UNTYPED]


def _answers(form: Form) -> list[tuple[str, str]]:
    return [(field.label.text.removesuffix(" (optional)"), _answer(field)) for field in _fields(form)]


def _answer(field: Field) -> str:
    if isinstance(field, ChoiceField):
        return next((choice.label for choice in field.iter_choices() if choice.selected), "–")
    if isinstance(field, DayField):
        return day(cast("dt.date | None", field.data)) or "–"
    return str(field.data) if field.data not in (None, "") else "–"
