"""Invented leavers, candidates and an attachment, so that the page of succession has something to plan for."""

from dataclasses import dataclass

from npt.people.rules import Grade
from npt.staffing.rules.candidates import Outcome
from npt.staffing.rules.moves import EndReason


@dataclass(frozen=True, slots=True)
class Leaver:
    """Whoever holds a post when the demonstration begins leaves it so many days later.

    The first three are forecast, and each of their days lies past the duties that are invented.
    """

    post: str
    days: int
    reason: EndReason


LEAVERS = (
    Leaver("MAR-PC-2", 50, EndReason.TRANSFER),
    Leaver("HIS-PCSO-3", 64, EndReason.JOINED_REGULARS),
    Leaver("CNO-SERGEANT-1", 85, EndReason.RETIREMENT),
    Leaver("PSW-PC-2", 120, EndReason.TRANSFER),
    Leaver("CEA-PC-3", 150, EndReason.RETIREMENT),
    Leaver("CSO-PCSO-3", 180, EndReason.RETIREMENT),
    Leaver("PBR-SERGEANT-1", 210, EndReason.RETIREMENT),
    Leaver("SAW-PCSO-1", 240, EndReason.JOINED_REGULARS),
    Leaver("YAX-SERGEANT-1", 270, EndReason.RETIREMENT),
    Leaver("BUR-PC-4", 300, EndReason.TRANSFER),
    Leaver("FEN-INSPECTOR-1", 330, EndReason.RETIREMENT),
)


@dataclass(frozen=True, slots=True)
class Response:
    """A constable of response, known to the force and in no neighbourhood post."""

    collar_number: str
    forename: str
    surname: str

    @property
    def row(self) -> dict[str, str]:
        return {
            "collar_number": self.collar_number,
            "forename": self.forename,
            "surname": self.surname,
            "grade": Grade.PC.value,
            "email": f"{self.forename}.{self.surname}.{self.collar_number}@demo.example".lower(),
        }


RESPONSE = (
    Response("4610", "Priya", "Moss"),
    Response("4622", "Callum", "Threlfall"),
    Response("4635", "Joanna", "Wiśniewska"),
    Response("4648", "Darren", "Pike"),
)


@dataclass(frozen=True, slots=True)
class Wish:
    """A candidate: by collar number, or as the holder of a post; where they would go, and in how many days."""

    who: str
    grade: Grade
    note: str
    bcu: str | None = None
    team: str | None = None
    days: int | None = None
    outcome: Outcome | None = None


WISHES = (
    Wish("4610", Grade.PC, "Invented. Knows the villages, ran the school visits from response.", "SOU", "BUR"),
    Wish("4622", Grade.PC, "Invented. Wants to stay near Peterborough; problem-solving course done.", "NOR", days=60),
    Wish("4635", Grade.PC, "Invented. Speaks Polish and Lithuanian. Would go anywhere."),
    Wish("4648", Grade.PC, "Invented. Asked after the summer.", "CEN", outcome=Outcome.WITHDRAWN),
    Wish("BUR-PC-3", Grade.SERGEANT, "Invented. Passed the sergeants' examination; has acted twice.", days=30),
    Wish("SAW-PCSO-1", Grade.PC, "Invented. Joins the regulars and would come back as a PC.", "SOU", days=240),
)

ATTACHMENT = {"collar_number": "4610", "post": "CEA-PC-3", "kind": "attachment", "end_reason": "End of attachment"}
"""Over by the day the demonstration begins, so that no figure of today has it."""
ATTACHED_FROM_TO = (120, 61)
"""So many days before the demonstration begins."""
WORD = "Invented. Took up three long-running complaints and closed two. Residents ask after her."
