"""An index by which somebody is found by their email address, whatever its capitals."""

import sqlalchemy as sa
from alembic import op

revision = "0091"
down_revision = "0090"

INDEX = "ix_people_email_in_small"


def upgrade() -> None:
    op.create_index(INDEX, "people", [sa.text("lower(email)")])


def downgrade() -> None:
    op.drop_index(INDEX, table_name="people")
