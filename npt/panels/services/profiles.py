"""Prepare the profile of a meeting, and issue it: frozen as it stands, with the priorities it recommends."""

import datetime as dt
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from npt.audit import services as audit
from npt.core import db
from npt.core.authority import Actor
from npt.core.db import session
from npt.core.errors import Reason, Refused, refuse_if_any
from npt.flags import services as flags
from npt.flags.rules import FlagKind
from npt.panels import queries
from npt.panels.models import Meeting, Profile, ProfileRecommendation
from npt.panels.rules.profiles import (
    frozen,
    obstacles_to_issuing,
    obstacles_to_preparing,
    obstacles_to_words,
    sha256_of,
)
from npt.panels.services.priorities import NewPriority, raise_priority
from npt.policy.rules import Policy


@dataclass(frozen=True, slots=True)
class ProfileWords:
    """What the team says for itself: what it did since the panel last met, and what residents told it."""

    activity: str
    residents: str


@dataclass(frozen=True, slots=True)
class NewRecommendation:
    """A priority to recommend, and why."""

    title: str
    detail: str | None
    reason: str


def prepare_profile(meeting_id: int, words: ProfileWords, *, actor: Actor, at: dt.datetime) -> None:
    """Keep the team's words for a meeting's profile; of one that was issued, for a correction.

    :raises NoResultFound: when there is no such meeting, or another team leads its panel
    :raises Refused: when the meeting was cancelled or held, or the words tell of a person
    """
    meeting, draft = _draft(meeting_id, actor)
    texts = {"activity": words.activity, "residents": words.residents}
    refuse_if_any(obstacles_to_words(texts, queries.places_near(texts.values())))
    before = {"activity": draft.activity, "residents": draft.residents}
    draft.activity, draft.residents = words.activity, words.residents
    after = {"activity": draft.activity, "residents": draft.residents}
    session.flush()
    differing = [name for name in after if before[name] != after[name]]
    if differing:
        _record("profile.prepared", meeting, draft, actor, at, changed=differing)


def recommend(meeting_id: int, new: NewRecommendation, *, actor: Actor, at: dt.datetime) -> None:
    """Recommend a priority in a meeting's profile.

    :raises NoResultFound: when there is no such meeting, or another team leads its panel
    :raises Refused: when the meeting was cancelled or held, the words tell of a person, or it is recommended already
    """
    meeting, draft = _draft(meeting_id, actor)
    _check(draft, new, None)
    row = ProfileRecommendation(title=new.title, detail=new.detail, reason=new.reason)
    draft.recommendations.append(row)
    session.flush()
    _record("profile.recommendation_added", meeting, draft, actor, at, title=new.title)


def change_recommendation(recommendation_id: int, new: NewRecommendation, *, actor: Actor, at: dt.datetime) -> None:
    """Say a recommendation otherwise, before it is issued.

    :raises NoResultFound: when there is none, it was issued, or another team leads the panel
    :raises Refused: when the words tell of a person, or the same is recommended already
    """
    row = queries.recommendation_row(recommendation_id)
    meeting, draft = _draft(row.profile.meeting_id, actor)
    _check(draft, new, row)
    row.title, row.detail, row.reason = new.title, new.detail, new.reason
    session.flush()
    _record("profile.recommendation_changed", meeting, draft, actor, at, title=new.title)


def drop_recommendation(recommendation_id: int, *, actor: Actor, at: dt.datetime) -> None:
    """Take a recommendation out, before it is issued. A priority that an earlier version brought stays the panel's.

    :raises NoResultFound: when there is none, it was issued, or another team leads the panel
    """
    row = queries.recommendation_row(recommendation_id)
    meeting, draft = _draft(row.profile.meeting_id, actor)
    title = row.title
    draft.recommendations.remove(row)
    session.delete(row)
    session.flush()
    _record("profile.recommendation_dropped", meeting, draft, actor, at, title=title)


def _check(draft: Profile, new: NewRecommendation, row: ProfileRecommendation | None) -> None:
    texts = {"title": new.title, "detail": new.detail, "reason": new.reason}
    reasons = [*obstacles_to_words(texts, queries.places_near(texts.values()))]
    if any(each is not row and each.title == new.title for each in draft.recommendations):
        reasons.append(Reason("This profile recommends it already. Enter another title", "title"))
    if row is not None and row.priority_id is not None and row.title != new.title:
        reasons.append(Reason("The panel has this under its title already: it keeps it", "title"))
    refuse_if_any(reasons)


def issue_profile(
    meeting_id: int, *, actor: Actor, at: dt.datetime, on: dt.date, policy: Policy, zone: ZoneInfo
) -> Profile:
    """Issue a meeting's profile as it stands now. What it recommends for the first time goes to the panel.

    :raises NoResultFound: when there is no such meeting, or another team leads its panel
    :raises Refused: with everything that stands in the way
    """
    meeting, draft = _draft(meeting_id, actor)
    session.flush()
    page = queries.profile_page(meeting_id, actor.scope, on, policy, zone)
    if page.draft is None:
        raise Refused("Only the team that leads the panel issues its profile")
    content = page.draft
    refuse_if_any(obstacles_to_issuing(content, meeting.status, page.before, page.going))
    # The next check would do it. Before anything is recorded: the check itself takes these locks in this order.
    flags.close(FlagKind.PROFILE_NOT_ISSUED, meeting.panel.code, on=on, actor=actor, at=at)
    source = f"Profile for the meeting of {content.meeting_on.isoformat()}"
    for row in draft.recommendations:
        if row.priority_id is None:
            new = NewPriority(row.title, row.detail, source, recommended=True)
            row.priority_id = raise_priority(meeting.panel.code, new, actor=actor, at=at, zone=zone).id
    text = frozen(content)
    session.flush()
    draft.issued_at, draft.issued_by, draft.content, draft.sha256 = at, actor.name, text, sha256_of(text)
    session.flush()
    _record("profile.issued", meeting, draft, actor, at, sha256=draft.sha256, recommended=len(content.recommended))
    return draft


def _draft(meeting_id: int, actor: Actor) -> tuple[Meeting, Profile]:
    """The meeting, locked, and the version being prepared; made from the one before when there is none."""
    meeting = queries.meeting_row(meeting_id, actor.scope)
    rows = queries.profile_rows(meeting_id)
    refuse_if_any(obstacles_to_preparing(meeting.status, any(row.issued_at for row in rows)))
    if rows and rows[0].issued_at is None:
        return meeting, rows[0]
    before = rows[0] if rows else None
    draft = Profile(
        meeting_id=meeting_id,
        version=before.version + 1 if before else 1,
        activity=before.activity if before else "",
        residents=before.residents if before else "",
        recommendations=[
            ProfileRecommendation(
                title=each.title, detail=each.detail, reason=each.reason, priority_id=each.priority_id
            )
            for each in (before.recommendations if before else ())
        ],
    )
    db.session.add(draft)
    session.flush()
    return meeting, draft


def _record(event: str, meeting: Meeting, draft: Profile, actor: Actor, at: dt.datetime, **more: object) -> None:
    audit.record(event, f"profile:{meeting.ref}", actor=actor, at=at, version=draft.version, **more)
