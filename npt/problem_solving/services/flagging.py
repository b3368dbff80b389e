"""Flag plans that stand still, and plans whose actions are overdue."""

import datetime as dt
from zoneinfo import ZoneInfo

from npt.core.authority import Actor
from npt.flags import services as flags
from npt.flags.services import Reconciled
from npt.people import queries as people
from npt.policy.rules import Policy
from npt.problem_solving.queries.judging import assessed
from npt.problem_solving.rules.findings import plan_findings


def flag_plans(on: dt.date, policy: Policy, zone: ZoneInfo, *, actor: Actor, at: dt.datetime) -> Reconciled:
    """Bring the flags of plans into line with a day (RULES section 7)."""
    findings = [*plan_findings(assessed(on, zone), people.supervised_team_ids(on), policy, on)]
    return flags.reconcile("plans", findings, on=on, policy=policy, actor=actor, at=at)
