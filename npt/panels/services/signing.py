"""Sign a priority off, refuse to, or put it off: what only a chair or vice-chair in office does (RULES section 5)."""

import datetime as dt
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from npt.audit import services as audit
from npt.core.authority import Actor
from npt.core.db import session
from npt.core.errors import Reason, Refused, refuse_if_any
from npt.core.periods import day_in_words
from npt.panels import queries
from npt.panels.models import Priority, Signature
from npt.panels.queries import PriorityPage
from npt.panels.queries.seals import SIGNATURE_GIVEN, sealed
from npt.panels.rules.minuted import obstacles_to_minute, obstacles_to_order
from npt.panels.rules.priorities import (
    obstacles_to_deciding,
    obstacles_to_deferring,
    obstacles_to_reason,
    obstacles_to_step,
)
from npt.panels.rules.seals import SEAL, seal_of, sha256_of
from npt.panels.rules.signing import Consent, Measured, ToSign, obstacles_to_consent, text_to_sign
from npt.panels.rules.vocabulary import EventKind
from npt.panels.services.meetings import Terms
from npt.panels.services.steps import Because, mend, take
from npt.problem_solving import queries as plan_queries
from npt.problem_solving import services as plans
from npt.problem_solving.queries import MeasureRow

NOT_IN_OFFICE = "Only whoever is chair or vice-chair of this panel today decides this"


@dataclass(frozen=True, slots=True)
class NewSignature:
    """What a chair adds before signing: the panel's consent, and the meeting and minute that have it.

    ``seen`` is the SHA-256 of the text they were shown, so that nobody signs what they have not read.
    """

    meeting_id: int | None
    minute_ref: str
    consent: Consent
    seen: str = ""


def words_to_sign(page: PriorityPage, new: NewSignature | None, terms: Terms, on: dt.date) -> str:
    """The text that would be signed of a priority that nothing stands in the way of.

    :param new: nothing while the consent is still to be entered
    :raises ValueError: when something is
    """
    plan, decided_at, term = page.plan, page.decided_at, page.term
    if plan is None or plan.measure is None or decided_at is None or term is None or not page.feedback:
        raise ValueError("there is no text to sign while something is in the way")
    held = page.meetings.get(new.meeting_id) if new and new.meeting_id else None
    found, heard = plan.impact, page.feedback[0]
    return text_to_sign(
        ToSign(
            panel=page.panel.name,
            ref=page.priority.ref,
            title=page.priority.title,
            detail=page.priority.detail,
            adopted_on=decided_at.sitting.on,
            adopted_minute=page.priority.minute_ref or "",
            plan=plan.ref,
            problem=plan.problem,
            measured=_measured(plan.measure, f"{found.verdict.label}. {found.sentence}"),
            result=plan.result,
            heard=(heard.on, heard.source, heard.view),
            consent=new.consent if new else None,
            meeting_on=held.sitting.on if held else None,
            minute_ref=new.minute_ref.strip() if new else "",
            term=term,
            on=on,
        )
    )


def _measured(measure: MeasureRow, verdict: str) -> Measured:
    after, first, last = measure.after_value, measure.after_first, measure.after_last
    if after is None or first is None or last is None:
        raise ValueError("the measure has no value afterwards")
    return Measured(
        what=measure.what,
        source=measure.source,
        before=f"{measure.baseline_value.normalize():f}",
        before_days=(measure.baseline_first, measure.baseline_last),
        after=f"{after.normalize():f}",
        after_days=(first, last),
        verdict=verdict,
    )


def reasons_against(page: PriorityPage, new: NewSignature) -> list[Reason]:
    """Everything in the way of a signature: what the page lists, then what was typed about the panel's consent."""
    row = page.meetings.get(new.meeting_id) if new.meeting_id else None
    meeting, adopted = row.sitting if row else None, page.decided_at
    reasons = [
        *(Reason(each.message) for each in page.obstacles),
        *obstacles_to_deciding(meeting, new.minute_ref),
    ]
    if meeting is not None:
        reasons += obstacles_to_order(meeting.on, adopted.sitting.on if adopted else None)
        reasons += obstacles_to_minute(new.minute_ref, queries.issued_numbers(meeting.id), meeting.on)
    return [*reasons, *obstacles_to_consent(new.consent)]


