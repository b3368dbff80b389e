"""Find texts by their words, on either database: SQLite's FTS5 and PostgreSQL's tsvector behind one face.

Both stem English and both are asked for the same words; what common words there are is decided here, since FTS5 knows
none. An index is a table a migration makes, with a number for each text, its title in the column ``problem`` and
the rest in others.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from sqlalchemy import CTE, ColumnElement, Integer, column, func, literal_column, select, table

from npt.core.db import among, is_postgresql, session

_COMMON = """
a about above after again against all am an and any are as at be because been before being below between both but by can
could did do does doing don down during each every few for from further had has have having he her here hers herself
him himself his how i if in into is it its itself just least me more most my myself near no nor not now of off on once
only or other our ours ourselves out over own s same she should so some such t than that the their theirs them
themselves then there these they this those through to too under until up very was we were what when where which while
who whom why will with would you your yours yourself yourselves
ll re s t ve
"""
COMMON = frozenset(_COMMON.split())
"""Words that stand in almost every text, and find nothing; with what an apostrophe leaves of one (don't, it's)."""
LONGEST = 200
"""Characters of a question that are read; and the most words asked for are ``MOST_WORDS``."""
MOST_WORDS = 16
_PHRASE = re.compile(r'"([^"]*)"|(\S+)')
_WORD = re.compile(r"[^\W_]+")
BEGIN, END = "\ue000", "\ue001"
"""Stand around a word that was found. No keyboard has them; in a text they would only mark something more."""

TITLE_WEIGHT = 4.0
"""A word in the title weighs so much; in the rest, one. PostgreSQL's weights A and C stand in about that relation."""
_ENGLISH: ColumnElement[Any] = literal_column("'english'::regconfig")

Phrase = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a text: found, or between what was found."""

    text: str
    found: bool = False


def wanted(question: str) -> tuple[Phrase, ...]:
    """What is asked for: single words, and phrases in inverted commas. Common words alone are nothing."""
    phrases: list[Phrase] = []
    for quoted, word in _PHRASE.findall(question[:LONGEST]):
        words = tuple(_WORD.findall((quoted or word).lower()))
        if quoted and len(words) > 1 and not COMMON.issuperset(words):
            phrases.append(words)
        else:
            phrases += [(each,) for each in words if each not in COMMON]
    return tuple(dict.fromkeys(phrases))[:MOST_WORDS]


def matching(index: str, phrases: Sequence[Phrase], least: int | None = None) -> CTE:
    """The numbers of the texts that hold every phrase, with how far each stands back: the best has the least.

    :param index: the table's name
    :param least: so many of the phrases are enough
    :returns: columns ``id`` and ``back``
    """
    if is_postgresql():
        words: ColumnElement[Any] = column("words")
        asked = _asked(phrases, least)
        found = select(column("id", Integer), (-func.ts_rank(words, asked)).label("back")).where(words.op("@@")(asked))
    else:
        back = func.bm25(literal_column(index), TITLE_WEIGHT)
        found = select(column("rowid", Integer).label("id"), back.label("back")).where(_match(index, phrases, least))
    return found.select_from(table(index)).cte("matching")


def _asked(phrases: Sequence[Phrase], least: int | None = None) -> ColumnElement[Any]:
    # Words are letters and figures alone, so that nothing in them means anything to the database.
    put = [" & ".join(f"({' <-> '.join(phrase)})" for phrase in group) for group in _groups(phrases, least)]
    return func.to_tsquery(_ENGLISH, " | ".join(f"({each})" for each in put))


def _match(index: str, phrases: Sequence[Phrase], least: int | None = None) -> ColumnElement[bool]:
    put = [" AND ".join(f'"{" ".join(phrase)}"' for phrase in group) for group in _groups(phrases, least)]
    return literal_column(index).op("MATCH", is_comparison=True)(" OR ".join(f"({each})" for each in put))


def _groups(phrases: Sequence[Phrase], least: int | None) -> list[tuple[Phrase, ...]]:
    """The sets of phrases of which a text holds one whole."""
    if least is None or least >= len(phrases):
        return [tuple(phrases)]
    return list(combinations(phrases, least))


def marked(
    index: str, phrases: Sequence[Phrase], ids: Collection[int], columns: Sequence[str]
) -> Mapping[int, tuple[list[Piece], list[Piece]]]:
    """Of some texts that hold any of the phrases: the title whole, and the piece of the rest that shows them best.

    :param columns: what the index holds beside ``problem``, in its order
    """
    if not ids or not phrases:
        return {}
    # Any of them: a piece that lacks one of the words, which the title may have, would show none at all.
    if is_postgresql():
        asked, marks = _asked(phrases, 1), f"StartSel={BEGIN}, StopSel={END}"
        title = func.ts_headline(_ENGLISH, column("problem"), asked, f"{marks}, HighlightAll=true")
        rest = func.concat_ws(" ", *(column(name) for name in columns))
        snippets = [func.ts_headline(_ENGLISH, rest, asked, f"{marks}, MaxWords=32, MinWords=16")]
        told = select(column("id"), title, *snippets).where(among(column("id", Integer), ids))
    else:
        own: ColumnElement[Any] = literal_column(index)
        title = func.highlight(own, 0, BEGIN, END)
        snippets = [func.snippet(own, place, BEGIN, END, "…", 32) for place in range(1, len(columns) + 1)]
        told = select(column("rowid"), title, *snippets).where(_match(index, phrases, 1), column("rowid").in_(ids))
    rows = session.execute(told.select_from(table(index)))
    return {id: (pieces(title), pieces(next((s for s in rest if BEGIN in s), rest[0]))) for id, title, *rest in rows}


def pieces(told: str) -> list[Piece]:
    """A text with its marks, taken apart."""
    parts = []
    for number, part in enumerate(re.split(f"{BEGIN}|{END}", told)):
        if part:
            parts.append(Piece(part, found=number % 2 == 1))
    return parts
