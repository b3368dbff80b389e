"""The words of plans, to be found by: an index of their own, which the database keeps by triggers.

Each trigger reads its own table alone, so that a migration can make any of them anew; it then makes that table's
triggers anew as well (``triggers_of``).
"""

import sqlalchemy as sa
from alembic import op

revision = "0055"
down_revision = "0054"

SAID = (
    "detail",
    "objective",
    "cheers_community",
    "cheers_harm",
    "cheers_expectation",
    "cheers_events",
    "cheers_recurring",
    "cheers_similarity",
    "victim",
    "guardian",
    "location",
    "manager",
    "offender",
    "handler",
    "hypotheses",
    "tried",
    "community_view",
    "result",
    "why",
)
"""The columns of a plan that are looked in, beside its problem."""

GATHERED = {
    "plan_measures": ("measured", "what"),
    "plan_sources": ("known", "says"),
    "plan_actions": ("done", "what"),
}
"""What other tables hold of a plan: the index's column it goes to, and the table's own."""

WEAK = ("said", "measured", "known", "done")
# Whatever is no letter and no figure parts words, on both databases alike and whatever the locale.
PARTED = r"regexp_replace({}, '[\x01-\x2f\x3a-\x40\x5b-\x60\x7b-\x7f]+', ' ', 'g')"


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        weak = " || ' ' || ".join(WEAK)
        strong = f"setweight(to_tsvector('english', {PARTED.format('problem')}), 'A')"
        rest = f"setweight(to_tsvector('english', {PARTED.format(weak)}), 'C')"
        op.execute(
            "CREATE TABLE plan_texts (id integer PRIMARY KEY, problem text NOT NULL, "
            + ", ".join(f"{name} text NOT NULL DEFAULT ''" for name in WEAK)
            + f", words tsvector GENERATED ALWAYS AS ({strong} || {rest}) STORED)"
        )
        op.execute("CREATE INDEX ix_plan_texts_words ON plan_texts USING gin (words)")
    else:
        op.execute(
            f"CREATE VIRTUAL TABLE plan_texts USING fts5 (problem, {', '.join(WEAK)}, "
            "tokenize = 'porter unicode61 remove_diacritics 0')"
        )
    for table in ("plans", *GATHERED):
        triggers_of(table)
    key = "id" if op.get_bind().dialect.name == "postgresql" else "rowid"
    op.execute(
        f"INSERT INTO plan_texts ({key}, problem, {', '.join(WEAK)}) SELECT p.id, p.problem, {_said('p')}, "
        + ", ".join(_gathered(table, "p.id") for table in GATHERED)
        + " FROM plans p"
    )


def triggers_of(table: str) -> None:
    """Make the triggers that keep the index of one table's words."""
    postgresql = op.get_bind().dialect.name == "postgresql"
    key = "id" if postgresql else "rowid"
    if table == "plans":
        new = {
            "INSERT": f"INSERT INTO plan_texts ({key}, problem, {', '.join(WEAK)}) "
            f"VALUES (NEW.id, NEW.problem, {_said('NEW')}, '', '', '');",
            f"UPDATE OF problem, {', '.join(SAID)}": "UPDATE plan_texts SET problem = NEW.problem, "
            f"said = {_said('NEW')} WHERE {key} = NEW.id;",
            "DELETE": f"DELETE FROM plan_texts WHERE {key} = OLD.id;",
        }
    else:
        column, own = GATHERED[table]
        change = "UPDATE plan_texts SET {} = {} WHERE {} = {}.plan_id;"
        new = {
            event: change.format(column, _gathered(table, f"{row}.plan_id"), key, row)
            for event, row in (("INSERT", "NEW"), (f"UPDATE OF {own}", "NEW"), ("DELETE", "OLD"))
        }
    for event, change in new.items():
        name = f"{table}_words_{event.split(' ')[0].lower()}"
        if postgresql:
            op.execute(
                f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {change} RETURN NULL; END $$"
            )
            op.execute(f"CREATE TRIGGER {name} AFTER {event} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()")
        else:
            op.execute(f"CREATE TRIGGER {name} AFTER {event} ON {table} BEGIN {change} END")


def _said(row: str) -> str:
    return " || ' ' || ".join(f"{row}.{name}" for name in SAID)


def _gathered(table: str, plan: str) -> str:
    postgresql = op.get_bind().dialect.name == "postgresql"
    together = "string_agg({}, ' · ' ORDER BY id)" if postgresql else "group_concat({}, ' · ')"
    own = GATHERED[table][1]
    return f"coalesce((SELECT {together.format(own)} FROM {table} WHERE plan_id = {plan}), '')"


def downgrade() -> None:
    postgresql = op.get_bind().dialect.name == "postgresql"
    for table in ("plans", *GATHERED):
        for event in ("insert", "update", "delete"):
            name = f"{table}_words_{event}"
            op.execute(f"DROP TRIGGER {name} ON {table}" if postgresql else f"DROP TRIGGER {name}")
            if postgresql:
                op.execute(f"DROP FUNCTION {name}()")
    op.execute(sa.text("DROP TABLE plan_texts"))
