"""Agendas and minutes: what they must hold, who writes and reads them, and that what is issued is never changed."""

import datetime as dt
from dataclasses import replace

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.exc import NoResultFound

from npt.audit.queries import history
from npt.core.authority import Actor, Role, Scope
from npt.core.db import transaction
from npt.core.errors import Refused
from npt.panels import queries, services
from npt.panels.models import Meeting
from npt.panels.queries import MinutesVersion
from npt.panels.rules.agenda import Asked, Line, in_order, invitation, model_agenda, obstacles_to_agenda
from npt.panels.rules.minutes import (
    DecisionKind,
    Item,
    differences,
    fingerprint,
    next_number,
    number_key,
    obstacles_to_item,
)
from npt.panels.rules.vocabulary import MeetingStatus, PriorityState
from npt.people.models import Team
from npt.policy.cli import start_policy
from tests import make
from tests.conftest import NOW, TODAY, SignIn, post
from tests.panels.asked import LONDON
from tests.staffing.test_views_units import statements, words

NUMBERS = st.lists(st.integers(1, 99), min_size=1, max_size=4).map(lambda parts: ".".join(map(str, parts)))


class Area:
    """Soham's panel has met once, has one priority going and one to decide on, and meets again."""

    def __init__(self) -> None:
        with transaction():
            start_policy()
        of = make.sector(code="EC")
        self.soham, self.ely = make.team(of, "SOH", "Soham"), make.team(of, "ELY", "Ely")
        self.panel = make.panel(self.soham, self.ely, code="SV")
        self.held = make.meeting(self.panel, "2026-09-17 18:00", ref="SV-1")
        self.ahead = make.meeting(self.panel, "2099-11-26 19:00", MeetingStatus.PLANNED, ref="SV-2")
        self.going = make.priority(self.panel, self.held, PriorityState.IN_PROGRESS)
        self.open = make.priority(self.panel, title="Parking at the surgery")
        self.other = make.priority(make.panel(self.ely, code="EL", name="Ely"))


@pytest.fixture
def area(session: object) -> Area:
    return Area()


def sergeant(*teams: Team) -> Actor:
    return Actor("Sgt Okafor", Role.SERGEANT, Scope(team_ids=frozenset(team.id for team in teams)), 7)


def written(area: Area, *items: Item, issue: bool = False) -> None:
    with transaction():
        services.start_minutes(area.held.id, actor=sergeant(area.soham), at=NOW)
    for item in items:
        with transaction():
            services.add_minute(area.held.id, item, actor=sergeant(area.soham), at=NOW)
    if issue:
        with transaction():
            services.issue_minutes(area.held.id, actor=sergeant(area.soham), at=NOW, on=TODAY, zone=LONDON)


def versions(meeting: Meeting, *, drafts: bool = True) -> list[MinutesVersion]:
    return queries.minutes_of(meeting.id, drafts=drafts)


def reasons(item: Item, others: tuple[str, ...] = (), priorities: tuple[int, ...] = (1,)) -> list[str | None]:
    return [reason.field for reason in obstacles_to_item(item, others, priorities)]


@given(st.lists(NUMBERS, unique=True))
def test_items_stand_in_the_order_of_their_numbers_whatever_order_they_were_written_in(numbers: list[str]) -> None:
    keys = [number_key(line.number) for line in in_order(Line(number, "x") for number in numbers)]

    assert keys == sorted(keys)
    assert all(number_key(next_number(numbers)) > (key[0],) for key in keys)


def test_six_point_two_comes_before_six_point_ten_and_words_are_no_number() -> None:
    assert number_key("6") < number_key("6.2") < number_key("6.10") < number_key("7")
    assert [number_key(text) for text in ("", "six", "0", "6.", "6.0", "1.2.3.4.5")] == [()] * 6


