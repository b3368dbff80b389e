"""What an administrator hands in, the files of one run, and what they ask for."""

from collections.abc import Mapping

from npt.exchange.rules.kinds import KINDS
from npt.exchange.rules.published import Published
from npt.web.forms import ChoiceField, FileField, FilesField, Form, Required


class ImportForm(Form):
    files = FilesField(
        "Files",
        [Required("Choose one or more files")],
        description="CSV or Excel, each named after what is in it, such as duties.csv; ward boundaries as GeoJSON. "
        "Together up to 20 MB; larger ones go through the command npt import.",
        render_kw={"accept": ".csv,.xlsx,.geojson"},
    )

    mapping = ChoiceField(
        "Columns",
        description="With a mapping, choose one file; it may have any name.",
        first="Ours, as listed below",
    )

    def __init__(self, mappings: Mapping[str, str]) -> None:
        super().__init__()
        self.mapping.choices = mappings
        self.has_mappings = bool(mappings)


class WardOfficersForm(Form):
    file = FileField(
        "The workbook, or one of its sheets",
        [Required("Choose the workbook or one of its sheets")],
        description="Excel or CSV, as published: minutes of abstraction, strengths, or both.",
        render_kw={"accept": ".csv,.xlsx"},
    )


class PoliceUkForm(Form):
    panel = ChoiceField("Panel", [Required("Choose the panel whose neighbourhood this is")], first="Choose…")
    file = FileField(
        "Priorities or events",
        [Required("Choose the file of priorities or of events")],
        description="JSON, as data.police.uk gives it out",
        render_kw={"accept": ".json"},
    )


class ExportForm(Form):
    """Which kind of file, or all of them, and in which format."""

    kind = ChoiceField(
        "What",
        choices={name: name for name in (*(kind.name for kind in KINDS), *Published)},
        first="Everything, as one zip",
    )
    ending = ChoiceField(
        "Format",
        [Required("Choose CSV or Excel")],
        choices={"csv": "CSV", "xlsx": "Excel"},
        radios=True,
    )
