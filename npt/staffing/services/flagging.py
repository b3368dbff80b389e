"""Flag what is vacant, what soon will be, what is wrong with supervision, and wards without a named contact."""

import datetime as dt

from npt.core.authority import EVERYTHING, Actor
from npt.flags import services as flags
from npt.flags.services import Reconciled
from npt.people import queries as people
from npt.policy.rules import Policy
from npt.staffing import queries
from npt.staffing.rules.contacts import contact_findings
from npt.staffing.rules.findings import supervision_findings
from npt.staffing.rules.vacancies import forecast_findings, vacancy_findings


def flag_vacancies(on: dt.date, policy: Policy, *, actor: Actor, at: dt.datetime) -> Reconciled:
    """Bring the flags of vacancies and forecast vacancies into line with a day (RULES section 7)."""
    supervised = people.supervised_team_ids(on)
    findings = [
        *vacancy_findings(queries.vacancies_on(on, policy, EVERYTHING), supervised),
        *forecast_findings(queries.forecast_on(on, policy, EVERYTHING), supervised, policy),
    ]
    return flags.reconcile("vacancies", findings, on=on, policy=policy, actor=actor, at=at)


def flag_supervision(on: dt.date, policy: Policy, *, actor: Actor, at: dt.datetime) -> Reconciled:
    """Bring the flags of supervision into line with a day (RULES sections 3 and 7)."""
    found, causes = queries.supervision_on(on, policy), queries.causes_on(on, policy)
    named = people.people({span.person_id for span in found.spans})
    numbers = {id: person.collar_number for id, person in named.items()}
    findings = supervision_findings(found, numbers, causes, policy)
    return flags.reconcile("supervision", findings, on=on, policy=policy, actor=actor, at=at)


def flag_contacts(on: dt.date, policy: Policy, *, actor: Actor, at: dt.datetime) -> Reconciled:
    """Bring the flags of wards without a named contact, or with one who has left, into line with a day."""
    book = queries.every_contact()
    findings = contact_findings(book.on(on), people.supervised_team_ids(on), book.names, policy)
    return flags.reconcile("contacts", findings, on=on, policy=policy, actor=actor, at=at)
