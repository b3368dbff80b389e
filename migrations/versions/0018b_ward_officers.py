"""Published monthly totals of dedicated ward officers."""

import sqlalchemy as sa
from alembic import op

revision = "0018b"
down_revision = "0012"


def upgrade() -> None:
    op.create_table(
        "ward_officer_minutes",
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("bcu", sa.String(length=200), nullable=False),
        sa.Column("borough", sa.String(length=200), nullable=False),
        sa.Column("team", sa.String(length=200), nullable=False),
        sa.Column("ward_code", sa.String(length=40), nullable=False),
        sa.Column("abstracted", sa.Boolean(), nullable=False),
        sa.Column("kind", sa.String(length=200), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ward_officer_minutes")),
    )
    op.create_index(op.f("ix_ward_officer_minutes_month"), "ward_officer_minutes", ["month"])
    op.create_table(
        "ward_officer_strengths",
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("borough", sa.String(length=200), nullable=False),
        sa.Column("team", sa.String(length=200), nullable=False),
        sa.Column("rank", sa.String(length=200), nullable=False),
        sa.Column("fte", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ward_officer_strengths")),
    )
    op.create_index(op.f("ix_ward_officer_strengths_month"), "ward_officer_strengths", ["month"])


def downgrade() -> None:
    op.drop_table("ward_officer_strengths")
    op.drop_table("ward_officer_minutes")
