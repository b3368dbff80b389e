"""Take in files of the published folder format, all of a run or nothing of it; and give them out."""

from npt.exchange.services.exporting import ExportedFile, export, write_files, zipped
from npt.exchange.services.files import at_path, from_uploads
from npt.exchange.services.loading import FileResult, ImportResult, Progress, Rehearsed, load, silent

__all__ = [
    "ExportedFile",
    "FileResult",
    "ImportResult",
    "Progress",
    "Rehearsed",
    "at_path",
    "export",
    "from_uploads",
    "load",
    "silent",
    "write_files",
    "zipped",
]
