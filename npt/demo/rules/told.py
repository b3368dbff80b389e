"""Invented words about the demonstration's priorities: what response officers are told, and what residents are."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Told:
    """What a briefing says of a priority of this title: where, what to do, written so many days ago.

    ``places``: one for each of the panels that ask for it, in turn. ``who_to_call``: nothing for the lead team's own
    name and telephone.
    """

    title: str
    places: tuple[str, ...]
    what_to_do: str
    days_ago: int
    who_to_call: str | None = None


_SOHAM = "Soham team, 101 extension 4410"

NOTES = (
    Told(
        "Speeding on Fordham Road",
        ("Fordham Road past the school, 7:45am to 9am and after 10pm",),
        "Be seen. Stop what is well over 40 mph; pass numbers to the team.",
        3,
        _SOHAM,
    ),
    Told(
        "Off-road motorcycles on the droves",
        ("Droves between the lode and the railway, weekends",),
        "Do not pursue. Note plates and where they load up; call the team's drone if it is on duty.",
        9,
        _SOHAM,
    ),
    Told(
        "Young people with nowhere to go at the recreation ground",
        ("Recreation ground, 6pm to 10pm",),
        "Walk through and talk. The youth worker is there on Fridays.",
        41,
        _SOHAM,
    ),
    Told(
        "Speeding outside the primary school",
        (
            "School gates, drop-off and collection",
            "Church Lane by the crossing, 8:15am to 9am",
            "Hill past the school, collection and Saturday football",
            "New estate road, 8am to 9am",
        ),
        "Park in sight for ten minutes if you pass.",
        6,
    ),
    Told(
        "Drinking and shouting by the war memorial",
        (
            "War memorial, Friday and Saturday, 9pm to 1am",
            "Memorial gardens and the bus shelter, from 10pm",
            "Market cross, pay day weekends",
            "Green and war memorial, warm evenings",
        ),
        "Use the dispersal authority when it is in force; the control room has its times.",
        12,
    ),
    Told(
        "Drug dealing behind the shops",
        (
            "Service road behind the shops, daylight",
            "Car park behind the parade, 3pm to 6pm",
            "Garages off the precinct, lunchtimes",
            "Passage beside the takeaway, after dark",
        ),
        "Do not stop and search alone. Report vehicles to the team the same day.",
        2,
    ),
    Told(
        "Sheds and garages broken into",
        ("The newer estates, 1am to 5am", "Allotments and back lanes, nights", "Garage blocks, weeknights"),
        "Drive through on nights; stop vans with tools.",
        33,
    ),
)
"""One is older than a note stands, so that a page has something to refresh."""


OFFICERS: dict[str, tuple[tuple[str, bool], ...]] = {
    "CEN": (("Invented Officer Larkin", True), ("Invented Officer Mensah", False), ("Invented Officer Quayle", False)),
    "NOR": (
        ("Invented Officer Abbot", True),
        ("Invented Officer Dhillon", True),
        ("Invented Officer Frost", True),
        ("Invented Officer Ogden", False),
    ),
    "SOU": (
        ("Invented Officer Beckett", True),
        ("Invented Officer Iqbal", True),
        ("Invented Officer Stroud", False),
        ("Invented Officer Tavener", False),
    ),
}
"""Response officers of each BCU beside the one who signs in, and whether they have read its briefing."""


DONE = {
    "Speeding on Fordham Road": (
        "Speed checks on eight mornings and a sign that shows drivers their speed. Residents counted the cars.",
        "Two in three drivers now keep to the limit past the school; in spring it was one in two.",
    ),
    "Off-road motorcycles on the droves": (
        "Gates on two droves with the landowners, and patrols with the drainage board at weekends.",
        None,
    ),
    "Speeding outside the primary school": ("Checks at drop-off, and letters home through the school.", None),
    "Drug dealing behind the shops": (
        "Patrols in daylight, better lighting with the council, and a warrant.",
        "Traders say they have seen nobody waiting there for three weeks.",
    ),
    "Drinking and shouting by the war memorial": ("Officers there on Friday and Saturday nights.", None),
}
"""What residents are told was done, and what came of it, by title."""

PROFILED = "SOHV"
ACTIVITY = (
    "Four street surgeries, a visit to the village college and a stall at the market. "
    "Sixty-two people talked to us; eleven wrote."
)
RESIDENTS = "Speeding comes first, then motorcycles on the droves. Nine people asked about hare coursing on the fen."
COURSING = (
    "Hare coursing on the fen",
    "Groups in four-wheel drives on stubble, at first light.",
    "Nine residents raised it, and farmers lost two gates in October.",
)
