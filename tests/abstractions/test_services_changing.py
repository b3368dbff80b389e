"""Putting an entry right: changed, split, cancelled; judged again; and nobody writes over what they have not seen."""

import datetime as dt
from fractions import Fraction
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import NoResultFound

from npt.abstractions import queries, services
from npt.abstractions.models import Abstraction
from npt.abstractions.rules import Authorisation, Part
from npt.abstractions.services import ChangeOfAbstraction, Division, NewAbstractions, Overtaken
from npt.audit.queries import history, verdict
from npt.core.authority import Actor, Role, Scope
from npt.core.db import session as current
from npt.core.db import transaction
from npt.core.errors import Reason, Refused
from npt.people.rules import PostingKind
from tests import make
from tests.abstractions.make import LONDON
from tests.abstractions.planning import Soham, at, by, change_of, entry, log, mark, refused, soham
from tests.conftest import NOW

OVER = "It starts after it is logged, and with it November 2026 is heading over target"
LONG = "It is longer than 12 hours"


@pytest.fixture
def team(session: object) -> Soham:
    return soham()


def change(
    s: Soham, ref: str, *, seen: str | None = None, when: dt.datetime = NOW, actor: Actor | None = None, **changed: Any
) -> services.Changed:
    wanted: ChangeOfAbstraction = change_of(ref, **changed)
    with transaction():
        return services.change_abstraction(
            ref, wanted, seen=seen or mark(ref), actor=actor or s.sergeant, at=when, terms=by()
        )


def divide(s: Soham, ref: str, divided_at: str, first: str | None, second: str | None, why: str = "Sent on") -> str:
    division = Division(at(divided_at), Part(first), Part(second), why)
    with transaction():
        done = services.divide_abstraction(ref, division, seen=mark(ref), actor=s.sergeant, at=NOW, terms=by())
    return done.second or ""


def authorised(s: Soham, ref: str) -> None:
    with transaction():
        services.authorise(ref, note="", afterwards_why="", seen=mark(ref), actor=s.inspector, at=NOW, zone=LONDON)


def standing(ref: str) -> Authorisation:
    return queries.standing_of(entry(ref))


def test_a_change_is_kept_with_before_after_and_why_and_nothing_else(team: Soham) -> None:
    ref = log(team, team.rahman, "2026-11-12 07:00", "2026-11-12 09:00").ref

    done = change(team, ref, ends_at=at("2026-11-12 10:30"), reason="court", note="Called late")

    kept = entry(ref)
    assert (kept.reason, kept.ends_at, kept.note) == ("court", at("2026-11-12 10:30"), "Called late")
    assert done.who.id == team.rahman.id
    [line, _] = history(f"abstraction:{ref}")
    assert line.event == "abstraction.changed"
    assert line.details == {
        "before": {"reason": "custody", "ends_at": "2026-11-12T09:00:00Z", "note": None},
        "after": {
            "reason": "court",
            "ends_at": "2026-11-12T10:30:00Z",
            "note": "Called late",
            "because": "The custody sergeant asked",
        },
    }


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"why": "  "}, "Enter why it is changed"),
        ({}, "Nothing was changed. Change something, or leave the entry as it is."),
        ({"ends_at": at("2026-11-12 07:00")}, "The end must be after the start"),
        ({"ends_at": at("2026-11-13 07:01")}, "The end is more than 24 hours after the start"),
        ({"reason": "fishing"}, "fishing cannot be logged on 12 November 2026"),
        ({"starts_at": at("2019-11-12 07:00"), "ends_at": at("2019-11-12 08:00")}, "They were in no team of yours"),
    ],
)
def test_a_change_that_cannot_be_is_refused_and_leaves_everything(
    team: Soham, changed: dict[str, Any], said: str
) -> None:
    ref = log(team, team.rahman, "2026-11-12 07:00", "2026-11-12 09:00").ref
    before = mark(ref)

    with pytest.raises(Refused) as refusal:
        change(team, ref, **changed)

    assert said in " ".join(refused(refusal.value))
    assert mark(ref) == before
    assert len(history(f"abstraction:{ref}")) == 1


