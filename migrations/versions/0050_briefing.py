"""What response and CID officers are told of each priority, who has read it, and the policy of that and of profiles."""

import sqlalchemy as sa
from alembic import op

revision = "0050"
down_revision = "0047"

POLICY = {
    "briefing_note_days": "28",
    "profile_days": "7",
    "profile_months": "3",
    "severity_profile_not_issued": "medium",
}


def upgrade() -> None:
    op.create_table(
        "briefing_notes",
        sa.Column("priority_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("what_to_do", sa.Text(), nullable=False),
        sa.Column("who_to_call", sa.String(length=200), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("refreshed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("refreshed_by", sa.String(length=254), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["priority_id"], ["priorities.id"], name=op.f("fk_briefing_notes_priority_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_briefing_notes")),
        sa.UniqueConstraint("priority_id", name=op.f("uq_briefing_notes_priority_id")),
    )
    op.create_table(
        "briefing_readings",
        sa.Column("note_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["note_id"], ["briefing_notes.id"], name=op.f("fk_briefing_readings_note_id")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_briefing_readings_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_briefing_readings")),
        sa.UniqueConstraint("note_id", "version", "user_id", name=op.f("uq_briefing_readings_note_id_version_user_id")),
    )
    op.create_index(op.f("ix_briefing_readings_user_id"), "briefing_readings", ["user_id"], unique=False)
    # A force that has its policy already is given the new figures; a new one gets them from config/policy.toml.
    for name, value in POLICY.items():
        op.execute(
            "INSERT INTO policy_values (name, first_day, value, reason) "
            f"SELECT '{name}', MIN(first_day), '{value}', 'product' FROM policy_values "
            f"WHERE NOT EXISTS (SELECT 1 FROM policy_values WHERE name = '{name}') HAVING COUNT(*) > 0"
        )


def downgrade() -> None:
    names = ", ".join(f"'{name}'" for name in POLICY)
    op.execute(f"DELETE FROM policy_values WHERE name IN ({names})")
    for table in ("briefing_readings", "briefing_notes"):
        op.drop_table(table)
