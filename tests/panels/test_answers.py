"""You said, we did: what residents are told, what they must not be, and the same in the shape of data.police.uk."""

import csv
import datetime as dt
import io
import json
from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.exc import NoResultFound

from npt.accounts.models import User
from npt.audit.queries import history
from npt.core.authority import EVERYTHING, Actor, Role, Scope
from npt.core.db import transaction
from npt.core.errors import Refused
from npt.demo.rules.panels import SOHAM, WISHES
from npt.demo.rules.told import DONE as INVENTED
from npt.panels import queries, services
from npt.panels.rules.answers import STANDS, obstacles_to_answer, personal_in
from npt.panels.rules.police_uk import EVENT_KEYS, PRIORITY_KEYS, paragraphs, plain_lines
from npt.panels.rules.vocabulary import ADOPTED, MeetingStatus, PriorityState
from npt.panels.services import NewAnswer
from npt.policy.cli import start_policy
from npt.policy.queries import policy_on
from npt.problem_solving.rules.wording import FORENAMES, PLACES
from npt.settings import ROOT
from tests import make
from tests.conftest import NOW, TODAY, post
from tests.panels.test_views import page
from tests.staffing.test_views_units import statements, words

SignIn = Callable[[User], FlaskClient]
LONDON = ZoneInfo("Europe/London")
DONE = NewAnswer("Speed checks twice a week.\nA sign was put up.", "Two in three keep to 30")


class Area:
    """Soham leads a panel that adopted two things and raised a third."""

    def __init__(self) -> None:
        with transaction():
            start_policy()
        self.soham = make.team(make.sector(code="EC"), "SOH", "Soham")
        self.panel = make.panel(self.soham, code="SV")
        self.held = make.meeting(self.panel, "2026-09-17 18:00", ref="SV-1")
        self.speeding = make.priority(self.panel, self.held, PriorityState.IN_PROGRESS)
        self.mopeds = make.priority(self.panel, self.held, PriorityState.PUT_FORWARD, "Mopeds <b>at night</b>")
        self.raised = make.priority(self.panel, None, PriorityState.RAISED, "Litter")
        self.sergeant = Actor("Sgt Okafor", Role.SERGEANT, Scope(team_ids=frozenset({self.soham.id})), 7)


@pytest.fixture
def area(session: object) -> Area:
    return Area()


def tell(area: Area, new: NewAnswer = DONE, actor: Actor | None = None, of: int | None = None) -> bool:
    with transaction():
        return services.answer_priority(of or area.speeding.id, new, actor=actor or area.sergeant, at=NOW, on=TODAY)


def told() -> queries.YouSaidPage:
    return queries.you_said("SV", EVERYTHING, TODAY, policy_on(TODAY), LONDON)


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("Write to jo@example.org", "an email address"),
        ("Ring 01353 720 123", "a telephone number"),
        ("The blue van AB12 CDE", "a vehicle's number"),
        ("Near CB7 5HA", "a postcode"),
        ("Ask PC 1432", "an officer's number"),
        ("Mrs Ward was told", "somebody's name"),
        ("PC A. Rahman called", "somebody's name"),
        ("John Smith was told to move on", "somebody's name (John Smith)"),
        ("We spoke to Karen O'Neill's son", "somebody's name"),
        ("Daniel R. Hughes lives there", "somebody's name (Daniel R. Hughes)"),
        ("The tenants of 14 Clay Street", "the number of a house"),
    ],
)
def test_what_would_tell_of_a_person_is_refused_by_name(text: str, what: str) -> None:
    [reason] = obstacles_to_answer(PriorityState.IN_PROGRESS, text, None)

    assert what in reason.message
    assert reason.field == "done"


@pytest.mark.parametrize(
    "text",
    [
        "Cars at 40 mph on Fordham Road",
        "12 checks in 6 weeks",
        "The A10 at Ely Road",
        "PCSO patrols",
        "The PC and an inspector came",
        "Outside the Oliver Cromwell, and in Thomas Clarkson Academy",
        "Henry Morris Road and St Peter's",
        "",
    ],
)
def test_what_tells_of_nobody_is_not(text: str) -> None:
    assert personal_in(text) == []


