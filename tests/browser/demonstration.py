"""A process of its own that loads the demonstration force and prints who signs in. Run by ``conftest``.

In the tests' own process it would bind the session that every other test stands on.
"""

import json
import sys

from flask_security.utils import hash_password
from sqlalchemy import select

from npt import scheduler
from npt.abstractions.models import Abstraction
from npt.app import create_app
from npt.core.authority import Role, system
from npt.core.db import session, transaction
from npt.core.periods import DAY
from npt.demo import queries, services
from npt.edge import now, today, zone
from npt.people import queries as people
from npt.policy.cli import start_policy
from npt.settings import Settings

TEAM = "SOH"


def load(password: str) -> None:
    """Load the force, and judge today."""
    actor = system("npt demo")
    with transaction():
        services.load_force(actor=actor, at=now(), on=today(), zone=zone(), progress=lambda file, done, total: None)
        start_policy()
        services.add_sign_ins(hash_password(password), on=today(), actor=actor, at=now())
    for name in scheduler.JOBS:
        scheduler.run(name, today())
    with transaction():
        services.plan_some(at=now(), on=today(), zone=zone())


def never_away() -> list[str]:
    """The PCs and PCSOs of the sergeant's team who are in one place from two days ago on: free to be logged."""
    team = next(team for team in people.teams(system("test").scope) if team.code == TEAM)
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
    return sorted(person.name for person in named if person.id not in away and not person.name.startswith("Sgt"))


if __name__ == "__main__":
    app = create_app(Settings(database_url=sys.argv[1], secret_key="k" * 32))
    with app.app_context():
        load(sys.argv[2])
        sign_ins = {user.role.value: user.email for user in queries.sign_ins() if user.role in Role}
        sys.stdout.write(json.dumps({"sign_ins": sign_ins, "free": never_away()}) + "\n")
