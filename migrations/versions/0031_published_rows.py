"""Where a published row stands in its file."""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0020"

TABLES = ("ward_officer_minutes", "ward_officer_strengths")


def upgrade() -> None:
    for table in TABLES:
        op.add_column(table, sa.Column("file", sa.Text(), nullable=True))
        op.add_column(table, sa.Column("line", sa.Integer(), nullable=True))
        op.add_column(table, sa.Column("also_lines", sa.Text(), nullable=False, server_default=""))


def downgrade() -> None:
    for table in TABLES:
        for column in ("also_lines", "line", "file"):
            op.drop_column(table, column)
