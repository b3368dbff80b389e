"""Read the reports: abstraction of any range, supervision of any day, and the BCU's month."""

from npt.reports.queries.priorities import bcu_priorities
from npt.reports.queries.ranges import abstraction_report, supervision_report
from npt.reports.queries.resources import BcuMonth, bcu_month, resources_report

__all__ = ["BcuMonth", "abstraction_report", "bcu_month", "bcu_priorities", "resources_report", "supervision_report"]
