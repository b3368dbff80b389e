"""The component library's widgets, rendered straight from the environment.

Theirs call ``render_template``, which would run every context processor again for every field.
"""

from typing import Any

from flask import current_app
from govuk_frontend_wtf.wtforms_widgets import (
    GovCheckboxesInput,
    GovCheckboxInput,
    GovFileInput,
    GovInput,
    GovPasswordInput,
    GovRadioInput,
    GovSelect,
    GovSubmitInput,
    GovTextArea,
    GovTextInput,
)
from markupsafe import Markup


class Plain:
    """Mixed in before a widget: the same template, without the page's context."""

    template: str

    def map_gov_params(self, field: Any, **kwargs: Any) -> dict[str, Any]:
        """Set labels and legends in bold: a form of ours holds several questions."""
        params: dict[str, Any] = super().map_gov_params(field, **kwargs)  # type: ignore[misc]
        for part, heading in (("label", params.get("label")), ("legend", params.get("fieldset", {}).get("legend"))):
            if heading:
                heading.setdefault("classes", "govuk-label--s" if part == "label" else "govuk-fieldset__legend--s")
        return params

    def render(self, params: dict[str, Any]) -> Markup:
        return Markup(current_app.jinja_env.get_template(self.template).render(params=params))  # noqa: S704


class Text(Plain, GovTextInput):
    """A single line of text."""


class Password(Plain, GovPasswordInput):
    """A password, with a button that shows it."""


class Area(Plain, GovTextArea):
    """Several lines of text."""


class Choice(Plain, GovSelect):
    """One of a list."""


class Radios(Plain, GovRadioInput):
    """One of a few, all in sight."""


class Ticks(Plain, GovCheckboxesInput):
    """Any of a few."""


class Tick(Plain, GovCheckboxInput):
    """Yes or no."""


class File(Plain, GovFileInput):
    """A file from the person's own machine."""


class Submit(Plain, GovSubmitInput):
    """The button that sends the form."""


class Sized(Plain, GovInput):
    """An input of a certain kind and width."""

    def __init__(self, kind: str, width: int, inputmode: str | None = None) -> None:
        super().__init__(kind)
        self.width = width
        self.inputmode = inputmode

    def map_gov_params(self, field: Any, **kwargs: Any) -> dict[str, Any]:
        params: dict[str, Any] = super().map_gov_params(field, **kwargs)
        params.setdefault("classes", f"govuk-input--width-{self.width}")
        if self.inputmode:
            params.setdefault("inputmode", self.inputmode)
        return params
