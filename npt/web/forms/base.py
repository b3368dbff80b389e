"""The base form: strips what is typed, builds the input of a service, shows a refusal where it belongs."""

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass
from types import NoneType
from typing import Any, TypeVar, cast, get_args, get_type_hints

from flask_wtf import FlaskForm
from wtforms import Field, FieldList, FormField
from wtforms import PasswordField as WTFormsPasswordField
from wtforms.fields.core import UnboundField
from wtforms.validators import StopValidation

from npt.core.errors import Refused

Input = TypeVar("Input")


@dataclass(frozen=True, slots=True)
class ListedError:
    """A line of the summary at the top of a page: what to do, and the field to go to when it is about one."""

    message: str
    href: str | None


class Required:
    """A validator: something must be entered; blanks are nothing. The message says what to enter."""

    def __init__(self, message: str) -> None:
        self.message = message
        self.field_flags = {"required": True}

    def __call__(self, form: FlaskForm, field: Field) -> None:
        if any(str(typed).strip() for typed in field.raw_data or ()):
            if field.process_errors:
                raise StopValidation
            return
        if field.data or (field.data == 0 and field.data is not False):
            return
        field.errors = []
        raise StopValidation(self.message)


_UNSTRIPPED = (WTFormsPasswordField, FieldList, FormField)
"""Kept as typed; or made of fields that strip for themselves."""


def stripped(value: object) -> object:
    """A text without the blanks around it; anything else as it is, a member of an enum of texts too."""
    return value.strip() if type(value) is str else value


class Form(FlaskForm):
    """The form every form of ours is. Fields carry the names of the input they build."""

    class Meta(FlaskForm.Meta):
        def bind_field(self, form: FlaskForm, unbound_field: UnboundField, options: dict[str, Any]) -> Field:
            if not issubclass(unbound_field.field_class, _UNSTRIPPED):
                options["filters"] = [stripped, *unbound_field.kwargs.get("filters", ())]
            return unbound_field.bind(form=form, **options)

    def into(self, cls: type[Input], **more: object) -> Input:
        """Build a frozen dataclass from the fields that have its fields' names, and ``more`` for what nobody types.

        An empty text becomes nothing where the dataclass allows it; several choices become a tuple.
        """
        hints = get_type_hints(cls)
        names = [each.name for each in dataclasses.fields(cast(Any, cls)) if each.init and each.name in self]
        typed = {name: _fitted(self[name].data, hints[name]) for name in names if name not in more}
        return cls(**typed, **more)

    def refuse(self, refusal: Refused) -> None:
        """Show every reason of a refusal: beside its field when the form has it, else at the top alone."""
        for reason in refusal.reasons:
            if reason.field is not None and reason.field in self:
                field = self[reason.field]
                field.errors = [*field.errors, reason.message]
            else:
                self.form_errors.append(reason.message)

    @property
    def error_list(self) -> list[ListedError]:
        """Everything wrong, in the order of the page; what is about no field comes first."""
        return [ListedError(message, None) for message in self.form_errors] + [
            line for field in self for line in _lines(field)
        ]


def _lines(field: Field) -> Iterator[ListedError]:
    nested = field.form if hasattr(field, "form") else getattr(field, "entries", ())
    # A list of rows keeps the errors of its rows as lists; what is a text was said of the list itself.
    own = [each for each in field.errors if not nested or (isinstance(field, FieldList) and isinstance(each, str))]
    for message in own:
        yield ListedError(str(message), f"#{field.id}")
    for inner in nested:
        yield from _lines(inner)


def _fitted(value: object, hint: object) -> object:
    if value == "" and NoneType in get_args(hint):
        return None
    if isinstance(value, list):
        return tuple(value)
    return value
