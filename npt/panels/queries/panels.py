"""Panels as the pages and the nightly check need them. A few statements, however many panels there are."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, or_, select, true

from npt.core.authority import EVERYTHING, Scope
from npt.core.db import session
from npt.core.periods import local_day
from npt.panels.models import ChairTerm, Meeting, Priority
from npt.panels.rules.findings import Assessed
from npt.panels.rules.meetings import Keeping, Sitting, keeping
from npt.panels.rules.terms import Term, holder
from npt.panels.rules.vocabulary import ADOPTED, CURRENT, MeetingStatus, Office, PriorityState
from npt.people import queries as people
from npt.people.models import Panel, PanelTeam
from npt.people.queries import TeamRow
from npt.policy.rules import Policy


def visible(scope: Scope) -> ColumnElement[bool]:
    """Only the actor's own panels, and those that serve a team the actor may see."""
    if scope.force:
        return true()
    served = select(PanelTeam.panel_id).where(PanelTeam.team_id.in_(scope.team_ids))
    return or_(Panel.id.in_(scope.panel_ids), Panel.id.in_(served))


@dataclass(frozen=True, slots=True)
class SittingRow:
    """A meeting as a page shows it. ``gap``: days since the panel's meeting before it, of one that was held."""

    sitting: Sitting
    venue: str | None
    public_attendance: int | None
    minutes_ref: str | None
    gap: int | None = None
    members_present: int | None = None
    chaired_by: str | None = None
    cancelled_because: str | None = None
    fixed_at_id: int | None = None

    def unrecorded(self, on: dt.date) -> bool:
        """Whether the day of the meeting is over and nobody has said how it went."""
        return self.sitting.status is MeetingStatus.PLANNED and self.sitting.on < on


@dataclass(frozen=True, slots=True)
class PriorityRow:
    """A priority as a list shows it."""

    id: int
    ref: str
    title: str
    detail: str | None
    source: str | None
    state: PriorityState
    adopted_at_id: int | None
    minute_ref: str | None
    plan_id: int | None


@dataclass(frozen=True, slots=True)
class PanelLine:
    """A panel on a day: whom it serves, who is in the chair, how it keeps to its meetings, what it asks for."""

    id: int
    code: str
    name: str
    district: str | None
    cadence_weeks: int | None
    first_day: dt.date
    last_day: dt.date | None
    lead: TeamRow
    teams: Sequence[TeamRow]
    terms: Sequence[Term]
    meetings: Sequence[SittingRow]
    priorities: Sequence[PriorityRow]
    keeping: Keeping
    on: dt.date

    @property
    def chair(self) -> Term | None:
        return holder(self.terms, Office.CHAIR, self.on)

    @property
    def vice_chair(self) -> Term | None:
        return holder(self.terms, Office.VICE_CHAIR, self.on)

    @property
    def live(self) -> bool:
        return self.first_day <= self.on and (self.last_day is None or self.on <= self.last_day)

    @property
    def current(self) -> list[PriorityRow]:
        """The priorities adopted and not answered yet."""
        return [row for row in self.priorities if row.state in CURRENT]

    @property
    def waiting(self) -> list[PriorityRow]:
        """The priorities put forward for the chair to sign off, and those deferred."""
        return [row for row in self.priorities if row.state in (PriorityState.PUT_FORWARD, PriorityState.DEFERRED)]

    @property
    def undecided(self) -> list[PriorityRow]:
        """The priorities the panel has still to decide on."""
        return [row for row in self.priorities if row.state not in ADOPTED and row.state is not PriorityState.DECLINED]

    @property
    def titles(self) -> Mapping[int, str]:
        """The titles of its priorities, by their ids."""
        return {row.id: row.title for row in self.priorities}

    @property
    def past(self) -> list[SittingRow]:
        """The meetings of before the day, newest first."""
        return [row for row in reversed(self.meetings) if row.sitting.on < self.on]

    @property
    def to_come(self) -> list[SittingRow]:
        """The meetings of the day and later, the next first."""
        return [row for row in self.meetings if row.sitting.on >= self.on]

    @property
    def last_held(self) -> SittingRow | None:
        """The last meeting that was held, that of the day itself among them."""
        held = [row for row in self.meetings if row.sitting.status is MeetingStatus.HELD and row.sitting.on <= self.on]
        return held[-1] if held else None

    @property
    def counted_ids(self) -> frozenset[int]:
        """The meetings that are counted against the policy's number."""
        return frozenset(sitting.id for sitting in self.keeping.counted)


