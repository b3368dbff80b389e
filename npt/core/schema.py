"""Bring a database to the newest migration, and say where it stands."""

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, inspect

from npt.settings import ROOT


def _config() -> Config:
    return Config(toml_file=ROOT / "pyproject.toml")


def upgrade(engine: Engine) -> None:
    """Run every migration the database has not had, all or none."""
    config = _config()
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def is_current(engine: Engine) -> bool:
    """Whether the database stands at the newest migration."""
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision() == newest()


def is_ours(engine: Engine) -> bool:
    """Whether any of our migrations has ever been run on the database."""
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision() is not None


def is_empty(engine: Engine) -> bool:
    """Whether the database holds no table at all."""
    return not inspect(engine).get_table_names()


def newest() -> str | None:
    """The newest migration there is."""
    return ScriptDirectory.from_config(_config()).get_current_head()
