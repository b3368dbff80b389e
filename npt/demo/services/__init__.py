"""Load the demonstration force: the kept files, and hours invented for the moment of loading."""

import csv
import datetime as dt
import io
from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import select

from npt.abstractions import services as abstractions
from npt.abstractions.models import MonthlyReturn
from npt.abstractions.queries import Question, dip_sample
from npt.abstractions.rules import DrawnFrom, Finding, ReturnKind, months_back
from npt.abstractions.services import NewAbstraction, NewFinding, NewSample, Terms
from npt.accounts import services as accounts
from npt.accounts.queries import actor_of
from npt.accounts.services import NewUser
from npt.audit import services as audit
from npt.audit.queries import DEMONSTRATION
from npt.core import sheets
from npt.core.authority import EVERYTHING, Actor, Role
from npt.core.db import bulk_insert, session
from npt.core.periods import DAY, add_months, midnight, month_of
from npt.core.sheets import Sheet
from npt.demo import queries
from npt.demo.rules import Activity, Force, generate, panels, published, returns
from npt.demo.rules.away import FOCUS
from npt.demo.rules.exports import ROSTER
from npt.demo.rules.succession import ATTACHED_FROM_TO, ATTACHMENT, LEAVERS, RESPONSE, WISHES, WORD
from npt.exchange import services as exchange
from npt.exchange.rules.ward_officers import MINUTES, STRENGTHS
from npt.exchange.services import Progress
from npt.flags import queries as flags
from npt.flags import services as flag_services
from npt.flags.rules import FlagKind
from npt.flags.services import Acknowledgement
from npt.people import queries as people
from npt.people.models import Person, Post, Posting
from npt.people.rules import PostingKind
from npt.policy import queries as policies
from npt.policy import services as policy
from npt.policy.rules import Group, Policy, TargetScope
from npt.policy.rules.barring import Strength
from npt.policy.rules.words import COUNTED_GRADES, TargetKey
from npt.policy.services import NewBar, NewReason, NewTarget
from npt.staffing import services as staffing
from npt.staffing.rules.candidates import Verdict
from npt.staffing.services import Closing, EndOfPosting, NewCandidacy, NewVerdict

FILES = Path(__file__).parents[1] / "files"

COLUMNS = {
    "duties": ("ref", "collar_number", "starts_at", "ends_at", "status"),
    "absences": ("ref", "collar_number", "kind", "starts_at", "ends_at"),
    "abstractions": (
        "ref",
        "collar_number",
        "reason",
        "starts_at",
        "ends_at",
        "destination",
        "authorised_by",
        "note",
        "logged_at",
        "logged_by",
        "authorised_at",
        "cancelled_at",
        "cancel_reason",
    ),
    "patterns": ("code", "day", "grade", "starts", "ends"),
    "pattern_people": ("collar_number", "first_day", "pattern", "offset"),
}

MORE_COLUMNS = {
    "people": ("collar_number", "forename", "surname", "grade", "email"),
    "postings": ("collar_number", "post", "first_day", "last_day", "kind", "end_reason"),
}


ANSWERS = (
    "Advertised; interviews are arranged",
    "Held for the next intake of PCSOs",
    "A transfer has been agreed; the start date is being fixed",
)

Matches = Callable[[str, str | None], bool]


@dataclass(frozen=True, slots=True)
class SignIn:
    """Somebody who can sign in to the demonstration: as what, and for which units."""

    role: Role
    scopes: tuple[str, ...] = ()
    post: str | None = None
    """The post whose holder this is; nothing for somebody outside the teams."""


SIGN_INS = (
    SignIn(Role.SERGEANT, ("SOH",), "SOH-SERGEANT-1"),
    SignIn(Role.INSPECTOR, ("ECA",), "ECA-INSPECTOR-1"),
    SignIn(Role.PC, ("SOH",), "SOH-PC-1"),
    SignIn(Role.BCU_MANAGER, ("SOU",)),
    SignIn(Role.ADMINISTRATOR),
    SignIn(Role.RESOURCES_LEAD, ("SOU",)),
    SignIn(Role.FORCE_LEAD),
    SignIn(Role.ANALYST),
    SignIn(Role.AUDITOR),
    SignIn(Role.CHAIR, ("SOHV",)),
    SignIn(Role.PARTNER),
    SignIn(Role.RESPONDER, ("SOU",)),
)
"""One sign-in for each role."""


