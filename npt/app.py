"""Put the application together. The only place that assembles."""

from collections.abc import Callable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from flask import Flask, Response, render_template, request, url_for
from flask_wtf import CSRFProtect

from npt import edge, scheduler
from npt.abstractions.services import to_decide_count
from npt.abstractions.views import authorisations_bp as authorisations
from npt.abstractions.views import bp as abstractions
from npt.abstractions.views import duties_bp as duties
from npt.abstractions.views import returns_bp as returns
from npt.accounts import views as accounts
from npt.audit.queries import DEMONSTRATION, installation_mark
from npt.core import db
from npt.core.authority import Actor, Permission, Role
from npt.crime.views import bp as crime
from npt.exchange.views import bp as exchange
from npt.exchange.views.ward_officers import published_bp as published
from npt.flags.views import bp as flags
from npt.home.views import bp as home
from npt.home.views.jobs import bp as jobs
from npt.mail.views import bp as mail
from npt.panels.views import bp as panels
from npt.panels.views import briefing_bp as briefing
from npt.policy.queries import policy_on
from npt.policy.rules import NoPolicy
from npt.policy.views import bp as policy
from npt.problem_solving.views import bp as plans
from npt.problem_solving.views import partners_bp as partners
from npt.reports.views import bp as reports
from npt.settings import ROOT, Settings
from npt.staffing.views import bp as staffing
from npt.web import access, addresses, errors, headers, templates
from npt.web.access import Open, mark_library_endpoints

MAX_UPLOAD_BYTES = 20 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Place:
    """A place in the navigation: its words, where it leads, and who may open it."""

    label: str
    endpoint: str
    permission: Permission | None = None
    roles: frozenset[Role] | None = None
    """Only these roles, when the page is the home of no other."""
    unless: Permission | None = None
    """Left out for those who have this: another place leads them there."""
    holds: frozenset[str] = frozenset()
    """Other blueprints whose pages one comes to from this place."""
    count: Callable[[Actor, ZoneInfo], int] | None = None
    """How much waits there for somebody."""


BLUEPRINTS = (
    home,
    abstractions,
    authorisations,
    duties,
    returns,
    staffing,
    panels,
    briefing,
    reports,
    crime,
    plans,
    partners,
    flags,
    policy,
    exchange,
    published,
    jobs,
    mail,
)

NAVIGATION = (
    Place("My team", "home.index", Permission.VIEW_TEAM, frozenset({Role.SERGEANT, Role.INSPECTOR, Role.PC})),
    Place("To authorise", "authorisations.index", Permission.AUTHORISE_ABSTRACTION, count=to_decide_count),
    Place("Abstractions", "abstractions.index", Permission.VIEW_ABSTRACTIONS, holds=frozenset({"published"})),
    Place("On duty", "duties.now", Permission.VIEW_TEAM),
    Place("Duties", "duties.index", Permission.CHANGE_DUTIES, unless=Permission.VIEW_TEAM),
    Place("Staffing", "staffing.index", Permission.VIEW_STAFFING),
    Place("Briefing", "briefing.index", Permission.VIEW_BRIEFING, unless=Permission.VIEW_PANELS),
    Place("Panels", "panels.index", Permission.VIEW_PANELS, holds=frozenset({"briefing"})),
    Place("Plans", "problem_solving.index", Permission.VIEW_PLANS, holds=frozenset({"partners"})),
    Place("Our actions", "partners.mine", Permission.WORK_PARTNER_ACTIONS),
    Place("Reports", "reports.index", Permission.VIEW_BCU_MONTH, holds=frozenset({"crime"})),
    Place("Crime", "crime.index", Permission.VIEW_CRIME, unless=Permission.VIEW_BCU_MONTH),
    Place("Flags", "flags.index", Permission.VIEW_FLAGS),
    Place("Policy", "policy.index", Permission.VIEW_POLICY),
    Place("Users", "accounts.index", Permission.MANAGE_USERS),
    Place("Imports", "exchange.index", Permission.RUN_IMPORTS),
    Place("Jobs", "jobs.index", Permission.RUN_JOBS),
    Place("Emails", "mail.index", Permission.MANAGE_USERS),
)


