import gc
import weakref
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask, render_template

from npt.web import templates

TEMPLATES = {
    "kept.html": "{% macro told(word) %}{{ word }}{% endmacro %}",
    "parts.html": """{% macro named() %}{{ month.name }}{% endmacro %}
{% macro twice() %}{{ named() }}{{ named() }}{% endmacro %}""",
    "line.html": "{% macro short() %}{{ month.name[:3] }}{% endmacro %}{{ short() }}",
    "frame.html": "{% block content %}{% endblock %}",
    "page.html": """{% extends "frame.html" %}
{% from "kept.html" import told %}
{% from "parts.html" import twice with context %}
{% macro own() %}{{ month.name }}{% endmacro %}
{% block content %}{{ told("So") }}: {{ own() }} {{ twice() }} {% include "line.html" %}{% endblock %}""",
}
WRITTEN = "So: March MarchMarch Mar"


class Month:
    """What a page is given; a whole BCU's rows would hang on it."""

    name = "March"


@pytest.fixture
def app(tmp_path: Path) -> Flask:
    for name, text in TEMPLATES.items():
        (tmp_path / name).write_text(text)
    app = Flask("npt", template_folder=str(tmp_path))
    templates.install(app)
    return app


@pytest.fixture
def without_collector() -> Iterator[None]:
    gc.disable()
    yield
    gc.enable()


@pytest.mark.usefixtures("without_collector")
def test_what_a_page_was_made_of_is_let_go_of_once_it_is_written(app: Flask) -> None:
    month = Month()
    kept = weakref.ref(month)

    with app.test_request_context():
        assert render_template("page.html", month=month) == WRITTEN
        del month

        assert kept() is None


def test_a_page_is_written_the_same_time_after_time(app: Flask) -> None:
    with app.test_request_context():
        assert [render_template("page.html", month=Month()) for _ in range(3)] == [WRITTEN] * 3
