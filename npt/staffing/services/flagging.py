"""Flag what is vacant, and what soon will be."""

import datetime as dt

from npt.core.authority import EVERYTHING, Actor
from npt.flags import services as flags
from npt.flags.services import Reconciled
from npt.people import queries as people
from npt.policy.rules import Policy
from npt.staffing import queries
from npt.staffing.rules.vacancies import forecast_findings, vacancy_findings


def flag_vacancies(on: dt.date, policy: Policy, *, actor: Actor, at: dt.datetime) -> Reconciled:
    """Bring the flags of vacancies and forecast vacancies into line with a day (RULES section 7)."""
    supervised = people.supervised_team_ids(on)
    findings = [
        *vacancy_findings(queries.vacancies_on(on, policy, EVERYTHING), supervised),
        *forecast_findings(queries.forecast_on(on, policy, EVERYTHING), supervised, policy),
    ]
    return flags.reconcile("vacancies", findings, on=on, policy=policy, actor=actor, at=at)
