"""The database: one session, one transaction construct, and everything in which SQLite and PostgreSQL differ.

SQLAlchemy's own ``scoped_session`` is used, so that models and queries stay free of Flask.
"""

import datetime as dt
import enum
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar, cast
from zlib import crc32

from psycopg._preparing import PrepareManager
from sqlalchemy import (
    DateTime,
    Engine,
    Enum,
    Integer,
    MetaData,
    create_engine,
    event,
    make_url,
    text,
)
from sqlalchemy.engine import Dialect, ExceptionContext
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import (
    DeclarativeBase,
    Mapped,
    Session,
    SessionTransaction,
    mapped_column,
    scoped_session,
    sessionmaker,
)
from sqlalchemy.pool import ConnectionPoolEntry
from sqlalchemy.types import TypeDecorator

from npt.core.among import among as among
from npt.core.among import among_read as among_read
from npt.core.errors import BadInput, Reason, Refused

session = scoped_session(sessionmaker(expire_on_commit=False))

BUSY_MILLISECONDS = 30_000
"""How long a writer on SQLite waits for the one before it."""


class UtcDateTime(TypeDecorator[dt.datetime]):
    """An instant: aware going in, aware UTC coming out, on both databases. A naive one is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive instant is refused")
        utc = value.astimezone(dt.UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=dt.UTC) if value.tzinfo is None else value.astimezone(dt.UTC)

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], Any] | None:
        # Every connection to PostgreSQL is in UTC (``open_engine``), so what comes out is right as it is.
        return None if dialect.name == "postgresql" else super().result_processor(dialect, coltype)


class Hundredths(TypeDecorator[Decimal]):
    """A decimal of two places, kept as a whole number so that both databases add it up exactly."""

    impl = Integer
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> int | None:
        if value is None:
            return None
        scaled = value * 100
        if scaled != scaled.to_integral_value():
            raise ValueError("no more than two decimal places")
        return int(scaled)

    def process_result_value(self, value: int | None, dialect: Dialect) -> Decimal | None:
        return None if value is None else Decimal(value).scaleb(-2)

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], Any] | None:
        # The FTE of a thousand rows is one of a few.
        return lru_cache(lambda value: self.process_result_value(value, dialect))


def one_of(kind: type[enum.StrEnum]) -> Enum:
    """A column of one of an enum's values, stored as its text, so that a new value needs no migration."""
    return Enum(
        kind,
        native_enum=False,
        create_constraint=False,
        length=40,
        values_callable=lambda members: [member.value for member in members],
    )


