"""From stage to stage: nothing is skipped, going back is said why, closing is somebody else's."""

import datetime as dt
import itertools
from dataclasses import replace

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from npt.core.errors import Refused
from npt.problem_solving.rules import stages
from npt.problem_solving.rules.stages import Closer, Closing, Facts, Part
from npt.problem_solving.rules.vocabulary import Outcome, Side, Stage

WHOLE = Facts(
    Stage.SCANNING,
    objective="Half as many by May",
    problem="Bikes",
    sources=2,
    measured=True,
    sides=dict.fromkeys(Side, True),
    actions=1,
    after=True,
    community_view="Quieter",
    result="Halved",
    why="The gate",
)


@pytest.mark.parametrize(
    ("stage", "lacking", "part"),
    [
        (Stage.OBJECTIVE, {"objective": " "}, Part.OBJECTIVE),
        (Stage.SCANNING, {"problem": ""}, Part.PROBLEM),
        (Stage.SCANNING, {"sources": 1}, Part.SOURCES),
        (Stage.SCANNING, {"sources": 0}, Part.SOURCES),
        (Stage.SCANNING, {"measured": False}, Part.MEASURE),
        *((Stage.ANALYSIS, {"sides": {**dict.fromkeys(Side, True), side: False}}, Part.ANALYSIS) for side in Side),
        (Stage.RESPONSE, {"actions": 0}, Part.ACTIONS),
        (Stage.ASSESSMENT, {"after": False}, Part.ASSESSMENT),
        (Stage.ASSESSMENT, {"community_view": ""}, Part.ASSESSMENT),
        (Stage.ASSESSMENT, {"result": "\n"}, Part.ASSESSMENT),
        (Stage.ASSESSMENT, {"why": ""}, Part.ASSESSMENT),
    ],
)
def test_a_stage_cannot_be_left_while_one_thing_is_missing_and_says_which(
    stage: Stage, lacking: dict[str, object], part: Part
) -> None:
    whole = replace(WHOLE, stage=stage)
    assert stages.missing(whole) == []

    facts = replace(whole, **lacking)  # type: ignore[arg-type]

    assert [each.part for each in stages.missing(facts)] == [part]
    with pytest.raises(Refused):
        stages.after_moving_on(facts)


def test_an_empty_plan_is_told_everything_its_stage_lacks_at_once() -> None:
    assert [len(stages.missing(Facts(stage))) for stage in Stage] == [1, 3, 3, 1, 4]


def test_assessment_is_the_last_stage_and_a_closed_plan_moves_nowhere() -> None:
    with pytest.raises(Refused, match="close the plan"):
        stages.after_moving_on(replace(WHOLE, stage=Stage.ASSESSMENT))
    closed = replace(WHOLE, stage=Stage.ANALYSIS, closed=True)
    with pytest.raises(Refused, match="closed"):
        stages.after_moving_on(closed)
    with pytest.raises(Refused, match="closed"):
        stages.after_going_back(closed, Stage.SCANNING, "Wrong")


@pytest.mark.parametrize(("at", "to"), list(itertools.product(Stage, Stage)))
def test_a_plan_goes_back_only_to_an_earlier_stage_of_its_own_and_only_with_a_reason(at: Stage, to: Stage) -> None:
    order = list(Stage)
    facts = replace(WHOLE, stage=at)
    earlier = order.index(Stage.SCANNING) <= order.index(to) < order.index(at)
    if earlier:
        assert stages.after_going_back(facts, to, "The cause was another") is to
        with pytest.raises(Refused, match="why"):
            stages.after_going_back(facts, to, "  ")
    else:
        with pytest.raises(Refused, match="earlier stage"):
            stages.after_going_back(facts, to, "The cause was another")


