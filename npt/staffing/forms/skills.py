"""What may be asked of skills and languages, and what is typed to record them."""

from collections.abc import Mapping
from enum import StrEnum

from npt.people.rules import SkillKind
from npt.staffing.rules.skills import SkillEnds
from npt.web.forms import ChoiceField, DayField, Form, Required, TextField, choices_of

NAME = 100
"""The longest name of a skill, in characters; as in the files."""


class Duty(StrEnum):
    """Whether somebody must be on duty to be found."""

    NOW = "now"
    NOW_OR_NEXT = "next"

    @property
    def label(self) -> str:
        return "On duty now" if self is Duty.NOW else "On duty now or next"


class SkillsForm(Form):
    """Who is looked for: with which skill, where, and whether they must be on duty."""

    class Meta(Form.Meta):
        csrf = False

    name = TextField("Language or skill", most=NAME)
    kind = ChoiceField("Kind", coerce=SkillKind, choices=choices_of(SkillKind), first="Any kind")
    duty = ChoiceField("Duty", coerce=Duty, choices=choices_of(Duty), first="On duty or not")
    bcu = ChoiceField("BCU", first="All BCUs")
    sector = ChoiceField("Sector", first="All sectors")
    team = ChoiceField("Team", first="All teams")
    on = DayField("As at")


class LanguagesForm(Form):
    """The unit whose languages are shown, and the day."""

    class Meta(Form.Meta):
        csrf = False

    on = DayField("As at")
    unit = ChoiceField("Area")


class RequiredSkillsForm(Form):
    """The day whose posts are shown."""

    class Meta(Form.Meta):
        csrf = False

    on = DayField("As at")


class NeedForm(Form):
    """A language a team needs."""

    team_code = ChoiceField("Team", [Required("Choose a team")], first="Choose…")
    language = TextField("Language", [Required("Enter a language, like Polish")], most=NAME)
    first_day = DayField("Needed from", [Required("Enter the first day")])
    last_day = DayField("Needed until (optional)", description="Leave empty when it goes on")
    note = TextField("How do you know? (optional)", most=500, description="For example, school census of 2025")

    def __init__(self, teams: Mapping[str, str], **known: object) -> None:
        super().__init__(**known)
        self.team_code.choices = teams


class ChangeNeedForm(Form):
    """Until when a language is needed, and how that is known."""

    last_day = DayField("Needed until (optional)", description="The last day. Leave empty when it goes on")
    note = TextField("How do you know? (optional)", most=500)


class NewSkillForm(Form):
    """Something a person can do."""

    kind = ChoiceField(
        "Kind", [Required("Choose the kind")], coerce=SkillKind, choices=choices_of(SkillKind), radios=True
    )
    name = TextField("Name", [Required("Enter the language, skill or link, like Polish")], most=NAME)
    level = TextField("Level (optional)", most=NAME, description="For example, fluent or trained")
    verified_on = DayField("Verified on (optional)", description="The day somebody saw proof of it, if anybody did")


class VerifySkillForm(Form):
    """The day on which a skill was verified, and its level."""

    verified_on = DayField("Verified on", [Required("Enter the day on which it was verified")])
    level = TextField("Level (optional)", most=NAME)


class EndSkillForm(Form):
    """Why a skill comes off the record."""

    why = ChoiceField("Why?", [Required("Choose why")], coerce=SkillEnds, choices=choices_of(SkillEnds), radios=True)
    note = TextField("Note (optional)", most=500)
