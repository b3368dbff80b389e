"""Skills and needed languages are read for a day and kept with their history, on either database."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy.exc import NoResultFound

from npt.abstractions.queries import duty_states
from npt.audit import queries as audit
from npt.core.authority import EVERYTHING, Actor, Role, Scope
from npt.core.db import session, transaction
from npt.core.errors import Refused
from npt.people.models import Skill
from npt.people.rules import Grade, SkillKind
from npt.staffing import queries, services
from npt.staffing.models import NeededLanguage
from npt.staffing.queries import Area, Coverage, FoundSkill, area_of
from npt.staffing.rules.skills import SkillEnds, Verified
from npt.staffing.services import ChangeOfNeed, EndOfSkill, NewNeed, NewSkill
from tests import make
from tests.conftest import NOW, TODAY
from tests.staffing import able
from tests.staffing.force import Force, force
from tests.staffing.test_views_units import statements

LONDON = ZoneInfo("Europe/London")
YESTERDAY = TODAY - dt.timedelta(1)


@pytest.fixture(name="force")
def _force(session: object) -> Force:
    return force()


def sergeant(force: Force) -> Actor:
    return Actor("A. Okafor", Role.SERGEANT, Scope(team_ids=frozenset({force.ely.id})))


def lead(force: Force) -> Actor:
    teams = frozenset({force.ely.id, force.soham.id})
    scope = Scope(False, frozenset({force.northern.id}), frozenset({force.fens.id}), teams)
    return Actor("R. Lead", Role.RESOURCES_LEAD, scope)


WHOLE = Actor("Chief", Role.AUDITOR, EVERYTHING)


def search(actor: Actor, name: str | None = None, area: Area | None = None, on: dt.date = TODAY) -> list[FoundSkill]:
    able = queries.skilled(on, 36, actor=actor, today=TODAY, names=[name] if name else None)
    return able.found(lambda _: True, area or Area())


def coverage(actor: Actor, on: dt.date = TODAY) -> Coverage:
    return queries.coverage(on, 36, actor=actor, today=TODAY)


def test_a_speaker_is_found_in_another_bcu_and_only_the_page_of_ones_own_people_opens(force: Force) -> None:
    far = make.posted(force.linton, collar_number="21900", surname="Chen")
    able.skill(far, "Mandarin")
    able.skill(force.constable, "mandarin", verified_on=None)

    found = search(sergeant(force), " MANDARIN")

    assert {(row.person.collar_number, row.unit.bcu_name, row.open) for row in found} == {
        ("21900", "Southern", False),
        ("21432", "Northern", True),
    }
    assert {row.person.collar_number: row.skill.verified for row in found} == {
        "21900": Verified.CURRENT,
        "21432": Verified.NEVER,
    }


def test_whoever_has_left_or_has_no_posting_is_not_found(force: Force) -> None:
    gone = make.person("21700", leaving_on=YESTERDAY)
    make.posting(gone, make.post(force.ely))
    able.skill(gone)
    able.skill(make.person("21701"))

    assert search(WHOLE, "Polish") == []


def test_the_grade_and_team_are_those_of_the_day(force: Force) -> None:
    able.skill(force.pcso)

    assert [(r.grade, r.unit.name, r.person.name) for r in search(WHOLE)] == [
        (Grade.PCSO, "Soham", "PCSO 27002 A. Nowak")
    ]
    assert search(WHOLE, area=Area(team="ELY")) == []
    assert len(search(WHOLE, area=Area(bcu="NOR"))) == len(search(WHOLE, area=Area(sector="FEN"))) == 1


def test_an_inspector_is_found_in_their_sector_and_in_no_team(force: Force) -> None:
    inspector = make.posted(force.fens, Grade.INSPECTOR, collar_number="20302")
    able.skill(inspector)

    assert [row.unit.name for row in search(WHOLE, area=Area(sector="FEN"))] == ["Fens sector"]
    assert search(WHOLE, area=Area(team="SOH")) == []


def test_a_link_with_a_community_is_found_only_by_those_who_may_open_the_record(force: Force) -> None:
    able.skill(force.constable, "Farm watch", SkillKind.COMMUNITY)
    linton = make.posted(force.linton)
    able.skill(linton, "Farm watch", SkillKind.COMMUNITY)
    analyst = Actor("Ana", Role.ANALYST, EVERYTHING)

    assert [row.person.collar_number for row in search(sergeant(force), "farm watch")] == ["21432"]
    assert len(search(WHOLE, "farm watch")) == 2
    assert search(analyst, "farm watch") == []


def test_two_spellings_of_one_language_are_one_skill_of_a_person(force: Force) -> None:
    able.skill(force.constable, "Polish", verified_on=None)
    able.skill(force.constable, "polish", verified_on=dt.date(2026, 2, 2))

    assert [(row.skill.name, row.skill.verified_on) for row in search(WHOLE)] == [("polish", dt.date(2026, 2, 2))]


def test_a_skill_that_has_ended_counts_until_then(force: Force) -> None:
    able.skill(force.constable, ended_on=TODAY)

    assert search(WHOLE, on=TODAY) == []
    assert len(search(WHOLE, on=YESTERDAY)) == 1


def test_who_is_on_duty_comes_first_and_then_who_is_on_soonest(force: Force) -> None:
    people = {name: make.posted(force.linton, surname=name) for name in ("Away", "Here", "Later", "Off", "Sick")}
    for person in people.values():
        able.skill(person)
    for name in ("Away", "Here", "Sick"):
        make.duty(people[name], "2026-11-12 07:00", "2026-11-12 17:00")
    make.duty(people["Later"], "2026-11-13 07:00", "2026-11-13 17:00")
    make.abstraction(people["Away"], "2026-11-12 08:00", None)
    make.absence(people["Sick"], "2026-11-11 00:00", None)

    found = queries.with_duty(search(WHOLE), NOW, LONDON)

    said = [(r.person.surname, r.duty and bool(r.duty.now), r.duty and r.duty.away) for r in found]
    assert said == [
        ("Here", True, False),
        ("Away", True, True),
        ("Later", False, False),
        ("Off", False, False),
        ("Sick", False, False),
    ]


def test_the_state_of_somebody_without_any_duty_is_nothing(force: Force) -> None:
    state = duty_states([force.constable.id], NOW, LONDON)[force.constable.id]

    assert (state.now, state.away, state.next) == (None, False, None)


def test_a_team_covers_what_its_own_people_speak_and_a_sector_what_anybody_in_it_does(force: Force) -> None:
    able.needed_language(force.ely, "Polish")
    able.needed_language(force.ely, "Urdu")
    able.needed_language(force.soham, "polish")
    able.skill(force.pcso, "POLISH")
    able.skill(make.posted(force.linton), "Urdu")

    lines = {line.code: line.covered for line in coverage(WHOLE).lines()}

    assert [lines["ELY"].held, lines["ELY"].gaps] == [(), ("Polish", "Urdu")]
    assert [lines["SOH"].held, lines["SOH"].gaps] == [("polish",), ()]
    assert [lines["FEN"].held, lines["FEN"].gaps] == [("Polish",), ("Urdu",)]
    assert [lines["NOR"].held, lines["NOR"].gaps] == [("Polish",), ("Urdu",)]
    assert [lines[""].held, lines[""].gaps] == [("Polish", "Urdu"), ()]
    assert lines["LIN"].needed == ()


def test_each_figure_of_coverage_is_the_rows_of_the_search(force: Force) -> None:
    able.needed_language(force.ely, "Polish")
    able.skill(force.pcso)
    able.skill(force.sergeant)
    able.skill(make.posted(force.linton))

    found = coverage(WHOLE)

    for level, code, many in (("team", "ELY", 1), ("bcu", "NOR", 2), (queries.FORCE, "", 3)):
        rows = [row for row in found.languages(area_of(level, code)) if row.language == "Polish"]
        assert [len(row.speakers) for row in rows] == [many] == [len(search(WHOLE, "Polish", area_of(level, code)))]
        assert [row.in_force for row in rows] == [3]


def test_what_is_needed_is_needed_from_its_first_to_its_last_day(force: Force) -> None:
    able.needed_language(force.ely, "Polish", TODAY, TODAY)

    needed = {on: len(coverage(WHOLE, on).needed) for on in (YESTERDAY, TODAY, TODAY + dt.timedelta(1))}

    assert list(needed.values()) == [0, 1, 0]


def test_a_sergeant_sees_the_needs_of_their_own_teams_alone(force: Force) -> None:
    able.needed_language(force.ely, "Polish")
    able.needed_language(force.soham, "Urdu")

    found = coverage(sergeant(force))

    assert [row.language for row in found.needed] == ["Polish"]
    assert [(line.level, line.code) for line in found.lines()] == [("team", "ELY")]


def test_a_post_is_listed_when_any_holder_lacks_what_it_asks_for(force: Force) -> None:
    shared = make.post(force.ely, ref="ELY-PC-9", required_skill="polish")
    fluent, unable = make.person("21801"), make.person("21802")
    make.posting(fluent, shared, fte="0.50")
    make.posting(unable, shared, fte="0.50")
    able.skill(fluent, "Polish")
    make.post(force.ely, ref="ELY-PC-8", required_skill="Urdu")
    able.skill(make.posted(force.soham, collar_number="21803"), "URDU")
    able.skill(make.posted(force.linton, collar_number="21804"), "Urdu")
    make.post(force.linton, ref="LIN-PC-9", required_skill="Urdu")

    found = queries.requirements_on(TODAY, 36, actor=lead(force), today=TODAY)

    assert found.asking == 2
    assert [(r.post.ref, [each.person.collar_number for each in r.lacking]) for r in found.filled] == [
        ("ELY-PC-9", ["21802"])
    ]
    assert [(r.post.ref, [each.person.collar_number for each in r.candidates]) for r in found.vacant] == [
        ("ELY-PC-8", ["21803"])
    ]


def test_a_skill_is_added_in_the_known_spelling_verified_and_ended_and_the_record_tells(force: Force) -> None:
    able.skill(make.posted(force.linton), "Polish")
    actor = lead(force)
    with transaction():
        services.add_skill("21432", NewSkill(SkillKind.LANGUAGE, " polish "), actor=actor, at=NOW, on=TODAY)
    added = session.query(Skill).filter_by(person_id=force.constable.id).one()
    with transaction():
        services.verify_skill(added.id, YESTERDAY, "fluent", actor=actor, at=NOW, on=TODAY)
    with transaction():
        services.end_skill(added.id, EndOfSkill(SkillEnds.LAPSED), actor=actor, at=NOW, on=TODAY)
    with transaction():
        services.add_skill("21432", NewSkill(SkillKind.LANGUAGE, "Polish"), actor=actor, at=NOW, on=TODAY)

    rows = session.query(Skill).filter_by(person_id=force.constable.id).order_by(Skill.id).all()
    assert [(row.name, row.level, row.ended_on) for row in rows] == [
        ("Polish", "fluent", TODAY),
        ("Polish", None, None),
    ]
    told = audit.history(*queries.skill_subjects("21432"))
    assert [line.event for line in told] == ["skill.added", "skill.ended", "skill.verified", "skill.added"]
    assert told[2].details["before"] == {"verified_on": None, "level": None}


def test_a_skill_recorded_by_mistake_counts_on_no_day_and_the_record_keeps_what_it_said(force: Force) -> None:
    wrong = able.skill(force.constable, "Urdu")

    with transaction():
        services.end_skill(
            wrong.id, EndOfSkill(SkillEnds.MISTAKE, "Another Rahman"), actor=lead(force), at=NOW, on=TODAY
        )

    assert session.query(Skill).count() == 0
    told = audit.history("skills:21432")[0]
    assert (told.event, told.details["was"]["name"], told.details["note"]) == (
        "skill.removed",
        "Urdu",
        "Another Rahman",
    )


def test_a_skill_is_refused_twice_and_on_a_day_to_come(force: Force) -> None:
    able.skill(force.constable, "Polish")

    with pytest.raises(Refused, match="recorded already"), transaction():
        services.add_skill("21432", NewSkill(SkillKind.LANGUAGE, "POLISH"), actor=lead(force), at=NOW, on=TODAY)
    with pytest.raises(Refused, match="today or a day before"), transaction():
        new = NewSkill(SkillKind.LANGUAGE, "Urdu", verified_on=TODAY + dt.timedelta(1))
        services.add_skill("21432", new, actor=lead(force), at=NOW, on=TODAY)
    assert session.query(Skill).count() == 1


def test_nobody_changes_the_skills_of_somebody_elses_people_or_their_own(force: Force) -> None:
    far = able.skill(make.posted(force.linton, collar_number="21900"))
    own = Actor("Rahman", Role.RESOURCES_LEAD, lead(force).scope, person_id=force.constable.id)
    new = NewSkill(SkillKind.LANGUAGE, "Urdu")

    for actor, collar in ((lead(force), "21900"), (own, "21432"), (lead(force), "nobody")):
        with pytest.raises(NoResultFound), transaction():
            services.add_skill(collar, new, actor=actor, at=NOW, on=TODAY)
    with pytest.raises(NoResultFound), transaction():
        services.verify_skill(far.id, TODAY, None, actor=lead(force), at=NOW, on=TODAY)
    with pytest.raises(NoResultFound), transaction():
        services.end_skill(far.id, EndOfSkill(SkillEnds.LAPSED), actor=lead(force), at=NOW, on=TODAY)


def test_a_language_is_needed_from_a_day_and_ended_and_the_record_tells(force: Force) -> None:
    able.skill(force.pcso, "Polish")
    actor = sergeant(force)
    with transaction():
        said = services.need_language(NewNeed("ELY", "POLISH", TODAY, note="Census"), actor=actor, at=NOW)
    row = session.query(NeededLanguage).one()
    with transaction():
        services.change_need(row.id, ChangeOfNeed(TODAY, "Census"), actor=actor, at=NOW)

    assert (said, row.language, row.set_by, row.last_day) == ("Polish", "Polish", "A. Okafor", TODAY)
    told = audit.history(queries.need_subject("ELY", "Polish", TODAY))
    assert [line.event for line in told] == ["needed_language.changed", "needed_language.added"]
    assert told[0].details["after"] == {"last_day": TODAY.isoformat(), "note": "Census"}


def test_a_need_is_refused_twice_in_another_team_and_before_its_own_first_day(force: Force) -> None:
    kept = able.needed_language(force.ely, "Polish", TODAY)
    far = able.needed_language(force.linton, "Polish")
    actor = sergeant(force)

    with pytest.raises(Refused, match="Polish is needed there"), transaction():
        services.need_language(NewNeed("ELY", "polish", TODAY), actor=actor, at=NOW)
    with pytest.raises(Refused, match="one of your teams"), transaction():
        services.need_language(NewNeed("SOH", "Polish", TODAY), actor=actor, at=NOW)
    with pytest.raises(Refused, match="Enter a last day from"), transaction():
        services.change_need(kept.id, ChangeOfNeed(YESTERDAY), actor=actor, at=NOW)
    with pytest.raises(NoResultFound), transaction():
        services.change_need(far.id, ChangeOfNeed(TODAY), actor=actor, at=NOW)


def test_the_statements_of_search_coverage_and_requirements_do_not_grow_with_people(force: Force) -> None:
    actor, ely, soham = lead(force), force.ely, force.soham

    def ask() -> list[str]:
        with statements() as sent:
            queries.with_duty(search(actor), NOW, LONDON)
            coverage(actor).languages(area_of("bcu", "NOR"))
            queries.requirements_on(TODAY, 36, actor=actor, today=TODAY)
        return sent

    def grow(many: int) -> None:
        for number in range(many):
            post, person = make.post(ely, required_skill="Urdu"), make.person()
            make.posting(person, post)
            able.skill(person, "Urdu" if number % 2 else "Polish")
            make.post(soham, required_skill=f"Skill {number}")
            able.needed_language(soham, f"Language {number} {post.id}")

    grow(2)
    few = ask()
    grow(10)

    assert len(ask()) == len(few) <= 30
