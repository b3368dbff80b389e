"""Who set a figure of policy or a reason and why, and which reasons a BCU bars for its NPT staff."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0017"

ONCE = "reason_bars_one_at_a_time"
STRENGTHS = ("off", "warn", "block")


def upgrade() -> None:
    op.add_column("policy_values", sa.Column("set_by", sa.String(length=254), nullable=True))
    op.add_column("reasons", sa.Column("set_by", sa.String(length=254), nullable=True))
    op.add_column("reasons", sa.Column("why", sa.String(length=500), nullable=True))
    op.create_table(
        "reason_bars",
        sa.Column("bcu_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=True),
        sa.Column("strength", sa.Enum(*STRENGTHS, name="strength", native_enum=False, length=40), nullable=False),
        sa.Column("set_by", sa.String(length=254), nullable=False),
        sa.Column("why", sa.String(length=500), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint("last_day IS NULL OR last_day >= first_day", name=op.f("ck_reason_bars_days_in_order")),
        sa.ForeignKeyConstraint(["bcu_id"], ["bcus.id"], name=op.f("fk_reason_bars_bcu_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reason_bars")),
        sa.UniqueConstraint("bcu_id", "reason", "first_day", name=op.f("uq_reason_bars_bcu_id_reason_first_day")),
    )
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            f"ALTER TABLE reason_bars ADD CONSTRAINT {ONCE} EXCLUDE USING gist (bcu_id WITH =, reason WITH =, "
            "daterange(first_day, last_day, '[]') WITH &&) DEFERRABLE INITIALLY IMMEDIATE"
        )
        return
    for when in ("INSERT", "UPDATE"):
        op.execute(
            f"CREATE TRIGGER {ONCE}_{when.lower()} BEFORE {when} ON reason_bars "
            "WHEN NOT EXISTS (SELECT 1 FROM constraint_deferrals) "
            "AND EXISTS (SELECT 1 FROM reason_bars other WHERE other.bcu_id = NEW.bcu_id "
            "AND other.reason = NEW.reason AND other.id IS NOT NEW.id "
            "AND (other.last_day IS NULL OR NEW.first_day <= other.last_day) "
            "AND (NEW.last_day IS NULL OR other.first_day <= NEW.last_day)) "
            f"BEGIN SELECT RAISE(ABORT, '{ONCE}'); END"
        )


def downgrade() -> None:
    # Its constraint or triggers go with it.
    op.drop_table("reason_bars")
    op.drop_column("reasons", "why")
    op.drop_column("reasons", "set_by")
    op.drop_column("policy_values", "set_by")
