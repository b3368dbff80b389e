"""What is done about policy: give a new force its first, and set, change, end and withdraw every figure of it."""

from npt.policy.services.bars import NewBar, set_bar, withdraw_bar
from npt.policy.services.dated import Done, Rehearsed, rehearse
from npt.policy.services.figures import NewFigure, change_figure, end_figure, withdraw_figure
from npt.policy.services.first import FirstPolicy, fill_empty_tables
from npt.policy.services.reasons import NewReason, change_reason, end_reason, open_reason, withdraw_reason
from npt.policy.services.targets import NewTarget, end_target, set_target, withdraw_target

__all__ = [
    "Done",
    "FirstPolicy",
    "NewBar",
    "NewFigure",
    "NewReason",
    "NewTarget",
    "Rehearsed",
    "change_figure",
    "change_reason",
    "end_figure",
    "end_reason",
    "end_target",
    "fill_empty_tables",
    "open_reason",
    "rehearse",
    "set_bar",
    "set_target",
    "withdraw_bar",
    "withdraw_figure",
    "withdraw_reason",
    "withdraw_target",
]
