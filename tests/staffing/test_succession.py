"""Candidates and attachments on record: who may be put forward by whom, what the database refuses, what is read."""

import datetime as dt
import json
from dataclasses import replace

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError, NoResultFound
from sqlalchemy.orm import Session, scoped_session

from npt.audit.models import AuditEntry
from npt.core.authority import EVERYTHING, Scope
from npt.core.db import session as current
from npt.core.db import transaction
from npt.core.errors import Refused
from npt.people.models import Person, Post, Posting
from npt.people.rules import Grade, PostingKind
from npt.policy.cli import start_policy
from npt.staffing import queries, services
from npt.staffing.models import Candidate
from npt.staffing.queries import Succession
from npt.staffing.rules.candidates import Outcome, Verdict
from npt.staffing.services import ChangeOfCandidacy, Closing, NewCandidacy, NewVerdict
from tests import make
from tests.conftest import NOW, TODAY
from tests.staffing import able
from tests.staffing.make import a_policy
from tests.staffing.moving import Force, a_force

NEXT_YEAR = TODAY.replace(year=TODAY.year + 1)
SPRING = dt.date(2027, 4, 30)


@pytest.fixture
def force(session: scoped_session[Session]) -> Force:
    with transaction():
        start_policy()
    return a_force()


def put_forward(force: Force, collar: str, grade: Grade = Grade.PC, **wish: object) -> int:
    with transaction():
        return services.put_forward(
            collar,
            NewCandidacy(grade, **wish),  # type: ignore[arg-type]
            actor=force.lead,
            at=NOW,
            on=TODAY,
        )


def entries(subject: str) -> list[tuple[str, dict[str, object]]]:
    rows = current.execute(
        select(AuditEntry.event, AuditEntry.details).where(AuditEntry.subject == subject).order_by(AuditEntry.number)
    )
    return [(row.event, json.loads(row.details)) for row in rows]


def page(scope: Scope = EVERYTHING, until: dt.date = NEXT_YEAR) -> Succession:
    return queries.succession(queries.structure_on(TODAY, a_policy(), scope, TODAY), until)


def leaves(who: Person, on: dt.date, why: str) -> None:
    with transaction():
        row = current.get_one(Person, who.id)
        row.leaving_on, row.leaving_reason = on, why


def test_a_response_officer_with_no_post_is_put_forward_and_the_record_keeps_it(force: Force) -> None:
    response = make.person("4512", "Hale")

    made = put_forward(force, "4512", bcu_code="SOUTH", team_code="SOH", note="Speaks Polish", ready_from=SPRING)

    row = current.get_one(Candidate, made)
    assert (row.person_id, row.grade, row.team_id, row.put_forward_on) == (
        response.id,
        Grade.PC,
        force.soham.id,
        TODAY,
    )
    assert entries(f"candidate:{made}") == [
        (
            "candidate.put_forward",
            {
                "collar_number": "4512",
                "grade": "pc",
                "bcu": "SOUTH",
                "team": "SOH",
                "ready_from": "2027-04-30",
                "note": "Speaks Polish",
            },
        )
    ]


def test_nobody_is_a_candidate_for_one_grade_twice_at_a_time_and_may_be_again_once_it_is_closed(force: Force) -> None:
    make.person("4512", "Hale")
    made = put_forward(force, "4512")
    put_forward(force, "4512", Grade.SERGEANT)

    with pytest.raises(Refused, match="candidate for this grade already") as refused:
        put_forward(force, "4512")
    with transaction():
        services.close_candidacy(made, Closing(Outcome.WITHDRAWN), actor=force.lead, at=NOW, on=TODAY)
    put_forward(force, "4512")

    assert refused.value.reasons[0].field == "grade"
    assert current.scalar(select(func.count()).select_from(Candidate)) == 3


def test_the_database_itself_refuses_a_second_open_candidacy(force: Force) -> None:
    who = make.person("4512", "Hale")
    able.candidate(who)

    with pytest.raises(Refused, match="candidate for this grade already"):
        able.candidate(who)


