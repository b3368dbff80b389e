"""Read the briefing of each BCU: its current priorities, what stands in it of each, and who has read it."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, or_, select, true

from npt.accounts.models import User, UserScope
from npt.accounts.queries import led_team_ids
from npt.core.authority import FORCE_WITHOUT_SCOPE, Role, Scope
from npt.core.db import session
from npt.panels.models import BriefingNote, BriefingReading, Priority
from npt.panels.queries.changing import led
from npt.panels.rules.briefing import READERS, Account, Note, Reader, Share, readers_of, shares
from npt.panels.rules.vocabulary import CURRENT, PriorityState
from npt.people.models import Bcu, Panel, PanelTeam, Sector, Team
from npt.people.queries import BcuRow, person_id_of


@dataclass(frozen=True, slots=True)
class BriefingEntry:
    """A current priority as a briefing has it, with the team that leads on it and whether it is the actor's."""

    priority_id: int
    title: str
    state: PriorityState
    panel: str
    team: str
    team_telephone: str | None
    theirs: bool
    note: Note | None


@dataclass(frozen=True, slots=True)
class Briefing:
    """The current priorities of a BCU on a day, who may read of them, and who has.

    ``unread``: the priorities whose note the actor had not read as it stands when this was asked for.
    """

    bcu: BcuRow
    on: dt.date
    entries: Sequence[BriefingEntry]
    readers: Sequence[Reader]
    unread: frozenset[int]

    @property
    def standing(self) -> list[BriefingEntry]:
        """The priorities of which something is to be done, the newest note first."""
        with_notes = [(entry.note, entry) for entry in self.entries if entry.note and entry.note.live(self.on)]
        return [
            entry for _, entry in sorted(with_notes, key=lambda pair: (pair[0].refreshed_at, pair[0].id), reverse=True)
        ]

    @property
    def silent(self) -> list[BriefingEntry]:
        """The priorities of which nothing stands: nobody wrote a note, or it has expired."""
        return [entry for entry in self.entries if entry.note is None or not entry.note.live(self.on)]

    @property
    def shares(self) -> list[Share]:
        """How many have read it, by role."""
        return shares(self.readers)

    @property
    def meant(self) -> Share | None:
        """How many have read it of those it is written for; nothing when there is nothing to read, or nobody to."""
        return next((share for share in self.shares if share.role is Role.RESPONDER), None)


def _readable(scope: Scope) -> ColumnElement[bool]:
    """The actor's own BCUs, and those in which a team of theirs works."""
    if scope.force:
        return true()
    of_teams = select(Sector.bcu_id).join(Team, Team.sector_id == Sector.id).where(Team.id.in_(scope.team_ids))
    return or_(Bcu.id.in_(scope.bcu_ids), Bcu.id.in_(of_teams))


def briefings(scope: Scope, on: dt.date, user_id: int | None) -> list[Briefing]:
    """The briefing of each BCU the actor may read of, in order of code; in a few statements, however many there are."""
    return _briefings(_readable(scope), scope, on, user_id)


def briefing(code: str, scope: Scope, on: dt.date, user_id: int | None) -> Briefing:
    """The briefing of one BCU.

    :raises NoResultFound: when there is none, or the actor may not read it
    """
    bcu_id = session.scalars(select(Bcu.id).where(Bcu.code == code, _readable(scope))).one()
    [found] = _briefings(Bcu.id == bcu_id, scope, on, user_id)
    return found


def briefing_codes(scope: Scope) -> list[str]:
    """The codes of the BCUs whose briefing the actor may read, in order."""
    return list(session.scalars(select(Bcu.code).where(_readable(scope)).order_by(Bcu.code)))


def _briefings(wanted: ColumnElement[bool], scope: Scope, on: dt.date, user_id: int | None) -> list[Briefing]:
    rows = session.execute(select(Bcu.id, Bcu.code, Bcu.name).where(wanted).order_by(Bcu.code))
    bcus = [BcuRow(*row) for row in rows]
    entries = _entries([bcu.id for bcu in bcus], scope, on)
    units, accounts = _units(), _accounts(on)
    read = _read({entry.note.id for listed in entries.values() for entry in listed if entry.note})
    mine = read.get(user_id, {}) if user_id is not None else {}
    found = []
    for bcu in bcus:
        listed = entries.get(bcu.id, [])
        notes = {entry.note.id: entry.priority_id for entry in listed if entry.note and entry.note.live(on)}
        readers = readers_of(units[bcu.id], accounts, notes, read) if notes else []
        unread = frozenset(priority for note, priority in notes.items() if note not in mine)
        found.append(Briefing(bcu, on, listed, readers, unread))
    return found


