"""What happened about a panel's priorities, in plain words, for a chair who has not looked since the last meeting."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from npt.core.db import session
from npt.panels.models import CommunityFeedback
from npt.panels.queries.answers import answers_of
from npt.panels.queries.panels import PanelLine
from npt.panels.queries.priorities import events_of
from npt.problem_solving import queries as plans


@dataclass(frozen=True, slots=True)
class News:
    """One thing that happened about a priority: when, what in a sentence, and of which priority."""

    at: dt.datetime
    text: str
    priority_id: int


@dataclass(frozen=True, slots=True)
class Told:
    """What a panel's own page says of its priorities: what was done about each, and what is new."""

    did: Mapping[int, str]
    news: Sequence[News]


def told_of(panel: PanelLine, since: dt.datetime) -> Told:
    """What was done about each priority of a panel, and what happened since an instant, newest first.

    A few statements, however many priorities there are.
    """
    titles = {row.id: row.title for row in panel.priorities}
    by_plan = {row.plan_id: row.id for row in panel.priorities if row.plan_id is not None}
    ids = list(titles)
    summaries = plans.plan_summaries(list(by_plan))
    news = [
        News(step.at, f"“{titles[step.priority_id]}”: {_lowered(step.kind.label)}", step.priority_id)
        for step in events_of(ids)
        if step.at >= since
    ]
    did = {}
    for plan_id, plan in summaries.items():
        owner = by_plan[plan_id]
        if plan.updates:
            did[owner] = plan.updates[0].text
        news += [
            News(update.at, f"“{titles[owner]}”: {update.text}", owner) for update in plan.updates if update.at >= since
        ]
    heard = select(CommunityFeedback).where(
        CommunityFeedback.priority_id.in_(ids), CommunityFeedback.recorded_at >= since
    )
    news += [
        News(row.recorded_at, f"“{titles[row.priority_id]}”: the community was heard ({row.source})", row.priority_id)
        for row in session.scalars(heard)
    ]
    did |= {priority_id: answer.done for priority_id, answer in answers_of(ids).items()}
    return Told(did, sorted(news, key=lambda each: each.at, reverse=True))


def _lowered(words: str) -> str:
    return words[0].lower() + words[1:]
