"""The demonstration's panels and who chairs them: which district has which kind of chair, and how many panels Northern
has, are the source report's; every name and person is invented (npt/demo/SOURCES.md).
"""

import datetime as dt
import random
from collections.abc import Iterable, Mapping

from tools.demo_force import places
from tools.demo_force.names import pairs

Row = Mapping[str, object]

PANELS = (
    ("DOGS", "Dogsthorpe", ("PDO",), 8),
    ("PASTON", "Paston", ("PPW",), 9),
    ("WALTON", "Walton", ("PPW",), 9),
    ("RURN", "Peterborough Rural North", ("PRU",), 10),
    ("RURE", "Eye and Thorney", ("PRU", "PDO"), 10),
    ("WERR", "Werrington", ("PWE",), None),
    ("BRET", "Bretton and Ravensthorpe", ("PBR",), 8),
    ("PCEN", "Peterborough Central", ("PCE",), 8),
    ("PSEA", "Fletton and Stanground", ("PSE",), None),
    ("ORTN", "The Ortons and Hampton", ("PSW",), 9),
    ("HUNT", "Huntingdon and Brampton", ("HUN", "GOD"), 10),
    ("RAMS", "Ramsey and Warboys", ("RAM",), None),
    ("YAXS", "Yaxley and Sawtry", ("YAX",), None),
    ("STIV", "St Ives", ("SIV",), 10),
    ("STNE", "St Neots", ("SNO",), 9),
    ("CHAT", "Chatteris", ("CHA",), None),
    ("MARC", "March", ("MAR",), 10),
    ("WHIT", "Whittlesey", ("WHI",), None),
    ("WISB", "Wisbech", ("WSN", "WSS"), 8),
    ("CAMC", "Cambridge West and Central", ("CCC",), 8),
    ("CAME", "Cambridge East", ("CEA",), 8),
    ("CAMN", "Cambridge North", ("CNO",), 8),
    ("CAMS", "Cambridge South", ("CSO",), 8),
    ("BURV", "Burwell and Villages", ("BUR",), 10),
    ("ELYL", "Ely and Littleport", ("ELY",), 9),
    ("SOHV", "Soham and Villages", ("SOH", "BUR"), 9),
    ("BARH", "Bar Hill and Papworth", ("BAR",), None),
    ("CAMB", "Cambourne and Comberton", ("CMB",), 10),
    ("HIST", "Histon and Milton", ("HIS",), None),
    ("MELB", "Melbourn and Bassingbourn", ("MEL",), None),
    ("SAWS", "Sawston and Linton", ("SAW",), 10),
)
"""Code, name, the teams served with the lead team first, and the most weeks between meetings."""

SINCE = dt.date(2019, 4, 1)

CHAIR_TYPES = {
    "Peterborough": ("independent",),
    "Cambridge": ("council",),
    "East Cambridgeshire": ("council",),
    "South Cambridgeshire": ("police", "cdrp"),
    "Huntingdonshire": ("cdrp", "police"),
    "Fenland": ("police", "cdrp"),
}

WITHOUT_CHAIR = ("WALTON", "CHAT")
"""So that the list has something to answer."""

OURS = ("SOHV", "Margaret", "Holt", "chair@demo.example")
"""The chair as whom the demonstration signs in."""

TERMS = (
    ("chair", dt.date(2023, 6, 1), dt.date(2025, 5, 31)),
    ("chair", dt.date(2025, 6, 1), None),
    ("vice_chair", dt.date(2025, 6, 1), dt.date(2027, 5, 31)),
)
SOHAM_UNTIL = dt.date(2027, 5, 31)


def panels() -> Iterable[Row]:
    """The rows of ``panels.csv``."""
    for code, name, teams, cadence in PANELS:
        yield {
            "code": code,
            "name": name,
            "district": _district(teams),
            "lead_team": teams[0],
            "teams": ";".join(sorted(teams)),
            "cadence_weeks": cadence,
            "first_day": SINCE,
            "last_day": None,
        }


def chairs(draw: random.Random) -> Iterable[Row]:
    """The rows of ``chairs.csv``: a chair who has gone, the present one and a vice-chair of each panel."""
    names = iter(pairs(draw, len(PANELS) * len(TERMS)))
    for number, (code, _, teams, _) in enumerate(PANELS):
        types = CHAIR_TYPES[_district(teams)]
        for office, first_day, last_day in TERMS:
            forename, surname = next(names)
            row: dict[str, object] = {
                "panel": code,
                "email": f"{forename}.{surname}@demo.example".lower().replace("'", ""),
                "first_day": first_day,
                "last_day": last_day,
                "name": f"{forename} {surname}",
                "office": office,
                "chair_type": types[number % len(types)],
            }
            if last_day is None and code in WITHOUT_CHAIR:
                continue
            if last_day is None and code == OURS[0]:
                row |= {"name": f"{OURS[1]} {OURS[2]}", "email": OURS[3], "last_day": SOHAM_UNTIL}
            yield row


def _district(teams: tuple[str, ...]) -> str:
    return places.SECTORS[places.TEAMS[teams[0]].sector][2]
