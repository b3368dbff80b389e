"""Dip-samples of entries with what was found of each; the figures of policy that data quality is judged by."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0018"

DRAWN_FROM = ("all", "late", "long", "changed")
FINDINGS = ("agrees", "wrong_time", "wrong_reason", "should_not_count", "not_authorised", "cannot_be_told")
FIGURES = {"no_duty_days": "14", "reason_mix_limit": "3", "reason_mix_expected": "5"}


def upgrade() -> None:
    op.create_table(
        "dip_samples",
        sa.Column("bcu_id", sa.Integer(), nullable=True),
        sa.Column("team_id", sa.Integer(), nullable=True),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("drawn_from", sa.Enum(*DRAWN_FROM, name="drawnfrom", native_enum=False, length=40), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("seed", sa.String(length=64), nullable=False),
        sa.Column("population", sa.Text(), nullable=False),
        sa.Column("population_size", sa.Integer(), nullable=False),
        sa.Column("drawn_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("drawn_by", sa.String(length=254), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by", sa.String(length=254), nullable=True),
        sa.Column("conclusion", sa.Text(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint("last_day >= first_day", name=op.f("ck_dip_samples_days_in_order")),
        sa.CheckConstraint(
            "(closed_at IS NULL) = (conclusion IS NULL)", name=op.f("ck_dip_samples_closed_with_a_conclusion")
        ),
        sa.ForeignKeyConstraint(["bcu_id"], ["bcus.id"], name=op.f("fk_dip_samples_bcu_id")),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_dip_samples_team_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dip_samples")),
    )
    op.create_table(
        "sampled_entries",
        sa.Column("sample_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("abstraction_id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("mark", sa.String(length=16), nullable=False),
        sa.Column("finding", sa.Enum(*FINDINGS, name="finding", native_enum=False, length=40), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("evidence", sa.String(length=500), nullable=True),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("found_by", sa.String(length=254), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint("(finding IS NULL) = (found_at IS NULL)", name=op.f("ck_sampled_entries_found_at_a_time")),
        sa.ForeignKeyConstraint(
            ["abstraction_id"], ["abstractions.id"], name=op.f("fk_sampled_entries_abstraction_id")
        ),
        sa.ForeignKeyConstraint(["sample_id"], ["dip_samples.id"], name=op.f("fk_sampled_entries_sample_id")),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_sampled_entries_team_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sampled_entries")),
        sa.UniqueConstraint("sample_id", "place", name=op.f("uq_sampled_entries_sample_id_place")),
        sa.UniqueConstraint("sample_id", "abstraction_id", name=op.f("uq_sampled_entries_sample_id_abstraction_id")),
    )
    op.create_index(op.f("ix_sampled_entries_abstraction_id"), "sampled_entries", ["abstraction_id"], unique=False)
    op.create_index(op.f("ix_sampled_entries_team_id"), "sampled_entries", ["team_id"], unique=False)
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
    op.drop_table("sampled_entries")
    op.drop_table("dip_samples")
