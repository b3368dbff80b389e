"""Every change of staffing is asked for in two steps: its form, then what it would do and the button that does it."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar, cast

from flask import url_for
from flask.typing import ResponseReturnValue

from npt.core.effects import Effect
from npt.core.periods import DAY
from npt.edge import policy, today, transaction
from npt.staffing import services
from npt.web.asking import Asked, Foreseen, ask_twice
from npt.web.filters import day
from npt.web.forms import Form

Done = TypeVar("Done")
UNCHANGED = "Supervision, vacancies and present teams stay as they are."


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
    root = ("Staffing", url_for("staffing.index"))
    asked = Asked(page.title, page.button, root, page.back, page.lead, page.warning, UNCHANGED)

    def foresee() -> Foreseen:
        return Foreseen(_rehearsed(change, _takes_effect(form, page)))

    def made() -> Done:
        with transaction():
            return change()

    return ask_twice(form, asked, foresee=foresee, change=made, done=done)


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
