"""From one stage to the next: nothing is left out, nothing is skipped, and going back is said why (RULES section 6)."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from npt.core.errors import Reason, refuse_if_any
from npt.problem_solving.rules.vocabulary import Outcome, Side, Stage

ORDER = tuple(Stage)
LEAST_SOURCES = 2
"""RULES section 6: at least two sources. The method's own figure and no force's policy."""


class Part(StrEnum):
    """The part of a plan in which something is mended."""

    OBJECTIVE = "objective"
    PROBLEM = "problem"
    SOURCES = "sources"
    MEASURE = "measure"
    ANALYSIS = "analysis"
    ACTIONS = "actions"
    ASSESSMENT = "assessment"


@dataclass(frozen=True, slots=True)
class Missing:
    """What a stage still lacks, as a sentence without its full stop, and where it is mended."""

    message: str
    part: Part


@dataclass(frozen=True, slots=True)
class Facts:
    """What a plan holds, as far as its stages ask for it. ``actions`` counts those with an owner and a due date."""

    stage: Stage
    first_stage: Stage = Stage.SCANNING
    objective: str = ""
    problem: str = ""
    sources: int = 0
    measured: bool = False
    sides: Mapping[Side, bool] = field(default_factory=dict)
    actions: int = 0
    after: bool = False
    community_view: str = ""
    result: str = ""
    why: str = ""
    closed: bool = False


def stages_from(first: Stage) -> tuple[Stage, ...]:
    """The stages of a plan, in order: four, or five with an objective first."""
    return ORDER[ORDER.index(first) :]


def next_stage(stage: Stage) -> Stage | None:
    """The stage after one; nothing after assessment, which ends by closing."""
    place = ORDER.index(stage) + 1
    return ORDER[place] if place < len(ORDER) else None


def earlier_stages(stage: Stage, first: Stage) -> tuple[Stage, ...]:
    """The stages a plan can go back to."""
    return ORDER[ORDER.index(first) : ORDER.index(stage)]


@dataclass(frozen=True, slots=True)
class Check:
    """One thing a stage asks for before it can be left: its name, whether it is there, what is said when it is not."""

    name: str
    done: bool
    message: str
    part: Part


def checks(facts: Facts) -> list[Check]:
    """Everything the stage being worked on asks for, there or not."""
    return _CHECKS[facts.stage](facts)


def missing(facts: Facts) -> list[Missing]:
    """Everything the stage being worked on still lacks before it can be left."""
    return [Missing(each.message, each.part) for each in checks(facts) if not each.done]


def _objective(facts: Facts) -> list[Check]:
    return [Check("Objective", bool(facts.objective.strip()), "Write the objective", Part.OBJECTIVE)]


def _scanning(facts: Facts) -> list[Check]:
    short = LEAST_SOURCES - facts.sources
    more = "two sources" if short >= LEAST_SOURCES else "one more source"
    return [
        Check("The problem", bool(facts.problem.strip()), "Say what the problem is", Part.PROBLEM),
        Check("Two sources or more", short <= 0, f"Add {more}: at least two are needed", Part.SOURCES),
        Check(
            "The measure, chosen now",
            facts.measured,
            "Choose the measure now: what, its value today, of which period, from where",
            Part.MEASURE,
        ),
    ]


def _analysis(facts: Facts) -> list[Check]:
    return [
        Check(
            side.label,
            bool(facts.sides.get(side)),
            f"{side.label}: say what was found, or why it does not apply",
            Part.ANALYSIS,
        )
        for side in Side
    ]


def _response(facts: Facts) -> list[Check]:
    said = "Add an action with an owner and a due date"
    return [Check("An action with an owner and a day", facts.actions > 0, said, Part.ACTIONS)]


def _assessment(facts: Facts) -> list[Check]:
    part = Part.ASSESSMENT
    return [
        Check("The measure afterwards", facts.after, "Enter the value of the measure afterwards", part),
        Check("The community's view", bool(facts.community_view.strip()), "Say what the community thinks", part),
        Check("The result", bool(facts.result.strip()), "Say what the result is", part),
        Check("Why it did or did not work", bool(facts.why.strip()), "Say why it did or did not work", part),
    ]


_CHECKS = {
    Stage.OBJECTIVE: _objective,
    Stage.SCANNING: _scanning,
    Stage.ANALYSIS: _analysis,
    Stage.RESPONSE: _response,
    Stage.ASSESSMENT: _assessment,
}


CLOSED = Reason("The plan is closed")


def after_moving_on(facts: Facts) -> Stage:
    """The stage a plan stands at when it is moved on: always the very next.

    :raises Refused: with everything that is missing; when it is closed; at assessment, which ends by closing
    """
    following = next_stage(facts.stage)
    reasons = [CLOSED] if facts.closed else [Reason(each.message) for each in missing(facts)]
    if following is None:
        reasons.append(Reason("Assessment is the last stage: close the plan"))
    refuse_if_any(reasons)
    assert following is not None  # noqa: S101 - refused above
    return following


def after_going_back(facts: Facts, to: Stage | None, reason: str) -> Stage:
    """The stage a plan stands at when it goes back to an earlier one.

    :raises Refused: without a reason, to a stage that is not an earlier one of the plan, or when it is closed
    """
    reasons = [CLOSED] if facts.closed else []
    if to not in earlier_stages(facts.stage, facts.first_stage):
        reasons.append(Reason("Choose an earlier stage of this plan", "stage"))
    if not reason.strip():
        reasons.append(Reason("Say why the plan goes back", "reason"))
    refuse_if_any(reasons)
    assert to is not None  # noqa: S101 - refused above
    return to


@dataclass(frozen=True, slots=True)
class Closer:
    """Who closes: as a person and as a user, whichever they are known as."""

    person_id: int | None = None
    user_id: int | None = None


@dataclass(frozen=True, slots=True)
class Closing:
    """What decides whether a plan may be closed: whose it is, and whether the panel has signed it off."""

    author_user_id: int | None = None
    author_id: int | None = None
    owner_id: int | None = None
    needs_sign_off: bool = False
    signed_off_at: dt.datetime | None = None
    signed_off_by_user_id: int | None = None


def obstacles_to_closing(facts: Facts, closing: Closing, closer: Closer) -> list[Reason]:
    """Every reason why somebody cannot close a plan (RULES sections 5 and 6; docs/decisions/0028)."""
    if facts.closed:
        return [CLOSED]
    reasons = []
    if facts.stage is not Stage.ASSESSMENT:
        reasons.append(Reason(f"The plan is at {facts.stage.value}: only a plan at assessment can be closed"))
    else:
        reasons += [Reason(each.message) for each in missing(facts)]
    if closing.needs_sign_off and closing.signed_off_at is None:
        reasons.append(Reason("It answers a panel's priority, and the panel has not signed it off"))
    if _same(closer.person_id, closing.author_id, closing.owner_id) or _same(closer.user_id, closing.author_user_id):
        reasons.append(Reason("You wrote this plan or own it: another supervisor closes it"))
    if closing.signed_off_at is not None and _same(closer.user_id, closing.signed_off_by_user_id):
        reasons.append(Reason("You signed it off: another supervisor closes it"))
    return reasons


def _same(one: int | None, *others: int | None) -> bool:
    return one is not None and one in others


def obstacles_to_outcome(outcome: Outcome | None) -> list[Reason]:
    """Closing always needs an outcome."""
    return [] if outcome else [Reason("Choose the outcome", "outcome")]


def obstacles_to_working(facts: Facts, stages: Sequence[Stage], what: str) -> list[Reason]:
    """Why a part of a plan cannot be worked on now: it is closed, or stands at a stage that is not for it.

    :param what: begins the sentence, as in "The measure is chosen"
    """
    if facts.closed:
        return [CLOSED]
    if facts.stage in stages:
        return []
    named = " or ".join(stage.value for stage in stages)
    return [Reason(f"{what} at {named}, and this plan is at {facts.stage.value}")]


def obstacles_to_sides(found: Mapping[Side, tuple[str, str]]) -> list[Reason]:
    """Why an analysis cannot be kept: a side both described and said not to apply."""
    return [
        Reason(f"{side.label}: say what was found, or why it does not apply, not both", f"{side.value}_not")
        for side, (finding, why_not) in found.items()
        if finding.strip() and why_not.strip()
    ]


def obstacles_to_action(owner_id: int | None, partner: str | None) -> list[Reason]:
    """An action is owned by somebody of the staff or by a partner organisation: by one of them."""
    if owner_id is None and not (partner or "").strip():
        return [Reason("Choose who will do it, or enter a partner organisation", "owner_id")]
    if owner_id is not None and (partner or "").strip():
        return [Reason("One owner: leave out the partner, or the member of staff", "partner")]
    return []


def obstacles_to_period(first: dt.date, last: dt.date, field: str) -> list[Reason]:
    """The days a measure was taken over are in order."""
    return [Reason("Enter a last day that is not before the first", field)] if last < first else []


def obstacles_to_after_period(baseline_last: dt.date, first: dt.date) -> list[Reason]:
    """The period afterwards does not reach into the one before, or the change would be compared with itself."""
    if first <= baseline_last:
        return [Reason("Enter a first day after the period of the baseline", "after_first")]
    return []
