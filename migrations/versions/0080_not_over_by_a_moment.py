"""Indexes for what pages look up: of somebody what is not over by a moment, however many years came before it."""

from alembic import op

revision = "0080"
down_revision = "0087"

TABLES = ("duties", "absences", "abstractions")


def upgrade() -> None:
    op.create_index(op.f("ix_absences_ends_at"), "absences", ["ends_at"])
    for table in TABLES:
        op.create_index(op.f(f"ix_{table}_person_id_ends_at"), table, ["person_id", "ends_at"])


def downgrade() -> None:
    for table in TABLES:
        op.drop_index(op.f(f"ix_{table}_person_id_ends_at"), table_name=table)
    op.drop_index(op.f("ix_absences_ends_at"), table_name="absences")
