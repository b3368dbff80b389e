"""What stands behind the figures of a unit: its posts and its people on a day, as many as the figure says."""

from collections import Counter
from collections.abc import Callable, Sequence
from typing import TypeVar

from flask import render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from npt.core.authority import Permission
from npt.people.rules import Grade, place
from npt.staffing.forms.behind import EVERY_GRADE, STAFF, Filled, MembersForm, PostsForm, UnitForm
from npt.staffing.queries import Member, PostRow, Structure, Where
from npt.staffing.queries.vacancies import places_of
from npt.staffing.rules.supervision import counted_grades
from npt.staffing.views import bp
from npt.staffing.views.asked import here
from npt.staffing.views.units import structure
from npt.web.access import requires
from npt.web.downloads import Cell, list_file
from npt.web.paging import address_of, asked_page, page_of

_PLACE = ("Team", "Sector", "BCU")
POSTS = ("Post", "Grade", *_PLACE, "FTE", "Holder", "Held as", "Since", "FTE in post", "FTE vacant")
MEMBERS = ("Collar number", "Name", "Grade", *_PLACE, "Post", "Held as", "Since")

Asked = TypeVar("Asked", bound=UnitForm)


def _narrowed(kind: type[Asked], found: Structure) -> tuple[Asked, Callable[[Where | None], bool]]:
    """The form as the address fills it, and whether a place is in the units it asks for."""
    given = MultiDict(request.args)
    given.setlist("on", [found.on.isoformat()])
    form = kind(formdata=given)
    form.bcu.choices = {bcu.code: bcu.name for bcu in found.bcus}
    form.sector.choices = {sector.code: sector.name for sector in found.sectors}
    form.team.choices = {team.code: team.name for team in found.teams}
    form.validate()

    def asked(where: Where | None) -> bool:
        return (
            where is not None
            and form.bcu.data in (None, where.bcu_code)
            and form.sector.data in (None, where.sector_code)
            and form.team.data in (None, where.team_code)
        )

    return form, asked


@bp.get("/posts")
@requires(Permission.VIEW_STAFFING)
def posts() -> ResponseReturnValue:
    """The posts of a unit on a day, with what they come to."""
    found = structure()
    places = places_of(found)
    form, asked = _narrowed(PostsForm, found)
    rows = [row for row in found.every_post() if asked(places.get(place(row.post))) and _of_grade(row, form.grade.data)]
    rows = _in_state(rows, form.state.data)
    if ending := request.args.get("format"):
        return list_file(ending, f"posts {found.on}", POSTS, [_post(row, places[place(row.post)]) for row in rows])
    return render_template(
        "staffing/posts.html",
        form=form,
        page=page_of(rows, asked_page()),
        total=found.together([row.post for row in rows]),
        where=lambda row: places[place(row.post)],
        on=found.on,
        may_open=found.open,
        address=address_of,
        here=here,
    )


def _of_grade(row: PostRow, asked: str | None) -> bool:
    if asked is None:
        return row.post.grade is not Grade.SPECIAL
    return asked in (EVERY_GRADE, row.post.grade.value)


def _in_state(rows: list[PostRow], asked: Filled | None) -> list[PostRow]:
    if asked is None:
        return rows
    held = Counter(holder.person.id for row in rows for holder in row.holders)
    wanted: dict[Filled, Callable[[PostRow], bool]] = {
        Filled.FILLED: lambda row: bool(row.holders),
        Filled.VACANT: lambda row: not row.holders,
        Filled.SHARED: lambda row: len(row.holders) > 1,
        Filled.ONE_OF_TWO: lambda row: any(held[holder.person.id] > 1 for holder in row.holders),
    }
    return [row for row in rows if wanted[asked](row)]


def _post(row: PostRow, where: Where) -> Sequence[Cell]:
    return [
        row.post.ref,
        row.post.grade.label,
        where.team_code,
        where.sector_code,
        where.bcu_code,
        row.post.fte,
        "; ".join(holder.person.name for holder in row.holders),
        "; ".join(holder.kind.value for holder in row.holders),
        "; ".join(holder.since.isoformat() for holder in row.holders),
        row.held_fte,
        row.vacant_fte,
    ]


@bp.get("/in-post")
@requires(Permission.VIEW_STAFFING)
def members() -> ResponseReturnValue:
    """The people whose present team on a day is in a unit, and its inspectors."""
    found = structure()
    places = places_of(found)
    form, asked = _narrowed(MembersForm, found)
    grades = counted_grades(found.policy) if form.grade.data == STAFF else {form.grade.data}
    rows = [
        row
        for row in found.members({team.id for team in found.teams}, {sector.id for sector in found.sectors})
        if asked(places.get(place(row.posting.post))) and (form.grade.data is None or row.grade in grades)
    ]
    if ending := request.args.get("format"):
        cells = [_member(row, places[place(row.posting.post)]) for row in rows]
        return list_file(ending, f"people {found.on}", MEMBERS, cells)
    return render_template(
        "staffing/members.html",
        form=form,
        page=page_of(rows, asked_page()),
        where=lambda row: places[place(row.posting.post)],
        on=found.on,
        address=address_of,
        here=here,
    )


def _member(row: Member, where: Where) -> Sequence[Cell]:
    return [
        row.person.collar_number,
        f"{row.person.forename} {row.person.surname}",
        row.grade.label,
        where.team_code,
        where.sector_code,
        where.bcu_code,
        row.posting.post.ref,
        row.posting.kind.value,
        row.posting.first_day,
    ]
