"""What a person types to find plans again, and to say what one teaches others."""

from npt.problem_solving.forms.plans import NO_NAMES
from npt.problem_solving.rules.impact import Verdict
from npt.problem_solving.rules.sharing import BEST, PROMPTS, PracticeState
from npt.problem_solving.rules.vocabulary import Cheers, Outcome, PlanState, ProblemType, Stage
from npt.web.forms import ChoiceField, Form, Required, TextAreaField, TextField, choices_of


class SearchForm(Form):
    """Which plans are looked for."""

    class Meta(Form.Meta):
        csrf = False

    question = TextField("Words", description='Such as motorbikes, or "heating oil" in inverted commas')
    state = ChoiceField("State", coerce=PlanState, choices=choices_of(PlanState))
    kind = ChoiceField("Type of problem", coerce=ProblemType, choices=choices_of(ProblemType), first="All types")
    ward = ChoiceField("Ward", first="All wards")
    partner = ChoiceField("Partner", first="All partners")
    outcome = ChoiceField("Outcome", coerce=Outcome, choices=choices_of(Outcome), first="All outcomes")
    verdict = ChoiceField("What the figures say", coerce=Verdict, choices=choices_of(Verdict), first="Anything")
    practice = ChoiceField("Good practice", coerce=PracticeState, choices=choices_of(PracticeState), first="All plans")


def _answer(question: Cheers) -> TextAreaField:
    return TextAreaField(f"{question.label}: {question.question}", most=1000)


class CheersForm(Form):
    """The six questions of the CHEERS test."""

    community = _answer(Cheers.COMMUNITY)
    harm = _answer(Cheers.HARM)
    expectation = _answer(Cheers.EXPECTATION)
    events = _answer(Cheers.EVENTS)
    recurring = _answer(Cheers.RECURRING)
    similarity = _answer(Cheers.SIMILARITY)


class ProposalForm(Form):
    """What others can take from a plan."""

    lesson = TextAreaField(
        "What can another team take from it?",
        [Required("Enter what another team can take from it")],
        most=2000,
        description=f"What worked, for whom, what it needs, what to avoid. {NO_NAMES}",
    )


DECISIONS = {
    PracticeState.APPROVED: "Approve it as good practice",
    PracticeState.DECLINED: "Decline it",
    PracticeState.WITHDRAWN: "Withdraw it",
}


class DecisionForm(Form):
    """What becomes of a proposal."""

    decision = ChoiceField(
        "What becomes of it?",
        [Required("Choose what becomes of it")],
        coerce=PracticeState,
        radios=True,
    )
    reason = TextAreaField("Why? (not needed when you approve it)", most=1000)


class ReuseForm(Form):
    """Which plan another one takes something from."""

    from_ref = TextField(
        "Which plan does it take something from?",
        [Required("Enter the number of a plan, such as P-12")],
        most=40,
        description="Its number, such as P-12. You find it in the library of plans",
    )


def _points(stage: Stage) -> ChoiceField:
    return ChoiceField(
        stage.label,
        [Required(f"Choose 0 to {BEST} for {stage.value}")],
        coerce=int,
        choices={points: str(points) for points in range(BEST + 1)},
        radios=True,
        description=PROMPTS[stage],
    )


class ScoreForm(Form):
    """How well a plan was made."""

    scanning = _points(Stage.SCANNING)
    analysis = _points(Stage.ANALYSIS)
    response = _points(Stage.RESPONSE)
    assessment = _points(Stage.ASSESSMENT)
    note = TextAreaField(
        "Why, and what would make the next plan better?",
        [Required("Enter why you give these points")],
        most=1000,
        description=f"For whoever wrote it, and for the next. {NO_NAMES}",
    )
