"""Say which languages a team needs, from when to when, and why."""

import datetime as dt
from dataclasses import dataclass

from npt.audit import services as audit
from npt.core import db
from npt.core.authority import Actor
from npt.core.db import session
from npt.core.errors import Reason, Refused, refuse_if_any
from npt.people.models import Team
from npt.staffing import queries
from npt.staffing.models import NeededLanguage
from npt.staffing.queries import changing
from npt.staffing.rules.skills import Need, as_known, obstacles_to_need


@dataclass(frozen=True, slots=True)
class NewNeed:
    """A language the people of a team's area need to be spoken to in, since when, and how that is known."""

    team_code: str
    language: str
    first_day: dt.date
    last_day: dt.date | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class ChangeOfNeed:
    """Until when a language is needed, without a day: still; and how that is known."""

    last_day: dt.date | None = None
    note: str | None = None


def need_language(new: NewNeed, *, actor: Actor, at: dt.datetime) -> str:
    """Say that a team needs a language. Returns its name in the spelling that is used already.

    :raises Refused: when the team is not the actor's, needs it on those days already, or is not live then
    """
    team = changing.team_row(new.team_code, actor.scope)
    if team is None:
        raise Refused(Reason("Choose one of your teams", "team_code"))
    db.lock_record("needed_languages")
    language = as_known(new.language, queries.language_names())
    needs, live = queries.needs_of(team)
    refuse_if_any(obstacles_to_need(Need(language, new.first_day, new.last_day), needs, live))
    row = NeededLanguage(
        team_id=team.id,
        language=language,
        first_day=new.first_day,
        last_day=new.last_day,
        note=new.note or None,
        set_by=actor.name,
    )
    session.add(row)
    session.flush()
    audit.record(
        "needed_language.added",
        queries.need_subject(team.code, language, new.first_day),
        actor=actor,
        at=at,
        team=team.code,
        language=language,
        first_day=new.first_day,
        last_day=new.last_day,
        note=new.note or None,
    )
    return language


def change_need(needed_id: int, change: ChangeOfNeed, *, actor: Actor, at: dt.datetime) -> None:
    """Say until when a team needs a language, or that it still does, and why.

    :raises NoResultFound: when there is no such row, or the team is not the actor's
    :raises Refused: when it would end before it began, or meet a later row of the same language
    """
    db.lock_record("needed_languages")
    found = queries.needed_language(needed_id, actor.scope)
    row = session.get_one(NeededLanguage, found.id)
    needs, live = queries.needs_of(session.get_one(Team, row.team_id))
    refuse_if_any(obstacles_to_need(Need(row.language, row.first_day, change.last_day, row.id), needs, live))
    before = {"last_day": row.last_day, "note": row.note}
    after = {"last_day": change.last_day, "note": change.note or None}
    if before != after:
        row.last_day, row.note, row.set_by = change.last_day, change.note or None, actor.name
        subject = queries.need_subject(found.team.code, row.language, row.first_day)
        audit.record("needed_language.changed", subject, actor=actor, at=at, before=before, after=after)