FORENAME = st.sampled_from(sorted(FORENAMES))
SURNAME = st.from_regex(r"[A-Z][a-z]{2,11}", fullmatch=True).filter(lambda name: name not in PLACES)


@given(FORENAME, SURNAME, st.sampled_from(["{} was seen", "We told {}, who left", "Bins of {}.", "{}"]))
def test_a_usual_forename_with_a_surname_is_somebodys_name_unless_a_place_is_known_by_it(
    forename: str, surname: str, said: str
) -> None:
    name = f"{forename} {surname}"

    assert personal_in(said.format(name)) == [f"somebody's name ({name})"]
    assert personal_in(said.format(name), {f"{name} and Villages".upper()}) == []
    assert personal_in(said.format(name), {f"{surname} and Villages"}) == [f"somebody's name ({name})"]


def test_no_ward_of_the_county_no_invented_priority_and_nothing_invented_for_residents_is_taken_for_somebody() -> None:
    with (ROOT / "npt" / "demo" / "files" / "wards.csv").open(encoding="utf-8") as file:
        wards = {row["name"] for row in csv.DictReader(file)}
    told = [text for pair in INVENTED.values() for text in pair] + [
        text for w in (*WISHES, *SOHAM) for text in (w.title, w.detail)
    ]

    assert len(wards) > 100
    assert {ward for ward in wards if personal_in(f"Bicycles stolen in {ward}, most at night")} == set()
    assert {text for text in told if personal_in(text)} == set()


def test_a_ward_that_is_called_like_somebody_can_be_told_of_and_somebody_else_not(area: Area) -> None:
    make.ward(area.soham, name="Martin Hussingtree")
    tell(area, NewAnswer("Gates at Martin Hussingtree", None))

    with pytest.raises(Refused, match=r"somebody's name \(Martin Ashby\)"):
        tell(area, NewAnswer("Martin Ashby has left Martin Hussingtree", None))


def test_every_state_a_panel_can_bring_about_has_words_for_residents() -> None:
    assert set(STANDS) == ADOPTED


@given(st.text(), st.text())
def test_nothing_written_into_a_text_becomes_markup_and_what_is_published_reads_back(title: str, detail: str) -> None:
    published = paragraphs(title, detail)

    assert "<" not in published.replace("<p>", "").replace("</p>", "")
    assert paragraphs(*plain_lines(published)) == paragraphs(*plain_lines(paragraphs(*plain_lines(published))))


def test_scripts_tags_and_entities_of_a_published_text_are_taken_out() -> None:
    markup = '<p onclick="x()">To reduce&nbsp;drinking</p><script>x()</script><p>near the <b>bridge</b> &amp; lock</p>'

    assert plain_lines(markup) == ["To reduce drinking", "near the bridge & lock"]


def test_residents_are_told_once_and_a_change_is_in_the_record(area: Area) -> None:
    assert tell(area)
    assert not tell(area)
    assert tell(area, NewAnswer(DONE.done, None))

    [row] = [each for each in told().rows if each.answer]
    assert row.answer is not None
    assert (row.answer.done, row.answer.result, row.answer.on, row.answer.by) == (DONE.done, None, TODAY, "Sgt Okafor")
    first, *_ = history(f"priority:{area.speeding.ref}")
    assert first.details == {"before": {"result": DONE.result}, "after": {"result": None}}


def test_nobody_answers_what_the_panel_has_not_adopted_nor_for_another_team(area: Area) -> None:
    with pytest.raises(Refused, match="once the panel has adopted it"):
        tell(area, of=area.raised.id)
    with pytest.raises(NoResultFound):
        tell(area, actor=Actor("Sgt Ely", Role.SERGEANT, Scope(team_ids=frozenset({0})), 8))
    assert "Litter" not in [row.title for row in told().rows]


