"""How often the whole force gives each reason in a month is read from the index alone."""

from alembic import op

revision = "0093"
down_revision = "0092"

INDEX = "ix_abstractions_starts_at"


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.drop_index(INDEX, table_name="abstractions")
        op.create_index(INDEX, "abstractions", ["starts_at"], postgresql_include=["reason", "cancelled_at"])


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.drop_index(INDEX, table_name="abstractions")
        op.create_index(INDEX, "abstractions", ["starts_at"])
