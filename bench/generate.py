"""Fill a database of PostgreSQL with an invented force: ``python -m bench.generate county --years 5``.

The rows go in by COPY, in one transaction, with every constraint and trigger in place; what an import may have judged
at its end is judged at the end here too. The same seed and moment give the same rows.
"""

import argparse
import datetime as dt
from time import perf_counter

from flask import Flask
from flask_security.utils import hash_password
from psycopg import Connection, sql
from sqlalchemy import create_engine, text

from bench.diary import ZONE, Time
from bench.force import SIZES, Size, force
from bench.tables import Rows, Table
from npt import scheduler
from npt.app import create_app
from npt.core import db, schema
from npt.core.periods import DAY, add_months, local_day, month_of, to_minute
from npt.policy.cli import start_policy
from npt.settings import ROOT, Settings
from npt.web import assets

SERVER = "postgresql+psycopg://postgres@127.0.0.1:5432"
PASSWORD = "bench-bench-bench-bench"  # noqa: S105 - of an invented force, on one's own machine
SEED = 2026
NIGHTLY = ("minutes", "vacancies", "supervision", "abstractions", "contacts")


def period(years: int, now: dt.datetime) -> Time:
    """So many years up to and with this month, and the roster four weeks beyond."""
    month = month_of(local_day(now, ZONE), ZONE)
    return Time(add_months(month.first_day, 1 - 12 * years), month.last_day + 28 * DAY, to_minute(now))


def database(size: Size, years: int) -> str:
    """The name of the database of a force."""
    return f"npt_bench_{size.name}_{years}"


def application(url: str) -> Flask:
    """The application on a database."""
    assets.build(ROOT)
    return create_app(Settings(database_url=url, secret_key="b" * 32, force_name="Bench"))


def administer(statement: str, name: str = "postgres") -> None:
    """Send one statement outside any transaction: to make or drop a database, or to look after one."""
    engine = create_engine(f"{SERVER}/{name}", isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()


def fill(app: Flask, size: Size, time: Time, seed: int = SEED) -> dict[str, int]:
    """Fill the empty, migrated database of an application. Returns how many rows each table was given.

    :raises Refused: when the invented force breaks a rule of the database
    """
    today = local_day(time.now, ZONE)
    with app.app_context():
        rows = Rows(force(size, seed, today), time, seed, hash_password(PASSWORD))
        with db.transaction():
            db.defer_overlaps()
            connection = db.session.connection().connection.dbapi_connection
            assert isinstance(connection, Connection)
            written = {table.name: copy(connection, table) for table in rows.tables()}
        with db.transaction():
            start_policy()
    return written


def copy(connection: Connection, table: Table) -> int:
    """Store the rows of a table, and let its numbers go on after them."""
    count = 0
    name, columns = sql.Identifier(table.name), sql.SQL(table.columns)
    cursor = connection.cursor()
    with cursor.copy(sql.SQL("COPY {} ({}) FROM STDIN").format(name, columns)) as writing:
        for row in table.rows:
            count += 1
            writing.write_row(row)
    newest = sql.SQL("SELECT setval(pg_get_serial_sequence({}, 'id'), (SELECT coalesce(max(id), 1) FROM {}))")
    cursor.execute(newest.format(sql.Literal(table.name), name))
    return count


def make(size: Size, years: int, now: dt.datetime) -> dict[str, int]:
    """Make a database anew, fill it, run the nightly checks of today, and let the server look at its tables."""
    name = database(size, years)
    administer(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
    administer(f"CREATE DATABASE {name}")
    app = application(f"{SERVER}/{name}")
    schema.upgrade(db.engine())
    written = fill(app, size, period(years, now))
    with app.app_context():
        for job in NIGHTLY:
            scheduler.run(job, local_day(now, ZONE))
    db.engine().dispose()
    administer("VACUUM ANALYZE", name)
    return written


def main() -> None:
    """Make the databases asked for, and say how many rows they hold and how long it took."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("size", choices=SIZES)
    parser.add_argument("--years", type=int, default=5)
    parser.add_argument("--drop", action="store_true", help="only drop the database")
    asked = parser.parse_args()
    size = SIZES[asked.size]
    if asked.drop:
        administer(f"DROP DATABASE IF EXISTS {database(size, asked.years)} WITH (FORCE)")
        return
    began = perf_counter()
    written = make(size, asked.years, dt.datetime.now(dt.UTC))
    for table, rows in written.items():
        print(f"{table:20}{rows:12,}")
    print(f"{database(size, asked.years)} made in {perf_counter() - began:.0f} s")


if __name__ == "__main__":
    main()
