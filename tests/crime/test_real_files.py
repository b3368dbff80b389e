"""The published files of Cambridgeshire, January to March 2024, against a count of our own in plain Python.

Source: data.police.uk, Open Government Licence v3.0; ward boundaries: see the data's own README.
"""

import csv
import io
import json
from collections import Counter
from functools import cache
from itertools import pairwise

import pytest
from click.testing import CliRunner

from npt.app import create_app
from npt.core.authority import system
from npt.core.db import transaction
from npt.exchange import services
from npt.reports.cli import report
from npt.settings import Settings
from tests import make
from tests.conftest import NOW
from tests.crime.make import LONDON, REAL_STREET, REAL_WARDS, load, needs_real_files, real_files

pytestmark = [pytest.mark.usefixtures("session"), needs_real_files]

Ring = list[tuple[float, float]]


@cache
def published() -> list[dict[str, str]]:
    return [row for path in REAL_STREET for row in csv.DictReader(io.StringIO(path.read_text("utf-8-sig")))]


@cache
def wards() -> list[tuple[str, list[Ring]]]:
    """Each ward's code and all of its rings. A ray from a point inside crosses them an odd number of times."""
    found = []
    for path in REAL_WARDS:
        for feature in json.loads(path.read_text())["features"]:
            shape = feature["geometry"]
            parts = shape["coordinates"] if shape["type"] == "MultiPolygon" else [shape["coordinates"]]
            found.append((feature["properties"]["WD13CD"], [[(x, y) for x, y, *_ in r] for p in parts for r in p]))
    return found


def crossings(x: float, y: float, ring: Ring) -> int:
    times = 0
    for (x1, y1), (x2, y2) in pairwise(ring):
        if (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
            times += 1
    return times


@cache
def ward_at(longitude: str, latitude: str) -> str | None:
    x, y = float(longitude), float(latitude)
    for code, rings in boxed():
        west, south, east, north, outlines = rings
        if west <= x <= east and south <= y <= north and sum(crossings(x, y, ring) for ring in outlines) % 2:
            return code
    return None


@cache
def boxed() -> list[tuple[str, tuple[float, float, float, float, list[Ring]]]]:
    def box(rings: list[Ring]) -> tuple[float, float, float, float, list[Ring]]:
        xs, ys = [x for ring in rings for x, _ in ring], [y for ring in rings for _, y in ring]
        return min(xs), min(ys), max(xs), max(ys), rings

    return [(code, box(rings)) for code, rings in wards()]


@cache
def counted() -> tuple[Counter[str], Counter[tuple[str, str]], int, int]:
    """Rows by ward, rows by ward and category, rows without a location, rows outside every ward."""
    totals, by_category = Counter[str](), Counter[tuple[str, str]]()
    unlocated = outside = 0
    for row in published():
        ward = ward_at(row["Longitude"], row["Latitude"]) if row["Longitude"] else None
        if ward:
            totals[ward] += 1
            by_category[ward, row["Crime type"]] += 1
        elif row["Longitude"]:
            outside += 1
        else:
            unlocated += 1
    return totals, by_category, unlocated, outside


def test_the_published_quarter_counts_by_ward_as_counted_by_hand_and_goes_out_as_it_came() -> None:
    team = make.team(make.sector(make.bcu("N")), "PRU")
    make.ward(team, "E05002169", "Barnack")
    totals, by_category, unlocated, outside = counted()

    taken = load({**real_files(REAL_STREET), **real_files(REAL_WARDS)})
    app = create_app(Settings(secret_key="k" * 32), connect=False)
    with app.app_context():

        def figures(*words: str) -> dict[str, object]:
            asked = ["crime", "--from", "2024-01", "--to", "2024-03", "--format", "json", *words]
            answer = CliRunner().invoke(report, asked, catch_exceptions=False)
            return json.loads(answer.stdout)  # type: ignore[no-any-return]

        by_ward, by_team, january = figures(), figures("--by", "team"), figures("--to", "2024-01", "--by", "force")

    assert [taken[path.name].new for path in REAL_STREET] == [6_116, 6_499, 6_993]
    rows = by_ward["rows"]
    assert isinstance(rows, list)
    assert {row["code"]: row["total"] for row in rows if row["total"]} == totals
    assert {(r["code"], kind): n for r in rows for kind, n in r["by_category"].items()} == by_category
    assert (len(rows), by_ward["unlocated"], by_ward["outside"]) == (len(wards()), unlocated, outside)
    assert by_ward["total"] == by_team["total"] == 19_608
    assert january["total"] == 6_116
    teams = by_team["rows"]
    assert isinstance(teams, list)
    assert [(row["code"], row["total"]) for row in teams] == [
        ("", sum(totals.values()) - totals["E05002169"]),
        ("PRU", totals["E05002169"]),
    ]
    assert exported_as_published()


def exported_as_published() -> bool:
    """Whether each month goes out as the very bytes in which it was published, and back in without a change."""
    with transaction():
        files = services.export(["street"], "csv", actor=system("npt export"), at=NOW, zone=LONDON)
    again = load({file.name: file.content for file in files})
    return {f.name: f.content for f in files} == real_files(REAL_STREET) and not any(
        line.new or line.changed for line in again.values()
    )
