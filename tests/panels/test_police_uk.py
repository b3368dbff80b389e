"""Priorities and meetings of data.police.uk taken in: judged row by row, and a second load changes nothing."""

import datetime as dt
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from click.testing import CliRunner
from flask import Flask
from flask.cli import ScriptInfo
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from npt.accounts.models import User
from npt.audit.queries import history
from npt.cli import npt
from npt.core.authority import EVERYTHING, Actor, Role, system
from npt.core.db import session, transaction
from npt.core.errors import BadInput
from npt.panels import queries, services
from npt.panels.models import Meeting, Priority
from npt.panels.rules.meetings import Sitting
from npt.panels.rules.police_uk import event_rows, priority_rows, written
from npt.panels.rules.police_uk_in import read_public
from npt.panels.rules.vocabulary import MeetingStatus, PriorityState
from npt.panels.services import NewAnswer
from npt.policy.cli import start_policy
from npt.policy.queries import policy_on
from npt.problem_solving.models import Plan
from tests import make
from tests.conftest import NOW, TODAY, token_of
from tests.problem_solving.make import acting, plan

LONDON = ZoneInfo("Europe/London")
DRINKING: dict[str, Any] = {
    "action": " Patrols by the river. ",
    "issue-date": "2015-10-08T00:00:00",
    "action-date": "2015-12-22T00:00:00",
    "issue": "<p>To reduce street drinking</p><p>by the <b>river</b> &amp; lock</p>",
}
SURGERY: dict[str, Any] = {
    "contact_details": {},
    "description": None,
    "title": "Drop In Beat Surgery",
    "address": "Library, <i>High Street</i>",
    "type": "meeting",
    "start_date": "2099-09-17T12:00:00",
    "end_date": "2099-09-17T14:00:00",
}


@pytest.fixture
def panel(session: object) -> str:
    with transaction():
        start_policy()
    soham = make.team(make.sector(code="EC"), "SOH", "Soham")
    made = make.panel(soham, code="SV")
    held = make.meeting(made, "2026-09-17 18:00", ref="SV-1")
    make.meeting(made, "2026-11-26 19:00", MeetingStatus.PLANNED, ref="SV-2")
    speeding = make.priority(made, held, PriorityState.IN_PROGRESS)
    with transaction():
        sergeant = Actor("Sgt Okafor", Role.SERGEANT, EVERYTHING, 7)
        services.answer_priority(speeding.id, NewAnswer("Checks.", "Better"), actor=sergeant, at=NOW, on=TODAY)
    return "SV"


def take_in(rows: object, name: str = "public.json") -> services.PublicTaken:
    content = rows if isinstance(rows, bytes) else json.dumps(rows).encode()
    with transaction():
        return services.take_in_public("SV", name, content, actor=system("test"), at=NOW, zone=LONDON)


def counts(taken: services.PublicTaken) -> tuple[int, int, int, int]:
    return taken.read, taken.new, taken.changed, taken.unchanged


def test_a_published_priority_is_raised_for_the_panel_to_decide_on_with_what_was_done(panel: str) -> None:
    assert counts(take_in([DRINKING])) == (1, 1, 0, 0)
    assert counts(take_in([DRINKING])) == (1, 0, 0, 1)

    [row] = session.scalars(select(Priority).where(Priority.ref.startswith("PUK-")))
    assert (row.title, row.detail) == ("To reduce street drinking", "by the river & lock")
    assert (row.state, row.source) == (PriorityState.RAISED, "data.police.uk, 2015-10-08")
    assert queries.answers_of([row.id])[row.id].done == "Patrols by the river."
    assert [entry.event for entry in history(f"priority:{row.ref}")] == ["priority.answered", "priority.raised"]


def test_a_later_word_of_what_was_done_replaces_an_earlier_one_and_never_the_other_way(panel: str) -> None:
    take_in([DRINKING])
    later = DRINKING | {"action": "<p>Solved.</p>", "action-date": "2016-01-05T00:00:00"}

    assert counts(take_in([later])) == (1, 0, 1, 0)
    assert counts(take_in([DRINKING])) == (1, 0, 0, 1)
    assert counts(take_in([DRINKING | {"action": None, "action-date": None}])) == (1, 0, 0, 1)


def test_meetings_are_planned_once_and_other_events_left_out(panel: str) -> None:
    other = SURGERY | {"type": "other"}
    taken = take_in([SURGERY, other])
    assert (counts(taken), taken.left_out) == ((2, 1, 0, 0), 1)
    assert counts(take_in([SURGERY | {"address": "Town hall"}])) == (1, 0, 1, 0)
    assert counts(take_in([SURGERY | {"address": "Town hall"}])) == (1, 0, 0, 1)

    [row] = session.scalars(select(Meeting).where(Meeting.ref.startswith("PUK-")))
    assert (row.starts_at, row.venue, row.status) == (make.at("2099-09-17 11:00"), "Town hall", MeetingStatus.PLANNED)


def test_what_was_given_out_comes_back_and_changes_nothing(panel: str) -> None:
    page = queries.you_said("SV", EVERYTHING, TODAY, policy_on(TODAY), LONDON)
    meetings = [(row.sitting, row.venue) for row in page.panel.meetings]
    events = event_rows(
        "Soham", meetings, NOW - NOW + (make.at("2026-01-01 02:00") - make.at("2026-01-01 00:00")), LONDON
    )

    assert counts(take_in(written(priority_rows(page.rows)).encode())) == (1, 0, 0, 1)
    assert counts(take_in(written(events).encode())) == (2, 0, 0, 2)


