"""Who is put forward for a grade and what came of it, and how attachments went."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"

GRADES = ("inspector", "sergeant", "pc", "pcso", "special")
OUTCOMES = ("posted", "withdrawn", "not_suitable", "left")
VERDICTS = ("ready", "more_time", "not_suited")
FIGURE = "succession_months"


def upgrade() -> None:
    op.create_table(
        "candidates",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("grade", sa.Enum(*GRADES, name="grade", native_enum=False, length=40), nullable=False),
        sa.Column("bcu_id", sa.Integer(), nullable=True),
        sa.Column("team_id", sa.Integer(), nullable=True),
        sa.Column("note", sa.String(length=1000), nullable=True),
        sa.Column("put_forward_on", sa.Date(), nullable=False),
        sa.Column("put_forward_by", sa.String(length=254), nullable=False),
        sa.Column("ready_from", sa.Date(), nullable=True),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("closed_by", sa.String(length=254), nullable=True),
        sa.Column("outcome", sa.Enum(*OUTCOMES, name="outcome", native_enum=False, length=40), nullable=True),
        sa.Column("closing_note", sa.String(length=500), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint("team_id IS NULL OR bcu_id IS NOT NULL", name=op.f("ck_candidates_team_in_a_bcu")),
        sa.CheckConstraint(
            "(closed_on IS NULL) = (outcome IS NULL)", name=op.f("ck_candidates_closed_with_an_outcome")
        ),
        sa.CheckConstraint(
            "closed_on IS NULL OR closed_on >= put_forward_on", name=op.f("ck_candidates_days_in_order")
        ),
        sa.ForeignKeyConstraint(["bcu_id"], ["bcus.id"], name=op.f("fk_candidates_bcu_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_candidates_person_id")),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_candidates_team_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_candidates")),
    )
    op.create_index(
        "one_open_candidacy",
        "candidates",
        ["person_id", "grade"],
        unique=True,
        sqlite_where=sa.text("closed_on IS NULL"),
        postgresql_where=sa.text("closed_on IS NULL"),
    )
    op.create_table(
        "attachment_outcomes",
        sa.Column("posting_id", sa.Integer(), nullable=False),
        sa.Column("verdict", sa.Enum(*VERDICTS, name="verdict", native_enum=False, length=40), nullable=False),
        sa.Column("note", sa.String(length=1000), nullable=False),
        sa.Column("recorded_on", sa.Date(), nullable=False),
        sa.Column("recorded_by", sa.String(length=254), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["posting_id"], ["postings.id"], name=op.f("fk_attachment_outcomes_posting_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachment_outcomes")),
        sa.UniqueConstraint("posting_id", name=op.f("uq_attachment_outcomes_posting_id")),
    )
    # A force that has its policy already is given the new figure; a new one gets it from config/policy.toml.
    op.execute(
        "INSERT INTO policy_values (name, first_day, value, reason) "
        f"SELECT '{FIGURE}', MIN(first_day), '12', 'product: expected leavers are looked for a year ahead' "
        f"FROM policy_values WHERE NOT EXISTS (SELECT 1 FROM policy_values WHERE name = '{FIGURE}') "
        "HAVING COUNT(*) > 0"
    )


def downgrade() -> None:
    op.execute(f"DELETE FROM policy_values WHERE name = '{FIGURE}'")
    op.drop_table("attachment_outcomes")
    op.drop_index("one_open_candidacy", table_name="candidates")
    op.drop_table("candidates")
