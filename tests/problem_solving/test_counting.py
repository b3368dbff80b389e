"""Counts of a plan taken from the published files of street-level crime."""

import datetime as dt
from collections.abc import Callable, Collection, Mapping
from dataclasses import replace

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from npt.accounts.models import User
from npt.core.authority import Role
from npt.core.db import transaction
from npt.core.errors import Refused
from npt.core.periods import add_months
from npt.crime import queries as crime
from npt.policy.cli import start_policy
from npt.problem_solving import queries, services
from npt.problem_solving.queries.counting import counting_of
from npt.problem_solving.rules.counting import Area, Asked, Span, obstacles_to_counting
from npt.problem_solving.rules.vocabulary import Method, Stage
from npt.problem_solving.services import NewImpact
from tests import make
from tests.conftest import NOW, TODAY, post
from tests.crime.make import (
    EAST,
    NOWHERE,
    REAL_STREET,
    REAL_WARDS,
    SEA,
    TWO_WARDS,
    WEST,
    line,
    load,
    needs_real_files,
    real_files,
    street,
)
from tests.crime.test_real_files import published, ward_at
from tests.problem_solving import make as plans
from tests.problem_solving.make import LEAST, acting

SignIn = Callable[[User], FlaskClient]
JANUARY, FEBRUARY, MARCH = (dt.date(2024, month, 1) for month in (1, 2, 3))
ASKED = Asked(Span(JANUARY, JANUARY), Span(FEBRUARY, FEBRUARY), {Area.TREATED: ("E1",), Area.COMPARISON: ("E2",)})
LOADED = (JANUARY, FEBRUARY)


def reasons(asked: Asked, loaded: Collection[dt.date] = LOADED) -> list[str]:
    return [each.message for each in obstacles_to_counting(asked, loaded, {"E1", "E2", "E3", "E4"})]


def wards(**more: tuple[str, ...]) -> Mapping[Area, Collection[str]]:
    return {**ASKED.wards, **{Area(name): codes for name, codes in more.items()}}


def test_equal_months_apart_and_loaded_of_wards_each_in_one_area_are_counted() -> None:
    assert reasons(ASKED) == []
    assert reasons(replace(ASKED, wards=wards(displacement=("E3",), control=("E4",)))) == []


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        (replace(ASKED, after=Span(JANUARY, JANUARY)), "first month after the months before"),
        (replace(ASKED, after=Span(FEBRUARY, MARCH)), "as many months after as before"),
        (replace(ASKED, before=Span(FEBRUARY, JANUARY)), "last month that is not before the first"),
        (replace(ASKED, after=Span(MARCH, MARCH)), "No file is loaded of March 2024"),
        (replace(ASKED, wards=wards(comparison=())), "Choose the wards of the comparison area"),
        (replace(ASKED, wards=wards(comparison=("E1",))), "in one area only"),
        (replace(ASKED, wards=wards(comparison=("XX",))), "that there is a boundary of"),
        (replace(ASKED, wards=wards(displacement=("E3",))), "needs its control"),
    ],
)
def test_what_would_not_be_comparable_is_refused_in_words(asked: Asked, told: str) -> None:
    assert any(told in reason for reason in reasons(asked)), reasons(asked)


@given(st.integers(0, 40), st.integers(0, 40), st.integers(0, 40))
def test_spans_are_counted_only_when_they_are_as_long_and_do_not_touch(gap: int, one: int, two: int) -> None:
    first = Span(JANUARY, add_months(JANUARY, one))
    start = add_months(JANUARY, gap)
    second = Span(start, add_months(start, two))
    loaded = [add_months(JANUARY, month) for month in range(90)]

    sound = not reasons(replace(ASKED, before=first, after=second), loaded)

    assert sound == (one == two and gap > one)


FILES = {
    "2024-01-cambridgeshire-street.csv": street(
        *[line(at=WEST)] * 4, line("a" * 64, "Burglary", WEST), *[line(at=EAST)] * 3, line(at=NOWHERE), line(at=SEA)
    ),
    "2024-02-cambridgeshire-street.csv": street(
        *[line(at=WEST, month="2024-02")] * 2, *[line(at=EAST, month="2024-02")] * 3, line(at=NOWHERE, month="2024-02")
    ),
    "wards.geojson": TWO_WARDS,
}


