"""What kinds of partner organisation there are."""

from enum import StrEnum


class OrganisationKind(StrEnum):
    """What kind of body a partner organisation is."""

    COUNCIL = "council"
    PARISH = "parish"
    HOUSING = "housing"
    FIRE = "fire"
    HEALTH = "health"
    EDUCATION = "education"
    PROBATION = "probation"
    VOLUNTARY = "voluntary"
    BUSINESS = "business"
    OTHER = "other"

    @property
    def label(self) -> str:
        return _ORGANISATION_LABELS[self]


_ORGANISATION_LABELS = {
    OrganisationKind.COUNCIL: "County or district council",
    OrganisationKind.PARISH: "Parish or town council",
    OrganisationKind.HOUSING: "Housing association",
    OrganisationKind.FIRE: "Fire and rescue",
    OrganisationKind.HEALTH: "Health",
    OrganisationKind.EDUCATION: "School or college",
    OrganisationKind.PROBATION: "Probation or youth justice",
    OrganisationKind.VOLUNTARY: "Voluntary or community group",
    OrganisationKind.BUSINESS: "Business",
    OrganisationKind.OTHER: "Other",
}
