"""Force, BCU, sector, team: the people, posts and figures of each on any day."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from npt.abstractions import queries as abstractions
from npt.abstractions.queries import Question
from npt.abstractions.rules import Assessment
from npt.core.authority import Permission
from npt.core.periods import DAY, Window
from npt.edge import actor, now, policy, today, zone
from npt.people import queries as people
from npt.people.queries import TeamRow
from npt.people.rules import Grade
from npt.policy import queries as policies
from npt.staffing import queries
from npt.staffing.queries import Member, PostRow, Structure, UnitLine, WardLine
from npt.staffing.views import bp
from npt.staffing.views.asked import asked_day, here
from npt.web.access import requires
from npt.web.downloads import Cell, list_file


@dataclass(frozen=True, slots=True)
class Rates:
    """Abstraction of the days before the day shown, by code of team, sector and BCU; judged against target."""

    window: Window
    units: Mapping[str, Assessment]
    total: Assessment | None


@dataclass(frozen=True, slots=True)
class Children:
    """A table of the units inside a unit. ``total`` is the unit's own line, where the rows make it up."""

    title: str
    endpoint: str
    lines: Sequence[UnitLine]
    total: UnitLine | None = None
    slug: str = "units"


@dataclass(frozen=True, slots=True)
class Page:
    """What a structure page shows of one unit."""

    heading: str
    code: str
    line: UnitLine
    crumbs: Sequence[tuple[str, str, str]]
    teams: Sequence[TeamRow]
    tables: Sequence[Children] = field(default_factory=tuple)
    sector_ids: frozenset[int] = frozenset()
    list_people: bool = False
    figures_of: str = ""
    """The name by which vacancies and supervision narrow to this unit: ``bcu``, ``sector`` or ``team``."""

    @property
    def team_ids(self) -> set[int]:
        return {team.id for team in self.teams}


def structure() -> Structure:
    """The force as far as the reader may see it, on the day asked for."""
    on = asked_day()
    return queries.structure_on(on, policy(on), actor().scope, today())


@bp.get("/")
@requires(Permission.VIEW_STAFFING)
def index() -> ResponseReturnValue:
    """The force, or what of it the actor may see."""
    found = structure()
    whole = found.total("The force" if actor().scope.force else "All of these")
    tables = []
    if found.bcus:
        tables.append(Children("BCUs", "staffing.bcu", found.bcu_lines(found.bcus), whole, "bcus"))
    elif found.sectors:
        tables.append(Children("Sectors", "staffing.sector", found.sector_lines(found.sectors), whole, "sectors"))
    tables.append(_teams_table(found, found.teams, None if tables else whole))
    sectors = frozenset(sector.id for sector in found.sectors)
    return _show(found, Page("Staffing", "", whole, (), found.teams, tables, sectors))


@bp.get("/bcus/<code>")
@requires(Permission.VIEW_STAFFING)
def bcu(code: str) -> ResponseReturnValue:
    """One BCU: its sectors and its teams."""
    unit = people.bcu(code, actor().scope)
    found = structure()
    teams = [team for team in found.teams if team.bcu_id == unit.id]
    sectors = [sector for sector in found.sectors if sector.bcu_id == unit.id]
    whole = found.bcu_lines([unit])[0]
    tables = [
        Children("Sectors", "staffing.sector", found.sector_lines(sectors), whole, "sectors"),
        _teams_table(found, teams, None),
    ]
    ids = frozenset(sector.id for sector in sectors)
    crumbs = ((f"{unit.name} BCU", "", ""),)
    return _show(found, Page(f"Staffing of {unit.name} BCU", code, whole, crumbs, teams, tables, ids, figures_of="bcu"))


