"""Maps: what is in the files, and what happens when a run is stopped."""

from __future__ import annotations

import json

import numpy as np
import pytest
import rasterio
import shapely

from bykobling.emission import NoiseSettings, noise_map, receiver_levels
from bykobling.emission.maps import NODATA, TILE
from bykobling.errors import Cancelled, CrsError, InputError, OutputError
from tests.emission.towns import houses, points, roads

STREET = roads([[(-200, 3), (220, 40)]])
AREA = shapely.box(-300, -150, 300, 150)
WIDE = shapely.box(0, 0, 10 * TILE * 2, 10 * TILE)


def middles(profile, rows, columns):
    """Where the middles of cells lie."""
    grid = profile["transform"]
    return grid.c + (columns + 0.5) * grid.a, grid.f + (rows + 0.5) * grid.e


def read(path):
    with rasterio.open(path) as file:
        return file.read(1), file.profile, file.tags(), file.descriptions


def test_a_cell_holds_the_level_at_its_middle(tmp_path):
    buildings = houses([(-30, 50, 60, 70)], [12.0])
    made = noise_map(STREET, tmp_path, area=AREA, buildings=buildings)
    lden, profile, _, _ = read(made.lden)
    lnight = read(made.lnight)[0]
    rows, columns = np.meshgrid(range(0, 30, 7), range(0, 60, 9))
    x, y = middles(profile, rows.ravel(), columns.ravel())
    expected = receiver_levels(STREET, points(np.column_stack([x, y])), buildings=buildings)
    np.testing.assert_allclose(lden[rows.ravel(), columns.ravel()], expected["lden_db"], atol=1e-4)
    np.testing.assert_allclose(lnight[rows.ravel(), columns.ravel()], expected["lnight_db"], atol=1e-4)
    assert (lnight < lden).all()


def test_what_the_file_says_of_itself(tmp_path):
    made = noise_map(STREET, tmp_path, area=AREA, source="two lines drawn for a test")
    lden, profile, tags, names = read(made.lden)
    assert lden.shape == (30, 60)
    assert profile["tiled"]
    assert profile["compress"] == "lzw"
    assert profile["dtype"] == "float32"
    assert profile["nodata"] == NODATA
    assert profile["crs"].to_epsg() == 25832
    assert tags["label"] == "screening, +-5 dB"
    assert tags["indicator"] == "lden"
    assert tags["source"] == "two lines drawn for a test"
    assert json.loads(tags["settings"])["version"] == "2021/1226"
    assert "bykobling" in tags["software"]
    assert "assumed" in tags["notes"]
    assert "not known" in tags["nodata_means"]
    assert names == ("lden_db",)
    assert read(made.lnight)[2]["indicator"] == "lnight"
    assert any("Screening" in note for note in made.notes)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["lden.tif", "lnight.tif"]


def test_outside_the_area_there_is_no_data_and_quiet_is_the_floor(tmp_path):
    area = shapely.Point(0, 0).buffer(120)
    made = noise_map(STREET, tmp_path, area=area, settings=NoiseSettings(max_distance_m=60.0))
    lden, profile, _, _ = read(made.lden)
    columns, rows = np.meshgrid(np.arange(lden.shape[1]), np.arange(lden.shape[0]))
    x, y = middles(profile, rows, columns)
    inside = shapely.contains_xy(area, x, y)
    assert ((lden == NODATA) == ~inside).all()
    assert made.cells == inside.sum()
    assert lden[inside].min() == 35.0


def test_cells_lie_on_multiples_of_their_size(tmp_path):
    made = noise_map(STREET, tmp_path, area=shapely.box(3, 4, 47, 52), cell_m=20.0)
    profile = read(made.lden)[1]
    assert (profile["transform"].c, profile["transform"].f, profile["width"], profile["height"]) == (0.0, 60.0, 3, 3)


def stopper(after):
    """A progress that stops the run once so many cells are done."""

    def progress(done, total, message):
        assert message == "noise map"
        assert 0 < done <= total
        if done >= after:
            raise Cancelled("enough")

    return progress


def test_a_stopped_run_leaves_earlier_maps_and_goes_on_where_it_was(tmp_path):
    street = roads([[(100, 100), (5000, 2400)]])
    whole = noise_map(street, tmp_path / "whole", area=WIDE)
    first = noise_map(STREET, tmp_path / "map", area=AREA)
    before = first.lden.read_bytes()
    with pytest.raises(Cancelled):
        noise_map(street, tmp_path / "map", area=WIDE, progress=stopper(TILE * TILE + 1))
    assert first.lden.read_bytes() == before
    seen = []
    again = noise_map(street, tmp_path / "map", area=WIDE, progress=lambda done, *_: seen.append(done))
    # the first of two tiles is told as done at once, and not computed again
    assert seen[0] == TILE * TILE
    assert seen[-1] == 2 * TILE * TILE
    assert len(seen) <= 2 + 1 + TILE * TILE // 512
    assert again.lden.read_bytes() == whole.lden.read_bytes()
    assert again.lnight.read_bytes() == whole.lnight.read_bytes()
    assert sorted(path.name for path in (tmp_path / "map").iterdir()) == ["lden.tif", "lnight.tif"]


@pytest.mark.parametrize("changed", ["street", "cell", "no_resume", "torn"])
def test_tiles_of_other_inputs_are_not_taken(tmp_path, changed):
    street, area = roads([[(100, 100), (5000, 2400)]]), WIDE
    with pytest.raises(Cancelled):
        noise_map(street, tmp_path, area=area, progress=stopper(TILE * TILE + 1))
    options = {"resume": changed != "no_resume"}
    if changed == "street":
        street = street.assign(maxspeed_kmh=80.0)
    if changed == "cell":
        options["settings"] = NoiseSettings(ground=0.0)
    if changed == "torn":
        state = next(tmp_path.glob(".bykobling-noise.json"))
        state.write_text(state.read_text()[:20])
    seen = []
    noise_map(street, tmp_path, area=area, progress=lambda done, *_: seen.append(done), **options)
    assert seen[0] < TILE * TILE


def test_without_an_area_the_box_of_the_streets_is_mapped(tmp_path):
    made = noise_map(STREET, tmp_path)
    assert read(made.lden)[0].shape == (4, 42)


def test_faults_are_told(tmp_path):
    with pytest.raises(InputError, match="cell_m"):
        noise_map(STREET, tmp_path, area=AREA, cell_m=0.0)
    with pytest.raises(InputError, match="400,000,000"):
        noise_map(STREET, tmp_path, area=AREA, cell_m=0.01)
    with pytest.raises(InputError, match="no extent"):
        noise_map(STREET, tmp_path, area=shapely.Point(0, 0))
    with pytest.raises(InputError, match="no street emits"):
        noise_map(STREET.assign(drive=False), tmp_path)
    with pytest.raises(CrsError, match="area"):
        noise_map(STREET, tmp_path, area=STREET.buffer(100).to_crs(25833))
    with pytest.raises(CrsError, match="buildings"):
        noise_map(STREET, tmp_path, area=AREA, buildings=houses([(0, 0, 9, 9)], [9.0]).to_crs(25833))
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(OutputError, match="cannot be written"):
        noise_map(STREET, tmp_path / "file", area=AREA)
