"""Put an entry right: back now or at another time, change, split, cancel."""

import datetime as dt
from collections.abc import Sequence
from typing import cast

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from npt.abstractions import queries, services
from npt.abstractions.forms import (
    NO_REASON,
    BackForm,
    CancelEntryForm,
    ChangeEntryForm,
    DivideEntryForm,
    Return,
)
from npt.abstractions.queries import Entry
from npt.abstractions.rules import Part
from npt.abstractions.services import ChangeOfAbstraction, Division, Overtaken
from npt.abstractions.views import bp
from npt.abstractions.views.in_duty import in_words
from npt.abstractions.views.logging import CHECK, STEP, changed_effect, say_waits, sound_but_for_why
from npt.abstractions.views.wording import mark_in, seen_now, tell_overtaken, terms
from npt.core.authority import Permission
from npt.core.errors import Reason, Refused
from npt.edge import actor, now, today, transaction, zone
from npt.policy import queries as policy
from npt.policy.rules import ReasonBook
from npt.web.access import requires
from npt.web.banners import say
from npt.web.filters import moment


def _entry(ref: str) -> Entry:
    return queries.entry(ref, actor().scope, zone())


def _closed(entry: Entry) -> Sequence[Reason]:
    """What a page says in place of its form, when nothing that is entered there could be saved."""
    return services.closed_by_returns(entry, actor=actor(), at=now(), zone=zone())


@bp.post("/<ref>/end")
@requires(Permission.RECORD_ABSTRACTION)
def end(ref: str) -> ResponseReturnValue:
    """Say that somebody who was away is back, now."""
    try:
        with transaction():
            done = services.end_abstraction(ref, ends_at=now(), actor=actor(), at=now(), terms=terms())
    except Refused as refusal:
        for reason in refusal.reasons:
            said = reason.message.rstrip(".")
            say(f"{said}.", url_for("abstractions.show", ref=ref), "See the entry", important=True)
    else:
        say(f"{done.who.name} is back.", url_for("abstractions.show", ref=ref))
        say_waits(ref, "", done.waits)
    return redirect(_where_pressed())


def _where_pressed() -> str:
    """Where the button stood: the board, a week, or My team."""
    if request.form.get("board"):
        return url_for("abstractions.away")
    if week := request.form.get("week"):
        return url_for("abstractions.week", day=week, team=request.form.get("team") or None)
    return url_for("home.index")


@bp.route("/<ref>/back", methods=["GET", "POST"])
@requires(Permission.RECORD_ABSTRACTION)
def back(ref: str) -> ResponseReturnValue:
    """Say when somebody came back, or will, at another time than now."""
    entry = _entry(ref)
    form = BackForm(data={"ends_at": min(entry.ends_at or now(), now()) if entry.starts_at < now() else entry.ends_at})
    if form.validate_on_submit():
        try:
            with transaction():
                ends_at = cast(dt.datetime, form.ends_at.data)
                done = services.end_abstraction(
                    ref, ends_at=ends_at, actor=actor(), at=now(), terms=terms(), why=form.why.data or ""
                )
        except Refused as refusal:
            form.refuse(refusal)
        else:
            say(f"{done.who.name} is back {moment(form.ends_at.data)}.", url_for("abstractions.show", ref=ref))
            say_waits(ref, "", done.waits)
            return redirect(url_for("home.index"))
    return render_template("abstractions/back.html", form=form, entry=entry, reasons=policy.reason_book())


@bp.route("/<ref>/change", methods=["GET", "POST"])
@requires(Permission.RECORD_ABSTRACTION)
def change(ref: str) -> ResponseReturnValue:
    """Say what is right about an entry. Whose it is stays as it is."""
    entry, reasons = _entry(ref), policy.reason_book()
    form = ChangeEntryForm(
        reasons=_labels(reasons, entry),
        data={
            "reason": entry.reason,
            "starts_at": entry.starts_at,
            "returning": Return.BACK if entry.ends_at else Return.STILL_AWAY,
            "ends_at": entry.ends_at,
            "destination": entry.destination,
            "note": entry.note,
            "seen": seen_now(entry),
        },
    )
    effect = None
    if request.form.get(STEP) == CHECK:
        effect = changed_effect(ref, form)
    elif form.validate_on_submit():
        try:
            with transaction():
                done = services.change_abstraction(
                    ref,
                    form.into(ChangeOfAbstraction),
                    seen=mark_in(form.seen.data),
                    actor=actor(),
                    at=now(),
                    terms=terms(reasons),
                )
        except Overtaken as overtaken:
            entry = _entry(ref)
            tell_overtaken(form, overtaken, entry)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            say(f"The entry of {done.who.name} is changed.")
            say_waits(ref, "", done.waits)
            return redirect(url_for("abstractions.show", ref=ref))
    return render_template(
        "abstractions/change.html", form=form, entry=entry, reasons=reasons, effect=effect, closed=_closed(entry)
    )


