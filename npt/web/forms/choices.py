"""Fields in which a person chooses."""

from collections.abc import Iterable, Mapping, Sequence
from enum import Enum
from typing import Any

import wtforms
from wtforms.fields.choices import SelectChoice

from npt.web.forms import widgets

NOT_OFFERED = "Choose one from the list"


def choices_of(kind: type[Enum] | Iterable[Enum]) -> dict[str, str]:
    """The choices of an enum, or of some of its members: value and label."""
    return {str(member.value): str(getattr(member, "label", member.value)) for member in kind}


class ChoiceField(wtforms.SelectField):
    """One of a list: a drop-down, or with ``radios=True`` all in sight. ``first`` names the choice that is none.

    ``choices`` maps values to labels; ``coerce`` makes the value (an enum, ``int``) of what is sent.
    """

    def __init__(
        self,
        label: str | None = None,
        validators: Sequence[object] = (),
        *,
        choices: Mapping[Any, str] | None = None,
        coerce: Any = str,
        radios: bool = False,
        first: str | None = None,
        **options: Any,
    ) -> None:
        self.first = first
        self.radios = radios
        options.setdefault("widget", widgets.Radios() if radios else widgets.Choice())
        super().__init__(
            label,
            list(validators),
            coerce=lambda value: None if value in ("", None) else coerce(value),
            choices=dict(choices or {}),
            invalid_value_message=NOT_OFFERED,
            invalid_choice_message=NOT_OFFERED,
            **options,
        )

    def _choices_from_input(self, choices: Any) -> list[SelectChoice]:
        listed = [SelectChoice(_sent(value), label) for value, label in dict(choices or {}).items()]
        return [SelectChoice("", self.first), *listed] if self.first is not None else listed

    def pre_validate(self, form: wtforms.Form) -> None:
        if self.data is None and not any(self.raw_data or ()):
            return  # whether something must be chosen is for Required to say
        super().pre_validate(form)


class ChoicesField(wtforms.SelectMultipleField):
    """Any of a few, as tick boxes."""

    widget = widgets.Ticks()
    option_widget = wtforms.widgets.CheckboxInput()

    def __init__(
        self,
        label: str | None = None,
        validators: Sequence[object] = (),
        *,
        choices: Mapping[Any, str] | None = None,
        **options: Any,
    ) -> None:
        super().__init__(
            label,
            list(validators),
            choices=dict(choices or {}),
            invalid_value_message=NOT_OFFERED,
            invalid_choice_message=NOT_OFFERED,
            **options,
        )

    def _choices_from_input(self, choices: Any) -> list[SelectChoice]:
        return [SelectChoice(_sent(value), label) for value, label in dict(choices or {}).items()]


class TickField(wtforms.BooleanField):
    """Yes or no, as one tick box."""

    widget = widgets.Tick()


def _sent(value: object) -> str:
    return str(value.value) if isinstance(value, Enum) else str(value)
