"""Neighbourhood profiles: prepared for a meeting, frozen when issued, flagged when they are not."""

import datetime as dt
import hashlib
import html
import json
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError, NoResultFound

from npt.accounts.models import User
from npt.audit.queries import history
from npt.core.authority import EVERYTHING, Actor, Role, Scope
from npt.core.db import bulk_insert, session, transaction
from npt.core.errors import Refused
from npt.core.periods import DAY
from npt.crime.models import CrimeMonth, StreetCrime, WardBoundary
from npt.crime.rules import Place
from npt.flags import queries as flags
from npt.flags.rules import FlagKind
from npt.panels import queries, services
from npt.panels.models import Priority, Profile
from npt.panels.rules.profiles import (
    Content,
    CountLine,
    Demand,
    Due,
    Going,
    Recommendation,
    frozen,
    obstacles_to_issuing,
    profile_findings,
    thawed,
)
from npt.panels.rules.vocabulary import MeetingStatus, PriorityState
from npt.panels.services import NewRecommendation, ProfileWords
from npt.policy.cli import start_policy
from npt.policy.queries import policy_on
from tests import make
from tests.conftest import NOW, TODAY, post
from tests.panels.test_views import page
from tests.staffing.make import a_policy
from tests.staffing.test_views_units import statements, words

SignIn = Callable[[User], FlaskClient]
LONDON = ZoneInfo("Europe/London")
WORDS = ProfileWords("Three street surgeries and a school visit.", "Asked 41: mopeds come first.")
OIL = NewRecommendation("Theft of heating oil", "Farms on the fen edge", "Five tanks since October")
SOME_DAY = st.dates(dt.date(2020, 1, 1), dt.date(2030, 1, 1))


class Area:
    """Soham leads a panel that meets in six days; it has adopted one thing, and a ward of its has some crime."""

    def __init__(self) -> None:
        with transaction():
            start_policy()
        self.soham = make.team(make.sector(code="EC"), "SOH", "Soham")
        self.panel = make.panel(self.soham, code="SV")
        held = make.meeting(self.panel, "2026-09-17 18:00", ref="SV-1")
        self.ahead = make.meeting(self.panel, "2026-11-18 19:00", MeetingStatus.PLANNED, ref="SV-2")
        make.priority(self.panel, held, PriorityState.IN_PROGRESS)
        self.sergeant = Actor("Sgt Okafor", Role.SERGEANT, Scope(team_ids=frozenset({self.soham.id})), 7)

    def crime(self, *months: str) -> None:
        """Two lines of each month in Soham North, one of them anti-social behaviour."""
        ward = make.ward(self.soham, "SN")
        make.keep(
            WardBoundary(code="SN", name="Soham North", geometry="{}", file="w.geojson", sha256="0" * 64, loaded_at=NOW)
        )
        for month in months:
            first = dt.date.fromisoformat(f"{month}-01")
            with transaction():
                row = CrimeMonth(
                    month=first,
                    last_day=first + 27 * DAY,
                    force="cambs",
                    file=f"{month}-street.csv",
                    sha256="0" * 64,
                    loaded_at=NOW,
                )
                session.add(row)
                session.flush()
                bulk_insert(
                    StreetCrime,
                    [
                        {
                            "crime_month_id": row.id,
                            "crime_type": kind,
                            "place": Place.WARD,
                            "ward_code": ward.code,
                            "falls_within": "cambs",
                            "longitude": "0.33",
                            "latitude": "52.33",
                        }
                        for kind in ("Anti-social behaviour", "Burglary")
                    ],
                )


@pytest.fixture
def area(session: object) -> Area:
    return Area()


def prepare(area: Area, said: ProfileWords = WORDS) -> None:
    with transaction():
        services.prepare_profile(area.ahead.id, said, actor=area.sergeant, at=NOW)


def recommend(area: Area, new: NewRecommendation = OIL) -> None:
    with transaction():
        services.recommend(area.ahead.id, new, actor=area.sergeant, at=NOW)


