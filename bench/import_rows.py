"""Import many rows in one transaction and say how fast it went and how much memory it took, on both databases.

    uv run python bench/import_rows.py [--rows 10000 50000 100000] [--kind duties abstractions] [--ending csv xlsx]

Each import is a process of its own, so that its peak is its own. PostgreSQL is found at NPT_TEST_POSTGRES_URL.
"""

import argparse
import datetime as dt
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
import uuid
from pathlib import Path
from zoneinfo import ZoneInfo

import xlsxwriter
from sqlalchemy import create_engine, text

from npt.core import db, schema
from npt.core.authority import system
from npt.core.db import transaction
from npt.exchange import services

PEOPLE = 400
FIRST = dt.date(2021, 1, 1)
AT = dt.datetime(2026, 11, 12, 12, 0, tzinfo=dt.UTC)
ZONE = ZoneInfo("Europe/London")
POSTGRES = os.environ.get("NPT_TEST_POSTGRES_URL", "postgresql+psycopg://postgres@127.0.0.1:5432/postgres")

HEAD = (
    "| database | file | rows | seconds | our own work | rows a second of work | MB before | MB at the peak |",
    "| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: |",
)

HEADERS = {
    "duties": ("ref", "collar_number", "starts_at", "ends_at", "status"),
    "abstractions": ("ref", "collar_number", "reason", "starts_at", "ends_at", "destination"),
}


def row(kind: str, number: int) -> tuple[str, ...]:
    """One row of many: a day's work of one of the force's people, or two hours of it spent elsewhere."""
    day = FIRST + dt.timedelta(days=number // PEOPLE)
    person = f"P{number % PEOPLE:04}"
    if kind == "duties":
        return (f"D{number:07}", person, f"{day}T07:00", f"{day}T17:00", "worked")
    return (f"A{number:07}", person, "custody", f"{day}T09:00", f"{day}T11:00", "Parkside")


def make(folder: Path, kind: str, ending: str, rows: int) -> Path:
    """The file to import."""
    path = folder / f"{kind}.{ending}"
    if ending == "csv":
        with path.open("w") as file:
            file.write(",".join(HEADERS[kind]) + "\n")
            file.writelines(",".join(row(kind, number)) + "\n" for number in range(rows))
        return path
    with xlsxwriter.Workbook(path, {"constant_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, HEADERS[kind])
        for number in range(rows):
            sheet.write_row(number + 1, 0, row(kind, number))
    return path


def force(folder: Path) -> Path:
    """The people and the reason that the rows name."""
    folder.mkdir()
    people = "\n".join(f"P{number:04},Given{number},Family{number},pc" for number in range(PEOPLE))
    (folder / "people.csv").write_text(f"collar_number,forename,surname,grade\n{people}\n")
    (folder / "reasons.csv").write_text(
        "code,first_day,label,family,counts_local,counts_national\ncustody,2020-01-01,Custody,custody,all,all\n"
    )
    return folder


def run(url: str, path: Path) -> dict[str, float]:
    """Import one file in this process: seconds, those of its own work, and megabytes before and at the peak."""
    engine = db.connect(url)
    schema.upgrade(engine)
    load(force(path.parent / "force"))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    began, began_working = time.perf_counter(), time.process_time()
    load(path)
    seconds, working = time.perf_counter() - began, time.process_time() - began_working
    return {
        "seconds": seconds,
        "working": working,
        "before": before,
        "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


def load(path: Path) -> None:
    """As the command ``npt import`` does it, with nobody watching."""
    with transaction():
        services.load(services.at_path(path), actor=system("bench"), at=AT, on=AT.date(), zone=ZONE)


def measured(backend: str, kind: str, ending: str, rows: int) -> dict[str, float]:
    """The same in a process and a database of its own."""
    with tempfile.TemporaryDirectory() as place:
        path = make(Path(place), kind, ending, rows)
        name = f"npt_bench_{uuid.uuid4().hex}"
        url = f"sqlite:///{place}/bench.db" if backend == "sqlite" else f"{POSTGRES.rsplit('/', 1)[0]}/{name}"
        administration = create_engine(POSTGRES, isolation_level="AUTOCOMMIT") if backend == "postgresql" else None
        try:
            if administration is not None:
                with administration.connect() as connection:
                    connection.execute(text(f"CREATE DATABASE {name}"))
            answer = subprocess.run(  # noqa: S603 - this very script
                [sys.executable, __file__, "--child", url, str(path)], capture_output=True, text=True, check=True
            )
            found: dict[str, float] = json.loads(answer.stdout.splitlines()[-1])
            return found
        finally:
            if administration is not None:
                with administration.connect() as connection:
                    connection.execute(text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))


def main() -> None:
    """Measure what was asked for and print a table in Markdown."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, nargs="+", default=[10_000, 50_000, 100_000])
    parser.add_argument("--kind", nargs="+", default=["duties", "abstractions"])
    parser.add_argument("--ending", nargs="+", default=["csv", "xlsx"])
    parser.add_argument("--backend", nargs="+", default=["sqlite", "postgresql"])
    parser.add_argument("--child", nargs=2, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.child:
        print(json.dumps(run(asked.child[0], Path(asked.child[1]))))
        return
    for line in HEAD:
        print(line)
    for backend in asked.backend:
        for kind in asked.kind:
            for ending in asked.ending:
                for rows in asked.rows:
                    found = measured(backend, kind, ending, rows)
                    print(
                        f"| {backend} | {kind}.{ending} | {rows:,} | {found['seconds']:.0f} | {found['working']:.1f} | "
                        f"{rows / found['working']:,.0f} | {found['before']:.0f} | {found['peak']:.0f} |",
                        flush=True,
                    )


if __name__ == "__main__":
    main()
