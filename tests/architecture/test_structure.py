"""The architecture, held mechanically: each test one promise."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest
from alembic import command
from alembic.util.exc import CommandError
from flask import Flask
from jinja2 import nodes

from npt import scheduler
from npt.core import db, schema
from npt.policy.queries import policy_on
from npt.settings import ROOT
from npt.web.access import access_of
from tests.conftest import TODAY

SOURCES = sorted((ROOT / "npt").rglob("*.py"))
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_every_view_says_who_may_use_it(app: Flask) -> None:
    unsaid = [endpoint for endpoint, view in app.view_functions.items() if access_of(view) is None]

    assert unsaid == []


def test_only_the_database_module_commits() -> None:
    committing = [name_of(path) for path in SOURCES if ".commit(" in path.read_text()]

    assert committing == ["npt/core/db.py"]


def test_only_the_edge_reads_the_clock() -> None:
    clock = re.compile(r"\b(datetime\.now|datetime\.utcnow|date\.today|time\.time)\(")
    reading = [name_of(path) for path in SOURCES if clock.search(path.read_text())]

    assert reading == ["npt/edge.py"]


def test_transactions_are_opened_at_the_edges_alone() -> None:
    edges = re.compile(r"/(views|jobs|cli)(\.py$|/)|npt/(core/db|scheduler|edge)\.py$")
    opening = [
        name_of(path)
        for path in SOURCES
        if "with transaction()" in path.read_text() and not edges.search(name_of(path))
    ]

    assert opening == []


# SQLite does not say what an index over an expression holds; PostgreSQL does, and is asked as well.
@pytest.mark.filterwarnings("ignore:Skipped unsupported reflection of expression-based index")
@pytest.mark.filterwarnings("ignore:autogenerate skipping metadata-specified expression-based index")
@pytest.mark.usefixtures("session")
def test_migrations_match_the_models() -> None:
    config = schema._config()
    with db.engine().connect() as connection:
        config.attributes["connection"] = connection
        try:
            command.check(config)
        except CommandError as error:
            pytest.fail(str(error))


def test_the_newest_migration_is_known_before_any_has_run() -> None:
    """As a server asks at its start, in a process of its own: what Alembic gives a migration is not there then."""
    asking = [sys.executable, "-c", "from npt.core import schema; print(schema.newest())"]
    told = subprocess.run(asking, cwd=ROOT, capture_output=True, text=True, check=False)

    assert told.stdout.strip() == schema.newest(), told.stderr


def test_every_service_module_leaves_audit_entries() -> None:
    services: dict[str, str] = {}
    for path in SOURCES:
        if found := re.match(r"npt/(?!audit)\w+/services(?=\.py|/)", name_of(path)):
            services[found[0]] = services.get(found[0], "") + path.read_text()

    silent = [name for name, source in services.items() if _writes(source) and "audit." not in source]
    assert len(services) > 3
    assert silent == []


def _writes(source: str) -> bool:
    return "session.add(" in source or "bulk_insert(" in source


def test_models_hold_columns_and_no_queries() -> None:
    asking = [
        name_of(p)
        for p in SOURCES
        if "models" in (p.stem, p.parent.name) and re.search(r"\bselect\(|session\b", p.read_text())
    ]

    assert asking == []


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_each_template_parses_and_uses_the_macros_it_imports(app: Flask, path: Path) -> None:
    tree = app.jinja_env.parse(path.read_text())

    imported = {
        name if isinstance(name, str) else name[1] for each in tree.find_all(nodes.FromImport) for name in each.names
    }
    used = {each.name for each in tree.find_all(nodes.Name) if each.ctx == "load"}
    assert imported - used == set()


def test_every_page_template_belongs_to_an_endpoint(app: Flask) -> None:
    rendered = set()
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.endswith(".html"):
                rendered.add(node.value)
    pages = {
        str(path.relative_to(ROOT / "templates"))
        for path in TEMPLATES
        if not path.name.startswith("_") and path.parent.name not in ("layouts", "components")
    }

    assert pages - rendered == set()


def test_no_template_holds_a_script_or_a_style_of_its_own() -> None:
    inline = re.compile(r"<script(?![^>]*\ssrc=)|<style|\sstyle=|\son\w+=\"|javascript:")

    assert [name_of(path) for path in TEMPLATES if inline.search(path.read_text())] == []


def test_every_job_has_a_time_and_every_time_a_job() -> None:
    assert set(scheduler.schedule()) == set(scheduler.JOBS)


@pytest.mark.usefixtures("session")
def test_every_figure_the_rules_need_has_a_value_in_a_new_force() -> None:
    from npt.policy.cli import start_policy

    with db.transaction():
        start_policy()

    policy = policy_on(TODAY)
    assert policy.span_line == 10
    assert policy.person_limit_percent is None


def test_no_file_is_past_what_one_idea_needs() -> None:
    long = {name_of(path): lines for path in SOURCES if (lines := len(path.read_text().splitlines())) > 400}

    assert long == {}


def test_no_path_of_a_machine_and_no_mirror_stands_in_any_file() -> None:
    kept = re.compile(r"^(npt/static|instance|\.venv|frontend/node_modules|\.git|\.\w+_cache|\.hypothesis)")
    texts = [
        path
        for path in ROOT.rglob("*")
        if path.is_file() and path.suffix in {".py", ".toml", ".md", ".lock", ".json", ".html", ".scss", ".js", ".csv"}
        if not kept.match(name_of(path)) and path != Path(__file__) and "node_modules" not in path.parts
    ]

    addresses = re.compile(r"/work/(main|wt|shared)|file:///|/root/")
    assert [name_of(path) for path in texts if addresses.search(path.read_text(encoding="utf-8"))] == []
