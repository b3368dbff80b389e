"""What a person types into a plan, and what narrows a list of plans."""

from npt.problem_solving.rules.health import Health
from npt.problem_solving.rules.impact import COUNTS
from npt.problem_solving.rules.vocabulary import (
    Better,
    Method,
    Outcome,
    PlanState,
    ProblemType,
    Side,
    SourceKind,
    Stage,
)
from npt.web.forms import (
    ChoiceField,
    ChoicesField,
    DayField,
    Form,
    NumberField,
    Required,
    TextAreaField,
    TextField,
    TickField,
    WholeField,
    choices_of,
)
from npt.web.marking import MARKING, SENSITIVE

NO_NAMES = "Do not name victims or suspects"


class PlansForm(Form):
    """Which plans a list shows."""

    class Meta(Form.Meta):
        csrf = False

    state = ChoiceField("State", coerce=PlanState, choices=choices_of(PlanState))
    stage = ChoiceField("Stage", coerce=Stage, choices=choices_of(Stage), first="All stages")
    kind = ChoiceField("Type of problem", coerce=ProblemType, choices=choices_of(ProblemType), first="All types")
    team = ChoiceField("Team", first="All teams")
    bcu = ChoiceField("BCU", first="All BCUs")
    sector = ChoiceField("Sector", first="All sectors")
    supervisor = ChoiceField("Supervisor", first="All supervisors")
    overdue = TickField("Only with an overdue action")
    priority = ChoiceField("Priority served", coerce=int, first="Any or none")
    health = ChoiceField("To look at", coerce=Health, choices=choices_of(Health), first="All plans")


class _ProblemFields(Form):
    problem = TextField(
        "The problem in one sentence",
        [Required("Enter the problem in one sentence")],
        description=f"What keeps happening, where and to whom. {NO_NAMES}",
    )
    detail = TextAreaField(
        "More about it",
        [Required("Enter how often it happens, since when, and what harm it does")],
        description="How often, since when, what harm it does, what people expect of the police",
    )
    problem_type = ChoiceField(
        "Type of problem",
        [Required("Choose the type of problem")],
        coerce=ProblemType,
        choices=choices_of(ProblemType),
        first="Choose one",
    )


class NewPlanForm(_ProblemFields):
    """A problem to work on."""

    team = ChoiceField("Team", [Required("Choose the team")])
    objective_first = TickField("Write an objective before scanning")
    takes_from = TextField(
        "Does it reuse another plan? (optional)", most=40, description="The other plan's number, such as P-12"
    )


class ProblemForm(_ProblemFields):
    """The problem, where it is, and whose the plan is."""

    wards = ChoicesField("Wards")
    owner_id = ChoiceField("Owner", coerce=int, first="Nobody yet")
    supervisor_id = ChoiceField("Supervisor", coerce=int, first="Nobody yet")


class ObjectiveForm(Form):
    """What the plan is to reach."""

    objective = TextAreaField(
        "What is to be different, by when?", [Required("Enter the objective")], description="By how much, and by when"
    )


class SourceForm(Form):
    """Where the problem is known from."""

    kind = ChoiceField(
        "Source",
        [Required("Choose the source")],
        coerce=SourceKind,
        choices=choices_of(SourceKind),
        radios=True,
    )
    says = TextAreaField("What does it say?", [Required("Enter what it says")], most=1000, description=NO_NAMES)


class MeasureForm(Form):
    """What success is measured by."""

    what = TextField(
        "What is measured?", [Required("Enter what is measured")], description="Such as calls about nuisance bikes"
    )
    source = TextField("Where does the figure come from?", [Required("Enter where the figure comes from")])
    better = ChoiceField(
        "When is it better?",
        [Required("Choose when it is better")],
        coerce=Better,
        choices=choices_of(Better),
        radios=True,
    )
    baseline_value = NumberField("Value now", [Required("Enter the value now, 0 if there was none")])
    baseline_first = DayField("Counted from", [Required("Enter the first day it was counted over")])
    baseline_last = DayField("Counted to", [Required("Enter the last day it was counted over")])
    target_value = NumberField("Target (optional)")
    target_on = DayField("Reach the target by", description="The day by which it reaches its target")


class TargetDayForm(Form):
    """Another day to reach the target by, and why."""

    target_on = DayField("Reach the target by", [Required("Enter the day by which the target is to be reached")])
    reason = TextAreaField("Why is the day moved?", [Required("Enter why the day is moved")], most=1000)


def _side(side: Side) -> tuple[TextAreaField, TextAreaField, TextAreaField]:
    return (
        TextAreaField(f"{side.inner}: what was found", most=2000, description=NO_NAMES),
        TextAreaField(f"Its {side.outer} (optional)", most=1000, description=side.who),
        TextAreaField("Or: it does not apply because", most=500, description=f"Only when there is no {side.value}"),
    )


