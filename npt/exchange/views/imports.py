"""The administrator's pages of imports and exports: check or take in files, see what came of those before, give out."""

from flask import Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from npt.core.authority import Permission
from npt.core.errors import BadInput, Problem
from npt.crime import rules as crime
from npt.edge import actor, now, today, transaction, zone
from npt.exchange import queries, services
from npt.exchange.forms import ExportForm, ImportForm
from npt.exchange.rules.kinds import KINDS
from npt.exchange.rules.published import Published
from npt.exchange.services import ImportResult
from npt.exchange.views import bp
from npt.exchange.views.names import own_name
from npt.web import access, banners, downloads, filters
from npt.web.marking import MARKING

MOST_PROBLEMS = 200
"""Problems on the page: more are not mended one by one."""


@bp.route("", methods=["GET", "POST"])
@access.requires(Permission.RUN_IMPORTS)
def index() -> ResponseReturnValue:
    """Choose files and have them checked or taken in; without a choice, what was taken in before."""
    form = ImportForm(queries.live_mappings())
    if not form.validate_on_submit():
        return _page(form)
    # Anything but the button that says so is a check.
    dry_run = request.form.get("act") != "import"
    try:
        result = _load(form, dry_run=dry_run)
    except BadInput as error:
        problems = [problem for problem in error.problems if isinstance(problem, Problem)]
        count = filters.plural(len(problems), "problem")
        form.files.errors = [f"Nothing was changed: {count} in these files, listed below. Mend and choose them again"]
        return _page(form, problems=problems)
    except services.Rehearsed as rehearsed:
        return _page(form, rehearsed=rehearsed.result)
    banners.say(_said(result))
    return redirect(url_for("exchange.index"))


@bp.route("/export", methods=["GET", "POST"])
@access.requires(Permission.RUN_IMPORTS)
def export() -> ResponseReturnValue:
    """Give out what is recorded, as the files an import takes back: one kind, or all of them as one zip."""
    form = ExportForm(data={"ending": "csv"})
    if not form.validate_on_submit():
        return _export_page(form)
    kind, ending, at = form.kind.data, form.ending.data, now()
    try:
        with transaction():
            files = services.export([kind] if kind else [], ending, actor=actor(), at=at, zone=zone())
    except BadInput:
        form.kind.errors = ["There is nothing of this kind yet, or more than a sheet of Excel holds: choose another"]
        return _export_page(form)
    if kind and len(files) == 1:
        name = files[0].name
        return _attached(files[0].content, f"{MARKING}-{name}", name.rpartition(".")[2])
    folder = f"{MARKING}-npt-{today().isoformat()}"
    return _attached(services.zipped(files, folder, at), f"{folder}.zip", "zip")


def _export_page(form: ExportForm) -> ResponseReturnValue:
    return render_template(
        "exchange/export.html", form=form, past=queries.past_exports(), attribution=crime.ATTRIBUTION
    )


TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": downloads.XLSX_TYPE,
    "zip": "application/zip",
    "geojson": "application/geo+json",
}


@bp.get("/taken-in.<any(csv, xlsx):ending>")
@access.requires(Permission.RUN_IMPORTS)
def taken_in_file(ending: str) -> Response:
    """Every file that was taken in, newest first, as a file."""
    rows = [
        (line.file, line.at, line.actor, line.read, line.new, line.changed, line.unchanged)
        for line in queries.past_imports(_MOST_LINES)
    ]
    header = ("file", "at", "by", "read", "new", "changed", "unchanged")
    return downloads.list_file(ending, "files taken in", header, rows)


@bp.get("/given-out.<any(csv, xlsx):ending>")
@access.requires(Permission.RUN_IMPORTS)
def given_out_file(ending: str) -> Response:
    """Every export, newest first, as a file."""
    rows = [(line.at, line.actor, " ".join(line.files), line.rows) for line in queries.past_exports(_MOST_LINES)]
    return downloads.list_file(ending, "files given out", ("at", "by", "files", "rows"), rows)


_MOST_LINES = 10_000


def _attached(content: bytes, name: str, ending: str) -> Response:
    response = Response(content, content_type=TYPES[ending])
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _load(form: ImportForm, *, dry_run: bool) -> ImportResult:
    uploads = [(own_name(file.filename or ""), file.stream) for file in form.files.data]
    mapping = queries.mapping_named(form.mapping.data) if form.mapping.data else None
    with transaction():
        return services.load(
            services.from_uploads(uploads, mapped=mapping is not None),
            actor=actor(),
            at=now(),
            on=today(),
            zone=zone(),
            dry_run=dry_run,
            mapping=mapping,
        )


def _said(result: ImportResult) -> str:
    new, changed = (sum(getattr(line, what) for line in result.files) for what in ("new", "changed"))
    rows = f"{filters.plural(new, 'new row')}, {filters.plural(changed, 'changed row')}"
    return f"{filters.plural(len(result.files), 'file')} taken in: {rows}"


def _page(
    form: ImportForm, *, problems: list[Problem] | None = None, rehearsed: ImportResult | None = None
) -> ResponseReturnValue:
    found = problems or []
    return render_template(
        "exchange/index.html",
        form=form,
        problems=found[:MOST_PROBLEMS],
        more=max(0, len(found) - MOST_PROBLEMS),
        rehearsed=rehearsed,
        past=queries.past_imports(),
        kinds=KINDS,
        published=Published,
    )
