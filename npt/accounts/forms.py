"""What a person types to sign in, to choose a password, and to say who signs in."""

import re
from typing import Any

from npt.accounts import rules
from npt.core.authority import PEOPLE_ROLES, Role
from npt.web.forms import ChoiceField, Form, PasswordField, Required, TextField, choices_of

SCOPES = "Codes of teams, sectors, BCUs, panels or organisations, with blanks or commas between them"


class SignInForm(Form):
    email = TextField(
        "Email address",
        [Required("Enter your email address")],
        most=rules.LONGEST_EMAIL,
        render_kw={"autocomplete": "username", "spellcheck": "false"},
    )
    password = PasswordField("Password", [Required("Enter your password")], filters=[rules.normalised])


class VerifyForm(Form):
    """The password once more."""

    password = PasswordField("Your password", [Required("Enter your password")], filters=[rules.normalised])


class PasswordForm(Form):
    """A new password, twice; and the one there is, unless it may be used only once."""

    current = PasswordField(
        "The password you have now", [Required("Enter the password you have now")], filters=[rules.normalised]
    )
    password = PasswordField(
        "New password",
        [Required("Enter a new password")],
        filters=[rules.normalised],
        description=f"At least {rules.SHORTEST_PASSWORD} characters. Three random words make a good one.",
    )
    again = PasswordField(
        "New password again",
        [Required("Enter the new password again")],
        filters=[rules.normalised],
    )

    def __init__(self, email: str, name: str, *, one_time: bool) -> None:
        super().__init__()
        self.email, self.name = email, name
        if one_time:
            del self.current

    def validate(self, extra_validators: Any = None) -> bool:
        """Refuse a password somebody would guess, or one not typed the same way twice."""
        if not super().validate(extra_validators):
            return False
        faults = rules.obstacles_to_password(self.password.data, self.email, self.name)
        self.password.errors = [reason.message for reason in faults]
        if self.again.data != self.password.data:
            self.again.errors = ["Enter the same password again"]
        return not (self.password.errors or self.again.errors)


class ChoosePasswordForm(PasswordForm):
    """A password, twice, for somebody who came by a link of their own."""

    def __init__(self, email: str, name: str) -> None:
        super().__init__(email, name, one_time=True)


class ForgottenForm(Form):
    """The address somebody signs in with."""

    email = TextField(
        "Email address",
        [Required("Enter your email address")],
        most=rules.LONGEST_EMAIL,
        description="The one you sign in with",
        render_kw={"autocomplete": "username", "spellcheck": "false"},
    )


class ChangeUserForm(Form):
    name = TextField("Name", [Required("Enter the person's name")], most=rules.LONGEST_NAME)
    role = ChoiceField(
        "Role",
        [Required("Choose a role")],
        choices=choices_of(PEOPLE_ROLES),
        coerce=Role,
        first="Choose a role",
    )
    scopes = TextField("For which units", most=2000, description=SCOPES)

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes typed, one by one."""
        return tuple(code for code in re.split(r"[\s,;]+", self.scopes.data or "") if code)


class NewUserForm(ChangeUserForm):
    email = TextField(
        "Email address",
        [Required("Enter an email address")],
        most=rules.LONGEST_EMAIL,
        description="What they sign in with. When it is a person's email address, the user is that person.",
        render_kw={"autocomplete": "off", "spellcheck": "false"},
    )


class ConfirmForm(Form):
    """Nothing but the button."""
