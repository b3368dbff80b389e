"""Who must authorise what, in which order, and what becomes of an entry that is authorised, too late, or declined."""

import datetime as dt
import threading
from dataclasses import replace

import pytest
from sqlalchemy.exc import NoResultFound

from npt.abstractions import queries, services
from npt.abstractions.models import Abstraction
from npt.abstractions.rules import Authorisation
from npt.abstractions.services import NewAbstraction, Overtaken
from npt.audit.queries import history
from npt.core import db
from npt.core.authority import EVERYTHING, Actor, Role, Scope
from npt.core.db import session as current
from npt.core.db import transaction
from npt.core.errors import Reason, Refused
from npt.people import queries as people
from tests import make
from tests.abstractions.make import LONDON
from tests.abstractions.planning import Soham, at, by, entry, log, log_together, mark, soham
from tests.conftest import NOW

OVER = "It starts after it is logged, and with it November 2026 is heading over target"
LONG = "It is longer than 12 hours"
LATER = at("2026-11-17 12:00")


@pytest.fixture
def team(session: object) -> Soham:
    return soham()


def authorise(
    ref: str, actor: Actor, *, when: dt.datetime = NOW, because: str = "", seen: str | None = None
) -> services.Decided:
    with transaction():
        return services.authorise(
            ref, note="", afterwards_why=because, seen=seen or mark(ref), actor=actor, at=when, zone=LONDON
        )


def decline(ref: str, actor: Actor, reason: str, *, when: dt.datetime = NOW) -> services.Decided:
    with transaction():
        return services.decline(ref, reason=reason, seen=mark(ref), actor=actor, at=when, zone=LONDON)


def standing(ref: str) -> Authorisation:
    return queries.standing_of(entry(ref))


def test_a_plan_that_reaches_the_target_needs_nobody_and_a_minute_more_waits_for_an_inspector(team: Soham) -> None:
    within = log(team, team.rahman, "2026-11-16 08:00", "2026-11-16 18:00")
    over = log(team, team.osei, "2026-11-17 08:00", "2026-11-17 08:01")

    assert (within.why, over.why) == ((), (OVER,))
    assert (standing(within.ref), standing(over.ref)) == (Authorisation.NOT_NEEDED, Authorisation.AWAITING)
    assert entry(over.ref).awaiting_since == NOW
    [line] = history(f"abstraction:{over.ref}")
    assert line.details["awaits_authorisation"] == [OVER]


def test_without_a_target_no_plan_waits_but_a_long_one_does(team: Soham) -> None:
    assert log(team, team.rahman, "2026-11-16 08:00", "2026-11-16 18:00", target=None).why == ()
    assert log(team, team.osei, "2026-11-16 08:00", "2026-11-16 20:01", target=None).why == (LONG,)


def test_what_has_begun_when_it_is_logged_is_not_held_up_by_the_target(team: Soham) -> None:
    assert log(team, team.rahman, "2026-11-12 08:00", "2026-11-12 19:00", target="0").why == ()


def test_a_plan_for_a_reason_that_does_not_count_takes_no_month_over_its_target(team: Soham) -> None:
    make.reason("training", "Mandatory training", family="training", counts="")
    new = NewAbstraction(team.rahman.id, "training", at("2026-11-16 08:00"), at("2026-11-16 18:00"))

    with transaction():
        logged = services.record_abstraction(new, actor=team.sergeant, at=NOW, terms=by("0"))

    assert logged.why == ()


def test_an_entry_over_month_end_is_held_against_both_months(team: Soham) -> None:
    make.duty(team.rahman, "2026-11-30 22:00", "2026-12-01 06:00")

    logged = log(team, team.rahman, "2026-11-30 22:00", "2026-12-01 06:00", target="50")

    assert logged.why == ("It starts after it is logged, and with it December 2026 is heading over target",)


def test_the_effect_of_several_is_judged_together(team: Soham) -> None:
    # Five hours each: either alone would keep the month at 5 % of 10 %, both together at 10 %; a minute more is over.
    within = log_together(team, "2026-11-16 08:00", "2026-11-16 13:00")
    assert [each.why for each in within] == [(), ()]
    assert [standing(each.ref) for each in within] == [Authorisation.NOT_NEEDED] * 2

    over = log_together(team, "2026-11-17 08:00", "2026-11-17 08:01")

    assert [each.why for each in over] == [(OVER,), (OVER,)]


