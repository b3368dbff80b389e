"""What an administrator says of another system's columns: one group of questions for each column of ours."""

from collections.abc import Mapping, Sequence
from typing import Any

from wtforms import HiddenField

from npt.exchange.rules.columns import Column, Kind
from npt.exchange.rules.kinds import KINDS
from npt.exchange.rules.mapping import LONGEST_NAME, ColumnMapping, Source, is_day, is_moment, is_number, is_word
from npt.exchange.rules.shapes import DATES, NUMBERS, Shape
from npt.web.forms import (
    ChoiceField,
    ChoicesField,
    FileField,
    Form,
    Required,
    TextAreaField,
    TextField,
    TickField,
    choices_of,
)

_WORDS_HINT = "One on each line, theirs first, such as CUST = custody. Nothing after the = means an empty cell."


class NewMappingForm(Form):
    """What kind of file it makes, and a sheet of theirs to see how it is written."""

    kind = ChoiceField(
        "What is in it?",
        [Required("Choose what is in the file")],
        choices={kind.name: kind.name.replace("_", " ").capitalize() for kind in KINDS},
        first="Choose one",
    )
    sample = FileField(
        "A file of theirs",
        [Required("Choose a file of the other system")],
        description="CSV or Excel, as the other system gives it. Its first rows are shown on the next page and kept "
        "nowhere.",
        render_kw={"accept": ".csv,.xlsx"},
    )


class EndMappingForm(Form):
    """Nothing but the button."""


class MappingForm(Form):
    """Its name and what is left out; the questions of each column are added by ``mapping_form``."""

    name = TextField(
        "Name of the mapping",
        [Required("Enter a name for the mapping")],
        most=LONGEST_NAME,
        description="What the other system and its export are called here, such as Duties from the roster system",
    )
    ignored = ChoicesField("Their columns to leave out")
    sample = FileField(
        "Another file of theirs (optional)",
        description="To see how its first rows would be read",
        render_kw={"accept": ".csv,.xlsx"},
    )
    packed = HiddenField()

    columns: Sequence[Column] = ()

    def mapping(self, kind: str) -> ColumnMapping:
        """What was typed, as a mapping."""
        sources = [self._source(column) for column in self.columns]
        said = tuple(source for source in sources if source.headers or source.fixed is not None)
        return ColumnMapping(self.name.data or "", kind, said, tuple(self.ignored.data or ()))

    def parts(self, column: Column) -> list[Any]:
        """The further questions of a column, after the one for their header."""
        return [self[f"{column.name}_{part}"] for part in _PARTS if f"{column.name}_{part}" in self]

    def is_open(self, column: Column) -> bool:
        """Whether any of a column's further questions is answered, or answered wrongly."""
        return any(
            field.errors or field.data not in (None, "", False, Shape.OURS) for field in self.parts(column)
        ) or bool(self[f"{column.name}_header"].errors)

    def _source(self, column: Column) -> Source:
        said = {part: self[f"{column.name}_{part}"].data for part in _PARTS if f"{column.name}_{part}" in self}
        return Source(
            column.name,
            header=self[f"{column.name}_header"].data,
            time_header=said.get("time_header"),
            shape=said.get("shape") or Shape.OURS,
            fixed=said.get("fixed") or None,
            prefix=said.get("prefix") or "",
            words=_pairs(said.get("words") or ""),
            next_day=bool(said.get("next_day")),
        )


_PARTS = ("time_header", "next_day", "shape", "words", "prefix", "fixed")


def mapping_form(
    kind: Kind, headers: Sequence[str], known: ColumnMapping | None = None, *, sent: bool = True
) -> MappingForm:
    """The form for a kind of file and the headers of theirs there are, filled with a mapping that is known.

    :param sent: what the request brings, if anything, is this form; not so when it answered the question before
    """
    choices = {header: header for header in headers}
    fields: dict[str, Any] = {"columns": kind.columns}
    for column in kind.columns:
        fields.update({f"{column.name}_{part}": field for part, field in _questions(column, choices).items()})
    made = type("MappingForm", (MappingForm,), fields)
    data = None if known is None else _typed(known)
    form: MappingForm = made(data=data) if sent else made(formdata=None, data=data)
    form.ignored.choices = choices
    return form


def _questions(column: Column, headers: Mapping[str, str]) -> dict[str, Any]:
    name = column.name
    needed = column.required or column.key
    fields: dict[str, Any] = {
        "header": ChoiceField(
            f"Their column for {name}" + ("" if needed else " (optional)"), choices=headers, first="None of theirs"
        )
    }
    if is_moment(column):
        fields["time_header"] = ChoiceField(
            f"Their column for the time of {name}", choices=headers, first="Date and time stand in one column"
        )
    if name == "ends_at":
        fields["next_day"] = TickField("An end that is not after the start is on the next day")
    dated = is_moment(column) or is_day(column)
    if dated or is_number(column):
        shapes = DATES if dated else NUMBERS
        fields["shape"] = ChoiceField(f"How {name} is written", coerce=Shape, choices=choices_of(shapes))
    else:
        fields["words"] = TextAreaField(f"Their words for {name}, and ours", most=4000, description=_WORDS_HINT)
    if not (dated or is_number(column) or is_word(column)):
        fields["prefix"] = TextField(
            f"Put before every {name}", most=20, description="So that a ref of theirs is never one of ours"
        )
    fields["fixed"] = TextField(
        f"Where there is no {name}, take", most=200, description="For a column they do not have, or an empty cell"
    )
    return fields


def _typed(mapping: ColumnMapping) -> dict[str, Any]:
    typed: dict[str, Any] = {"name": mapping.name, "ignored": list(mapping.ignored)}
    for source in mapping.sources:
        said = {
            "header": source.header,
            "time_header": source.time_header,
            "shape": source.shape,
            "fixed": source.fixed or "",
            "prefix": source.prefix,
            "words": "\n".join(f"{theirs} = {ours}" for theirs, ours in source.words),
            "next_day": source.next_day,
        }
        typed.update({f"{source.column}_{part}": value for part, value in said.items()})
    return typed


def _pairs(written: str) -> tuple[tuple[str, str], ...]:
    lines = [line.partition("=") for line in written.splitlines() if line.strip()]
    return tuple((theirs.strip(), ours.strip()) for theirs, _, ours in lines)
