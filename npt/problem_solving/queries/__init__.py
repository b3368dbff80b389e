"""Read plans: a list of them, one whole, and what is needed to change one."""

from npt.problem_solving.queries.library import (
    Found,
    Search,
    Worked,
    library_choices,
    search_plans,
    similar_plans,
    what_worked,
)
from npt.problem_solving.queries.lists import Narrowing, PlanLine, how_many, listed
from npt.problem_solving.queries.one import (
    ActionLine,
    MeasureRow,
    MoveLine,
    PlanPage,
    UpdateLine,
    people_of,
    plan_page,
    reader_ids,
    sergeants_of,
    ward_ids,
    wards_of,
)
from npt.problem_solving.queries.seeing import lock_plan, plan_to_change, readable, visible
from npt.problem_solving.queries.sharing import PracticeLine, ReuseLine, ScoreLine, Sharing, plan_to_read, sharing_of
from npt.problem_solving.queries.summaries import PlanSummary, SummaryAction, SummaryUpdate, free_plans, plan_summaries

__all__ = [
    "ActionLine",
    "Found",
    "MeasureRow",
    "MoveLine",
    "Narrowing",
    "PlanLine",
    "PlanPage",
    "PlanSummary",
    "PracticeLine",
    "ReuseLine",
    "ScoreLine",
    "Search",
    "Sharing",
    "SummaryAction",
    "SummaryUpdate",
    "UpdateLine",
    "Worked",
    "free_plans",
    "how_many",
    "library_choices",
    "listed",
    "lock_plan",
    "people_of",
    "plan_page",
    "plan_summaries",
    "plan_to_change",
    "plan_to_read",
    "readable",
    "reader_ids",
    "search_plans",
    "sergeants_of",
    "sharing_of",
    "similar_plans",
    "visible",
    "ward_ids",
    "wards_of",
    "what_worked",
]
