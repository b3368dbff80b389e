"""Read which languages teams need, who there speaks them, and what is not covered, on any day."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from sqlalchemy import or_, select
from sqlalchemy.exc import NoResultFound

from npt.audit.rules import LONGEST_SUBJECT
from npt.core.authority import Actor, Scope
from npt.core.db import session
from npt.core.periods import Period
from npt.people import queries as people
from npt.people.models import Team
from npt.people.queries import TeamRow
from npt.people.rules import SkillKind
from npt.staffing.models import NeededLanguage
from npt.staffing.queries.skills import Area, FoundSkill, Skilled, Unit, known_names, skilled
from npt.staffing.rules.skills import Covered, Need, Verified, covered, folded


@dataclass(frozen=True, slots=True)
class NeededRow:
    """A language a team needs, from when to when, why, and who said so (nobody: it was imported)."""

    id: int
    team: TeamRow
    language: str
    first_day: dt.date
    last_day: dt.date | None
    note: str | None
    set_by: str | None

    @property
    def need(self) -> Need:
        return Need(self.language, self.first_day, self.last_day, self.id)


@dataclass(frozen=True, slots=True)
class AreaLine:
    """The languages of a unit: ``level`` is the kind of unit, by which its page is asked for."""

    level: str
    code: str
    name: str
    covered: Covered


@dataclass(frozen=True, slots=True)
class LanguageLine:
    """One language an area needs: the teams that need it, who there speaks it, and how many in the whole force do."""

    language: str
    teams: Sequence[TeamRow]
    speakers: Sequence[FoundSkill]
    in_force: int

    @property
    def verified(self) -> bool:
        """Whether any of the speakers there was verified, and not too long ago."""
        return any(row.skill.verified is Verified.CURRENT for row in self.speakers)


FORCE = "force"


def area_of(level: str, code: str) -> Area:
    """The area that is a unit."""
    return Area() if level == FORCE else Area(**{level: code})


@dataclass(frozen=True)
class Coverage:
    """What teams within the reader's scope need on a day, and every speaker of the force."""

    on: dt.date
    scope: Scope
    teams: Sequence[TeamRow]
    needed: Sequence[NeededRow]
    everybody: Skilled

    @cached_property
    def _speakers(self) -> list[FoundSkill]:
        return self.everybody.found(lambda skill: skill.kind is SkillKind.LANGUAGE, Area())

    def rows(self, area: Area) -> list[NeededRow]:
        """What the teams of an area need, by team and language."""
        return [row for row in self.needed if area.holds(Unit(row.team, None))]

    def line(self, level: str, code: str, name: str) -> AreaLine:
        """One unit by its code, or, of level ``force``, the whole force."""
        area = area_of(level, code)
        spoken = [row.skill.name for row in self._speakers if area.holds(row.unit)]
        return AreaLine(level, code, name, covered((row.language for row in self.rows(area)), spoken))

    def lines(self) -> list[AreaLine]:
        """The force, then every BCU, sector and team, each by name, as far as the reader may see them whole."""
        scope = self.scope
        bcus = {t.bcu_code: t.bcu_name for t in self.teams if scope.has_bcu(t.bcu_id)}
        sectors = {t.sector_code: t.sector_name for t in self.teams if scope.force or t.sector_id in scope.sector_ids}
        teams = {t.code: t.name for t in self.teams}
        force = {"": "The force"} if scope.force else {}
        return [
            self.line(level, code, name)
            for level, units in ((FORCE, force), ("bcu", bcus), ("sector", sectors), ("team", teams))
            for code, name in sorted(units.items(), key=lambda unit: (unit[1], unit[0]))
        ]

    def inside(self, line: AreaLine) -> list[AreaLine]:
        """The units in one: the BCUs of the force, the sectors and teams of a BCU, the teams of a sector.

        For a reader who sees several teams and nothing above them, whichever is shown: all of those.
        """
        lines = self.lines()
        if line.level == FORCE:
            return [each for each in lines if each.level == "bcu"]
        if all(each.level == "team" for each in lines):
            return lines if len(lines) > 1 else []
        area = area_of(line.level, line.code)
        there = [team for team in self.teams if area.holds(Unit(team, None))]
        codes = {"sector": {team.sector_code for team in there}, "team": {team.code for team in there}}
        return [
            each
            for each in lines
            if each.code in codes.get(each.level, ()) and (each.level, each.code) != (line.level, line.code)
        ]

    def languages(self, area: Area) -> list[LanguageLine]:
        """Every language an area needs, what nobody there speaks first."""
        found = []
        rows = self.rows(area)
        for language in covered((row.language for row in rows), ()).needed:
            all_speak = [row for row in self._speakers if folded(row.skill.name) == folded(language)]
            here = [row for row in all_speak if area.holds(row.unit)]
            teams = [row.team for row in rows if folded(row.language) == folded(language)]
            found.append(LanguageLine(language, teams, here, len(all_speak)))
        return sorted(found, key=lambda line: (bool(line.speakers), line.language.casefold()))


def coverage(on: dt.date, months: int, *, actor: Actor, today: dt.date) -> Coverage:
    """What is needed and spoken on a day. A handful of statements, however many people and teams there are.

    :param months: after how many a verified skill is out of date
    """
    teams = [team for team in people.teams(actor.scope) if team.live(on, on)]
    return Coverage(
        on,
        actor.scope,
        teams,
        _needed({team.id: team for team in teams}, on),
        skilled(on, months, actor=actor, today=today, kind=SkillKind.LANGUAGE),
    )


def _needed(teams: Mapping[int, TeamRow], on: dt.date) -> list[NeededRow]:
    rows = session.scalars(
        select(NeededLanguage).where(
            NeededLanguage.first_day <= on, or_(NeededLanguage.last_day.is_(None), NeededLanguage.last_day >= on)
        )
    )
    found = [_row(row, teams[row.team_id]) for row in rows if row.team_id in teams]
    return sorted(found, key=lambda row: (row.team.name, row.team.code, row.language.casefold()))


def _row(row: NeededLanguage, team: TeamRow) -> NeededRow:
    return NeededRow(row.id, team, row.language, row.first_day, row.last_day, row.note, row.set_by)


def needed_language(needed_id: int, scope: Scope) -> NeededRow:
    """One language a team needs.

    :raises NoResultFound: when there is none, or the team is not the actor's
    """
    row = session.scalars(
        select(NeededLanguage).join(NeededLanguage.team).where(NeededLanguage.id == needed_id, people.in_scope(scope))
    ).one()
    team = next((team for team in people.teams(scope) if team.id == row.team_id), None)
    if team is None:
        raise NoResultFound(f"no needed language {needed_id} within scope")
    return _row(row, team)


def needs_of(team: Team) -> tuple[list[Need], Period]:
    """Everything ever said to be needed by a team, and the days on which the team is live."""
    rows = session.scalars(select(NeededLanguage).where(NeededLanguage.team_id == team.id))
    needs = [Need(row.language, row.first_day, row.last_day, row.id) for row in rows]
    return needs, Period(team.first_day, team.last_day)


def language_names() -> list[str]:
    """The names of languages that are spoken or needed anywhere, each once, for a form to offer."""
    spoken = known_names(SkillKind.LANGUAGE)[SkillKind.LANGUAGE]
    needed = session.scalars(select(NeededLanguage.language).distinct())
    return list(covered([*spoken, *needed], ()).needed)


def need_subject(team_code: str, language: str, first_day: dt.date) -> str:
    """What a need is called in the record, whoever changed it: a person or an import."""
    return f"needed_language:{team_code}/{language}/{first_day.isoformat()}"[:LONGEST_SUBJECT]
