"""Where the record ends is kept, so that its newest entries are missed when somebody takes them away."""

import sqlalchemy as sa
from alembic import op

revision = "0079"
down_revision = "0071"


def upgrade() -> None:
    op.create_table(
        "record_ends",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_record_ends")),
    )
    op.execute(
        "INSERT INTO record_ends (number, hash) SELECT number, hash FROM audit_entries ORDER BY number DESC LIMIT 1"
    )


def downgrade() -> None:
    op.drop_table("record_ends")