class Base(DeclarativeBase):
    """Every table has a number of its own and constraints with names that can be looked up."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {dt.datetime: UtcDateTime(), Decimal: Hundredths()}  # noqa: RUF012 - SQLAlchemy's own attribute

    id: Mapped[int] = mapped_column(primary_key=True)


def connect(url: str) -> Engine:
    """The engine of a database address, and the session bound to it."""
    engine = open_engine(url)
    session.remove()
    session.configure(bind=engine)
    return engine


def engine() -> Engine:
    """The engine the session is bound to."""
    bound = session.get_bind()
    return bound if isinstance(bound, Engine) else bound.engine


def open_engine(url: str) -> Engine:
    """An engine set up the way NPT needs it: on SQLite, WAL, foreign keys on, patience, and our own BEGIN.

    :raises BadInput: when there cannot be a folder for SQLite's file
    """
    if not url.startswith("sqlite"):
        asked = make_url(url).query.get("options", "")
        # A page reads some thousand rows, and is sooner done than helpers to read them have begun.
        alone = "-c max_parallel_workers_per_gather=0"
        in_utc = {"options": f"{asked} -c TimeZone=UTC {alone}"}
        engine = create_engine(
            url, connect_args=in_utc, pool_pre_ping=True, pool_size=10, max_overflow=20, hide_parameters=True
        )
        event.listen(engine, "connect", _keep_prepared)
        event.listen(engine, "handle_error", _let_go_of_what_changed)
        return engine
    folder = Path(make_url(url).database or ".").parent
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise BadInput(f"The database does not answer: {folder} is no folder that can be written to") from error
    patience = {"timeout": BUSY_MILLISECONDS / 1000, "check_same_thread": False}
    engine = create_engine(url, connect_args=patience, hide_parameters=True)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


class _Prepared(PrepareManager):
    """The statements that a connection to PostgreSQL has prepared. Of itself the driver forgets them at every rollback,
    with which every reading ends here, lest a table be another one afterwards; so none was ever planned but anew, which
    took PostgreSQL a third of its time for a page. Tables change when a new version is set up, and not while it serves.
    """

    def clear(self) -> bool:
        return False


def _keep_prepared(connection: Any, _: ConnectionPoolEntry) -> None:
    connection._prepared = _Prepared()


def _let_go_of_what_changed(failed: ExceptionContext) -> None:
    """A table changed under the running server: all connections begin anew, or this statement would fail for ever."""
    if "cached plan must not change" in str(failed.original_exception):
        failed.is_disconnect = True


def _prepare_sqlite(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
    # The driver's own BEGIN is switched off, or savepoints do not hold.
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute("PRAGMA synchronous = NORMAL")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.execute(f"PRAGMA busy_timeout = {BUSY_MILLISECONDS}")
    cursor.close()


def _begin_sqlite(connection: Any) -> None:
    # A writer takes the write lock at once; else fifty racers meet "database is locked" and not the rule.
    connection.exec_driver_sql("BEGIN IMMEDIATE" if _writing() else "BEGIN")


def _writing() -> bool:
    return session.registry.has() and bool(session().info.get("writing"))


@contextmanager
def transaction() -> Iterator[None]:
    """Keep everything done inside, or none of it. Nothing can be written anywhere else.

    Opened only at an edge. It first ends the read that the request began, so that what is decided inside is decided
    on what the database holds now.

    :raises Refused: when the database itself refuses what a rule forbids
    :raises RuntimeError: when one is open already
    """
    current = session()
    if current.info.get("writing"):
        raise RuntimeError("a transaction is open already")
    current.rollback()
    current.info["writing"] = True
    try:
        yield
        current.flush()
        check_overlaps()
        for finish in _before_commit:
            finish()
        current.commit()
    except IntegrityError as error:
        current.rollback()
        raise refusal(error) from error
    except BaseException:
        current.rollback()
        raise
    finally:
        for forget in _after:
            forget()
        afterwards: list[Callable[[], None]] = current.info.pop("afterwards", [])
        current.info["writing"] = False
    for act in afterwards:
        act()


def after_commit(act: Callable[[], None]) -> None:
    """Have something done once what is being written is kept; never, when it is not. It must not fail."""
    session.info.setdefault("afterwards", []).append(act)


_before_commit: list[Callable[[], None]] = []
_after: list[Callable[[], None]] = []


def before_commit(finish: Callable[[], None], forget: Callable[[], None]) -> None:
    """Have something done last in every transaction, and something forgotten when it is over. For the audit record."""
    _before_commit.append(finish)
    _after.append(forget)


@event.listens_for(Session, "before_flush")
def _refuse_stray_writes(current: Session, *_: object) -> None:
    if not current.info.get("writing"):
        raise RuntimeError("a write was attempted outside transaction()")


_Read = TypeVar("_Read")


def once(key: Hashable, read: Callable[[], _Read]) -> _Read:
    """Read something, and give the same when it is asked for again in the same transaction: in a request, that is.

    Inside ``transaction()`` all is read afresh, for there it may just have been changed. What is given is shared:
    whoever gets it changes nothing in it.

    :param key: names what is read, with everything the answer depends on, the scope above all
    """
    current = session()
    if current.info.get("writing"):
        return read()
    kept: dict[Hashable, _Read] = current.info.setdefault("read", {})
    if key not in kept:
        kept[key] = read()
    return kept[key]


def forget_what_was_read() -> None:
    """Have everything read afresh from now on, as at the start of a request."""
    session.info.pop("read", None)


@event.listens_for(Session, "after_transaction_end")
def _forget_with_the_transaction(current: Session, ended: SessionTransaction) -> None:
    if ended.parent is None:
        current.info.pop("read", None)


_refusals: dict[str, Reason] = {}


def explain(constraint: str, message: str, field: str | None = None) -> None:
    """Give the words for what a constraint of the database refuses."""
    _refusals[constraint] = Reason(message, field)


def refusal(error: IntegrityError) -> Refused:
    """What the database refused, in words. The only place where its refusals are read."""
    diagnosis = getattr(error.orig, "diag", None)
    name = getattr(diagnosis, "constraint_name", None) or str(error.orig)
    for constraint, reason in _refusals.items():
        if constraint in name:
            return Refused(reason)
    if "unique" in str(error.orig).lower():
        return Refused("This is recorded already.")
    return Refused("The database refused this, because it would contradict what is recorded.")


def is_postgresql() -> bool:
    return session.get_bind().dialect.name == "postgresql"


def lock_record(name: str) -> None:
    """Wait for the lock of that name; it is held to the transaction's end. SQLite has its one write lock already."""
    if is_postgresql():
        session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": crc32(name.encode())})