@pytest.mark.usefixtures("session")
def test_counts_are_filled_in_with_where_they_come_from_until_somebody_types_others() -> None:
    load(FILES)
    team = make.team()
    pc = acting(Role.PC, team)
    ref = plans.plan(team, pc, Stage.ASSESSMENT)
    with transaction():
        services.count_from_files(ref, ASKED, actor=pc, at=NOW, least=LEAST)

    page = queries.plan_page(ref, pc, TODAY)
    assert page.measure is not None
    counts = page.measure.counts
    assert (page.measure.method, page.measure.compared_with) == (Method.AREA, "East")
    assert [counts[f"{area}_{when}"] for area in ("treated", "comparison") for when in ("before", "after")] == [
        5,
        2,
        3,
        3,
    ]
    found = counting_of(page.id, page.measure)
    assert found is not None
    assert (found.unlocated, found.outside, found.without_id) == ((1, 1), (1, 0), 12)
    assert [(ward.name, ward.before, ward.after) for ward in found.wards] == [("East", 3, 3), ("West", 5, 2)]
    with transaction():
        burglary = replace(ASKED, category="Burglary")
        assert services.count_from_files(ref, burglary, actor=pc, at=NOW, least=LEAST)["treated_before"] == 1
    with transaction():
        typed = NewImpact(Method.AREA, treated_before=9, treated_after=2, comparison_before=3, comparison_after=3)
        services.compare(ref, typed, actor=pc, at=NOW, least=LEAST)
    page = queries.plan_page(ref, pc, TODAY)
    assert counting_of(page.id, page.measure) is None


@pytest.mark.usefixtures("session")
def test_nothing_is_counted_before_the_assessment_or_of_months_not_loaded() -> None:
    load(FILES)
    team = make.team()
    pc = acting(Role.PC, team)
    early, late = plans.plan(team, pc, Stage.RESPONSE), plans.plan(team, pc, Stage.ASSESSMENT, "Dark path")

    with pytest.raises(Refused, match="recorded at assessment"), transaction():
        services.count_from_files(early, ASKED, actor=pc, at=NOW, least=LEAST)
    with pytest.raises(Refused, match="No file is loaded of March 2024"), transaction():
        services.count_from_files(late, replace(ASKED, after=Span(MARCH, MARCH)), actor=pc, at=NOW, least=LEAST)


@pytest.mark.usefixtures("client")
def test_a_pc_counts_with_one_button_and_reads_what_lies_in_no_ward(sign_in: SignIn) -> None:
    with transaction():
        start_policy()
    load(FILES)
    team = make.team(code="SOH")
    ref = plans.plan(team, acting(Role.PC, team), Stage.ASSESSMENT)
    pc = sign_in(make.user(Role.PC, "SOH"))
    path = f"/plans/{ref}/counts"
    assert "2 months, January 2024 to February 2024" in pc.get(path).text
    typed = {
        "before_first": "2024-01",
        "before_last": "2024-01",
        "after_first": "2024-02",
        "after_last": "2024-02",
        "treated": "E1",
    }

    refused = post(pc, path, **typed)
    assert "Choose the wards of the comparison area" in refused.text
    assert post(pc, path, **typed, comparison="E2").status_code == 302

    page = pc.get(f"/plans/{ref}").text
    for said in ("Where the counts come from", "1 before, 1 after, of the whole force", "East", "Counts by ward"):
        assert said in page, said


@needs_real_files
@pytest.mark.usefixtures("session")
def test_the_published_months_of_cambridgeshire_count_for_a_plan_as_counted_by_hand() -> None:
    load({**real_files(REAL_STREET), **real_files(REAL_WARDS)})
    team = make.team()
    pc = acting(Role.PC, team)
    ref = plans.plan(team, pc, Stage.ASSESSMENT)
    kind = "Anti-social behaviour"
    first, *rest = [code for code in sorted(crime.boundary_names()) if code > "E05002171"][:4]
    treated, compared = (first,), tuple(rest)
    asked = Asked(Span(JANUARY, JANUARY), Span(MARCH, MARCH), {Area.TREATED: treated, Area.COMPARISON: compared}, kind)
    with transaction():
        figures = services.count_from_files(ref, asked, actor=pc, at=NOW, least=LEAST)

    def by_hand(codes: Collection[str], month: str) -> int:
        rows = [row for row in published() if row["Month"] == month and row["Crime type"] == kind and row["Longitude"]]
        return sum(ward_at(row["Longitude"], row["Latitude"]) in codes for row in rows)

    assert figures == {
        "treated_before": by_hand(treated, "2024-01"),
        "treated_after": by_hand(treated, "2024-03"),
        "comparison_before": by_hand(compared, "2024-01"),
        "comparison_after": by_hand(compared, "2024-03"),
    }
    assert all(figures.values())
    page = queries.plan_page(ref, pc, TODAY)
    found = counting_of(page.id, page.measure)
    assert found is not None
    nowhere = [row for row in published() if row["Crime type"] == kind and not row["Longitude"]]
    for month, number in zip(("2024-01", "2024-03"), found.unlocated, strict=True):
        assert number == sum(row["Month"] == month for row in nowhere)
    assert found.without_id == sum(figures.values())
