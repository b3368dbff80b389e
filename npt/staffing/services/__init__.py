"""What is done about staffing, by people and by the nightly checks."""

from npt.staffing.services.boundaries import review_boundaries
from npt.staffing.services.flagging import flag_vacancies
from npt.staffing.services.planning import NewPlan, plan_vacancy

__all__ = ["NewPlan", "flag_vacancies", "plan_vacancy", "review_boundaries"]
