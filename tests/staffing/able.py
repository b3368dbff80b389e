"""Builders of what people can do and are put forward for: skills, the languages a team needs, candidates."""

import datetime as dt

from npt.core.db import session
from npt.people.models import Bcu, Person, Sector, Skill, Team
from npt.people.rules import Grade, SkillKind
from npt.staffing.models import Candidate, NeededLanguage
from tests import make


def skill(
    who: Person,
    name: str = "Polish",
    kind: SkillKind = SkillKind.LANGUAGE,
    level: str | None = "fluent",
    verified_on: dt.date | None = dt.date(2026, 1, 5),
    ended_on: dt.date | None = None,
) -> Skill:
    return make.keep(
        Skill(person_id=who.id, kind=kind, name=name, level=level, verified_on=verified_on, ended_on=ended_on)
    )


def needed_language(
    of: Team, language: str = "Polish", first_day: dt.date = make.LONG_AGO, last_day: dt.date | None = None
) -> NeededLanguage:
    return make.keep(NeededLanguage(team_id=of.id, language=language, first_day=first_day, last_day=last_day))


def candidate(
    who: Person,
    grade: Grade = Grade.PC,
    wants: Bcu | Team | None = None,
    note: str | None = None,
    ready_from: dt.date | None = None,
    put_forward_on: dt.date = dt.date(2026, 1, 5),
) -> Candidate:
    """Somebody put forward for a team, a BCU or, without either, anywhere."""
    bcu_id = session.get_one(Sector, wants.sector_id).bcu_id if isinstance(wants, Team) else wants.id if wants else None
    return make.keep(
        Candidate(
            person_id=who.id,
            grade=grade,
            bcu_id=bcu_id,
            team_id=wants.id if isinstance(wants, Team) else None,
            note=note,
            ready_from=ready_from,
            put_forward_on=put_forward_on,
            put_forward_by="R. Lead",
        )
    )
