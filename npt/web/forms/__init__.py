"""What every form is made of: the base form, its fields, and how a refusal comes back to the person."""

from npt.web.forms.base import Form, Required
from npt.web.forms.choices import ChoiceField, ChoicesField, TickField, choices_of
from npt.web.forms.moments import MomentField, instant_or_why, typed_parts
from npt.web.forms.typed import (
    ClockField,
    DayField,
    FileField,
    FilesField,
    MonthField,
    NumberField,
    PasswordField,
    SubmitField,
    TextAreaField,
    TextField,
    WholeField,
)

__all__ = [
    "ChoiceField",
    "ChoicesField",
    "ClockField",
    "DayField",
    "FileField",
    "FilesField",
    "Form",
    "MomentField",
    "MonthField",
    "NumberField",
    "PasswordField",
    "Required",
    "SubmitField",
    "TextAreaField",
    "TextField",
    "TickField",
    "WholeField",
    "choices_of",
    "instant_or_why",
    "typed_parts",
]
