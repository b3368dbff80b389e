"""Read vacancies, strength against establishment, and who supervises whom, on any day."""

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import select

from npt.core.authority import EVERYTHING, Scope
from npt.core.db import session
from npt.people import queries as people
from npt.people import rules as holding
from npt.people.models import Posting
from npt.people.queries import Roll
from npt.people.rules import Place, PostFact, Staffing
from npt.policy.rules import Policy
from npt.staffing.rules.supervision import Supervision, supervision
from npt.staffing.rules.vacancies import ForecastVacancy, Vacancy, forecast_vacancies, vacancies

_MANY = 500
"""With more posts than this the postings of everybody are read: cheaper than a long list of numbers."""


def _roll_of(posts: Sequence[PostFact]) -> Roll:
    """All postings of everybody who ever held one of these posts: while they act elsewhere theirs is vacant."""
    if len(posts) > _MANY:
        return people.roll()
    held = select(Posting.person_id).where(Posting.post_id.in_([post.id for post in posts])).distinct()
    return people.roll(person_ids=session.scalars(held))


def vacancies_on(on: dt.date, policy: Policy, scope: Scope) -> list[Vacancy]:
    """The vacant posts of a day that the actor may see, inspectors' too, in order of post ref (RULES section 2)."""
    posts = people.posts(scope)
    return vacancies(posts, _roll_of(posts).postings, on, policy)


def forecast_on(on: dt.date, policy: Policy, scope: Scope) -> list[ForecastVacancy]:
    """The posts the actor may see that will stand empty within policy's days, in order of post ref, then day."""
    posts = people.posts(scope)
    return forecast_vacancies(posts, _roll_of(posts).postings, on, policy)


def staffing_on(on: dt.date, scope: Scope) -> list[Staffing[Place]]:
    """Posts and people on a day by team and grade, and by sector for inspectors; only units with a live post."""
    posts = people.posts(scope)
    return holding.staffing(posts, _roll_of(posts).postings, on, holding.place)


def supervision_on(on: dt.date, policy: Policy) -> Supervision:
    """Who supervises whom on a day, of the whole force: a sergeant's teams may lie in two BCUs (RULES section 3).

    Whoever shows it keeps to what the actor may see.
    """
    teams = [team.fact for team in people.teams(EVERYTHING)]
    return supervision(people.roll().postings, teams, people.covers(), on, policy)
