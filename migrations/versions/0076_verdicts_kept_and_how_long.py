"""The verdict on a comparison, kept with its counts, and until when each closed plan is kept."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from alembic import op

from npt.core.periods import add_months
from npt.problem_solving.rules.impact import COUNTS, impact
from npt.problem_solving.rules.vocabulary import Better, Method

revision = "0076"
down_revision = "0052"

VERDICTS = ("better", "worse", "chance", "too_few", "no_comparison")
LIMITS = {Method.AREA: "impact_least_counted", Method.SURVEY: "impact_least_asked"}


@contextmanager
def _made_anew(table: str) -> Iterator[None]:
    """Keep the triggers of a table that SQLite makes anew, which drops them with the old one."""
    kept: list[str] = []
    if op.get_bind().dialect.name == "sqlite":
        triggers = sa.text("SELECT sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = :table")
        kept = list(op.get_bind().scalars(triggers, {"table": table}))
    yield
    for trigger in kept:
        op.get_bind().exec_driver_sql(trigger)


def upgrade() -> None:
    verdict = sa.Enum(*VERDICTS, name="verdict", native_enum=False, length=40)
    op.add_column("plan_measures", sa.Column("verdict", verdict, nullable=False, server_default="no_comparison"))
    op.add_column("plan_measures", sa.Column("least", sa.Integer(), nullable=True))
    _judge()
    with _made_anew("plan_measures"), op.batch_alter_table("plan_measures") as batch:
        batch.alter_column("verdict", existing_type=verdict, existing_nullable=False, server_default=None)
        batch.create_check_constraint(
            op.f("ck_plan_measures_verdict_of_a_comparison"), "(method = 'none') = (verdict = 'no_comparison')"
        )
        batch.create_check_constraint(op.f("ck_plan_measures_judged_by_a_limit"), "(method = 'none') = (least IS NULL)")
        batch.create_index(op.f("ix_plan_measures_verdict"), ["verdict"])
    _keep()


def _judge() -> None:
    """Judge what is kept already, by the rule and by the limit in force when the plan was last worked on."""
    counts = ", ".join(f"m.{name}" for name in COUNTS)
    rows = op.get_bind().execute(
        sa.text(
            f"SELECT m.id, m.method, m.better, p.last_update_at, {counts} FROM plan_measures m "
            "JOIN plans p ON p.id = m.plan_id WHERE m.method <> 'none'"
        )
    )
    for id, method, better, at, *counted in rows.all():
        least = int(_policy(LIMITS[Method(method)], _day(at), "10"))
        found = impact(Method(method), dict(zip(COUNTS, counted, strict=True)), Better(better), least)
        kept = sa.text("UPDATE plan_measures SET verdict = :verdict, least = :least WHERE id = :id")
        op.get_bind().execute(kept, {"verdict": found.verdict.value, "least": least, "id": id})


def _keep() -> None:
    """Give each closed plan that has none the day from which its disposal is proposed."""
    wanted = sa.text("SELECT id, closed_at FROM plans WHERE closed_at IS NOT NULL AND retention_review_on IS NULL")
    for id, at in op.get_bind().execute(wanted).all():
        until = add_months(_day(at), int(_policy("plan_retention_months", _day(at), "72")))
        op.get_bind().execute(
            sa.text("UPDATE plans SET retention_review_on = :until WHERE id = :id").bindparams(
                sa.bindparam("until", until, type_=sa.Date()), id=id
            )
        )


def _day(at: object) -> dt.date:
    return at.date() if isinstance(at, dt.datetime) else dt.date.fromisoformat(str(at)[:10])


def _policy(name: str, on: dt.date, otherwise: str) -> str:
    """The figure in force on a day; of a day before the first, the first. A force without policy has no plan."""
    asked = sa.text(
        "SELECT value FROM policy_values WHERE name = :name ORDER BY (first_day <= :day) DESC, "
        "CASE WHEN first_day <= :day THEN first_day END DESC, first_day LIMIT 1"
    ).bindparams(sa.bindparam("day", on, type_=sa.Date()), name=name)
    return op.get_bind().scalar(asked) or otherwise


def downgrade() -> None:
    with _made_anew("plan_measures"), op.batch_alter_table("plan_measures") as batch:
        batch.drop_index(op.f("ix_plan_measures_verdict"))
        batch.drop_constraint(op.f("ck_plan_measures_judged_by_a_limit"), type_="check")
        batch.drop_constraint(op.f("ck_plan_measures_verdict_of_a_comparison"), type_="check")
        batch.drop_column("least")
        batch.drop_column("verdict")
