"""Nobody holds more than 1.00 FTE and no post more than its own: the database itself refuses it (RULES section 2).

Views and triggers say what the rules say of days in force and of suspension. They judge row by row; an import puts that
off and judges everything once at its end (``db.defer_overlaps``), which for many rows is many times quicker.

A later migration that rebuilds ``teams``, ``posts``, ``people`` or ``postings`` on SQLite (batch mode) drops the views
and triggers first and makes them anew: SQLite will not rename a table under a view.
"""

from zlib import crc32

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

PERSON, POST = "nobody_above_full_time", "no_post_above_its_fte"
FULL_TIME = 100
"""1.00 FTE: the columns hold hundredths. Law, not policy."""
LOCK = crc32(b"staffing")
"""The lock that every change of staffing waits for: of two at once, the second is judged with the first."""
WATCHED = {"posts": ("fte", "first_day", "last_day"), "people": ("leaving_on",), "teams": ("last_day",)}
"""What besides a posting decides who holds how much on a day."""
HOLDERS = {
    "posts": "SELECT person_id FROM postings WHERE post_id = NEW.id",
    "people": "SELECT NEW.id",
    "teams": "SELECT person_id FROM postings JOIN posts ON posts.id = post_id WHERE team_id = NEW.id",
}
"""Whose postings a change of one of these touches."""


def upgrade() -> None:
    with op.batch_alter_table("covers") as covers:
        covers.add_column(sa.Column("post_id", sa.Integer(), nullable=True))
        covers.create_foreign_key("fk_covers_post_id", "posts", ["post_id"], ["id"])
        covers.create_index("ix_covers_post_id", ["post_id"])
    postgresql = op.get_bind().dialect.name == "postgresql"
    _create_views(postgresql)
    if postgresql:
        _upgrade_postgresql()
    else:
        _upgrade_sqlite()


def _create_views(postgresql: bool) -> None:
    never = "DATE '9999-12-31'" if postgresql else "'9999-12-31'"
    later, earlier = ("greatest", "least") if postgresql else ("max", "min")
    days = ("h.last_day", "p.last_day", "t.last_day", "n.leaving_on")
    ends = ", ".join(f"coalesce({day}, {never})" for day in days)
    op.execute(
        "CREATE VIEW postings_in_force AS SELECT h.id, h.person_id, h.post_id, h.kind, p.grade, p.fte AS post_fte, "
        "CASE WHEN p.grade = 'special' THEN 0 ELSE coalesce(h.fte, p.fte) END AS fte, "
        f"{later}(h.first_day, p.first_day) AS first_day, {earlier}({ends}) AS last_day "
        "FROM postings h JOIN posts p ON p.id = h.post_id JOIN people n ON n.id = h.person_id "
        "LEFT JOIN teams t ON t.id = p.team_id"
    )
    op.execute(f"CREATE VIEW people_above_full_time AS {_people_above(postgresql)}")
    op.execute(f"CREATE VIEW posts_above_their_fte AS {_posts_above(postgresql)}")


FILLS = (
    "d.day BETWEEN f.first_day AND f.last_day AND f.kind <> 'attachment' AND (f.kind <> 'substantive' OR NOT "
    "EXISTS (SELECT 1 FROM postings_in_force s WHERE s.person_id = f.person_id "
    "AND s.kind IN ('acting', 'temporary') AND d.day BETWEEN s.first_day AND s.last_day))"
)
"""Whether a posting ``f`` fills its post on a day ``d``."""


def _rises(postgresql: bool, people: str) -> str:
    """The days on which a person's FTE can rise: a posting comes into force, or a suspension is over."""
    day_after = "last_day + 1" if postgresql else "date(last_day, '+1 day')"
    never = "DATE '9999-12-31'" if postgresql else "'9999-12-31'"
    own = f"AND person_id {people}" if people else ""
    return (
        f"SELECT person_id, first_day AS day FROM postings_in_force WHERE first_day <= last_day {own} "
        f"UNION SELECT person_id, {day_after} FROM postings_in_force "
        f"WHERE kind IN ('acting', 'temporary') AND first_day <= last_day AND last_day < {never} {own}"
    )


def _people_above(postgresql: bool, people: str = "") -> str:
    """Who holds more than 1.00 FTE. ``people`` (``IN …``) narrows every part: neither planner does it by itself."""
    held = f"AND f.person_id {people}" if people else ""
    return (
        f"SELECT f.person_id, d.day FROM ({_rises(postgresql, people)}) d "
        f"JOIN postings_in_force f ON f.person_id = d.person_id WHERE {FILLS} {held} "
        f"GROUP BY f.person_id, d.day HAVING sum(f.fte) > {FULL_TIME}"
    )


