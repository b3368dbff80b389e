"""The administrator's pages of column mappings: made from a sample, tried on its first rows, saved, changed, ended."""

from dataclasses import dataclass

from flask import Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from npt.audit import queries as audit
from npt.core.authority import Permission
from npt.core.errors import BadInput, Problem, Refused
from npt.core.sheets import Sheet
from npt.edge import actor, now, transaction, zone
from npt.exchange import queries, services
from npt.exchange.forms.mappings import EndMappingForm, MappingForm, NewMappingForm, mapping_form
from npt.exchange.queries import MappingPage
from npt.exchange.rules.columns import Kind
from npt.exchange.rules.kinds import BY_NAME
from npt.exchange.rules.mapping import MAP_OR_LEAVE_OUT, NEITHER, ColumnMapping, suggested, unsaid
from npt.exchange.views import bp
from npt.exchange.views.names import own_name
from npt.web import downloads
from npt.web.access import requires
from npt.web.banners import say


@bp.get("/mappings")
@requires(Permission.RUN_IMPORTS)
def mappings() -> ResponseReturnValue:
    """Every mapping, in use or ended."""
    return render_template("exchange/mappings.html", mappings=queries.mappings())


@bp.get("/mappings.<any(csv, xlsx):ending>")
@requires(Permission.RUN_IMPORTS)
def mappings_file(ending: str) -> Response:
    """Every mapping as a file, a row for each of our columns."""
    rows = [
        (
            page.mapping.name,
            page.mapping.kind,
            source.column,
            " and ".join(source.headers),
            source.shape.label,
            source.fixed,
            source.prefix,
            "; ".join(f"{theirs} = {ours}" for theirs, ours in source.words),
            page.saved_at,
            page.saved_by,
            page.ended_at,
        )
        for page in queries.mappings()
        for source in page.mapping.sources
    ]
    return downloads.list_file(ending, "mappings", HEADER, rows)


HEADER = (
    "mapping",
    "kind",
    "column",
    "their columns",
    "written",
    "where there is none",
    "put before",
    "words",
    "saved at",
    "saved by",
    "ended at",
)


@bp.route("/mappings/new", methods=["GET", "POST"])
@requires(Permission.RUN_IMPORTS)
def new_mapping() -> ResponseReturnValue:
    """Choose a sample, say what its columns mean, try it on its first rows, and save."""
    kind = BY_NAME.get(request.form.get("kind", ""))
    carried = services.unpacked(request.form.get("packed", ""))
    if kind is None or carried is None:
        return _begin()
    return _work(_Work(kind, None, carried))


def _begin() -> ResponseReturnValue:
    form = NewMappingForm()
    if not form.validate_on_submit():
        return render_template("exchange/new_mapping.html", form=form)
    try:
        sheet = _sample(form.sample.data)
    except BadInput as error:
        form.sample.errors = _told(error)
        return render_template("exchange/new_mapping.html", form=form)
    work = _Work(BY_NAME[form.kind.data], None, sheet)
    return _page(work, mapping_form(work.kind, work.headers, suggested(work.kind, sheet.columns), sent=False))


@bp.route("/mappings/<int:mapping_id>", methods=["GET", "POST"])
@requires(Permission.RUN_IMPORTS)
def mapping(mapping_id: int) -> ResponseReturnValue:
    """One mapping: what it says, to be tried, changed and saved; one that was ended is only shown."""
    page = queries.mapping_page(mapping_id)
    work = _Work(BY_NAME[page.mapping.kind], page, services.unpacked(request.form.get("packed", "")))
    if page.ended_at is not None:
        return _page(work, None)
    return _work(work)


@bp.route("/mappings/<int:mapping_id>/end", methods=["GET", "POST"])
@requires(Permission.RUN_IMPORTS)
def end_mapping(mapping_id: int) -> ResponseReturnValue:
    """Take a mapping out of use, after saying what that does."""
    page = queries.mapping_page(mapping_id)
    form = EndMappingForm()
    if form.validate_on_submit():
        try:
            with transaction():
                services.end_mapping(mapping_id, actor=actor(), at=now())
        except Refused as refusal:
            form.refuse(refusal)
        else:
            say(f"The mapping {page.mapping.name} is ended.")
            return redirect(url_for("exchange.mappings"))
    return render_template("exchange/end_mapping.html", form=form, page=page)


@dataclass
class _Work:
    """A mapping being made or changed: its kind, what is saved of it, and the sample in hand."""

    kind: Kind
    page: MappingPage | None
    sheet: Sheet | None

    @property
    def saved(self) -> ColumnMapping | None:
        return None if self.page is None else self.page.mapping

    @property
    def headers(self) -> tuple[str, ...]:
        """Their headers there are to choose from: those of the sample, and those the mapping knows already."""
        known = () if self.saved is None else self.saved.headers
        return tuple(dict.fromkeys((*(self.sheet.columns if self.sheet else ()), *known)))


def _work(work: _Work) -> ResponseReturnValue:
    wrong = _take_up_another(work)
    form = mapping_form(work.kind, work.headers, work.saved)
    if not form.is_submitted():
        return _page(work, form, work.saved)
    said = form.mapping(work.kind.name)
    if request.form.get("act") == "save" and not wrong and form.validate() and (saved := _save(work, form, said)):
        say(f"The mapping {said.name} is saved.")
        return redirect(url_for("exchange.mapping", mapping_id=saved))
    if wrong:
        form.sample.errors = wrong
    return _page(work, form, said)


def _take_up_another(work: _Work) -> list[str]:
    """Read the other file that was sent along, if one was; say why it cannot be read."""
    file = request.files.get("sample")
    if file is None or not file.filename:
        return []
    try:
        work.sheet = _sample(file)
    except BadInput as error:
        return _told(error)
    return []


def _save(work: _Work, form: MappingForm, said: ColumnMapping) -> int | None:
    if left := unsaid(said, work.headers):
        form.ignored.errors = [f"{header}: {NEITHER}, so {MAP_OR_LEAVE_OUT}" for header in left]
        return None
    try:
        with transaction():
            return services.save_mapping(
                said, mapping_id=work.page.id if work.page else None, actor=actor(), at=now(), zone=zone()
            )
    except Refused as refusal:
        form.refuse(refusal)
        return None


def _page(work: _Work, form: MappingForm | None, said: ColumnMapping | None = None) -> ResponseReturnValue:
    preview = None
    if work.sheet is not None and said is not None and form is not None:
        preview = services.preview(said, work.sheet, zone())
    return render_template(
        "exchange/mapping.html",
        form=form,
        kind=work.kind,
        page=work.page,
        mapping=work.saved,
        sheet=work.sheet,
        packed="" if work.sheet is None else services.packed(work.sheet),
        preview=preview,
        history=[] if work.page is None else audit.history(f"mapping:{work.page.id}"),
    )


def _sample(file: object) -> Sheet:
    name = own_name(getattr(file, "filename", "") or "")
    return services.sample(name, file.read())  # type: ignore[attr-defined]


def _told(error: BadInput) -> list[str]:
    return [problem.message if isinstance(problem, Problem) else problem for problem in error.problems]
