"""The page of a BCU's month, as a test reads it."""

import re
from html import unescape

OCTOBER = "/bcu-month/N/2025-10"


def cells(page: str, team: str) -> list[str]:
    """The words of a team's row in the teams' table."""
    rows = re.findall(r"<tr>(.*?)</tr>", page.split('id="vacancies"')[0], re.DOTALL)
    found = next(row for row in rows if f">{team}<" in row)
    return [words(cell) for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", found, re.DOTALL)]


def words(markup: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", markup)).split())


def address(page: str, row: str, label: str) -> str:
    """Where the figure of a team under a label leads."""
    rows = re.findall(r"<tr>(.*?)</tr>", page, re.DOTALL)
    found = next(each for each in rows if f">{row}<" in each)
    cell = re.search(rf'data-label="{re.escape(label)}"[^>]*>(.*?)</td>', found, re.DOTALL)
    assert cell
    return unescape(cell[1].split('href="')[1].split('"')[0])
