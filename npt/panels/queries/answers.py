"""Read what residents asked for and what they are told was done."""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from sqlalchemy import func, select, union

from npt.core.authority import Scope
from npt.core.db import session
from npt.core.periods import local_day
from npt.panels.models import Priority, PriorityAnswer, PriorityEvent
from npt.panels.queries.changing import led
from npt.panels.queries.panels import PanelLine, panel_page
from npt.panels.rules.answers import Answer, SaidAndDone
from npt.panels.rules.vocabulary import ADOPTED, EventKind, PriorityState
from npt.people.models import Bcu, Panel, Sector, Team, Ward
from npt.policy.rules import Policy
from npt.problem_solving.models import Plan
from npt.problem_solving.rules.wording import names_in


@dataclass(frozen=True, slots=True)
class YouSaidPage:
    """What a panel adopted and what was done about it, the newest first; and whether it is the actor's to write."""

    panel: PanelLine
    theirs: bool
    rows: Sequence[SaidAndDone]

    @property
    def going(self) -> list[SaidAndDone]:
        """What is not answered yet."""
        return [row for row in self.rows if row.state not in _OVER]

    @property
    def over(self) -> list[SaidAndDone]:
        return [row for row in self.rows if row.state in _OVER]


_OVER = (PriorityState.SIGNED_OFF, PriorityState.WITHDRAWN)


def you_said(code: str, scope: Scope, on: dt.date, policy: Policy, zone: ZoneInfo) -> YouSaidPage:
    """What was done about everything a panel adopted.

    :raises NoResultFound: when there is no such panel, or the actor may not see it
    """
    page = panel_page(code, scope, on, policy, zone)
    held = {row.sitting.id: row.sitting.on for row in page.panel.meetings}
    adopted = [row for row in page.panel.priorities if row.state in ADOPTED]
    ids = [row.id for row in adopted]
    answers, signed = answers_of(ids), _signed(ids, zone)
    sensitive = _sensitive([row.plan_id for row in adopted if row.plan_id is not None])
    told = [text for each in answers.values() for text in (each.done, each.result)]
    places = places_near([*told, *(text for row in adopted for text in (row.title, row.detail))])
    rows = [
        SaidAndDone(
            row.id,
            row.ref,
            row.title,
            row.detail,
            row.state,
            held.get(row.adopted_at_id or 0),
            answers.get(row.id),
            signed.get(row.id) if row.state is PriorityState.SIGNED_OFF else None,
            row.plan_id in sensitive,
            places,
        )
        for row in adopted
    ]
    newest = sorted(rows, key=lambda row: (row.adopted_on or dt.date.min, row.ref), reverse=True)
    return YouSaidPage(page.panel, page.theirs, newest)


def places_near(texts: Iterable[str | None]) -> frozenset[str]:
    """The names of the force's wards, teams, sectors, BCUs and panels; nothing while no text holds a name to hold
    against them.
    """
    if not any(text and names_in(text) for text in texts):
        return frozenset()
    named = [select(table.name) for table in (Ward, Team, Sector, Bcu, Panel)]
    return frozenset(session.scalars(union(*named)))


def answers_of(priority_ids: Collection[int]) -> Mapping[int, Answer]:
    """What residents are told of each of these priorities that has an answer."""
    rows = session.scalars(select(PriorityAnswer).where(PriorityAnswer.priority_id.in_(priority_ids)))
    return {row.priority_id: Answer(row.done, row.result, row.on, row.by) for row in rows}


def _signed(priority_ids: Collection[int], zone: ZoneInfo) -> Mapping[int, dt.date]:
    statement = (
        select(PriorityEvent.priority_id, func.max(PriorityEvent.at))
        .where(PriorityEvent.kind == EventKind.SIGNED_OFF, PriorityEvent.priority_id.in_(priority_ids))
        .group_by(PriorityEvent.priority_id)
    )
    return {priority_id: local_day(at, zone) for priority_id, at in session.execute(statement)}


def _sensitive(plan_ids: Collection[int]) -> frozenset[int]:
    """Which of these plans are marked OFFICIAL-SENSITIVE."""
    return frozenset(session.scalars(select(Plan.id).where(Plan.id.in_(plan_ids), Plan.marking_reason.is_not(None))))


def answer_row(priority_id: int, scope: Scope, *, lock: bool = True) -> tuple[Priority, PriorityAnswer | None]:
    """A priority of a panel that a team of the actor's leads, locked unless only shown, and what residents are told.

    :raises NoResultFound: when there is no such priority, or another team leads
    """
    statement = (
        select(Priority).join(Panel, Panel.id == Priority.panel_id).where(Priority.id == priority_id, led(scope))
    )
    priority = session.scalars(statement.with_for_update(of=Priority) if lock else statement).one()
    return priority, session.scalars(select(PriorityAnswer).filter_by(priority_id=priority_id)).one_or_none()
