"""Long lists, fifty rows at a time."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from flask import request

from npt.web.addresses import this_page

ROWS = 50
"""Rows on a page: what can be read without losing one's place."""

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """Some rows of a list. ``number`` counts from 1, ``count`` is of pages, ``total`` of rows."""

    items: Sequence[Row]
    number: int
    count: int
    total: int

    @property
    def first(self) -> int:
        """The place in the whole list of the first row shown, from 1; 0 when there is none."""
        return (self.number - 1) * ROWS + 1 if self.items else 0

    @property
    def last(self) -> int:
        """The place in the whole list of the last row shown."""
        return (self.number - 1) * ROWS + len(self.items)

    @property
    def numbers(self) -> list[int | None]:
        """The page numbers to offer: first, last and those around this one; nothing where some are left out."""
        near = sorted({1, self.count, *range(max(1, self.number - 1), min(self.count, self.number + 1) + 1)})
        offered: list[int | None] = []
        for number in near:
            if offered and offered[-1] is not None and number > offered[-1] + 1:
                offered.append(None)
            offered.append(number)
        return offered


def page_of(rows: Sequence[Row], number: int) -> Page[Row]:
    """The page of rows already read. A number past the end gives the last page."""
    return fetched(len(rows), number, lambda offset, limit: rows[offset : offset + limit])


def fetched(total: int, number: int, fetch: Callable[[int, int], Sequence[Row]]) -> Page[Row]:
    """The page of a list whose rows are read as needed, by ``fetch(offset, limit)``."""
    count = max(1, -(-total // ROWS))
    number = min(max(1, number), count)
    return Page(fetch((number - 1) * ROWS, ROWS), number, count, total)


def asked_page() -> int:
    """The page number in the request's address; the first when there is none, or it is no number."""
    return max(1, request.args.get("page", 1, type=int))


def address_of(number: int) -> str:
    """The address of another page of the list that is being shown, with its filters and order kept."""
    return this_page(page=number)