def test_the_model_agenda_has_an_item_for_each_priority_that_goes_on_or_is_to_be_decided() -> None:
    every = [Asked(place, state.value, state) for place, state in enumerate(PriorityState, start=1)]

    lines = model_agenda(every)

    assert lines[0].title == "Apologies"
    assert [line.number for line in lines] == [line.number for line in in_order(lines)]
    assert sum("." not in line.number for line in lines) == 9
    assert [line.title for line in lines if line.number.startswith("3.")] == [
        "adopted",
        "in_progress",
        "put_forward: put forward for sign-off",
        "refused",
        "deferred: put forward for sign-off",
    ]
    assert [line.title for line in lines if line.number.startswith("6.")] == [
        "recommended: to adopt or to decline",
        "raised: to adopt or to decline",
    ]


def test_an_agenda_has_an_item_and_no_number_twice() -> None:
    assert list(obstacles_to_agenda([]))
    assert [r.message for r in obstacles_to_agenda([Line("1", "A"), Line("1", "B"), Line("x", "C")])] == [
        "B: another item has the number 1. Enter another",
        "C: enter a number like 6 or 6.2",
    ]


def test_an_invitation_says_when_where_and_what_about() -> None:
    said = invitation("Soham", "Thursday 26 November 2026, 7:00pm", None, True, [Line("1", "Apologies")])

    assert "When: Thursday 26 November 2026, 7:00pm\nWhere: to be fixed" in said
    assert "1  Apologies" in said
    assert "The agenda follows" in invitation("Soham", "x", "y", False, [])


@pytest.mark.parametrize(
    ("item", "wrong"),
    [
        (Item("6", "x"), []),
        (Item("six", "x"), ["number"]),
        (Item("7", "x"), ["number"]),
        (Item("6", "x", priority_id=2), ["priority_id"]),
        (Item("6", "x", decision=DecisionKind.ADOPT), ["priority_id"]),
        (Item("6", "x", decision=DecisionKind.WITHDRAW, priority_id=1), []),
        (Item("6", "x", decision=DecisionKind.ACTION), ["acts", "due_on"]),
        (Item("6", "x", decision=DecisionKind.ACTION, acts="Soham NPT", due_on=dt.date(2027, 1, 1)), []),
        (Item("6", "x", decision=DecisionKind.OTHER), []),
        (Item("6", "x", acts="Soham NPT"), ["decision"]),
    ],
)
def test_a_decision_in_the_minutes_says_what_it_is_about_and_who_acts_by_when(item: Item, wrong: list[str]) -> None:
    assert reasons(item, ("7",)) == wrong


def test_the_fingerprint_of_minutes_is_of_their_words_and_not_of_the_order_they_were_written_in() -> None:
    items = [Item("6", "x"), Item("6.2", "y", "said")]

    assert fingerprint("M", 1, items) == fingerprint("M", 1, items[::-1])
    assert fingerprint("M", 1, items) != fingerprint("M", 2, items)
    assert fingerprint("M", 1, items) != fingerprint("M", 1, [items[0], replace(items[1], text="other")])
    assert [each.number for each in differences(items, [items[0], Item("7", "z")])] == ["6.2", "7"]


def test_an_agenda_is_kept_for_a_planned_meeting_and_its_changes_are_in_the_record(area: Area) -> None:
    actor = sergeant(area.soham)
    lines = model_agenda(queries.asked_of(area.panel.id))
    with transaction():
        assert services.set_agenda(area.ahead.id, lines, actor=actor, at=NOW)
    with transaction():
        assert not services.set_agenda(area.ahead.id, lines[::-1], actor=actor, at=NOW)
    with transaction():
        assert services.set_agenda(area.ahead.id, lines[:2], actor=actor, at=NOW)

    assert queries.agenda_of(area.ahead.id) == lines[:2]
    assert [line.event for line in history("meeting:SV-2")] == ["agenda.changed", "agenda.prepared"]
    for meeting, wrong, why in (
        (area.held, lines, "held already"),
        (area.ahead, [Line("1", "x", priority_id=area.other.id)], "a priority of this panel"),
        (area.ahead, [], "one item at least"),
    ):
        with pytest.raises(Refused, match=why), transaction():
            services.set_agenda(meeting.id, wrong, actor=actor, at=NOW)


