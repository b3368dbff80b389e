"""Where the demonstration force works: BCUs, sectors, the 31 teams, their wards and their posts.

The number of BCUs, districts and teams and the December 2007 staff by BCU are the source report's; which district lies
in which BCU, the split of the teams other than Northern's 8, and every figure of a single team are inference
(npt/demo/SOURCES.md).
"""

import datetime as dt
from collections import Counter
from dataclasses import dataclass

BCUS = {"CEN": "Central", "NOR": "Northern", "SOU": "Southern"}

SECTORS = {
    "PNO": ("Peterborough North", "NOR", "Peterborough"),
    "PSO": ("Peterborough South", "NOR", "Peterborough"),
    "HNN": ("Huntingdonshire North", "CEN", "Huntingdonshire"),
    "HNS": ("Huntingdonshire South", "CEN", "Huntingdonshire"),
    "FEN": ("Fenland", "CEN", "Fenland"),
    "CAM": ("Cambridge City", "SOU", "Cambridge"),
    "ECA": ("East Cambridgeshire", "SOU", "East Cambridgeshire"),
    "SCA": ("South Cambridgeshire", "SOU", "South Cambridgeshire"),
}
"""Code: name, BCU, district."""

DISTRICT_CODES = {
    "Peterborough": "E06000031",
    "Cambridge": "E07000008",
    "East Cambridgeshire": "E07000009",
    "Fenland": "E07000010",
    "Huntingdonshire": "E07000011",
    "South Cambridgeshire": "E07000012",
}


@dataclass(frozen=True, slots=True)
class Place:
    """A team: where it is, and its PCs and PCSOs in December 2007 (in post) and in posts today."""

    name: str
    sector: str
    wards: tuple[str, ...]
    pcs_2007: int
    pcsos_2007: int
    pc_posts: int
    pcso_posts: int
    special_posts: int


def _place(name: str, sector: str, figures: tuple[int, int, int, int, int], wards: str) -> Place:
    return Place(name, sector, tuple(ward.strip() for ward in wards.split("|")), *figures)


