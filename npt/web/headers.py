"""What every answer tells the browser: run nothing but ours, tell nobody, keep nothing of a signed-in page."""

from pathlib import Path
from time import perf_counter
from typing import cast

from flask import Flask, Response, g, request, session
from flask_compress import Compress
from whitenoise import WhiteNoise

from npt.settings import Settings

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
TRANSPORT = "max-age=31536000; includeSubDomains"
HASHED = r"\.[0-9a-f]{12}\.\w+$"
"""A built file's name carries its content, so it may be kept for ever."""


def install(app: Flask, settings: Settings) -> None:
    """Add the headers to every answer of ``app``, compress pages, and serve built files ready-compressed.

    No page is kept by a browser unless its view sets ``Cache-Control`` itself, as public pages do. Whoever is signed in
    is told how many milliseconds the server took (``Server-Timing``, which a browser shows with its own times).
    """
    headers = ALWAYS | ({"Strict-Transport-Security": TRANSPORT} if settings.secure_cookies else {})

    @app.before_request
    def begin() -> None:
        g.npt_began = perf_counter()

    @app.after_request
    def guard(response: Response) -> Response:
        for name, value in headers.items():
            response.headers.setdefault(name, value)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        if request.endpoint != "static":
            response.headers.setdefault("Cache-Control", "no-store")
            if response.cache_control.no_store and "_user_id" in session and "npt_began" in g:
                response.headers["Server-Timing"] = f"server;dur={1000 * (perf_counter() - g.npt_began):.0f}"
        return response

    app.config.setdefault("COMPRESS_ALGORITHM", ["br", "gzip"])
    Compress(app)
    static = Path(cast(str, app.static_folder))
    if static.is_dir():
        app.wsgi_app = WhiteNoise(  # type: ignore[method-assign]
            app.wsgi_app,
            root=static,
            prefix=cast(str, app.static_url_path),
            allow_all_origins=False,
            immutable_file_test=HASHED,
            add_headers_function=lambda sent, path, url: [sent.add_header(*header) for header in headers.items()],
        )
