"""Where invitations to an organisation go, and who was sent one to which meeting."""

import sqlalchemy as sa
from alembic import op

revision = "0083"
down_revision = "0079"


def upgrade() -> None:
    op.add_column("panel_seats", sa.Column("email", sa.String(length=254), nullable=True))
    op.create_table(
        "meeting_invitations",
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("address", sa.String(length=254), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("venue", sa.String(length=200), nullable=True),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("written_by", sa.String(length=254), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["meeting_id"], ["meetings.id"], name=op.f("fk_meeting_invitations_meeting_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting_invitations")),
        sa.UniqueConstraint("meeting_id", "address", name=op.f("uq_meeting_invitations_meeting_id_address")),
    )


def downgrade() -> None:
    op.drop_table("meeting_invitations")
    op.drop_column("panel_seats", "email")
