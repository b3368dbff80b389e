"""The template environment: a misspelt name in a template of ours is an error; the libraries' own stay lenient."""

from collections.abc import Mapping, MutableMapping
from contextvars import ContextVar
from typing import Any

from flask import Flask
from flask.templating import Environment as FlaskEnvironment
from jinja2 import ChainableUndefined, ChoiceLoader, PackageLoader, PrefixLoader, StrictUndefined, Template
from jinja2.runtime import Context

from npt.web import charts, filters
from npt.web.assets import asset_url

LIBRARIES = ("govuk_frontend_jinja", "govuk_frontend_wtf")

_WRITTEN_IN: ContextVar[list[Context]] = ContextVar("_WRITTEN_IN")
"""The contexts of the template that is being written."""


class LettingGo(Template):
    """Lets go of all a page was made of once it is written.

    A macro knows the context it stands in, which knows the macro: a circle, and what the page was given hangs on it.
    Python's collector would find it many pages later, and one page would wait while the rows of all are taken apart.
    """

    def render(self, *args: Any, **kwargs: Any) -> str:
        contexts: list[Context] = []
        token = _WRITTEN_IN.set(contexts)
        try:
            return super().render(*args, **kwargs)
        finally:
            _WRITTEN_IN.reset(token)
            for context in contexts:
                context.vars.clear()

    def new_context(
        self, vars: dict[str, Any] | None = None, shared: bool = False, locals: Mapping[str, Any] | None = None
    ) -> Context:
        context = super().new_context(vars, shared, locals)
        # What is given nothing is macros that one page after another imports: they stay.
        if vars and (contexts := _WRITTEN_IN.get(None)) is not None:
            contexts.append(context)
        return context


class Environment(FlaskEnvironment):
    """Loads the libraries' templates through an overlay where a missing value is merely empty."""

    template_class = LettingGo
    _libraries: "Environment | None" = None

    def _load_template(self, name: str, globals: MutableMapping[str, Any] | None) -> Template:
        if self.undefined is ChainableUndefined or not name.startswith(LIBRARIES):
            return super()._load_template(name, globals)
        if self._libraries is None:
            self._libraries = self.overlay(undefined=ChainableUndefined)
        return self._libraries._load_template(name, globals)

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """What every template knows, as it is: each import and each field of a form looks through all of it, which
        takes long in the chain of mappings that keeps a template's own apart. No template of ours has its own.
        """
        return super().make_globals(d) if d else self.globals


def install(app: Flask) -> None:
    """Make ``app`` render with our environment. Call it before anything asks for ``app.jinja_env``."""
    app.jinja_environment = Environment
    app.jinja_options = {**app.jinja_options, "undefined": StrictUndefined, "trim_blocks": True, "lstrip_blocks": True}
    libraries = PrefixLoader({name: PackageLoader(name) for name in LIBRARIES})
    own = app.jinja_loader
    app.jinja_loader = ChoiceLoader([*([own] if own else []), libraries])
    app.jinja_env.globals["asset_url"] = asset_url
    app.jinja_env.globals["charts"] = charts
    filters.install(app)