def test_minutes_begin_with_the_agenda_of_a_meeting_that_was_held(area: Area) -> None:
    with pytest.raises(Refused, match="was held"), transaction():
        services.start_minutes(area.ahead.id, actor=sergeant(area.soham), at=NOW)

    written(area)
    written(area)

    [draft] = versions(area.held)
    assert (draft.version, draft.draft, draft.items[0].item.title) == (1, True, "Apologies")
    assert versions(area.held, drafts=False) == []


def test_what_is_issued_is_never_changed_and_a_correction_stands_beside_it(area: Area) -> None:
    actor = sergeant(area.soham)
    decided = Item("6.9", "Parking", "Voted", DecisionKind.DECLINE, None, None, area.open.id)
    written(area)
    with pytest.raises(Refused, match="Nothing is written"), transaction():
        services.issue_minutes(area.held.id, actor=actor, at=NOW, on=TODAY, zone=LONDON)
    written(area, decided, issue=True)

    [issued] = versions(area.held, drafts=False)
    row = next(each for each in issued.items if each.item.number == "6.9")
    assert (row.priority, [each.item for each in issued.decisions]) == ("Parking at the surgery", [decided])
    assert issued.sha256 == fingerprint("SV-1", 1, [each.item for each in issued.items])
    for attempt in (
        lambda: services.add_minute(area.held.id, Item("10", "x"), actor=actor, at=NOW),
        lambda: services.change_minute(row.id, replace(decided, text="Other"), actor=actor, at=NOW),
        lambda: services.remove_minute(row.id, actor=actor, at=NOW),
        lambda: services.issue_minutes(area.held.id, actor=actor, at=NOW, on=TODAY, zone=LONDON),
    ):
        with pytest.raises(Refused, match="corrected version"), transaction():
            attempt()
    with transaction():
        services.correct_minutes(area.held.id, "The vote was wrong", actor=actor, at=NOW)
    with pytest.raises(Refused, match="a draft"), transaction():
        services.correct_minutes(area.held.id, "Again", actor=actor, at=NOW)
    corrected = next(each for each in versions(area.held)[0].items if each.item.number == "6.9")
    with transaction():
        services.change_minute(corrected.id, replace(decided, text="7 to 2"), actor=actor, at=NOW)
        services.issue_minutes(area.held.id, actor=actor, at=NOW, on=TODAY, zone=LONDON)

    assert [(each.version, each.why) for each in versions(area.held, drafts=False)] == [
        (2, "The vote was wrong"),
        (1, None),
    ]
    assert versions(area.held)[1].sha256 == issued.sha256
    [seen] = queries.decisions_seen(actor.scope)
    assert (seen.item.text, seen.panel, seen.priority) == ("7 to 2", "SV", "Parking at the surgery")
    assert queries.decisions_seen(actor.scope, DecisionKind.ADOPT) == []
    assert queries.decisions_seen(Scope()) == []


def test_nobody_but_whoever_runs_the_panel_writes_its_agenda_or_minutes(area: Area) -> None:
    written(area)
    item, other = versions(area.held)[0].items[0], sergeant(area.ely)
    for attempt in (
        lambda: services.set_agenda(area.ahead.id, [Line("1", "x")], actor=other, at=NOW),
        lambda: services.start_minutes(area.held.id, actor=other, at=NOW),
        lambda: services.add_minute(area.held.id, Item("10", "x"), actor=other, at=NOW),
        lambda: services.change_minute(item.id, Item("1", "x"), actor=other, at=NOW),
        lambda: services.remove_minute(item.id, actor=other, at=NOW),
        lambda: services.issue_minutes(area.held.id, actor=other, at=NOW, on=TODAY, zone=LONDON),
        lambda: services.correct_minutes(area.held.id, "x", actor=other, at=NOW),
    ):
        with pytest.raises(NoResultFound), transaction():
            attempt()


