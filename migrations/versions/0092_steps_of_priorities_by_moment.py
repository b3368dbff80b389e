"""An index by which the steps of priorities since a moment are found: of years of them a BCU month needs the last."""

from alembic import op

revision = "0092"
down_revision = "0091"

INDEX = "ix_priority_events_at"


def upgrade() -> None:
    op.create_index(op.f(INDEX), "priority_events", ["at"])


def downgrade() -> None:
    op.drop_index(op.f(INDEX), table_name="priority_events")
