"""Reading published files, locating points and comparing a month with itself: functions without a database."""

import datetime as dt
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from npt.core import sheets
from npt.crime.rules import (
    COLUMNS,
    FORCE,
    IN_NO_TEAM,
    By,
    Counted,
    Month,
    Place,
    StreetRow,
    Unit,
    boundary_document,
    compare,
    counted_by,
    crime_json,
    crime_table,
    file_name,
    locate,
    read_boundaries,
    read_street,
)
from npt.crime.rules.figures import span_words
from tests.crime.make import JANUARY, TWO_WARDS, feature, line, shapes, square, street

ROWS = st.builds(
    lambda crime_id, outcome: StreetRow._make(
        [crime_id, "2024-01", "F", None, None, None, None, None, None, "Drugs", outcome, None]
    ),
    st.sampled_from([None, "a", "b", "c"]),
    st.sampled_from([None, "Under investigation", "Charged"]),
)


def problems_of(data: bytes) -> list[str]:
    sheet = sheets.read(JANUARY, data)
    return [str(each) for each in read_street(sheet.name, sheet.sha256, sheet.columns, sheet.rows).problems]


def faults_of(data: bytes) -> list[str]:
    return [str(each) for each in read_boundaries("wards.geojson", "", data).problems]


@given(st.lists(ROWS, max_size=8), st.lists(ROWS, max_size=8))
def test_no_row_is_lost_or_counted_twice_when_a_month_is_held_against_the_one_before(
    before: list[StreetRow], after: list[StreetRow]
) -> None:
    found = compare(before, after)

    assert found.new + found.changed + found.unchanged == len(after)
    assert found.changed + found.unchanged + found.gone == len(before)
    assert found.unchanged == sum((Counter(before) & Counter(after)).values())
    assert found.same == (Counter(before) == Counter(after))


def test_a_crime_whose_outcome_is_known_now_is_the_same_crime_changed() -> None:
    row = StreetRow._make(["a", "2024-01", "F", None, None, None, None, None, None, "Drugs", None, None])

    found = compare([row], [row._replace(outcome="Charged")])

    assert (found.new, found.changed, found.gone) == (0, 1, 0)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (street(line(month="2024-13")), '2: Month: enter a month as YYYY-MM ("2024-13")'),
        (street(line(kind="")), "2: Crime type: this is empty: enter a value"),
        (street(line(at=("0.1", ""))), "2: Latitude: this is empty and the other is not: enter both, or neither"),
        (street(line(at=("181", "52"))), '2: Longitude: enter degrees from -180 to 180, such as 52.205337 ("181")'),
        (street(line(at=("0.1", "north"))), '2: Latitude: enter degrees from -90 to 90, such as 52.205337 ("north")'),
        (street(line(), line(crime_id="x" * 101)), "3: Crime ID: this is longer than 100 characters"),
        (street(columns=COLUMNS[:-1]), "1: Context: this column is missing"),
        (
            street((*line(), "1"), columns=(*COLUMNS, "Ward")),
            "1: Ward: there is no such column in this file: use Crime",
        ),
    ],
)
def test_a_street_file_with_a_mistake_is_answered_with_line_and_column(data: bytes, said: str) -> None:
    assert [each[: len(said) + len(JANUARY) + 1] for each in problems_of(data)] == [f"{JANUARY}:{said}"]


def test_a_month_that_a_spreadsheet_made_a_date_of_is_still_the_month() -> None:
    lines = [(2, line(month="2024-01-01T00:00:00"))]

    assert read_street("x-street.xlsx", "", COLUMNS, lines).rows[0].month == "2024-01"


