"""What is typed into a plan and looks like a person: a name, a date of birth, a telephone number.

It warns and never refuses: nobody can tell a street from a surname for certain, and a warning that comes too often is
not read. So a name is one only after a title, or as a usual forename with a surname, and not where a street, a school
or a saint is named (docs/decisions/0040).
"""

import re
from collections.abc import Collection, Iterable, Iterator

_FORENAMES = """
Aaron Abdul Adam Adrian Ahmed Aidan Alan Alexander Alfie Ali Alice Alison Amanda Amy Andrew Angela Anna Anthony
Arthur Ashley Barry Benjamin Beth Bradley Brian Callum Carol Caroline Catherine Charlie Charlotte Cheryl Chloe Chris
Christine Christopher Claire Colin Connor Craig Daniel Darren David Dawn Dean Deborah Dennis Derek Diane Donna Dylan
Edward Elaine Elizabeth Ella Ellie Emily Emma Ethan Eva Fatima Fiona Frank Freddie Gareth Gary Gavin Geoffrey George
Gillian Graham Hannah Harriet Harry Hassan Hayley Heather Helen Henry Howard Hugh Ian Isaac Isabella Jackie Jacob
Jade Jake James Jamie Jane Janet Jason Jasmine Jean Jennifer Jeremy Jessica Joan Joanne John Jonathan Joseph Joshua
Judith Julia Julie Karen Kate Katherine Katie Keith Kelly Kenneth Kerry Kevin Kieran Kim Kirsty Kyle Laura Lauren
Leanne Lee Leon Lewis Liam Linda Lisa Louis Louise Lucy Luke Malcolm Margaret Maria Marie Martin Mary Matthew Megan
Melanie Michael Michelle Mohammed Muhammad Naomi Natalie Nathan Neil Nicholas Nicola Nigel Oliver Olivia Oscar Owen
Pamela Patricia Patrick Paul Paula Peter Philip Rachel Rebecca Rhys Richard Robert Roger Ronald Ruth Ryan Sally
Samantha Samuel Sandra Sara Sarah Scott Sean Shane Sharon Shaun Sheila Simon Sophie Stacey Stephanie Stephen Steven
Stuart Susan Suzanne Tanya Teresa Theresa Thomas Timothy Tina Toby Tracey Trevor Valerie Vanessa Vincent Wayne Wendy
William Yasmin Yusuf Yvonne Zara Zoe
"""
FORENAMES = frozenset(_FORENAMES.split())
"""Usual forenames. Those that are words, months or places as often (Mark, Will, May, Grace, Jordan) are left out."""

_PLACES = """
Academy Allotments Ambulance Arms Avenue Bridge Building Care Centre Chapel Church Clinic Close Club Cottage
Cottages Court Crescent Drive Drove End Estate Farm Fen Field Fields Flats Garden Gardens Garage Gate Green Grove
Hall Head Hill Home Hospital House Inn Junior Lane Library Lodge Manor Memorial Mews Mill Park Parade Pavilion Place
Playing Pool Primary Quay Rise Road Row School Shop Square Stables Station Store Street Surgery Tavern Terrace
Theatre Trust University View Village Walk Ward Way Wharf Wood Woods Yard College Hotel Lewis Rec Recreation Infant
Nursery Community
"""
PLACES = frozenset(_PLACES.split())
"""What a street, a school, a pub or a shop is called by: with one of these close behind, a name is no person's."""

_TITLE = re.compile(r"\b(?:Mr|Mrs|Ms|Miss|Dr)\b\.?\s+(?:[A-Z]\.?\s+)?([A-Z][a-z'’-]{2,})")
_WORD = re.compile(r"[A-Z][a-z'’-]+")
_PAIR = re.compile(r"\b([A-Z][a-z]+)\s+(?:[A-Z]\.?\s+)?([A-Z][a-z'’-]+)")
_BEFORE = re.compile(r"(?:\b(?:St|Saint|King|Queen|Prince|Princess|Sir|Lady|[Tt]he|Lord|Duke)\.?\s+)$")
_BORN = re.compile(r"\b(?:d\.?o\.?b\.?|date of birth|born (?:on|in))\b", re.IGNORECASE)
_DATE = re.compile(r"\b\d{1,2}[/.-]\d{1,2}[/.-](19[2-9]\d|200\d|201[0-5])\b")
_TELEPHONE = re.compile(r"(?<![\d/.-])(?:\+44[\s-]?\(?0?\)?|0)(?:\d[\s-]?){9,10}(?!\d)")


def looks_like_a_person(text: str) -> list[str]:
    """What in a text looks like somebody's name, date of birth or telephone number, in words; mostly nothing."""
    return list(dict.fromkeys(_found(text)))


def _found(text: str) -> Iterator[str]:
    if names := [*_titled(text), *_named(text)]:
        yield f"a person's name ({names[0]})"
    if _BORN.search(text) or _DATE.search(text):
        yield "a date of birth"
    if _TELEPHONE.search(text):
        yield "a telephone number"


def _titled(text: str) -> Iterator[str]:
    for found in _TITLE.finditer(text):
        if not _a_place_follows(text, found.end()):
            yield found[0]


def names_in(text: str, places: Collection[str] = frozenset()) -> list[str]:
    """The names without a title in a text that look like somebody's: a usual forename with a surname.

    :param places: what is known to be the name of a place; a name that stands in one of them is nobody's
    """
    known = [place.casefold() for place in places]
    return [name for name in _named(text) if not any(name.casefold() in place for place in known)]


def _named(text: str) -> Iterator[str]:
    for found in _PAIR.finditer(text):
        forename, surname = found.groups()
        if forename not in FORENAMES or surname.removesuffix("'s").removesuffix("’s") in PLACES:
            continue
        if _BEFORE.search(text[: found.start()]) or _a_place_follows(text, found.end()):
            continue
        yield found[0]


def _a_place_follows(text: str, end: int) -> bool:
    """Whether one of the next two words says that a place is named: Thomas Clarkson Academy."""
    following = re.match(r"(?:['’]s)?((?:[ \t]+[A-Z][a-z'’-]+){1,2})", text[end:])
    return following is not None and any(word in PLACES for word in _WORD.findall(following[1]))


def warning_of(texts: Iterable[str]) -> str:
    """What somebody is told before these texts are kept; nothing when none of them looks like a person."""
    found = list(dict.fromkeys(each for text in texts for each in looks_like_a_person(text)))
    if not found:
        return ""
    listed = f"{', '.join(found[:-1])} and {found[-1]}" if len(found) > 1 else found[0]
    return f"What you wrote looks like {listed}. A plan names no victim, suspect or witness"
