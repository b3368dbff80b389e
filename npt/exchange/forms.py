"""What an administrator hands in: the files of one run."""

from npt.web.forms import FilesField, Form, Required


class ImportForm(Form):
    files = FilesField(
        "Files",
        [Required("Choose one or more files")],
        description="CSV or Excel, each named after what is in it, such as duties.csv. Together up to 20 MB; larger "
        "ones go through the command npt import.",
        render_kw={"accept": ".csv,.xlsx"},
    )
