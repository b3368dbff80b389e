"""The tables of problem solving: plans, and what is done about them."""

from npt.problem_solving.models.counting import PlanCount, PlanCountWard
from npt.problem_solving.models.partners import GroupMeeting, GroupMember, PartnerGroup
from npt.problem_solving.models.plans import (
    Plan,
    PlanAction,
    PlanActionChange,
    PlanMeasure,
    PlanMove,
    PlanReader,
    PlanSource,
    PlanUpdate,
    PlanWard,
)
from npt.problem_solving.models.priorities import PartnershipPriority, PlanTag
from npt.problem_solving.models.sharing import GoodPractice, PlanReuse, PlanScore

__all__ = [
    "GoodPractice",
    "GroupMeeting",
    "GroupMember",
    "PartnerGroup",
    "PartnershipPriority",
    "Plan",
    "PlanAction",
    "PlanActionChange",
    "PlanCount",
    "PlanCountWard",
    "PlanMeasure",
    "PlanMove",
    "PlanReader",
    "PlanReuse",
    "PlanScore",
    "PlanSource",
    "PlanTag",
    "PlanUpdate",
    "PlanWard",
]
