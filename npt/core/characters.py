"""Characters that nobody sees, and that neither a page nor a workbook can hold."""

import re

_UNSEEN = re.compile("[\0-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ufdd0-\ufdef\ufffe\uffff\u202a-\u202e\u2066-\u2069]")
"""Control characters but tabs and ends of lines, marks that turn the direction of writing, and non-characters."""


def seen_alone(text: str) -> str:
    """A text without the characters that nobody sees."""
    return _UNSEEN.sub("", text)


def holds_unseen(text: str) -> bool:
    """Whether a text holds a character that nobody sees."""
    return _UNSEEN.search(text) is not None
