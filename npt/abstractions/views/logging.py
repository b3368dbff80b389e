"""Log abstractions: of one person in two interactions, of several at once, and what they would do beforehand."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from npt import edge
from npt.abstractions import queries, rules, services
from npt.abstractions.forms import AbstractionForm, ChangeEntryForm, Return, SeveralForm
from npt.abstractions.services import ChangeOfAbstraction, Foreseen, Logged, NewAbstraction, NewAbstractions, Terms
from npt.abstractions.views import bp
from npt.abstractions.views.choosing import (
    Asked,
    Choice,
    Choices,
    asked,
    chosen_in,
    people_of,
    people_to_log,
    reasons_to_choose,
)
from npt.abstractions.views.effects import INCOMPLETE, Effect, effect_of, effects_at_once, lowered
from npt.abstractions.views.in_duty import all_in_words
from npt.abstractions.views.wording import terms
from npt.core.authority import Permission
from npt.core.errors import Reason, Refused
from npt.core.periods import to_minute
from npt.edge import actor, now, today, transaction, zone
from npt.policy import queries as policy
from npt.policy.rules import ReasonBook
from npt.web.access import requires
from npt.web.banners import say
from npt.web.filters import moment
from npt.web.forms import Form, typed_parts

STEP = "step"
CHECK, AT_ONCE = "check", "now"
"""What a button asks for besides saving: only to see the effect; or to save from this minute on, still away."""


@bp.route("/new", methods=["GET", "POST"])
@requires(Permission.RECORD_ABSTRACTION)
def new() -> ResponseReturnValue:
    """Log an abstraction of somebody in a team of the actor's.

    The address may name who and when, as the week does: ``person``, the number of the person (``PersonRow.id``);
    ``starts`` and ``ends``, instants in ISO 8601, without an offset by the station clock. What is none, or nobody of
    the actor's teams, is as if it were not there. With ``person`` alone the reason is one more button.
    """
    edge.policy(today())  # what reasons are read with
    wanted, reasons = asked(), policy.reason_book()
    groups = people_to_log(reasons, wanted)
    chosen = chosen_in(groups, wanted.person)
    at_once = request.form.get(STEP) == AT_ONCE
    form = AbstractionForm(
        people=people_of(groups),
        # A reason that has ended may still be right for an entry that started before; the rule judges by the day.
        reasons={code: reasons.label(code) for code in reasons.codes},
        data={"person_id": chosen, **_when(wanted)},
        **({"formdata": _from_this_minute(request.form)} if at_once else {}),
    )
    effect = None
    if form.validate_on_submit():
        if request.form.get(STEP) == CHECK:
            effect = _effect(form, terms(reasons))
        else:
            try:
                with transaction():
                    logged = services.record_abstraction(
                        form.into(NewAbstraction), actor=actor(), at=now(), terms=terms(reasons)
                    )
            except Refused as refusal:
                form.refuse(refusal)
            else:
                _say_logged([logged], reasons)
                return redirect(url_for("home.index"))
    usual = reasons_to_choose(reasons)
    offered = chosen is not None and wanted.starts_at is None and request.method == "GET"
    return render_template(
        "abstractions/new.html",
        form=form,
        people=groups,
        reasons=usual,
        at_once=_at_once(groups[0].items[0], usual, reasons) if offered else None,
        effect=effect,
        closed=_closed(wanted, [chosen] if chosen is not None else list(people_of(groups))),
    )


def _closed(wanted: Asked, person_ids: Sequence[int]) -> Sequence[Reason]:
    """What a form says as it opens for a day in a month that is confirmed, before anybody fills it in."""
    if wanted.starts_at is None:
        return []
    until = wanted.ends_at or wanted.starts_at
    touches = [services.touch_of(id, wanted.starts_at, until, zone()) for id in person_ids]
    return services.obstacles_from_returns(touches, actor=actor(), at=now(), zone=zone())


@dataclass(frozen=True, slots=True)
class AtOnce:
    """The buttons that log somebody from this minute on: whom, to when, and what each reason would do to the month."""

    who: Choice
    until: dt.datetime | None
    sent: Mapping[str, str]
    effects: Sequence[tuple[str, Effect]]


def _at_once(who: Choice, usual: Sequence[Choices], reasons: ReasonBook) -> AtOnce:
    person_id, by = int(who.value), terms(reasons)
    until = _until(person_id, by)

    def rehearse(code: str) -> Foreseen:
        new = NewAbstractions((person_id,), code, now(), until)
        return services.rehearse(new, actor=actor(), at=now(), terms=by)

    codes = [choice.value for choice in usual[0].items]
    found = effects_at_once(person_id, codes, reasons=reasons, rehearse=rehearse)
    effects = [(", ".join(reasons.label(code) for code in alike), effect) for alike, effect in found]
    back = {"returning": Return.BACK.value, **typed_parts("ends_at", until)} if until else {}
    return AtOnce(who, until, {"returning": Return.STILL_AWAY.value, **back}, effects)


def _until(person_id: int, by: Terms) -> dt.datetime | None:
    """For somebody who has a later entry, which "still away" would overlap (decision 7): the end of the duty they are
    in, or the start of that entry if it comes first. Nobody is held to it: "Back now" ends it sooner.
    """
    later = queries.booked(person_id, to_minute(now()), by.words)
    if not later or later[0].starts_at <= now():
        return None
    turn = rules.duty_holding(now(), queries.duties_at(to_minute(now()), [person_id]))
    return min(turn.ends_at, later[0].starts_at) if turn else None


@bp.route("/several", methods=["GET", "POST"])
@requires(Permission.RECORD_ABSTRACTION)
def several() -> ResponseReturnValue:
    """Log the same abstraction for several people at once: everybody gets an entry of their own, or nobody does."""
    wanted, reasons = asked(), policy.reason_book()
    groups = people_to_log(reasons, wanted)
    form = SeveralForm(
        people=people_of(groups),
        reasons={code: reasons.label(code) for code in reasons.codes},
        data=_when(wanted),
    )
    effect = None
    if form.validate_on_submit():
        if request.form.get(STEP) == CHECK:
            effect = _effect(form, terms(reasons))
        else:
            try:
                with transaction():
                    logged = services.record_abstractions(
                        form.into(NewAbstractions), actor=actor(), at=now(), terms=terms(reasons)
                    )
            except Refused as refusal:
                form.refuse(refusal)
            else:
                _say_logged(logged, reasons)
                return redirect(url_for("home.index"))
    return render_template(
        "abstractions/several.html",
        form=form,
        people=groups,
        reasons=reasons_to_choose(reasons),
        effect=effect,
        closed=_closed(wanted, list(people_of(groups))),
    )


@bp.post("/check")
@requires(Permission.RECORD_ABSTRACTION)
def check() -> ResponseReturnValue:
    """What the form that is being filled in would do, as a piece of its page; ``change`` names an entry on record."""
    reasons = policy.reason_book()
    if ref := request.args.get("change"):
        entry = queries.entry(ref, actor().scope, zone())
        effect = changed_effect(entry.ref, ChangeEntryForm(reasons={c: reasons.label(c) for c in reasons.codes}))
        return render_template("abstractions/_effect.html", effect=effect)
    people = people_of(people_to_log(reasons, asked()))
    kind = SeveralForm if "several" in request.args else AbstractionForm
    form = kind(people=people, reasons={code: reasons.label(code) for code in reasons.codes})
    effect = _effect(form, terms(reasons)) if form.validate() else INCOMPLETE
    return render_template("abstractions/_effect.html", effect=effect)


def sound_but_for_why(form: Form) -> bool:
    """Whether what a form says can be looked at before it is saved; why it is done may still be missing."""
    form.validate()
    form["why"].errors = []
    return not form.errors


def changed_effect(ref: str, form: ChangeEntryForm) -> Effect:
    """What a change that is being typed would do; the reason for it may still be missing."""
    if not sound_but_for_why(form):
        return INCOMPLETE
    change = form.into(ChangeOfAbstraction)
    return effect_of(lambda: services.rehearse_change(ref, change, actor=actor(), at=now(), terms=terms()))


def _effect(form: AbstractionForm | SeveralForm, by: Terms) -> Effect:
    ids = form.person_ids.data if isinstance(form, SeveralForm) else [form.person_id.data]
    several = form.into(NewAbstractions, person_ids=tuple(ids))
    return effect_of(lambda: services.rehearse(several, actor=actor(), at=now(), terms=by))


def _when(wanted: Asked) -> dict[str, Any]:
    return {
        "starts_at": wanted.starts_at or to_minute(now()),
        "ends_at": wanted.ends_at,
        "returning": Return.BACK if wanted.ends_at else Return.STILL_AWAY,
    }


def _from_this_minute(sent: Mapping[str, str]) -> MultiDict[str, str]:
    """What a button that logs at once stands for: away since the minute in which it was pressed."""
    return MultiDict({**sent, **typed_parts("starts_at", to_minute(now()))})


def _say_logged(logged: Sequence[Logged], reasons: ReasonBook) -> None:
    """What was logged, with the way to it; what of it does not count, person by person; and what waits."""
    entry = queries.entry(logged[0].ref, actor().scope, zone())
    until = f" to {moment(entry.ends_at)}" if entry.ends_at else ", still away"
    who = ", ".join(each.who.name for each in logged)
    said = [f"Logged: {who}, {reasons.label(entry.reason)}, from {moment(entry.starts_at)}{until}"]
    said += all_in_words([each.in_duty for each in logged if not each.in_duty.whole])
    say(" ".join(f"{sentence}." for sentence in said), url_for("abstractions.show", ref=entry.ref))
    for each in logged:
        say_waits(each.ref, each.who.name if len(logged) > 1 else "", each.why)


def say_waits(ref: str, who: str, why: Sequence[str]) -> None:
    """That an entry waits for an inspector, and why."""
    if why:
        subject = f"The entry of {who}" if who else "It"
        reasons = "; ".join(map(lowered, why))
        said = f"{subject} waits for an inspector to authorise it: {reasons}."
        say(said, url_for("abstractions.show", ref=ref), "See the entry", important=True)
