"""Pack published crime and ward boundaries for the demonstration: ``python -m tools.make_demo_crime CRIME WARDS``.

CRIME holds ``YYYY-MM-cambridgeshire-street.csv`` as published, WARDS ``<district code>-wards.geojson`` (SOURCES.md).
Crime IDs are left out, which makes what is kept a quarter as large; nothing else is changed.
"""

import csv
import io
import json
import lzma
import sys
from pathlib import Path

PUBLISHED = Path(__file__).parent.parent / "npt" / "demo" / "published"
MONTHS = ("2024-02", "2024-03")


def _street(path: Path) -> bytes:
    out = io.StringIO()
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        writer = csv.DictWriter(out, list(reader.fieldnames or ()), lineterminator="\n")
        writer.writeheader()
        writer.writerows({**row, "Crime ID": ""} for row in reader)
    return out.getvalue().encode()


def _wards(folder: Path) -> bytes:
    documents = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*-wards.geojson"))]
    shapes = [shape for document in documents for shape in document["features"]]
    return json.dumps({"type": "FeatureCollection", "features": shapes}, separators=(",", ":")).encode()


def main(crime: Path, wards: Path) -> None:
    """Write one packed file for each month and one of every ward."""
    PUBLISHED.mkdir(exist_ok=True)
    files = {
        f"{month}-cambridgeshire-street.csv": _street(crime / f"{month}-cambridgeshire-street.csv") for month in MONTHS
    }
    for name, content in {**files, "wards.geojson": _wards(wards)}.items():
        (PUBLISHED / f"{name}.xz").write_bytes(lzma.compress(content, preset=9))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
