"""Whatever is tried with a plan, in whatever order: no stage is skipped, and nothing closes without an outcome."""

import itertools
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from sqlalchemy import select

from npt.audit.models import AuditEntry
from npt.core.authority import Role
from npt.core.db import session, transaction
from npt.core.errors import Refused
from npt.problem_solving import queries, services
from npt.problem_solving.models import Plan, PlanMeasure, PlanMove
from npt.problem_solving.queries import Search
from npt.problem_solving.rules import stages
from npt.problem_solving.rules.impact import COUNTS, Least, Verdict
from npt.problem_solving.rules.sharing import PracticeState
from npt.problem_solving.rules.vocabulary import Better, Method, Outcome, ProblemType, Stage
from npt.problem_solving.services import NewImpact, NewPlan
from tests import make
from tests.conftest import NOW, TODAY, Backend
from tests.problem_solving import make as plans
from tests.problem_solving.make import acting

EXAMPLES = {"sqlite": 25, "postgresql": 6}
ORDER = list(Stage)
LEAST = st.builds(Least, st.sampled_from([0, 10, 60]), st.sampled_from([0, 30]))
WORDS = itertools.count()


class AnyPlan(RuleBasedStateMachine):
    """A plan in the database, and people who press every button there is, also those that are not offered."""

    def __init__(self) -> None:
        super().__init__()
        team = make.team()
        self.pc, self.sergeant = acting(Role.PC, team), acting(Role.SERGEANT, team, user_id=901)
        self.closer = acting(Role.INSPECTOR, team, user_id=902)
        self.lead = acting(Role.FORCE_LEAD, force=True, user_id=950)
        problem = f"Bikes {next(WORDS)}"
        with transaction():
            new = NewPlan(team.code, problem, "Often", ProblemType.OTHER)
            self.ref = services.open_plan(new, actor=self.pc, at=NOW, on=TODAY)
        self.left: list[tuple[Stage, list[stages.Missing]]] = []

    def _try(self, service: Any, *given: Any, **known: Any) -> bool:
        try:
            with transaction():
                service(self.ref, *given, at=NOW, **known)
        except Refused:
            return False
        finally:
            session.expire_all()
        return True

    def _facts(self) -> stages.Facts:
        return queries.plan_page(self.ref, self.sergeant, TODAY).facts

    @rule(stage=st.sampled_from(ORDER[1:]))
    def fill(self, stage: Stage) -> None:
        try:
            with transaction():
                plans.fill(self.ref, stage, self.pc)
        except Refused:
            session.expire_all()

    @rule()
    def move_on(self) -> None:
        before = self._facts()
        moved = self._try(services.move_on, actor=self.sergeant)
        lacking = stages.missing(before)
        assert moved == (not lacking and not before.closed and before.stage is not Stage.ASSESSMENT)
        if moved:
            self.left.append((before.stage, lacking))

    @rule(to=st.sampled_from(Stage), reason=st.sampled_from(["", "The cause was another"]))
    def go_back(self, to: Stage, reason: str) -> None:
        before = self._facts()
        moved = self._try(services.move_back, to, reason, actor=self.sergeant)
        assert not moved or (reason and ORDER.index(to) < ORDER.index(before.stage))

    @rule(outcome=st.none() | st.sampled_from(Outcome), who=st.sampled_from(["pc", "sergeant", "closer"]))
    def close(self, outcome: Outcome | None, who: str) -> None:
        before = self._facts()
        closed = self._try(services.close_plan, outcome, actor=getattr(self, who), **plans.CLOSING)
        if closed:
            assert outcome is not None
            assert who != "pc"
            assert before.stage is Stage.ASSESSMENT
            assert not stages.missing(before)

    @rule(method=st.sampled_from(Method), counts=st.lists(st.integers(0, 90), min_size=12, max_size=12), least=LEAST)
    def compare(self, method: Method, counts: list[int], least: Least) -> None:
        before = self._facts()
        new = NewImpact(method, "Burwell", **dict(zip(COUNTS, counts, strict=True)))
        compared = self._try(services.compare, new, actor=self.pc, least=least)
        assert not compared or (before.stage is Stage.ASSESSMENT and not before.closed)

    @rule(better=st.sampled_from(Better))
    def choose_the_measure(self, better: Better) -> None:
        before = self._facts()
        chosen = self._try(services.choose_measure, replace(plans.MEASURE, better=better), actor=self.pc, on=TODAY)
        assert chosen == (before.stage is Stage.SCANNING and not before.closed)

    @rule()
    def propose(self) -> None:
        before = self._facts()
        proposed = self._try(services.propose_practice, "Close the gate", actor=self.sergeant)
        assert not proposed or (before.stage is Stage.ASSESSMENT and before.after and before.result)

    @rule(to=st.sampled_from(PracticeState), reason=st.sampled_from(["", "Chance"]))
    def decide(self, to: PracticeState, reason: str) -> None:
        plan = queries.plan_page(self.ref, self.lead, TODAY)
        practice = queries.sharing_of(plan.id, self.lead).practice
        if practice is None or to is PracticeState.PROPOSED:
            return
        waiting = PracticeState.APPROVED if to is PracticeState.WITHDRAWN else PracticeState.PROPOSED
        decided = self._try(services.decide_practice, to, reason, actor=self.lead)
        assert decided == (practice.state is waiting and (to is PracticeState.APPROVED or bool(reason)))

    @invariant()
    def no_stage_is_skipped_or_left_with_something_missing(self) -> None:
        steps = session.execute(
            select(PlanMove.from_stage, PlanMove.to_stage)
            .join(Plan, Plan.id == PlanMove.plan_id)
            .where(Plan.ref == self.ref)
            .order_by(PlanMove.id)
        ).all()
        at = Stage.SCANNING
        for before, after in steps:
            assert before is at
            assert ORDER.index(after) - ORDER.index(before) <= 1
            at = after
        assert self._facts().stage is at
        assert not any(lacking for _, lacking in self.left)

    @invariant()
    def what_is_closed_has_an_outcome_and_stays_as_it_is(self) -> None:
        plan = session.scalars(select(Plan).where(Plan.ref == self.ref)).one()
        assert (plan.closed_at is None) == (plan.outcome is None)
        assert plan.closed_at is None or plan.stage is Stage.ASSESSMENT
        events = session.scalars(select(AuditEntry.event).where(AuditEntry.subject == f"plan:{self.ref}")).all()
        assert events.count("plan.closed") == (plan.closed_at is not None)

    @invariant()
    def the_verdict_that_is_kept_is_what_the_rule_makes_of_the_counts_and_it_is_found_by_it(self) -> None:
        plan = queries.plan_page(self.ref, self.sergeant, TODAY)
        asked = select(PlanMeasure.verdict, PlanMeasure.after_value).where(PlanMeasure.plan_id == plan.id)
        kept, after = session.execute(asked).one_or_none() or (None, None)
        said = plan.closed_at is not None or after is not None or kept is not None
        assert (kept or Verdict.NO_COMPARISON) is plan.impact.verdict
        for verdict in Verdict:
            found = plan.id in queries.plans_found(self.sergeant, Search(verdict=verdict))
            assert found == (said and verdict is plan.impact.verdict)

    @invariant()
    def it_is_found_by_what_it_says(self) -> None:
        plan = queries.plan_page(self.ref, self.sergeant, TODAY)
        found = queries.plans_found(self.sergeant, Search(f'"{plan.problem}"'))
        assert found == [plan.id]


@pytest.mark.usefixtures("session")
def test_no_stage_is_skipped_and_nothing_closes_without_an_outcome_whatever_is_tried(backend: Backend) -> None:
    run_state_machine_as_test(
        AnyPlan,
        settings=settings(
            max_examples=EXAMPLES[backend.name],
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
