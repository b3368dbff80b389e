"""The list of panels, one panel, and one priority."""

from collections.abc import Iterable, Sequence

from flask import render_template, request
from flask.typing import ResponseReturnValue

from npt.audit import queries as audit
from npt.core.authority import Permission
from npt.core.periods import midnight
from npt.edge import actor, policy, today, zone
from npt.panels import queries
from npt.panels.queries import PanelLine, PanelPage, PriorityRow
from npt.panels.rules.membership import by_sector
from npt.panels.views import bp
from npt.panels.views.news import news_of
from npt.web.access import requires
from npt.web.addresses import this_page
from npt.web.downloads import Cell, list_file

PANELS = (
    "Panel",
    "Panel name",
    "District",
    "BCU",
    "Sector",
    "Lead team",
    "Teams",
    "Chair",
    "Chair type",
    "Chair until",
    "Next meeting",
    "Public meetings",
    "Of",
    "Longest gap in days",
    "Longest allowed",
    "Current priorities",
)
TERMS = ("Name", "Office", "Type", "From", "To")
SEATS = ("Organisation", "Role", "Sector", "Votes", "Expected", "From", "To")
MEETINGS = ("Meeting", "When", "Where", "Public", "Status", "Days since the meeting before", "Public came", "Minutes")
PRIORITIES = ("Priority", "Title", "Detail", "Source", "State", "Decided at", "Minute")


@bp.get("")
@requires(Permission.VIEW_PANELS)
def index() -> ResponseReturnValue:
    """The panels of those who ask, live today; the closed ones on request."""
    on = today()
    every = queries.panels_on(actor().scope, on, policy(on), zone())
    closed = request.args.get("show") == "closed"
    rows = [row for row in every if row.live is not closed]
    if ending := request.args.get("format"):
        return list_file(ending, f"panels {on}", PANELS, [_panel(row) for row in rows])
    return render_template(
        "panels/index.html",
        rows=rows,
        closed=closed,
        others=len(every) - len(rows),
        policy=policy(on),
        here=this_page,
    )


def _panel(row: PanelLine) -> Sequence[Cell]:
    chair, upcoming = row.chair, row.keeping.next
    return [
        row.code,
        row.name,
        row.district,
        row.lead.bcu_name,
        row.lead.sector_name,
        row.lead.name,
        "; ".join(team.name for team in row.teams),
        chair.name if chair else None,
        chair.chair_type.label if chair else None,
        chair.last_day if chair else None,
        upcoming.starts_at if upcoming else None,
        len(row.keeping.counted),
        row.keeping.minimum,
        row.keeping.longest.days,
        row.keeping.limit_days,
        len(row.current),
    ]


@bp.get("/<code>")
@requires(Permission.VIEW_PANELS)
def show(code: str) -> ResponseReturnValue:
    """One panel: what waits, when it meets, what it asked for and where that stands."""
    on = today()
    page = queries.panel_page(code, actor().scope, on, policy(on), zone())
    if ending := request.args.get("format"):
        return _file(ending, page)
    history = audit.history(*page.subjects)
    last = page.panel.last_held
    since = last.sitting.starts_at if last else midnight(page.panel.first_day, zone())
    told = queries.told_of(page.panel, since)
    seats = queries.seats_of(page.panel.id)
    return render_template(
        "panels/show.html",
        page=page,
        panel=page.panel,
        policy=policy(on),
        on=on,
        history=history,
        last=last,
        news=news_of(page.panel, told, history, since),
        did=told.did,
        term=queries.term_held(page.panel.id, actor(), on),
        said=[
            each for each in queries.minuted([row.id for row in page.panel.current], zone(), drafts=False) if each.open
        ],
        seats=[seat for seat in seats if seat.last_day is None or seat.last_day >= on],
        sectors=by_sector(seats, on),
        going=[each.role for each in queries.expected_at(page.panel.id, on) if each.member_id is not None],
        here=this_page,
    )


def _file(ending: str, page: PanelPage) -> ResponseReturnValue:
    panel = page.panel
    match request.args.get("list", "meetings"):
        case "priorities":
            return priorities_file(ending, f"priorities {panel.code}", panel.priorities, panel)
        case "chairs":
            terms = [
                [term.name, term.office.label, term.chair_type.label, term.first_day, term.last_day]
                for term in panel.terms
            ]
            return list_file(ending, f"chairs {panel.code}", TERMS, terms)
        case "seats":
            seats = [
                [
                    seat.organisation,
                    seat.role,
                    seat.sector.label,
                    seat.votes,
                    seat.expected,
                    seat.first_day,
                    seat.last_day,
                ]
                for seat in queries.seats_of(panel.id)
            ]
            return list_file(ending, f"seats {panel.code}", SEATS, seats)
        case _:
            meetings = [
                [
                    row.sitting.ref,
                    row.sitting.starts_at,
                    row.venue,
                    row.sitting.public,
                    row.sitting.status.label,
                    row.gap,
                    row.public_attendance,
                    row.minutes_ref,
                ]
                for row in panel.meetings
            ]
            return list_file(ending, f"meetings {panel.code}", MEETINGS, meetings)


def priorities_file(ending: str, name: str, rows: Iterable[PriorityRow], panel: PanelLine) -> ResponseReturnValue:
    """Priorities of one panel as a file."""
    held = {row.sitting.id: row.sitting for row in panel.meetings}
    cells: list[Sequence[Cell]] = [
        [
            row.ref,
            row.title,
            row.detail,
            row.source,
            row.state.label,
            held[row.adopted_at_id].starts_at if row.adopted_at_id else None,
            row.minute_ref,
        ]
        for row in rows
    ]
    return list_file(ending, name, PRIORITIES, cells)
