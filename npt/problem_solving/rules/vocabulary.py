"""The words of problem solving."""

from enum import StrEnum


class Stage(StrEnum):
    """Where a plan stands, in order. An objective first is optional."""

    OBJECTIVE = "objective"
    SCANNING = "scanning"
    ANALYSIS = "analysis"
    RESPONSE = "response"
    ASSESSMENT = "assessment"

    @property
    def label(self) -> str:
        return self.value.capitalize()


class ProblemType(StrEnum):
    """What kind of problem a plan is about."""

    ANTI_SOCIAL_BEHAVIOUR = "anti_social_behaviour"
    ROAD_SAFETY = "road_safety"
    BURGLARY = "burglary"
    VEHICLE_CRIME = "vehicle_crime"
    DAMAGE = "damage"
    THEFT = "theft"
    DRUGS = "drugs"
    VIOLENCE = "violence"
    RURAL = "rural"
    ENVIRONMENT = "environment"
    OTHER = "other"

    @property
    def label(self) -> str:
        return _TYPES.get(self, self.value.replace("_", " ").capitalize())


_TYPES = {
    ProblemType.ANTI_SOCIAL_BEHAVIOUR: "Anti-social behaviour",
    ProblemType.DAMAGE: "Criminal damage and arson",
    ProblemType.THEFT: "Theft and shoplifting",
    ProblemType.RURAL: "Rural crime",
    ProblemType.ENVIRONMENT: "Fly-tipping, litter and graffiti",
}


class SourceKind(StrEnum):
    """Where something is known from."""

    CRIME = "crime"
    ASB = "asb"
    INTELLIGENCE = "intelligence"
    SURVEY = "survey"
    RESIDENTS = "residents"
    COUNCILLOR = "councillor"
    PARTNER = "partner"
    PANEL = "panel"
    OFFICERS = "officers"

    @property
    def label(self) -> str:
        return _SOURCES[self]


_SOURCES = {
    SourceKind.CRIME: "Recorded crime",
    SourceKind.ASB: "Calls about anti-social behaviour",
    SourceKind.INTELLIGENCE: "Intelligence",
    SourceKind.SURVEY: "A survey",
    SourceKind.RESIDENTS: "Residents or businesses",
    SourceKind.COUNCILLOR: "A councillor",
    SourceKind.PARTNER: "A partner's data",
    SourceKind.PANEL: "The panel",
    SourceKind.OFFICERS: "What officers saw",
}


class Side(StrEnum):
    """A side of the problem analysis triangle, with whoever could look after it."""

    VICTIM = "victim"
    LOCATION = "location"
    OFFENDER = "offender"

    @property
    def label(self) -> str:
        return _SIDES[self]


_SIDES = {
    Side.VICTIM: "Victim or target, and guardian",
    Side.LOCATION: "Location, and manager",
    Side.OFFENDER: "Offender, and handler",
}


class Outcome(StrEnum):
    """What closing a plan always says (RULES section 5)."""

    RESOLVED = "resolved"
    REDUCED = "reduced"
    NO_CHANGE = "no_change"
    WORSE = "worse"
    NO_LONGER_A_PRIORITY = "no_longer_a_priority"

    @property
    def label(self) -> str:
        return self.value.replace("_", " ").capitalize()


class Better(StrEnum):
    """Which way a measure should go."""

    LOWER = "lower"
    HIGHER = "higher"

    @property
    def label(self) -> str:
        return f"When it is {self.value}"


class Method(StrEnum):
    """What a change is compared with."""

    AREA = "area"
    SURVEY = "survey"
    NONE = "none"

    @property
    def label(self) -> str:
        return _METHODS[self]


_METHODS = {
    Method.AREA: "Counts of this area and of a comparison area",
    Method.SURVEY: "Two surveys, before and after",
    Method.NONE: "Nothing to compare with",
}


class PlanState(StrEnum):
    """Which plans a list shows."""

    OPEN = "open"
    CLOSED = "closed"
    ALL = "all"

    @property
    def label(self) -> str:
        return {"open": "Open", "closed": "Closed", "all": "Open and closed"}[self.value]
