"""Three doors, one answer: the profile of Monaco from Python, from the command line and from Processing."""

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


def start(*command):
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("QGIS", "PROJ", "GDAL"))}
    return subprocess.Popen(command, env=kept, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


@pytest.mark.slow
def test_the_profile_of_monaco_is_the_same_through_every_door(provider, real_engine, tmp_path):
    import processing

    bin_folder = real_engine_path().parent
    python, command = bin_folder / "python", bin_folder / "bykobling"
    if not (python.is_file() and command.is_file()):
        pytest.skip(f"there is no python and no bykobling in {bin_folder}")
    study = shutil.copytree(MONACO, tmp_path / "monaco") / "study.toml"
    doors = {
        "python": start(str(python), "-c", PYTHON, str(study), str(tmp_path / "python")),
        "command": start(str(command), "run", str(study), "--folder", str(tmp_path / "command")),
    }
    parameters = {
        "OSM": str(MONACO / "monaco.osm.pbf"), "AREAS": str(MONACO / "areas.geojson"), "ID_FIELD": "area_id",
        "NAME": "name", "GROUP": "group", "VULNERABLE": "vulnerable", "TRANSIT_FROM_OSM": True,
        "TITLE": "Monaco and its neighbours", "OUTPUT": str(tmp_path / "processing"), "LOAD": False,
    }  # fmt: skip
    processing.run("bykobling:profile", parameters, feedback=feedback_that())
    for name, door in doors.items():
        told, _ = door.communicate(timeout=900)
        assert door.returncode == 0, f"{name}: {told}"
    wanted = tables(tmp_path / "python" / "results.gpkg")
    assert len(wanted["areas"][1]) > 10
    assert len(wanted) > 10
    for door in ("command", "processing"):
        found = tables(tmp_path / door / "results.gpkg")
        assert set(found) == set(wanted), door
        for name, (columns, rows) in wanted.items():
            assert found[name][0] == columns, (door, name)
            assert found[name][1] == rows, (door, name)
    for name in ("areas.csv", "profile.csv", "gaps.csv", "shares.csv", "barriers.csv"):
        same = {(tmp_path / door / name).read_bytes() for door in ("python", "command", "processing")}
        assert len(same) == 1, name
