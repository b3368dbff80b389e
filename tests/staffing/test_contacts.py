"""Named contacts from the tables to the flags: named, replaced, ended, caught when they leave; on either database."""

import datetime as dt

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import NoResultFound

from npt.audit.queries import history, verdict
from npt.core import db
from npt.core.authority import EVERYTHING, Actor, Role, Scope
from npt.core.db import transaction
from npt.core.errors import Refused
from npt.flags import queries as flags
from npt.flags.rules import FlagKind
from npt.people.models import Person, Posting, Team, WardMembership
from npt.people.rules import Grade, PostingKind
from npt.policy.queries import policy_on
from npt.scheduler import run
from npt.staffing import queries, services
from npt.staffing.models import NamedContact
from npt.staffing.services import NewContact, NewPosting, NewReach
from tests import make
from tests.conftest import NOW, TODAY
from tests.staffing.force import Force, force

DAY = dt.timedelta(1)


@pytest.fixture(name="force")
def _force(session: object) -> Force:
    return force()


def sergeant_of(*teams: Team) -> Actor:
    return Actor("Sgt Okafor", Role.SERGEANT, Scope(team_ids=frozenset(team.id for team in teams)))


def name(force: Force, who: Person, actor: Actor | None = None, first_day: dt.date = TODAY, **more: object) -> None:
    new = NewContact(who.collar_number, first_day, **more)  # type: ignore[arg-type]
    with transaction():
        services.name_contact("SOHN", new, actor=actor or sergeant_of(force.soham), at=NOW, on=TODAY)


def end(contact: NamedContact, last_day: dt.date, actor: Actor) -> None:
    with transaction():
        services.end_contact(contact.id, last_day, actor=actor, at=NOW, on=TODAY)


def records() -> list[tuple[int, dt.date, dt.date | None]]:
    statement = select(NamedContact.person_id, NamedContact.first_day, NamedContact.last_day)
    return [(row[0], row[1], row[2]) for row in db.session.execute(statement.order_by(NamedContact.first_day))]


def test_a_sergeant_names_a_pcso_of_the_team_and_the_record_says_who_did(force: Force) -> None:
    name(force, force.pcso, last_day=TODAY + 30 * DAY)

    assert records() == [(force.pcso.id, TODAY, TODAY + 30 * DAY)]
    [line] = history(f"contact:SOHN/27002/{TODAY}")
    assert (line.event, line.actor) == ("contact.named", "Sgt Okafor")
    assert line.details["collar_number"] == "27002"
    assert verdict().fault is None


def test_somebody_of_another_team_is_refused_and_nothing_is_kept(force: Force) -> None:
    with pytest.raises(Refused, match="is not a PC or PCSO of the ward's team"):
        name(force, force.constable)
    with pytest.raises(Refused, match="is not a PC or PCSO of the ward's team"):
        name(force, force.sergeant)

    assert records() == []


def test_a_ward_of_another_team_is_not_there_for_a_sergeant(force: Force) -> None:
    with pytest.raises(NoResultFound):
        name(force, force.pcso, sergeant_of(force.ely))


def test_a_sergeant_names_for_a_ward_that_is_to_come_and_only_from_the_day_it_comes(force: Force) -> None:
    with transaction():
        now = db.session.scalars(select(WardMembership)).one()
        now.last_day = TODAY + 18 * DAY
        db.session.flush()
        db.session.add(WardMembership(ward_id=force.ward.id, team_id=force.ely.id, first_day=TODAY + 19 * DAY))

    with pytest.raises(Refused, match="is another team's on 12 November 2026"):
        name(force, force.constable, sergeant_of(force.ely))
    name(force, force.constable, sergeant_of(force.ely), TODAY + 19 * DAY)

    assert len(records()) == 1


def test_one_contact_takes_the_place_of_another_from_a_day(force: Force) -> None:
    old = make.contact(force.ward, force.pcso)
    successor = make.posted(force.soham, collar_number="21999", surname="Reed")

    name(force, successor, first_day=TODAY + DAY, replaces=old.id)

    assert records() == [(force.pcso.id, make.LONG_AGO, TODAY), (successor.id, TODAY + DAY, None)]
    [line] = history(f"contact:SOHN/27002/{make.LONG_AGO}")
    assert (line.event, line.details["before"], line.details["after"]) == (
        "contact.ended",
        {"last_day_of_27002": None},
        {"last_day_of_27002": TODAY.isoformat()},
    )


def test_the_contact_of_another_ward_is_not_replaced(force: Force) -> None:
    elsewhere = make.contact(make.ward(force.soham, "SOHS"), force.pcso)
    successor = make.posted(force.soham)

    with pytest.raises(Refused, match="Choose one of the ward's contacts"):
        name(force, successor, replaces=elsewhere.id)


