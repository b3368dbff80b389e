import re

import html5lib
import pytest
from flask import Flask, abort, render_template, render_template_string
from flask.testing import FlaskClient
from jinja2 import UndefinedError
from sqlalchemy.exc import NoResultFound
from werkzeug.datastructures import MultiDict

from npt.core.authority import Actor, Role
from npt.web import access
from npt.web.banners import say
from npt.web.forms import Form, Required, TextField
from tests import make
from tests.conftest import SignIn

PAGE = """{% extends "layouts/page.html" %}{% block title %}Ely NPT{% endblock %}
{% block content %}<h1>Ely NPT</h1>{% endblock %}"""


class PlaceForm(Form):
    place = TextField("Where to", [Required("Enter where to")])


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    @app.get("/page")
    @access.requires(access.Open.PUBLIC)
    def page() -> str:
        return render_template_string(PAGE)

    @app.get("/broken")
    @access.requires(access.Open.PUBLIC)
    def broken() -> str:
        raise RuntimeError("the password is swordfish")

    @app.get("/row")
    @access.requires(access.Open.PUBLIC)
    def row() -> str:
        raise NoResultFound

    @app.get("/error/<int:code>")
    @access.requires(access.Open.PUBLIC)
    def error(code: int) -> str:
        abort(code)

    return app.test_client()


def test_a_page_is_strict_html_with_the_marking_at_its_head_and_foot(client: FlaskClient) -> None:
    answer = client.get("/page")

    html5lib.HTMLParser(strict=True).parse(answer.text)
    assert answer.text.count('<div class="npt-marking">OFFICIAL</div>') == 2
    assert "<title>Ely NPT – NPT</title>" in answer.text


def test_whoever_is_signed_in_is_told_how_long_the_server_took_and_nobody_else(
    client: FlaskClient, sign_in: SignIn
) -> None:
    browser = sign_in(make.user(Role.AUDITOR))

    assert re.fullmatch(r"server;dur=\d+", browser.get("/").headers["Server-Timing"])
    assert "Server-Timing" not in client.get("/page").headers


def test_a_page_has_nothing_that_its_policy_would_refuse(client: FlaskClient) -> None:
    answer = client.get("/page")

    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert " style=" not in answer.text
    assert answer.text.count("<script") == answer.text.count("<script src=") + answer.text.count(
        '<script type="module" src='
    )


def test_no_page_is_kept_by_the_browser_unless_its_view_says_so(client: FlaskClient) -> None:
    answer = client.get("/page")

    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert answer.headers["Strict-Transport-Security"].startswith("max-age=")


def test_the_stylesheet_is_found_compressed_and_kept_for_ever(client: FlaskClient) -> None:
    page = client.get("/page").text
    address = page.split('<link rel="stylesheet" href="')[1].split('"')[0]

    with client.get(address, headers={"Accept-Encoding": "gzip"}) as answer:
        assert answer.status_code == 200
        assert answer.headers["Content-Encoding"] == "gzip"
        assert "immutable" in answer.headers["Cache-Control"]
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_whoever_is_signed_in_is_named_and_signs_out_with_a_button(request_of: Flask) -> None:
    page = render_template_string(
        PAGE, actor=Actor("Sgt 1201 P. Okafor", Role.SERGEANT), force_name="Fenland Police", demonstration=True
    )

    assert "Sgt 1201 P. Okafor, NPT sergeant" in page
    assert '<form method="post" action="/sign-out">' in page
    assert "Fenland Police" in page
    assert "demonstration data: people and figures are invented" in page


def test_a_stranger_is_offered_no_sign_out(request_of: Flask) -> None:
    assert "Sign out" not in render_template_string(PAGE)


def test_what_was_done_is_said_with_a_link_to_it(request_of: Flask) -> None:
    say("Abstraction logged.", "/abstractions/7", "See <it>")

    page = render_template_string(PAGE)

    assert "govuk-notification-banner--success" in page
    assert '<a class="govuk-notification-banner__link" href="/abstractions/7">See &lt;it&gt;</a>' in page


def test_a_form_with_an_error_says_so_in_the_title_and_links_to_the_field(request_of: Flask) -> None:
    form = PlaceForm(formdata=MultiDict({"place": "  "}))
    form.validate()

    page = render_template_string(
        PAGE.replace(
            "<h1>", "{% from 'components/forms.html' import error_summary, field %}{{ error_summary(form) }}<h1>"
        ),
        form=form,
    )

    assert "<title>Error: Ely NPT – NPT</title>" in page
    assert '<a href="#place">Enter where to</a>' in page


def test_a_misspelt_name_in_a_template_of_ours_is_an_error(request_of: Flask) -> None:
    with pytest.raises(UndefinedError, match="tema"):
        render_template_string("{{ tema }}")


def test_the_component_library_keeps_its_leniency(request_of: Flask) -> None:
    page = render_template("govuk_frontend_wtf/input.html", params={"id": "a", "name": "a", "label": {"text": "A"}})

    assert 'name="a"' in page


def test_a_fault_is_told_without_its_words(client: FlaskClient) -> None:
    answer = client.get("/broken")

    assert answer.status_code == 500
    assert "Something went wrong" in answer.text
    assert "swordfish" not in answer.text
    assert "Traceback" not in answer.text


def test_a_row_out_of_sight_is_a_page_not_found(client: FlaskClient) -> None:
    answer = client.get("/row")

    assert answer.status_code == 404
    assert '<h1 class="govuk-heading-l">Page not found</h1>' in answer.text


@pytest.mark.parametrize(
    ("code", "shown", "heading"),
    [
        (403, 404, "Page not found"),
        (413, 413, "The file is too large"),
        (429, 429, "Too many tries"),
        (503, 503, "Not available just now"),
    ],
)
def test_an_error_says_what_to_do(client: FlaskClient, code: int, shown: int, heading: str) -> None:
    answer = client.get(f"/error/{code}")

    assert answer.status_code == shown
    assert heading in answer.text


def test_a_form_sent_without_its_token_is_asked_for_again(app: Flask) -> None:
    app.config["WTF_CSRF_ENABLED"] = True

    answer = app.test_client().post("/sign-in/sergeant")

    assert answer.status_code == 400
    assert "Send the form again" in answer.text