@bp.route("/<ref>/split", methods=["GET", "POST"])
@requires(Permission.RECORD_ABSTRACTION)
def split(ref: str) -> ResponseReturnValue:
    """Divide an entry in two: two reasons, or one part that is taken back."""
    entry, reasons = _entry(ref), policy.reason_book()
    form = DivideEntryForm(
        reasons=_labels(reasons, entry),
        starts_at=entry.starts_at,
        data={"first": entry.reason, "second": entry.reason, "seen": seen_now(entry)},
    )
    parts_said: Sequence[str] = ()
    if request.form.get(STEP) == CHECK:
        parts_said = _parts_in_words(form, entry, reasons)
    elif form.validate_on_submit():
        parts = (_part(form.first.data), _part(form.second.data))
        division = Division(cast(dt.datetime, form.divided_at.data), *parts, form.why.data, form.despite.data)
        try:
            with transaction():
                done = services.divide_abstraction(
                    ref, division, seen=mark_in(form.seen.data), actor=actor(), at=now(), terms=terms(reasons)
                )
        except Overtaken as overtaken:
            entry = _entry(ref)
            tell_overtaken(form, overtaken, entry)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            address = url_for("abstractions.show", ref=done.second)
            say(
                f"The entry of {done.who.name} is split at {moment(division.divided_at)}.",
                address,
                "See the second part",
            )
            say_waits(ref, "", done.waits)
            return redirect(url_for("abstractions.show", ref=ref))
    return render_template(
        "abstractions/split.html",
        form=form,
        entry=entry,
        reasons=reasons,
        closed=_closed(entry),
        parts_said=parts_said,
    )


def _parts_in_words(form: DivideEntryForm, entry: Entry, reasons: ReasonBook) -> Sequence[str]:
    """How the minutes of an entry would divide; the reason for it may still be missing."""
    if not sound_but_for_why(form):
        return ()
    divided_at = cast(dt.datetime, form.divided_at.data)
    parts = (_part(form.first.data), _part(form.second.data))
    try:
        found = services.rehearse_division(entry.ref, divided_at, *parts, actor=actor(), at=now(), terms=terms())
    except Refused as refusal:
        form.refuse(refusal)
        return ()
    when = (f"Up to {moment(divided_at)}", f"From {moment(divided_at)}")
    return [
        f"{from_or_to}, {reasons.label(part.reason)}: {in_words(each, entry.person.name)}"
        if part.reason
        else f"{from_or_to}: not away, so none of it counts"
        for from_or_to, part, each in zip(when, parts, found, strict=True)
    ]


def _part(chosen: str) -> Part:
    return Part(None if chosen == NO_REASON else chosen)


def _labels(reasons: ReasonBook, entry: Entry) -> dict[str, str]:
    """The reasons that can be chosen: those in force today, and the entry's own."""
    labels = {row.code: row.label for row in reasons.in_force(today())}
    return {entry.reason: reasons.label(entry.reason)} | labels


@bp.route("/<ref>/cancel", methods=["GET", "POST"])
@requires(Permission.RECORD_ABSTRACTION)
def cancel(ref: str) -> ResponseReturnValue:
    """Take back an entry that should not have been made."""
    entry = _entry(ref)
    form = CancelEntryForm(data={"seen": seen_now(entry)})
    if form.validate_on_submit():
        try:
            with transaction():
                who = services.cancel_abstraction(
                    ref,
                    str(form.reason.data),
                    actor=actor(),
                    at=now(),
                    zone=zone(),
                    seen=mark_in(form.seen.data),
                )
        except Overtaken as overtaken:
            entry = _entry(ref)
            tell_overtaken(form, overtaken, entry)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            say(f"The entry of {who.name} is cancelled.", url_for("abstractions.show", ref=ref))
            return redirect(url_for("home.index"))
    return render_template(
        "abstractions/cancel.html", form=form, entry=entry, reasons=policy.reason_book(), closed=_closed(entry)
    )
