"""What an action of a plan was before it was changed, and actions that were cancelled."""

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from alembic import op

revision = "0087"
down_revision = "0086"


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
    with _made_anew("plan_actions"), op.batch_alter_table("plan_actions") as batch:
        batch.add_column(sa.Column("cancelled_on", sa.Date(), nullable=True))
        batch.add_column(sa.Column("cancelled_by", sa.String(length=254), nullable=True))
        batch.add_column(sa.Column("cancelled_because", sa.Text(), nullable=True))
        batch.create_check_constraint(
            op.f("ck_plan_actions_done_or_cancelled"), "cancelled_on IS NULL OR done_on IS NULL"
        )
        batch.create_check_constraint(
            op.f("ck_plan_actions_cancelled_with_a_reason"),
            "(cancelled_on IS NULL) = (cancelled_by IS NULL) AND (cancelled_on IS NULL) = (cancelled_because IS NULL)",
        )
    op.create_table(
        "plan_action_changes",
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("action_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(length=254), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("was_what", sa.Text(), nullable=False),
        sa.Column("was_who", sa.String(length=254), nullable=False),
        sa.Column("was_partner", sa.String(length=200), nullable=True),
        sa.Column("was_due_on", sa.Date(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["plan_id"], ["plans.id"], name=op.f("fk_plan_action_changes_plan_id")),
        sa.ForeignKeyConstraint(["action_id"], ["plan_actions.id"], name=op.f("fk_plan_action_changes_action_id")),
        sa.ForeignKeyConstraint(
            ["was_partner"],
            ["organisations.name"],
            name=op.f("fk_plan_action_changes_was_partner"),
            onupdate="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_action_changes")),
    )
    op.create_index(op.f("ix_plan_action_changes_plan_id"), "plan_action_changes", ["plan_id"])
    op.create_index(op.f("ix_plan_action_changes_action_id"), "plan_action_changes", ["action_id"])


def downgrade() -> None:
    op.drop_table("plan_action_changes")
    with _made_anew("plan_actions"), op.batch_alter_table("plan_actions") as batch:
        batch.drop_constraint(op.f("ck_plan_actions_cancelled_with_a_reason"), type_="check")
        batch.drop_constraint(op.f("ck_plan_actions_done_or_cancelled"), type_="check")
        batch.drop_column("cancelled_because")
        batch.drop_column("cancelled_by")
        batch.drop_column("cancelled_on")
