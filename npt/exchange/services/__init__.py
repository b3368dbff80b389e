"""Take in files of the published folder format, all of a run or nothing of it; and give them out."""

from npt.exchange.services.exporting import ExportedFile, export, write_files, zipped
from npt.exchange.services.files import at_path, from_uploads
from npt.exchange.services.loading import Rehearsed, load
from npt.exchange.services.mappings import Preview, PreviewRow, end_mapping, preview, save_mapping
from npt.exchange.services.results import FileResult, ImportResult, Progress, silent
from npt.exchange.services.samples import packed, sample, unpacked
from npt.exchange.services.ward_officers import WardOfficersTaken, take_in_ward_officers

__all__ = [
    "ExportedFile",
    "FileResult",
    "ImportResult",
    "Preview",
    "PreviewRow",
    "Progress",
    "Rehearsed",
    "WardOfficersTaken",
    "at_path",
    "end_mapping",
    "export",
    "from_uploads",
    "load",
    "packed",
    "preview",
    "sample",
    "save_mapping",
    "silent",
    "take_in_ward_officers",
    "unpacked",
    "write_files",
    "zipped",
]
