"""What is said at the top of the next page: what was done, and the way to see or undo it."""

from typing import cast

from flask import flash


def say(message: str, href: str | None = None, link: str = "See it", *, important: bool = False) -> None:
    """Show a green banner on the next page (a blue one when ``important``), with a link when ``href`` is given."""
    said = message if href is None else (message, href, link)
    flash(cast(str, said), "important" if important else "success")  # Flask keeps any JSON, its hint says only text
