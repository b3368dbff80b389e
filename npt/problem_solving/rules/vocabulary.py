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
        return f"{self.inner}, and {self.outer}"

    @property
    def inner(self) -> str:
        """Who or what it happens to, where, or by whom: the inner triangle."""
        return _SIDES[self][0]

    @property
    def outer(self) -> str:
        """Who could look after that side: the outer triangle."""
        return _SIDES[self][1]

    @property
    def who(self) -> str:
        """Which of them that is, in words."""
        return _SIDES[self][2]


_SIDES = {
    Side.VICTIM: ("Victim or target", "guardian", "Who could protect them: a neighbour, a parent, staff, a patrol"),
    Side.LOCATION: ("Location", "manager", "Who runs the place: an owner, a landlord, a council, a shopkeeper"),
    Side.OFFENDER: ("Offender", "handler", "Whom they listen to: a parent, a teacher, a probation officer, a friend"),
}


class Cheers(StrEnum):
    """The six questions of the CHEERS test: all can be answered, or it is no problem for this method (POP Center)."""

    COMMUNITY = "community"
    HARM = "harm"
    EXPECTATION = "expectation"
    EVENTS = "events"
    RECURRING = "recurring"
    SIMILARITY = "similarity"

    @property
    def label(self) -> str:
        return self.value.capitalize()

    @property
    def question(self) -> str:
        return _CHEERS[self]


_CHEERS = {
    Cheers.COMMUNITY: "Who is affected: residents, businesses, visitors?",
    Cheers.HARM: "What harm does it do?",
    Cheers.EXPECTATION: "What do they expect of the police and partners?",
    Cheers.EVENTS: "What kinds of events are these?",
    Cheers.RECURRING: "How often do they happen, and since when?",
    Cheers.SIMILARITY: "What do the events have in common?",
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
