"""Three doors, one answer: profiles from Python, from the command line and from Processing."""

import os
import shutil
import sqlite3
import subprocess
from pathlib import Path

import pytest

from conftest import ROOT, feedback_that, real_engine_path

MONACO = ROOT / "data" / "monaco"
NOT_COMPARED = {
    # sentences that name the files of each door, and the day a style was written
    "notes", "layer_styles",
}  # fmt: skip

PYTHON = """
import dataclasses, pathlib, sys
from bykobling.study import read_study, run_study, save_results
study = dataclasses.replace(read_study(sys.argv[1]), results=pathlib.Path(sys.argv[2]))
save_results(run_study(study), study)
"""


def tables(path):
    """Every table of a GeoPackage with its columns and rows; shapes as they lie in the file."""
    with sqlite3.connect(f"{Path(path).as_uri()}?mode=ro", uri=True) as base:
        names = [row[0] for row in base.execute("SELECT table_name FROM gpkg_contents ORDER BY table_name")]
        found = {}
        for name in names:
            if name in NOT_COMPARED:
                continue
            cursor = base.execute(f'SELECT * FROM "{name}" ORDER BY rowid')
            found[name] = ([one[0] for one in cursor.description], cursor.fetchall())
    base.close()
    return found


def start(*command, folder=None):
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("QGIS", "PROJ", "GDAL"))}
    return subprocess.Popen(command, cwd=folder, env=kept, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def through_the_others(study, folder):
    """Start Python and the command line on a study."""
    bin_folder = real_engine_path().parent
    python, command = bin_folder / "python", bin_folder / "bykobling"
    if not (python.is_file() and command.is_file()):
        pytest.skip(f"there is no python and no bykobling in {bin_folder}")
    return {
        "python": start(str(python), "-c", PYTHON, str(study), str(folder / "python")),
        "command": start(str(command), "run", str(study), "--folder", str(folder / "command")),
    }


def all_alike(doors, folder):
    """Wait for the other doors; every number must be that of Processing."""
    for name, door in doors.items():
        told, _ = door.communicate(timeout=900)
        assert door.returncode == 0, f"{name}: {told}"
    wanted = tables(folder / "python" / "results.gpkg")
    assert len(wanted["areas"][1]) > 10
    assert len(wanted) > 10
    for door in ("command", "processing"):
        found = tables(folder / door / "results.gpkg")
        assert set(found) == set(wanted), door
        for name, (columns, rows) in wanted.items():
            assert found[name][0] == columns, (door, name)
            assert found[name][1] == rows, (door, name)
    for name in ("areas.csv", "profile.csv", "gaps.csv", "shares.csv", "barriers.csv"):
        same = {(folder / door / name).read_bytes() for door in ("python", "command", "processing")}
        assert len(same) == 1, name


@pytest.mark.slow
def test_the_profile_of_monaco_is_the_same_through_every_door(provider, real_engine, tmp_path):
    import processing

    study = shutil.copytree(MONACO, tmp_path / "monaco") / "study.toml"
    doors = through_the_others(study, tmp_path)
    parameters = {
        "OSM": str(MONACO / "monaco.osm.pbf"), "AREAS": str(MONACO / "areas.geojson"), "ID_FIELD": "area_id",
        "NAME": "name", "GROUP": "group", "VULNERABLE": "vulnerable", "TRANSIT_FROM_OSM": True,
        "TITLE": "Monaco and its neighbours", "OUTPUT": str(tmp_path / "processing"), "LOAD": False,
    }  # fmt: skip
    processing.run("bykobling:profile", parameters, feedback=feedback_that())
    all_alike(doors, tmp_path)


@pytest.mark.slow
def test_the_profile_of_copenhagen_is_the_same_through_every_door(provider, real_engine, tmp_path):
    import processing

    if not (ROOT.parent / "shared" / "data" / "copenhagen").is_dir():
        pytest.skip("needs ../shared/data/copenhagen beside the project")
    python = real_engine_path().parent / "python"
    making = start(str(python), "-m", "tests.real.studies", str(tmp_path / "studies"), folder=ROOT)
    told, _ = making.communicate(timeout=300)
    assert making.returncode == 0, told
    study = tmp_path / "studies" / "copenhagen" / "study.toml"
    doors = through_the_others(study, tmp_path)
    parameters = {"STUDY": str(study), "OUTPUT": str(tmp_path / "processing"), "LOAD": False}
    processing.run("bykobling:runstudy", parameters, feedback=feedback_that())
    all_alike(doors, tmp_path)
