"""Logging an abstraction and ending one: what is kept, what the record holds, and what is refused in which words."""

import datetime as dt
import threading
from collections import Counter
from collections.abc import Callable
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import NoResultFound

from npt.abstractions import services
from npt.abstractions.models import Abstraction
from npt.abstractions.services import NewAbstraction
from npt.audit.models import AuditEntry
from npt.audit.queries import history, verdict
from npt.core import db
from npt.core.authority import Actor, Role, Scope
from npt.core.db import session as current
from npt.core.db import transaction
from npt.core.errors import Reason, Refused
from npt.people.models import Person, Team
from npt.people.rules import PostingKind
from tests import make
from tests.abstractions.make import terms
from tests.conftest import NOW

LONDON = ZoneInfo("Europe/London")
at = make.at


@pytest.fixture
def team(session: object) -> Team:
    make.reason("custody", "Custody cover")
    return make.team(name="Soham")


def sergeant_of(*teams: Team) -> Actor:
    return Actor("Sgt Okafor", Role.SERGEANT, Scope(team_ids=frozenset(team.id for team in teams)), 7)


def log(actor: Actor, new: NewAbstraction) -> str:
    with transaction():
        return services.record_abstraction(new, actor=actor, at=NOW, terms=terms()).ref


def away(who: Person, starts: str, ends: str | None = None, reason: str = "custody") -> NewAbstraction:
    return NewAbstraction(who.id, reason, at(starts), at(ends) if ends else None)


def why(action: Callable[[], object]) -> tuple[Reason, ...]:
    """Why something was refused."""
    with pytest.raises(Refused) as refused:
        action()
    return refused.value.reasons


def kept() -> int:
    return current.scalar(select(func.count()).select_from(Abstraction)) or 0


def test_an_entry_is_kept_to_the_minute_with_who_logged_it_and_when(team: Team) -> None:
    who = make.posted(team)
    starts_at = dt.datetime(2026, 11, 12, 9, 32, 59, 999, ZoneInfo("Europe/Paris"))
    new = NewAbstraction(who.id, "custody", starts_at, dt.datetime(2026, 11, 12, 11, 0, 30, tzinfo=dt.UTC), "Parkside")

    with transaction():
        ref = services.record_abstraction(
            new,
            actor=sergeant_of(team),
            at=NOW + dt.timedelta(seconds=59),
            terms=terms(),
        ).ref

    entry = current.execute(select(Abstraction).where(Abstraction.ref == ref)).scalar_one()
    assert (entry.starts_at, entry.ends_at) == (at("2026-11-12 08:32"), at("2026-11-12 11:00"))
    assert (entry.logged_at, entry.logged_by, entry.destination) == (NOW, "Sgt Okafor", "Parkside")


def test_the_record_says_who_logged_what_of_whom(team: Team) -> None:
    who = make.posted(team, collar_number="1432")

    ref = log(sergeant_of(team), away(who, "2026-11-12 07:00"))

    [line] = history(f"abstraction:{ref}")
    assert (line.event, line.actor, line.role) == ("abstraction.recorded", "Sgt Okafor", "sergeant")
    assert line.details == {
        "collar_number": "1432",
        "destination": None,
        "ends_at": None,
        "reason": "custody",
        "starts_at": "2026-11-12T07:00:00Z",
    }


def test_a_naive_time_is_no_time(team: Team) -> None:
    naive = dt.datetime(2026, 11, 12, 7)  # noqa: DTZ001 - that is the point

    with pytest.raises(ValueError, match="naive"):
        log(sergeant_of(team), NewAbstraction(make.posted(team).id, "custody", naive, None))


def test_an_end_within_the_minute_of_the_start_is_refused(team: Team) -> None:
    who = make.posted(team)
    starts_at = at("2026-11-12 07:00")
    new = NewAbstraction(who.id, "custody", starts_at, starts_at + dt.timedelta(seconds=59))

    refused = why(lambda: log(sergeant_of(team), new))

    assert refused == (Reason("The end must be after the start", "ends_at"),)
    assert kept() == 0


