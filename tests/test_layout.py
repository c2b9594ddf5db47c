"""The shape of the house: floors, docstrings, what ships."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import bykobling

ROOT = Path(__file__).parents[1]


def run(*command):
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def test_imports_point_down():
    pytest.importorskip("importlinter")
    tool = shutil.which("lint-imports", path=str(Path(sys.executable).parent))
    done = run(tool, "--no-cache")
    assert done.returncode == 0, done.stdout + done.stderr


def public_objects():
    """Yield the dotted names users may import: what rooms list in ``__all__``, or define where they have no list.

    Methods of these classes are public too; inherited ones belong to their base.
    """
    for info in pkgutil.iter_modules(bykobling.__path__, "bykobling."):
        if "._" in info.name:
            continue
        room = importlib.import_module(info.name)
        listed = getattr(room, "__all__", None)
        own = [
            name
            for name, one in vars(room).items()
            if getattr(one, "__module__", None) == info.name and not name.startswith("_")
        ]
        # a name that is loaded late is none of the room's variables yet
        for name in listed if listed is not None else own:
            one = getattr(room, name)
            if not callable(one):
                continue
            if isinstance(one, type) or inspect.isfunction(one):
                yield f"{one.__module__}.{name}"
            if isinstance(one, type):
                yield from (
                    f"{one.__module__}.{name}.{member}"
                    for member, value in vars(one).items()
                    if inspect.isfunction(value) and not member.startswith("_")
                )


def test_a_room_that_loads_late_has_no_module_called_as_one_of_its_names():
    # once such a module is loaded, the room's attribute of that name is the module
    late = [path.parent for path in (ROOT / "src" / "bykobling").glob("*/__init__.pyi")]
    assert late
    for folder in late:
        modules = {path.stem for path in folder.glob("*.py")}
        names = importlib.import_module(f"bykobling.{folder.name}").__all__
        assert not modules & set(names), folder.name


def test_docstrings_follow_numpydoc():
    validate = pytest.importorskip("numpydoc.validate").validate
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["numpydoc_validation"]
    checks = set(settings["checks"])
    names = list(public_objects())
    assert len(names) > 50
    wrong = [f"{name}: {code} {text}" for name in names for code, text in validate(name)["errors"] if code in checks]
    assert not wrong, "\n".join(wrong)


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
    from bykobling.layers import Where
    from bykobling.study import read_study
    from bykobling.study.model import TrafficSource
    from bykobling.study.noise_settings import NoiseLayer, NoiseScreening

    files = (
        "city.osm.pbf areas.gpkg population.gpkg rail.gpkg counts.gpkg libraries.geojson stations.gpkg timetable.zip "
        "rail_lden.tif"
    )
    for name in files.split():
        (tmp_path / name).touch()
    skip = ("# from =", "# vulnerable_not_null", "# A bykobling", "# Paths are")
    lines = [line for line in example_study().splitlines() if not line.startswith(skip)]
    lines = [line.removeprefix("# ") for line in lines]
    (tmp_path / "study.toml").write_text("\n".join(lines), encoding="utf-8")
    study = read_study(tmp_path / "study.toml")
    assert study.population is not None
    assert study.barriers[0].where.minimum == 60
    # the example tells the defaults
    assert study.traffic == TrafficSource(
        study.path.parent / "counts.gpkg", layer="counts", name_column="street", where=Where("year", minimum=2022)
    )
    assert study.destinations_osm.weights == {"school": 2.0}
    assert study.noise == (NoiseLayer(study.path.parent / "rail_lden.tif", source="rail"),)
    assert study.noise_screening == NoiseScreening()


def test_shipped_data_carries_its_licence():
    notice = (ROOT / "data" / "monaco" / "ODbL-NOTICE").read_text(encoding="utf-8")
    assert "OpenStreetMap contributors" in notice
    assert "Open Database" in notice
