"""Named contacts of wards. Nobody is a ward's contact twice on one day: the database itself refuses it."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

ONCE = "named_contact_once"


def upgrade() -> None:
    op.create_table(
        "named_contacts",
        sa.Column("ward_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint("last_day IS NULL OR last_day >= first_day", name=op.f("ck_named_contacts_days_in_order")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_named_contacts_person_id")),
        sa.ForeignKeyConstraint(["ward_id"], ["wards.id"], name=op.f("fk_named_contacts_ward_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_named_contacts")),
        sa.UniqueConstraint(
            "ward_id", "person_id", "first_day", name=op.f("uq_named_contacts_ward_id_person_id_first_day")
        ),
    )
    op.create_index(op.f("ix_named_contacts_person_id"), "named_contacts", ["person_id"], unique=False)
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            f"ALTER TABLE named_contacts ADD CONSTRAINT {ONCE} EXCLUDE USING gist (ward_id WITH =, person_id WITH =, "
            "daterange(first_day, last_day, '[]') WITH &&) DEFERRABLE INITIALLY IMMEDIATE"
        )
        return
    for when in ("INSERT", "UPDATE"):
        op.execute(
            f"CREATE TRIGGER {ONCE}_{when.lower()} BEFORE {when} ON named_contacts "
            "WHEN NOT EXISTS (SELECT 1 FROM constraint_deferrals) "
            "AND EXISTS (SELECT 1 FROM named_contacts other WHERE other.ward_id = NEW.ward_id "
            "AND other.person_id = NEW.person_id AND other.id IS NOT NEW.id "
            "AND (other.last_day IS NULL OR NEW.first_day <= other.last_day) "
            "AND (NEW.last_day IS NULL OR other.first_day <= NEW.last_day)) "
            f"BEGIN SELECT RAISE(ABORT, '{ONCE}'); END"
        )


def downgrade() -> None:
    # Its constraint or triggers go with it.
    op.drop_table("named_contacts")
