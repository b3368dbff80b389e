"""What is to be counted for a plan in the published files."""

from npt.crime.rules import ANTI_SOCIAL, CRIME
from npt.problem_solving.rules.counting import Area
from npt.web.forms import ChoiceField, ChoicesField, Form, MonthField, Required

FIRST = {CRIME: "All crime", ANTI_SOCIAL: "Anti-social behaviour"}


class CountForm(Form):
    """The category, the months and the wards."""

    category = ChoiceField("What is counted?", choices=FIRST, first="Crime and anti-social behaviour together")
    before_first = MonthField("Before: first month", [Required("Enter the first month before")])
    before_last = MonthField("Before: last month", [Required("Enter the last month before")])
    after_first = MonthField("After: first month", [Required("Enter the first month after")])
    after_last = MonthField("After: last month", [Required("Enter the last month after")])
    treated = ChoicesField(f"{Area.TREATED.label}: wards")
    comparison = ChoicesField(f"{Area.COMPARISON.label}: wards")
    displacement = ChoicesField(f"{Area.DISPLACEMENT.label}: wards (optional)")
    control = ChoicesField(f"{Area.CONTROL.label}: wards (optional)")