def test_twenty_four_hours_are_one_entry_and_a_minute_more_is_not(team: Team) -> None:
    whole, more = make.posted(team), make.posted(team)

    log(sergeant_of(team), away(whole, "2026-11-12 07:00", "2026-11-13 07:00"))
    refused = why(lambda: log(sergeant_of(team), away(more, "2026-11-12 07:00", "2026-11-13 07:01")))

    assert refused == (
        Reason("The end is more than 24 hours after the start. Enter one entry for each duty", "ends_at"),
    )
    assert kept() == 1


def test_a_second_place_at_the_same_time_is_refused_with_the_first_in_words(team: Team) -> None:
    who = make.posted(team, collar_number="1432", surname="Rahman")
    log(sergeant_of(team), away(who, "2026-11-12 07:00", "2026-11-12 09:00"))

    refused = why(lambda: log(sergeant_of(team), away(who, "2026-11-12 08:59")))
    log(sergeant_of(team), away(who, "2026-11-12 09:00", "2026-11-12 10:00"))

    assert refused == (Reason("PC 1432 A. Rahman is already away: custody from 07:00", "person_id"),)
    assert kept() == 2


def test_nothing_later_is_logged_for_somebody_still_away_and_earlier_things_are(team: Team) -> None:
    who = make.posted(team)
    log(sergeant_of(team), away(who, "2026-11-12 07:00"))

    later = why(lambda: log(sergeant_of(team), away(who, "2026-12-24 07:00", "2026-12-24 08:00")))
    log(sergeant_of(team), away(who, "2026-11-12 06:00", "2026-11-12 07:00"))
    earlier_and_open = why(lambda: log(sergeant_of(team), away(who, "2026-11-11 06:00")))

    assert [reason.field for reason in (*later, *earlier_and_open)] == ["person_id", "returning"]
    assert earlier_and_open[0].message.startswith("Enter when they will be back: PC ")
    assert kept() == 2


def test_a_cancelled_entry_stands_in_nobody_s_way(team: Team) -> None:
    who = make.posted(team)
    entry = make.abstraction(who, "2026-11-12 07:00", None)
    with transaction():
        entry.cancelled_at = NOW
        current.add(entry)

    log(sergeant_of(team), away(who, "2026-11-12 07:00"))

    assert kept() == 2


def test_a_reason_is_judged_by_the_local_day_the_entry_starts(team: Team) -> None:
    make.reason("ops", "Operation Lantern", first_day=dt.date(2026, 7, 1), last_day=dt.date(2026, 7, 31))
    who = make.posted(team)

    too_late = why(lambda: log(sergeant_of(team), away(who, "2026-07-31 23:30", "2026-08-01 01:00", "ops")))
    log(sergeant_of(team), away(who, "2026-06-30 23:30", "2026-07-01 01:00", "ops"))
    unknown = why(lambda: log(sergeant_of(team), away(who, "2026-11-12 07:00", reason="fishing")))

    assert too_late == (Reason("Operation Lantern cannot be logged on 1 August 2026: choose another reason", "reason"),)
    assert unknown == (Reason("fishing cannot be logged on 12 November 2026: choose another reason", "reason"),)
    assert kept() == 1


def test_everything_that_is_wrong_is_said_at_once(team: Team) -> None:
    who = make.posted(team)
    log(sergeant_of(team), away(who, "2026-11-12 07:00"))

    refused = why(lambda: log(sergeant_of(team), away(who, "2026-11-12 08:00", "2026-11-12 08:00", "fishing")))

    assert {reason.field for reason in refused} == {"ends_at", "reason", "person_id"}
    assert kept() == 1


def test_of_somebody_who_moved_only_the_sergeant_of_the_day_logs(team: Team) -> None:
    soham, ely = team, make.team(name="Ely")
    who = make.posted(soham)
    make.posting(who, make.post(ely), dt.date(2026, 11, 10), kind=PostingKind.ATTACHMENT)

    refused = why(lambda: log(sergeant_of(soham), away(who, "2026-11-10 07:00", "2026-11-10 08:00")))
    log(sergeant_of(ely), away(who, "2026-11-10 07:00", "2026-11-10 08:00"))
    log(sergeant_of(soham), away(who, "2026-11-09 07:00", "2026-11-09 08:00"))

    assert refused == (Reason("Choose somebody who was in one of your teams on that day", "person_id"),)
    assert kept() == 2


