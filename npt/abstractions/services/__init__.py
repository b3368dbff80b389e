"""What is done about duties, absences and abstractions, by people, by imports and by the nightly jobs."""

from npt.abstractions.services.absences import NewAbsence, cancel_absence, end_absence, enter_absence
from npt.abstractions.services.duties import ChangeOfDuty, Kept, NewDuty, add_duty, cancel_duty, correct_duty
from npt.abstractions.services.flagging import Lines, flag_breaches
from npt.abstractions.services.generating import Generated, generate_duties
from npt.abstractions.services.giving_way import let_generated_give_way
from npt.abstractions.services.logging import (
    NOT_YOURS,
    NewAbstraction,
    Words,
    cancel_abstraction,
    end_abstraction,
    record_abstraction,
)

__all__ = [
    "NOT_YOURS",
    "ChangeOfDuty",
    "Generated",
    "Kept",
    "Lines",
    "NewAbsence",
    "NewAbstraction",
    "NewDuty",
    "Words",
    "add_duty",
    "cancel_absence",
    "cancel_abstraction",
    "cancel_duty",
    "correct_duty",
    "end_absence",
    "end_abstraction",
    "enter_absence",
    "flag_breaches",
    "generate_duties",
    "let_generated_give_way",
    "record_abstraction",
]
