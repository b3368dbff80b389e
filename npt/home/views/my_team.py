"""My team: who is away, how the month stands, what needs somebody."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from flask import render_template, request
from flask.typing import ResponseReturnValue

from npt.abstractions import queries as abstractions
from npt.abstractions.queries import AwayRow, Count, Question, ReturnRow, Turnout, Waiting
from npt.abstractions.rules import Assessment, Figures, figures_of, minutes_to_spare, presence, week_of
from npt.core.authority import Permission
from npt.core.periods import DAY, Window, month_of, to_minute
from npt.edge import actor, now, policy, today, zone
from npt.flags import queries as flags
from npt.flags.queries import FlagRow
from npt.flags.rules import FlagKind
from npt.home.views import bp
from npt.panels import queries as panels
from npt.panels.queries import AskedLine
from npt.people import queries as people
from npt.people.queries import PersonRow, TeamRow
from npt.policy import queries as policies
from npt.policy.rules import Severity
from npt.problem_solving import queries as plans
from npt.problem_solving.queries import Narrowing, PlanLine
from npt.staffing import queries as staffing
from npt.staffing.queries import PostRow, SpanRow
from npt.staffing.rules.supervision import TeamSupervision
from npt.web.access import requires
from npt.web.downloads import Cell, list_file
from npt.web.marking import marking_of

DECLINED_SHOWN = 7 * DAY
"""How long My team says that an entry was declined. A bound of the page, no figure of policy."""

MOST_WHOLE_TEAMS = 2
"""A sergeant of one team, or covering a second, sees them whole; whoever has more sees a table of them first."""


@dataclass(frozen=True)
class TeamToday:
    """Everything My team says about one team."""

    team: TeamRow
    covering_since: dt.date | None
    month: Window
    fixed_codes: Sequence[str]
    assessment: Assessment
    heading: Figures
    """Where the month is heading, with what is planned."""
    away: Sequence[AwayRow]
    week: Sequence[tuple[dt.date, Turnout]]
    """The days of this week, and who turns out on each."""
    to_log: Sequence[PersonRow]
    """Those on duty and there now: one button each."""
    waiting: Sequence[Waiting]
    declined: Sequence[Waiting]
    flags: Sequence[FlagRow]
    posts: Sequence[PostRow]
    supervision: TeamSupervision | None
    spans: Sequence[SpanRow]
    returns: Sequence[ReturnRow]
    """Months that somebody has to confirm and that no flag asks for."""
    priorities: Sequence[AskedLine]

    @property
    def figures(self) -> Figures:
        return self.assessment.figures

    @property
    def heading_for(self) -> Fraction | None:
        return self.heading.rate

    @property
    def to_spare(self) -> int | None:
        """The minutes from where the month is heading to its target, below 0 when it is over; nothing without one."""
        target = self.assessment.target_percent
        if target is None or self.heading_for is None:
            return None
        return minutes_to_spare(self.heading.abstracted_minutes, self.heading.duty_minutes, target)

    @property
    def unanswered(self) -> list[FlagRow]:
        """The flags nobody has acknowledged: what needs somebody."""
        return [flag for flag in self.flags if flag.acknowledgement is None]

    @property
    def answered(self) -> list[FlagRow]:
        return [flag for flag in self.flags if flag.acknowledgement is not None]

    @property
    def by_reason(self) -> list[tuple[str, int]]:
        """Minutes of each reason: custody and response always, zero included, then the rest, most first."""
        fixed = [(code, self.figures.by_reason[code]) for code in self.fixed_codes]
        rest = [(code, minutes) for code, minutes in self.figures.by_reason.items() if code not in self.fixed_codes]
        return fixed + sorted(rest, key=lambda each: (-each[1], each[0]))

    @property
    def staffed(self) -> list[PostRow]:
        """The posts of PCs and PCSOs, as the page counts them."""
        return [row for row in self.posts if row.post.grade.value in ("pc", "pcso")]

    @property
    def filled(self) -> int:
        """How many of them somebody holds."""
        return sum(1 for row in self.staffed if row.holders)


def my_teams() -> ResponseReturnValue:
    """The home of a sergeant and of an inspector."""
    teams = _teams_today(live_teams())
    if ending := request.args.get("format"):
        return list_file(ending, f"teams {today()}", TEAMS, [_cells(each) for each in teams])
    if len(teams) > MOST_WHOLE_TEAMS:
        teams = sorted(teams, key=lambda each: each.assessment.badness)
        return render_template(
            "home/my_teams.html",
            teams=teams,
            unanswered=_gravest_first(flag for each in teams for flag in each.unanswered),
            answers=_gravest_first(flag for each in teams for flag in each.answered),
            away=[row for each in teams for row in each.away],
            returns=[row for each in teams for row in each.returns],
            priorities=[row for each in teams for row in each.priorities],
            plans=(listed := plans_of([each.team.code for each in teams])),
            marking=marking_of(listed),
            today=today(),
            now=now(),
            reasons=policies.reason_book(),
        )
    return _whole(teams, "My team")


TEAMS = (
    "Team",
    "Team name",
    "Posts filled",
    "Posts",
    "Duty minutes",
    "Abstracted minutes",
    "Rate percent",
    "Target percent",
    "Heading for percent",
    "Status",
    "Open flags",
)


def _cells(each: TeamToday) -> Sequence[Cell]:
    rate, heading_for = each.figures.rate, each.heading_for
    return [
        each.team.code,
        each.team.name,
        each.filled,
        len(each.staffed),
        each.figures.duty_minutes,
        each.figures.abstracted_minutes,
        None if rate is None else rate * 100,
        each.assessment.target_percent,
        None if heading_for is None else heading_for * 100,
        each.assessment.status.label,
        len(each.flags),
    ]


@bp.get("/teams/<code>")
@requires(Permission.VIEW_ABSTRACTIONS)
def team(code: str) -> ResponseReturnValue:
    """One team, as its sergeant sees it."""
    unit = people.team(code, actor().scope)
    return _whole(_teams_today([unit]), unit.name)


def _whole(teams: Sequence[TeamToday], heading: str) -> ResponseReturnValue:
    return render_template(
        "home/my_team.html",
        teams=teams,
        plans=(listed := plans_of([each.team.code for each in teams])),
        marking=marking_of(listed),
        heading=heading,
        today=today(),
        now=now(),
        reasons=policies.reason_book(),
    )


def plans_of(codes: Collection[str]) -> list[PlanLine]:
    """The open plans of some teams that the actor may see, those longest without an update first."""
    if not actor().may(Permission.VIEW_PLANS):
        return []
    return plans.listed(actor(), Narrowing(teams=tuple(codes)), today(), limit=PLANS_SHOWN)


PLANS_SHOWN = 10
"""Plans on My team: those longest without an update. The others are one link away."""


def live_teams() -> list[TeamRow]:
    """The actor's teams that are live today."""
    return [team for team in people.teams(actor().scope) if team.live(today(), today())]


