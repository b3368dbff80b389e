"""What narrows the list of vacancies, and what says when one is to be filled."""

from npt.people.rules import Grade
from npt.web.forms import ChoiceField, DayField, Form, Required, TextField, choices_of


class VacanciesForm(Form):
    """Which vacancies are shown, as at which day."""

    class Meta(Form.Meta):
        csrf = False

    on = DayField("As at")
    bcu = ChoiceField("BCU", first="All BCUs")
    sector = ChoiceField("Sector", first="All sectors")
    team = ChoiceField("Team", first="All teams")
    grade = ChoiceField("Grade", coerce=Grade, choices=choices_of(Grade), first="All but specials")


class PlanForm(Form):
    """When a vacancy is to be filled, and how."""

    planned_fill_on = DayField(
        "By when will the post be filled?",
        [Required("Enter the day by which the post will be filled")],
        description="The first day of the next holder, as planned today",
    )
    note = TextField("How? (optional)", most=500, description="For example, PCSO intake of February")