def _entries(bcu_ids: Collection[int], scope: Scope, on: dt.date) -> Mapping[int, list[BriefingEntry]]:
    """The current priorities of the panels that serve a BCU and are live, by panel and title."""
    lead = Team.__table__.alias("lead")
    statement = (
        select(Sector.bcu_id, Priority, Panel, lead.c.name.label("team"), lead.c.telephone, BriefingNote)
        .join(Panel, Panel.id == Priority.panel_id)
        .join(PanelTeam, PanelTeam.panel_id == Panel.id)
        .join(Team, Team.id == PanelTeam.team_id)
        .join(Sector, Sector.id == Team.sector_id)
        .join(lead, lead.c.id == Panel.lead_team_id)
        .outerjoin(BriefingNote, BriefingNote.priority_id == Priority.id)
        .where(
            Sector.bcu_id.in_(bcu_ids),
            Priority.state.in_(CURRENT),
            Panel.first_day <= on,
            or_(Panel.last_day.is_(None), Panel.last_day >= on),
        )
        .order_by(Panel.name, Priority.title, Priority.id)
    )
    found: dict[int, dict[int, BriefingEntry]] = defaultdict(dict)
    for bcu_id, priority, panel, team, telephone, note in session.execute(statement):
        found[bcu_id][priority.id] = BriefingEntry(
            priority.id,
            priority.title,
            priority.state,
            panel.name,
            team,
            telephone,
            scope.has_team(panel.lead_team_id),
            note_of(note) if note else None,
        )
    return {bcu_id: list(entries.values()) for bcu_id, entries in found.items()}


def note_of(row: BriefingNote) -> Note:
    """A note as the rules and the pages need it."""
    return Note(
        row.id,
        row.place,
        row.what_to_do,
        row.who_to_call,
        row.last_day,
        row.version,
        row.refreshed_at,
        row.refreshed_by,
    )


def _units() -> Mapping[int, set[str]]:
    """The codes of each BCU and of everything in it."""
    found: dict[int, set[str]] = defaultdict(set)
    for bcu_id, code in session.execute(select(Bcu.id, Bcu.code)):
        found[bcu_id].add(code)
    within = select(Sector.bcu_id, Sector.code, Team.code).outerjoin(Team, Team.sector_id == Sector.id)
    for bcu_id, sector, team in session.execute(within):
        found[bcu_id] |= {code for code in (sector, team) if code}
    return found


def _accounts(on: dt.date) -> list[Account]:
    """Every active user whose reading is counted, a sergeant also by the teams they lead that day."""
    statement = (
        select(User.id, User.name, User.role, UserScope.code, person_id_of(User.email.expression))
        .outerjoin(UserScope, UserScope.user_id == User.id)
        .where(User.active, User.role.in_(READERS))
        .order_by(User.id)
    )
    codes: dict[int, set[str]] = defaultdict(set)
    named, sergeants = {}, {}
    for user_id, name, role, code, person_id in session.execute(statement):
        named[user_id] = (name, role)
        if code:
            codes[user_id].add(code)
        if role is Role.SERGEANT and person_id is not None:
            sergeants[user_id] = person_id
    everywhere = {user_id for user_id, (_, role) in named.items() if role in FORCE_WITHOUT_SCOPE and not codes[user_id]}
    led = led_team_ids(sergeants.values(), on)
    teams = dict(session.execute(select(Team.id, Team.code)).all())
    for user_id, person_id in sergeants.items():
        codes[user_id] |= {teams[team_id] for team_id in led[person_id]}
    return [
        Account(user_id, name, role, frozenset(codes[user_id]), user_id in everywhere)
        for user_id, (name, role) in named.items()
    ]


def _read(notes: Iterable[int]) -> Mapping[int, Mapping[int, dt.datetime]]:
    """For each user, which of these notes they have read as they stand, and when."""
    statement = (
        select(BriefingReading.user_id, BriefingReading.note_id, BriefingReading.read_at)
        .join(BriefingNote, BriefingNote.id == BriefingReading.note_id)
        .where(BriefingReading.version == BriefingNote.version, BriefingNote.id.in_(list(notes)))
    )
    found: dict[int, dict[int, dt.datetime]] = defaultdict(dict)
    for user_id, note_id, read_at in session.execute(statement):
        found[user_id][note_id] = read_at
    return found


@dataclass(frozen=True, slots=True)
class NotePage:
    """What is to be changed of a priority's note, and the page it stands on."""

    priority_id: int
    ref: str
    title: str
    detail: str | None
    state: PriorityState
    panel: str
    bcu_code: str
    team: str
    team_telephone: str | None
    note: Note | None


def note_page(priority_id: int, scope: Scope) -> NotePage:
    """A priority's note, when a team of the actor's leads its panel.

    :raises NoResultFound: when there is no such priority, or another team leads
    """
    statement = (
        select(Priority, Panel.name, Bcu.code, Team.name, Team.telephone, BriefingNote)
        .join(Panel, Panel.id == Priority.panel_id)
        .join(Team, Team.id == Panel.lead_team_id)
        .join(Sector, Sector.id == Team.sector_id)
        .join(Bcu, Bcu.id == Sector.bcu_id)
        .outerjoin(BriefingNote, BriefingNote.priority_id == Priority.id)
        .where(Priority.id == priority_id, led(scope))
    )
    row, panel, bcu, team, telephone, note = session.execute(statement).one()
    found = note_of(note) if note else None
    return NotePage(row.id, row.ref, row.title, row.detail, row.state, panel, bcu, team, telephone, found)


def note_row(priority_id: int, scope: Scope) -> tuple[Priority, BriefingNote | None]:
    """A priority of a panel that a team of the actor's leads, locked, and its note.

    :raises NoResultFound: when there is no such priority, or another team leads
    """
    statement = select(Priority).join(Panel, Panel.id == Priority.panel_id)
    priority = session.scalars(
        statement.where(Priority.id == priority_id, led(scope)).with_for_update(of=Priority)
    ).one()
    note = select(BriefingNote).where(BriefingNote.priority_id == priority_id).with_for_update()
    return priority, session.scalars(note).one_or_none()
