"""Taking in crime and boundaries on both databases: what is kept, replaced, located anew and put on record."""

from collections import Counter
from pathlib import Path

import pytest
from sqlalchemy import func, select

from npt.audit.queries import history
from npt.core import db
from npt.core.authority import EVERYTHING, system
from npt.core.db import transaction
from npt.crime import queries
from npt.crime.models import StreetCrime
from npt.crime.queries import Narrowing, crimes
from npt.crime.rules import Place
from npt.exchange import services
from tests.conftest import NOW
from tests.crime.make import (
    EAST,
    JANUARY,
    LONDON,
    NOWHERE,
    SEA,
    TWO_WARDS,
    WEST,
    feature,
    line,
    load,
    refused,
    shapes,
    square,
    street,
)

pytestmark = pytest.mark.usefixtures("session")

CRIMES = street(
    line("a", "Drugs", EAST, outcome="Under investigation"),
    line(at=WEST),
    line(at=WEST),
    line("b", "Burglary", NOWHERE),
    line("c", "Burglary", SEA),
)
"""Two reports alike in every column, one crime in the east, one without a location, one at sea."""


def kept() -> int:
    return db.session.scalar(select(func.count()).select_from(StreetCrime)) or 0


def where() -> Counter[tuple[Place, str | None]]:
    return Counter(db.session.execute(select(StreetCrime.place, StreetCrime.ward_code)))


BY_THE_TWO_WARDS = {
    (Place.WARD, "E1"): 2,
    (Place.WARD, "E2"): 1,
    (Place.UNLOCATED, None): 1,
    (Place.OUTSIDE, None): 1,
}


def counts(result: services.FileResult) -> tuple[int, int, int, int]:
    return result.read, result.new, result.changed, result.unchanged


@pytest.mark.parametrize("order", ["together", "crime first", "boundaries first"])
def test_whichever_comes_first_every_line_is_kept_and_in_its_ward(order: str) -> None:
    files = {JANUARY: CRIMES, "wards.geojson": TWO_WARDS}

    if order == "together":
        result = load(files)
        assert list(result) == [JANUARY, "wards.geojson"]
    else:
        for name in sorted(files, reverse=order == "boundaries first"):
            load({name: files[name]})

    assert where() == BY_THE_TWO_WARDS


def test_a_folder_with_crime_and_boundaries_is_taken_in_like_any_other(tmp_path: Path) -> None:
    (tmp_path / JANUARY).write_bytes(CRIMES)
    (tmp_path / "wards.geojson").write_bytes(TWO_WARDS)
    seen: list[tuple[str, int, int]] = []

    with transaction():
        services.load(
            services.at_path(tmp_path),
            actor=system("npt import"),
            at=NOW,
            on=NOW.date(),
            zone=LONDON,
            progress=lambda *step: seen.append(step),
        )

    assert where() == BY_THE_TWO_WARDS
    assert {file: (done, total) for file, done, total in seen} == {JANUARY: (10, 10), "wards.geojson": (4, 4)}


def test_without_boundaries_every_located_crime_is_outside_and_counted_as_such() -> None:
    load({JANUARY: CRIMES})

    assert where() == {(Place.OUTSIDE, None): 4, (Place.UNLOCATED, None): 1}


def test_a_boundary_that_changes_moves_the_crimes_in_the_same_run() -> None:
    load({JANUARY: CRIMES, "wards.geojson": TWO_WARDS})

    result = load({"wards.geojson": shapes(feature("E1", "West", square(0.0, side=0.25)))})

    assert counts(result["wards.geojson"]) == (1, 0, 1, 0)
    assert where() == {(Place.WARD, "E2"): 1, (Place.UNLOCATED, None): 1, (Place.OUTSIDE, None): 3}
    assert [each.details["moved"] for each in history("crimes")] == [2]
    (change, *_) = history("ward_boundary:E1")
    assert change.details["before"]["geometry_sha256"] != change.details["after"]["geometry_sha256"]


def test_a_ward_that_is_only_renamed_moves_nothing() -> None:
    load({JANUARY: CRIMES, "wards.geojson": TWO_WARDS})

    load({"wards.geojson": shapes(feature("E1", "Far West", square(0.0)))})

    assert history("crimes") == []
    assert [each.name for each in queries.boundaries()] == ["Far West", "East"]


