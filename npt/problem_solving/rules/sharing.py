"""What plans teach others: good practice, how well a plan was made, and what worked (RULES section 6)."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from npt.core.errors import Reason
from npt.problem_solving.rules.stages import Facts
from npt.problem_solving.rules.vocabulary import Stage


class PracticeState(StrEnum):
    """Where a proposal of good practice stands."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"

    @property
    def label(self) -> str:
        return _STATES[self]


_STATES = {
    PracticeState.PROPOSED: "Proposed as good practice",
    PracticeState.APPROVED: "Good practice",
    PracticeState.DECLINED: "Not taken as good practice",
    PracticeState.WITHDRAWN: "No longer good practice",
}


def obstacles_to_proposing(facts: Facts, *, restricted: bool, state: PracticeState | None) -> list[Reason]:
    """Why a plan cannot be proposed as good practice: only what was assessed, with a result, teaches anything.

    :param state: of an earlier proposal of it
    """
    reasons = []
    if facts.stage is not Stage.ASSESSMENT or not (facts.after and facts.result.strip()):
        reasons.append(Reason("Only a plan at assessment with a recorded result can be good practice"))
    if restricted:
        reasons.append(Reason("A restricted plan is not shared with the force"))
    if state in (PracticeState.PROPOSED, PracticeState.APPROVED):
        reasons.append(Reason("It is proposed already" if state is PracticeState.PROPOSED else "It is good practice"))
    return reasons


def obstacles_to_deciding(state: PracticeState, to: PracticeState, reason: str, *, restricted: bool) -> list[Reason]:
    """Why a proposal cannot be decided so: it is not waiting, it became restricted, or no reason is given."""
    reasons = []
    waiting = PracticeState.APPROVED if to is PracticeState.WITHDRAWN else PracticeState.PROPOSED
    if state is not waiting:
        reasons.append(Reason(f"This was decided already: {state.label.lower()}"))
    if to is PracticeState.APPROVED and restricted:
        reasons.append(Reason("A restricted plan is not shared with the force"))
    if to is not PracticeState.APPROVED and not reason.strip():
        reasons.append(Reason("Enter why, so that its team can learn from it", "reason"))
    return reasons


WEIGHTS: Mapping[Stage, int] = {Stage.SCANNING: 1, Stage.ANALYSIS: 2, Stage.RESPONSE: 1, Stage.ASSESSMENT: 2}
"""As judged for the Tilley Award: analysis and assessment count twice."""
BEST = 5
"""Of each stage."""
MOST = BEST * sum(WEIGHTS.values())
"""30."""

PROMPTS: Mapping[Stage, str] = {
    Stage.SCANNING: "What first showed the problem? Is it of real concern to the community, and what follows from it? "
    "Which data and whose word say so, and was anybody asked beside the victims?",
    Stage.ANALYSIS: "Is it known who, where, when and why? Are victim, location and offender each looked at, with who "
    "could look after them? Were explanations tested, and is it known what was tried before?",
    Stage.RESPONSE: "Does each action answer the analysis and one side of the triangle? Do partners carry their part? "
    "Was more than patrol considered?",
    Stage.ASSESSMENT: "Was it done as planned? Did the measure move, against a comparison? Did the problem move "
    "elsewhere? What does the community say, and what can others take from it?",
}


@dataclass(frozen=True, slots=True)
class Score:
    """How well a plan was made: 0 to 5 of each stage. A help to whoever writes the next one, and no target."""

    scanning: int
    analysis: int
    response: int
    assessment: int

    def of(self, stage: Stage) -> int:
        return int(getattr(self, stage.value))

    @property
    def total(self) -> int:
        """Analysis and assessment doubled: 30 at most."""
        return sum(weight * self.of(stage) for stage, weight in WEIGHTS.items())


def obstacles_to_score(score: Score) -> list[Reason]:
    """Each stage is given 0 to 5."""
    return [Reason(f"Choose 0 to {BEST}", stage.value) for stage in WEIGHTS if not 0 <= score.of(stage) <= BEST]


def obstacles_to_reuse(plan_id: int, from_plan_id: int, field: str, *, closed: bool) -> list[Reason]:
    """Why a plan cannot say that it takes something from another.

    :param field: where the other one was typed
    """
    if closed:
        return [Reason("The plan is closed")]
    return [Reason("Choose another plan than this one", field)] if plan_id == from_plan_id else []