def sign_off(
    priority_id: int, new: NewSignature, *, actor: Actor, at: dt.datetime, on: dt.date, terms: Terms
) -> Signature:
    """Sign a priority off for the panel. Its plan may then be closed, by somebody else.

    :raises NoResultFound: when the actor may not see its panel
    :raises Refused: with everything in the way; when the text has changed since it was shown
    """
    plans.one_at_a_time()
    priority = queries.priority_to_change(priority_id, actor.scope)
    if priority.plan_id is not None:
        plan_queries.lock_plan(priority.plan_id)
    page = queries.priority_page(priority_id, actor, on, terms.policy, terms.zone)
    refuse_if_any([*obstacles_to_step(EventKind.SIGNED_OFF, priority.state), *reasons_against(page, new)])
    text = words_to_sign(page, new, terms, on)
    if new.seen != sha256_of(text):
        raise Refused("Something was changed since you read this. Read it again, then sign")
    signature = _signed(priority, page, new, text, actor, at)
    meeting = page.meetings[signature.meeting_id].sitting
    audit.record(
        SIGNATURE_GIVEN,
        f"priority:{priority.ref}",
        actor=actor,
        at=at,
        capacity=signature.office,
        consent=new.consent.words,
        sha256=signature.sha256,
        **{SEAL: seal_of(sealed(signature))},
    )
    plans.take_sign_off(signature.plan_id, actor=actor, at=at)
    take(priority, EventKind.SIGNED_OFF, Because(meeting, signature.minute_ref), actor=actor, at=at)
    mend(priority, EventKind.SIGNED_OFF, actor=actor, at=at, on=on)
    return signature


def _signed(
    priority: Priority, page: PriorityPage, new: NewSignature, text: str, actor: Actor, at: dt.datetime
) -> Signature:
    if page.term is None or priority.plan_id is None or new.meeting_id is None or actor.user_id is None:
        raise ValueError("there is nothing to sign, or nobody to sign it")
    signature = Signature(
        priority_id=priority.id,
        round=queries.round_of(priority.id),
        plan_id=priority.plan_id,
        text=text,
        sha256=sha256_of(text),
        signed_at=at,
        signed_by=page.term.name,
        signed_by_user_id=actor.user_id,
        office=page.term.office,
        chair_type=page.term.chair_type,
        meeting_id=new.meeting_id,
        minute_ref=new.minute_ref.strip(),
        unanimous=new.consent.unanimous,
        votes_for=new.consent.votes_for,
        votes_against=new.consent.votes_against,
        votes_abstained=new.consent.votes_abstained,
    )
    session.add(signature)
    session.flush()
    return signature


def refuse_sign_off(priority_id: int, reason: str, *, actor: Actor, at: dt.datetime, on: dt.date) -> None:
    """Refuse to sign a priority off, and say why. The team goes on with it.

    :raises NoResultFound: when the actor may not see its panel
    :raises Refused: when it does not wait for the chair; without a reason; when the actor is not in office
    """
    priority = queries.priority_to_change(priority_id, actor.scope)
    words = "Enter why the panel does not sign it off, so that the team knows what to do"
    reasons = [*obstacles_to_step(EventKind.REFUSED, priority.state), *obstacles_to_reason(reason, words)]
    refuse_if_any([*reasons, *_out_of_office(priority, actor, on)])
    take(priority, EventKind.REFUSED, Because(reason=reason.strip()), actor=actor, at=at)


def defer_sign_off(
    priority_id: int,
    meeting_id: int | None,
    reason: str,
    *,
    actor: Actor,
    at: dt.datetime,
    on: dt.date,
    zone: ZoneInfo,
) -> str:
    """Put a sign-off off to a meeting of the panel. Returns its day in words.

    :raises NoResultFound: when the actor may not see its panel
    :raises Refused: when it does not wait for the chair; to no meeting still to come; out of office
    """
    priority = queries.priority_to_change(priority_id, actor.scope)
    meeting = queries.meeting_of(priority.panel_id, meeting_id, zone)
    reasons = [*obstacles_to_step(EventKind.DEFERRED, priority.state), *obstacles_to_deferring(meeting, on)]
    refuse_if_any([*reasons, *_out_of_office(priority, actor, on)])
    assert meeting is not None  # noqa: S101 - refused above
    take(priority, EventKind.DEFERRED, Because(meeting, reason=reason.strip() or None), actor=actor, at=at)
    return day_in_words(meeting.on)


def _out_of_office(priority: Priority, actor: Actor, on: dt.date) -> list[Reason]:
    return [] if queries.term_held(priority.panel_id, actor, on) else [Reason(NOT_IN_OFFICE)]
