"""Work on a plan: open it, fill its stages, move it on or back, measure it, close it."""

from npt.problem_solving.services.flagging import flag_plans
from npt.problem_solving.services.keeping import (
    NewMarking,
    NewPlan,
    NewProblem,
    NewSource,
    add_source,
    change_problem,
    mark,
    open_plan,
    set_objective,
)
from npt.problem_solving.services.moving import close_plan, move_back, move_on
from npt.problem_solving.services.working import (
    NewAction,
    NewAnalysis,
    NewAssessment,
    NewImpact,
    NewMeasure,
    add_action,
    add_review,
    add_update,
    assess,
    choose_measure,
    compare,
    finish_action,
    write_analysis,
)

__all__ = [
    "NewAction",
    "NewAnalysis",
    "NewAssessment",
    "NewImpact",
    "NewMarking",
    "NewMeasure",
    "NewPlan",
    "NewProblem",
    "NewSource",
    "add_action",
    "add_review",
    "add_source",
    "add_update",
    "assess",
    "change_problem",
    "choose_measure",
    "close_plan",
    "compare",
    "finish_action",
    "flag_plans",
    "mark",
    "move_back",
    "move_on",
    "open_plan",
    "set_objective",
    "write_analysis",
]
