"""What fields of several forms of panels are held to."""

import re

from wtforms import Field, ValidationError

from npt.web.forms import Form

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
MOST_WEEKS = 52
MOST_PEOPLE = 99_999
"""Not policy: more of either is a slip of the finger."""


def weeks(form: Form, field: Field) -> None:
    """A number of weeks that somebody can mean, or nothing."""
    if field.data is not None and not 1 <= field.data <= MOST_WEEKS:
        raise ValidationError(f"Enter a whole number of weeks from 1 to {MOST_WEEKS}, or nothing")


def people(form: Form, field: Field) -> None:
    """A number of people that somebody can mean, or nothing."""
    if field.data is not None and field.data > MOST_PEOPLE:
        raise ValidationError(f"Enter {MOST_PEOPLE:,} or fewer, or nothing")


def email(form: Form, field: Field) -> None:
    """An email address, or nothing."""
    if field.data and not _EMAIL.fullmatch(field.data):
        raise ValidationError("Enter an email address, like name@example.org")
