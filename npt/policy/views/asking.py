"""A change of policy asked for in two steps, and what its form starts with."""

import datetime as dt
from collections.abc import Callable, Iterable
from typing import Any, cast

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from npt.core.errors import Refused
from npt.core.periods import add_months
from npt.edge import today, transaction
from npt.policy import services
from npt.policy.forms import WithdrawForm
from npt.policy.rules.figures import Past, past_of, why_no_past
from npt.policy.services import Done
from npt.web.asking import FORM, SEEN, Asked, Foreseen, ask_twice, seen, typed
from npt.web.banners import say
from npt.web.forms import Form

Change = Callable[[str | None], Done]
"""The call of a service, with the mark of what the actor was shown; nothing for a rehearsal."""


def root() -> tuple[str, str]:
    """Where the breadcrumbs of policy begin."""
    return "Policy", url_for("policy.index")


def asked(title: str, button: str, back: tuple[str, str], lead: str = "", *, warning: bool = False) -> Asked:
    """A change of policy in words."""
    return Asked(title, button, root(), back, lead, warning)


def ask(
    form: Form,
    page: Asked,
    change: Change,
    said: str,
    address: str,
    *,
    preview: Callable[[], tuple[str, str]] | None = None,
    template: str = FORM,
    **context: Any,
) -> ResponseReturnValue:
    """Show the form; then what the change would do; then make it.

    :param said: what the banner says when it is made, and ``address`` where it leads
    :param preview: address and words of a past month counted under the change; no address, and why there is none
    """

    def foresee() -> Foreseen:
        done = rehearsed(lambda: change(None))
        return Foreseen(done.effects, {SEEN: done.seen}, preview() if preview else None)

    def make() -> None:
        with transaction():
            change(seen())

    def made(_: None) -> ResponseReturnValue:
        say(said)
        return redirect(address)

    return ask_twice(form, page, foresee=foresee, change=make, done=made, template=template, **context)


def ask_to_withdraw(page: Asked, change: Change, said: str) -> ResponseReturnValue:
    """What a withdrawal would do, at once: there is nothing to type."""
    form = WithdrawForm()
    try:
        if request.method == "POST" and form.validate():
            with transaction():
                change(seen())
            say(said)
            return redirect(page.back[1])
        done = rehearsed(lambda: change(None))
    except Refused as refusal:
        say(" ".join(reason.message for reason in refusal.reasons), important=True)
        return redirect(page.back[1])
    return shown_at_once(form, page, done)


def shown_at_once(form: Form, page: Asked, done: Done) -> ResponseReturnValue:
    """The page that says what a change without a form would do."""
    return render_template(
        "policy/withdraw.html", page=page, form=form, effects=done.effects, carries={SEEN: done.seen}
    )


_PREVIEWS = {Past.ABSTRACTION: "abstractions.preview", Past.STAFFING: "staffing.preview"}
"""The pages of contexts above, by name: policy imports neither."""


def preview_of(what: str, past: Past = Past.ABSTRACTION, **more: str) -> tuple[str, str]:
    """Where a past month is shown under the change that was typed: address and words."""
    kept: dict[str, Any] = {}
    for name, value in typed():
        kept.setdefault(name, []).append(value)
    month = add_months(today().replace(day=1), -1)
    words = f"What would {month:%B %Y} have been under this?"
    return url_for(_PREVIEWS[past], what=what, **{**kept, **more}), words


def preview_of_figure(name: str) -> tuple[str, str]:
    """Where a past month is shown under the value that was typed; where none is, no address and why."""
    past = past_of(name)
    return preview_of("figure", past, name=name) if past else ("", why_no_past(name))


def rehearsed(change: Callable[[], Done]) -> Done:
    """What a change would do. Nothing is kept of it.

    :raises Refused: with what would be refused
    """
    try:
        with transaction():
            services.rehearse(change)
    except services.Rehearsed as rehearsal:
        return rehearsal.done


def start(**defaults: object) -> dict[str, Any]:
    """What a form starts with: what the address says of it, as a preview sends it back; else these.

    Several values are a list. A form that is sent starts with what was sent.
    """
    if request.method != "GET":
        return {}
    if "why" in request.args:
        return {"formdata": MultiDict(request.args)}
    known: MultiDict[str, str] = MultiDict()
    for name, value in {"first_day": today(), **defaults}.items():
        several = value if isinstance(value, list | tuple | set | frozenset) else [value]
        known.setlist(name, [_sent(each) for each in cast("Iterable[object]", several) if each is not None])
    return {"formdata": known}


def _sent(value: object) -> str:
    return value.isoformat() if isinstance(value, dt.date) else str(value)