def panels_on(scope: Scope, on: dt.date, policy: Policy, zone: ZoneInfo) -> list[PanelLine]:
    """The panels the actor may see, closed ones too, by BCU, sector and name."""
    lines = _lines(visible(scope), on, policy, zone)
    return sorted(lines, key=lambda line: (line.lead.bcu_name, line.lead.sector_name, line.name))


def codes_of(scope: Scope) -> list[str]:
    """The codes of the panels the actor may see, in order of name."""
    return list(session.scalars(select(Panel.code).where(visible(scope)).order_by(Panel.name, Panel.code)))


def _lines(wanted: ColumnElement[bool], on: dt.date, policy: Policy, zone: ZoneInfo) -> list[PanelLine]:
    panels = session.scalars(select(Panel).where(wanted)).all()
    ids = [panel.id for panel in panels]
    teams = {team.id: team for team in people.teams(EVERYTHING)}
    served: dict[int, list[TeamRow]] = defaultdict(list)
    links = select(PanelTeam.panel_id, PanelTeam.team_id).where(PanelTeam.panel_id.in_(ids))
    for panel_id, team_id in session.execute(links):
        served[panel_id].append(teams[team_id])
    terms, meetings, priorities = _terms(ids), meetings_of(ids, zone), _priorities(ids)
    return [
        PanelLine(
            id=panel.id,
            code=panel.code,
            name=panel.name,
            district=panel.district,
            cadence_weeks=panel.cadence_weeks,
            first_day=panel.first_day,
            last_day=panel.last_day,
            lead=teams[panel.lead_team_id],
            teams=_lead_first(served[panel.id], panel.lead_team_id),
            terms=terms.get(panel.id, ()),
            meetings=meetings.get(panel.id, ()),
            priorities=priorities.get(panel.id, ()),
            keeping=keeping(
                [row.sitting for row in meetings.get(panel.id, ())], panel.first_day, panel.cadence_weeks, policy, on
            ),
            on=on,
        )
        for panel in panels
    ]


def _lead_first(teams: Collection[TeamRow], lead_id: int) -> list[TeamRow]:
    return sorted(teams, key=lambda team: (team.id != lead_id, team.name))


def _terms(panel_ids: Collection[int]) -> Mapping[int, Sequence[Term]]:
    found: dict[int, list[Term]] = defaultdict(list)
    terms = select(ChairTerm).where(ChairTerm.panel_id.in_(panel_ids))
    for row in session.scalars(terms.order_by(ChairTerm.first_day.desc(), ChairTerm.office)):
        found[row.panel_id].append(term_of(row))
    return found


def term_of(row: ChairTerm) -> Term:
    """A term as the rules need it."""
    return Term(row.id, row.name, row.email, row.office, row.chair_type, row.first_day, row.last_day)


def meetings_of(panel_ids: Collection[int], zone: ZoneInfo) -> Mapping[int, Sequence[SittingRow]]:
    """The meetings of panels, by the number of the panel, in order of time."""
    found: dict[int, list[SittingRow]] = defaultdict(list)
    last: dict[int, dt.date] = {}
    rows = session.scalars(
        select(Meeting).where(Meeting.panel_id.in_(panel_ids)).order_by(Meeting.starts_at, Meeting.ref)
    )
    for row in rows:
        sitting = sitting_of(row, zone)
        gap = None
        if sitting.status is MeetingStatus.HELD:
            before = last.get(row.panel_id)
            gap = (sitting.on - before).days if before is not None else None
            last[row.panel_id] = sitting.on
        found[row.panel_id].append(
            SittingRow(
                sitting,
                row.venue,
                row.public_attendance,
                row.minutes_ref,
                gap,
                row.members_present,
                row.chaired_by,
                row.cancelled_because,
                row.fixed_at_id,
            )
        )
    return found