def test_a_contact_ends_on_a_last_day_and_never_before_the_first(force: Force) -> None:
    contact = make.contact(force.ward, force.pcso, TODAY - DAY)

    with pytest.raises(Refused, match="starts on 11 November 2026"):
        end(contact, TODAY - 2 * DAY, sergeant_of(force.soham))
    end(contact, TODAY, sergeant_of(force.soham))

    assert records() == [(force.pcso.id, TODAY - DAY, TODAY)]


def test_an_end_that_is_sent_twice_is_in_the_record_once(force: Force) -> None:
    contact = make.contact(force.ward, force.pcso, TODAY)

    for _ in range(2):
        end(contact, TODAY + DAY, sergeant_of(force.soham))

    [line] = history(f"contact:SOHN/27002/{TODAY}")
    assert line.event == "contact.ended"


def test_the_contact_of_another_teams_ward_is_not_theirs_to_end(force: Force) -> None:
    contact = make.contact(force.ward, force.pcso)

    with pytest.raises(NoResultFound):
        end(contact, TODAY, sergeant_of(force.ely, force.linton))


def test_the_database_itself_refuses_somebody_twice_for_a_ward_on_one_day(force: Force) -> None:
    make.contact(force.ward, force.pcso, TODAY, TODAY + 9 * DAY)
    make.contact(force.ward, force.constable, TODAY)
    make.contact(make.ward(force.soham, "SOHS"), force.pcso, TODAY)

    with pytest.raises(Refused, match="is a named contact of the ward on those days already"):
        make.contact(force.ward, force.pcso, TODAY + 9 * DAY)
    following = make.contact(force.ward, force.pcso, TODAY + 10 * DAY)
    with pytest.raises(Refused, match="is a named contact of the ward on those days already"), transaction():
        db.session.get_one(NamedContact, following.id).first_day = TODAY + 9 * DAY


def test_records_that_change_places_do_not_trip_when_they_are_judged_at_the_end(force: Force) -> None:
    first = make.contact(force.ward, force.pcso, TODAY, TODAY + 4 * DAY)
    second = make.contact(force.ward, force.pcso, TODAY + 5 * DAY)

    with transaction():
        db.defer_overlaps()
        db.session.get_one(NamedContact, first.id).last_day = TODAY + 7 * DAY
        db.session.flush()
        db.session.get_one(NamedContact, second.id).first_day = TODAY + 8 * DAY

    with pytest.raises(Refused, match="on those days already"), transaction():
        db.defer_overlaps()
        db.session.get_one(NamedContact, first.id).last_day = TODAY + 8 * DAY


def test_the_page_has_gaps_first_and_only_what_the_actor_may_see(force: Force) -> None:
    make.ward(force.ely, "ELYE", "Ely East")
    make.ward(force.linton, "LINT", "Linton")
    make.contact(force.ward, force.constable)

    def page(scope: Scope) -> tuple[list[str], list[str], list[str], list[str]]:
        found = queries.contacts_page(TODAY, scope, TODAY)
        return (
            [ward.code for ward in found.nobody],
            [ward.code for ward in found.gone],
            [ward.code for ward in found.wards],
            [team.code for team in found.unreachable],
        )

    assert page(EVERYTHING) == (["ELYE", "LINT"], ["SOHN"], ["ELYE", "LINT", "SOHN"], ["ELY", "LIN", "SOH"])
    assert page(Scope(team_ids=frozenset({force.soham.id}))) == ([], ["SOHN"], ["SOHN"], ["SOH"])
    assert page(Scope()) == ([], [], [], [])


def test_a_past_day_has_the_contacts_of_that_day(force: Force) -> None:
    make.contact(force.ward, force.pcso, TODAY.replace(month=1), TODAY.replace(month=6))

    def named(on: dt.date) -> list[str]:
        return [
            row.person.collar_number
            for ward in queries.contacts_page(on, EVERYTHING, TODAY).wards
            for row in ward.contacts
        ]

    assert named(TODAY.replace(month=3)) == ["27002"]
    assert named(TODAY) == []


def test_who_may_be_named_is_who_serves_in_the_team_or_will(force: Force) -> None:
    joining = make.person("27500", "Ashby", Grade.PCSO)
    make.posting(joining, make.post(force.soham, Grade.PCSO), TODAY + 20 * DAY)
    make.contact(force.ward, force.pcso)

    found = queries.contact_choices("SOHN", Scope(team_ids=frozenset({force.soham.id})), TODAY, TODAY)

    assert found.candidates == {
        "27500": "PCSO 27500 A. Ashby, from 2 December 2026",
        "27002": "PCSO 27002 A. Nowak",
    }
    assert list(found.replaceable.values()) == ["PCSO 27002 A. Nowak"]
    with pytest.raises(NoResultFound):
        queries.contact_choices("SOHN", Scope(team_ids=frozenset({force.ely.id})), TODAY, TODAY)