def test_the_same_month_again_changes_nothing_in_whatever_order_its_lines_stand() -> None:
    load({JANUARY: CRIMES})
    before = db.session.scalars(select(StreetCrime.id)).all()
    head, *lines = CRIMES.splitlines(keepends=True)

    result = load({"again-street.csv": head + b"".join(reversed(lines))})

    assert counts(result["again-street.csv"]) == (5, 0, 0, 5)
    assert db.session.scalars(select(StreetCrime.id)).all() == before


def test_a_month_loaded_again_replaces_itself_and_no_other() -> None:
    load({JANUARY: CRIMES, "2024-02-x-street.csv": street(line(month="2024-02"))})

    again = street(
        line("a", "Drugs", EAST, outcome="Offender given a caution"), line(at=WEST), line("d", "Robbery", WEST)
    )
    result = load({JANUARY: again})

    assert counts(result[JANUARY]) == (3, 1, 1, 1)
    assert kept() == 4
    (entry, *_) = history(f"file:{JANUARY}")
    assert (entry.details["gone"], entry.details["months"]) == (3, ["2024-01 Cambridgeshire Constabulary"])


def test_two_forces_of_one_month_stand_side_by_side() -> None:
    load({JANUARY: CRIMES, "2024-01-btp-street.csv": street(line(force="British Transport Police"))})

    assert kept() == 6


def test_a_dry_run_says_what_would_be_and_keeps_nothing() -> None:
    with pytest.raises(services.Rehearsed) as rehearsed:
        load({JANUARY: CRIMES, "wards.geojson": TWO_WARDS}, dry_run=True)

    assert [counts(line) for line in rehearsed.value.result.files] == [(5, 5, 0, 0), (2, 2, 0, 0)]
    assert (kept(), queries.boundaries()) == (0, [])


def test_one_file_with_a_mistake_keeps_all_of_the_run_out() -> None:
    said = refused(
        {JANUARY: CRIMES, "wards.geojson": shapes(feature("E1", "A", None)), "bcus.csv": b"code,name\nS,S\n"}
    )

    assert [each.split(": ")[0] for each in said] == ["wards.geojson:2"]
    assert kept() == 0


def test_two_files_of_one_run_may_not_speak_of_the_same_month_or_ward() -> None:
    said = refused({JANUARY: CRIMES, "b-street.csv": CRIMES, "a.geojson": TWO_WARDS, "b.geojson": TWO_WARDS})

    assert said == [
        f'b-street.csv:2: Month: {JANUARY} has this month and force too ("2024-01 Cambridgeshire Constabulary")',
        'b.geojson:2: code: a.geojson has this ward too ("E1")',
        'b.geojson:3: code: a.geojson has this ward too ("E2")',
    ]


def test_each_file_has_one_entry_in_the_record_with_its_counts() -> None:
    load({JANUARY: CRIMES, "wards.geojson": TWO_WARDS})

    for name, read in ((JANUARY, 5), ("wards.geojson", 2)):
        (entry,) = history(f"file:{name}")
        assert (entry.details["name"], entry.details["read"], entry.details["new"]) == (name, read, read)
        assert len(entry.details["sha256"]) == 64


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_what_is_exported_comes_back_without_changing_anything(ending: str) -> None:
    load({JANUARY: CRIMES, "2024-02-x-street.csv": street(line(month="2024-02")), "wards.geojson": TWO_WARDS})

    with transaction():
        files = services.export(["street", "ward-boundaries"], ending, actor=system("npt export"), at=NOW, zone=LONDON)
    result = load({file.name: file.content for file in files})

    assert [file.name for file in files] == [
        f"2024-01-cambridgeshire-street.{ending}",
        f"2024-02-cambridgeshire-street.{ending}",
        "ward-boundaries.geojson",
    ]
    assert all(line.new == line.changed == 0 for line in result.values())
    if ending == "csv":
        assert files[0].content == CRIMES


def test_every_line_is_listed_with_its_ward() -> None:
    load({JANUARY: CRIMES, "wards.geojson": TWO_WARDS})
    (month,) = queries.loaded_months()

    listed = crimes(Narrowing(month.month, month.month), EVERYTHING)

    assert [(row.category, row.ward, row.place) for row in listed] == [
        ("Drugs", "East", Place.WARD),
        ("Anti-social behaviour", "West", Place.WARD),
        ("Anti-social behaviour", "West", Place.WARD),
        ("Burglary", None, Place.UNLOCATED),
        ("Burglary", None, Place.OUTSIDE),
    ]
