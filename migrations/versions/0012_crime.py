"""Ward boundaries, and crime as published, each line with the ward it lies in."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0016"

PLACES = ("ward", "outside", "unlocated")


def upgrade() -> None:
    op.create_table(
        "ward_boundaries",
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("geometry", sa.Text(), nullable=False),
        sa.Column("file", sa.String(length=255), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("loaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ward_boundaries")),
        sa.UniqueConstraint("code", name=op.f("uq_ward_boundaries_code")),
    )
    op.create_table(
        "crime_months",
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("force", sa.String(length=200), nullable=False),
        sa.Column("file", sa.String(length=255), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("loaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_crime_months")),
        sa.UniqueConstraint("month", "force", name=op.f("uq_crime_months_month_force")),
    )
    op.create_table(
        "street_crimes",
        sa.Column("crime_month_id", sa.Integer(), nullable=False),
        sa.Column("crime_id", sa.String(length=100), nullable=True),
        sa.Column("falls_within", sa.String(length=200), nullable=True),
        sa.Column("longitude", sa.String(length=20), nullable=True),
        sa.Column("latitude", sa.String(length=20), nullable=True),
        sa.Column("location", sa.String(length=200), nullable=True),
        sa.Column("lsoa_code", sa.String(length=20), nullable=True),
        sa.Column("lsoa_name", sa.String(length=100), nullable=True),
        sa.Column("crime_type", sa.String(length=100), nullable=False),
        sa.Column("outcome", sa.String(length=100), nullable=True),
        sa.Column("context", sa.String(length=1000), nullable=True),
        sa.Column("place", sa.Enum(*PLACES, name="place", native_enum=False, length=40), nullable=False),
        sa.Column("ward_code", sa.String(length=40), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint("(place = 'ward') = (ward_code IS NOT NULL)", name=op.f("ck_street_crimes_in_a_ward")),
        sa.CheckConstraint("(longitude IS NULL) = (latitude IS NULL)", name=op.f("ck_street_crimes_both_coordinates")),
        sa.CheckConstraint(
            "(place = 'unlocated') = (longitude IS NULL)",
            name=op.f("ck_street_crimes_unlocated_without_coordinates"),
        ),
        sa.ForeignKeyConstraint(["crime_month_id"], ["crime_months.id"], name=op.f("fk_street_crimes_crime_month_id")),
        sa.ForeignKeyConstraint(["ward_code"], ["ward_boundaries.code"], name=op.f("fk_street_crimes_ward_code")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_street_crimes")),
    )
    op.create_index(
        op.f("ix_street_crimes_crime_month_id_ward_code_place_crime_type"),
        "street_crimes",
        ["crime_month_id", "ward_code", "place", "crime_type"],
    )
    op.create_index(op.f("ix_street_crimes_ward_code"), "street_crimes", ["ward_code"])


def downgrade() -> None:
    op.drop_table("street_crimes")
    op.drop_table("crime_months")
    op.drop_table("ward_boundaries")
