"""A sergeant's day in a real browser."""

from tests.browser.conftest import Visit


def test_look(visit: Visit) -> None:
    sergeant = visit("sergeant")

    sergeant.see("home")
    sergeant.weigh("/")
