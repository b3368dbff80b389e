"""Read the profiles of a meeting: those issued, the one being prepared, and what it says today."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from npt.core.authority import Scope
from npt.core.db import session
from npt.core.periods import DAY, local_day, midnight
from npt.crime import queries as crime
from npt.crime.rules import By, CrimeReport
from npt.panels.models import Meeting, Profile, ProfileRecommendation
from npt.panels.queries.answers import you_said
from npt.panels.queries.panels import MeetingPage, PanelLine, meeting_page
from npt.panels.rules.answers import SaidAndDone
from npt.panels.rules.profiles import (
    Content,
    CountLine,
    Demand,
    Due,
    Going,
    Recommendation,
    months_between,
    months_looked_at,
    ordered_lines,
    thawed,
)
from npt.panels.rules.vocabulary import CURRENT, UNDECIDED, MeetingStatus
from npt.people.models import Panel
from npt.policy.rules import Policy


@dataclass(frozen=True, slots=True)
class Issued:
    """A version as it was issued."""

    version: int
    issued_at: dt.datetime
    issued_by: str
    text: str
    sha256: str

    @property
    def content(self) -> Content:
        return thawed(self.text)


@dataclass(frozen=True, slots=True)
class RecommendationRow:
    """A recommendation of the version being prepared. ``priority_id`` when an earlier version brought it already."""

    id: int
    said: Recommendation
    priority_id: int | None


@dataclass(frozen=True, slots=True)
class ProfilePage:
    """The profile of a meeting: what was issued, the newest first; and, for the lead team, what is being prepared."""

    meeting: MeetingPage
    issued: Sequence[Issued]
    draft: Content | None
    recommendations: Sequence[RecommendationRow]
    going: frozenset[str]
    kept: frozenset[int] = frozenset()

    @property
    def drafting(self) -> bool:
        """Whether a version is being prepared that is kept already."""
        return self.draft is not None and self.draft.version in self.kept

    @property
    def newest(self) -> Issued | None:
        return self.issued[0] if self.issued else None

    @property
    def before(self) -> Content | None:
        return self.newest.content if self.newest else None


def profile_page(meeting_id: int, scope: Scope, on: dt.date, policy: Policy, zone: ZoneInfo) -> ProfilePage:
    """The profile of a meeting. What is being prepared is worked out as on the day, whether a draft is kept or not.

    :raises NoResultFound: when there is no such meeting, or the actor may not see its panel
    """
    meeting = meeting_page(meeting_id, scope, on, policy, zone)
    rows = list(profile_rows(meeting_id))
    issued = [
        Issued(row.version, row.issued_at, row.issued_by or "", row.content or "", row.sha256 or "")
        for row in rows
        if row.issued_at is not None
    ]
    if not meeting.theirs:
        return ProfilePage(meeting, issued, None, (), frozenset())
    newest = rows[0] if rows else None
    listed = [
        RecommendationRow(each.id, Recommendation(each.title, each.detail, each.reason), each.priority_id)
        for each in (newest.recommendations if newest else ())
    ]
    version = (newest.version if newest else 1) + (1 if newest and newest.issued_at else 0)
    panel = meeting.panel
    said = you_said(panel.code, scope, on, policy, zone)
    draft = Content(
        panel=panel.name,
        meeting=meeting.row.sitting.ref,
        meeting_on=meeting.row.sitting.on,
        version=version,
        activity=newest.activity if newest else "",
        residents=newest.residents if newest else "",
        demand=demand_of(panel, policy),
        going=tuple(_going(row) for row in said.going),
        recommended=tuple(row.said for row in listed),
    )
    own = {row.priority_id for row in listed}
    going = {row.title for row in panel.priorities if row.state in CURRENT | UNDECIDED and row.id not in own}
    return ProfilePage(meeting, issued, draft, listed, frozenset(going), frozenset(row.version for row in rows))


def _going(row: SaidAndDone) -> Going:
    answer = row.answer
    return Going(
        row.title, row.stands, row.adopted_on, answer.done if answer else None, answer.result if answer else None
    )


def demand_of(panel: PanelLine, policy: Policy) -> Demand | None:
    """What was recorded in the wards of the panel's teams in the newest months loaded; nothing when none are.

    Nothing either when no ward of theirs has a boundary: no crime can be found in it. What was before is told only when
    all of it is loaded, or a change would be of months that are not there.
    """
    loaded = {month.month for month in crime.loaded_months()}
    if not loaded:
        return None
    first, last, before_first, before_last = months_looked_at(max(loaded), policy)
    scope = Scope(team_ids=frozenset(team.id for team in panel.teams))
    now = crime.crime_report(first, last, By.WARD, scope)
    names = crime.boundary_names()
    drawn = {row.unit.code for row in now.rows if row.unit.code in names or row.total}
    if not drawn:
        return None
    whole = loaded.issuperset(months_between(before_first, before_last))
    before = crime.crime_report(before_first, before_last, By.WARD, scope) if whole else None
    wards = ordered_lines(
        CountLine(row.unit.code, row.unit.name, row.total, _ward(before, row.unit.code))
        for row in now.rows
        if row.unit.code in drawn
    )
    kinds = ordered_lines(
        CountLine(kind, kind, now.all.by_category.get(kind, 0), before.all.by_category.get(kind, 0) if before else None)
        for kind in sorted({*now.categories, *(before.categories if before else ())})
    )
    total = CountLine("total", "Total", now.total, before.total if before else None)
    missing = tuple(month for month in months_between(first, last) if month not in loaded)
    undrawn = tuple(sorted(row.unit.name for row in now.rows if row.unit.code not in drawn))
    return Demand(first, last, before_first, before_last, tuple(wards), tuple(kinds), total, missing, undrawn)


def _ward(report: CrimeReport | None, code: str) -> int | None:
    if report is None:
        return None
    return next((row.total for row in report.rows if row.unit.code == code), 0)


def profile_rows(meeting_id: int) -> Sequence[Profile]:
    """The versions of a meeting's profile with what they recommend, the newest first."""
    statement = select(Profile).where(Profile.meeting_id == meeting_id).order_by(Profile.version.desc())
    return session.scalars(statement.options(selectinload(Profile.recommendations))).all()


