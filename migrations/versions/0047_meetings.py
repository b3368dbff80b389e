"""What a panel's meetings are prepared by and leave behind: seats, attendance, agendas, minutes, calendars.

With the members of the police authority who go to panels, and the forums of chairs.
"""

import sqlalchemy as sa
from alembic import op

revision = "0047"
down_revision = "0057"

POLICY = {"authority_panels_least": "2", "authority_panels_most": "3", "chairs_forums": "2"}
MORE_OF_A_MEETING = {
    "members_present": "INTEGER CONSTRAINT ck_meetings_members_is_a_number "
    "CHECK (members_present IS NULL OR members_present >= 0)",
    "chaired_by": "VARCHAR(200)",
    "cancelled_because": "VARCHAR(200)",
    "fixed_at_id": "INTEGER CONSTRAINT fk_meetings_fixed_at_id REFERENCES meetings (id)",
}
IN_ORDER = "last_day IS NULL OR last_day >= first_day"


def upgrade() -> None:
    # In plain SQL: meetings are referred to, and SQLite would have to make the table anew for each of these.
    for name, kind in MORE_OF_A_MEETING.items():
        op.execute(f"ALTER TABLE meetings ADD COLUMN {name} {kind}")
    _authority()
    _seats()
    _attendance()
    _agendas()
    _minutes()
    _feeds()
    # A force that has its policy already is given the new figures; a new one gets them from config/policy.toml.
    for name, value in POLICY.items():
        op.execute(
            "INSERT INTO policy_values (name, first_day, value, reason) "
            f"SELECT '{name}', MIN(first_day), '{value}', 'product' FROM policy_values "
            f"WHERE NOT EXISTS (SELECT 1 FROM policy_values WHERE name = '{name}') HAVING COUNT(*) > 0"
        )


