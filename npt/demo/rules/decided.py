"""Invented plans that answer the demonstration's priorities, and what its panels decided about them."""

from dataclasses import dataclass

from npt.demo.rules.plans import Demo, Step
from npt.panels.rules.minutes import DecisionKind
from npt.problem_solving.rules.vocabulary import Method, ProblemType, SourceKind

READY = "Off-road motorcycles on the droves"
"""Waits for the demonstration's chair with everything there."""
NOT_READY = frozenset({"Speeding on Fordham Road", "Drug dealing behind the shops"})
"""Put forward too soon: something is missing of each."""

DECISIONS = ("closed", "signed", "refused", "deferred", "reopened", "withdrawn")
"""What became of one priority of each of as many panels, in order of their codes."""

SIGNED_DAYS = 25
"""So many days ago the panels signed: longer than a plan may stay open after that."""
REVIEWED_DAYS = 20

CLOSED_BECAUSE = "The road is closed for a year, and nobody can speed there"
REFUSED_BECAUSE = "Two residents said it is as bad as ever after eleven at night. Go on until the new year."
REOPENED_BECAUSE = "It came back with the dark evenings"
DEFERRED_BECAUSE = "The parish council is to be asked first"


_AGREED = (DecisionKind.CONSENT, "The panel agreed that it is answered: 9 for, 1 against, 2 abstained.")
MINUTED: dict[str, tuple[DecisionKind, str]] = {
    "closed": _AGREED,
    "signed": _AGREED,
    "reopened": _AGREED,
    "refused": (DecisionKind.REFUSE, REFUSED_BECAUSE),
    "deferred": (DecisionKind.DEFER, DEFERRED_BECAUSE),
    "withdrawn": (DecisionKind.WITHDRAW, CLOSED_BECAUSE),
    "ready": (DecisionKind.CONSENT, "The panel agreed to sign-off once the last survey is in. Nobody was against."),
}
"""What the minutes say the panel decided, and its words, by what becomes of the priority."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What the community says, and where it was heard."""

    source: str
    view: str


HEARD = Heard("Street survey, 31 households", "Most say it is better than in spring. Some want patrols to go on.")

_KINDS = {
    "Speeding": ProblemType.ROAD_SAFETY,
    "Off-road": ProblemType.ANTI_SOCIAL_BEHAVIOUR,
    "Drinking": ProblemType.ANTI_SOCIAL_BEHAVIOUR,
    "Drug": ProblemType.DRUGS,
    "Sheds": ProblemType.BURGLARY,
}


def plan_for(title: str, team: str, *, whole: bool) -> Demo:
    """A plan that answers a priority of this title: worked through to what came of it, or only begun.

    :param whole: worked through
    """
    kind = next((kind for words, kind in _KINDS.items() if title.startswith(words)), ProblemType.OTHER)
    sources = (
        (SourceKind.PANEL, "Raised at the panel and adopted"),
        (SourceKind.ASB, "Calls of the three months before"),
    )
    measure = ("Calls about it", "Command and control", 40)
    if not whole:
        sides = ("Residents nearby.", "One place, in sight of houses.", "Known to the team, in part.")
        return Demo(team, REVIEWED_DAYS, title, "As residents told the panel.", kind, sources, measure, 20, sides)
    return Demo(
        team,
        240,
        title,
        "As residents told the panel. Three evenings in a week, since spring.",
        kind,
        sources,
        measure,
        20,
        ("Residents nearby and people who walk there.", "Two ways in that nobody looks after.", "A few, known."),
        (
            Step("Close the two ways in", "County council", -80, True),
            Step("Patrol on the evenings with most calls", None, -60, True),
            Step("Visit those who are known, with their parents", None, -50, True),
        ),
        ("The county council closed both ways in.", "Calls are falling. Residents have been told."),
        14,
        (
            "Most say it is better than in spring.",
            "Calls fell from 40 to 14",
            "It could not be reached any more; the patrols came second.",
        ),
        Method.AREA,
        "The parish next to it",
        {"treated_before": 40, "treated_after": 14, "comparison_before": 38, "comparison_after": 36},
    )