@bp.get("/sectors/<code>")
@requires(Permission.VIEW_STAFFING)
def sector(code: str) -> ResponseReturnValue:
    """One sector: its teams and its inspectors."""
    unit = people.sector(code, actor().scope)
    found = structure()
    teams = [team for team in found.teams if team.sector_id == unit.id]
    crumbs = (
        (f"{unit.bcu_name} BCU", "staffing.bcu" if actor().scope.has_bcu(unit.bcu_id) else "", unit.bcu_code),
        (unit.name, "", ""),
    )
    page = Page(
        f"Staffing of {unit.name} sector",
        code,
        found.sector_lines([unit])[0],
        crumbs,
        teams,
        [_teams_table(found, teams, None)],
        frozenset({unit.id}),
        list_people=True,
        figures_of="sector",
    )
    return _show(found, page)


def _teams_table(found: Structure, teams: Sequence[TeamRow], total: UnitLine | None) -> Children:
    return Children("Teams", "staffing.team", found.team_lines(teams), total, "teams")


@bp.get("/teams/<code>")
@requires(Permission.VIEW_STAFFING)
def team(code: str) -> ResponseReturnValue:
    """One team on a day: its people, its posts, who supervises, its wards."""
    unit = people.team(code, actor().scope)
    found = structure()
    return _show(found, team_page(found, unit), unit)


def team_page(found: Structure, unit: TeamRow) -> Page:
    """What is shown of a team, on its own page and on those of its wards."""
    return Page(
        f"Staffing of {unit.name}",
        unit.code,
        found.team_lines([unit])[0],
        (*above(unit), (unit.name, "", "")),
        [unit],
        list_people=True,
        figures_of="team",
    )


def above(team: TeamRow) -> tuple[tuple[str, str, str], ...]:
    """The units above a team; those out of scope are named and lead nowhere."""
    scope = actor().scope
    in_sector = scope.force or team.sector_id in scope.sector_ids
    return (
        (f"{team.bcu_name} BCU", "staffing.bcu" if scope.has_bcu(team.bcu_id) else "", team.bcu_code),
        (team.sector_name, "staffing.sector" if in_sector else "", team.sector_code),
    )


def _show(found: Structure, page: Page, unit: TeamRow | None = None) -> ResponseReturnValue:
    shown = parts(found, page)
    if ending := request.args.get("format"):
        return _file(ending, found, page, shown["posts"], shown["rates"])
    return render_template(
        "staffing/unit.html",
        unit=unit,
        contacts=_contacts(found, unit) if unit else [],
        here=here,
        **shown,
    )


def parts(found: Structure, page: Page) -> dict[str, Any]:
    """The figures, people, posts and spans of a unit, as its page and the pages of a team's wards show them."""
    return {
        "page": page,
        "on": found.on,
        "rates": _rates(found, page),
        "posts": found.post_rows(page.team_ids, page.sector_ids),
        "members": found.members(page.team_ids, page.sector_ids) if page.list_people else [],
        "wards": [ward for ward in found.wards if ward.team_id in page.team_ids],
        "spans": found.span_rows(page.team_ids),
        "may_open": found.open,
        "line": found.policy.span_line,
        "grades": tuple(Grade),
        "teams_by_id": {team.id: team for team in page.teams},
        "narrowed": _narrowed(page),
        "vacant_href": lambda grade: _vacancies(found, page, grade),
    }


def _contacts(found: Structure, unit: TeamRow) -> Sequence[WardLine]:
    """The wards of one team with their named contacts."""
    return queries.contacts_page(found.on, actor().scope, today(), lambda team: team.id == unit.id).wards


def _narrowed(page: Page) -> dict[str, str]:
    """What the lists behind the unit's figures are narrowed by."""
    return {page.figures_of: page.code} if page.figures_of else {}


def _vacancies(found: Structure, page: Page, grade: Grade | None) -> str:
    """Where the vacant posts of the unit, or those of one grade, are listed."""
    narrowed = _narrowed(page)
    if grade is not None:
        narrowed["grade"] = grade.value
    return url_for("staffing.vacancies", on=found.on.isoformat(), **narrowed)  # type: ignore[arg-type]


