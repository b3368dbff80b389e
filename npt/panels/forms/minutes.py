"""What is typed into agendas and minutes."""

from collections.abc import Mapping, Sequence

from wtforms import FieldList, FormField

from npt.panels.rules.agenda import Line
from npt.panels.rules.minutes import DecisionKind
from npt.web.forms import ChoiceField, DayField, Form, Required, TextAreaField, TextField, choices_of

MORE = 3
"""How many empty rows an agenda's form has below its items."""


class LineForm(Form):
    """One item of an agenda."""

    class Meta(Form.Meta):
        csrf = False

    number = TextField("Number", most=20)
    title = TextField("Item")
    note = TextField("Note (optional)")
    priority = ChoiceField("About which priority? (optional)", coerce=int, first="None")


class AgendaForm(Form):
    """The items of an agenda. One whose words are taken out is left out."""

    items = FieldList(FormField(LineForm))

    def offer(self, priorities: Mapping[int, str]) -> None:
        """Say which priorities an item may be about, and leave room for more items."""
        if not self.is_submitted():
            for _ in range(MORE):
                self.items.append_entry()
        for entry in self.items:
            entry.form.priority.choices = priorities

    def lines(self) -> list[Line]:
        """What was typed, without the rows that say nothing."""
        rows: Sequence[LineForm] = [entry.form for entry in self.items]
        return [
            Line(row.number.data or "", row.title.data, row.note.data or None, row.priority.data)
            for row in rows
            if row.title.data
        ]


class MinuteForm(Form):
    """One item of minutes."""

    number = TextField("Number", [Required("Enter the number of the item")], most=20, description="Like 6 or 6.2")
    title = TextField("Item", [Required("Enter what the item is about")])
    text = TextAreaField("What was said (optional)", description="Do not name residents")
    decision = ChoiceField(
        "What was decided", choices=choices_of(DecisionKind), coerce=DecisionKind, first="Nothing was decided"
    )
    priority_id = ChoiceField("About which priority? (optional)", coerce=int, first="None")
    acts = TextField("Who acts (optional)", description="An organisation or an office, like Soham NPT")
    due_on = DayField("By when (optional)")

    def offer(self, priorities: Mapping[int, str]) -> None:
        """Say which priorities an item may be about."""
        self.priority_id.choices = priorities


class CorrectionForm(Form):
    """Why issued minutes are corrected."""

    why = TextField("Why are they corrected?", [Required("Enter why the minutes are corrected")], most=500)


class IssueForm(Form):
    """Nothing but the button: minutes are issued after a page that says what that does."""
