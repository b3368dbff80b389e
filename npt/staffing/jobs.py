"""The scheduled checks of staffing."""

import datetime as dt

from npt.core.authority import Actor
from npt.edge import now, policy
from npt.staffing import services


def vacancies(on: dt.date, actor: Actor) -> str:
    """Judge every post as on a day: vacant, or soon to be."""
    return str(services.flag_vacancies(on, policy(on), actor=actor, at=now()))


def supervision(on: dt.date, actor: Actor) -> str:
    """Judge who supervises whom as on a day: two teams or more, spans over the line, teams with nobody."""
    return str(services.flag_supervision(on, policy(on), actor=actor, at=now()))


def contacts(on: dt.date, actor: Actor) -> str:
    """Judge every ward as on a day: nobody named, or somebody who has left."""
    return str(services.flag_contacts(on, policy(on), actor=actor, at=now()))
