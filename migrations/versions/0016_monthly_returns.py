"""Monthly returns: each time a team's month was confirmed, and whatever changed in it after that."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0014"

FIGURES = {"returns_chased_months": "12", "severity_return_missing": "medium"}
STANDING = "monthly_returns_standing"


def upgrade() -> None:
    op.create_table(
        "monthly_returns",
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_by", sa.String(length=254), nullable=False),
        sa.Column("duty_minutes", sa.Integer(), nullable=False),
        sa.Column("abstracted_minutes", sa.Integer(), nullable=False),
        sa.Column("off_duty_minutes", sa.Integer(), nullable=False),
        sa.Column("entries", sa.Integer(), nullable=False),
        sa.Column("reopened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reopened_by", sa.String(length=254), nullable=True),
        sa.Column("reopen_reason", sa.String(length=500), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(reopened_at IS NULL) = (reopened_by IS NULL) AND (reopened_at IS NULL) = (reopen_reason IS NULL)",
            name=op.f("ck_monthly_returns_reopened_by_somebody_for_a_reason"),
        ),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_monthly_returns_team_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_monthly_returns")),
        sa.UniqueConstraint("team_id", "month", "version", name=op.f("uq_monthly_returns_team_id_month_version")),
    )
    standing = sa.text("reopened_at IS NULL")
    op.create_index(
        STANDING,
        "monthly_returns",
        ["team_id", "month"],
        unique=True,
        sqlite_where=standing,
        postgresql_where=standing,
    )
    op.create_index(op.f("ix_monthly_returns_month"), "monthly_returns", ["month"], unique=False)
    op.create_table(
        "return_changes",
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(length=254), nullable=False),
        sa.Column("event", sa.String(length=60), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("because", sa.String(length=500), nullable=True),
        sa.Column("stood", sa.Boolean(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_return_changes_person_id")),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_return_changes_team_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_return_changes")),
    )
    op.create_index(op.f("ix_return_changes_team_id_month"), "return_changes", ["team_id", "month"], unique=False)
    op.create_index(op.f("ix_return_changes_month"), "return_changes", ["month"], unique=False)
    op.create_index(op.f("ix_return_changes_subject"), "return_changes", ["subject"], unique=False)
    # A force that has its policy already is given the new figures; a new one gets them from config/policy.toml.
    for name, value in FIGURES.items():
        op.execute(
            "INSERT INTO policy_values (name, first_day, value, reason) "
            f"SELECT '{name}', MIN(first_day), '{value}', 'product' FROM policy_values "
            f"WHERE NOT EXISTS (SELECT 1 FROM policy_values WHERE name = '{name}') HAVING COUNT(*) > 0"
        )


def downgrade() -> None:
    names = ", ".join(f"'{name}'" for name in FIGURES)
    op.execute(f"DELETE FROM policy_values WHERE name IN ({names})")
    op.drop_table("return_changes")
    op.drop_table("monthly_returns")
