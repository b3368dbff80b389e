"""What each role may see of a person, field by field (RULES section 9; docs/decisions/0005)."""

from collections.abc import Mapping
from enum import StrEnum

from npt.core.authority import Role


class Field(StrEnum):
    """A part of a person's record that is shown or not shown as a whole."""

    IDENTITY = "identity"
    """Name, collar number, present team and grade."""
    CONTACT = "contact"
    """Work email; email and telephone of the team."""
    NAMED_FOR = "named_for"
    """The wards whose residents are told to ask for the person; it is published."""
    POSTINGS = "postings"
    """Every posting with its kind, post, team, days and why it ended."""
    TENURE = "tenure"
    """Since when in this team and grade, and until when expected to stay."""
    LEAVING = "leaving"
    """Last day of service and the reason; it explains a forecast vacancy."""
    HOURS = "hours"
    """Contracted weekly hours and the day of joining."""
    SKILLS = "skills"
    """Skills and languages, with level and the day each was verified."""
    CANDIDACY = "candidacy"
    """For which grade and where the person is a candidate, and what came of it."""
    CANDIDACY_NOTE = "candidacy_note"
    """Their interest in their own words, and how their attachments went."""
    ABSTRACTIONS = "abstractions"
    """Hours abstracted this year, by reason."""
    ABSENCES = "absences"
    """From when to when the person was or will be absent this year."""
    ABSENCE_KINDS = "absence_kinds"
    """Why: leave, sickness and the like."""

    @property
    def label(self) -> str:
        return self.value.replace("_", " ").capitalize()


_F = Field
_CANDIDACY = frozenset({_F.CANDIDACY, _F.CANDIDACY_NOTE})

SEEN: Mapping[Role, frozenset[Field]] = {
    Role.PC: frozenset({_F.IDENTITY, _F.CONTACT, _F.NAMED_FOR, _F.ABSENCES}),
    Role.SERGEANT: frozenset(Field) - _CANDIDACY,
    Role.INSPECTOR: frozenset(Field),
    Role.BCU_MANAGER: frozenset(Field),
    Role.RESOURCES_LEAD: _CANDIDACY
    | {_F.IDENTITY, _F.CONTACT, _F.NAMED_FOR, _F.POSTINGS, _F.TENURE, _F.LEAVING, _F.HOURS, _F.SKILLS},
    Role.FORCE_LEAD: frozenset(
        {_F.IDENTITY, _F.CONTACT, _F.NAMED_FOR, _F.POSTINGS, _F.TENURE, _F.LEAVING, _F.CANDIDACY, _F.ABSTRACTIONS}
    ),
    Role.ANALYST: frozenset({_F.IDENTITY, _F.NAMED_FOR, _F.POSTINGS, _F.TENURE, _F.LEAVING, _F.ABSTRACTIONS}),
    Role.AUDITOR: frozenset(Field),
}
"""Of somebody within scope. A role that is not here sees nobody."""

OWN: frozenset[Field] = frozenset(Field)
"""Of oneself, in every role that opens a person's page at all."""


def fields_seen(role: Role, *, own: bool) -> frozenset[Field]:
    """What somebody of a role sees of a person within their scope, or of themselves; nothing: there is no such page."""
    seen = SEEN.get(role, frozenset())
    return OWN if own and seen else seen
