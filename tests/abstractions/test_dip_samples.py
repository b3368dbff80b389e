"""Dip-samples as services and pages: who draws, what is kept, who reads what when."""

import csv
import io
import re
from dataclasses import dataclass

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.exc import NoResultFound
from werkzeug.test import TestResponse

from npt.abstractions import queries, services
from npt.abstractions.models import Abstraction, DipSample, SampledEntry
from npt.abstractions.queries import Question
from npt.abstractions.rules import DrawnFrom, Finding, drawn
from npt.abstractions.services import NewFinding, NewSample, Overtaken
from npt.audit.queries import history
from npt.core.authority import EVERYTHING, Actor, Role, Scope
from npt.core.db import session as current
from npt.core.db import transaction
from npt.core.errors import Refused
from npt.core.periods import Window
from npt.people.models import Team
from npt.policy.cli import start_policy
from npt.policy.queries import policy_on, reason_book
from tests import make
from tests.abstractions.make import LONDON
from tests.conftest import NOW, SignIn, post
from tests.staffing.test_views_units import statements

PAGE = "/abstractions/dip-samples"
AUDITOR = Actor("A. Auditor", Role.AUDITOR, EVERYTHING, 9)
AGREES = NewFinding(Finding.AGREES, "Duty sheet")
WRONG = NewFinding(Finding.WRONG_TIME, "Custody log", "Back an hour sooner")


@dataclass
class Force:
    """Two teams in two BCUs: fourteen entries of Soham's in October, two of them late, and six of Wisbech's."""

    soham: Team
    wisbech: Team


@pytest.fixture
def force(session: object) -> Force:
    with transaction():
        start_policy()
    soham = make.team(make.sector(make.bcu("SOU", "Southern"), "ECA"), "SOH", "Soham")
    wisbech = make.team(make.sector(make.bcu("NOR", "Northern"), "FEN"), "WIS", "Wisbech")
    for team, days in ((soham, 14), (wisbech, 6)):
        who = make.posted(team, surname=team.name)
        for day in range(1, days + 1):
            made = make.abstraction(who, f"2026-10-{day:02} 08:00", f"2026-10-{day:02} 10:00")
            if day <= 2 and team is soham:
                with transaction():
                    made.logged_at = make.at(f"2026-10-{day + 5:02} 08:00")
    return Force(soham, wisbech)


def october() -> Question:
    window = Window(make.at("2026-10-01 12:00").date(), make.at("2026-10-31 12:00").date(), LONDON)
    return Question(window, NOW, policy_on(window.last_day), reason_book())


def draw(size: int = 5, drawn_from: DrawnFrom = DrawnFrom.ALL, *, actor: Actor = AUDITOR, **where: str) -> int:
    with transaction():
        return services.draw_sample(NewSample(size, drawn_from, **where), october(), actor=actor, at=NOW)


def record(sample: int, place: int, new: NewFinding = AGREES, *, seen: str = "", actor: Actor = AUDITOR) -> int | None:
    with transaction():
        return services.record_finding(sample, place, new, seen=seen, actor=actor, at=NOW)


def close(sample: int, conclusion: str = "Sound enough", *, actor: Actor = AUDITOR) -> None:
    with transaction():
        services.close_sample(sample, conclusion, actor=actor, at=NOW)


def looked_at(sample: int, *findings: NewFinding) -> int:
    """Every entry of a sample looked at, these first and the rest agreeing, and the sample closed."""
    rows = queries.dip_sample(sample, EVERYTHING, open_too=True).entries
    for row, new in zip(rows, [*findings, *[AGREES] * len(rows)], strict=False):
        record(sample, row.place, new)
    close(sample)
    return sample


def test_a_sample_keeps_its_seed_and_all_it_was_drawn_from_so_that_it_can_be_drawn_again(force: Force) -> None:
    sample = draw(5)

    kept = current.scalars(select(DipSample)).one()
    found = queries.dip_sample(sample, EVERYTHING, open_too=True)
    everything = queries.population_of(sample)
    assert (len(everything), kept.population_size, len(found.entries)) == (20, 20, 5)
    assert [row.ref for row in found.entries] == drawn(everything, 5, kept.seed)
    [line] = history(f"dip_sample:{sample}")
    assert (line.event, line.details["seed"], line.details["of"]) == ("dip_sample.drawn", kept.seed, 20)
    with pytest.raises(Refused, match=f"You drew sample {sample} of the same, and have looked at none of it"):
        draw(5)
    record(sample, 1)
    assert draw(5) != sample
    assert len({each.seed for each in current.scalars(select(DipSample))}) == 2