def test_the_page_asks_no_more_often_for_more_priorities(area: Area) -> None:
    with statements() as few:
        told()
    for _ in range(4):
        tell(area, of=make.priority(area.panel, area.held, PriorityState.ADOPTED).id)
    with statements() as many:
        told()

    assert len(many) == len(few)


def test_a_sergeant_writes_it_and_the_chair_reads_it(area: Area, sign_in: SignIn) -> None:
    sergeant, chair = sign_in(make.user(Role.SERGEANT, "SOH")), sign_in(make.user(Role.CHAIR, "SV"))
    path = f"/panels/priorities/{area.speeding.id}/we-did"

    wrong = post(sergeant, path, done="Ring 01353 720 123", result="")
    assert "what looks like a telephone number" in words(wrong.text)
    assert "Ring 01353 720 123" in wrong.text
    assert post(sergeant, path, done=DONE.done, result=DONE.result).location == "/panels/SV/you-said-we-did"

    shown = page(chair, "/panels/SV/you-said-we-did")
    assert "We did: Speed checks twice a week. A sign was put up. So far: Two in three" in words(shown)
    assert "Mopeds &lt;b&gt;at night&lt;/b&gt;" in shown
    assert 'we-did"' not in shown.replace("you-said-we-did", "")
    assert chair.get(path).status_code == 404
    assert "You said, we did" in page(chair, "/panels/SV")
    rows = list(csv.reader(io.StringIO(chair.get("/panels/SV/you-said-we-did?format=csv").text)))
    assert len(rows) == 3


def test_priorities_go_out_in_the_public_shape_and_nothing_else_does(area: Area, sign_in: SignIn) -> None:
    tell(area)
    make.priority(area.panel, area.held, PriorityState.ADOPTED, "Noise at 14 Clay Street")
    browser = sign_in(make.user(Role.CHAIR, "SV"))

    rows: Any = json.loads(browser.get("/panels/SV/police-uk/priorities.json").text)

    assert {tuple(row) for row in rows} == {PRIORITY_KEYS}
    assert {"Clay" in row["issue"] or "Litter" in row["issue"] for row in rows} == {False}
    speeding, mopeds = sorted(rows, key=lambda row: row["action"] is None)
    assert speeding == {
        "action": "<p>Speed checks twice a week.</p><p>A sign was put up.</p><p>Two in three keep to 30</p>",
        "issue-date": "2026-09-17T00:00:00",
        "action-date": "2026-11-12T00:00:00",
        "issue": "<p>Speeding on Fordham Road</p>",
    }
    assert (mopeds["action"], mopeds["action-date"]) == (None, None)
    assert mopeds["issue"] == "<p>Mopeds &lt;b&gt;at night&lt;/b&gt;</p>"
    assert "is left out" not in page(browser, "/panels/SV/you-said-we-did")


def test_public_meetings_go_out_in_the_public_shape_by_the_station_clock(area: Area, sign_in: SignIn) -> None:
    make.meeting(area.panel, "2026-12-01 19:00", MeetingStatus.PLANNED)
    make.meeting(area.panel, "2026-12-08 19:00", MeetingStatus.CANCELLED)
    make.meeting(area.panel, "2026-12-15 19:00", MeetingStatus.PLANNED, public=False)
    browser = sign_in(make.user(Role.CHAIR, "SV"))

    rows: Any = json.loads(browser.get("/panels/SV/police-uk/events.json").text)

    assert {tuple(row) for row in rows} == {EVENT_KEYS}
    assert [(row["start_date"], row["end_date"]) for row in rows] == [
        ("2026-09-17T19:00:00", "2026-09-17T21:00:00"),
        ("2026-12-01T19:00:00", "2026-12-01T21:00:00"),
    ]
    assert rows[0] | {"start_date": "", "end_date": ""} == {
        "contact_details": {},
        "description": None,
        "title": "Soham and Villages panel",
        "address": "Village College",
        "type": "meeting",
        "start_date": "",
        "end_date": "",
    }
    assert browser.get("/panels/SV/police-uk/none.json").status_code == 404
    assert dt.datetime.fromisoformat(str(rows[0]["start_date"])).tzinfo is None