def _posts_above(postgresql: bool, posts: str = "", holders: str = "") -> str:
    """Which posts are held by more than their FTE; narrowed to some posts and to whoever ever held one of them."""
    own, held = (f"WHERE h.post_id {posts}", f"AND f.post_id {posts}") if posts else ("", "")
    return (
        "SELECT f.post_id, d.day FROM (SELECT DISTINCT h.post_id, r.day FROM postings h "
        f"JOIN ({_rises(postgresql, holders)}) r ON r.person_id = h.person_id {own}) d "
        f"JOIN postings_in_force f ON f.post_id = d.post_id WHERE {FILLS} AND f.grade <> 'special' {held} "
        "GROUP BY f.post_id, f.post_fte, d.day HAVING sum(f.fte) > f.post_fte"
    )


def _upgrade_postgresql() -> None:
    op.execute(
        f"""
        CREATE FUNCTION refuse_fte() RETURNS trigger LANGUAGE plpgsql AS $$
        DECLARE touched integer[]; held integer[]; holders integer[];
        BEGIN
            PERFORM pg_advisory_xact_lock({LOCK});
            IF TG_TABLE_NAME = 'postings' THEN
                IF TG_OP <> 'DELETE' THEN touched := ARRAY[NEW.person_id]; END IF;
                IF TG_OP <> 'INSERT' THEN touched := touched || OLD.person_id; END IF;
            {"".join(f"ELSIF TG_TABLE_NAME = '{t}' THEN touched := ARRAY({HOLDERS[t]}); " for t in WATCHED)}
            END IF;
            IF EXISTS ({_people_above(True, "= ANY(touched)")}) THEN
                RAISE EXCEPTION '{PERSON}' USING ERRCODE = 'check_violation', CONSTRAINT = '{PERSON}';
            END IF;
            held := ARRAY(SELECT DISTINCT post_id FROM postings WHERE person_id = ANY(touched));
            holders := ARRAY(SELECT DISTINCT person_id FROM postings WHERE post_id = ANY(held));
            IF EXISTS ({_posts_above(True, "= ANY(held)", "= ANY(holders)")}) THEN
                RAISE EXCEPTION '{POST}' USING ERRCODE = 'check_violation', CONSTRAINT = '{POST}';
            END IF;
            RETURN NULL;
        END $$
        """
    )
    for event, table in (("INSERT OR UPDATE OR DELETE", "postings"), *(("UPDATE", table) for table in WATCHED)):
        op.execute(
            f"CREATE TRIGGER fte_of_{table} AFTER {event}{_of(table)} ON {table} FOR EACH ROW "
            "WHEN (current_setting('npt.deferred', true) IS DISTINCT FROM 'on') EXECUTE FUNCTION refuse_fte()"
        )


def _of(table: str) -> str:
    return f" OF {', '.join(WATCHED[table])}" if table in WATCHED else ""


def _upgrade_sqlite() -> None:
    for when, touched in (
        ("INSERT", "SELECT NEW.person_id"),
        ("UPDATE", "SELECT NEW.person_id UNION SELECT OLD.person_id"),
        ("DELETE", "SELECT OLD.person_id"),
    ):
        _refuse_on_sqlite(f"fte_of_postings_{when.lower()}", f"{when} ON postings", touched)
    for table in WATCHED:
        _refuse_on_sqlite(f"fte_of_{table}", f"UPDATE{_of(table)} ON {table}", HOLDERS[table])


def _refuse_on_sqlite(name: str, event: str, touched: str) -> None:
    held = f"SELECT post_id FROM postings WHERE person_id IN ({touched})"
    holders = f"SELECT person_id FROM postings WHERE post_id IN ({held})"
    op.execute(
        f"CREATE TRIGGER {name} AFTER {event} WHEN NOT EXISTS (SELECT 1 FROM constraint_deferrals) BEGIN "
        f"SELECT RAISE(ABORT, '{PERSON}') WHERE EXISTS ({_people_above(False, f'IN ({touched})')}); "
        f"SELECT RAISE(ABORT, '{POST}') WHERE EXISTS ({_posts_above(False, f'IN ({held})', f'IN ({holders})')}); END"
    )


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        for table in ("postings", *WATCHED):
            op.execute(f"DROP TRIGGER fte_of_{table} ON {table}")
        op.execute("DROP FUNCTION refuse_fte()")
    else:
        for when in ("insert", "update", "delete"):
            op.execute(f"DROP TRIGGER fte_of_postings_{when}")
        for table in WATCHED:
            op.execute(f"DROP TRIGGER fte_of_{table}")
    for view in ("posts_above_their_fte", "people_above_full_time", "postings_in_force"):
        op.execute(f"DROP VIEW {view}")
    with op.batch_alter_table("covers") as covers:
        covers.drop_index("ix_covers_post_id")
        covers.drop_constraint("fk_covers_post_id", type_="foreignkey")
        covers.drop_column("post_id")