class APlan(RuleBasedStateMachine):
    """Whatever is filled in, emptied, moved on and taken back, in whatever order."""

    def __init__(self) -> None:
        super().__init__()
        self.facts = Facts(Stage.SCANNING)
        self.path: list[tuple[Stage, Stage]] = []
        self.passed: list[Facts] = []

    @rule(objective=st.booleans())
    def begin_again(self, objective: bool) -> None:
        first = Stage.OBJECTIVE if objective else Stage.SCANNING
        self.facts, self.path, self.passed = Facts(first, first), [], []

    @rule(names=st.sets(st.sampled_from(["objective", "problem", "sources", "measured", "sides", "actions", "after"])))
    def fill(self, names: set[str]) -> None:
        self.facts = replace(self.facts, **{name: getattr(WHOLE, name) for name in names})

    @rule(name=st.sampled_from(["sources", "actions"]))
    def empty(self, name: str) -> None:
        self.facts = replace(self.facts, **{name: 0})  # type: ignore[arg-type]

    @rule()
    def move_on(self) -> None:
        before = self.facts
        try:
            to = stages.after_moving_on(before)
        except Refused:
            assert stages.missing(before) or before.stage is Stage.ASSESSMENT
            return
        self.passed.append(before)
        self._go(to)

    @rule(to=st.sampled_from(Stage), reason=st.sampled_from(["", "The cause was another"]))
    def go_back(self, to: Stage, reason: str) -> None:
        try:
            self._go(stages.after_going_back(self.facts, to, reason))
        except Refused:
            return
        assert reason

    def _go(self, to: Stage) -> None:
        self.path.append((self.facts.stage, to))
        self.facts = replace(self.facts, stage=to)

    @invariant()
    def no_stage_is_ever_skipped(self) -> None:
        order = list(Stage)
        assert all(order.index(to) - order.index(at) <= 1 for at, to in self.path)
        reached = {self.facts.first_stage} | {to for _, to in self.path}
        furthest = max(map(order.index, reached))
        assert reached == set(order[order.index(self.facts.first_stage) : furthest + 1])

    @invariant()
    def no_stage_was_left_with_something_missing(self) -> None:
        assert not any(stages.missing(facts) for facts in self.passed)


APlan.TestCase.settings = settings(max_examples=60, stateful_step_count=25, deadline=None)
TestNoStageIsEverSkipped = APlan.TestCase

READY = replace(WHOLE, stage=Stage.ASSESSMENT)
SIGNED = dt.datetime(2026, 11, 1, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("facts", "closing", "closer", "why"),
    [
        (READY, Closing(), Closer(1, 1), None),
        (READY, Closing(author_id=2, owner_id=3, author_user_id=2), Closer(1, 1), None),
        (READY, Closing(), Closer(), None),
        (replace(READY, closed=True), Closing(), Closer(1, 1), "closed"),
        (replace(READY, stage=Stage.RESPONSE), Closing(), Closer(1, 1), "only a plan at assessment"),
        (replace(READY, why=""), Closing(), Closer(1, 1), "why it did or did not work"),
        (READY, Closing(author_id=1), Closer(1, 1), "wrote this plan"),
        (READY, Closing(owner_id=1), Closer(1, 1), "wrote this plan"),
        (READY, Closing(author_user_id=7), Closer(None, 7), "wrote this plan"),
        (READY, Closing(needs_sign_off=True), Closer(1, 1), "not signed it off"),
        (READY, Closing(needs_sign_off=True, signed_off_at=SIGNED, signed_off_by_user_id=5), Closer(1, 1), None),
        (
            READY,
            Closing(needs_sign_off=True, signed_off_at=SIGNED, signed_off_by_user_id=1),
            Closer(1, 1),
            "You signed",
        ),
    ],
)
def test_closing_is_another_act_by_another_person_after_assessment_and_sign_off(
    facts: Facts, closing: Closing, closer: Closer, why: str | None
) -> None:
    said = [reason.message for reason in stages.obstacles_to_closing(facts, closing, closer)]

    assert len(said) == (0 if why is None else 1), said
    assert why is None or why in said[0]


def test_closing_needs_an_outcome() -> None:
    assert stages.obstacles_to_outcome(None)
    assert not any(stages.obstacles_to_outcome(outcome) for outcome in Outcome)


def test_an_action_has_one_owner_of_the_staff_or_a_partner() -> None:
    assert stages.obstacles_to_action(None, " ")
    assert stages.obstacles_to_action(4, "Parish council")
    assert not stages.obstacles_to_action(4, None)
    assert not stages.obstacles_to_action(None, "Parish council")


def test_a_side_is_described_or_said_not_to_apply_and_never_both() -> None:
    said = {Side.VICTIM: ("Walkers", ""), Side.LOCATION: ("", "No place"), Side.OFFENDER: ("Riders", "Nobody")}

    assert [reason.field for reason in stages.obstacles_to_sides(said)] == ["offender_not"]


def test_the_period_afterwards_does_not_reach_into_the_one_before() -> None:
    last = dt.date(2026, 7, 31)

    assert stages.obstacles_to_after_period(last, last)
    assert not stages.obstacles_to_after_period(last, dt.date(2026, 8, 1))
    assert stages.obstacles_to_period(last, dt.date(2026, 7, 30), "after_last")
    assert not stages.obstacles_to_period(last, last, "after_last")
