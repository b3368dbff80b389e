"""What an administrator types to run a job by hand."""

from npt.web.forms import DayField, Form, Required


class RunForm(Form):
    """The day a job is run for."""

    on = DayField("Day to judge", [Required("Enter the day to judge")])
