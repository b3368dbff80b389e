"""What a file that was sent is called."""

from pathlib import PurePosixPath


def own_name(sent: str) -> str:
    """A file's own name: some browsers send the way to it too."""
    return PurePosixPath(sent.replace("\\", "/")).name
