"""What is shown in a table can be had as a file."""

from npt.settings import ROOT

TEMPLATES = ROOT / "templates"

OFFERED = ("downloads(", "Download CSV")

WITHOUT = {
    "abstractions/_figures.html": "a part: the pages that show it offer the file",
    "abstractions/_week.html": "a part: the week page and My team, whose duties and entries are lists with files",
    "exchange/mapping.html": "the first rows of a file the reader has; what a mapping says is in the file of mappings",
    "home/my_teams.html": "the way to each team; its figures are those of the report, which offers the file",
    "jobs/_table.html": "the last run of a dozen jobs; all runs are in the record",
    "jobs/run.html": "the runs of one job; all runs are in the record",
    "panels/_parts.html": "a part: the panel pages that show it offer the files",
    "policy/_grid.html": "one row of reasons by grade; reasons.csv is exported by the administrator",
    "policy/_rows.html": "a part: dated rows, exported by the administrator as policy.csv, targets.csv and reasons.csv",
    "policy/applying.html": "what a change would do, before it is made",
    "policy/reason.html": "one reason; reasons.csv is exported by the administrator",
    "reports/_parts.html": "a part: the report offers the whole of it as a file",
    "reports/_returns.html": "a part: the report offers the whole of it as a file",
    "returns/confirm.html": "what is about to be confirmed; the entries are a list with a file",
    "staffing/_contacts.html": "a part: the list of contacts offers the file",
    "staffing/boundary.html": "the few wards of one decision",
    "staffing/candidate.html": "the few attachments of one person",
    "staffing/new_boundary.html": "a form of wards to move",
    "staffing/post.html": "the few holders of one post",
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
