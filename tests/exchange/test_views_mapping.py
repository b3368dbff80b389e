"""Column mappings in the browser: mapped, tried, saved, changed and ended."""

import io

import html5lib
import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from npt.abstractions.models import Duty
from npt.audit.queries import history
from npt.core import db
from npt.core.authority import Role
from npt.exchange import queries
from npt.exchange.rules.kinds import BY_NAME, KINDS
from tests import make
from tests.conftest import SignIn, post, token_of
from tests.exchange.make import load
from tests.exchange.rosters import PEOPLE, ROSTER, ROSTERED, saved
from tests.forms import as_it_stands


@pytest.fixture
def browser(sign_in: SignIn) -> FlaskClient:
    return sign_in(make.user(Role.ADMINISTRATOR, email="admin@force.example"))


def roster(content: str = ROSTER) -> tuple[io.BytesIO, str]:
    return io.BytesIO(content.encode()), "C:\\exports\\duty export.csv"


ANSWERS = {
    "name": "Roster",
    "ref_header": "Duty No",
    "ref_prefix": "DMS-",
    "collar_number_header": "Shoulder No",
    "starts_at_header": "Date",
    "starts_at_time_header": "Start",
    "starts_at_shape": "day_first",
    "ends_at_header": "Date",
    "ends_at_time_header": "End",
    "ends_at_shape": "day_first",
    "ends_at_next_day": "y",
    "status_header": "Duty State",
    "status_words": "rostered = planned\nWorked = worked",
    "ignored": "Station",
}


def test_an_administrator_maps_a_foreign_export_tries_it_saves_it_and_imports_with_it(browser: FlaskClient) -> None:
    load(PEOPLE)
    assert "Every mapping would be here" in browser.get("/imports/mappings").text

    asked = post(browser, "/imports/mappings/new", kind="duties", sample=roster())
    html5lib.HTMLParser(strict=True).parse(asked.text)
    sent = {**as_it_stands(asked.text), **ANSWERS}
    wrong = browser.post("/imports/mappings/new", data={**sent, "status_words": "rostered=planned", "act": "preview"})
    left = browser.post("/imports/mappings/new", data={**sent, "ignored": [], "act": "save"})
    kept = browser.post("/imports/mappings/new", data={**as_it_stands(left.text), "ignored": "Station", "act": "save"})

    assert "1 of these 2 rows could not be imported" in wrong.text
    assert "Duty State: enter one of: planned, worked, cancelled (“WORKED”)" in wrong.text
    assert "2026-10-02T07:00" in wrong.text
    assert "Station: this is neither mapped nor left out, so map it or leave it out" in left.text
    assert kept.status_code == 302
    assert queries.mapping_named("Roster") == ROSTERED
    shown = browser.get(kept.location).text
    html5lib.HTMLParser(strict=True).parse(shown)
    assert as_it_stands(shown)["status_words"] == ["rostered = planned\nWorked = worked"]
    assert "Roster" in browser.get("/imports/mappings").text
    assert "Duty No" in browser.get("/imports/mappings.csv").text

    imported = post(browser, "/imports", files=[roster()], mapping="Roster", act="import")
    assert 'value="Roster"' in browser.get("/imports").text
    assert imported.status_code == 302
    assert {duty.ref for duty in db.session.scalars(select(Duty))} == {"DMS-881", "DMS-882"}
    unmapped = post(browser, "/imports", files=[roster()], act="import")
    assert "a file of this name is not known" in unmapped.text


def test_a_mapping_is_changed_and_ended_and_its_history_says_so(browser: FlaskClient) -> None:
    mapping_id = saved(ROSTERED)
    path = f"/imports/mappings/{mapping_id}"

    sent = as_it_stands(browser.get(path).text)
    nothing = browser.post(path, data={**sent, "act": "save"})
    changed = browser.post(path, data={**sent, "ref_prefix": "R-", "act": "save"})
    page = browser.get(path).text
    ended = post(browser, f"{path}/end")
    after = browser.get(path).text
    too_late = browser.post(path, data={**sent, "csrf_token": token_of(browser), "act": "save"})

    assert (nothing.status_code, changed.status_code, ended.status_code) == (302, 302, 302)
    assert len(history(f"mapping:{mapping_id}")) == 3
    assert "Mapping changed" in page
    assert "Nothing can be imported with it" in after
    assert too_late.status_code == 200
    assert queries.live_mappings() == {}


@pytest.mark.parametrize("carried", ["", "x", "[]", '["n",["a"],[[1,"x","y"]]]', '["n",["a"],[["z",{}]]]', "7"])
def test_a_sample_that_was_meddled_with_begins_again(browser: FlaskClient, carried: str) -> None:
    answer = post(browser, "/imports/mappings/new", kind="duties", packed=carried, act="save")

    assert answer.status_code == 200
    assert "Choose a file of the other system" in answer.text


def test_every_kind_of_file_can_be_mapped(browser: FlaskClient) -> None:
    for kind in KINDS:
        header = ",".join(column.name for column in BY_NAME[kind.name].columns)
        answer = post(browser, "/imports/mappings/new", kind=kind.name, sample=(io.BytesIO(header.encode()), "x.csv"))

        html5lib.HTMLParser(strict=True).parse(answer.text)
        sent = as_it_stands(answer.text)
        assert [sent[f"{column.name}_header"] for column in kind.columns] == [[column.name] for column in kind.columns]