def test_the_database_refuses_a_team_without_its_bcu_and_an_end_without_an_outcome(force: Force) -> None:
    who = make.person("4512", "Hale")
    known = {"person_id": who.id, "grade": Grade.PC, "put_forward_on": TODAY, "put_forward_by": "R. Lead"}

    for more in ({"team_id": force.soham.id}, {"closed_on": TODAY}):
        with pytest.raises((Refused, IntegrityError)), transaction():
            current.add(Candidate(**known, **more))


def test_nobody_of_that_number_and_nobody_who_has_left_is_put_forward(force: Force) -> None:
    make.person("4512", "Hale", leaving_on=dt.date(2026, 1, 1))

    with pytest.raises(Refused, match="Nobody has collar number 451"):
        put_forward(force, "451")
    with pytest.raises(Refused, match="left the service on 1 January 2026"):
        put_forward(force, "4512")


def test_a_lead_puts_people_forward_for_their_own_bcu_or_anywhere(force: Force) -> None:
    make.person("4512", "Hale")
    elsewhere = make.team(make.sector(make.bcu("NORTH", "Northern")), "WIS", "Wisbech")

    with pytest.raises(Refused) as refused:
        put_forward(force, "4512", bcu_code="NORTH", team_code=elsewhere.code)
    put_forward(force, "4512")

    assert [reason.field for reason in refused.value.reasons] == ["bcu_code", "team_code"]


def test_a_team_is_refused_without_its_bcu(force: Force) -> None:
    make.person("4512", "Hale")

    with pytest.raises(Refused, match="Choose the BCU of this team"):
        put_forward(force, "4512", team_code="SOH")


def test_a_change_leaves_before_and_after_and_no_change_leaves_nothing(force: Force) -> None:
    make.person("4512", "Hale")
    made = put_forward(force, "4512")

    for _ in range(2):
        with transaction():
            services.change_candidacy(
                made, ChangeOfCandidacy("SOUTH", None, None, "Drives a van"), actor=force.lead, at=NOW, on=TODAY
            )

    assert entries(f"candidate:{made}")[1:] == [
        (
            "candidate.changed",
            {
                "before": {"bcu": "anywhere", "team": None, "ready_from": None, "note": None},
                "after": {"bcu": "SOUTH", "team": None, "ready_from": None, "note": "Drives a van"},
            },
        )
    ]


def test_a_wish_for_somebody_elses_team_may_stay_as_it_is_and_not_be_mixed_with_ones_own_bcu(force: Force) -> None:
    wisbech = make.team(make.sector(make.bcu("NORTH", "Northern")), "WIS", "Wisbech")
    made = able.candidate(force.constable, Grade.SERGEANT, wants=wisbech).id

    with transaction():
        services.change_candidacy(
            made, ChangeOfCandidacy("NORTH", "WIS", None, "Lives there"), actor=force.lead, at=NOW, on=TODAY
        )
    with pytest.raises(Refused, match="Choose the BCU of this team"), transaction():
        services.change_candidacy(made, ChangeOfCandidacy("SOUTH", "WIS"), actor=force.lead, at=NOW, on=TODAY)

    assert current.get_one(Candidate, made).note == "Lives there"


def test_what_is_closed_is_neither_changed_nor_closed_again(force: Force) -> None:
    made = able.candidate(make.person("4512", "Hale")).id
    with transaction():
        services.close_candidacy(made, Closing(Outcome.WITHDRAWN), actor=force.lead, at=NOW, on=TODAY)

    with pytest.raises(Refused, match="is closed"), transaction():
        services.change_candidacy(made, ChangeOfCandidacy(), actor=force.lead, at=NOW, on=TODAY)
    with pytest.raises(Refused, match="is closed"), transaction():
        services.close_candidacy(made, Closing(Outcome.WITHDRAWN), actor=force.lead, at=NOW, on=TODAY)


