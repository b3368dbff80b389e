"""A process of its own that loads the demonstration force and prints who signs in. Run by ``conftest``.

In the tests' own process it would bind the session that every other test stands on.
"""

import datetime as dt
import json
import sys
from contextlib import suppress

from flask_security.utils import hash_password
from sqlalchemy import select

from npt import scheduler
from npt.abstractions import services as abstractions
from npt.abstractions.models import Abstraction
from npt.abstractions.queries import whereabouts
from npt.abstractions.services import NewDuty
from npt.app import create_app
from npt.core.authority import Role, system
from npt.core.db import session, transaction
from npt.core.errors import Refused
from npt.core.periods import DAY, MINUTE, month_of
from npt.demo import queries, services
from npt.demo.services import told
from npt.demo.services.crime import load_crime
from npt.demo.services.decided import decide_some
from npt.demo.services.meetings import prepare_meetings
from npt.demo.services.partners import partner_signs_in
from npt.demo.services.plans import open_plans
from npt.edge import now, policy, today, zone
from npt.people import queries as people
from npt.people.queries import PersonRow
from npt.people.rules import Grade
from npt.policy.cli import start_policy
from npt.settings import Settings

HOUR = 60 * MINUTE
TEAM = "SOH"
JOURNEYS_DAY = dt.date(2026, 3, 29)
"""In the month the journeys write in. On it the clocks went forward."""
COVERED = "BUR"
"""The team the sergeant covers. Its people are free for what is logged with a button or for several at once."""


def load(password: str) -> None:
    """Load the force, and judge today."""
    actor = system("npt demo")
    with transaction():
        services.load_force(actor=actor, at=now(), on=today(), zone=zone(), progress=lambda file, done, total: None)
        start_policy()
        services.add_sign_ins(hash_password(password), on=today(), actor=actor, at=now())
        services.set_policy(at=now(), on=today())
        load_crime(actor=actor, at=now(), on=today(), zone=zone(), progress=lambda file, done, total: None)
        services.plan_succession(policy(today()), actor=actor, at=now(), on=today(), zone=zone())
        prepare_meetings(policy(today()), at=now(), on=today(), zone=zone())
        services.audit_some(at=now(), on=today(), zone=zone())
        open_plans(policy(today()), at=now(), on=today())
        decide_some(policy(today()), at=now(), on=today(), zone=zone())
        told.brief(policy(today()), at=now(), on=today())
        told.tell_residents(at=now(), on=today())
        told.profile_next_meeting(policy(today()), at=now(), on=today(), zone=zone())
        services.confirm_months(policy(today()), actor=actor, at=now(), on=today(), zone=zone())
        open_again()
    with transaction():
        told.read_by_some("SOU", at=now(), on=today())
        partner_signs_in(at=now(), on=today())
    for name in scheduler.JOBS:
        scheduler.run(name, today())


def open_again() -> None:
    """Let the journeys log in the month whose clocks went forward, if these teams have confirmed it."""
    march = month_of(JOURNEYS_DAY, zone())
    for code in (TEAM, COVERED):
        with suppress(Refused):
            abstractions.reopen_month(code, march, reason="For the journeys", actor=system("test"), at=now())


def never_away(code: str) -> list[PersonRow]:
    """The people of a team who are in one place from two days ago on: free to be logged."""
    team = next(team for team in people.teams(system("test").scope) if team.code == code)
    here = people.roll(team_ids=[team.id]).in_team([team.id], today())
    away = set(
        session.scalars(
            select(Abstraction.person_id).where(
                Abstraction.cancelled_at.is_(None),
                Abstraction.ends_at.is_(None) | (Abstraction.ends_at > now() - 2 * DAY),
            )
        )
    )
    named = people.people(here).values()
    return sorted((each for each in named if each.id not in away), key=lambda person: person.name)


def put_on_duty(free: list[PersonRow]) -> None:
    """Roster these from an hour ago on: the tests run at any hour, and somebody must be there to be logged."""
    with transaction():
        for person in free:
            new = NewDuty(person.id, now() - HOUR, now() + 8 * HOUR)
            abstractions.add_duty(new, actor=system("test"), at=now(), zone=zone())


if __name__ == "__main__":
    app = create_app(Settings(database_url=sys.argv[1], secret_key="k" * 32))
    with app.app_context():
        load(sys.argv[2])
        sign_ins = {user.role.value: user.email for user in queries.sign_ins() if user.role in Role}
        covered = [person for person in never_away(COVERED) if person.grade in (Grade.PC, Grade.PCSO)]
        put_on_duty(covered)
        there = whereabouts([person.id for person in covered], now(), zone()).on_duty
        covered.sort(key=lambda person: person.id not in there)
        names = {"free": [p.name for p in never_away(TEAM)], "covered": [p.name for p in covered]}
        sys.stdout.write(json.dumps({"sign_ins": sign_ins, **names}) + "\n")
