"""Take in files of the published folder format: all of a run, or nothing of it."""

from npt.exchange.services.files import at_path, from_uploads
from npt.exchange.services.loading import FileResult, ImportResult, Progress, Rehearsed, load, silent

__all__ = ["FileResult", "ImportResult", "Progress", "Rehearsed", "at_path", "from_uploads", "load", "silent"]
