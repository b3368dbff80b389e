"""Run the migrations on the database of the connection or address handed over by ``npt.core.schema``."""

from typing import Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import Connection
from sqlalchemy.types import TypeDecorator

import npt.abstractions.models
import npt.accounts.models
import npt.audit.models
import npt.crime.models
import npt.exchange.models
import npt.flags.models
import npt.mail.models
import npt.panels.models
import npt.people.models
import npt.policy.models
import npt.problem_solving.models
import npt.staffing.models  # noqa: F401
from npt.core.db import Base, open_engine
from npt.settings import from_environment


def render_item(kind: str, item: object, autogen_context: AutogenContext) -> str | Literal[False]:
    """Write our column types as plain SQLAlchemy, so that a migration of year one runs when we have moved on."""
    if kind == "type" and isinstance(item, TypeDecorator):
        return f"sa.{item.impl!r}"
    return False


MIGRATIONS_OWN = ("constraint_deferrals", "plan_texts")


def include_object(item: object, name: str | None, kind: str, reflected: bool, compare_to: object) -> bool:
    """Leave out what the migrations alone know: SQLite's table of deferrals, the words that plans are found by."""
    return not (kind == "table" and name is not None and name.startswith(MIGRATIONS_OWN))


def run(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_item=render_item,
        include_object=include_object,
        render_as_batch=connection.dialect.name == "sqlite",
        transaction_per_migration=False,
    )
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SET lock_timeout = '10s'")
    with context.begin_transaction():
        context.run_migrations()


given = context.config.attributes.get("connection")
if given is not None:
    run(given)
else:
    with open_engine(from_environment().database_url).begin() as opened:
        run(opened)