def load_force(*, actor: Actor, at: dt.datetime, on: dt.date, zone: ZoneInfo, progress: Progress) -> dt.date:
    """Load the kept files and the invented hours, and mark the database. Returns the day the invented hours end."""
    kept = exchange.at_path(FILES)
    invented = generate(_force(), now=at, zone=zone)
    exchange.load(
        [*kept, *_sheets(invented), *_panel_sheets(on)], actor=actor, at=at, on=on, zone=zone, progress=progress
    )
    _publish(actor=actor, at=at, on=on)
    exchange.save_mapping(ROSTER, mapping_id=None, actor=actor, at=at, zone=zone)
    audit.mark_installation(DEMONSTRATION, invented.last_day.isoformat(), actor=actor, at=at)
    return invented.last_day


def _publish(*, actor: Actor, at: dt.datetime, on: dt.date) -> None:
    wards = _rows("wards")
    for name, columns, rows in (
        (published.MINUTES_FILE, MINUTES, published.minutes(wards, on)),
        (published.STRENGTHS_FILE, STRENGTHS, published.strengths(wards, on)),
    ):
        file = io.BytesIO(sheets.csv_content(name, columns, rows))
        exchange.take_in_ward_officers(name, file, actor=actor, at=at)


def _rows(name: str) -> list[dict[str, str]]:
    with (FILES / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _force() -> Force:
    return Force(*(_rows(name) for name in ("teams", "posts", "people", "postings", "cover", "reasons")))


def _sheets(invented: Activity) -> list[Sheet]:
    return [sheets.from_rows(f"{name}.csv", COLUMNS[name], getattr(invented, name)) for name in COLUMNS]


def _panel_sheets(on: dt.date) -> list[Sheet]:
    kept = _rows("panels")
    held = panels.meetings(kept, on)
    return [
        sheets.from_rows("meetings.csv", panels.MEETINGS, held),
        sheets.from_rows("priorities.csv", panels.PRIORITIES, panels.priorities(kept, held)),
    ]


def add_sign_ins(password_hash: str, *, on: dt.date, actor: Actor, at: dt.datetime) -> None:
    """Add one user for each role, all with one password."""
    for sign_in in SIGN_INS:
        email, name = _who(sign_in, on)
        new = NewUser(email=email, name=name, role=sign_in.role, scopes=sign_in.scopes)
        accounts.add_user(new, password_hash=password_hash, actor=actor, at=at, password_chosen=True)


def keep_password(
    password: str, *, actor: Actor, at: dt.datetime, matches: Matches, hashed: Callable[[str], str]
) -> None:
    """Give the sign-ins the password that is kept, when they have another: the database was made by another checkout.

    :param matches: whether a password is the one that was hashed
    """
    changed = [user for user in queries.sign_ins() if not matches(password, user.password)]
    if changed:
        password_hash = hashed(password)
        for user in changed:
            accounts.choose_password(user.id, password_hash=password_hash, actor=actor, at=at)


LEAD = Actor(name="Demonstration BCU resources lead", role=Role.RESOURCES_LEAD, scope=EVERYTHING)


def plan_succession(policy: Policy, *, actor: Actor, at: dt.datetime, on: dt.date, zone: ZoneInfo) -> None:
    """Have some people leave in the months to come, and some put forward to follow them; all of it invented.

    :param policy: of the day, by which an early move is known
    """
    first, last = (on - days * DAY for days in ATTACHED_FROM_TO)
    rows = {
        "people": [each.row for each in RESPONSE],
        "postings": [{**ATTACHMENT, "first_day": first.isoformat(), "last_day": last.isoformat()}],
    }
    more = [sheets.from_rows(f"{name}.csv", MORE_COLUMNS[name], rows[name]) for name in rows]
    exchange.load(more, actor=actor, at=at, on=on, zone=zone, progress=exchange.silent)
    for leaver in LEAVERS:
        end = EndOfPosting(on + leaver.days * DAY, leaver.reason, "Demonstration, invented")
        staffing.end_posting(_held(leaver.post, on).id, end, actor=LEAD, at=at, policy=policy)
    for wish in WISHES:
        number = wish.who if wish.who.isdecimal() else _held(wish.who, on).person.collar_number
        ready = None if wish.days is None else on + wish.days * DAY
        new = NewCandidacy(wish.grade, wish.bcu, wish.team, ready, wish.note)
        made = staffing.put_forward(number, new, actor=LEAD, at=at, on=on)
        if wish.outcome:
            staffing.close_candidacy(made, Closing(wish.outcome, "Invented"), actor=LEAD, at=at, on=on)
    guest = Person.collar_number == ATTACHMENT["collar_number"]
    attached = session.scalars(select(Posting).join(Posting.person).where(guest))
    staffing.judge_attachment(attached.one().id, NewVerdict(Verdict.READY, WORD), actor=LEAD, at=at, on=on)


def _who(sign_in: SignIn, on: dt.date) -> tuple[str, str]:
    if sign_in.post is None:
        return f"{sign_in.role.value.replace('_', '.')}@demo.example", f"Demonstration {sign_in.role.label}"
    holder = _held(sign_in.post, on).person
    if holder.email is None:
        raise LookupError(f"whoever holds {sign_in.post} on {on.isoformat()} has no email")
    return holder.email, f"{holder.forename} {holder.surname}"


def _held(post: str, on: dt.date) -> Posting:
    """The substantive posting to a post on a day."""
    held = session.scalars(
        select(Posting)
        .join(Posting.person)
        .join(Posting.post)
        .where(
            Post.ref == post,
            Posting.kind == PostingKind.SUBSTANTIVE,
            Posting.first_day <= on,
            Posting.last_day.is_(None) | (Posting.last_day >= on),
            Person.leaving_on.is_(None) | (Person.leaving_on >= on),
        )
    ).first()
    if held is None:
        raise LookupError(f"nobody holds {post} on {on.isoformat()}")
    return held


def plan_some(*, at: dt.datetime, on: dt.date, zone: ZoneInfo) -> int:
    """Plan abstractions that an inspector must authorise: some as the sergeant, one as the inspector, who has to leave
    it to another. Returns how many wait.
    """
    users = {user.role: user for user in queries.sign_ins()}
    duties = iter(queries.duties_ahead(FOCUS, at, on))
    planned = 0
    for role, reason, destination, minutes in PLANS:
        duty = next(duties, None)
        if duty is None:
            break
        new = NewAbstraction(
            duty.person_id, reason, duty.starts_at, duty.starts_at + dt.timedelta(minutes=minutes), destination
        )
        # Planned ahead and not at the form of the day: the sergeant's last reasons stay those of ordinary days.
        actor = actor_of(users[role], on)
        actor = replace(actor, user_id=None) if role is Role.SERGEANT else actor
        terms = Terms(policies.reason_book(), policies.policy_on, zone, lambda entry: entry.reason)
        logged = abstractions.record_abstraction(new, actor=actor, at=at, terms=terms)
        planned += bool(logged.why)
    return planned


def confirm_months(policy: Policy, *, actor: Actor, at: dt.datetime, on: dt.date, zone: ZoneInfo) -> int:
    """Have the teams confirm the months that are over, but for a few; one was opened again, in one something was
    changed afterwards. Returns how many were confirmed, all in one entry of the record.
    """
    teams = {team.id: team for team in people.teams(EVERYTHING)}
    names, reasons = queries.supervisor_names(on), policies.reason_book()
    rows = []
    months = months_back(on, policy.returns_chased_months, zone)
    for back, month in zip(range(len(months), 0, -1), months, strict=True):
        figures = queries.month_figures(Question(month, at, policies.policy_on(month.last_day), reasons))
        for team_id, of in figures.items():
            day = returns.confirmed_on(teams[team_id].code, month, back, on)
            if day is None or not of.duty_minutes:
                continue
            rows.append(
                {
                    "team_id": team_id,
                    "month": month.first_day,
                    "version": 1,
                    "kind": ReturnKind.COMPLETE if of.entries else ReturnKind.NIL,
                    "confirmed_at": min(at, midnight(day, zone) + dt.timedelta(hours=9, minutes=of.entries % 60)),
                    "confirmed_by": names[team_id],
                    "duty_minutes": of.duty_minutes,
                    "abstracted_minutes": of.abstracted_minutes,
                    "off_duty_minutes": of.off_duty_minutes,
                    "entries": of.entries,
                }
            )
    bulk_insert(MonthlyReturn, rows)
    audit.record("returns.invented", "returns:demonstration", actor=actor, at=at, confirmed=len(rows))
    by_code = {team.code: team for team in teams.values()}
    code, back, why = returns.REOPENED
    opened_at = at - returns.REOPENED_DAYS_AGO * DAY
    abstractions.reopen_month(code, months[-back], reason=why, actor=MANAGER, at=opened_at)
    code, back, why = returns.CHANGED
    ref = queries.oldest_entry(by_code[code].id, months[-back].first_day, zone)
    if ref is not None:
        abstractions.cancel_abstraction(ref, why, actor=MANAGER, at=at, zone=zone)
    return len(rows)


MANAGER = Actor(name="Demonstration BCU manager", role=Role.BCU_MANAGER, scope=EVERYTHING)

PLANS = (
    (Role.SERGEANT, "event", "Festival, to the last train", 780),
    (Role.SERGEANT, "aid", "Mutual aid, neighbouring force", 840),
    (Role.INSPECTOR, "event", "March in the city centre, with travel", 750),
    (Role.SERGEANT, "course", "Driving school", 480),
)
"""All but the last are longer than policy lets a sergeant decide; the last waits when the month is heading over target.

What is planned for the team the demonstration follows: by whom, why, where to, and for how many minutes."""


def answer_some_flags(*, at: dt.datetime, on: dt.date) -> None:
    """Answer every second open vacancy, as an invented BCU resources lead would have."""
    vacant = [flag for flag in flags.open_for(EVERYTHING) if flag.kind is FlagKind.VACANCY]
    for number, flag in enumerate(vacant[::2]):
        answer = Acknowledgement(ANSWERS[number % len(ANSWERS)], on + dt.timedelta(weeks=6))
        flag_services.acknowledge(flag.id, answer, actor=LEAD, at=at, on=on)


def audit_some(*, at: dt.datetime, on: dt.date, zone: ZoneInfo) -> None:
    """Draw two dip-samples as the auditor: one of the month before, closed, and one of late entries, begun."""
    users = {user.role: user for user in queries.sign_ins()}
    auditor = actor_of(users[Role.AUDITOR], on)
    before = month_of(on.replace(day=1) - DAY, zone)
    question = Question(before, at, policies.policy_on(before.last_day), policies.reason_book())
    for new, findings, conclusion in DIP_SAMPLES:
        sample = abstractions.draw_sample(new, question, actor=auditor, at=at)
        drawn = dip_sample(sample, auditor.scope, open_too=True).entries
        for row, (finding, evidence, note) in zip(drawn, findings, strict=False):
            said = NewFinding(finding, evidence, note)
            abstractions.record_finding(sample, row.place, said, seen="", actor=auditor, at=at)
        if conclusion and len(drawn) <= len(findings):
            abstractions.close_sample(sample, conclusion, actor=auditor, at=at)


_AGREES = (Finding.AGREES, "Duty sheet and custody log", "")
DIP_SAMPLES = (
    (
        NewSample(12, DrawnFrom.ALL, bcu="SOU"),
        (
            _AGREES,
            _AGREES,
            (Finding.WRONG_TIME, "Custody log", "The log has them back an hour earlier than the entry"),
            *[_AGREES] * 4,
            (Finding.CANNOT_BE_TOLD, "Nothing kept", "The duty sheet of that day could not be found"),
            _AGREES,
            (Finding.WRONG_REASON, "Duty sheet", "They were on response cover that day"),
            _AGREES,
            _AGREES,
        ),
        "Most entries agree with the evidence. Sergeants should end an entry when somebody is back, not at the end of "
        "the duty.",
    ),
    (NewSample(10, DrawnFrom.LATE), (_AGREES, _AGREES, (Finding.NOT_AUTHORISED, "Duty sheet", "Nobody was asked")), ""),
)
"""Samples with what the invented auditor found of each entry, in the order drawn, and what they concluded."""


BARRED = (
    ("NOR", "course", Strength.BLOCK, 90, "No specialist courses until the sergeants' posts are filled"),
    ("CEN", "course", Strength.WARN, 30, "Ask first whether somebody outside the teams can go"),
)
"""Reasons barred for NPT staff: the BCU, the reason, how strictly, since how many days, and why. All invented."""

FIRST_MONTHS_AHEAD = 2


def set_policy(*, at: dt.datetime, on: dt.date) -> None:
    """Bar some reasons, and set what is to come: another target, and a reason the force has made up its mind about."""
    for bcu, reason, strength, days, why in BARRED:
        since = on - days * DAY
        policy.set_bar(bcu, reason, NewBar(strength, since, why), actor=POLICY_LEAD, at=at, on=since)
    first_day = add_months(on.replace(day=1), FIRST_MONTHS_AHEAD)
    pcsos = TargetKey(TargetScope.FORCE, "", Group.PCSOS)
    tighter = NewTarget(Decimal("5.5"), first_day, "Invented. PCSOs are to be seen in their neighbourhoods")
    policy.set_target(pcsos, tighter, actor=POLICY_LEAD, at=at, on=on)
    loan = policies.reason_book().on("bcu_loan", on)
    if loan:
        guidance = "For elections and the like. Counted, so that the BCU that lends is seen to lend."
        decided = NewReason(loan.label, guidance, COUNTED_GRADES, COUNTED_GRADES, first_day, "Invented. Decided")
        policy.change_reason("bcu_loan", decided, actor=POLICY_LEAD, at=at, on=on)


POLICY_LEAD = Actor(name="Demonstration Force lead", role=Role.FORCE_LEAD, scope=EVERYTHING)