def sitting_of(row: Meeting, zone: ZoneInfo) -> Sitting:
    """A meeting as the rules need it."""
    return Sitting(row.id, row.ref, row.starts_at, local_day(row.starts_at, zone), row.status, row.public)


_STANDING = {state: place for place, state in enumerate(PriorityState)}


def _priorities(panel_ids: Collection[int]) -> Mapping[int, Sequence[PriorityRow]]:
    found: dict[int, list[PriorityRow]] = defaultdict(list)
    for row in session.scalars(select(Priority).where(Priority.panel_id.in_(panel_ids)).order_by(Priority.ref)):
        found[row.panel_id].append(
            PriorityRow(
                row.id,
                row.ref,
                row.title,
                row.detail,
                row.source,
                row.state,
                row.adopted_at_id,
                row.minute_ref,
                row.plan_id,
            )
        )
    for rows in found.values():
        rows.sort(key=lambda row: _STANDING[row.state])
    return found


@dataclass(frozen=True, slots=True)
class PanelPage:
    """One panel, and whether it is the actor's to change."""

    panel: PanelLine
    theirs: bool

    @property
    def subjects(self) -> list[str]:
        """Everything of the panel that the record tells of."""
        panel = self.panel
        return [
            f"panel:{panel.code}",
            *(f"chair:{panel.code}/{term.email}/{term.first_day.isoformat()}" for term in panel.terms),
            *(f"meeting:{row.sitting.ref}" for row in panel.meetings),
            *(f"priority:{row.ref}" for row in panel.priorities),
        ]


def panel_page(code: str, scope: Scope, on: dt.date, policy: Policy, zone: ZoneInfo) -> PanelPage:
    """One panel by its code.

    :raises NoResultFound: when there is none, or the actor may not see it
    """
    panel_id = session.scalars(select(Panel.id).where(Panel.code == code, visible(scope))).one()
    [line] = _lines(Panel.id == panel_id, on, policy, zone)
    return PanelPage(line, scope.has_team(line.lead.id))


@dataclass(frozen=True, slots=True)
class MeetingPage:
    """One meeting of a panel, and the priorities decided at it."""

    panel: PanelLine
    theirs: bool
    row: SittingRow
    decided: Sequence[PriorityRow]

    @property
    def before(self) -> SittingRow | None:
        """The meeting the panel held before this one."""
        at = self.row.sitting.starts_at
        return next((each for each in reversed(self._held) if each.sitting.starts_at < at), None)

    @property
    def after(self) -> SittingRow | None:
        """The next meeting: the one fixed at this one, else the first that follows; cancelled ones are none."""
        mine, at = self.row.sitting.id, self.row.sitting.starts_at
        live = [each for each in self.panel.meetings if each.sitting.status is not MeetingStatus.CANCELLED]
        fixed = next((each for each in live if each.fixed_at_id == mine), None)
        return fixed or next((each for each in live if each.sitting.starts_at > at), None)

    @property
    def _held(self) -> list[SittingRow]:
        return [each for each in self.panel.meetings if each.sitting.status is MeetingStatus.HELD]


def meeting_page(meeting_id: int, scope: Scope, on: dt.date, policy: Policy, zone: ZoneInfo) -> MeetingPage:
    """One meeting.

    :raises NoResultFound: when there is none, or the actor may not see its panel
    """
    statement = select(Panel.code).join(Meeting, Meeting.panel_id == Panel.id).where(Meeting.id == meeting_id)
    page = panel_page(session.scalars(statement).one(), scope, on, policy, zone)
    [row] = [each for each in page.panel.meetings if each.sitting.id == meeting_id]
    decided = [each for each in page.panel.priorities if each.adopted_at_id == meeting_id]
    return MeetingPage(page.panel, page.theirs, row, decided)


def assessed(on: dt.date, policy: Policy, zone: ZoneInfo) -> list[Assessed]:
    """Every panel that is live on a day, as the nightly check judges it."""
    return [
        Assessed(line.code, line.name, line.lead.id, line.chair, line.keeping)
        for line in panels_on(EVERYTHING, on, policy, zone)
        if line.live
    ]
