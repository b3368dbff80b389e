"""Read who is posted where, what is vacant, and who supervises whom, on any day."""

from npt.staffing.queries.people import FoundPerson, PersonPage, PostingRow, people_found, person_page, person_year
from npt.staffing.queries.staffing import (
    Holder,
    PostRow,
    SpanRow,
    forecast_on,
    post_rows,
    span_rows,
    staffing_on,
    supervision_on,
    vacancies_on,
)
from npt.staffing.queries.units import Member, Structure, UnitLine, WardPage, WardRow, structure_on, ward
from npt.staffing.queries.vacancies import (
    ExpectedVacancy,
    VacancyPage,
    Vacant,
    VacantPost,
    Where,
    post_to_plan,
    vacancy_page,
)

__all__ = [
    "ExpectedVacancy",
    "FoundPerson",
    "Holder",
    "Member",
    "PersonPage",
    "PostRow",
    "PostingRow",
    "SpanRow",
    "Structure",
    "UnitLine",
    "VacancyPage",
    "Vacant",
    "VacantPost",
    "WardPage",
    "WardRow",
    "Where",
    "forecast_on",
    "people_found",
    "person_page",
    "person_year",
    "post_rows",
    "post_to_plan",
    "span_rows",
    "staffing_on",
    "structure_on",
    "supervision_on",
    "vacancies_on",
    "vacancy_page",
    "ward",
]