def _authority() -> None:
    op.create_table(
        "authority_members",
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint(IN_ORDER, name=op.f("ck_authority_members_days_in_order")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_authority_members")),
    )
    op.create_table(
        "authority_allocations",
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("panel_id", sa.Integer(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint(IN_ORDER, name=op.f("ck_authority_allocations_days_in_order")),
        sa.ForeignKeyConstraint(
            ["member_id"], ["authority_members.id"], name=op.f("fk_authority_allocations_member_id")
        ),
        sa.ForeignKeyConstraint(["panel_id"], ["panels.id"], name=op.f("fk_authority_allocations_panel_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_authority_allocations")),
        sa.UniqueConstraint(
            "member_id", "panel_id", "first_day", name=op.f("uq_authority_allocations_member_id_panel_id_first_day")
        ),
    )
    op.create_index(op.f("ix_authority_allocations_panel_id"), "authority_allocations", ["panel_id"])
    op.create_table(
        "chairs_forums",
        sa.Column("bcu_id", sa.Integer(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("attended", sa.Integer(), nullable=False),
        sa.Column("notes", sa.Text(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint("attended >= 0", name=op.f("ck_chairs_forums_attended_is_a_number")),
        sa.ForeignKeyConstraint(["bcu_id"], ["bcus.id"], name=op.f("fk_chairs_forums_bcu_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chairs_forums")),
        sa.UniqueConstraint("bcu_id", "held_on", name=op.f("uq_chairs_forums_bcu_id_held_on")),
    )


def _seats() -> None:
    op.create_table(
        "panel_seats",
        sa.Column("panel_id", sa.Integer(), nullable=False),
        sa.Column("organisation", sa.String(length=200), nullable=False),
        sa.Column("role", sa.String(length=200), nullable=False),
        sa.Column("sector", sa.String(length=40), nullable=False),
        sa.Column("votes", sa.Boolean(), nullable=False),
        sa.Column("expected", sa.Boolean(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint(IN_ORDER, name=op.f("ck_panel_seats_days_in_order")),
        sa.ForeignKeyConstraint(["panel_id"], ["panels.id"], name=op.f("fk_panel_seats_panel_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_panel_seats")),
    )
    op.create_index(op.f("ix_panel_seats_panel_id"), "panel_seats", ["panel_id"])


def _attendance() -> None:
    op.create_table(
        "meeting_attendances",
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("seat_id", sa.Integer(), nullable=True),
        sa.Column("member_id", sa.Integer(), nullable=True),
        sa.Column("presence", sa.String(length=40), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(seat_id IS NULL) <> (member_id IS NULL)", name=op.f("ck_meeting_attendances_of_a_seat_or_a_member")
        ),
        sa.ForeignKeyConstraint(["meeting_id"], ["meetings.id"], name=op.f("fk_meeting_attendances_meeting_id")),
        sa.ForeignKeyConstraint(["member_id"], ["authority_members.id"], name=op.f("fk_meeting_attendances_member_id")),
        sa.ForeignKeyConstraint(["seat_id"], ["panel_seats.id"], name=op.f("fk_meeting_attendances_seat_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting_attendances")),
        sa.UniqueConstraint("meeting_id", "member_id", name=op.f("uq_meeting_attendances_meeting_id_member_id")),
        sa.UniqueConstraint("meeting_id", "seat_id", name=op.f("uq_meeting_attendances_meeting_id_seat_id")),
    )
    op.create_index(op.f("ix_meeting_attendances_member_id"), "meeting_attendances", ["member_id"])
    op.create_index(op.f("ix_meeting_attendances_seat_id"), "meeting_attendances", ["seat_id"])


def _agendas() -> None:
    op.create_table(
        "agenda_items",
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("priority_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["meeting_id"], ["meetings.id"], name=op.f("fk_agenda_items_meeting_id")),
        sa.ForeignKeyConstraint(["priority_id"], ["priorities.id"], name=op.f("fk_agenda_items_priority_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agenda_items")),
        sa.UniqueConstraint("meeting_id", "number", name=op.f("uq_agenda_items_meeting_id_number")),
    )


def _minutes() -> None:
    op.create_table(
        "minutes",
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("why", sa.String(length=500), nullable=True),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("issued_by", sa.String(length=254), nullable=True),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint("(issued_at IS NULL) = (sha256 IS NULL)", name=op.f("ck_minutes_issued_with_its_hash")),
        sa.CheckConstraint("version = 1 OR why IS NOT NULL", name=op.f("ck_minutes_corrected_for_a_reason")),
        sa.ForeignKeyConstraint(["meeting_id"], ["meetings.id"], name=op.f("fk_minutes_meeting_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_minutes")),
        sa.UniqueConstraint("meeting_id", "version", name=op.f("uq_minutes_meeting_id_version")),
    )
    op.create_table(
        "minute_items",
        sa.Column("minutes_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("decision", sa.String(length=40), nullable=True),
        sa.Column("acts", sa.String(length=200), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("priority_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["minutes_id"], ["minutes.id"], name=op.f("fk_minute_items_minutes_id")),
        sa.ForeignKeyConstraint(["priority_id"], ["priorities.id"], name=op.f("fk_minute_items_priority_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_minute_items")),
        sa.UniqueConstraint("minutes_id", "number", name=op.f("uq_minute_items_minutes_id_number")),
    )
    op.create_index(op.f("ix_minute_items_priority_id"), "minute_items", ["priority_id"])


def _feeds() -> None:
    op.create_table(
        "calendar_feeds",
        sa.Column("panel_id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.String(length=254), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["panel_id"], ["panels.id"], name=op.f("fk_calendar_feeds_panel_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_feeds")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_calendar_feeds_token_hash")),
    )
    op.create_index(op.f("ix_calendar_feeds_panel_id"), "calendar_feeds", ["panel_id"])


def downgrade() -> None:
    names = ", ".join(f"'{name}'" for name in POLICY)
    op.execute(f"DELETE FROM policy_values WHERE name IN ({names})")
    tables = ("minute_items", "minutes", "agenda_items", "meeting_attendances", "panel_seats")
    for table in (*tables, "authority_allocations", "authority_members", "chairs_forums", "calendar_feeds"):
        op.drop_table(table)
    for name in reversed(MORE_OF_A_MEETING):
        op.execute(f"ALTER TABLE meetings DROP COLUMN {name}")