def test_it_may_be_drawn_from_a_bcu_a_team_or_late_entries_alone_and_takes_all_when_there_are_fewer(
    force: Force,
) -> None:
    northern = queries.dip_sample(draw(50, bcu="NOR"), EVERYTHING, open_too=True)
    late = queries.dip_sample(draw(50, DrawnFrom.LATE), EVERYTHING, open_too=True)
    soham = queries.dip_sample(draw(3, team="SOH"), EVERYTHING, open_too=True)

    assert ({row.team.code for row in northern.entries}, northern.row.drawn, northern.row.where) == (
        {"WIS"},
        6,
        "Northern BCU",
    )
    assert (late.row.drawn, late.row.result.population) == (2, 2)
    assert ({row.team.code for row in soham.entries}, soham.row.where) == ({"SOH"}, "Soham")


def test_nothing_is_drawn_from_nothing_from_another_scope_or_without_a_size(force: Force) -> None:
    southern = Actor("A. Auditor", Role.AUDITOR, Scope(team_ids=frozenset({force.soham.id})), 9)
    with pytest.raises(Refused, match="There are no changed entries"):
        draw(5, DrawnFrom.CHANGED)
    with pytest.raises(Refused, match="Enter how many to draw"):
        draw(0)
    with pytest.raises(Refused, match="Choose a team of that BCU"):
        draw(5, bcu="NOR", team="SOH")
    with pytest.raises(Refused, match="Choose one of your BCUs"):
        draw(5, bcu="NOR", actor=southern)
    assert current.scalars(select(DipSample)).all() == []


def test_a_finding_is_corrected_and_what_was_said_first_stays_on_record(force: Force) -> None:
    sample = draw(2)
    assert record(sample, 1, AGREES) == 2
    [first] = queries.dip_sample(sample, EVERYTHING, open_too=True).entries[:1]

    assert record(sample, 1, WRONG, seen=first.mark) == 2

    corrected, recorded = history(f"dip_sample:{sample}:1")
    assert (corrected.event, recorded.event) == ("finding.corrected", "finding.recorded")
    assert corrected.details["before"] == {"finding": "agrees", "evidence": "Duty sheet", "note": None}
    assert corrected.details["after"]["finding"] == "wrong_time"
    assert record(sample, 2) is None


def test_two_auditors_do_not_write_over_each_other_nor_say_again_what_is_said(force: Force) -> None:
    sample = draw(2)
    record(sample, 1, AGREES)
    mark = queries.dip_sample(sample, EVERYTHING, open_too=True).entries[0].mark

    with pytest.raises(Overtaken):
        record(sample, 1, WRONG, seen="")
    with pytest.raises(Refused, match="Nothing was changed"):
        record(sample, 1, AGREES, seen=mark)


def test_an_entry_about_the_auditor_out_of_scope_or_not_in_the_sample_is_not_theirs_to_judge(force: Force) -> None:
    sample = draw(1, team="SOH")
    person_id = current.scalars(
        select(Abstraction.person_id).join(SampledEntry, SampledEntry.abstraction_id == Abstraction.id)
    ).one()

    with pytest.raises(Refused, match="about you"):
        record(sample, 1, actor=Actor("A. Auditor", Role.AUDITOR, EVERYTHING, 9, person_id))
    northern = Actor("B. Auditor", Role.AUDITOR, Scope(team_ids=frozenset({force.wisbech.id})), 8)
    for place, actor in ((2, AUDITOR), (1, northern)):
        with pytest.raises(NoResultFound):
            record(sample, place, actor=actor)
    with pytest.raises(NoResultFound):
        close(sample, actor=northern)


def test_a_closed_sample_stands_and_one_not_looked_through_is_not_closed(force: Force) -> None:
    sample = draw(2)
    record(sample, 1)
    with pytest.raises(Refused, match="1 entry is not looked at"):
        close(sample)
    record(sample, 2, WRONG)
    close(sample)

    found = queries.dip_sample(sample, EVERYTHING, open_too=False)
    with pytest.raises(Refused, match="closed"):
        record(sample, 1, WRONG, seen=found.entries[0].mark)
    with pytest.raises(Refused, match="closed already"):
        close(sample)
    assert history(f"dip_sample:{sample}")[0].details["wrong"] == 1


def test_a_sample_says_of_an_entry_that_it_was_changed_since_it_was_drawn(force: Force) -> None:
    sample = draw(2)
    with transaction():
        current.scalars(select(SampledEntry).where(SampledEntry.place == 2)).one().abstraction.destination = "Parkside"

    assert [row.changed_since for row in queries.dip_sample(sample, EVERYTHING, open_too=True).entries] == [False, True]


@pytest.fixture
def auditor(sign_in: SignIn, force: Force) -> FlaskClient:
    return sign_in(make.user(Role.AUDITOR))


def words(answer: TestResponse) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answer.text).split())


