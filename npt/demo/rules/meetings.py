"""Invented seats, attendance and minutes of the demonstration's panels. Organisations are kinds, people are nobody."""

import random
from collections.abc import Mapping, Sequence

from npt.panels.rules.attendance import Presence
from npt.panels.rules.membership import MemberSector

S = MemberSector

MEMBERS: tuple[tuple[str, str, MemberSector], ...] = (
    ("Residents' association", "Committee member", S.RESIDENTS),
    ("Neighbourhood watch", "Street coordinator", S.RESIDENTS),
    ("Parish or town council", "Councillor", S.PARISH),
    ("Primary school", "Head teacher", S.SCHOOLS),
    ("Traders' group", "Shopkeeper", S.BUSINESS),
    ("Youth club", "Leader", S.YOUTH),
    ("Churches and mosque together", "Minister", S.FAITH),
)
"""Seats with a vote: organisation, role, sector."""

DISTRICT, HOUSING, FIRE, COUNTY = (
    "District council, community safety",
    "Housing association",
    "Fire and rescue service",
    "County council, highways",
)
PARTNERS: Mapping[str, tuple[str, MemberSector, tuple[int, int, int]]] = {
    DISTRICT: ("Community safety officer", S.COUNCIL, (8, 1, 1)),
    HOUSING: ("Neighbourhood manager", S.HOUSING, (5, 3, 2)),
    FIRE: ("Community fire officer", S.FIRE, (4, 3, 3)),
    COUNTY: ("Road safety officer", S.COUNCIL, (3, 2, 5)),
}
"""Partners expected at every meeting: role, sector, and how often of ten they come, send apologies, stay away."""

AUTHORITY: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("Councillor A. Whitfield (invented)", ("DOGS", "PASTON", "WALTON")),
    ("Councillor B. Okonjo (invented)", ("RURN", "RURE")),
    ("Mrs C. Lindqvist (invented)", ("WERR", "BRET", "PCEN", "SOHV")),
    ("Mr D. Farrow (invented)", ("PSEA",)),
    ("Councillor E. Marlowe (invented)", ("HUNT", "STIV", "STNE")),
    ("Mrs F. Adeyemi (invented)", ("RAMS", "YAXS")),
    ("Councillor G. Pryce (invented)", ("MARC", "WHIT", "WISB")),
    ("Councillor H. Sandhu (invented)", ("CAMC", "CAME", "CAMN")),
    ("Mr I. Castell (invented)", ("CAMS", "HIST")),
    ("Councillor J. Byfield (invented)", ("BURV", "ELYL")),
    ("Mrs K. Tremlett (invented)", ("BARH", "CAMB", "SAWS")),
)
"""Members of the police authority and their panels: one has too many, one too few, and three panels have none."""

RECORDED = 12
"""So many of the last meetings of a panel have their attendance recorded: enough for a trend."""

FORUMS: Mapping[str, tuple[int, ...]] = {"Northern": (430, 250, 120), "Central": (500, 130)}
"""How many days ago the chairs of a BCU met: twice in the last year in one, once in the other. In the third never."""

SAID: Mapping[str, str] = {
    "Apologies": "Apologies were read.",
    "Police report": "Crime and anti-social behaviour of the quarter were shown beside the same months last year.",
    "What residents are concerned about": "Lighting on the footpath, and parking on market days, were raised.",
    "How to meet your team": "The surgery at the library was well used. The next is on a Saturday.",
    "Any other business": "None.",
}
"""What the minutes say under items that begin like this."""

REPORTED = "The sergeant said what had been done since the last meeting. Questions were answered."
ACTION = ("Lighting on the footpath", "The district council is asked to mend the three lamps by the bridge.")
NOTES = "How to bring more young people to meetings; a common form for questions from the floor."


def presences(panel: str, meeting: int, organisations: Sequence[str]) -> dict[str, Presence]:
    """Who of the partners came to the n-th of a panel's last meetings; always the same for one panel and number."""
    draw = random.Random(f"{panel}{meeting}")  # noqa: S311 - invented, not secrets
    return {name: draw.choices(list(Presence), PARTNERS[name][2])[0] for name in organisations if name in PARTNERS}


def said_under(title: str) -> str | None:
    """What the minutes say under an item of the agenda."""
    return next((text for start, text in SAID.items() if title.startswith(start)), None)
