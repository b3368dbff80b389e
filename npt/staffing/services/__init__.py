"""What is done about staffing, by people and by the nightly checks."""

from npt.staffing.services.flagging import flag_vacancies

__all__ = ["flag_vacancies"]