TEAMS = {
    "PDO": _place("Dogsthorpe", "PNO", (4, 8, 4, 7, 4), "Dogsthorpe | North"),
    "PPW": _place("Paston and Walton", "PNO", (4, 7, 4, 6, 3), "Paston | Walton"),
    "PRU": _place(
        "Peterborough Rural",
        "PNO",
        (3, 6, 3, 6, 4),
        "Barnack | Eye and Thorney | Glinton and Wittering | Newborough | Northborough",
    ),
    "PWE": _place("Werrington", "PNO", (3, 6, 3, 6, 3), "Werrington North | Werrington South"),
    "PBR": _place(
        "Bretton and Ravensthorpe", "PSO", (5, 8, 5, 8, 4), "Bretton North | Bretton South | Ravensthorpe | West"
    ),
    "PCE": _place("Peterborough City Centre", "PSO", (7, 10, 6, 10, 4), "Central | East | Park"),
    "PSE": _place(
        "Peterborough South East", "PSO", (4, 7, 4, 7, 3), "Fletton and Woodston | Stanground Central | Stanground East"
    ),
    "PSW": _place(
        "Peterborough South West",
        "PSO",
        (5, 8, 5, 8, 4),
        "Orton Longueville | Orton Waterville | Orton with Hampton",
    ),
    "HUN": _place(
        "Huntingdon",
        "HNN",
        (5, 8, 5, 8, 4),
        "Alconbury and The Stukeleys | Huntingdon East | Huntingdon North | Huntingdon West",
    ),
    "RAM": _place(
        "Ramsey and Warboys",
        "HNN",
        (2, 4, 3, 5, 3),
        "Earith | Ramsey | Somersham | Upwood and The Raveleys | Warboys and Bury",
    ),
    "YAX": _place(
        "Yaxley and Sawtry", "HNN", (3, 5, 3, 5, 3), "Elton and Folksworth | Sawtry | Stilton | Yaxley and Farcet"
    ),
    "GOD": _place(
        "Brampton and Godmanchester",
        "HNS",
        (2, 4, 3, 5, 3),
        "Brampton | Buckden | Ellington | Godmanchester | Kimbolton and Staughton",
    ),
    "SIV": _place(
        "St Ives",
        "HNS",
        (3, 6, 3, 6, 4),
        "Fenstanton | St Ives East | St Ives South | St Ives West | The Hemingfords",
    ),
    "SNO": _place(
        "St Neots",
        "HNS",
        (4, 7, 5, 8, 4),
        "Gransden and The Offords | Little Paxton | St Neots Eaton Ford | St Neots Eaton Socon | St Neots Eynesbury"
        " | St Neots Priory Park",
    ),
    "CHA": _place("Chatteris", "FEN", (2, 3, 2, 4, 3), "Birch | Doddington | Manea | Slade Lode | The Mills | Wenneye"),
    "MAR": _place("March", "FEN", (3, 5, 3, 6, 3), "March East | March North | March West | Wimblington"),
    "WHI": _place(
        "Whittlesey",
        "FEN",
        (3, 4, 3, 4, 3),
        "Bassenhally | Benwick, Coates and Eastrea | Delph | Kingsmoor | Lattersey | St Andrews | St Marys",
    ),
    "WSN": _place("Wisbech North", "FEN", (4, 6, 4, 7, 4), "Clarkson | Kirkgate | Peckover | Staithe | Waterlees"),
    "WSS": _place(
        "Wisbech South and Villages",
        "FEN",
        (2, 4, 3, 4, 3),
        "Elm and Christchurch | Hill | Medworth | Parson Drove and Wisbech St Mary | Roman Bank",
    ),
    "CCC": _place("Cambridge City Centre", "CAM", (6, 9, 6, 9, 4), "Castle | Market | Newnham"),
    "CEA": _place("Cambridge East", "CAM", (5, 8, 5, 8, 4), "Abbey | Coleridge | Petersfield | Romsey"),
    "CNO": _place(
        "Cambridge North", "CAM", (5, 9, 5, 9, 4), "Arbury | East Chesterton | King's Hedges | West Chesterton"
    ),
    "CSO": _place("Cambridge South", "CAM", (4, 6, 4, 6, 3), "Cherry Hinton | Queen Edith's | Trumpington"),
    "BUR": _place(
        "Burwell and Bottisham",
        "ECA",
        (2, 4, 4, 5, 3),
        "Bottisham | Burwell | Cheveley | Dullingham Villages | The Swaffhams",
    ),
    "ELY": _place(
        "Ely and Littleport",
        "ECA",
        (4, 7, 5, 8, 4),
        "Downham Villages | Ely East | Ely North | Ely South | Ely West | Haddenham | Littleport East | Littleport West"
        " | Stretham | Sutton",
    ),
    "SOH": _place("Soham", "ECA", (3, 5, 4, 6, 4), "Fordham Villages | Isleham | Soham North | Soham South"),
    "BAR": _place(
        "Bar Hill and Papworth",
        "SCA",
        (3, 4, 3, 4, 3),
        "Bar Hill | Longstanton | Papworth and Elsworth | Swavesey | Willingham and Over",
    ),
    "CMB": _place(
        "Cambourne and Comberton",
        "SCA",
        (3, 5, 3, 5, 3),
        "Barton | Bourn | Caldecote | Comberton | Gamlingay | Hardwick | Haslingfield and The Eversdens",
    ),
    "HIS": _place(
        "Histon and Milton",
        "SCA",
        (3, 5, 3, 5, 3),
        "Cottenham | Girton | Histon and Impington | Milton | Waterbeach",
    ),
    "MEL": _place(
        "Melbourn and Bassingbourn",
        "SCA",
        (3, 5, 2, 5, 3),
        "Bassingbourn | Fowlmere and Foxton | Harston and Hauxton | Melbourn | Meldreth | Orwell and Barrington"
        " | The Mordens",
    ),
    "SAW": _place(
        "Sawston and Linton",
        "SCA",
        (3, 5, 3, 5, 3),
        "Balsham | Duxford | Fulbourn | Linton | Sawston | Teversham | The Abingtons | The Shelfords and Stapleford"
        " | The Wilbrahams | Whittlesford",
    ),
}
"""Code: team. The figures: PCs and PCSOs in December 2007, then PC, PCSO and special posts today."""

FORMED = dt.date(2006, 4, 1)

MOVED_WARDS = {"Stretham": ("SOH", dt.date(2008, 4, 1))}
"""Ward: the team it belonged to before, and the first day in its present team."""

