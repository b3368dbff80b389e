"""Have officers and residents told of the invented priorities, and some of the officers read it."""

import datetime as dt
from itertools import cycle
from zoneinfo import ZoneInfo

from sqlalchemy import select

from npt.accounts import services as accounts
from npt.accounts.queries import actor_of
from npt.accounts.services import NewUser
from npt.core.authority import EVERYTHING, Actor, Role
from npt.core.db import session
from npt.core.periods import DAY
from npt.demo import queries
from npt.demo.rules.told import ACTIVITY, COURSING, DONE, NOTES, OFFICERS, PROFILED, RESIDENTS
from npt.panels import services
from npt.panels.models import Meeting, Priority
from npt.panels.rules.briefing import standard_last_day
from npt.panels.rules.vocabulary import ADOPTED, CURRENT, MeetingStatus
from npt.panels.services import NewAnswer, NewNote, NewRecommendation, ProfileWords
from npt.people.models import Panel
from npt.policy.rules import Policy

TELLER = Actor(name="Demonstration sergeant", role=Role.SERGEANT, scope=EVERYTHING)
HAVE_READ = (Role.INSPECTOR, Role.PC)
"""The response officer reads it when somebody signs in as them."""


def brief(policy: Policy, *, at: dt.datetime, on: dt.date) -> int:
    """Write the notes of the invented priorities that are current. Returns how many there are."""
    notes = {told.title: told for told in NOTES}
    rows = session.scalars(
        select(Priority).where(Priority.title.in_(notes), Priority.state.in_(CURRENT)).order_by(Priority.ref)
    ).all()
    places = {title: cycle(told.places) for title, told in notes.items()}
    for row in rows:
        told, team = notes[row.title], row.panel.lead_team
        call = told.who_to_call or f"{team.name} team, {team.telephone or '101'}"
        day, moment = on - told.days_ago * DAY, at - told.days_ago * DAY
        new = NewNote(next(places[row.title]), told.what_to_do, call, standard_last_day(day, policy))
        services.write_note(row.id, new, actor=TELLER, at=moment, on=day, policy=policy)
    return len(rows)


def read_by_some(bcu: str, *, at: dt.datetime, on: dt.date) -> None:
    """Have some of the demonstration's sign-ins open the briefing of a BCU, and some officers of every BCU theirs."""
    for user in queries.sign_ins():
        if user.role in HAVE_READ:
            services.read_briefing(bcu, actor=actor_of(user, on), at=at, on=on)
    password = next(user.password for user in queries.sign_ins() if user.role is Role.RESPONDER) or ""
    for code, officers in OFFICERS.items():
        for name, has_read in officers:
            email = f"{name.split()[-1].lower()}@demo.example"
            new = NewUser(email=email, name=name, role=Role.RESPONDER, scopes=(code,))
            user = accounts.add_user(new, password_hash=password, actor=TELLER, at=at, password_chosen=True)
            if has_read:
                services.read_briefing(code, actor=actor_of(user, on), at=at, on=on)


def tell_residents(*, at: dt.datetime, on: dt.date) -> None:
    """Say what was done about some of the invented priorities."""
    rows = session.scalars(select(Priority).where(Priority.title.in_(DONE), Priority.state.in_(ADOPTED)))
    for row in rows.all():
        services.answer_priority(row.id, NewAnswer(*DONE[row.title]), actor=TELLER, at=at, on=on)


def profile_next_meeting(policy: Policy, *, at: dt.datetime, on: dt.date, zone: ZoneInfo) -> None:
    """Prepare and issue the profile of the next meeting of the panel whose chair signs in."""
    meeting_id = session.scalars(
        select(Meeting.id)
        .join(Panel, Panel.id == Meeting.panel_id)
        .where(Panel.code == PROFILED, Meeting.status == MeetingStatus.PLANNED, Meeting.starts_at > at)
        .order_by(Meeting.starts_at)
    ).first()
    if meeting_id is None:
        return
    services.prepare_profile(meeting_id, ProfileWords(ACTIVITY, RESIDENTS), actor=TELLER, at=at)
    services.recommend(meeting_id, NewRecommendation(*COURSING), actor=TELLER, at=at)
    services.issue_profile(meeting_id, actor=TELLER, at=at, on=on, policy=policy, zone=zone)