def this_month() -> Question:
    """Figures of the month that runs."""
    month = month_of(today(), zone())
    return Question(month, now(), policy(month.last_day), policies.reason_book())


def _teams_today(teams: Sequence[TeamRow]) -> list[TeamToday]:
    ids = [team.id for team in teams]
    asked = this_month()
    week = week_of(today(), zone())
    so_far, heading, this_week = abstractions.count_and_project(asked, actor().scope, ids, week)
    whole = heading.by_team()
    posts = staffing.post_rows(today(), policy(today()), actor().scope, ids)
    found = staffing.supervision_around(ids, today(), policy(today())).found
    supervised = {each.team.id: each for each in found.teams}
    spans = staffing.span_rows(found, ids)
    moment = abstractions.at_this_moment(
        ids,
        now(),
        today(),
        so_far.roll,
        declined_since=now() - DECLINED_SHOWN,
        scope=actor().scope,
        zone=zone(),
    )
    away = moment.away
    turnouts = abstractions.turnouts(this_week, so_far.roll, ids, list(week.days()))
    to_log = _to_log(so_far, {row.person.id for row in away})
    opened = flags.open_for(actor().scope) if actor().may(Permission.VIEW_FLAGS) else []
    returns = abstractions.wanted_of(teams, on=today(), policy=policy(today()), zone=zone())
    wanted = asked_for(ids)
    by_team = so_far.by_team()
    nothing = figures_of((), asked.fixed_codes)  # of a team not live on any day of the month
    found_today = [
        TeamToday(
            team=team,
            covering_since=_covering_since(team, spans),
            month=asked.window,
            fixed_codes=asked.fixed_codes,
            assessment=so_far.assess_team(team, by_team.get(team.id, nothing)),
            heading=whole.get(team.id, nothing),
            away=[row for row in away if row.team_id == team.id],
            week=list(zip(week.days(), turnouts[team.id], strict=True)),
            to_log=to_log.get(team.id, []),
            waiting=[row for row in moment.waiting if row.team_id == team.id],
            declined=[row for row in moment.declined if row.team_id == team.id],
            flags=_gravest_first(flag for flag in opened if flag.team_code == team.code),
            posts=[row for row in posts if row.post.team_id == team.id],
            supervision=supervised.get(team.id),
            spans=[row for row in spans if any(each.id == team.id for each in row.span.teams)],
            returns=_unflagged([row for row in returns if row.team.id == team.id], opened),
            priorities=[row for row in wanted if row.team_id == team.id],
        )
        for team in teams
    ]
    # Their own team first, then the one they cover.
    return sorted(found_today, key=lambda each: each.covering_since is not None)


