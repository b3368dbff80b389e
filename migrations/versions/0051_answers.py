"""What residents are told was done about each priority."""

import sqlalchemy as sa
from alembic import op

revision = "0051"
down_revision = "0045"


def upgrade() -> None:
    op.create_table(
        "priority_answers",
        sa.Column("priority_id", sa.Integer(), nullable=False),
        sa.Column("done", sa.Text(), nullable=False),
        sa.Column("result", sa.String(length=300), nullable=True),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("by", sa.String(length=254), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["priority_id"], ["priorities.id"], name=op.f("fk_priority_answers_priority_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_priority_answers")),
        sa.UniqueConstraint("priority_id", name=op.f("uq_priority_answers_priority_id")),
    )


def downgrade() -> None:
    op.drop_table("priority_answers")
