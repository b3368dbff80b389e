"""Who supervises whom, of the teams somebody may see (RULES section 3; FORMATS, "npt report supervision")."""

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from npt.people.rules import Grade
from npt.reports.rules.units import Json, Unit, decimal_text
from npt.staffing.rules.supervision import AreaRatio, Span, Supervision
from npt.staffing.rules.vacancies import Vacancy


@dataclass(frozen=True, slots=True)
class CoveredTeam:
    """A team looked after by cover alone, since when, and the vacant sergeant's post that causes it, if one does."""

    team: Unit
    since: dt.date
    days: int
    vacancy: Vacancy | None = None


@dataclass(frozen=True, slots=True)
class SergeantRow:
    """Somebody who supervises a team. ``teams`` are all of theirs, also outside what is reported."""

    sergeant: Unit
    teams: tuple[Unit, ...]
    span: Fraction
    over_line: bool
    covered: tuple[CoveredTeam, ...] = ()

    @property
    def covering(self) -> bool:
        return bool(self.covered)

    @property
    def over_two_teams(self) -> bool:
        """Whether they supervise more than one team."""
        return len(self.teams) > 1


@dataclass(frozen=True, slots=True)
class SupervisedTeam:
    """A team live on the day. ``span`` is the greatest of its supervisors', nothing when it has none."""

    team: Unit
    staff: int
    supervisors: int
    no_supervisor: bool
    span: Fraction | None = None


@dataclass(frozen=True, slots=True)
class RatioRow:
    """Staff of a BCU or the force to each sergeant posted there."""

    code: str
    sergeants: int
    staff: int

    @property
    def ratio(self) -> Fraction | None:
        return Fraction(self.staff, self.sergeants) if self.sergeants else None


@dataclass(frozen=True, slots=True)
class SupervisionReport:
    """Sergeants in order of collar number, teams and BCUs of code. ``force`` is always the whole force.

    The page of a BCU month leaves it out (decision 81).
    """

    on: dt.date
    span_line: Decimal
    sergeants: tuple[SergeantRow, ...]
    teams: tuple[SupervisedTeam, ...]
    bcus: tuple[RatioRow, ...]
    force: RatioRow | None

    @property
    def mean(self) -> Fraction | None:
        """The mean of the spans; nothing without a supervisor."""
        return sum((s.span for s in self.sergeants), Fraction()) / len(self.sergeants) if self.sergeants else None

    @property
    def maximum(self) -> Fraction | None:
        return max((s.span for s in self.sergeants), default=None)

    @property
    def over_line(self) -> tuple[SergeantRow, ...]:
        """The sergeants over the line, the greatest span first."""
        return tuple(sorted((s for s in self.sergeants if s.over_line), key=lambda s: (-s.span, s.sergeant)))


def assemble_supervision(
    found: Supervision,
    *,
    force: AreaRatio | None,
    span_line: Decimal,
    teams: Mapping[int, Unit],
    people: Mapping[int, Unit],
    bcus: Mapping[int, str],
    within: Collection[int],
    vacancies: Collection[Vacancy] = (),
) -> SupervisionReport:
    """Keep of supervision what concerns some teams, and name it.

    :param force: the whole force's ratio, where it is reported
    :param teams: every team in it by id
    :param people: everybody who supervises, by id
    :param bcus: codes of the BCUs reported, by id
    :param within: ids of the teams reported
    :param vacancies: the vacancies of the day, to say which causes a cover
    """
    spans = [span for span in found.spans if any(team.id in within for team in span.teams)]
    greatest: dict[int, Fraction] = {}
    for span in found.spans:
        for team in span.teams:
            greatest[team.id] = max(greatest.get(team.id, span.span), span.span)
    causes = _causes(vacancies)
    return SupervisionReport(
        on=found.day,
        span_line=span_line,
        sergeants=tuple(
            sorted(
                (_sergeant(span, teams, people, causes, found.day) for span in spans), key=lambda row: row.sergeant.code
            )
        ),
        teams=tuple(
            SupervisedTeam(teams[t.team.id], t.staff, len(t.supervisor_ids), t.no_supervisor, greatest.get(t.team.id))
            for t in found.teams
            if t.team.id in within
        ),
        bcus=tuple(sorted(_ratios(found.bcus, bcus), key=lambda row: row.code)),
        force=None if force is None else _ratio("force", force),
    )


def _causes(vacancies: Collection[Vacancy]) -> dict[int, Vacancy]:
    """The oldest vacant sergeant's post of each team."""
    causes: dict[int, Vacancy] = {}
    for vacancy in sorted(vacancies, key=lambda v: (v.vacant_since, v.post.ref)):
        if vacancy.post.grade is Grade.SERGEANT and vacancy.post.team_id is not None:
            causes.setdefault(vacancy.post.team_id, vacancy)
    return causes


def _sergeant(
    span: Span, teams: Mapping[int, Unit], people: Mapping[int, Unit], causes: Mapping[int, Vacancy], day: dt.date
) -> SergeantRow:
    return SergeantRow(
        people[span.person_id],
        tuple(teams[team.id] for team in span.teams),
        span.span,
        span.over_line,
        tuple(
            CoveredTeam(teams[c.team.id], c.since, (day - c.since).days, causes.get(c.team.id)) for c in span.covered
        ),
    )


def _ratios(areas: Iterable[AreaRatio], codes: Mapping[int, str]) -> Iterator[RatioRow]:
    """A row for each BCU reported; one without a live team that day has nobody, and no ratio."""
    found = {area.bcu_id: area for area in areas}
    for bcu_id, code in codes.items():
        yield _ratio(code, found.get(bcu_id) or AreaRatio(bcu_id, 0, 0))


def _ratio(code: str, area: AreaRatio) -> RatioRow:
    return RatioRow(code, area.sergeants, area.staff)


def supervision_json(report: SupervisionReport) -> Json:
    """The report as FORMATS has it, ready to be written as JSON."""
    return {
        "on": report.on.isoformat(),
        "sergeants": [
            {
                "collar_number": row.sergeant.code,
                "teams": [team.code for team in row.teams],
                "span": decimal_text(row.span),
                "over_line": row.over_line,
                "covering": row.covering,
            }
            for row in report.sergeants
        ],
        "teams": [
            {
                "code": row.team.code,
                "staff": row.staff,
                "supervisors": row.supervisors,
                "no_supervisor": row.no_supervisor,
            }
            for row in report.teams
        ],
        "bcus": [{"code": row.code, **_ratio_json(row)} for row in report.bcus],
        "force": None if report.force is None else _ratio_json(report.force),
    }


def _ratio_json(row: RatioRow) -> Json:
    return {"sergeants": row.sergeants, "staff": row.staff, "ratio": decimal_text(row.ratio)}
