"""Have the demonstration's priorities worked on and decided about, each as far as it is to be shown."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

from sqlalchemy import select

from npt.accounts import services as accounts
from npt.accounts.models import User
from npt.accounts.queries import actor_of
from npt.accounts.services import NewUser
from npt.core.authority import EVERYTHING, Actor, Role
from npt.core.db import session
from npt.core.periods import DAY
from npt.demo import queries as demo
from npt.demo.rules import decided
from npt.demo.services.plans import work_on
from npt.panels import queries, services
from npt.panels.models import Priority
from npt.panels.queries import PanelLine, PriorityRow
from npt.panels.rules.meetings import Sitting
from npt.panels.rules.seals import sha256_of
from npt.panels.rules.signing import Consent
from npt.panels.rules.terms import Term
from npt.panels.rules.vocabulary import MeetingStatus, PriorityState
from npt.panels.services import Decision, NewFeedback, NewSignature, Terms
from npt.policy.rules import Policy
from npt.problem_solving import services as plans
from npt.problem_solving.queries import people_of
from npt.problem_solving.rules.vocabulary import Outcome

SERGEANT = Actor(name="Demonstration sergeant", role=Role.SERGEANT, scope=EVERYTHING)
INSPECTOR = Actor(name="Demonstration inspector", role=Role.INSPECTOR, scope=EVERYTHING)


@dataclass(frozen=True, slots=True)
class _When:
    """The moment and the day something invented is done, and the policy and zone of it."""

    at: dt.datetime
    on: dt.date
    terms: Terms

    def ago(self, days: int) -> "_When":
        return replace(self, at=self.at - days * DAY, on=self.on - days * DAY)


def decide_some(policy: Policy, *, at: dt.datetime, on: dt.date, zone: ZoneInfo) -> int:
    """Give each priority in progress a plan, put some forward, and have some panels decide. Returns how many have one.

    One waits for the demonstration's chair with everything there, and one before it is ready.
    """
    when = _When(at, on, Terms(policy, zone))
    lines = sorted(queries.panels_on(EVERYTHING, on, policy, zone), key=lambda line: line.code)
    started = [row for line in lines for row in _going(line) if _start(line, row, when)]
    for coming in to_be_decided(lines, on):
        if coming.line.code != _own_panel() and coming.line.chair:
            _decide(coming, _chair(coming.line, coming.line.chair, when), when)
    return len(started)


@dataclass(frozen=True, slots=True)
class Coming:
    """What is to become of a priority of a panel, and the meeting whose minutes say so."""

    decision: str
    line: PanelLine
    row: PriorityRow
    meeting: Sitting


def to_be_decided(lines: Sequence[PanelLine], on: dt.date) -> list[Coming]:
    """What is to become of one priority of each of some panels, the same before and after their plans are begun.

    The priority that waits for the chair who signs in is there too: the panel agreed, and its chair is to sign.
    """
    found, decisions = [], iter(decided.DECISIONS)
    for line in sorted(lines, key=lambda line: line.code):
        own = line.code == _own_panel()
        title = decided.READY if own else next(iter(_through(line)), None)
        row = next((row for row in line.priorities if row.title == title), None)
        signed_on = on if own else on - decided.SIGNED_DAYS * DAY
        held = [each.sitting for each in line.meetings if each.sitting.status is MeetingStatus.HELD]
        meeting = next((each for each in reversed(held) if each.on < signed_on), None)
        if row is None or meeting is None or not line.chair or not line.keeping.next:
            continue
        decision = "ready" if own else next(decisions, None)
        if decision is not None:
            found.append(Coming(decision, line, row, meeting))
    return found


def _own_panel() -> str:
    """The panel of the chair who can sign in to the demonstration."""
    chair = next(user for user in demo.sign_ins() if user.role is Role.CHAIR)
    return chair.scopes[0].code


def _going(line: PanelLine) -> list[PriorityRow]:
    return [row for row in line.priorities if row.state is PriorityState.IN_PROGRESS]


def _through(line: PanelLine) -> set[str]:
    """The priorities of a panel whose plan is worked through: the first that is not put forward too soon."""
    ready = [row.title for row in _going(line) if row.title not in decided.NOT_READY]
    return set(ready[:1])


def _start(line: PanelLine, row: PriorityRow, when: _When) -> bool:
    whole = row.title in _through(line)
    staff = people_of(line.lead.id, when.on)
    person, name = next(iter(staff.items()), (None, "Demonstration PC"))
    author = Actor(name=name, role=Role.PC, scope=EVERYTHING, person_id=person)
    ref = work_on(decided.plan_for(row.title, line.lead.code, whole=whole), author, when.terms.policy, when.at, when.on)
    reviewed = when.ago(decided.REVIEWED_DAYS)
    services.tie_plan(row.id, ref, actor=SERGEANT, at=reviewed.at, on=reviewed.on)
    services.review_priority(row.id, "Still among the first concerns", actor=SERGEANT, at=reviewed.at, on=reviewed.on)
    if whole:
        heard = when.ago(decided.SIGNED_DAYS + 2)
        new = NewFeedback(heard.on, decided.HEARD.source, decided.HEARD.view)
        services.add_feedback(row.id, new, actor=SERGEANT, at=heard.at, on=heard.on)
    if row.title in decided.NOT_READY or row.title == decided.READY:
        services.put_forward(row.id, actor=SERGEANT, at=when.ago(1).at)
    return True


def _chair(line: PanelLine, term: Term, when: _When) -> Actor:
    """The chair of a panel, who signs in with the password of the demonstration."""
    known = session.scalar(select(User).where(User.email == term.email))
    if known is None:
        password = next(user.password for user in demo.sign_ins() if user.role is Role.CHAIR) or ""
        new = NewUser(email=term.email, name=term.name, role=Role.CHAIR, scopes=(line.code,))
        known = accounts.add_user(new, password_hash=password, actor=SERGEANT, at=when.at, password_chosen=True)
    return actor_of(known, when.on)


def _decide(coming: Coming, chair: Actor, when: _When) -> None:
    decision, line, row = coming.decision, coming.line, coming.row
    before, zone = when.ago(decided.SIGNED_DAYS), when.terms.zone
    kind, _ = decided.MINUTED[decision]
    numbers = (
        each.item.number
        for each in queries.minuted([row.id], zone, drafts=False)
        if each.sitting.id == coming.meeting.id and each.item.decision is kind
    )
    minuted = Decision(coming.meeting.id, next(numbers, "3.1"), decided.CLOSED_BECAUSE)
    if decision == "withdrawn":
        services.withdraw_priority(row.id, minuted, actor=chair, at=before.at, on=before.on, zone=zone)
        return
    services.put_forward(row.id, actor=SERGEANT, at=before.at)
    if decision == "refused":
        services.refuse_sign_off(row.id, decided.REFUSED_BECAUSE, actor=chair, at=before.at, on=before.on)
    elif decision == "deferred":
        to = next(each.sitting.id for each in line.to_come if each.sitting.status is MeetingStatus.PLANNED)
        services.defer_sign_off(
            row.id, to, decided.DEFERRED_BECAUSE, actor=chair, at=before.at, on=before.on, zone=zone
        )
    else:
        _sign(row, minuted, chair, before)
        _after_signing(decision, row, when)


def _sign(row: PriorityRow, minuted: Decision, chair: Actor, when: _When) -> None:
    page = queries.priority_page(row.id, chair, when.on, when.terms.policy, when.terms.zone)
    new = NewSignature(minuted.meeting_id, minuted.minute_ref, Consent(False, 9, 1, 2))
    text = services.words_to_sign(page, new, when.terms, when.on)
    signed = replace(new, seen=sha256_of(text))
    services.sign_off(row.id, signed, actor=chair, at=when.at, on=when.on, terms=when.terms)


def _after_signing(decision: str, row: PriorityRow, when: _When) -> None:
    if decision == "closed":
        plan = session.get_one(Priority, row.id).plan
        if plan is not None:
            later, kept = when.ago(decided.SIGNED_DAYS - 4), when.terms.policy.plan_retention_months
            plans.close_plan(plan.ref, Outcome.REDUCED, actor=INSPECTOR, at=later.at, on=later.on, kept_months=kept)
    elif decision == "reopened":
        later = when.ago(3)
        services.reopen_priority(row.id, decided.REOPENED_BECAUSE, actor=SERGEANT, at=later.at, on=later.on)
