"""Strength beside vacancies on the BCU's month: why they differ, and that each figure opens the posts that make it."""

import datetime as dt
import re
from html import unescape

import html5lib
import pytest
from flask.testing import FlaskClient

from npt.people.rules import Grade
from tests import make
from tests.reports.force import SmallForce
from tests.reports.pages import OCTOBER, address, cells, words


@pytest.fixture
def shared(force: SmallForce) -> None:
    post = make.post(force.ely, ref="N1-PC-2")
    for number in ("1101", "1102"):
        make.posting(make.person(number), post, fte="0.50")


@pytest.mark.usefixtures("shared")
def test_a_post_with_two_holders_is_said_beside_a_strength_that_hides_a_vacancy(manager: FlaskClient) -> None:
    page = manager.get(OCTOBER).text

    html5lib.HTMLParser(strict=True).parse(page)
    assert cells(page, "Ely")[1:3] == ["4 of 4 1 post has two holders", "1 (122 days)"]
    assert cells(page, "Northern BCU")[1:3] == ["5 of 5 1 post has two holders", "1 (122 days)"]
    assert cells(page, "Soham")[1] == "1 of 1"


@pytest.mark.usefixtures("shared")
def test_strength_and_vacancies_lead_to_the_posts_that_make_them_and_so_does_the_post_with_two_holders(
    manager: FlaskClient,
) -> None:
    page = manager.get(OCTOBER).text
    [ely, bcu] = [unescape(href) for href in re.findall(r'href="([^"]+)">1 post has two holders<', page)]

    every = words(manager.get(address(page, "Ely", "Strength of posts")).text)
    vacant = words(manager.get(address(page, "Ely", "Vacant (oldest)")).text)

    assert "3 of 4 posts filled, 1 vacant 4 people in post" in every
    assert "0 of 1 post filled, 1 vacant" in vacant
    for href in (ely, bcu):
        held = manager.get(href).text
        assert "1 of 1 post filled, 0 vacant 2 people in post" in words(held)
        assert "N1-PC-2" in held


def test_a_specials_post_is_in_the_strength_and_in_the_list_behind_it(force: SmallForce, manager: FlaskClient) -> None:
    make.posting(make.person("9001", grade=Grade.SPECIAL), make.post(force.ely, Grade.SPECIAL, fte="1.00"))

    page = manager.get(OCTOBER).text

    assert cells(page, "Ely")[1] == "3 of 4"
    behind = words(manager.get(address(page, "Ely", "Strength of posts")).text)
    assert "3 of 4 posts filled, 1 vacant 3 people in post" in behind


def test_somebody_with_two_posts_is_one_person_and_is_said(force: SmallForce, manager: FlaskClient) -> None:
    who = make.person("1201")
    for ref in ("N1-PC-3", "N2-PC-3"):
        post = make.post(force.ely if ref.startswith("N1") else force.soham, ref=ref, fte="0.50")
        make.posting(who, post, fte="0.50")

    page = manager.get(OCTOBER).text

    assert cells(page, "Ely")[1] == "3 of 4"
    assert cells(page, "Northern BCU")[1] == "4 of 6 1 person holds two posts"
    [href] = re.findall(r'href="([^"]+)">1 person holds two posts<', page)
    assert "2 of 2 posts filled, 0 vacant 1 person in post" in words(manager.get(unescape(href)).text)


def test_vacant_posts_of_the_month_before_lead_to_the_posts_vacant_on_its_last_day(
    force: SmallForce, manager: FlaskClient
) -> None:
    make.post(force.soham, ref="N2-PC-9", first_day=dt.date(2025, 10, 20))

    page = manager.get(OCTOBER).text

    found = re.search(r'vacant posts rose from <a class="govuk-link" href="([^"]+)">1</a>', page)
    assert found
    behind = words(manager.get(unescape(found[1])).text)
    assert "0 of 1 post filled, 1 vacant" in behind
    assert "30 September 2025" in behind