def _rates(found: Structure, page: Page) -> Rates | None:
    """The abstraction rates, for roles that may see abstractions."""
    if not actor().may(Permission.VIEW_ABSTRACTIONS) or not page.teams:
        return None
    window = Window(found.on - found.policy.rolling_days * DAY, found.on - DAY, zone())
    question = Question(window, now(), policy(window.last_day), policies.reason_book())
    count = abstractions.count(question, actor().scope, page.team_ids)
    rows = {team.sector_id: team for team in count.teams.values()}
    units = {count.teams[id].code: judged for id, judged in count.assess_teams().items() if id in count.teams}
    units |= {
        rows[id].sector_code: count.assess_bcu(rows[id].bcu_code, figures) for id, figures in count.by_sector().items()
    }
    codes = {team.bcu_id: team.bcu_code for team in count.teams.values()}
    bcus = {codes[id]: count.assess_bcu(codes[id], figures) for id, figures in count.by_bcu().items()}
    total = (units | bcus).get(page.code)
    if not page.code and actor().scope.force:
        total = count.assess_force(count.total())
    return Rates(window, units | bcus, total)


POSTS = ("Team", "Post", "Grade", "FTE", "Holder", "Held as", "Since", "Vacant since", "Days vacant", "Band")
PEOPLE = ("Collar number", "Name", "Grade", "Team", "Post", "Held as", "Since")
UNITS = (
    "Code",
    "Name",
    "Posts",
    "Filled",
    "Vacant",
    "Establishment FTE",
    "Strength FTE",
    "Sergeants",
    "PCs and PCSOs",
    "Ratio",
    "Widest span",
    "Teams without supervisor",
    "People",
    "Wards",
    "Abstraction rate per cent",
    "Target per cent",
    "Status",
)


def _file(
    ending: str, found: Structure, page: Page, posts: Sequence[PostRow], rates: Rates | None
) -> ResponseReturnValue:
    """The list asked for: posts unless it is people, or the units inside."""
    asked, where = request.args.get("list", "posts"), f"{page.code} {found.on.isoformat()}"
    if asked == "people":
        members = found.members(page.team_ids, page.sector_ids)
        teams = {team.id: team.code for team in page.teams}
        return list_file(ending, f"people {where}", PEOPLE, [_member(row, teams) for row in members])
    for table in page.tables:
        if asked == table.slug:
            rows = [_unit(line, rates.units.get(line.code) if rates else None) for line in table.lines]
            return list_file(ending, f"{asked} {where}", UNITS, rows)
    teams = {team.id: team.code for team in page.teams}
    return list_file(ending, f"posts {where}", POSTS, [_post(row, teams) for row in posts])


def _post(row: PostRow, teams: Mapping[int, str]) -> Sequence[Cell]:
    return [
        teams.get(row.post.team_id or 0),
        row.post.ref,
        row.post.grade.label,
        row.post.fte,
        "; ".join(holder.person.name for holder in row.holders),
        "; ".join(holder.kind.value for holder in row.holders),
        "; ".join(holder.since.isoformat() for holder in row.holders),
        row.vacancy.vacant_since if row.vacancy else None,
        row.vacancy.age_days if row.vacancy else None,
        row.vacancy.band.label if row.vacancy else None,
    ]


def _member(row: Member, teams: Mapping[int, str]) -> Sequence[Cell]:
    return [
        row.person.collar_number,
        f"{row.person.forename} {row.person.surname}",
        row.grade.label,
        teams.get(row.posting.post.team_id or 0),
        row.posting.post.ref,
        row.posting.kind.value,
        row.posting.first_day,
    ]


def _unit(line: UnitLine, judged: Assessment | None) -> Sequence[Cell]:
    total = line.staffing.total
    return [
        line.code,
        line.name,
        total.establishment if total else 0,
        total.filled if total else 0,
        total.vacancies if total else 0,
        total.establishment_fte if total else None,
        total.strength_fte if total else None,
        line.ratio.sergeants,
        line.ratio.staff,
        line.ratio.ratio,
        line.widest,
        line.unsupervised,
        line.people,
        line.wards,
        judged.figures.rate * 100 if judged and judged.figures.rate is not None else None,
        judged.target_percent if judged else None,
        judged.status.label if judged else None,
    ]