class AnalysisForm(Form):
    """The three sides of the triangle, inner and outer; what might explain the problem, and what was tried before."""

    victim, guardian, victim_not = _side(Side.VICTIM)
    location, manager, location_not = _side(Side.LOCATION)
    offender, handler, offender_not = _side(Side.OFFENDER)
    hypotheses = TextAreaField(
        "What might explain it? (optional)",
        most=2000,
        description="One explanation a line, each so that facts could prove it wrong",
    )
    tried = TextAreaField(
        "What was tried before, and what came of it? (optional)", most=2000, description="By the team or by others"
    )


class ActionForm(Form):
    """Something to be done, by somebody, by a day."""

    what = TextAreaField("What will be done?", [Required("Enter what will be done")], most=1000)
    owner_id = ChoiceField("Who will do it?", coerce=int, first="A partner organisation")
    organisation = ChoiceField("Partner organisation", first="None of these")
    partner = TextField(
        "Another organisation (optional)",
        description="Only when it is not in the list. Never a person. Whoever signs in for it reads the action",
    )
    due_on = DayField("By when?", [Required("Enter the day by which it will be done")])
    side = ChoiceField("Which side is it aimed at?", coerce=Side, choices=choices_of(Side), first="None in particular")


class ChangeActionForm(Form):
    """What an action is to be from now on, and why."""

    what = TextAreaField("What will be done?", [Required("Enter what will be done")], most=1000)
    owner_id = ChoiceField("Who will do it?", coerce=int, first="A partner organisation")
    organisation = ChoiceField("Partner organisation", first="None of these")
    due_on = DayField("By when?", [Required("Enter the day by which it will be done")])
    reason = TextAreaField(
        "Why is it changed?", [Required("Say why")], most=1000, description="A partner reads it with their action"
    )


class CancelActionForm(Form):
    """Why nothing is to be done any longer."""

    reason = TextAreaField(
        "Why is it cancelled?",
        [Required("Say why")],
        most=1000,
        description="A partner reads it with their action",
    )


class UpdateForm(Form):
    """What happened."""

    text = TextAreaField("What happened?", [Required("Enter what happened")], most=2000, description=NO_NAMES)


class ReviewForm(Form):
    """A supervisor's word."""

    text = TextAreaField("What do you find?", [Required("Enter what you find")], most=2000)
    next_review_on = DayField("Next review (optional)")


class BackForm(Form):
    """The stage to go back to, and why."""

    stage = ChoiceField("Back to", [Required("Choose a stage")], coerce=Stage, radios=True)
    reason = TextAreaField("Why?", [Required("Enter why the plan goes back")], most=1000)


class OnForm(Form):
    """Nothing to type: the button says it."""


class AssessmentForm(Form):
    """What came of a plan."""

    after_value = NumberField("Value of the measure now", [Required("Enter the value now, 0 if there was none")])
    after_first = DayField("Counted from", [Required("Enter the first day it was counted over")])
    after_last = DayField("Counted to", [Required("Enter the last day it was counted over")])
    community_view = TextAreaField("What does the community think?", [Required("Enter what the community thinks")])
    result = TextAreaField("What is the result?", [Required("Enter the result")])
    why = TextAreaField("Why did it work, or not?", [Required("Enter why it did or did not work")])


_WHAT = {
    "treated": "Treated area",
    "comparison": "Comparison area",
    "displacement": "Displacement area (optional)",
    "control": "Control of the displacement area (optional)",
    "asked": "Survey: how many were asked",
    "said": "Survey: how many of them said it",
}


class ImpactForm(Form):
    """The counts a change is held against. All of equal periods before and after."""

    method = ChoiceField(
        "What is the change compared with?",
        [Required("Choose what it is compared with")],
        coerce=Method,
        choices=choices_of(Method),
        radios=True,
    )
    compared_with = TextField(
        "Which area, or which question?", description="Such as Burwell ward, or: do you feel safe?"
    )


for _name in COUNTS:
    _what, _time = _name.split("_")
    setattr(ImpactForm, _name, WholeField(f"{_WHAT[_what]}, {_time}"))


class CloseForm(Form):
    """The outcome."""

    outcome = ChoiceField(
        "What came of it?",
        [Required("Choose the outcome")],
        coerce=Outcome,
        choices=choices_of(Outcome),
        radios=True,
    )


class MarkingForm(Form):
    """Whether a plan is restricted, why, and who may read it."""

    marking = ChoiceField(
        "How is it marked?",
        [Required("Choose how it is marked")],
        choices={
            MARKING: f"{MARKING}: every officer of the team may read it",
            SENSITIVE: f"{SENSITIVE}: only those who need to",
        },
        radios=True,
    )
    reason = TextField("Why is it restricted?", most=500, description=f"Only if it is {SENSITIVE}. {NO_NAMES}")
    readers = ChoicesField("Who beside its supervisors may read it? (optional)")

    def validate(self, extra_validators: object = None) -> bool:
        """Restricting takes a reason."""
        if not super().validate(extra_validators):
            return False
        if self.restricts and not self.reason.data:
            self.reason.errors = ["Enter why it is restricted"]
            return False
        return True

    @property
    def restricts(self) -> bool:
        return bool(self.marking.data == SENSITIVE)
