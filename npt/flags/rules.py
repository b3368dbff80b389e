from enum import StrEnum


class FlagKind(StrEnum):
    VACANCY = "vacancy"
    FORECAST_VACANCY = "forecast_vacancy"
    SERGEANT_OVER_TWO_TEAMS = "sergeant_over_two_teams"
    SPAN_OVER_LINE = "span_over_line"
    TEAM_WITHOUT_SUPERVISOR = "team_without_supervisor"
    OVER_ABSTRACTION = "over_abstraction"
    PROJECTED_OVER_ABSTRACTION = "projected_over_abstraction"
    PERSON_OVER_ABSTRACTION = "person_over_abstraction"
    NO_TARGET = "no_target"