def test_the_auditor_draws_looks_at_each_entry_and_closes(auditor: FlaskClient) -> None:
    drawing = {
        "first": "2026-10-01",
        "last": "2026-10-31",
        "bcu": "",
        "team": "SOH",
        "drawn_from": "late",
        "size": "20",
    }
    wrong = post(auditor, f"{PAGE}/new", **{**drawing, "size": "", "last": "2026-09-01"})
    assert "Enter how many to draw" in wrong.text
    assert "Enter a last day on or after the first" in wrong.text
    answer = post(auditor, f"{PAGE}/new", **drawing)
    sample = answer.location

    assert "Look at the next entry" in words(auditor.get(sample))
    form = f"{sample}/1"
    assert "There is no duty and no absence on record" in auditor.get(form).text
    refused = post(auditor, form, finding="wrong_time", evidence="Custody log", note="", seen="")
    assert "Enter what is wrong, or why it cannot be told" in refused.text
    assert 'value="Custody log"' in refused.text
    on = post(auditor, form, finding="wrong_time", evidence="Custody log", note="Back an hour sooner", seen="")
    assert on.location == f"{sample}/2"
    assert "1 of 2 looked at. 1 of 1 is wrong: 100.0 %." in words(auditor.get(sample))
    post(auditor, f"{sample}/2", finding="agrees", evidence="Duty sheet", note="", seen="")

    assert "Enter your conclusion" in post(auditor, f"{sample}/close", conclusion=" ").text
    post(auditor, f"{sample}/close", conclusion="Half is wrong.")
    said = words(auditor.get(sample))
    assert "1 of 2 is wrong: 50.0 %. Every entry there was has been looked at, so this is no estimate." in said
    assert "Half is wrong." in said
    assert auditor.get(form).status_code == 302


def test_what_a_sample_says_of_the_rest_is_said_with_how_sure_it_is(auditor: FlaskClient, force: Force) -> None:
    sample = looked_at(draw(5), WRONG, NewFinding(Finding.CANNOT_BE_TOLD, "Nothing kept", "Sheet lost"))

    said = words(auditor.get(f"{PAGE}/{sample}"))

    assert "1 of 4 is wrong: 25.0 %. Of all the entries there were (20), between 4.6 % and 69.9 % are" in said
    assert "1 could not be told, and is in neither figure." in said
    one = auditor.get(f"{PAGE}/{sample}?finding=wrong_time").text
    assert one.count('data-label="Finding"') == 1


def test_supervisors_read_closed_samples_of_their_teams_and_only_their_entries(
    sign_in: SignIn, auditor: FlaskClient, force: Force
) -> None:
    whole, still_open, northern = looked_at(draw(20), WRONG), draw(2), looked_at(draw(2, bcu="NOR"))
    sergeant = sign_in(make.user(Role.SERGEANT, "SOH"))

    listed = words(sergeant.get(PAGE))
    assert f"number {whole}" in listed
    assert f"number {still_open}" not in listed
    assert f"number {northern}" not in listed
    for hidden in (still_open, northern):
        assert sergeant.get(f"{PAGE}/{hidden}").status_code == 404
    page = sergeant.get(f"{PAGE}/{whole}")
    assert "14 of its 20 entries are of your teams." in words(page)
    assert "W." not in page.text
    assert "Wisbech" not in page.text
    assert "Correct" not in page.text
    rows = list(csv.DictReader(io.StringIO(sergeant.get(f"{PAGE}/{whole}?format=csv").get_data().decode("utf-8-sig"))))
    assert {row["Team"] for row in rows} == {"SOH"}
    # All it was drawn from names entries of other teams.
    assert "SHA-256" not in sergeant.get(f"{PAGE}/{whole}?format=csv&list=population").text
    again = list(csv.DictReader(io.StringIO(auditor.get(f"{PAGE}/{whole}?format=csv&list=population").text)))
    assert len(again) == 20


def test_the_page_of_an_entry_tells_its_supervisors_what_was_found_once_the_sample_is_closed(
    sign_in: SignIn, auditor: FlaskClient, force: Force
) -> None:
    sample = draw(1, team="SOH")
    ref = queries.dip_sample(sample, EVERYTHING, open_too=True).entries[0].ref
    entry = f"/abstractions/entries/{ref}"
    manager, analyst = sign_in(make.user(Role.BCU_MANAGER, "SOU")), sign_in(make.user(Role.ANALYST))
    record(sample, 1, WRONG)

    assert "Back an hour sooner" in auditor.get(entry).text
    assert "Back an hour sooner" not in manager.get(entry).text
    close(sample)
    assert "Back an hour sooner" in manager.get(entry).text
    assert "Back an hour sooner" not in analyst.get(entry).text


def test_the_statements_do_not_grow_with_samples_or_their_entries(auditor: FlaskClient, force: Force) -> None:
    sample = draw(2)
    pages = [PAGE, f"{PAGE}/{sample}", f"{PAGE}/{sample}/1"]
    few = [_sent(auditor, page) for page in pages]
    larger = draw(20)
    looked_at(draw(9))
    for place in range(1, 15):
        record(larger, place)

    assert [_sent(auditor, page) for page in (PAGE, f"{PAGE}/{larger}", f"{PAGE}/{larger}/20")] == few
    assert max(few) <= 16


def _sent(browser: FlaskClient, page: str) -> int:
    with statements() as sent:
        assert browser.get(page).status_code == 200
    return sum("FROM user" not in statement for statement in sent)