def test_a_changed_entry_is_in_one_place_only_and_not_in_its_own_way(team: Soham) -> None:
    ref = log(team, team.rahman, "2026-11-12 07:00", "2026-11-12 09:00").ref
    log(team, team.rahman, "2026-11-12 10:00", "2026-11-12 11:00")

    with pytest.raises(Refused, match="is already away"):
        change(team, ref, ends_at=at("2026-11-12 10:01"))
    change(team, ref, ends_at=at("2026-11-12 10:00"))

    assert entry(ref).ends_at == at("2026-11-12 10:00")


def test_an_imported_entry_of_any_length_and_reason_is_put_right_in_part(team: Soham) -> None:
    make.abstraction(team.rahman, "2026-11-10 07:00", "2026-11-12 07:00", "unheard_of", ref="IMPORTED")

    change(team, "IMPORTED", destination="Parkside")

    assert entry("IMPORTED").destination == "Parkside"
    with pytest.raises(Refused, match="24 hours"):
        change(team, "IMPORTED", ends_at=at("2026-11-12 08:00"))


def test_of_two_sergeants_with_the_same_entry_open_the_second_is_told_and_saves_nothing(team: Soham) -> None:
    ref = log(team, team.rahman, "2026-11-12 07:00", "2026-11-12 09:00").ref
    seen = mark(ref)
    change(team, ref, seen=seen, ends_at=at("2026-11-12 10:00"))

    with pytest.raises(Overtaken, match="Nothing of yours was saved"):
        change(team, ref, seen=seen, reason="court")
    division = Division(at("2026-11-12 08:00"), Part("custody"), Part("court"), "Sent on")
    with pytest.raises(Overtaken), transaction():
        services.divide_abstraction(ref, division, seen=seen, actor=team.sergeant, at=NOW, terms=by())
    with pytest.raises(Overtaken), transaction():
        services.cancel_abstraction(ref, "Mine", actor=team.sergeant, at=NOW, zone=LONDON, seen=seen)

    assert entry(ref).reason == "custody"
    assert len(history(f"abstraction:{ref}")) == 2


def test_another_team_s_entry_cannot_be_changed_or_split(team: Soham) -> None:
    ref = log(team, team.rahman, "2026-11-12 07:00", "2026-11-12 09:00").ref
    stranger = Actor("Sgt Reid", Role.SERGEANT, Scope(team_ids=frozenset({make.team().id})), 9)

    with pytest.raises(NoResultFound):
        change(team, ref, actor=stranger, reason="court")
    with pytest.raises(NoResultFound):
        services.rehearse_change(ref, change_of(ref), actor=stranger, at=NOW, terms=by())


def test_a_plan_made_small_and_then_large_is_judged_as_large(team: Soham) -> None:
    log(team, team.osei, "2026-11-16 08:00", "2026-11-16 16:00")
    ref = log(team, team.rahman, "2026-11-16 08:00", "2026-11-16 09:00").ref

    done = change(team, ref, ends_at=at("2026-11-16 20:30"))

    assert done.waits == (OVER, LONG)
    assert standing(ref) is Authorisation.AWAITING
    assert history(f"abstraction:{ref}")[0].details["after"]["awaits_authorisation"] == list(done.waits)


def test_what_was_logged_as_now_and_is_moved_to_next_week_is_a_plan(team: Soham) -> None:
    log(team, team.osei, "2026-11-16 08:00", "2026-11-16 18:00")
    ref = log(team, team.rahman, "2026-11-12 12:00", None).ref

    done = change(team, ref, starts_at=at("2026-11-17 08:00"), ends_at=at("2026-11-17 09:00"))

    assert done.waits == (OVER,)


def test_a_plan_is_still_a_plan_when_it_is_changed_after_it_began(team: Soham) -> None:
    log(team, team.osei, "2026-11-16 08:00", "2026-11-16 18:00")
    ref = log(team, team.rahman, "2026-11-17 08:00", "2026-11-17 09:00").ref

    change(team, ref, when=at("2026-11-17 12:00"), ends_at=at("2026-11-17 08:30"))

    assert standing(ref) is Authorisation.AWAITING


def test_what_was_authorised_lapses_when_it_takes_more_and_stands_when_it_gives_back(team: Soham) -> None:
    ref = log(team, team.rahman, "2026-11-16 06:00", "2026-11-16 20:00").ref
    authorised(team, ref)

    change(team, ref, ends_at=at("2026-11-16 19:30"))
    gave_back = standing(ref)
    change(team, ref, ends_at=at("2026-11-16 20:00"))

    assert (gave_back, standing(ref)) == (Authorisation.AUTHORISED, Authorisation.AWAITING)
    kept = entry(ref)
    assert (kept.authorised_at, kept.decided_by, kept.awaiting_since) == (None, None, NOW)


