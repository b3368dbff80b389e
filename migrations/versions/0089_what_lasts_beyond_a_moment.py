"""Indexes by which what is not over by a moment is found, also where it has no end, and out of the index alone."""

import sqlalchemy as sa
from alembic import op

revision = "0089"
down_revision = "0088"

END = sa.text("coalesce(ends_at, '9999-12-31 00:00:00+00')")
SHOWN = {
    "absences": ["starts_at", "ends_at", "cancelled_at"],
    "abstractions": ["id", "starts_at", "ends_at", "cancelled_at", "ref", "reason"],
}
OF_DUTIES = "ix_duties_person_id_ends_at"


def upgrade() -> None:
    for table, shown in SHOWN.items():
        op.drop_index(op.f(f"ix_{table}_ends_at"), table_name=table)
        op.drop_index(op.f(f"ix_{table}_person_id_ends_at"), table_name=table)
        op.create_index(f"ix_{table}_end", table, [END])
        op.create_index(f"ix_{table}_not_over", table, ["person_id", END], postgresql_include=shown)
    if op.get_bind().dialect.name == "postgresql":
        op.drop_index(OF_DUTIES, table_name="duties")
        shown = ["starts_at", "duty_date", "ref", "status"]
        op.create_index(OF_DUTIES, "duties", ["person_id", "ends_at"], postgresql_include=shown)


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.drop_index(OF_DUTIES, table_name="duties")
        op.create_index(OF_DUTIES, "duties", ["person_id", "ends_at"])
    for table in SHOWN:
        op.drop_index(f"ix_{table}_not_over", table_name=table)
        op.drop_index(f"ix_{table}_end", table_name=table)
        op.create_index(op.f(f"ix_{table}_person_id_ends_at"), table, ["person_id", "ends_at"])
        op.create_index(op.f(f"ix_{table}_ends_at"), table, ["ends_at"])
