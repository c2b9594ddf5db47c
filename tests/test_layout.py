"""The shape of the house: floors, docstrings, what ships."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


def run(*command):
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def test_imports_point_down():
    pytest.importorskip("importlinter")
    tool = shutil.which("lint-imports", path=str(Path(sys.executable).parent))
    done = run(tool, "--no-cache")
    assert done.returncode == 0, done.stdout + done.stderr


def test_docstrings_follow_numpydoc():
    pytest.importorskip("numpydoc")
    files = sorted(str(path) for path in (ROOT / "src").rglob("*.py"))
    done = run(sys.executable, "-m", "numpydoc.cli", "lint", *files)
    assert done.returncode == 0, done.stdout + done.stderr


def test_example_study_names_every_section():
    from bykobling.datasets import example_study
    from bykobling.study.config import SECTIONS

    text = example_study()
    tomllib.loads(text)
    for section in SECTIONS:
        assert f"[{section}]" in text or f"{section} = " in text


def test_example_study_is_valid_when_uncommented(tmp_path):
    """Every commented line is itself a setting that `read_study` accepts."""
    from bykobling.datasets import example_study
    from bykobling.study import read_study

    for name in ("city.osm.pbf", "areas.gpkg", "population.gpkg", "rail.gpkg", "libraries.geojson"):
        (tmp_path / name).touch()
    skip = ("# from =", "# vulnerable_not_null", "# A bykobling", "# Paths are")
    lines = [line for line in example_study().splitlines() if not line.startswith(skip)]
    lines = [line.removeprefix("# ") for line in lines]
    (tmp_path / "study.toml").write_text("\n".join(lines), encoding="utf-8")
    study = read_study(tmp_path / "study.toml")
    assert study.population is not None
    assert study.barriers[0].where.minimum == 60
    assert study.destinations_osm.weights == {"school": 2.0}


def test_shipped_data_carries_its_licence():
    notice = (ROOT / "data" / "monaco" / "ODbL-NOTICE").read_text(encoding="utf-8")
    assert "OpenStreetMap contributors" in notice
    assert "Open Database" in notice