def test_the_queue_lists_what_waits_in_the_area_and_counts_the_same(team: Soham) -> None:
    first = log(team, team.osei, "2026-11-18 08:00", "2026-11-18 18:00", target="1")
    other = make.posted(make.team(), surname="Elsewhere")
    log(Soham(team.team, other, other), team.rahman, "2026-11-16 08:00", "2026-11-16 18:00", target="1")

    listed = queries.awaiting(team.scope, LONDON)

    assert [row.person.surname for row in listed] == ["Rahman", "Osei"]
    assert listed[1].ref == first.ref
    assert listed[1].why == (OVER,)
    assert services.to_decide_count(team.inspector, LONDON) == 2
    assert services.to_decide_count(replace(team.inspector, scope=Scope()), LONDON) == 0
    assert services.to_decide_count(team.sergeant, LONDON) == 0
    assert queries.awaiting(Scope(), LONDON) == []


def test_an_inspector_authorises_in_time_and_the_entry_leaves_the_queue(team: Soham) -> None:
    ref = log(team, team.rahman, "2026-11-16 08:00", "2026-11-16 20:30").ref

    decided = authorise(ref, team.inspector)

    assert (decided.authorisation, decided.begun) == (Authorisation.AUTHORISED, False)
    kept = entry(ref)
    assert (kept.authorised_at, kept.decided_by, kept.awaiting_since) == (NOW, "Insp Vale", None)
    assert queries.awaiting(EVERYTHING, LONDON) == []
    assert history(f"abstraction:{ref}")[0].event == "abstraction.authorised"


def test_what_has_begun_is_authorised_afterwards_with_a_reason_and_counted_apart(team: Soham) -> None:
    ref = log(team, team.rahman, "2026-11-16 08:00", "2026-11-16 20:30").ref

    with pytest.raises(Refused) as silent:
        authorise(ref, team.inspector, when=LATER)
    decided = authorise(ref, team.inspector, when=LATER, because="A stabbing in Ely")

    assert silent.value.reasons == (Reason("It has begun already: enter why it could not wait", "afterwards_why"),)
    assert (decided.authorisation, decided.begun) == (Authorisation.AFTERWARDS, True)
    assert entry(ref).afterwards_why == "A stabbing in Ely"
    [line, _] = history(f"abstraction:{ref}")
    assert (line.event, line.details["because"]) == ("abstraction.authorised_afterwards", "A stabbing in Ely")


def test_nobody_decides_about_themselves_or_what_they_logged(team: Soham) -> None:
    about_me = Actor("PC Rahman, acting inspector", Role.INSPECTOR, team.scope, 20, team.rahman.id)
    logged_it = Actor("Insp Frost", Role.INSPECTOR, team.scope, 21)
    of_rahman = log(team, team.rahman, "2026-11-16 08:00", "2026-11-16 20:30").ref
    by_frost = log(team, team.osei, "2026-11-16 08:00", "2026-11-16 20:30", actor=logged_it).ref

    for ref, actor, said in ((of_rahman, about_me, "it is about you"), (by_frost, logged_it, "you logged it")):
        with pytest.raises(Refused, match=said):
            authorise(ref, actor)
        with pytest.raises(Refused, match=said):
            decline(ref, actor, "No")

    assert {standing(of_rahman), standing(by_frost)} == {Authorisation.AWAITING}
    assert authorise(of_rahman, logged_it).authorisation is Authorisation.AUTHORISED


def test_whoever_an_import_names_as_having_logged_it_does_not_decide_it(team: Soham) -> None:
    vale = make.person(email="vale@force.example")
    make.abstraction(team.rahman, "2026-11-12 07:00", None, ref="IMPORTED")
    with transaction():
        entry("IMPORTED").logged_by = "Vale@force.example"
    with transaction():
        services.end_abstraction(
            "IMPORTED", ends_at=at("2026-11-12 19:30"), actor=team.sergeant, at=at("2026-11-12 20:00"), terms=by()
        )

    with pytest.raises(Refused, match="you logged it"):
        authorise("IMPORTED", Actor("Insp Vale", Role.INSPECTOR, team.scope, 8, vale.id), because="Late relief")


def test_another_area_s_entry_is_not_found(team: Soham) -> None:
    ref = log(team, team.rahman, "2026-11-16 08:00", "2026-11-16 20:30").ref
    stranger = Actor("Insp Frost", Role.INSPECTOR, Scope(team_ids=frozenset({make.team().id})), 21)

    with pytest.raises(NoResultFound):
        authorise(ref, stranger)
    with pytest.raises(NoResultFound):
        decline(ref, stranger, "Mine")


