"""Every view says who may use it. A view that does not say is closed to everyone."""

from collections.abc import Callable, Mapping
from enum import Enum
from typing import TypeVar, cast

from flask import Flask, abort, current_app, request
from flask.typing import ResponseReturnValue

from npt import edge
from npt.core.authority import Permission

View = TypeVar("View", bound=Callable[..., object])


class Open(Enum):
    """Access that asks for no permission."""

    PUBLIC = "public"
    """Anybody, signed in or not."""
    SIGNED_IN = "signed in"
    """Anybody who is signed in."""


def requires(access: Permission | Open) -> Callable[[View], View]:
    """Mark a view with who may use it. Stands nearest to the function, below the route."""

    def mark(view: View) -> View:
        view.access = access  # type: ignore[attr-defined]
        return view

    return mark


def access_of(view: object) -> Permission | Open | None:
    """Who may use a view, or nothing when it does not say."""
    return cast("Permission | Open | None", getattr(view, "access", None))


def mark_library_endpoints(app: Flask, marks: Mapping[str, Permission | Open]) -> None:
    """Say who may use the views a library brought.

    :raises KeyError: when there is no such endpoint, so that a renamed one is noticed at the start
    """
    for endpoint, access in marks.items():
        # a library may register one function twice, so the mark sits on a wrapper of this endpoint alone
        app.view_functions[endpoint] = requires(access)(_wrapper(app.view_functions[endpoint]))


def _wrapper(view: Callable[..., object]) -> Callable[..., ResponseReturnValue]:
    def marked(**values: object) -> ResponseReturnValue:
        return cast(ResponseReturnValue, view(**values))

    marked.__name__ = getattr(view, "__name__", "view")
    return marked


def gate() -> ResponseReturnValue | None:
    """Stand before every request. Refuse by default; what somebody may not use does not exist (RULES section 9)."""
    if request.endpoint is None or request.endpoint == "static":
        return None
    access = access_of(current_app.view_functions[request.endpoint])
    if access is Open.PUBLIC:
        return None
    if access is None:
        abort(404)
    if not edge.signed_in():
        return cast(ResponseReturnValue, current_app.login_manager.unauthorized())  # type: ignore[attr-defined]
    if isinstance(access, Permission) and not edge.actor().may(access):
        abort(404)
    return None


def install(app: Flask) -> None:
    """Put the gate before every request of ``app``, ahead of anything registered later."""
    app.before_request(gate)