def issue(area: Area, at: dt.datetime = NOW, actor: Actor | None = None) -> Profile:
    with transaction():
        return services.issue_profile(
            area.ahead.id, actor=actor or area.sergeant, at=at, on=TODAY, policy=policy_on(TODAY), zone=LONDON
        )


def shown(area: Area, scope: Scope = EVERYTHING) -> queries.ProfilePage:
    return queries.profile_page(area.ahead.id, scope, TODAY, policy_on(TODAY), LONDON)


LINES = st.builds(CountLine, st.text(max_size=5), st.text(max_size=9), st.integers(0), st.none() | st.integers(0))
CONTENTS = st.builds(
    Content,
    panel=st.text(),
    meeting=st.text(),
    meeting_on=SOME_DAY,
    version=st.integers(1),
    activity=st.text(),
    residents=st.text(),
    demand=st.none()
    | st.builds(
        Demand,
        first=SOME_DAY,
        last=SOME_DAY,
        before_first=SOME_DAY,
        before_last=SOME_DAY,
        wards=st.lists(LINES, max_size=3).map(tuple),
        kinds=st.lists(LINES, max_size=3).map(tuple),
        total=LINES,
        missing=st.lists(SOME_DAY, max_size=2).map(tuple),
        undrawn=st.lists(st.text(max_size=5), max_size=2).map(tuple),
    ),
    going=st.lists(
        st.builds(Going, st.text(), st.text(), st.none() | SOME_DAY, st.none() | st.text(), st.none() | st.text()),
        max_size=3,
    ).map(tuple),
    recommended=st.lists(st.builds(Recommendation, st.text(), st.none() | st.text(), st.text()), max_size=3).map(tuple),
)


@given(CONTENTS)
def test_what_is_frozen_says_the_same_when_it_is_read_again(content: Content) -> None:
    assert thawed(frozen(content)) == content
    assert frozen(thawed(frozen(content))) == frozen(content)


@given(CONTENTS, st.none() | CONTENTS, st.sampled_from(MeetingStatus))
def test_a_profile_is_issued_only_when_whole_and_for_a_meeting_that_can_have_one(
    content: Content, before: Content | None, status: MeetingStatus
) -> None:
    reasons = list(obstacles_to_issuing(content, status, before, set()))

    if not reasons:
        assert content.activity and content.residents  # noqa: PT018 - one condition
        assert status is MeetingStatus.PLANNED or (status is MeetingStatus.HELD and before is not None)
    if before is not None:
        assert any("Nothing differs" in each.message for each in reasons) is (
            replace(before, version=0) == replace(content, version=0)
        )


@given(st.lists(st.tuples(st.sampled_from("AB"), st.integers(-20, 20)), max_size=8))
def test_a_panel_is_flagged_once_from_seven_days_before_its_next_meeting_without_a_profile(
    dues: list[tuple[str, int]],
) -> None:
    found = list(profile_findings([Due(c, c, 1, TODAY + d * DAY) for c, d in dues], {1}, a_policy(), TODAY))

    near = {code for code, days in dues if 0 <= days <= 7}
    assert sorted(each.subject for each in found) == sorted(near)
    for each in found:
        assert each.figure == str(min(days for code, days in dues if code == each.subject and 0 <= days <= 7))
        assert (each.kind, each.threshold, each.owner_role) == (FlagKind.PROFILE_NOT_ISSUED, "7", Role.SERGEANT)


def test_the_nightly_check_flags_a_profile_until_it_is_issued_and_a_second_run_changes_nothing(area: Area) -> None:
    def check(on: dt.date) -> list[str]:
        with transaction():
            services.flag_panels(on, policy_on(on), LONDON, actor=area.sergeant, at=NOW)
        wanted = {FlagKind.PROFILE_NOT_ISSUED}
        return [flag.figure for flag in flags.open_flags(wanted)]

    assert check(dt.date(2026, 11, 10)) == []
    assert check(dt.date(2026, 11, 11)) == ["7"]
    assert check(TODAY) == ["6"]
    assert check(TODAY) == ["6"]
    prepare(area)
    issue(area)
    assert flags.open_flags({FlagKind.PROFILE_NOT_ISSUED}) == [], "it is not asked for until tomorrow's check"
    assert check(TODAY) == []


