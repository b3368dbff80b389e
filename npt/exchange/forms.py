"""What an administrator hands in, the files of one run, and what they ask for."""

from npt.exchange.rules.kinds import KINDS
from npt.web.forms import ChoiceField, FilesField, Form, Required


class ImportForm(Form):
    files = FilesField(
        "Files",
        [Required("Choose one or more files")],
        description="CSV or Excel, each named after what is in it, such as duties.csv. Together up to 20 MB; larger "
        "ones go through the command npt import.",
        render_kw={"accept": ".csv,.xlsx"},
    )


class ExportForm(Form):
    """Which kind of file, or all of them, and in which format."""

    kind = ChoiceField("What", choices={kind.name: kind.name for kind in KINDS}, first="Everything, as one zip")
    ending = ChoiceField(
        "Format",
        [Required("Choose CSV or Excel")],
        choices={"csv": "CSV", "xlsx": "Excel"},
        radios=True,
    )
