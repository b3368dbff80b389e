"""What is shown in a table can be had as a file."""

from npt.settings import ROOT

TEMPLATES = ROOT / "templates"

OFFERED = ("downloads(", "Download CSV")

WITHOUT = {
    "abstractions/_figures.html": "a part: the pages that show it offer the file",
    "abstractions/_minutes.html": "the few stretches of one entry; the entry is in the file of entries",
    "abstractions/_week.html": "a part: the week page and My team, whose duties and entries are lists with files",
    "abstractions/duty.html": "the few stretches of one duty, which is in the file of duties",
    "exchange/mapping.html": "the first rows of a file the reader has; what a mapping says is in the file of mappings",
    "panels/_minutes.html": "a part: the meeting and the minutes that show it offer the files",
    "panels/_parts.html": "a part: the panel and the meeting that show it offer the files",
    "panels/_priority.html": "a part: the priority and the meeting that show it offer the files",
    "panels/_profile.html": "counts as they were frozen: the page offers the whole profile, and crime has files",
    "partners/_actions.html": "a part: the lists of actions that show it offer the file",
    "policy/_grid.html": "a part: one row of a reason, which is in the file of reasons and of that reason",
    "policy/applying.html": "why a target applies, in a few steps; every step leads to its target, which has a file",
    "problem_solving/_counted.html": "the few counts of one comparison; each leads to its lines, which have a file",
    "problem_solving/_stages.html": "a part: the four counts a verdict was computed from, and the verdict beside them",
    "reports/_parts.html": "a part: the report offers the whole of it as a file",
    "reports/_returns.html": "a part: the report offers the whole of it as a file, and the list of returns its own",
    "staffing/_contacts.html": "a part: the list of named contacts, under Staffing, offers the file",
    "staffing/boundary.html": "the few wards of one decision; every ward has a file of the teams it belonged to",
    "staffing/candidate.html": "the few attachments of one person, whose page has the file of postings",
    "staffing/new_boundary.html": "what a change would do, before it is made",
}
"""Templates with a table and no file of their own, each with the reason."""


def test_every_page_with_a_table_offers_it_as_a_file_or_says_why_not() -> None:
    tables = {
        str(path.relative_to(TEMPLATES)): path.read_text()
        for path in sorted(TEMPLATES.rglob("*.html"))
        if "<table" in path.read_text()
    }
    without = {name for name, text in tables.items() if not any(word in text for word in OFFERED)}

    assert len(tables) > 20
    assert without == set(WITHOUT)
