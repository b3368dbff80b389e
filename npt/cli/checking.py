"""Check everything: style, types, the direction of imports, all tests."""

import os
import subprocess
import sys

import click

from npt.settings import ROOT
from npt.web import assets

STEPS = {
    "ruff": ("-m", "ruff", "check"),
    "ruff format": ("-m", "ruff", "format", "--check"),
    "mypy": ("-m", "mypy"),
    "import contracts": ("-c", "from importlinter.cli import lint_imports_command; lint_imports_command()"),
}


@click.command()
@click.argument("pytest_arguments", nargs=-1)
def check(pytest_arguments: tuple[str, ...]) -> None:
    """Run ruff, mypy, the import contracts and all tests. Arguments go to pytest."""
    assets.build(ROOT)
    failed = [name for name, command in STEPS.items() if not _passes(name, command)]
    tests = ("-m", "pytest", *(pytest_arguments or ("-n", "auto", "--dist", "loadgroup", "-q", "--durations", "20")))
    # Tests run last, so that pytest's own closing line is the last but one to be seen.
    if not _passes("tests", tests):
        failed.append("tests")
    if failed:
        click.echo(f"Does not hold: {', '.join(failed)}", err=True)
        sys.exit(1)


def _passes(name: str, command: tuple[str, ...]) -> bool:
    click.echo(f"── {name}")
    # Tests start some forty processes of NPT; each would compile everything anew where nothing compiled may be kept.
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return subprocess.run([sys.executable, *command], cwd=ROOT, env=kept, check=False).returncode == 0  # noqa: S603 - our own tools