def test_an_issued_profile_is_frozen_and_the_database_itself_refuses_to_alter_it(area: Area) -> None:
    area.crime("2026-06", "2026-07", "2026-08")
    prepare(area)
    recommend(area)
    row = issue(area)

    assert row.content is not None
    assert row.sha256 == hashlib.sha256(row.content.encode()).hexdigest()
    [issued] = shown(area).issued
    content = issued.content
    assert (content.activity, content.recommended[0].reason) == (WORDS.activity, OIL.reason)
    assert content.demand is not None
    assert [(line.name, line.now, line.before) for line in content.demand.wards] == [("Soham North", 6, None)]
    assert [(line.name, line.now) for line in content.demand.kinds] == [("Anti-social behaviour", 3), ("Burglary", 3)]
    assert next(entry.event for entry in history("profile:SV-2")) == "profile.issued"
    for statement in ("UPDATE profiles SET content = 'x'", "DELETE FROM profiles"):
        with pytest.raises((DBAPIError, Refused)), transaction():
            session.execute(text(statement))
    assert shown(area).issued == [issued]


def test_a_month_nobody_loaded_is_named_and_nothing_is_compared_with_months_that_are_not_all_there(area: Area) -> None:
    area.crime("2026-03", "2026-05", "2026-06", "2026-08")

    draft = shown(area, area.sergeant.scope).draft

    assert draft is not None
    assert draft.demand is not None
    assert draft.demand.missing == (dt.date(2026, 7, 1),)
    assert [(line.name, line.now, line.before) for line in draft.demand.wards] == [("Soham North", 4, None)]


def test_a_ward_without_a_boundary_is_named_and_not_told_to_be_quiet(area: Area) -> None:
    area.crime("2026-08")
    make.ward(area.soham, "SX", name="Soham Fen")

    draft = shown(area, area.sergeant.scope).draft

    assert draft is not None
    assert draft.demand is not None
    assert [line.name for line in draft.demand.wards] == ["Soham North"]
    assert draft.demand.undrawn == ("Soham Fen",)


def test_each_count_leads_to_as_many_lines_in_the_wards_of_the_panel(area: Area, sign_in: SignIn) -> None:
    area.crime("2026-06", "2026-07", "2026-08")
    sergeant = sign_in(make.user(Role.SERGEANT, "SOH"))
    shown = page(sergeant, f"/panels/meetings/{area.ahead.id}/profile/prepare")

    linked = re.findall(r'href="(/crime/records[^"]*)">(\d+)</a>', shown)

    assert [count for _, count in linked] == ["6", "6", "3", "3", "6"]
    for address, count in linked:
        assert "panel=SV" in address
        assert f"{count} records" in words(page(sergeant, html.unescape(address)))


def test_what_it_recommends_goes_to_the_panel_once_and_stays_there(area: Area) -> None:
    prepare(area)
    recommend(area)
    assert session.scalars(select(Priority).filter_by(title=OIL.title)).all() == []
    issue(area)

    [priority] = session.scalars(select(Priority).filter_by(title=OIL.title))
    assert (priority.state, priority.detail) == (PriorityState.RECOMMENDED, OIL.detail)
    assert priority.source == "Profile for the meeting of 2026-11-18"

    prepare(area, replace(WORDS, residents="Asked 44."))
    assert issue(area, NOW + dt.timedelta(hours=1)).version == 2
    assert len(session.scalars(select(Priority).filter_by(title=OIL.title)).all()) == 1
    assert [each.version for each in shown(area).issued] == [2, 1]


