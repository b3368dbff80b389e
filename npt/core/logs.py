"""The log: one line of fields for each event, on standard error, without the values of local variables."""

import sys
import tomllib

import structlog

from npt.settings import ROOT

LOGGING = ROOT / "config" / "logging.toml"


def start_logging(level: str | None = None) -> None:
    """Set up the log as ``config/logging.toml`` says. What a command prints goes to standard output alone.

    :param level: another level than the file's, for a command that tells a person itself how it goes on
    """
    with LOGGING.open("rb") as file:
        wanted = tomllib.load(file)
    # A traceback with local variables would carry personal data into the log.
    plain = structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)
    fields = [structlog.processors.format_exc_info, structlog.processors.JSONRenderer(ensure_ascii=False)]
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            *(fields if wanted["format"] == "json" else [plain]),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level or wanted["level"]),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