def recommendation_row(recommendation_id: int) -> ProfileRecommendation:
    """A recommendation of a version that is still being prepared.

    :raises NoResultFound: when there is none, or it was issued
    """
    statement = select(ProfileRecommendation).join(ProfileRecommendation.profile)
    return session.scalars(
        statement.where(ProfileRecommendation.id == recommendation_id, Profile.issued_at.is_(None))
    ).one()


def profiles_due(on: dt.date, policy: Policy, zone: ZoneInfo) -> list[Due]:
    """The planned meetings of live panels, from a day on for as long as policy says, without a profile by that day."""
    end = midnight(on + (policy.profile_days + 1) * DAY, zone)
    rows = session.execute(
        select(Panel.code, Panel.name, Panel.lead_team_id, Panel.first_day, Panel.last_day, Meeting.starts_at)
        .join(Meeting, Meeting.panel_id == Panel.id)
        .outerjoin(
            Profile,
            (Profile.meeting_id == Meeting.id)
            & (Profile.version == 1)
            & (Profile.issued_at < midnight(on + DAY, zone)),
        )
        .where(
            Meeting.status == MeetingStatus.PLANNED,
            Meeting.starts_at >= midnight(on, zone),
            Meeting.starts_at < end,
            Profile.id.is_(None),
        )
        .order_by(Meeting.starts_at, Panel.code)
    )
    return [
        Due(row.code, row.name, row.lead_team_id, local_day(row.starts_at, zone))
        for row in rows
        if row.first_day <= on and (row.last_day is None or on <= row.last_day)
    ]
