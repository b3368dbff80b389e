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
from npt.problem_solving.services.retaining import propose_disposals


def flag_plans(on: dt.date, policy: Policy, zone: ZoneInfo, *, actor: Actor, at: dt.datetime) -> Reconciled:
    """Bring the flags of plans into line with a day (RULES section 7)."""
    findings = [*plan_findings(assessed(on, zone), people.supervised_team_ids(on), policy, on)]
    return flags.reconcile("plans", findings, on=on, policy=policy, actor=actor, at=at)


def check_plans(on: dt.date, policy: Policy, zone: ZoneInfo, *, actor: Actor, at: dt.datetime) -> str:
    """Flag what open plans lack, and propose the disposal of closed ones. Says in a sentence what was done.

    A day before the newest judged proposes nothing either.
    """
    flagged = flag_plans(on, policy, zone, actor=actor, at=at)
    if flagged.judged is not None:
        return str(flagged)
    proposed = propose_disposals(on, actor=actor, at=at)
    return f"{flagged}; {proposed} proposed for disposal"
