"""Read who is posted where, what is vacant, and who supervises whom, on any day."""

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

__all__ = [
    "Holder",
    "PostRow",
    "SpanRow",
    "forecast_on",
    "post_rows",
    "span_rows",
    "staffing_on",
    "supervision_on",
    "vacancies_on",
]