BOWTIE = {"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]]}


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (
            shapes(feature("E1", "West", BOWTIE)),
            "2: geometry: this shape is not valid: its outline",
        ),
        (
            shapes(feature("E1", "A", square(0.0)), feature("E1", "B", square(1.0))),
            "3: code: the same code",
        ),
        (shapes(feature("E1", "A", {"type": "Point", "coordinates": [0, 0]})), "2: geometry: a ward is a Polygon or a"),
        (shapes(feature("E1", "A", None)), "2: geometry: a ward is a Polygon or a MultiPolygon, and this is nothing"),
        (
            shapes(feature("E1", "A", {"type": "Polygon", "coordinates": [[[0, 0], [1, 1]]]})),
            "2: geometry: this",
        ),
        (shapes(feature("E1", "A", {"type": "Polygon", "coordinates": []})), "2: geometry: this shape is empty"),
        (shapes(feature("E1", "A", square(544000.0, 258000.0))), "2: geometry: these are not longitude and latitude"),
        (shapes(feature("E1", "", square(0.0))), "2: WD13NM: enter the ward's name as a text"),
        (shapes(feature("E1", "A", square(0.0), WD23CD="E9")), "2: code: this ward has more than one: keep one of"),
        (shapes({"type": "Feature", "properties": {"LSOA11CD": "E01"}}), "2: code: this ward has no code: name the"),
        (shapes({"type": "Feature", "geometry": square(0.0)}), "2: properties: a ward has properties"),
        (shapes(crs={"type": "name", "properties": {"name": "EPSG:27700"}}), "1: crs: coordinates must be longitude"),
        (b'{"type":"Topology"}', "1: type: a file of boundaries is a FeatureCollection"),
        (b'{"type":"FeatureCollection",\n"features":[{]}', "2: this is not JSON that can be read"),
        (b"[" * 100_000, "1: this is not JSON that can be read"),
        (b'{"features":' + b"[" * 100_000, " this is not JSON that can be read"),
        (b'{"features":[NaN]}', " this is not JSON that can be read"),
        (b"\xff", "1: this is not UTF-8"),
    ],
)
def test_boundaries_with_a_mistake_are_refused_in_words(data: bytes, said: str) -> None:
    assert faults_of(data)[0].startswith(f"wards.geojson:{said}")


@pytest.mark.parametrize("crs", ["urn:ogc:def:crs:OGC:1.3:CRS84", "EPSG:4326", "urn:ogc:def:crs:EPSG::4326"])
def test_a_file_that_says_it_is_in_longitude_and_latitude_is_taken_at_its_word(crs: str) -> None:
    assert faults_of(shapes(feature("E1", "A", square(0.0)), crs={"type": "name", "properties": {"name": crs}})) == []


def test_a_ward_may_be_named_by_plain_code_and_name_and_lie_in_several_parts() -> None:
    parts = {"type": "MultiPolygon", "coordinates": [square(0.0)["coordinates"], square(5.0)["coordinates"]]}
    data = shapes({"type": "Feature", "properties": {"code": "E1", "name": "Isles"}, "geometry": parts})

    found = read_boundaries("wards.geojson", "", data)

    assert (found.problems, found.boundaries["E1"].name, found.read) == ([], "Isles", 1)
    outlines = {"E1": found.boundaries["E1"].geometry}
    assert locate([("5.5", "0.5"), ("3", "0.5")], outlines)["5.5", "0.5"].ward == "E1"


def test_what_is_written_as_geojson_is_read_as_the_very_same() -> None:
    read = read_boundaries("a.geojson", "", TWO_WARDS).boundaries

    assert read_boundaries("b.geojson", "", boundary_document(read.values())).boundaries == read


OUTLINES = {code: each.geometry for code, each in read_boundaries("a.geojson", "", TWO_WARDS).boundaries.items()}
AXIS = st.decimals(-1, 3, places=2).map(str)