EMPTY_2007 = Counter(
    {
        ("PCE", "pc"): 1,
        ("PSE", "pc"): 1,
        ("PCE", "pcso"): 1,
        ("PDO", "pcso"): 1,
        ("HUN", "pc"): 1,
        ("SNO", "pc"): 1,
        ("SNO", "pcso"): 1,
        ("MAR", "pcso"): 1,
        ("CEA", "pc"): 1,
        ("ELY", "pc"): 1,
        ("CNO", "pcso"): 1,
        ("ELY", "pcso"): 1,
        ("HIS", "pcso"): 1,
    }
)
"""Posts of a team and grade that stood empty on 31 December 2007."""

LATE_SERGEANT_POSTS = {
    "BUR": dt.date(2007, 4, 2),
    "CMB": dt.date(2007, 6, 4),
    "MEL": dt.date(2007, 7, 2),
    "CSO": dt.date(2007, 9, 3),
}
"""Southern went from 8 sergeants to 12 during 2007: the four posts that opened that year."""

EMPTY_NOW = (
    ("BUR", "sergeant", dt.date(2025, 9, 1), "retirement"),
    ("HUN", "pc", dt.date(2025, 10, 6), "retirement"),
    ("BUR", "pc", dt.date(2026, 2, 16), "transfer"),
    ("CEA", "pc", dt.date(2026, 3, 30), "resignation"),
    ("CCC", "pc", dt.date(2026, 6, 15), "transfer"),
    ("PBR", "pc", dt.date(2026, 7, 6), "retirement"),
    ("SNO", "pc", dt.date(2026, 9, 1), "transfer"),
    ("PSE", "pc", dt.date(2026, 10, 5), "resignation"),
    ("PCE", "pc", dt.date(2026, 10, 28), "transfer"),
    ("RAM", "pcso", dt.date(2025, 7, 14), "resignation"),
    ("PCE", "pcso", dt.date(2025, 11, 3), "resignation"),
    ("SIV", "pcso", dt.date(2026, 1, 12), "retirement"),
    ("SAW", "pcso", dt.date(2026, 2, 2), "resignation"),
    ("CCC", "pcso", dt.date(2026, 4, 13), "joined regulars elsewhere"),
    ("PDO", "pcso", dt.date(2026, 5, 4), "resignation"),
    ("WSN", "pcso", dt.date(2026, 6, 22), "retirement"),
    ("PSW", "pcso", dt.date(2026, 7, 20), "resignation"),
    ("SOH", "pcso", dt.date(2026, 8, 3), "joined regulars elsewhere"),
    ("CNO", "pcso", dt.date(2026, 8, 10), "resignation"),
    ("CMB", "pcso", dt.date(2026, 8, 31), "retirement"),
    ("PCE", "pcso", dt.date(2026, 9, 21), "resignation"),
    ("MAR", "pcso", dt.date(2026, 9, 28), "joined regulars elsewhere"),
    ("ELY", "pcso", dt.date(2026, 10, 12), "resignation"),
    ("HUN", "pcso", dt.date(2026, 10, 30), "resignation"),
)
"""Posts empty from a day on, and why the holder went. The ninth PC vacancy is the acting sergeant's own post."""

ACTING = ("WSN", dt.date(2026, 9, 14))
"""The team whose sergeant left and where a PC acts from a day on."""

COVERING = ("SOH", "BUR", dt.date(2025, 9, 3))
"""The team whose sergeant also covers another, and since when."""

REORGANISED = (dt.date(2010, 4, 1), dt.date(2013, 4, 1), dt.date(2017, 4, 3), dt.date(2021, 4, 1))
"""Days on which posts were ended in one team and opened in another."""

NAMED_SINCE = dt.date(2025, 4, 1)
"""From when on the wards have named contacts."""

UNNAMED = {("BUR", "Dullingham Villages"), ("MAR", "March West"), ("PCE", "East")}
"""Team and ward: nobody is named, so that the page of gaps is not empty."""

STILL_NAMED = {
    ("SOH", "Isleham"): "SOH-PCSO-2",
    ("HUN", "Huntingdon East"): "HUN-PCSO-2",
    ("PBR", "Bretton North"): "PBR-PCSO-4",
}
"""Team and ward: the post whose last holder is still named, though they left the service or were attached away."""
