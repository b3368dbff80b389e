import datetime as dt
from decimal import Decimal
from enum import StrEnum
from itertools import product
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from werkzeug.routing import BuildError

from npt.web.addresses import REMEMBERED, Application, Code


class Word(StrEnum):
    OF_TWO = "two words"


ODD = (
    "plain",
    "ä &=?#+%/\"<>'!$()*,:;@[]{}|^`~.-_",
    "",
    None,
    Word.OF_TWO,
    b"bytes",
    0,
    1,
    True,
    1.0,
    dt.date(2026, 11, 2),
    dt.datetime(2026, 11, 2, 9, 32, tzinfo=dt.UTC),
    dt.datetime(2026, 11, 2, 9, 32, tzinfo=ZoneInfo("Europe/London")),
    Decimal("1.0"),
    Decimal("1.00"),
    ["one", "two"],
    ("one", "ä"),
)


@pytest.fixture
def application() -> Application:
    app = Application("npt")
    app.url_map.converters["string"] = app.url_map.converters["default"] = Code
    app.add_url_rule("/teams", "teams", str)
    app.add_url_rule("/teams/<code>/<int:year>", "team", str)
    return app


@pytest.mark.parametrize("mounted", ["", "/npt"])
def test_every_address_is_as_flask_makes_it_the_first_time_and_the_next(application: Application, mounted: str) -> None:
    with application.test_request_context("/", environ_overrides={"SCRIPT_NAME": mounted}):
        for first, second in product(ODD, ODD):
            for endpoint, place in (("teams", {}), ("team", {"code": "T 1/ä", "year": 2026})):
                asked: dict[str, Any] = {"first": first, **place, "sécond": second}
                made = Flask.url_for(application, endpoint, **asked)
                assert [application.url_for(endpoint, **asked) for _ in range(2)] == [made, made]


def test_an_address_may_lead_to_a_part_of_a_page_or_from_elsewhere(application: Application) -> None:
    with application.test_request_context("/"):
        assert application.url_for("teams", a="b", _anchor="late") == "/teams?a=b#late"
        assert application.url_for("teams", a="b", _external=True) == "http://localhost/teams?a=b"
        assert application.url_for("teams", a="b") == "/teams?a=b"


def test_an_address_that_leads_nowhere_is_refused(application: Application) -> None:
    with application.test_request_context("/"):
        with pytest.raises(BuildError):
            application.url_for("missing")
        with pytest.raises(BuildError):
            application.url_for("team", code="T1")


def test_what_is_remembered_of_addresses_has_an_end(application: Application) -> None:
    with application.test_request_context("/"):
        for number in range(REMEMBERED + 5):
            application.url_for("teams", number=number)
        application.url_for("teams", long="x" * 400)

    assert len(application._parts) < REMEMBERED