def asked_for(team_ids: Sequence[int]) -> list[AskedLine]:
    """What was asked of some teams and is open, for whoever may see it."""
    if not actor().may(Permission.VIEW_PANELS):
        return []
    return panels.asked_of_teams(team_ids, actor().scope, now())


def _unflagged(returns: Sequence[ReturnRow], opened: Sequence[FlagRow]) -> list[ReturnRow]:
    """The returns that are wanted, without those that an open flag asks for already."""
    flagged = {flag.subject for flag in opened if flag.kind is FlagKind.RETURN_MISSING}
    return [row for row in returns if not (row.standing.days_late and row.team.code in flagged)]


def _to_log(so_far: Count, away: Collection[int]) -> Mapping[int, list[PersonRow]]:
    """By team, whoever is on duty now and there: neither absent nor away. From what the month's figures read anyway."""
    moment = to_minute(now())
    here = so_far.roll.in_team(so_far.teams, today())
    duties, absences = defaultdict(list), defaultdict(list)
    for duty in so_far.facts.duties:
        duties[duty.person_id].append(duty)
    for absence in so_far.facts.absences:
        absences[absence.person_id].append(absence)
    on = [id for id in here if id not in away and presence(duties[id], absences[id], moment).now]
    named = sorted(people.people(on).values(), key=lambda p: (p.surname, p.forename, p.collar_number))
    found: dict[int, list[PersonRow]] = {}
    for person in named:
        found.setdefault(here[person.id].post.team_id or 0, []).append(person)
    return found


def _gravest_first(found: Iterable[FlagRow]) -> list[FlagRow]:
    order = list(Severity)
    return sorted(found, key=lambda flag: -order.index(flag.severity))


def _covering_since(team: TeamRow, spans: Sequence[SpanRow]) -> dt.date | None:
    """Since when the actor covers a team that is not theirs by posting."""
    for row in spans:
        if row.person.id == actor().person_id:
            return next((covered.since for covered in row.span.covered if covered.team.id == team.id), None)
    return None