def test_an_agenda_is_prepared_on_its_page_from_the_recommended_one(area: Area, sign_in: SignIn) -> None:
    browser: FlaskClient = sign_in(make.user(Role.SERGEANT, "SOH"))
    path = f"/panels/meetings/{area.ahead.id}/agenda"

    shown = browser.get(path).text
    assert "Speeding on Fordham Road" in shown
    assert "Parking at the surgery: to adopt or to decline" in shown
    typed = {"items-0-number": "1", "items-0-title": "Welcome", "items-0-note": "", "items-0-priority": ""}
    more = {"items-1-number": "1", "items-1-title": "Parking", "items-1-priority": str(area.open.id)}
    refused = post(browser, path, **typed, **more)
    assert "Parking: another item has the number 1" in words(refused.text)
    assert 'value="Welcome"' in refused.text
    assert post(browser, path, **typed, **{**more, "items-1-number": "2"}).status_code == 302
    meeting = words(browser.get(f"/panels/meetings/{area.ahead.id}").text)
    assert "1 Welcome 2 Parking" in meeting
    assert "1 Welcome" in words(browser.get(f"/panels/meetings/{area.ahead.id}/invitation").text)


def test_minutes_are_written_issued_and_corrected_on_their_pages(area: Area, sign_in: SignIn) -> None:
    browser, chair = sign_in(make.user(Role.SERGEANT, "SOH")), sign_in(make.user(Role.CHAIR, "SV"))
    reader = sign_in(make.user(Role.SERGEANT, "ELY"))
    path = f"/panels/meetings/{area.held.id}/minutes"
    assert "No minutes of this meeting are issued" in reader.get(path).text
    assert post(browser, f"{path}/start").location == path
    new = f"{path}/items/new"
    assert "is about a priority" in post(browser, new, number="6.9", title="Parking", decision="decline").text
    sent = {"number": "6.9", "title": "Parking", "decision": "decline", "priority_id": str(area.open.id)}
    assert "Enter why the panel declined it" in post(browser, new, **sent).text
    assert post(browser, new, **sent, text="By the council").location == path

    assert "Draft" in chair.get(path).text
    assert "Issue these minutes" not in chair.get(path).text
    assert "Parking" not in reader.get(path).text
    assert "6.9" not in reader.get(f"/panels/meetings/{area.held.id}").text
    assert "Minute added" in chair.get(path).text
    row = next(each for each in versions(area.held)[0].items if each.item.number == "6.9")
    edit = f"/panels/minutes/items/{row.id}/edit"
    assert post(browser, edit, **{**sent, "text": "Nine to none"}).location == path
    first = versions(area.held)[0].items[0]
    assert post(browser, f"/panels/minutes/items/{first.id}/edit", do="remove").location == path
    assert post(browser, f"{path}/issue").location == path
    assert "Nine to none" in reader.get(path).text
    assert "These minutes are issued" in post(browser, edit, **sent).text
    assert "Enter why" in post(browser, f"{path}/correct", why="").text
    assert post(browser, f"{path}/correct", why="A typing error").location == path

    assert "A typing error" not in reader.get(path).text
    assert reader.get(f"{path}?version=2").status_code == 404
    assert "A typing error" in browser.get(f"{path}?version=2").text
    assert "Decline a priority" in browser.get(f"{path}?version=1&format=csv").text
    assert "Parking at the surgery" in words(reader.get("/panels/decisions").text)
    assert "Nine to none" in reader.get("/panels/decisions?kind=decline&format=csv").text
    pack = words(chair.get(f"/panels/meetings/{area.ahead.id}/pack").text)
    assert "Nine to none" in pack
    assert "OFFICIAL" in pack
    for closed in (new, edit, f"{path}/issue", f"{path}/correct"):
        assert chair.get(closed).status_code == reader.get(closed).status_code == 404, closed


def test_the_pages_of_a_meeting_ask_no_more_when_more_was_said(area: Area, sign_in: SignIn) -> None:
    browser = sign_in(make.user(Role.SERGEANT, "SOH"))
    written(area)
    paths = (f"/panels/meetings/{area.held.id}/minutes", f"/panels/meetings/{area.held.id}", "/panels/decisions")
    for path in paths:
        with statements() as few:
            browser.get(path)
        written(area, *(Item(f"{20 + len(path)}.{n}", "x", "y", DecisionKind.OTHER) for n in range(1, 6)))
        with statements() as many:
            browser.get(path)
        assert len(many) == len(few), path
