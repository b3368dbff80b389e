"""What is done about duties, absences and abstractions, by people, by imports and by the nightly jobs."""

from npt.abstractions.services.absences import NewAbsence, cancel_absence, end_absence, enter_absence
from npt.abstractions.services.authorising import Decided, authorise, decline, obstacles_for, to_decide_count
from npt.abstractions.services.barring import Warned, bars_against
from npt.abstractions.services.changing import (
    Changed,
    ChangeOfAbstraction,
    Overtaken,
    cancel_abstraction,
    change_abstraction,
    end_abstraction,
    rehearse_change,
)
from npt.abstractions.services.confirmed import (
    Written,
    closed_by_returns,
    count_imported,
    obstacles_from_returns,
    touch_of,
    touch_of_duty,
)
from npt.abstractions.services.dip_samples import NewFinding, NewSample, close_sample, draw_sample, record_finding
from npt.abstractions.services.dividing import Division, divide_abstraction, rehearse_division
from npt.abstractions.services.duties import ChangeOfDuty, Kept, NewDuty, add_duty, cancel_duty, correct_duty
from npt.abstractions.services.flagging import Lines, flag_breaches
from npt.abstractions.services.generating import Generated, generate_duties
from npt.abstractions.services.giving_way import let_generated_give_way
from npt.abstractions.services.judging import Foreseen, Terms, foresee_entry
from npt.abstractions.services.logging import (
    NOT_YOURS,
    Logged,
    NewAbstraction,
    NewAbstractions,
    record_abstraction,
    record_abstractions,
    rehearse,
)
from npt.abstractions.services.returns import confirm_month, flag_missing, reopen_month, subject_of
from npt.abstractions.services.summing import AddedUp, add_up_months

__all__ = [
    "NOT_YOURS",
    "AddedUp",
    "ChangeOfAbstraction",
    "ChangeOfDuty",
    "Changed",
    "Decided",
    "Division",
    "Foreseen",
    "Generated",
    "Kept",
    "Lines",
    "Logged",
    "NewAbsence",
    "NewAbstraction",
    "NewAbstractions",
    "NewDuty",
    "NewFinding",
    "NewSample",
    "Overtaken",
    "Terms",
    "Warned",
    "Written",
    "add_duty",
    "add_up_months",
    "authorise",
    "bars_against",
    "cancel_absence",
    "cancel_abstraction",
    "cancel_duty",
    "change_abstraction",
    "close_sample",
    "closed_by_returns",
    "confirm_month",
    "correct_duty",
    "count_imported",
    "decline",
    "divide_abstraction",
    "draw_sample",
    "end_absence",
    "end_abstraction",
    "enter_absence",
    "flag_breaches",
    "flag_missing",
    "foresee_entry",
    "generate_duties",
    "let_generated_give_way",
    "obstacles_for",
    "obstacles_from_returns",
    "record_abstraction",
    "record_abstractions",
    "record_finding",
    "rehearse",
    "rehearse_change",
    "rehearse_division",
    "reopen_month",
    "subject_of",
    "to_decide_count",
    "touch_of",
    "touch_of_duty",
]