def test_an_attachment_shows_beforehand_the_ward_it_takes_the_contact_from(force: Force) -> None:
    make.contact(force.ward, force.pcso)
    make.post(force.ely, Grade.PCSO, ref="ELY-PCSO-1")
    lead = Actor("Lead", Role.RESOURCES_LEAD, EVERYTHING)
    away = NewPosting("ELY-PCSO-1", TODAY)

    with pytest.raises(services.Rehearsed) as rehearsed, transaction():
        services.rehearse(
            lambda: services.attach_person("27002", away, actor=lead, at=NOW, on=TODAY),
            TODAY,
            policy_on(TODAY),
        )

    gone = "PCSO 27002 A. Nowak, attached to Ely since 12 November 2026"
    said = [effect.sentence for effect in rehearsed.value.effects]
    assert f"Soham North ward would name a contact who has left: {gone}" in said


def test_how_a_team_is_reached_is_corrected_with_before_and_after(force: Force) -> None:
    def correct(email: str | None, telephone: str | None) -> bool:
        with transaction():
            new = NewReach(email, telephone)
            return services.correct_team("SOH", new, actor=sergeant_of(force.soham), at=NOW)

    assert correct("soham@force.example", "101")
    assert correct("soham@force.example", None)
    assert not correct("soham@force.example", None)

    team = db.session.scalars(select(Team).where(Team.code == "SOH")).one()
    assert (team.email, team.telephone) == ("soham@force.example", None)
    assert [(line.details["before"], line.details["after"]) for line in history("team:SOH")] == [
        ({"telephone": "101"}, {"telephone": None}),
        ({"email": None, "telephone": None}, {"email": "soham@force.example", "telephone": "101"}),
    ]


def test_another_team_is_not_theirs_to_correct(force: Force) -> None:
    with pytest.raises(NoResultFound), transaction():
        services.correct_team("ELY", NewReach(None, None), actor=sergeant_of(force.soham), at=NOW)


@pytest.fixture
def _at_work(app: Flask) -> object:
    with app.app_context():
        yield


def found(on: dt.date = TODAY) -> list[tuple[FlagKind, str, str, str]]:
    run("contacts", on)
    return [(f.kind, f.subject, f.severity.value, f.owner_role.value) for f in flags.open_for(EVERYTHING)]


@pytest.mark.usefixtures("_at_work")
class TestTheNightlyCheck:
    def test_a_ward_without_anybody_named_is_flagged_and_closed_when_somebody_is(self, force: Force) -> None:
        assert found() == [(FlagKind.NO_NAMED_CONTACT, "SOHN", "medium", "sergeant")]

        name(force, force.pcso, first_day=TODAY)

        assert found(TODAY + DAY) == []

    def test_a_team_with_no_sergeant_leaves_it_to_the_inspector(self, force: Force) -> None:
        make.ward(force.linton, "LINT", "Linton")

        assert (FlagKind.NO_NAMED_CONTACT, "LINT", "medium", "inspector") in found()

    def test_running_it_twice_changes_nothing(self, force: Force) -> None:
        make.ward(force.ely, "ELYE")
        make.contact(force.ward, force.constable)
        assert "2 opened" in run("contacts", TODAY)

        again = run("contacts", TODAY)

        assert again.endswith("2 found: 0 opened, 0 escalated, 0 updated, 0 closed, 0 passed up, 0 repeat")

    @pytest.mark.parametrize("how", ["leaves the service", "moves", "is attached away", "acts as sergeant"])
    def test_the_contact_who_leaves_is_caught_the_same_day(self, force: Force, how: str) -> None:
        make.contact(force.ward, force.pcso)
        assert found(TODAY) == []

        with transaction():
            held = db.session.scalars(select(Posting).where(Posting.person_id == force.pcso.id)).one()
            if how == "leaves the service":
                db.session.get_one(Person, force.pcso.id).leaving_on = TODAY
            elif how == "moves":
                held.last_day = TODAY
        if how == "moves":
            make.posting(force.pcso, make.post(force.ely, Grade.PCSO), TODAY + DAY)
        elif how == "is attached away":
            make.posting(force.pcso, make.post(force.ely, Grade.PCSO), TODAY + DAY, kind=PostingKind.ATTACHMENT)
        elif how == "acts as sergeant":
            make.posting(force.pcso, make.post(force.soham, Grade.SERGEANT), TODAY + DAY, kind=PostingKind.ACTING)

        assert found(TODAY) == []
        assert [(kind, ward, grave) for kind, ward, grave, _ in found(TODAY + DAY)] == [
            (FlagKind.NAMED_CONTACT_LEFT, "SOHN", "high")
        ]
        [flag] = flags.open_for(EVERYTHING)
        assert flag.detail.endswith("since 13 November 2026")

    def test_a_ward_whose_contact_left_and_was_ended_goes_over_to_nobody_named(self, force: Force) -> None:
        contact = make.contact(force.ward, force.constable)
        assert [kind for kind, *_ in found(TODAY)] == [FlagKind.NAMED_CONTACT_LEFT]

        end(contact, TODAY, sergeant_of(force.soham))

        assert [kind for kind, *_ in found(TODAY + DAY)] == [FlagKind.NO_NAMED_CONTACT]
