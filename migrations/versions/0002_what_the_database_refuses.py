"""What the database itself refuses: two at once, and any change to the record."""

from alembic import op

revision = "0002"
down_revision = "0001"

# table, constraint, columns that must be equal, kind of range, first column, last column, only rows where
OVERLAPS = [
    ("ward_memberships", "wards_in_one_team", ["ward_id"], "date", "first_day", "last_day", None),
    ("targets", "targets_one_at_a_time", ["scope", "scope_code", '"group"'], "date", "first_day", "last_day", None),
    ("policy_values", "policy_values_one_at_a_time", ["name"], "date", "first_day", "last_day", None),
    (
        "abstractions",
        "abstractions_one_place_at_a_time",
        ["person_id"],
        "tstz",
        "starts_at",
        "ends_at",
        "cancelled_at IS NULL",
    ),
]


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        _upgrade_postgresql()
    else:
        _upgrade_sqlite()


def _upgrade_postgresql() -> None:
    op.execute("CREATE EXTENSION IF NOT EXISTS btree_gist")
    for table, name, equal, kind, first, last, where in OVERLAPS:
        bounds = "[]" if kind == "date" else "[)"
        parts = ", ".join(f"{column} WITH =" for column in equal)
        condition = f"WHERE ({where})" if where else ""
        op.execute(
            f"ALTER TABLE {table} ADD CONSTRAINT {name} EXCLUDE USING gist "
            f"({parts}, {kind}range({first}, {last}, '{bounds}') WITH &&) {condition} DEFERRABLE INITIALLY IMMEDIATE"
        )
    op.execute(
        "CREATE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'audit entries are never changed'; END $$"
    )
    op.execute(
        "CREATE TRIGGER audit_entries_are_final BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_entries "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change()"
    )


def _upgrade_sqlite() -> None:
    # While a row stands here (only inside one transaction) the triggers stand aside and core/db.py checks at the end.
    op.execute("CREATE TABLE constraint_deferrals (id INTEGER PRIMARY KEY CHECK (id = 1))")
    for table, name, equal, kind, first, last, where in OVERLAPS:
        # An instant's end is outside its interval, a last day is inside its range.
        reaches = "<" if kind == "tstz" else "<="
        same = " AND ".join(f"other.{column} = NEW.{column}" for column in equal)
        live = f"AND other.{where}" if where else ""
        new_live = f"AND NEW.{where}" if where else ""
        for when in ("INSERT", "UPDATE"):
            op.execute(
                f"CREATE TRIGGER {name}_{when.lower()} BEFORE {when} ON {table} "
                f"WHEN NOT EXISTS (SELECT 1 FROM constraint_deferrals) {new_live} "
                f"AND EXISTS (SELECT 1 FROM {table} other WHERE {same} {live} AND other.id IS NOT NEW.id "
                f"AND (other.{last} IS NULL OR NEW.{first} {reaches} other.{last}) "
                f"AND (NEW.{last} IS NULL OR other.{first} {reaches} NEW.{last})) "
                f"BEGIN SELECT RAISE(ABORT, '{name}'); END"
            )
    for when in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER audit_entries_are_final_{when.lower()} BEFORE {when} ON audit_entries "
            "BEGIN SELECT RAISE(ABORT, 'audit entries are never changed'); END"
        )

    # REPLACE deletes without asking the trigger above, so an entry that is there already is refused as well.
    op.execute(
        "CREATE TRIGGER audit_entries_are_final_insert BEFORE INSERT ON audit_entries "
        "WHEN EXISTS (SELECT 1 FROM audit_entries WHERE number = NEW.number OR hash = NEW.hash OR id = NEW.id) "
        "BEGIN SELECT RAISE(ABORT, 'audit entries are never changed'); END"
    )


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP TRIGGER audit_entries_are_final ON audit_entries")
        op.execute("DROP FUNCTION refuse_audit_change()")
        for table, name, *_ in OVERLAPS:
            op.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
        return
    for when in ("update", "delete", "insert"):
        op.execute(f"DROP TRIGGER audit_entries_are_final_{when}")
    for _table, name, *_ in OVERLAPS:
        for when in ("insert", "update"):
            op.execute(f"DROP TRIGGER {name}_{when}")
    op.execute("DROP TABLE constraint_deferrals")