@dataclass(frozen=True, slots=True)
class Item:
    """A place in the navigation as one person sees it on one page."""

    label: str
    href: str
    current: bool
    count: int | None = None


def create_app(settings: Settings, *, connect: bool = True) -> Flask:
    """The application, for the web and for commands. Touches no table until it is asked something.

    :param connect: bind the session to the database of the settings; a test binds it to its own transaction instead
    """
    app = addresses.Application(
        "npt",
        root_path=str(ROOT / "npt"),
        template_folder=str(ROOT / "templates"),
        static_folder=str(ROOT / "npt" / "static"),
    )
    app.url_map.strict_slashes = False
    app.config.update(
        SECRET_KEY=settings.secret_key,
        MAX_CONTENT_LENGTH=MAX_UPLOAD_BYTES,
        SESSION_COOKIE_NAME="__Host-npt" if settings.secure_cookies else "npt",
        SESSION_COOKIE_SECURE=settings.secure_cookies,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        WTF_CSRF_TIME_LIMIT=None,
    )
    app.extensions["npt.settings"] = settings
    app.extensions["npt.zone"] = settings.zone
    app.extensions["npt.policy"] = policy_on
    app.extensions["npt.jobs"] = scheduler.registry()
    if connect:
        db.connect(settings.database_url)
        app.teardown_appcontext(lambda _: db.session.remove())
    app.url_map.converters["int"] = addresses.Number
    app.url_map.converters["string"] = app.url_map.converters["default"] = addresses.Code
    app.before_request(db.forget_what_was_read)
    templates.install(app)
    headers.install(app, settings)
    errors.install(app)
    # Who is asking is known before anything can be refused, or a refusal's own page could not say it.
    accounts.install(app)
    CSRFProtect(app)
    access.install(app)
    app.before_request(addresses.refuse_null_characters)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    app.register_error_handler(NoPolicy, _no_policy)
    app.add_url_rule("/health", "health", _health)
    mark_library_endpoints(app, {"static": Open.PUBLIC, **accounts.LIBRARY_ENDPOINTS})
    app.context_processor(_surroundings)
    return app


def _no_policy(error: NoPolicy) -> tuple[str, int]:
    """Say in words that the figures of policy do not reach back so far."""
    advice = f"{error}. Choose a later day, or ask the force lead to date the policy further back."
    return render_template("errors/error.html", heading="No policy in force on that day", advice=advice), 404


@access.requires(Open.PUBLIC)
def _health() -> Response:
    """Say that the web server answers. Nothing about the force."""
    return Response("ok\n", mimetype="text/plain")


def _surroundings() -> dict[str, object]:
    """What every page says around its own words."""
    settings: Settings = edge.settings()
    # Nobody is looked up for a file of the browser's, nor for the page that says it is missing.
    signed_in = request.endpoint != "static" and edge.signed_in()
    return {
        "actor": edge.actor() if signed_in else None,
        "navigation": _navigation() if signed_in else [],
        "force_name": settings.force_name,
        "demonstration": _is_demonstration(),
    }


def _navigation() -> list[Item]:
    blueprint, actor = (request.endpoint or "").split(".")[0], edge.actor()
    return [
        Item(
            place.label,
            url_for(place.endpoint),
            blueprint in place.holds or blueprint == place.endpoint.split(".")[0],
            place.count(actor, edge.zone()) if place.count else None,
        )
        for place in NAVIGATION
        if (place.permission is None or actor.may(place.permission))
        and (place.roles is None or actor.role in place.roles)
        and not (place.unless and actor.may(place.unless))
    ]


def _is_demonstration() -> bool:
    return installation_mark(DEMONSTRATION) is not None
