"""The rows of an invented force, table by table, in the order in which they may be stored."""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from bench.diary import Time, diary
from bench.force import FORENAMES, LONG_AGO, SURNAMES, Force, Member
from npt.audit import rules as audit
from npt.core.authority import Role
from npt.core.periods import DAY
from npt.people.rules import Grade, PostingKind

Row = Sequence[object]
WARDS_OF_A_TEAM = 2
FORCE_LEAD = "force.lead@force.example"


@dataclass(frozen=True)
class Table:
    name: str
    columns: str
    rows: Iterable[Row]


@dataclass
class Rows:
    """A force and the time it is looked at. Absences and abstractions are kept from the walk that gives the duties."""

    force: Force
    time: Time
    seed: int
    password_hash: str
    _absences: list[Row] = field(default_factory=list)
    _abstractions: list[Row] = field(default_factory=list)

    def tables(self) -> Iterator[Table]:
        yield Table("bcus", "id, code, name", ((n, bcu_code(n), f"Unit {n}") for n in self._bcus))
        yield Table("sectors", "id, code, name, bcu_id", self._sectors())
        yield Table("teams", "id, code, name, sector_id, first_day", self._teams())
        yield Table("wards", "id, code, name", self._wards())
        yield Table("ward_memberships", "id, ward_id, team_id, first_day", self._memberships())
        yield Table("posts", "id, ref, team_id, sector_id, grade, fte, first_day", self._posts())
        yield Table(
            "people",
            "id, collar_number, forename, surname, grade, weekly_hours, joined_on, leaving_on, leaving_reason, email",
            self._people(),
        )
        yield Table("postings", "id, person_id, post_id, first_day, last_day, kind, fte, end_reason", self._postings())
        yield Table("covers", "id, person_id, team_id, first_day", self._covers())
        yield Table("named_contacts", "id, ward_id, person_id, first_day", self._contacts())
        yield Table("panels", "id, code, name, lead_team_id, first_day", self._panels())
        yield Table("panel_teams", "id, panel_id, team_id", self._panel_teams())
        yield Table("meetings", "id, ref, panel_id, starts_at, public, status", self._meetings())
        yield Table(
            "priorities", "id, ref, panel_id, title, state, adopted_at_id, minute_ref", (p for p, _ in self._asked())
        )
        yield Table(
            "priority_events", 'id, priority_id, kind, at, "by", meeting_id, minute_ref', self._priority_events()
        )
        yield Table("targets", 'id, scope, scope_code, "group", first_day, percent, set_by', self._targets())
        yield Table(
            "users",
            "id, email, name, role, password, password_chosen_at, active, fs_uniquifier, created_at",
            self._users(),
        )
        yield Table("user_scopes", "id, user_id, code", self._scopes())
        yield Table("duties", "id, ref, person_id, starts_at, ends_at, duty_date, status, source", self._duties())
        yield Table("absences", "id, ref, person_id, kind, starts_at, ends_at", self._absences)
        yield Table(
            "abstractions",
            "id, ref, person_id, reason, starts_at, ends_at, logged_at, logged_by, cancelled_at, cancel_reason",
            self._abstractions,
        )
        yield Table(
            "flags",
            "id, kind, subject, severity, figure, threshold, detail, opened_on, closed_on, owner_role, "
            "first_owner_role, owned_since, team_id, repeat",
            self._flags(),
        )
        yield Table(
            "audit_entries",
            "id, number, at, actor, role, event, subject, details, previous_hash, hash",
            self._record(),
        )
        yield Table("record_ends", "id, number, hash", self._end())

    @property
    def _bcus(self) -> range:
        return range(1, self.force.size.bcus + 1)

    @property
    def _members(self) -> list[Member]:
        """Everybody of whom there is anything in the time kept."""
        return [who for who in self.force.people if who.left_on is None or who.left_on >= self.time.first_day]

    def _sectors(self) -> Iterator[Row]:
        return ((n, sector_code(n), f"Sector {n}", bcu) for n, bcu in enumerate(self.force.sectors, 1))

    def _teams(self) -> Iterator[Row]:
        return ((n, team_code(n), f"Team {n}", sector, LONG_AGO) for n, (sector, _) in enumerate(self.force.teams, 1))

    def _wards(self) -> Iterator[Row]:
        return ((n, f"W{n:05}", f"Ward {n}") for n in range(1, WARDS_OF_A_TEAM * len(self.force.teams) + 1))

    def _memberships(self) -> Iterator[Row]:
        wards = range(1, WARDS_OF_A_TEAM * len(self.force.teams) + 1)
        return ((n, n, (n - 1) // WARDS_OF_A_TEAM + 1, LONG_AGO) for n in wards)

    def _posts(self) -> Iterator[Row]:
        for n, (grade, team, sector) in enumerate(self.force.posts, 1):
            yield n, f"POST-{n:05}", team, sector, grade.value, 100, LONG_AGO

    def _people(self) -> Iterator[Row]:
        for who in self._members:
            names = FORENAMES[who.id % len(FORENAMES)], SURNAMES[who.id // 3 % len(SURNAMES)]
            why = "resigned" if who.left_on else None
            hours = 3200 if who.part_time else 4000
            yield who.id, who.number, *names, who.grade.value, hours, who.joined_on, who.left_on, why, who.email

    def _postings(self) -> Iterator[Row]:
        kept = [
            (who, posting)
            for who in self._members
            for posting in who.postings
            if posting.last_day is None or posting.last_day >= self.time.first_day
        ]
        for n, (who, posting) in enumerate(kept, 1):
            fte = 80 if who.part_time and posting.kind is not PostingKind.ATTACHMENT else None
            days = posting.first_day, posting.last_day
            yield n, posting.person, posting.post, *days, posting.kind.value, fte, posting.reason

    def _covers(self) -> Iterator[Row]:
        here = {who.id for who in self._members if who.left_on is None}
        return ((n, *cover) for n, cover in enumerate((c for c in self.force.covers if c[0] in here), 1))

    def _contacts(self) -> Iterator[Row]:
        teams: dict[int, list[Member]] = {}
        for who in self._members:
            if who.grade is Grade.PCSO and who.left_on is None and who.team is not None:
                teams.setdefault(who.team, []).append(who)
        named = [
            (WARDS_OF_A_TEAM * (team - 1) + n + 1, who.id, who.joined_on)
            for team, those in teams.items()
            for n, who in enumerate(those[:WARDS_OF_A_TEAM])
        ]
        return ((n, *each) for n, each in enumerate(named, 1))

    def _panels(self) -> Iterator[Row]:
        """A panel for each team, which leads it; every fourth serves the team before it as well."""
        return ((n, panel_code(n), f"Panel {n}", n, LONG_AGO) for n in range(1, len(self.force.teams) + 1))

    def _panel_teams(self) -> Iterator[Row]:
        panels = range(1, len(self.force.teams) + 1)
        served = [(panel, team) for panel in panels for team in (panel, panel - 1) if panel == team or panel % 4 == 0]
        return ((n, *each) for n, each in enumerate(served, 1))

    def _sittings(self) -> Iterator[tuple[int, int, dt.datetime]]:
        """Each meeting held, a quarter apart, with its panel."""
        number = 0
        for panel in range(1, len(self.force.teams) + 1):
            at = self.time.first_day + panel % 28 * DAY
            while at < self.time.now.date():
                number += 1
                yield number, panel, dt.datetime.combine(at, dt.time(19), dt.UTC)
                at += 91 * DAY

    def _meetings(self) -> Iterator[Row]:
        return ((n, f"M{n}", panel, at, True, "held") for n, panel, at in self._sittings())

    def _asked(self) -> Iterator[tuple[Row, Row | None]]:
        """Two priorities of each meeting, signed off at the next but one; each with that step, once it was taken."""
        sittings = list(self._sittings())
        for n in range(1, 2 * len(sittings) + 1):
            meeting, panel, _ = sittings[(n - 1) // 2]
            answered = next((s for s in sittings[meeting + 1 : meeting + 2] if s[1] == panel), None)
            state = "signed_off" if answered else "in_progress"
            step = (n, n, "signed_off", answered[2], "Chair", answered[0], "4") if answered else None
            yield (n, f"Q{n}", panel, f"Priority {n}", state, meeting, "3"), step

    def _priority_events(self) -> Iterator[Row]:
        return (step for _, step in self._asked() if step)

    def _targets(self) -> Iterator[Row]:
        yield 1, "force", "", "all", LONG_AGO, 800, "Force lead"
        yield 2, "force", "", "pcsos", LONG_AGO, 600, "Force lead"
        yield 3, "bcu", bcu_code(1), "all", LONG_AGO, 700, "Force lead"
        yield 4, "team", team_code(1), "all", LONG_AGO, 750, "BCU manager"

    def _accounts(self) -> Iterator[tuple[str, Role, str | None]]:
        """Email address, role and scope: everybody who is there, a manager of each unit, and the force lead."""
        roles = {Grade.SERGEANT: Role.SERGEANT, Grade.INSPECTOR: Role.INSPECTOR}
        for who in self._members:
            if who.left_on is None:
                _, team, sector = self.force.posts[who.postings[0].post - 1]
                scope = sector_code(sector) if sector else team_code(team or 0)
                yield who.email, roles.get(who.grade, Role.PC), scope
        for bcu in self._bcus:
            yield manager(bcu), Role.BCU_MANAGER, bcu_code(bcu)
        yield FORCE_LEAD, Role.FORCE_LEAD, None

    def _users(self) -> Iterator[Row]:
        for n, (email, role, _) in enumerate(self._accounts(), 1):
            name = email.split("@")[0]
            yield n, email, name, role.value, self.password_hash, self.time.now, True, f"{n:032x}", self.time.now

    def _scopes(self) -> Iterator[Row]:
        scoped = [(n, scope) for n, (_, _, scope) in enumerate(self._accounts(), 1) if scope]
        return ((n, *each) for n, each in enumerate(scoped, 1))

    def _duties(self) -> Iterator[Row]:
        number = 0
        for who in self._members:
            kept = diary(who, self.time, self.seed)
            for day, starts, ends, cancelled in kept.duties:
                number += 1
                status = "cancelled" if cancelled else "worked" if ends <= self.time.now else "planned"
                yield number, f"D{number}", who.id, starts, ends, day, status, "imported"
            for kind, span in kept.absences:
                at = len(self._absences) + 1
                self._absences.append((at, f"X{at}", who.id, kind, *span))
            for reason, span, cancelled in kept.abstractions:
                at = len(self._abstractions) + 1
                logged = min(span[0], self.time.now)
                undone = (self.time.now, "entered twice") if cancelled else (None, None)
                self._abstractions.append((at, f"A{at}", who.id, reason, *span, logged, "Duty planner", *undone))

    def _flags(self) -> Iterator[Row]:
        """What checks found in the past and closed again: one a month for every second team."""
        number = 0
        for team in range(1, len(self.force.teams) + 1, 2):
            day = self.time.first_day + team % 28 * DAY
            while day + 20 * DAY < self.time.now.date():
                number += 1
                words = ("over_abstraction", team_code(team), "high", "9.10", "8.00", "Over target, invented")
                yield number, *words, day, day + 20 * DAY, "sergeant", "sergeant", day, team, False
                day += 30 * DAY

    def _record(self) -> Iterator[Row]:
        """An entry in the record for every abstraction, as logging leaves it, each with the hash of the one before."""
        previous = audit.FIRST_PREDECESSOR
        for number, row in enumerate(self._abstractions, 1):
            _, ref, person, reason, starts, ends, logged, by, *_ = row
            details = audit.canonical({"collar_number": person, "reason": reason, "starts_at": starts, "ends_at": ends})
            entry = audit.Entry(
                number,
                _instant(logged),
                str(by),
                Role.SYSTEM,
                None,
                "abstraction.recorded",
                f"abstraction:{ref}",
                details,
                previous,
            )
            previous = audit.hash_of(entry)
            known = (number, entry.number, entry.at, entry.actor, entry.role, entry.event, entry.subject, entry.details)
            yield *known, entry.previous_hash, previous
        self._last = number, previous

    def _end(self) -> Iterator[Row]:
        """Where the record ends: the entry written last."""
        yield 1, *self._last


def _instant(value: object) -> dt.datetime:
    assert isinstance(value, dt.datetime)
    return value


def bcu_code(number: int) -> str:
    return f"B{number:02}"


def sector_code(number: int) -> str:
    return f"S{number:03}"


def team_code(number: int) -> str:
    return f"T{number:03}"


def panel_code(number: int) -> str:
    return f"P{number:03}"


def manager(bcu: int) -> str:
    """The email address of a unit's manager."""
    return f"manager.{bcu}@force.example"