def test_a_declined_plan_is_cancelled_with_the_reason_and_frees_the_person(team: Soham) -> None:
    ref = log(team, team.rahman, "2026-11-16 08:00", "2026-11-16 20:30").ref

    decided = decline(ref, team.inspector, "The team cannot spare him")
    log(team, team.rahman, "2026-11-16 08:00", "2026-11-16 12:00")

    kept = entry(ref)
    assert not decided.begun
    assert (kept.cancelled_at, kept.cancel_reason) == (NOW, "Declined: The team cannot spare him")
    assert standing(ref) is Authorisation.DECLINED
    moment = queries.at_this_moment(
        team.scope.team_ids, NOW, NOW.date(), people.roll(), declined_since=NOW, scope=team.scope, zone=LONDON
    )
    [row] = moment.declined
    assert (row.ref, row.note) == (ref, "The team cannot spare him")


def test_what_has_begun_and_is_declined_stays_as_time_worked(team: Soham) -> None:
    ref = log(team, team.rahman, "2026-11-16 08:00", "2026-11-16 20:30").ref

    decided = decline(ref, team.inspector, "Nobody asked", when=LATER)

    assert decided.begun
    assert (entry(ref).cancelled_at, standing(ref)) == (None, Authorisation.DECLINED)
    assert history(f"abstraction:{ref}")[0].details["cancelled"] is False


def test_a_decline_needs_a_reason_and_a_decision_is_made_once(team: Soham) -> None:
    ref = log(team, team.rahman, "2026-11-16 08:00", "2026-11-16 20:30").ref
    with pytest.raises(Refused) as silent:
        decline(ref, team.inspector, "  ")

    authorise(ref, team.inspector)

    assert silent.value.reasons == (Reason("Enter why it is declined", "reason"),)
    with pytest.raises(Refused, match="not waiting for authorisation"):
        authorise(ref, team.inspector)
    with pytest.raises(Refused, match="not waiting for authorisation"):
        decline(ref, team.inspector, "After all")


def test_nobody_authorises_what_was_changed_since_they_saw_it(team: Soham) -> None:
    ref = log(team, team.rahman, "2026-11-16 08:00", "2026-11-16 20:30").ref
    seen = mark(ref)
    with transaction():
        entry(ref).destination = "London"

    with pytest.raises(Overtaken):
        authorise(ref, team.inspector, seen=seen)

    assert standing(ref) is Authorisation.AWAITING


def test_a_cancelled_entry_waits_for_nobody(team: Soham) -> None:
    ref = log(team, team.rahman, "2026-11-16 08:00", "2026-11-16 20:30").ref
    with transaction():
        services.cancel_abstraction(ref, "Not needed", actor=team.sergeant, at=NOW, zone=LONDON)

    assert queries.awaiting(EVERYTHING, LONDON) == []
    with pytest.raises(Refused, match="was cancelled"):
        authorise(ref, team.inspector)


PLANNERS = 12


def test_of_many_who_plan_at_once_only_as_many_as_the_target_allows_are_kept_without_asking(fresh_url: str) -> None:
    """An hour each in a month of 120 hours with a target of 5 %: six may, and each must see those before."""
    engine = db.connect(fresh_url)
    make.reason("custody", "Custody cover")
    here = make.team(name="Soham")
    people = [make.posted(here, collar_number=f"R{number}") for number in range(PLANNERS)]
    for who in people:
        make.duty(who, "2026-11-16 08:00", "2026-11-16 18:00")
    ids = [who.id for who in people]
    actor = Actor("Sgt Okafor", Role.SERGEANT, Scope(team_ids=frozenset({here.id})), 7)
    lines = by("5")
    db.session.remove()
    start, found, one_at_a_time = threading.Barrier(PLANNERS), [], threading.Lock()

    def plan(number: int) -> None:
        new = NewAbstraction(ids[number], "custody", at("2026-11-16 08:00"), at("2026-11-16 09:00"))
        start.wait()
        try:
            with transaction():
                logged = services.record_abstraction(new, actor=actor, at=NOW, terms=lines)
        finally:
            db.session.remove()
        with one_at_a_time:
            found.append(logged.why)

    threads = [threading.Thread(target=plan, args=(number,)) for number in range(PLANNERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    engine.dispose()

    assert sorted(len(why) for why in found) == [0] * 6 + [1] * 6


def test_entries_of_a_user_are_theirs_by_number_and_not_by_name(team: Soham) -> None:
    namesake = Actor("Sgt Okafor", Role.INSPECTOR, team.scope, 99)
    ref = log(team, team.rahman, "2026-11-16 08:00", "2026-11-16 20:30").ref

    assert authorise(ref, namesake).authorisation is Authorisation.AUTHORISED
    assert current.get(Abstraction, entry(ref).id).logged_by_user_id == 7  # type: ignore[union-attr]