def test_somebody_unknown_and_somebody_of_another_team_are_refused_alike(team: Team) -> None:
    other, nowhere = make.posted(make.team()), make.person()
    make.abstraction(other, "2026-11-12 07:00", None)

    def refused(person_id: int) -> tuple[Reason, ...]:
        new = NewAbstraction(person_id, "custody", at("2026-11-12 07:00"), None)
        return why(lambda: log(sergeant_of(team), new))

    refusals = {refused(person_id) for person_id in (other.id, nowhere.id, 999_999)}

    assert refusals == {(Reason(services.NOT_YOURS, "person_id"),)}


def end(ref: str, actor: Actor, ends: dt.datetime = NOW) -> str:
    with transaction():
        return services.end_abstraction(ref, ends_at=ends, actor=actor, at=NOW, terms=terms()).who.name


def test_somebody_back_is_back_to_the_minute_and_the_record_says_before_and_after(team: Team) -> None:
    who = make.posted(team, collar_number="1432", surname="Rahman")
    entry = make.abstraction(who, "2026-11-12 07:00", None, ref="A-1")

    name = end("A-1", sergeant_of(team), NOW + dt.timedelta(seconds=30))

    current.refresh(entry)
    [line] = history("abstraction:A-1")
    assert (name, entry.ends_at) == ("PC 1432 A. Rahman", NOW)
    assert (line.event, line.details) == (
        "abstraction.ended",
        {"before": {"ends_at": None}, "after": {"ends_at": "2026-11-12T12:12:00Z"}},
    )


def test_nobody_comes_back_twice_or_from_what_was_cancelled_or_before_they_went(team: Team) -> None:
    who = make.posted(team, collar_number="1432", surname="Rahman")
    make.abstraction(who, "2026-11-12 07:00", "2026-11-12 08:00", ref="ENDED")
    make.abstraction(who, "2026-11-12 12:12", None, ref="JUST-GONE")
    cancelled = make.abstraction(make.posted(team), "2026-11-12 07:00", None, ref="CANCELLED")
    with transaction():
        cancelled.cancelled_at = NOW
        current.add(cancelled)
    sergeant = sergeant_of(team)

    assert why(lambda: end("ENDED", sergeant)) == (Reason("PC 1432 A. Rahman is back already: this entry has ended."),)
    assert why(lambda: end("CANCELLED", sergeant)) == (Reason("This entry was cancelled. There is nothing to change."),)
    assert why(lambda: end("JUST-GONE", sergeant)) == (
        Reason("They had not left by then. If it was logged by mistake, cancel the entry", "ends_at"),
    )
    assert verdict().entries == 0


def test_somebody_due_back_later_comes_back_early_or_later_still(team: Team) -> None:
    make.abstraction(make.posted(team), "2026-11-12 07:00", "2026-11-12 16:00", ref="A-1")
    sergeant = sergeant_of(team)

    end("A-1", sergeant)

    assert current.scalar(select(Abstraction.ends_at).where(Abstraction.ref == "A-1")) == NOW
    assert "back already" in why(lambda: end("A-1", sergeant))[0].message


def test_a_cancelled_entry_stays_on_record_with_its_reason_and_is_cancelled_once(team: Team) -> None:
    make.abstraction(make.posted(team), "2026-11-12 07:00", None, ref="A-1")
    sergeant = sergeant_of(team)

    def cancel(reason: str) -> None:
        with transaction():
            services.cancel_abstraction("A-1", reason, actor=sergeant, at=NOW, zone=LONDON)

    assert why(lambda: cancel("  ")) == (Reason("Enter why", "reason"),)
    cancel("Logged for the wrong person")

    kept_entry = current.scalars(select(Abstraction)).one()
    assert (kept_entry.cancelled_at, kept_entry.cancel_reason) == (NOW, "Logged for the wrong person")
    assert [line.event for line in history("abstraction:A-1")] == ["abstraction.cancelled"]
    assert why(lambda: cancel("Again")) == (Reason("This entry was cancelled. There is nothing to change."),)