def test_what_an_import_said_of_a_person_does_not_go_out_again(panel: str) -> None:
    [row] = published()
    take_in([row | {"action": "<p>Mrs Ward of 12 Fordham Road was told</p>", "action-date": "2099-01-01T00:00:00"}])

    assert published() == []
    [told] = queries.you_said("SV", EVERYTHING, TODAY, policy_on(TODAY), LONDON).rows
    assert told.left_out == [
        "what was done holds what looks like somebody's name",
        "what was done holds what looks like the number of a house",
    ]


def test_what_an_official_sensitive_plan_answers_does_not_go_out(panel: str) -> None:
    [speeding] = session.scalars(select(Priority))
    lead = speeding.panel.lead_team
    plan(lead, acting(Role.PC, lead))
    with transaction():
        speeding.plan = session.scalars(select(Plan)).one()
    assert len(published()) == 1
    with transaction():
        speeding.plan.marking_reason = "A source would be known by it"

    assert published() == []


def test_a_venue_goes_out_with_its_address_and_without_whose_house_or_telephone_it_is() -> None:
    said = {
        venue: event_rows("Soham", [(sitting(), venue)], dt.timedelta(hours=2), LONDON)[0]["address"]
        for venue in ("Library, 4 High Street, CB7 5AA", "Mrs Ward's barn", "Hall, call 01353 720000")
    }

    assert list(said.values()) == ["Library, 4 High Street, CB7 5AA", None, None]


def sitting() -> Sitting:
    return Sitting(1, "SV-9", NOW, TODAY, MeetingStatus.PLANNED, True)


def published() -> list[dict[str, object]]:
    return priority_rows(queries.you_said("SV", EVERYTHING, TODAY, policy_on(TODAY), LONDON).rows)


def test_everything_wrong_is_said_row_by_row_and_nothing_is_changed(panel: str) -> None:
    wrong = [
        DRINKING,
        DRINKING,
        DRINKING | {"issue": "<p> </p>", "issue-date": "8 October 2015", "action-date": "soon"},
        {"issue": "x"},
        7,
        SURGERY | {"start_date": "2026-03-29T01:30:00"},
        SURGERY | {"end_date": "2099-09-17T11:00:00", "address": "x" * 201},
    ]
    with pytest.raises(BadInput) as answer:
        take_in(wrong)

    said = [str(problem) for problem in answer.value.problems]
    assert said[0] == "public.json:2: row 1 says the same"
    assert said[1:4] == [
        'public.json:3: issue: the text of the priority is missing ("<p> </p>")',
        'public.json:3: issue-date: must be a day and time like 2016-04-14T00:00:00 ("8 October 2015")',
        'public.json:3: action-date: must be a day and time like 2016-04-14T00:00:00, or null ("soon")',
    ]
    assert [line.split(":")[1] for line in said[4:]] == ["4", "5", "6", "7", "7"]
    assert session.scalars(select(Priority).where(Priority.ref.startswith("PUK-"))).all() == []
    for content in (b"\xff", b"{}", b"nonsense", b"[" * 100_000):
        with pytest.raises(BadInput):
            take_in(content)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda each: st.lists(each) | st.dictionaries(st.text(), each),
)


@given(
    JSON
    | st.lists(
        st.builds(
            lambda row, key, value: {**row, key: value},
            st.sampled_from([DRINKING, SURGERY]),
            st.sampled_from([*DRINKING, *SURGERY]),
            JSON,
        )
    )
)
def test_whatever_a_file_holds_is_judged_and_never_breaks(rows: object) -> None:
    found = read_public("f.json", json.dumps(rows).encode(), LONDON)

    assert len(found.priorities) + len(found.meetings) + found.left_out <= found.read
    for priority in found.priorities:
        assert 0 < len(priority.title) <= 200


def test_the_command_says_what_came_of_it_and_refuses_a_panel_that_is_not_there(
    app: Flask, panel: str, tmp_path: Path
) -> None:
    path = tmp_path / "priorities.json"
    path.write_text(json.dumps([DRINKING]))

    def run(code: str) -> Any:
        made = ScriptInfo(create_app=lambda: app, set_debug_flag=False)
        return CliRunner().invoke(npt, ["import-police-uk", str(path), "--panel", code], obj=made)

    assert run("SV").output == "1 rows read, 1 new, 0 changed, 0 unchanged\n"
    assert run("SV").output == "1 rows read, 0 new, 0 changed, 1 unchanged\n"
    assert str(run("none").exception) == 'PANEL: there is no panel of this code ("none")'


def test_an_administrator_hands_in_a_file_and_is_told_what_is_wrong_or_what_came_of_it(
    panel: str, sign_in: Callable[[User], FlaskClient]
) -> None:
    browser = sign_in(make.user(Role.ADMINISTRATOR))

    def hand_in(rows: object) -> str:
        file = (io.BytesIO(json.dumps(rows).encode()), "p.json")
        token = token_of(browser, "/imports/police-uk")
        typed = {"csrf_token": token, "panel": "SV", "file": file}
        return browser.post("/imports/police-uk", data=typed).text

    assert "p.json:1: issue: the text of the priority is missing" in hand_in([DRINKING | {"issue": ""}])
    assert "1 row read: 1 new, 0 changed, 0 unchanged" in hand_in([DRINKING])
    assert "1 row read: 0 new, 0 changed, 1 unchanged" in hand_in([DRINKING])
    assert "data.police.uk" in browser.get("/imports").text