def test_a_change_of_where_to_alone_leaves_the_authorisation_as_it_is(team: Soham) -> None:
    ref = log(team, team.rahman, "2026-11-16 06:00", "2026-11-16 20:00").ref
    authorised(team, ref)

    change(team, ref, destination="Thorpe Wood")

    assert standing(ref) is Authorisation.AUTHORISED


def test_what_no_longer_needs_authorisation_waits_no_longer(team: Soham) -> None:
    ref = log(team, team.rahman, "2026-11-16 06:00", "2026-11-16 20:00").ref

    change(team, ref, ends_at=at("2026-11-16 12:00"))

    assert standing(ref) is Authorisation.NOT_NEEDED
    assert queries.awaiting(team.scope, LONDON) == []


def test_whoever_made_it_what_must_be_authorised_does_not_authorise_it(team: Soham) -> None:
    ref = log(team, team.rahman, "2026-11-16 08:00", "2026-11-16 09:00").ref
    change(team, ref, actor=team.inspector, ends_at=at("2026-11-16 21:00"))

    with pytest.raises(Refused, match="you changed it"):
        authorised(team, ref)


def test_somebody_back_after_more_than_twelve_hours_waits_for_an_inspector(team: Soham) -> None:
    ref = log(team, team.rahman, "2026-11-12 07:00", None).ref

    with transaction():
        done = services.end_abstraction(
            ref, ends_at=at("2026-11-12 19:01"), actor=team.sergeant, at=at("2026-11-12 19:01"), terms=by()
        )

    assert done.waits == (LONG,)
    assert standing(ref) is Authorisation.AWAITING


def test_somebody_back_early_asks_for_nothing_new(team: Soham) -> None:
    ref = log(team, team.rahman, "2026-11-16 08:00", "2026-11-16 12:00", target=None).ref

    with transaction():
        done = services.end_abstraction(
            ref, ends_at=at("2026-11-16 11:00"), actor=team.sergeant, at=at("2026-11-16 11:00"), terms=by("0")
        )

    assert done.waits == ()


def test_an_entry_split_becomes_two_that_touch_and_both_tell_of_it(team: Soham) -> None:
    ref = log(team, team.rahman, "2026-11-12 07:00", None).ref

    second = divide(team, ref, "2026-11-12 09:00", "custody", "court")

    one, other = entry(ref), entry(second)
    assert (one.reason, one.starts_at, one.ends_at) == ("custody", at("2026-11-12 07:00"), at("2026-11-12 09:00"))
    assert (other.reason, other.starts_at, other.ends_at) == ("court", at("2026-11-12 09:00"), None)
    assert (other.logged_by, other.logged_by_user_id, other.logged_at) == ("Sgt Okafor", 7, NOW)
    assert [line.event for line in history(f"abstraction:{ref}")] == ["abstraction.split", "abstraction.recorded"]
    [line] = history(f"abstraction:{second}")
    assert (line.event, line.details["from_entry"]) == ("abstraction.split_off", ref)
    assert verdict().fault is None


@pytest.mark.parametrize(("first", "second", "cancelled"), [(None, "custody", 0), ("custody", None, 1)])
def test_one_part_of_a_split_entry_can_be_taken_back(
    team: Soham, first: str | None, second: str | None, cancelled: int
) -> None:
    ref = log(team, team.rahman, "2026-11-12 07:00", "2026-11-12 11:00").ref

    parts = [entry(ref) for ref in (ref, divide(team, ref, "2026-11-12 09:00", first, second, "Came back"))]

    assert [part.cancel_reason for part in parts] == ["Came back" if n == cancelled else None for n in range(2)]
    assert parts[1 - cancelled].cancelled_at is None


