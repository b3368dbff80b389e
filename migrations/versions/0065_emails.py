"""Emails: written with what they tell of, sent afterwards; how long a link in one works, and how long one is listed."""

import sqlalchemy as sa
from alembic import op

revision = "0065"
down_revision = "0076"

POLICY = {"sign_in_link_days": "7", "password_link_minutes": "60", "email_kept_days": "30"}


def upgrade() -> None:
    op.create_table(
        "letters",
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("about", sa.String(length=120), nullable=False),
        sa.Column("address", sa.String(length=254), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("words", sa.Text(), nullable=True),
        sa.Column("path", sa.String(length=300), nullable=True),
        sa.Column("calendar", sa.Text(), nullable=True),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("link_minutes", sa.Integer(), nullable=True),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("written_by", sa.String(length=254), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("why", sa.String(length=200), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(CASE WHEN due_at IS NULL THEN 0 ELSE 1 END) + (CASE WHEN sent_at IS NULL THEN 0 ELSE 1 END) "
            "+ (CASE WHEN failed_at IS NULL THEN 0 ELSE 1 END) = 1",
            name=op.f("ck_letters_waits_or_is_settled"),
        ),
        sa.CheckConstraint("sent_at IS NULL OR words IS NULL", name=op.f("ck_letters_words_dropped_when_sent")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_letters_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letters")),
    )
    op.create_index(op.f("ix_letters_due_at"), "letters", ["due_at"], unique=False)
    op.create_index(op.f("ix_letters_user_id"), "letters", ["user_id"], unique=False)
    # A force that has its policy already is given the new figures; a new one gets them from config/policy.toml.
    for name, value in POLICY.items():
        op.execute(
            "INSERT INTO policy_values (name, first_day, value, reason) "
            f"SELECT '{name}', MIN(first_day), '{value}', 'product' FROM policy_values "
            f"WHERE NOT EXISTS (SELECT 1 FROM policy_values WHERE name = '{name}') HAVING COUNT(*) > 0"
        )


def downgrade() -> None:
    op.drop_table("letters")
    names = ", ".join(f"'{name}'" for name in POLICY)
    op.execute(f"DELETE FROM policy_values WHERE name IN ({names})")
