"""What a resources lead may type about posts, postings and cover, and the words around it."""

from collections.abc import Mapping

from npt.people.rules import Grade, PostingKind
from npt.staffing.rules.moves import EndReason
from npt.web.forms import ChoiceField, DayField, Form, NumberField, Required, TextAreaField, TextField, choices_of

_FTE = "1.00 is full time. Leave empty for the FTE of the post."
_WHY = "Needed when they move before the time they are expected to stay."
_NOTHING = "Choose…"


class NewPostForm(Form):
    """A post to open."""

    ref = TextField("Reference", [Required("Enter a reference")], most=60, description="For example, SOH-PC-5")
    grade = ChoiceField("Grade", [Required("Choose a grade")], coerce=Grade, choices=choices_of(Grade), first=_NOTHING)
    unit_code = ChoiceField(
        "Team, or for an inspector the sector", [Required("Choose a team or sector")], first=_NOTHING
    )
    fte = NumberField("FTE", description="1.00 is full time. Leave empty for a special constable.")
    first_day = DayField("First day", [Required("Enter the first day")])
    last_day = DayField("Last day (optional)")
    funding = TextField("Paid for by (optional)")
    funding_last_day = DayField("Paid for until (optional)")
    required_skill = TextField("Skill needed (optional)", description="For example, Polish")

    def __init__(self, units: Mapping[str, str], **known: object) -> None:
        super().__init__(**known)
        self.unit_code.choices = units


class ChangePostForm(Form):
    """Another FTE from a day on."""

    fte = NumberField("New FTE", [Required("Enter the new FTE, like 0.60")])
    from_day = DayField("From", [Required("Enter the first day of the new FTE")])
    new_ref = TextField(
        "Reference of the post that follows",
        [Required("Enter a reference")],
        most=60,
        description="The post ends the day before, and this one opens with the same holders. Their tenure goes on.",
    )


class FundPostForm(Form):
    """Who pays, and until when."""

    funding = TextField("Paid for by", description="Leave empty when the force pays")
    funding_last_day = DayField("Paid for until (optional)")


class RequireSkillForm(Form):
    """The skill a post needs."""

    required_skill = TextField("Skill needed", description="For example, Polish. Leave empty when none is")


class EndPostForm(Form):
    """The last day of a post, and why."""

    last_day = DayField("Last day of the post", [Required("Enter the last day")])
    why = TextField("Why?", [Required("Enter why the post ends")])


class _PostForm(Form):
    """A post to choose."""

    post_ref = ChoiceField("Post", [Required("Choose a post")], first=_NOTHING)

    def __init__(self, posts: Mapping[str, str], **known: object) -> None:
        super().__init__(**known)
        self.post_ref.choices = posts


class PostPersonForm(_PostForm):
    """Somebody in a post of their own grade."""

    kind = ChoiceField(
        "Held as",
        [Required("Choose how they hold the post")],
        coerce=PostingKind,
        choices={
            PostingKind.SUBSTANTIVE: "Substantive: their own post",
            PostingKind.TEMPORARY: "Temporary: their own posting is suspended meanwhile",
        },
        radios=True,
    )
    first_day = DayField("First day", [Required("Enter the first day")])
    last_day = DayField("Last day (optional)")
    fte = NumberField("FTE (optional)", description=_FTE)


class MovePersonForm(_PostForm):
    """From one post to another."""

    posting_id = ChoiceField("From", [Required("Choose the posting they move from")], coerce=int, first=_NOTHING)
    first_day = DayField("First day in the new post", [Required("Enter the first day")])
    fte = NumberField("FTE (optional)", description=_FTE)
    why = TextField("Why? (optional)", description=_WHY, most=400)

    def __init__(self, posts: Mapping[str, str], postings: Mapping[int, str], **known: object) -> None:
        super().__init__(posts, **known)
        self.posting_id.choices = postings


class AttachPersonForm(_PostForm):
    """A post of the host team, for its team and grade."""

    first_day = DayField("First day", [Required("Enter the first day")])
    last_day = DayField("Last day (optional)")


class ActUpForm(_PostForm):
    """A post of a higher grade, for a time."""

    first_day = DayField("First day", [Required("Enter the first day")])
    last_day = DayField("Last day (optional)")
    fte = NumberField("FTE (optional)", description=_FTE)


class EndPostingForm(Form):
    """The last day of a posting, and why it ends."""

    last_day = DayField("Last day in the post", [Required("Enter the last day")])
    reason = ChoiceField(
        "Reason",
        [Required("Choose a reason")],
        coerce=EndReason,
        choices=choices_of(EndReason),
        first=_NOTHING,
    )
    why = TextAreaField("Note (optional)", description=_WHY, most=400)


class CoverForm(Form):
    """Which sergeant looks after which team, since when and why."""

    collar_number = ChoiceField("Sergeant", [Required("Choose a sergeant")], first=_NOTHING)
    team_code = ChoiceField("Team covered", [Required("Choose a team")], first=_NOTHING)
    post_ref = ChoiceField("Vacant post that causes it", first="None: another reason")
    first_day = DayField("First day", [Required("Enter the first day")])
    last_day = DayField("Last day (optional)")
    reason = TextField("Other reason", description="When no vacancy causes it", most=400)

    def __init__(
        self, sergeants: Mapping[str, str], teams: Mapping[str, str], posts: Mapping[str, str], **known: object
    ) -> None:
        super().__init__(**known)
        self.collar_number.choices = sergeants
        self.team_code.choices = teams
        self.post_ref.choices = posts


class EndCoverForm(Form):
    """The last day of cover."""

    last_day = DayField("Last day of cover", [Required("Enter the last day")])
