"""An entry that needs authorisation waits for it, and is authorised, authorised afterwards, or declined."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"

COLUMNS = (
    ("logged_by_user_id", sa.Integer()),
    ("asked_by_user_id", sa.Integer()),
    ("authorisation_why", sa.Text()),
    ("awaiting_since", sa.DateTime(timezone=True)),
    ("afterwards_why", sa.String(length=500)),
    ("declined_at", sa.DateTime(timezone=True)),
    ("decided_by", sa.String(length=254)),
    ("decision_note", sa.String(length=500)),
)


def upgrade() -> None:
    # Added in place: a table of years of entries is not copied for the sake of a column.
    for name, kind in COLUMNS:
        op.add_column("abstractions", sa.Column(name, kind, nullable=True))
    op.create_index(op.f("ix_abstractions_awaiting_since"), "abstractions", ["awaiting_since"], unique=False)
    op.create_index(op.f("ix_abstractions_declined_at"), "abstractions", ["declined_at"], unique=False)
    op.create_index(
        op.f("ix_abstractions_logged_by_user_id_logged_at"),
        "abstractions",
        ["logged_by_user_id", "logged_at"],
        unique=False,
    )


def downgrade() -> None:
    op.drop_index(op.f("ix_abstractions_logged_by_user_id_logged_at"), table_name="abstractions")
    op.drop_index(op.f("ix_abstractions_declined_at"), table_name="abstractions")
    op.drop_index(op.f("ix_abstractions_awaiting_since"), table_name="abstractions")
    for name, _ in reversed(COLUMNS):
        op.drop_column("abstractions", name)
