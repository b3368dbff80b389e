"""Read plans: a list of them, one whole, and what is needed to change one."""

from npt.problem_solving.queries.library import (
    Found,
    Search,
    Worked,
    found_rows,
    library_choices,
    of_all_types,
    plans_found,
    plans_near,
    similar_plans,
    what_worked,
)
from npt.problem_solving.queries.lists import Narrowing, PlanLine, how_many, listed
from npt.problem_solving.queries.one import ActionLine, MeasureRow, MoveLine, PlanPage, UpdateLine, plan_page
from npt.problem_solving.queries.seeing import lock_plan, plan_to_change, readable, visible
from npt.problem_solving.queries.sharing import (
    PracticeLine,
    ReuseLine,
    ScoreLine,
    Sharing,
    plan_to_read,
    scores_of,
    sharing_of,
)
from npt.problem_solving.queries.summaries import PlanSummary, SummaryAction, SummaryUpdate, free_plans, plan_summaries
from npt.problem_solving.queries.who import people_of, reader_ids, sergeants_of, ward_codes, ward_ids, wards_of

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
    "found_rows",
    "free_plans",
    "how_many",
    "library_choices",
    "listed",
    "lock_plan",
    "of_all_types",
    "people_of",
    "plan_page",
    "plan_summaries",
    "plan_to_change",
    "plan_to_read",
    "plans_found",
    "plans_near",
    "readable",
    "reader_ids",
    "scores_of",
    "sergeants_of",
    "sharing_of",
    "similar_plans",
    "visible",
    "ward_codes",
    "ward_ids",
    "wards_of",
    "what_worked",
]
