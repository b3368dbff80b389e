"""The named contacts of wards: who is current, who has left since when and why, and what that flags (RULES 7 and 9;
docs/decisions/0008).
"""

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from npt.core.authority import Role
from npt.core.effects import Effect, Weight
from npt.core.errors import Reason
from npt.core.periods import DAY, Period, day_in_words
from npt.flags.rules import Finding, FlagKind
from npt.people.rules import Grade, PostingFact, PostingKind, change_days, present_posting
from npt.policy.rules import Policy
from npt.staffing.rules.boundaries import Membership, WardFact
from npt.staffing.rules.effects import Names
from npt.staffing.rules.moves import days_out_of_order, obstacles_to_end

CONTACT_GRADES = frozenset({Grade.PC, Grade.PCSO})
"""The grades of a named contact. Law of the product, not policy: the source promises a named PC or PCSO."""


@dataclass(frozen=True, slots=True)
class Contact:
    """A record that names a person as contact of a ward from a first to a last day."""

    id: int
    person_id: int
    first_day: dt.date
    last_day: dt.date | None = None

    def in_force(self, day: dt.date) -> bool:
        """Whether the record stands on a day, whoever has left or not."""
        return day in Period(self.first_day, self.last_day)


class Why(StrEnum):
    """Why somebody whom a record names is no contact of the ward any more."""

    SERVICE = "service"
    NO_POST = "no_post"
    GRADE = "grade"
    ATTACHED = "attached"
    TEAM = "team"
    WARD = "ward"


@dataclass(frozen=True, slots=True)
class Left:
    """That the person of a record has left: the first day of it, why, and where they are now when they have a post."""

    since: dt.date
    why: Why
    posting: PostingFact | None = None

    def said(self, teams: Mapping[int, str], team: str) -> str:
        """Say it after the person's name: ``attached to Ely since 13 November 2026``.

        :param teams: the names of teams by id
        :param team: the name of the ward's team
        """
        there = teams.get(self.posting.post.team_id or 0, "") if self.posting else ""
        grade = self.posting.post.grade.label if self.posting else ""
        words = {
            Why.SERVICE: "out of service",
            Why.NO_POST: "in no post",
            Why.GRADE: f"{grade} in {there}" if there else grade,
            Why.ATTACHED: f"attached to {there}",
            Why.TEAM: f"in {there}",
            Why.WARD: f"of {there}, while the ward has been {team}'s",
        }
        return f"{words[self.why]} since {day_in_words(self.since)}"


def serves(postings: Iterable[PostingFact], team_id: int | None, day: dt.date) -> bool:
    """Whether somebody is on a day a PC or PCSO whose present team is this one (RULES section 2)."""
    present = present_posting(postings, day)
    return (
        team_id is not None
        and present is not None
        and present.post.team_id == team_id
        and present.post.grade in CONTACT_GRADES
    )


def left(contact: Contact, postings: Sequence[PostingFact], ward: WardFact, day: dt.date) -> Left | None:
    """How the person of a record in force on a day has left; nothing when they are current, or the record is not in
    force.

    :param postings: every posting of the person
    """
    if not contact.in_force(day) or _serves(postings, ward, day):
        return None
    since = _since(contact, postings, ward, day)
    present = present_posting(postings, day)
    return Left(since, _why(contact, postings, present, ward, day, since), present)


def _serves(postings: Sequence[PostingFact], ward: WardFact, day: dt.date) -> bool:
    membership = ward.on(day)
    return serves(postings, membership.team_id if membership else None, day)


def _since(contact: Contact, postings: Sequence[PostingFact], ward: WardFact, day: dt.date) -> dt.date:
    """The first day of the run of days, up to the one given, on which the person was not one of the ward's team."""
    turns = {contact.first_day, *change_days(postings)}
    turns |= {each.first_day for each in ward.memberships}
    turns |= {each.last_day + DAY for each in ward.memberships if each.last_day is not None and each.last_day < day}
    since = day
    for turn in sorted((turn for turn in turns if contact.first_day <= turn <= day), reverse=True):
        if _serves(postings, ward, turn):
            break
        since = turn
    return since