def try_lock(name: str) -> bool:
    """Take the lock of that name to the end of the transaction; false when another process holds it.

    On SQLite the write lock, held since the transaction began, already keeps every other writer out.
    """
    if not is_postgresql():
        return True
    return bool(session.scalar(text("SELECT pg_try_advisory_xact_lock(:key)"), {"key": crc32(name.encode())}))


_overlaps: dict[str, str] = {}
_on_both: set[str] = set()


def overlap_check(constraint: str, sql: str, *, on_both: bool = False) -> None:
    """Name the statement that finds a row breaking a constraint, for when SQLite's triggers stand aside.

    :param on_both: PostgreSQL has a trigger for it too, and no constraint of its own
    """
    _overlaps[constraint] = sql
    if on_both:
        _on_both.add(constraint)


def defer_overlaps() -> None:
    """Judge overlaps at the end of the transaction, so that rows that swap places do not trip over each other."""
    if is_postgresql():
        session.execute(text("SET CONSTRAINTS ALL DEFERRED"))
        session.execute(text("SELECT set_config('npt.deferred', 'on', true)"))
    else:
        session.execute(text("INSERT OR IGNORE INTO constraint_deferrals (id) VALUES (1)"))
    session.info["deferred"] = True


def check_overlaps() -> None:
    """Judge now what ``defer_overlaps`` put off. ``transaction()`` does it at its end in any case.

    :raises Refused: when rows contradict each other
    :raises IntegrityError: from PostgreSQL's own constraints, which ``refusal`` puts in words
    """
    if not session.info.pop("deferred", False):
        return
    if is_postgresql():
        session.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
    for constraint, sql in _overlaps.items():
        if constraint not in _on_both and is_postgresql():
            continue
        if session.execute(text(sql)).first() is not None:
            raise Refused(_refusals.get(constraint, Reason("Two entries overlap.")))
    if is_postgresql():
        session.execute(text("SELECT set_config('npt.deferred', 'off', true)"))
    else:
        session.execute(text("DELETE FROM constraint_deferrals"))


def unreachable(error: DBAPIError) -> bool:
    """Whether an error means that the database cannot be reached, rather than that it refused."""
    said = str(error.orig).lower()
    return error.connection_invalidated or any(words in said for words in _NO_DATABASE)


_NO_DATABASE = ("connect", "unable to open", "file is not a database")


def bulk_insert(model: type[Base], rows: list[dict[str, Any]]) -> None:
    """Add many rows in one statement. For imports and jobs, which leave one audit entry for the batch."""
    if not cast("bool", session.info.get("writing")):
        raise RuntimeError("a write was attempted outside transaction()")
    if rows:
        session.execute(model.__table__.insert(), rows)  # type: ignore[attr-defined]
