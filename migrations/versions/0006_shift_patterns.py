"""Shift patterns and who works them; where a duty came from; an absence entered wrongly can be cancelled."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0004"

GRADES = ("inspector", "sergeant", "pc", "pcso", "special")
SOURCES = ("generated", "by_hand", "imported")
FIGURE = "generate_duties_days"


def upgrade() -> None:
    op.create_table(
        "pattern_days",
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("day", sa.Integer(), nullable=False),
        sa.Column("grade", sa.Enum(*GRADES, name="grade", native_enum=False, length=40), nullable=False),
        sa.Column("starts", sa.Time(), nullable=True),
        sa.Column("ends", sa.Time(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint("day >= 0", name=op.f("ck_pattern_days_day_in_cycle")),
        sa.CheckConstraint("(starts IS NULL) = (ends IS NULL)", name=op.f("ck_pattern_days_both_times_or_none")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pattern_days")),
        sa.UniqueConstraint("code", "day", "grade", name=op.f("uq_pattern_days_code_day_grade")),
    )
    op.create_table(
        "pattern_people",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=True),
        sa.Column("pattern", sa.String(length=40), nullable=False),
        sa.Column("days_in", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint("days_in >= 0", name=op.f("ck_pattern_people_days_in_cycle")),
        sa.CheckConstraint("last_day IS NULL OR last_day >= first_day", name=op.f("ck_pattern_people_days_in_order")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_pattern_people_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pattern_people")),
        sa.UniqueConstraint("person_id", "first_day", name=op.f("uq_pattern_people_person_id_first_day")),
    )
    # Added in place: a table of years of duties is not copied for the sake of a column.
    op.add_column(
        "duties",
        sa.Column(
            "source",
            sa.Enum(*SOURCES, name="dutysource", native_enum=False, length=40),
            nullable=False,
            server_default="imported",
        ),
    )
    op.create_index(op.f("ix_duties_source_duty_date"), "duties", ["source", "duty_date"], unique=False)
    op.add_column("absences", sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True))
    # A force that has its policy already is given the new figure; a new one gets it from config/policy.toml.
    op.execute(
        "INSERT INTO policy_values (name, first_day, value, reason) "
        f"SELECT '{FIGURE}', MIN(first_day), '42', 'product: six weeks of duties ahead' FROM policy_values "
        f"WHERE NOT EXISTS (SELECT 1 FROM policy_values WHERE name = '{FIGURE}') HAVING COUNT(*) > 0"
    )


def downgrade() -> None:
    op.execute(f"DELETE FROM policy_values WHERE name = '{FIGURE}'")
    op.drop_column("absences", "cancelled_at")
    op.drop_index(op.f("ix_duties_source_duty_date"), table_name="duties")
    op.drop_column("duties", "source")
    op.drop_table("pattern_people")
    op.drop_table("pattern_days")