def test_nobody_cancels_what_is_another_team_s(team: Team) -> None:
    make.abstraction(make.posted(make.team()), "2026-11-12 07:00", None, ref="THEIRS")

    with pytest.raises(NoResultFound), transaction():
        services.cancel_abstraction("THEIRS", "Mine", actor=sergeant_of(team), at=NOW, zone=LONDON)


def test_an_entry_left_open_for_days_is_ended_as_it_stands(team: Team) -> None:
    make.abstraction(make.posted(team), "2026-11-01 07:00", None, ref="A-1")

    end("A-1", sergeant_of(team))

    assert len(history("abstraction:A-1")) == 1


def test_nobody_ends_what_is_another_team_s_or_does_not_exist(team: Team) -> None:
    make.abstraction(make.posted(make.team()), "2026-11-12 07:00", None, ref="THEIRS")

    for ref in ("THEIRS", "NONE"):
        with pytest.raises(NoResultFound):
            end(ref, sergeant_of(team))

    assert verdict().entries == 0


RACERS = 50


def race(url: str, run: Callable[[int], str]) -> Counter[str]:
    """Have fifty people do something at the same moment, each in a thread and a session of their own."""
    engine = db.connect(url)
    outcomes: Counter[str] = Counter()
    start, one_at_a_time = threading.Barrier(RACERS), threading.Lock()

    def racer(number: int) -> None:
        start.wait()
        try:
            outcome = run(number)
        except Refused as refused:
            outcome = str(refused)
        finally:
            db.session.remove()
        with one_at_a_time:
            outcomes[outcome] += 1

    threads = [threading.Thread(target=racer, args=(number,)) for number in range(RACERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    db.session.remove()
    engine.dispose()
    return outcomes


def recorded(url: str) -> tuple[int, int]:
    """How many abstractions there are, and how many the record tells of."""
    engine = db.connect(url)
    entries = select(func.count()).select_from(AuditEntry).where(AuditEntry.event == "abstraction.recorded")
    counts = kept(), current.scalar(entries) or 0
    assert verdict().fault is None
    db.session.remove()
    engine.dispose()
    return counts


def a_force(url: str, people: int) -> tuple[Actor, list[int]]:
    engine = db.connect(url)
    make.reason("custody", "Custody cover")
    team = make.team()
    ids = [make.posted(team, collar_number=f"R{number}", surname="Rahman").id for number in range(people)]
    actor = sergeant_of(team)
    db.session.remove()
    engine.dispose()
    return actor, ids


def test_of_fifty_who_log_the_same_person_at_once_one_is_kept_and_forty_nine_are_told_why(fresh_url: str) -> None:
    actor, [who] = a_force(fresh_url, 1)

    def run(number: int) -> str:
        # Every racer's time overlaps every other's, and no two are the same.
        new = NewAbstraction(
            who, "custody", at("2026-11-12 07:00") + dt.timedelta(minutes=number), at("2026-11-12 09:00")
        )
        log(actor, new)
        return "kept"

    outcomes = race(fresh_url, run)

    assert outcomes.pop("kept") == 1
    [(told, times)] = outcomes.items()
    assert told.startswith("PC R0 A. Rahman is already away: custody from 07:")
    assert times == RACERS - 1
    assert recorded(fresh_url) == (1, 1)


def test_fifty_who_log_fifty_people_at_once_are_all_kept_and_the_record_holds(fresh_url: str) -> None:
    actor, ids = a_force(fresh_url, RACERS)

    def run(number: int) -> str:
        log(actor, NewAbstraction(ids[number], "custody", at("2026-11-12 07:00"), None))
        return "kept"

    assert race(fresh_url, run) == {"kept": RACERS}
    assert recorded(fresh_url) == (RACERS, RACERS)


def test_of_fifty_who_say_that_the_same_person_is_back_one_is_believed(fresh_url: str) -> None:
    actor, [who] = a_force(fresh_url, 1)
    engine = db.connect(fresh_url)
    ref = log(actor, NewAbstraction(who, "custody", at("2026-11-12 07:00"), None))
    db.session.remove()
    engine.dispose()

    outcomes = race(fresh_url, lambda number: end(ref, actor, NOW - dt.timedelta(minutes=number)))

    assert outcomes == {
        "PC R0 A. Rahman": 1,
        "PC R0 A. Rahman is back already: this entry has ended.": RACERS - 1,
    }