def test_posted_is_refused_before_the_posting_and_taken_after_it(force: Force) -> None:
    who = make.person("4512", "Hale")
    made = able.candidate(who).id

    with pytest.raises(Refused, match="holds no PC post"), transaction():
        services.close_candidacy(made, Closing(Outcome.POSTED), actor=force.lead, at=NOW, on=TODAY)
    make.posting(who, force.posts["SOH-PC-2"], TODAY)
    with transaction():
        services.close_candidacy(made, Closing(Outcome.POSTED), actor=force.lead, at=NOW, on=TODAY)

    row = current.get_one(Candidate, made)
    assert (row.closed_on, row.closed_by, row.outcome) == (TODAY, "R. Lead", Outcome.POSTED)


def test_how_an_attachment_went_is_said_and_said_anew_with_before_and_after(force: Force) -> None:
    who = make.person("4512", "Hale")
    held = make.posting(who, force.posts["SOH-PC-2"], TODAY, kind=PostingKind.ATTACHMENT)

    for verdict in (Verdict.MORE_TIME, Verdict.READY):
        with transaction():
            services.judge_attachment(
                held.id, NewVerdict(verdict, "Knows the estate"), actor=force.lead, at=NOW, on=TODAY
            )

    found = queries.attachment(held.id, force.lead.scope)
    assert found.word is not None
    assert (found.word.verdict, found.word.recorded_by) == (Verdict.READY, "R. Lead")
    assert [(event, told["before"]) for event, told in entries(f"attachment:{held.id}")] == [
        ("attachment.judged", {"verdict": None, "note": None}),
        ("attachment.judged", {"verdict": "more_time", "note": "Knows the estate"}),
    ]
    assert entries(f"posting:{held.id}") == []


def test_only_an_attachment_of_ones_own_teams_is_judged(force: Force) -> None:
    own = force.posting_of(force.constable)
    north = make.team(make.sector(make.bcu("NORTH", "Northern")), "WIS", "Wisbech")
    theirs = make.posting(make.person("4512"), make.post(north), TODAY, kind=PostingKind.ATTACHMENT)
    said = NewVerdict(Verdict.READY, "Well")

    with pytest.raises(Refused, match="no attachment"), transaction():
        services.judge_attachment(own.id, said, actor=force.lead, at=NOW, on=TODAY)
    with pytest.raises(NoResultFound), transaction():
        services.judge_attachment(theirs.id, said, actor=force.lead, at=NOW, on=TODAY)
    with pytest.raises(NoResultFound):
        queries.attachment(own.id, force.lead.scope)


def test_leavers_stand_against_candidates_and_attachments_by_bcu_and_grade(force: Force) -> None:
    leaves(force.constable, SPRING, "retirement")
    leaves(force.other, SPRING, "transfer")
    able.candidate(make.person("4512", "Hale"), wants=force.bcu)
    make.posting(make.person("4513", "Dunn"), force.posts["SOH-PC-2"], TODAY, kind=PostingKind.ATTACHMENT)
    able.candidate(make.person("4514", "Late"), ready_from=NEXT_YEAR + dt.timedelta(1))

    found = next(each for each in page().lines() if each.grade is Grade.PC)

    figures = (found.leavers, found.places, found.ready, found.attached, found.pool)
    assert [len(each) for each in figures] == [2, 2, 1, 1, 2]
    assert found.short == 0
    assert [(row.person.surname, row.why, row.where.team_code) for row in page().leavers(found.unit, None)] == [
        ("Okafor", "transfer", "ELY"),
        ("Rahman", "retirement", "SOH"),
    ]
    assert [(row.person.surname, row.ready) for row in page().candidates(found.unit, Grade.PC)] == [
        ("Hale", True),
        ("Late", False),
    ]


def test_the_funding_of_a_post_that_ends_is_a_leaver(force: Force) -> None:
    with transaction():
        current.get_one(Post, force.posts["SOH-PC-1"].id).funding_last_day = SPRING

    rows = page().leavers(page().everything, None)

    assert [(row.person.surname, row.why, row.departure.open) for row in rows] == [
        ("Rahman", "the funding of the post ends", ())
    ]


