"""What a night added up of people's months, and the slips by which a change of what it was made of is known."""

import sqlalchemy as sa
from alembic import op

revision = "0090"
down_revision = "0089"

MADE_OF = ("duties", "absences", "abstractions")

# One slip for each person, and not one for each row: an import writes 100,000 of them.
SLIPS = """
CREATE FUNCTION leave_recounts() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF TG_OP <> 'INSERT' THEN {of_old} END IF;
    IF TG_OP <> 'DELETE' THEN {of_new} END IF;
    RETURN NULL;
END $$
"""
SLIP = """
INSERT INTO recounts (person_id, starts_at, ends_at)
SELECT person_id, min(starts_at), CASE WHEN bool_or(ends_at IS NULL) THEN NULL ELSE max(ends_at) END
FROM {} GROUP BY person_id;
"""
EVENTS = {
    "INSERT": "REFERENCING NEW TABLE AS new_rows",
    "UPDATE": "REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows",
    "DELETE": "REFERENCING OLD TABLE AS old_rows",
}
ROWS = {"INSERT": ["NEW"], "UPDATE": ["OLD", "NEW"], "DELETE": ["OLD"]}


def upgrade() -> None:
    op.create_table(
        "recounts",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recounts")),
    )
    op.create_index(op.f("ix_recounts_person_id"), "recounts", ["person_id"])
    op.create_table(
        "summed_months",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("duty_minutes", sa.Integer(), nullable=False),
        sa.Column("taken", sa.JSON(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=True),
        sa.Column("last_day", sa.Date(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint("until > starts_at", name=op.f("ck_summed_months_until_after_start")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_summed_months_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_summed_months")),
        sa.UniqueConstraint("person_id", "starts_at", name=op.f("uq_summed_months_person_id_starts_at")),
    )
    postgresql = op.get_bind().dialect.name == "postgresql"
    if postgresql:
        op.execute(SLIPS.format(of_old=SLIP.format("old_rows"), of_new=SLIP.format("new_rows")))
    for table in MADE_OF:
        for event in EVENTS:
            name = f"{table}_recounts_{event.lower()}"
            if postgresql:
                op.execute(
                    f"CREATE TRIGGER {name} AFTER {event} ON {table} {EVENTS[event]} FOR EACH STATEMENT "
                    "EXECUTE FUNCTION leave_recounts()"
                )
            else:
                op.execute(f"CREATE TRIGGER {name} AFTER {event} ON {table} BEGIN {_slips(event)} END")


def _slips(event: str) -> str:
    return " ".join(
        "INSERT INTO recounts (person_id, starts_at, ends_at) "
        f"VALUES ({row}.person_id, {row}.starts_at, {row}.ends_at);"
        for row in ROWS[event]
    )


def downgrade() -> None:
    postgresql = op.get_bind().dialect.name == "postgresql"
    for table in MADE_OF:
        for event in EVENTS:
            op.execute(f"DROP TRIGGER {table}_recounts_{event.lower()}" + (f" ON {table}" if postgresql else ""))
    if postgresql:
        op.execute("DROP FUNCTION leave_recounts()")
    op.drop_table("summed_months")
    op.drop_table("recounts")
