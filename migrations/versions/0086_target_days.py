"""The day by which the target of a plan is to be reached."""

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from alembic import op

revision = "0086"
down_revision = "0083"


@contextmanager
def _made_anew(table: str) -> Iterator[None]:
    """Keep the triggers of a table that SQLite makes anew, which drops them with the old one."""
    kept: list[str] = []
    if op.get_bind().dialect.name == "sqlite":
        triggers = sa.text("SELECT sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = :table")
        kept = list(op.get_bind().scalars(triggers, {"table": table}))
    yield
    for trigger in kept:
        op.get_bind().exec_driver_sql(trigger)


def upgrade() -> None:
    with _made_anew("plan_measures"), op.batch_alter_table("plan_measures") as batch:
        batch.add_column(sa.Column("target_on", sa.Date(), nullable=True))
        batch.create_check_constraint(
            op.f("ck_plan_measures_a_day_for_a_target"), "target_on IS NULL OR target_value IS NOT NULL"
        )


def downgrade() -> None:
    with _made_anew("plan_measures"), op.batch_alter_table("plan_measures") as batch:
        batch.drop_constraint(op.f("ck_plan_measures_a_day_for_a_target"), type_="check")
        batch.drop_column("target_on")
