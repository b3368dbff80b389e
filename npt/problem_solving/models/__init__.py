"""The tables of problem solving: plans, and what is done about them."""

from npt.problem_solving.models.plans import (
    Plan,
    PlanAction,
    PlanMeasure,
    PlanMove,
    PlanReader,
    PlanSource,
    PlanUpdate,
    PlanWard,
)

__all__ = [
    "Plan",
    "PlanAction",
    "PlanMeasure",
    "PlanMove",
    "PlanReader",
    "PlanSource",
    "PlanUpdate",
    "PlanWard",
]
