import pytest
from flask import Flask
from flask.testing import FlaskClient

from npt.core.authority import Permission
from npt.web import access


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    @app.get("/unmarked")
    def unmarked() -> str:
        return "secret"

    @app.get("/public")
    @access.requires(access.Open.PUBLIC)
    def public() -> str:
        return "for all"

    @app.get("/anyone")
    @access.requires(access.Open.SIGNED_IN)
    def anyone() -> str:
        return "for the signed in"

    @app.get("/audit")
    @access.requires(Permission.VIEW_AUDIT)
    def audit() -> str:
        return "the record"

    return app.test_client()


def test_a_view_that_does_not_say_who_may_use_it_is_closed_even_to_the_signed_in(client: FlaskClient) -> None:
    client.post("/sign-in/auditor")

    answer = client.get("/unmarked")

    assert answer.status_code == 404
    assert "secret" not in answer.text


def test_a_public_view_asks_nobody_to_sign_in(client: FlaskClient) -> None:
    assert client.get("/public").text == "for all"


def test_a_stranger_is_sent_to_sign_in(client: FlaskClient) -> None:
    answer = client.get("/audit")

    assert (answer.status_code, answer.location) == (302, "/sign-in")


def test_a_sergeant_is_not_told_that_the_record_exists(client: FlaskClient) -> None:
    client.post("/sign-in/sergeant")

    answer = client.get("/audit")

    assert answer.status_code == 404
    assert answer.data == client.get("/no-such-page").data


def test_an_auditor_reads_the_record(client: FlaskClient) -> None:
    client.post("/sign-in/auditor")

    assert client.get("/audit").text == "the record"
    assert client.get("/anyone").text == "for the signed in"


def test_an_unknown_address_is_not_found_rather_than_a_reason_to_sign_in(client: FlaskClient) -> None:
    assert client.get("/no-such-page").status_code == 404


def test_a_wrong_method_gives_nothing_away(client: FlaskClient) -> None:
    assert client.delete("/public").status_code == 404


def test_a_library_s_view_is_open_to_whom_the_application_says(app: Flask) -> None:
    app.add_url_rule("/library/<name>", "library.page", lambda name: f"hello {name}")
    access.mark_library_endpoints(app, {"library.page": access.Open.PUBLIC})

    assert app.test_client().get("/library/ely").text == "hello ely"


def test_a_library_s_view_that_has_gone_is_noticed_at_the_start(app: Flask) -> None:
    with pytest.raises(KeyError):
        access.mark_library_endpoints(app, {"library.gone": access.Open.PUBLIC})