@given(st.lists(st.tuples(AXIS, AXIS), max_size=5))
def test_every_point_is_in_one_ward_or_outside_and_one_without_coordinates_in_none(
    points: list[tuple[str, str]],
) -> None:
    found = locate([*points, (None, None)], OUTLINES)

    assert set(found) == {*points, (None, None)}
    assert found[None, None].place is Place.UNLOCATED
    for x, y in points:
        ward = None
        if 0 <= float(y) <= 1 and 0 <= float(x) <= 2:
            # On the line between both the higher code holds.
            ward = "E2" if float(x) >= 1 else "E1"
        assert (found[x, y].ward, found[x, y].place is Place.WARD) == (ward, ward is not None)


def test_without_boundaries_every_point_is_outside() -> None:
    assert locate([("0.5", "0.5")], {})["0.5", "0.5"].place is Place.OUTSIDE


JAN, MAR = dt.date(2024, 1, 1), dt.date(2024, 3, 1)
COUNTED = [
    Counted(Place.WARD, "E1", "SOH", "S", "Anti-social behaviour", 3),
    Counted(Place.WARD, "E1", "SOH", "S", "Drugs", 1),
    Counted(Place.WARD, "E2", None, None, "Drugs", 5),
    Counted(Place.UNLOCATED, None, None, None, "Drugs", 2),
    Counted(Place.OUTSIDE, None, None, None, "Burglary", 1),
]
UNITS = {By.WARD: "E1 E2 E3", By.TEAM: "ELY SOH", By.BCU: "S", By.FORCE: FORCE}


@pytest.mark.parametrize("by", By)
def test_whatever_crime_is_counted_by_the_total_is_rows_unlocated_and_outside(by: By) -> None:
    report = counted_by(by, JAN, MAR, COUNTED, [Unit(code, code) for code in UNITS[by].split()])

    figures = crime_json(report)
    rows = figures["rows"]
    assert isinstance(rows, list)
    assert sum(row["total"] for row in rows) + 2 + 1 == figures["total"] == 12
    assert [row["code"] for row in rows] == sorted(row["code"] for row in rows)
    assert (IN_NO_TEAM in [row["code"] for row in rows]) == (by in (By.TEAM, By.BCU))
    assert all(row["total"] == sum(row["by_category"].values()) for row in rows)


def test_a_ward_without_crime_has_a_row_of_zero() -> None:
    figures = crime_json(counted_by(By.WARD, JAN, MAR, COUNTED, [Unit("E3", "South")]))

    assert {"code": "E3", "name": "South", "total": 0, "by_category": {}} in figures["rows"]  # type: ignore[operator]
    assert (figures["from"], figures["to"], figures["by"]) == ("2024-01", "2024-03", "ward")
    assert (figures["unlocated"], figures["outside"]) == (2, 1)


def test_every_line_of_the_table_carries_its_source_and_the_last_is_the_total() -> None:
    header, rows = crime_table(counted_by(By.FORCE, JAN, MAR, COUNTED, [Unit(FORCE, "Force")]))

    assert header == ("code", "name", "total", "Anti-social behaviour", "Burglary", "Drugs", "source")
    assert rows[-1][:6] == ("total", "Total", 12, 3, 1, 8)
    assert {row[-1] for row in rows} == {"Source: data.police.uk, Open Government Licence v3.0."}


@pytest.mark.parametrize(
    ("force", "name"),
    [
        ("Cambridgeshire Constabulary", "2024-01-cambridgeshire-street.csv"),
        ("Avon & Somerset Constabulary", "2024-01-avon-and-somerset-street.csv"),
        ("Metropolitan Police Service", "2024-01-metropolitan-street.csv"),
        ("Police", "2024-01-force-street.csv"),
    ],
)
def test_a_month_goes_out_under_the_name_it_is_published_under(force: str, name: str) -> None:
    assert file_name(Month("2024-01", force)) == name


def test_a_span_of_months_is_said_in_words() -> None:
    assert [span_words(JAN, JAN), span_words(JAN, MAR), span_words(dt.date(2023, 12, 1), MAR)] == [
        "January 2024",
        "January to March 2024",
        "December 2023 to March 2024",
    ]