def test_each_figure_is_the_length_of_the_list_it_leads_to(force: Force) -> None:
    leaves(force.constable, SPRING, "retirement")
    able.candidate(make.person("4512", "Hale"))
    make.posting(make.person("4513", "Dunn"), force.posts["SOH-PC-2"], TODAY, kind=PostingKind.ATTACHMENT)
    found = page()

    for each in found.lines():
        assert len(each.leavers) == len(found.leavers(each.unit, each.grade))
        assert len(each.ready) == sum(row.ready for row in found.candidates(each.unit, each.grade))
        assert len(each.attached) == sum(row.counted for row in found.attachments(each.unit, each.grade))


def test_who_reaches_the_expected_tenure_is_listed_and_in_no_figure(force: Force) -> None:
    with transaction():
        current.get_one(Posting, force.posting_of(force.constable).id).first_day = dt.date(2025, 3, 1)

    found = page()

    assert [row.person.surname for row in found.movers(found.everything, None)] == ["Rahman"]
    assert all(not each.leavers for each in found.lines())


def test_a_scope_shows_the_leavers_of_its_own_and_the_candidates_who_would_come(force: Force) -> None:
    north = make.bcu("NORTH", "Northern")
    wisbech = make.team(make.sector(north), "WIS", "Wisbech")
    leaves(make.posted(wisbech, collar_number="1999", surname="Far"), SPRING, "retirement")
    able.candidate(make.person("4512", "Hale"), wants=north)
    able.candidate(make.person("4513", "Dunn"))

    found = page(force.lead.scope)

    assert found.leavers(found.everything, None) == []
    assert [row.person.surname for row in found.candidates(found.everything, None)] == ["Dunn"]


def test_a_candidacy_for_another_bcu_is_not_found_unless_the_person_is_ones_own(force: Force) -> None:
    north = make.bcu("NORTH", "Northern")
    make.team(make.sector(north), "WIS", "Wisbech")
    stranger = able.candidate(make.person("4512", "Hale"), wants=north)
    own = able.candidate(force.constable, Grade.SERGEANT, wants=north)

    with pytest.raises(NoResultFound):
        queries.candidate_page(stranger.id, force.lead.scope, TODAY)
    found = queries.candidate_page(own.id, force.lead.scope, TODAY)

    assert (found.present, found.open) == ("PC, Soham", True)


def test_of_somebody_elsewhere_name_and_grade_are_read_and_not_their_team(force: Force) -> None:
    wisbech = make.team(make.sector(make.bcu("NORTH", "Northern")), "WIS", "Wisbech")
    far = able.candidate(make.posted(wisbech, collar_number="1999", surname="Far"), wants=force.bcu)

    found = queries.candidate_page(far.id, force.lead.scope, TODAY)

    assert (found.person.name, found.present, found.open) == ("PC 1999 A. Far", None, False)


def test_an_inspector_sees_the_lines_of_the_sector_and_candidates_for_its_teams(force: Force) -> None:
    able.candidate(make.person("4512", "Hale"), wants=force.bcu)
    able.candidate(make.person("4513", "Dunn"), wants=make.team(make.sector(force.bcu, "OTH"), "LIN", "Linton"))
    scope = replace(force.lead.scope, bcu_ids=frozenset())

    found = page(scope)

    assert [unit.code for unit in found.units] == ["EC"]
    assert [row.person.surname for row in found.candidates(found.units[0], None)] == ["Hale"]


def test_an_attachment_is_offered_in_a_vacant_post_of_the_team_wished_for(force: Force) -> None:
    for_team = able.candidate(make.person("4512", "Hale"), wants=force.soham)
    anywhere = able.candidate(make.person("4513", "Dunn"))

    offered = [
        queries.post_to_offer(queries.candidate_page(each.id, EVERYTHING, TODAY).candidacy, force.lead.scope, TODAY)
        for each in (for_team, anywhere)
    ]

    assert offered == ["SOH-PC-2", None]
