"""Neighbourhood profiles: prepared for a meeting, and never altered once they are issued."""

import sqlalchemy as sa
from alembic import op

revision = "0052"
down_revision = "0059"

REFUSAL = "an issued profile is never altered"
FUNCTION = "refuse_to_alter_a_profile"


def upgrade() -> None:
    op.create_table(
        "profiles",
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("activity", sa.Text(), nullable=False),
        sa.Column("residents", sa.Text(), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("issued_by", sa.String(length=254), nullable=True),
        sa.Column("content", sa.Text(), nullable=True),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(issued_at IS NULL) = (issued_by IS NULL) AND (issued_at IS NULL) = (content IS NULL) "
            "AND (issued_at IS NULL) = (sha256 IS NULL)",
            name=op.f("ck_profiles_issued_whole"),
        ),
        sa.ForeignKeyConstraint(["meeting_id"], ["meetings.id"], name=op.f("fk_profiles_meeting_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_profiles")),
        sa.UniqueConstraint("meeting_id", "version", name=op.f("uq_profiles_meeting_id_version")),
    )
    op.create_table(
        "profile_recommendations",
        sa.Column("profile_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("detail", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("priority_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["priority_id"], ["priorities.id"], name=op.f("fk_profile_recommendations_priority_id")
        ),
        sa.ForeignKeyConstraint(["profile_id"], ["profiles.id"], name=op.f("fk_profile_recommendations_profile_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_profile_recommendations")),
    )
    for column in ("profile_id", "priority_id"):
        name = op.f(f"ix_profile_recommendations_{column}")
        op.create_index(name, "profile_recommendations", [column], unique=False)
    _freeze()


def _freeze() -> None:
    """Have the database itself refuse to alter what was issued."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            f"CREATE FUNCTION {FUNCTION}() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION '{REFUSAL}'; END $$"
        )
        op.execute(
            "CREATE TRIGGER profiles_are_final BEFORE UPDATE OR DELETE ON profiles FOR EACH ROW "
            f"WHEN (OLD.issued_at IS NOT NULL) EXECUTE FUNCTION {FUNCTION}()"
        )
        return
    for when in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER profiles_are_final_{when.lower()} BEFORE {when} ON profiles "
            f"WHEN OLD.issued_at IS NOT NULL BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
        )
    # REPLACE deletes without asking the trigger above.
    op.execute(
        "CREATE TRIGGER profiles_are_final_insert BEFORE INSERT ON profiles "
        "WHEN EXISTS (SELECT 1 FROM profiles WHERE id = NEW.id AND issued_at IS NOT NULL) "
        f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
    )


def downgrade() -> None:
    # Their triggers go with them.
    for table in ("profile_recommendations", "profiles"):
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"DROP FUNCTION {FUNCTION}()")
