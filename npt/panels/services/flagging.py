"""Flag panels and priorities that are not kept to what is asked of them."""

import datetime as dt
from zoneinfo import ZoneInfo

from npt.core.authority import Actor
from npt.flags import services as flags
from npt.flags.services import Reconciled
from npt.panels import queries
from npt.panels.rules.authority import authority_findings
from npt.panels.rules.findings import panel_findings, priority_findings
from npt.panels.rules.profiles import profile_findings
from npt.people import queries as people
from npt.policy.rules import Policy


def flag_panels(on: dt.date, policy: Policy, zone: ZoneInfo, *, actor: Actor, at: dt.datetime) -> Reconciled:
    """Bring the flags of panels into line with a day (RULES sections 5 and 7)."""
    supervised = people.supervised_team_ids(on)
    findings = [
        *panel_findings(queries.assessed(on, policy, zone), supervised, policy, on),
        *profile_findings(queries.profiles_due(on, policy, zone), supervised, policy, on),
        *authority_findings(queries.authority_facts(on), policy, on),
    ]
    return flags.reconcile("panels", findings, on=on, policy=policy, actor=actor, at=at)


def flag_priorities(on: dt.date, policy: Policy, zone: ZoneInfo, *, actor: Actor, at: dt.datetime) -> Reconciled:
    """Bring the flags of priorities into line with a day (RULES sections 5 and 7)."""
    findings = [*priority_findings(queries.going(on, policy, zone), people.supervised_team_ids(on), policy, on)]
    return flags.reconcile("priorities", findings, on=on, policy=policy, actor=actor, at=at)
