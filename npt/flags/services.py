"""Bring the flags into line with what a check found; answer one."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import or_, select

from npt.audit import services as audit
from npt.core.authority import Actor
from npt.core.db import lock_record, session
from npt.core.errors import refuse_if_any
from npt.core.periods import add_months
from npt.flags import queries, rules
from npt.flags.models import Flag, JudgedDay
from npt.flags.rules import Changes, Finding, FlagKind, OpenSpell, Revision
from npt.policy.rules import Policy


@dataclass(frozen=True, slots=True)
class Reconciled:
    """What a check did to the flags. ``found`` is everything it found; ``judged`` is a newer day judged already.

    ``passed_up`` counts flags nobody answered in time, ``repeated`` those newly marked as repeat.
    """

    on: dt.date
    found: tuple[Finding, ...]
    opened: int = 0
    escalated: int = 0
    updated: int = 0
    closed: int = 0
    passed_up: int = 0
    repeated: int = 0
    judged: dt.date | None = None

    def __str__(self) -> str:
        """Say it in a sentence; for a day before the newest judged, list what would be found under it."""
        if self.judged is None:
            return (
                f"{self.on.isoformat()}: {len(self.found)} found: {self.opened} opened, {self.escalated} escalated, "
                f"{self.updated} updated, {self.closed} closed, {self.passed_up} passed up, {self.repeated} repeat"
            )
        first = (
            f"{self.on.isoformat()}: would find {len(self.found)}; nothing changed, because {self.judged.isoformat()} "
            "has been judged already"
        )
        return "\n".join([first, *(f"{f.kind} {f.subject} {f.severity}: {f.detail}" for f in self.found)])


def reconcile(
    job: str, findings: Iterable[Finding], *, on: dt.date, policy: Policy, actor: Actor, at: dt.datetime
) -> Reconciled:
    """Open what is new, escalate what got worse, close what ended, pass up what nobody answered (RULES section 7).

    Doing it again for the same day changes nothing. For a day before the newest this check has judged nothing is
    changed at all.

    :param policy: the policy in force on the day judged
    :raises ValueError: when a finding is of a kind this check does not judge
    """
    lock_record(f"flags:{job}")
    kinds = rules.kinds_of(job)
    changes = rules.reconcile(queries.open_flags(kinds), found := _in_order(findings), kinds)
    judged = session.scalar(select(JudgedDay).where(JudgedDay.job == job))
    if judged is not None and on < judged.newest_day:
        return Reconciled(on, found, judged=judged.newest_day)
    if judged is None:
        session.add(JudgedDay(job=job, newest_day=on))
    else:
        judged.newest_day = on
    act = _Act(on, actor, at)
    _apply(changes, act)
    session.flush()
    still_open = session.scalars(select(Flag).where(Flag.closed_on.is_(None), Flag.kind.in_(kinds))).all()
    return Reconciled(
        on,
        found,
        opened=len(changes.to_open),
        escalated=len(changes.to_escalate),
        updated=len(changes.to_update),
        closed=len(changes.to_close),
        passed_up=_pass_up(still_open, policy, act),
        repeated=_mark_repeats(still_open, kinds, policy, act),
    )


def _in_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    return tuple(sorted(findings, key=lambda finding: finding.key))


@dataclass(frozen=True, slots=True)
class _Act:
    on: dt.date
    actor: Actor
    at: dt.datetime

    def record(self, event: str, flag: Flag, **details: object) -> None:
        audit.record(event, f"flag:{flag.id}", actor=self.actor, at=self.at, on=self.on, **details)


def _apply(changes: Changes, act: _Act) -> None:
    _open(changes.to_open, act)
    known = _by_id([r.flag.id for r in changes.to_escalate + changes.to_update] + [f.id for f in changes.to_close])
    for revision in changes.to_escalate:
        _revise(known[revision.flag.id], revision, "flag.escalated", act)
    for revision in changes.to_update:
        eased = revision.finding.severity is not revision.flag.severity
        _revise(known[revision.flag.id], revision, "flag.eased" if eased else None, act)
    _record_figures(changes.to_update, act)
    for closing in changes.to_close:
        known[closing.id].closed_on = act.on
        act.record("flag.closed", known[closing.id], kind=closing.kind, about=closing.subject)


def _by_id(ids: Collection[int]) -> dict[int, Flag]:
    if not ids:
        return {}
    return {flag.id: flag for flag in session.scalars(select(Flag).where(Flag.id.in_(ids)))}


def _open(findings: Sequence[Finding], act: _Act) -> None:
    if not findings:
        return
    above_teams, above_sectors = queries.places()
    opened = []
    for finding in findings:
        placed = above_teams.get(finding.team_id or 0) or above_sectors.get(finding.sector_id or 0)
        opened.append(
            Flag(
                kind=finding.kind,
                subject=finding.subject,
                severity=finding.severity,
                figure=finding.figure,
                threshold=finding.threshold,
                detail=finding.detail,
                opened_on=act.on,
                owner_role=finding.owner_role,
                first_owner_role=finding.owner_role,
                owned_since=act.on,
                team_id=finding.team_id,
                # An inspector and a BCU manager see it by these, so they are kept although the team says them.
                sector_id=placed.sector_id if placed else finding.sector_id,
                bcu_id=placed.bcu_id if placed else finding.bcu_id,
            )
        )
    session.add_all(opened)
    session.flush()
    for flag in opened:
        act.record(
            "flag.opened",
            flag,
            kind=flag.kind,
            about=flag.subject,
            severity=flag.severity,
            figure=flag.figure,
            threshold=flag.threshold,
            owner=flag.owner_role,
        )


def _revise(flag: Flag, revision: Revision, event: str | None, act: _Act) -> None:
    finding = revision.finding
    before = {"severity": flag.severity, "figure": flag.figure, "threshold": flag.threshold}
    flag.severity, flag.figure, flag.threshold = finding.severity, finding.figure, finding.threshold
    flag.detail = finding.detail
    if event:
        after = {"severity": flag.severity, "figure": flag.figure, "threshold": flag.threshold}
        act.record(event, flag, before=before, after=after)


def _record_figures(revisions: Sequence[Revision], act: _Act) -> None:
    # A vacancy grows a day older every night: one entry for the batch, or the record would say little else.
    figures = {
        str(r.flag.id): [r.flag.figure, r.finding.figure]
        for r in revisions
        if r.finding.severity is r.flag.severity and r.finding.figure != r.flag.figure
    }
    if figures:
        job = revisions[0].flag.kind.job
        audit.record("flags.updated", f"flags:{job}", actor=act.actor, at=act.at, on=act.on, figures=figures)


def _pass_up(flags: Iterable[Flag], policy: Policy, act: _Act) -> int:
    passed = 0
    for flag in flags:
        if flag.acknowledged_at is not None:
            continue  # it stays with whoever had it when it was answered
        owner = rules.owner_after(flag.opened_on, act.on, None, flag.first_owner_role, policy.escalation_days)
        if owner is not flag.owner_role:
            act.record("flag.passed_up", flag, before={"owner": flag.owner_role}, after={"owner": owner})
            flag.owner_role, flag.owned_since = owner, act.on
            passed += 1
    return passed


def _mark_repeats(flags: Iterable[Flag], kinds: Collection[FlagKind], policy: Policy, act: _Act) -> int:
    unmarked = [flag for flag in flags if not flag.repeat]
    if not unmarked:
        return 0
    since = add_months(act.on.replace(day=1), -policy.repeat_months)
    rows = session.execute(
        select(Flag.kind, Flag.subject, Flag.opened_on, Flag.closed_on).where(
            Flag.kind.in_(kinds), or_(Flag.closed_on.is_(None), Flag.closed_on >= since)
        )
    )
    spells = defaultdict(list)
    for kind, subject, opened_on, closed_on in rows:
        spells[kind, subject].append(OpenSpell(opened_on, closed_on))
    repeats = [f for f in unmarked if rules.is_repeat(spells[f.kind, f.subject], act.on, policy.repeat_months)]
    for flag in repeats:
        flag.repeat = True
        act.record("flag.marked_repeat", flag, months=policy.repeat_months)
    return len(repeats)


def close(kind: FlagKind, subject: str, *, on: dt.date, actor: Actor, at: dt.datetime) -> None:
    """Close the open flag of a kind about a subject, if there is one: what it was about has just ended.

    The next check would do it; until then it would ask for something that is done.
    """
    lock_record(f"flags:{kind.job}")
    for flag in session.scalars(
        select(Flag).where(Flag.kind == kind, Flag.subject == subject, Flag.closed_on.is_(None)).with_for_update()
    ):
        flag.closed_on = max(on, flag.opened_on)
        _Act(on, actor, at).record("flag.closed", flag, kind=kind, about=subject)


@dataclass(frozen=True, slots=True)
class Acknowledgement:
    """The required response to a flag: what will be done, and by which day."""

    action: str
    due_on: dt.date


def acknowledge(
    flag_id: int, answer: Acknowledgement, *, actor: Actor, at: dt.datetime, on: dt.date
) -> queries.FlagRow:
    """Answer an open flag, so that it stays with whoever has it. Answering again replaces the action and the date.

    :param on: today
    :raises NoResultFound: when there is no such flag, or the actor may not see it
    :raises Refused: with every reason: it is closed, not theirs to answer, no action, a date before today
    """
    flag = session.execute(
        select(Flag)
        .where(Flag.id == flag_id, queries.in_scope(actor.scope), Flag.kind.in_(rules.kinds_shown_to(actor.role)))
        .with_for_update()
    ).scalar_one()
    refuse_if_any(
        rules.obstacles_to_acknowledging(flag.kind, flag.closed_on, actor.role, answer.action, answer.due_on, on)
    )
    before = {"action": flag.action, "due_on": flag.action_due_on} if flag.acknowledged_at else None
    flag.acknowledged_at, flag.acknowledged_by = at, actor.name
    flag.action, flag.action_due_on = answer.action.strip(), answer.due_on
    audit.record(
        "flag.acknowledged",
        f"flag:{flag.id}",
        actor=actor,
        at=at,
        before=before,
        after={"action": flag.action, "due_on": flag.action_due_on},
    )
    session.flush()
    return queries.flag(flag_id, actor.scope)