def _why(
    contact: Contact,
    postings: Sequence[PostingFact],
    present: PostingFact | None,
    ward: WardFact,
    day: dt.date,
    since: dt.date,
) -> Why:
    if present is None:
        gone = any(posting.person_last_day is not None and posting.person_last_day < day for posting in postings)
        return Why.SERVICE if gone else Why.NO_POST
    if present.post.grade not in CONTACT_GRADES:
        return Why.GRADE
    before = ward.on(since - DAY) if since > contact.first_day else None
    if before is not None and before.team_id == present.post.team_id:
        return Why.WARD
    return Why.ATTACHED if present.kind is PostingKind.ATTACHMENT else Why.TEAM


@dataclass(frozen=True, slots=True)
class Named:
    """A record in force on a day; with how its person has left, if they have."""

    contact: Contact
    left: Left | None


@dataclass(frozen=True, slots=True)
class WardContacts:
    """A ward's contacts on a day. ``team_id`` answers for the ward: the team of the day, else the last it had;
    ``live``: it belongs to a live team that day.
    """

    ward: WardFact
    team_id: int | None
    live: bool
    named: tuple[Named, ...]

    @property
    def nobody(self) -> bool:
        """Whether a live team's ward has no record in force at all."""
        return self.live and not self.named

    @property
    def gone(self) -> list[Named]:
        """The records in force whose person has left."""
        return [each for each in self.named if each.left is not None]

    @property
    def current(self) -> list[Named]:
        """The records in force whose person is one of the ward's team."""
        return [each for each in self.named if each.left is None]


def contacts_of(
    ward: WardFact,
    contacts: Iterable[Contact],
    by_person: Mapping[int, Sequence[PostingFact]],
    live_team_ids: Collection[int],
    day: dt.date,
) -> WardContacts:
    """The contacts of a ward on a day.

    :param by_person: every posting of everybody the records name
    :param live_team_ids: the teams live on the day
    """
    membership = ward.on(day)
    named = tuple(
        Named(contact, left(contact, by_person.get(contact.person_id, ()), ward, day))
        for contact in contacts
        if contact.in_force(day)
    )
    live = membership is not None and membership.team_id in live_team_ids
    return WardContacts(ward, team_of(ward, day), live, named)


def team_of(ward: WardFact, day: dt.date) -> int | None:
    """The team that answers for a ward on a day: the one it belongs to, else the last it did."""
    found = ward.on(day) or _last_before(ward, day)
    return found.team_id if found else None


def _last_before(ward: WardFact, day: dt.date) -> Membership | None:
    return max((each for each in ward.memberships if each.first_day <= day), key=lambda m: m.first_day, default=None)


def answering_teams(ward: WardFact, on: dt.date) -> set[int]:
    """The teams that may name and end a ward's contacts: those it belongs to on a day or will; else the last it had."""
    found = {each.team_id for each in ward.memberships if each.last_day is None or each.last_day >= on}
    last = team_of(ward, on)
    return found or ({last} if last is not None else set())


def contact_findings(
    wards: Iterable[WardContacts], supervised: Collection[int], names: Names, policy: Policy
) -> list[Finding]:
    """What the contacts of a day flag: a ward with no record in force, or with one whose person has left; never both
    (docs/decisions/0008).

    :param supervised: the ids of teams that have a sergeant to answer
    """
    found = []
    for ward in wards:
        kind = FlagKind.NO_NAMED_CONTACT if ward.nobody else FlagKind.NAMED_CONTACT_LEFT
        if not ward.nobody and not ward.gone:
            continue
        figure, threshold = ("0", "1") if ward.nobody else (str(len(ward.gone)), "0")
        found.append(
            Finding(
                kind=kind,
                subject=ward.ward.code,
                severity=policy.severity_no_named_contact if ward.nobody else policy.severity_named_contact_left,
                figure=figure,
                threshold=threshold,
                owner_role=Role.SERGEANT if ward.team_id in supervised else Role.INSPECTOR,
                detail=_said(ward, names),
                team_id=ward.team_id,
            )
        )
    return found


