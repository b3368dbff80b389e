"""Plans for tests, at whatever stage they are wanted."""

import datetime as dt
from decimal import Decimal
from typing import Any

from npt.core.authority import Actor, Role, Scope
from npt.core.db import transaction
from npt.people.models import Person, Team
from npt.problem_solving import services
from npt.problem_solving.rules.impact import Least
from npt.problem_solving.rules.vocabulary import Better, ProblemType, SourceKind, Stage
from npt.problem_solving.services import NewAction, NewAnalysis, NewAssessment, NewMeasure, NewPlan, NewSource
from tests.conftest import NOW, TODAY

NEW = {"problem": "Motorbikes on the recreation ground", "detail": "Most evenings since May"}
MEASURE = NewMeasure(
    "Calls about bikes", "Command and control", Better.LOWER, Decimal(20), dt.date(2026, 5, 1), dt.date(2026, 7, 31)
)
ASSESSMENT = NewAssessment(
    Decimal(10), dt.date(2026, 8, 1), dt.date(2026, 10, 31), "Quieter, they say", "Half as many calls", "The gate"
)

LEAST = Least(counted=10, asked=30)
CLOSING: dict[str, Any] = {"on": TODAY, "kept_months": 72}
"""On which day a plan is closed, and how long its text is kept."""


def acting(role: Role, *teams: Team, who: Person | None = None, force: bool = False, user_id: int = 900) -> Actor:
    """Somebody of a role who has some teams."""
    person_id = who.id if who else None
    scope = Scope(force=force, team_ids=frozenset(team.id for team in teams), person_id=person_id)
    return Actor(who.surname if who else role.value, role, scope, user_id, person_id)


def plan(team: Team, author: Actor, at: Stage = Stage.SCANNING, problem: str = NEW["problem"]) -> str:
    """A plan that was worked on until it came to a stage; at assessment everything is there. Its ref."""
    supervisor = acting(Role.SERGEANT, team, user_id=901)
    order = list(Stage)[1:]
    with transaction():
        new = NewPlan(team.code, problem, NEW["detail"], ProblemType.ANTI_SOCIAL_BEHAVIOUR)
        ref = services.open_plan(new, actor=author, at=NOW, on=TODAY)
        for stage in order[: order.index(at)]:
            fill(ref, stage, author)
            services.move_on(ref, actor=supervisor, at=NOW)
        if at is Stage.ASSESSMENT:
            fill(ref, at, author)
    return ref


def fill(ref: str, stage: Stage, actor: Actor) -> None:
    """Everything a stage asks for."""
    if stage is Stage.SCANNING:
        services.add_source(ref, NewSource(SourceKind.ASB, "Calls"), actor=actor, at=NOW)
        services.add_source(ref, NewSource(SourceKind.RESIDENTS, "Letters"), actor=actor, at=NOW)
        services.choose_measure(ref, MEASURE, actor=actor, at=NOW, on=TODAY)
    elif stage is Stage.ANALYSIS:
        analysis = NewAnalysis(victim="Walkers", location="The open gate", offender_not="Nobody is known")
        services.write_analysis(ref, analysis, actor=actor, at=NOW)
    elif stage is Stage.RESPONSE:
        action = NewAction("Lock the gate at night", TODAY, partner="Parish council")
        services.add_action(ref, action, actor=actor, at=NOW, on=TODAY)
    else:
        services.assess(ref, ASSESSMENT, actor=actor, at=NOW)