def test_everything_in_the_way_is_said_at_once(area: Area) -> None:
    recommend(area, replace(OIL, title="Speeding on Fordham Road"))
    with pytest.raises(Refused) as answer:
        issue(area)

    assert [reason.message for reason in answer.value.reasons] == [
        "Say what the team did since the panel last met",
        "Say what residents told the team",
        "The panel has “Speeding on Fordham Road” already. Take it out of what is recommended",
    ]
    prepare(area)
    [row] = shown(area).recommendations
    with transaction():
        services.drop_recommendation(row.id, actor=area.sergeant, at=NOW)
    issue(area)
    with pytest.raises(Refused, match="Nothing differs from version 1"):
        issue(area)


def test_a_profile_says_nothing_of_a_person_and_nothing_twice(area: Area) -> None:
    with pytest.raises(Refused, match="a telephone number"):
        prepare(area, replace(WORDS, residents="Ring Mrs Dunn on 01353 720 123"))
    recommend(area)
    with pytest.raises(Refused, match="recommends it already"):
        recommend(area)


def test_nobody_prepares_a_profile_for_another_team_or_of_a_meeting_that_is_over(area: Area) -> None:
    stranger = Actor("Sgt Ely", Role.SERGEANT, Scope(team_ids=frozenset({0})), 8)
    with pytest.raises(NoResultFound):
        issue(area, actor=stranger)
    held = session.scalars(select(Profile)).all()
    assert held == []
    area.ahead = make.meeting(area.panel, "2026-10-01 18:00", ref="SV-3")
    with pytest.raises(Refused, match="has been held"):
        prepare(area)


def test_the_page_asks_no_more_often_for_more_versions(area: Area) -> None:
    area.crime("2026-08")
    prepare(area)
    recommend(area)
    issue(area)
    with statements() as few:
        shown(area)
    for number in range(3):
        prepare(area, replace(WORDS, residents=f"Asked {number}."))
        recommend(area, replace(OIL, title=f"Oil {number}"))
        issue(area)
    with statements() as many:
        shown(area)

    assert len(many) == len(few)


def test_a_constable_prepares_a_sergeant_issues_and_the_chair_reads_it(area: Area, sign_in: SignIn) -> None:
    constable, sergeant = sign_in(make.user(Role.PC, "SOH")), sign_in(make.user(Role.SERGEANT, "SOH"))
    chair, path = sign_in(make.user(Role.CHAIR, "SV")), f"/panels/meetings/{area.ahead.id}/profile"
    typed: Any = {"activity": WORDS.activity, "residents": WORDS.residents}

    assert "No profile of this meeting is issued" in page(chair, path)
    assert "Enter what the team did" in post(constable, f"{path}/prepare", **{**typed, "activity": ""}).text
    assert post(constable, f"{path}/prepare", **typed).location == f"{path}/prepare"
    oil: Any = {"title": OIL.title, "detail": "", "reason": OIL.reason}
    assert "Enter why" in post(constable, f"{path}/recommend", **{**oil, "reason": ""}).text
    assert post(constable, f"{path}/recommend", **oil).status_code == 302
    assert constable.get(f"{path}/issue").status_code == 404
    [row] = shown(area).recommendations
    change = f"{path}/recommendations/{row.id}"
    assert change in page(constable, f"{path}/prepare")
    assert post(constable, change, **{**oil, "title": "Oil"}).status_code == 302
    assert "No profile of this meeting is issued" in page(chair, path)

    assert "Issue this profile" in page(sergeant, f"{path}/issue")
    assert post(sergeant, f"{path}/issue").location == path
    read = words(page(chair, path))
    for said in (
        WORDS.activity,
        WORDS.residents,
        "Oil",
        f"Why: {OIL.reason}",
        "SHA-256",
        "No recorded crime is loaded",
    ):
        assert said in read
    assert "/prepare" not in chair.get(path).text
    assert chair.get(f"{path}/prepare").status_code == 404
    kept = chair.get(f"{path}?version=1&format=json")
    assert hashlib.sha256(kept.data).hexdigest() in read
    assert json.loads(kept.text)["version"] == 1
    assert chair.get(f"{path}?version=2").status_code == 404
    assert "Nothing differs from version 1" in page(sergeant, f"{path}/issue")
    assert sergeant.get(change).status_code == 404