@pytest.mark.parametrize(
    ("where", "first", "second", "said"),
    [
        ("2026-11-12 07:00", "custody", "court", "Enter a time inside the entry"),
        ("2026-11-12 11:00", "custody", "court", "Enter a time inside the entry"),
        ("2026-11-12 09:00", "custody", "custody", "Choose another reason for one part, or cancel one"),
        ("2026-11-12 09:00", None, None, "To take back both parts, cancel the whole entry instead"),
        ("2026-11-12 09:00", "custody", "fishing", "fishing cannot be logged on that day"),
    ],
)
def test_a_split_that_cannot_be_is_refused(
    team: Soham, where: str, first: str | None, second: str | None, said: str
) -> None:
    ref = log(team, team.rahman, "2026-11-12 07:00", "2026-11-12 11:00").ref

    with pytest.raises(Refused) as refusal:
        divide(team, ref, where, first, second)
    with pytest.raises(Refused, match="Enter why it is split"):
        divide(team, ref, "2026-11-12 09:00", "custody", "court", " ")

    assert said in " ".join(refused(refusal.value))
    assert len(current.scalars(select(Abstraction)).all()) == 1


def test_a_long_entry_does_not_become_short_by_being_cut(team: Soham) -> None:
    ref = log(team, team.rahman, "2026-11-12 07:00", "2026-11-12 20:00").ref

    second = divide(team, ref, "2026-11-12 13:30", "custody", "court")

    assert [standing(each) for each in (ref, second)] == [Authorisation.AWAITING] * 2
    assert {row.why for row in queries.awaiting(team.scope, LONDON)} == {(LONG,)}


def test_parts_of_what_was_authorised_are_authorised_unless_they_became_something_else(team: Soham) -> None:
    ref = log(team, team.rahman, "2026-11-16 06:00", "2026-11-16 20:00").ref
    authorised(team, ref)

    second = divide(team, ref, "2026-11-16 13:00", "custody", "court")

    assert (standing(ref), standing(second)) == (Authorisation.AUTHORISED, Authorisation.AWAITING)


def test_several_people_are_logged_with_an_entry_and_a_line_of_the_record_each(team: Soham) -> None:
    new = NewAbstractions((team.rahman.id, team.osei.id), "custody", at("2026-11-12 07:00"), None, "Football")

    with transaction():
        logged = services.record_abstractions(new, actor=team.sergeant, at=NOW, terms=by())

    assert [each.who.id for each in logged] == [team.rahman.id, team.osei.id]
    assert {entry(each.ref).destination for each in logged} == {"Football"}
    assert [len(history(f"abstraction:{each.ref}")) for each in logged] == [1, 1]


def test_when_one_of_several_cannot_be_logged_nobody_is_and_each_is_named_with_why(team: Soham) -> None:
    third = make.posted(team.team, collar_number="1600", surname="Third")
    moved = make.posted(team.team, collar_number="1700", surname="Moved")
    make.posting(moved, make.post(make.team(name="Ely")), dt.date(2026, 11, 10), kind=PostingKind.ATTACHMENT)
    log(team, team.rahman, "2026-11-12 07:00", None)
    log(team, team.osei, "2026-11-12 08:00", "2026-11-12 09:00")

    def together(*ids: int) -> list[Reason]:
        new = NewAbstractions(ids, "custody", at("2026-11-12 08:30"), at("2026-11-12 08:30"))
        with pytest.raises(Refused) as refusal, transaction():
            services.record_abstractions(new, actor=team.sergeant, at=NOW, terms=by())
        return list(refusal.value.reasons)

    assert [reason.message for reason in together(team.rahman.id, team.osei.id, third.id)] == [
        "The end must be after the start",
        "PC 1432 A. Rahman is already away: custody from 07:00",
        "PC 1500 A. Osei is already away: custody from 08:00",
    ]
    assert [reason.message for reason in together(third.id, moved.id)] == [
        "PC 1700 A. Moved was not in one of your teams on that day"
    ]
    assert [reason.message for reason in together(third.id, 999_999)] == [services.NOT_YOURS]
    assert len(current.scalars(select(Abstraction)).all()) == 2


def test_looking_at_what_it_would_do_changes_nothing(team: Soham) -> None:
    new = NewAbstractions((team.rahman.id, team.osei.id), "custody", at("2026-11-16 08:00"), at("2026-11-16 18:00"))

    foreseen = services.rehearse(new, actor=team.sergeant, at=NOW, terms=by())

    [outlook] = foreseen.outlooks
    assert (outlook.without, outlook.with_it) == (Fraction(0), Fraction(20, 100))
    assert set(map(tuple, foreseen.why.values())) == {(OVER,)}
    assert current.scalars(select(Abstraction)).all() == []
