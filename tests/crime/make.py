"""Small files of street-level crime and of ward boundaries, and the real ones where they are at hand."""

import csv
import io
import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from npt.core.authority import system
from npt.core.db import transaction
from npt.core.errors import BadInput
from npt.crime.rules import COLUMNS
from npt.exchange import services
from npt.exchange.services import FileResult
from npt.settings import ROOT
from tests.conftest import NOW, TODAY

LONDON = ZoneInfo("Europe/London")
FORCE = "Cambridgeshire Constabulary"
DATA = ROOT.parent / "shared" / "data"
REAL_STREET = sorted((DATA / "crime").glob("*-street.csv"))
REAL_WARDS = sorted((DATA / "wards").glob("*-wards.geojson"))
needs_real_files = pytest.mark.skipif(
    not (REAL_STREET and REAL_WARDS), reason="the published files of Cambridgeshire are not beside the project"
)

Line = Sequence[str]


def line(
    crime_id: str = "",
    kind: str = "Anti-social behaviour",
    at: tuple[str, str] = ("0.5", "0.5"),
    month: str = "2024-01",
    outcome: str = "",
    force: str = FORCE,
) -> Line:
    """One published line; anti-social behaviour in the western ward unless said otherwise."""
    return (crime_id, month, force, force, *at, "On or near High Street", "E01017540", "Soham 001A", kind, outcome, "")


WEST, EAST, SEA, NOWHERE = ("0.5", "0.5"), ("1.5", "0.5"), ("-9", "50"), ("", "")


def street(*lines: Line, columns: Iterable[str] = COLUMNS) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text).writerows([list(columns), *lines])
    return text.getvalue().encode()


def square(west: float, south: float = 0.0, side: float = 1.0) -> dict[str, object]:
    east, north = west + side, south + side
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


def feature(code: str, name: str, geometry: object, **properties: object) -> dict[str, object]:
    return {"type": "Feature", "properties": {"WD13CD": code, "WD13NM": name, **properties}, "geometry": geometry}


def shapes(*features: object, **members: object) -> bytes:
    """A GeoJSON file with a feature on each line, the first on line 2."""
    top = "".join(f"{json.dumps(key)}:{json.dumps(value)}," for key, value in members.items())
    body = ",\n".join(map(json.dumps, features))
    return f'{{{top}"type":"FeatureCollection","features":[\n{body}\n]}}\n'.encode()


TWO_WARDS = shapes(feature("E1", "West", square(0.0)), feature("E2", "East", square(1.0)))
JANUARY = "2024-01-cambridgeshire-street.csv"


def load(files: dict[str, bytes], *, dry_run: bool = False) -> dict[str, FileResult]:
    """Take in files by their names; for each what became of its rows."""
    with transaction():
        result = services.load(
            services.from_uploads(list(files.items())),
            actor=system("npt import"),
            at=NOW,
            on=TODAY,
            zone=LONDON,
            dry_run=dry_run,
        )
    return {line.file: line for line in result.files}


def refused(files: dict[str, bytes]) -> list[str]:
    """Every line that a run of these files is answered with."""
    with pytest.raises(BadInput) as answer:
        load(files)
    return [str(problem) for problem in answer.value.problems]


def real_files(paths: Iterable[Path]) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in paths}