def _said(ward: WardContacts, names: Names) -> str:
    if ward.nobody:
        return f"{ward.ward.name} ward has no named contact"
    team = names.teams.get(ward.team_id or 0, "")
    gone = "; ".join(
        f"{names.people[each.contact.person_id]}, {each.left.said(names.teams, team)}"
        for each in ward.gone
        if each.left is not None
    )
    return f"{ward.ward.name} ward names a contact who has left: {gone}"


def contact_effects(before: Iterable[WardContacts], after: Iterable[WardContacts], names: Names) -> Iterator[Effect]:
    """What a change of staffing would do to the contacts of wards on the day it takes effect.

    :param before: every ward as it is, in the same order as ``after``
    """
    for was, would_be in zip(before, after, strict=True):
        team = names.teams.get(would_be.team_id or 0, "")
        known = {each.contact.id: each.left for each in was.named}
        for each in would_be.named:
            who = names.people[each.contact.person_id]
            if each.left is not None and known[each.contact.id] is None:
                gone = each.left.said(names.teams, team)
                yield Effect(
                    f"{would_be.ward.name} ward would name a contact who has left: {who}, {gone}", Weight.WORSE
                )
            elif each.left is None and known[each.contact.id] is not None:
                yield Effect(f"{who} would be a contact of {would_be.ward.name} ward again", Weight.BETTER)


@dataclass(frozen=True, slots=True)
class Naming:
    """Somebody to be named as contact of a ward, as far as that is judged."""

    who: str
    postings: Sequence[PostingFact]
    first_day: dt.date
    last_day: dt.date | None
    known: Sequence[Contact]
    """Every record that names this person for this ward."""


def obstacles_to_naming(new: Naming, ward: WardFact, own_teams: Collection[int] | None) -> Iterator[Reason]:
    """Why somebody cannot be named: only a PC or PCSO of the ward's team on the first day can.

    :param own_teams: the teams of whoever names them; ``None``: any
    """
    yield from days_out_of_order(new.first_day, new.last_day)
    first = day_in_words(new.first_day)
    membership = ward.on(new.first_day)
    if membership is None:
        yield Reason(f"{ward.name} ward belongs to no team on {first}: enter a day on which it does", "first_day")
        return
    if own_teams is not None and membership.team_id not in own_teams:
        yield Reason(f"{ward.name} ward is another team's on {first}: that team names its contacts", "first_day")
    elif not serves(new.postings, membership.team_id, new.first_day):
        yield Reason(
            f"{new.who} is not a PC or PCSO of the ward's team on {first}: choose somebody who is, or another day",
            "collar_number",
        )
    for contact in new.known:
        ends_before = contact.last_day is not None and contact.last_day < new.first_day
        if not ends_before and (new.last_day is None or contact.first_day <= new.last_day):
            yield Reason(f"{new.who} is named for this ward already, {_days_said(contact)}", "collar_number")


def _days_said(contact: Contact) -> str:
    first = f"from {day_in_words(contact.first_day)}"
    return first if contact.last_day is None else f"{first} to {day_in_words(contact.last_day)}"


def obstacles_to_replacing(old: Contact | None, person_id: int, first_day: dt.date) -> list[Reason]:
    """Why a record cannot end on the day before another person takes its place."""
    if old is None:
        return [Reason("Choose one of the ward's contacts, or nobody", "replaces")]
    if old.person_id == person_id:
        return [Reason("Choose somebody else: they would take their own place", "replaces")]
    found = obstacles_to_end(old.first_day, old.last_day, first_day - DAY, "The record of whom they replace")
    return [Reason(reason.message, "replaces") for reason in found]
