import pytest
from flask import Flask, render_template_string

from npt.web.paging import Page, address_of, asked_page, fetched, page_of


def test_a_long_list_comes_fifty_rows_at_a_time() -> None:
    page = page_of(list(range(101)), 3)

    assert (list(page.items), page.count, page.total) == ([100], 3, 101)
    assert (page.first, page.last) == (101, 101)


@pytest.mark.parametrize(("asked", "given"), [(0, 1), (-4, 1), (99, 3)])
def test_a_page_past_either_end_is_the_nearest_one(asked: int, given: int) -> None:
    assert page_of(list(range(101)), asked).number == given


def test_an_empty_list_has_one_empty_page() -> None:
    page: Page[str] = page_of([], 1)

    assert (page.number, page.count, page.first, page.last) == (1, 1, 0, 0)


def test_only_the_rows_of_the_page_are_read() -> None:
    asked: list[tuple[int, int]] = []

    def fetch(offset: int, limit: int) -> list[int]:
        asked.append((offset, limit))
        return [1, 2]

    assert fetched(52, 2, fetch).last == 52
    assert asked == [(50, 50)]


def test_the_pages_offered_are_the_ends_and_those_around() -> None:
    assert page_of(range(620), 5).numbers == [1, None, 4, 5, 6, None, 13]
    assert page_of(range(120), 2).numbers == [1, 2, 3]


def test_another_page_keeps_the_filter_and_the_order(app: Flask) -> None:
    app.add_url_rule("/teams/<bcu>", "teams", lambda bcu: bcu)

    with app.test_request_context("/teams/north?order=-rate&reason=a&reason=b&page=2"):
        assert asked_page() == 2
        assert address_of(3) == "/teams/north?order=-rate&reason=a&reason=b&page=3"


def test_a_page_that_is_no_number_is_the_first(app: Flask) -> None:
    with app.test_request_context("/?page=two"):
        assert asked_page() == 1


def test_a_short_list_shows_no_pages(request_of: Flask) -> None:
    template = "{% from 'components/lists.html' import pagination %}{{ pagination(page, address) }}"

    short = render_template_string(template, page=page_of(range(50), 1), address=str)
    long = render_template_string(template, page=page_of(range(51), 1), address=str)

    assert short.strip() == ""
    assert "1 to 50 of 51 rows" in long
    assert "Previous" not in long
