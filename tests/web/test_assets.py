import json
import re
import shutil
from pathlib import Path

import pytest
from flask import Flask

from npt.settings import ROOT
from npt.web import assets

STATIC = ROOT / "npt" / "static"


def built_text(name: str) -> str:
    files: dict[str, str] = json.loads((STATIC / "manifest.json").read_text())["files"]
    return (STATIC / files[name]).read_text()


def test_everything_comes_from_the_public_registry_and_no_machine_is_named() -> None:
    lock = json.loads((ROOT / "frontend" / "package-lock.json").read_text())

    packages = {name: package for name, package in lock["packages"].items() if name}
    assert packages
    assert all(package["resolved"].startswith("https://registry.npmjs.org/") for package in packages.values())
    assert all(package["integrity"] for package in packages.values())


def test_nothing_of_govuk_s_identity_is_in_the_stylesheet(built: None) -> None:
    css = built_text("npt.css").lower()

    assert "govuk-button" in css
    assert not re.search(r"crest|crown|transport|logotype|@font-face|url\(", css)


def test_the_brand_colour_can_be_read_on_white() -> None:
    colour = re.findall(r'"brand": #([0-9a-f]{6})', (ROOT / "frontend" / "scss" / "_brand.scss").read_text())[0]

    parts = [int(colour[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    assert 1.05 / (luminance + 0.05) >= 7


def test_what_a_browser_loads_is_small(built: None) -> None:
    assert sum(file.stat().st_size for file in STATIC.glob("*.gz")) < 100_000


def test_a_change_of_a_source_makes_what_was_built_stale(built: None, tmp_path: Path) -> None:
    ignored = shutil.ignore_patterns("node_modules")
    shutil.copytree(ROOT / "frontend", tmp_path / "frontend", ignore=ignored)
    shutil.copytree(STATIC, tmp_path / "npt" / "static")
    assert not assets.is_stale(tmp_path)

    page = tmp_path / "frontend" / "scss" / "_page.scss"
    page.write_text(page.read_text() + "\n.npt-new {\n  color: red;\n}\n")

    assert assets.is_stale(tmp_path)


def test_a_missing_file_makes_what_was_built_stale(built: None, tmp_path: Path) -> None:
    shutil.copytree(ROOT / "frontend", tmp_path / "frontend", ignore=shutil.ignore_patterns("node_modules"))
    shutil.copytree(STATIC, tmp_path / "npt" / "static")
    next((tmp_path / "npt" / "static").glob("npt.*.css")).unlink()

    assert assets.is_stale(tmp_path)


def test_a_page_without_built_files_says_what_to_do(app: Flask, tmp_path: Path) -> None:
    app.static_folder = str(tmp_path)

    with app.test_request_context("/"), pytest.raises(assets.AssetsFailed, match="not built"):
        assets.asset_url("npt.css")


def test_a_folder_without_a_lock_file_cannot_be_built(tmp_path: Path) -> None:
    (tmp_path / "frontend").mkdir()

    with pytest.raises(assets.AssetsFailed, match=r"package-lock\.json"):
        assets.build(tmp_path)
