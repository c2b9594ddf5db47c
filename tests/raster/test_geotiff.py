"""What a GeoTIFF may hold, and what is told of one that holds something else."""

from __future__ import annotations

import math

import numpy as np
import pytest
from affine import Affine

from bykobling.errors import CrsError, InputError, ReadError
from bykobling.exposure import home_levels
from bykobling.raster import levels_at, read_noise
from bykobling.raster import probe as probe_room
from tests.raster.maps import LEFT, NONE, NORTH_UP, TOP, at, points, slope, turned, write_tiff

ROAD = {"metric": "lden", "source": "road"}


def level(path, *shapes, **options):
    return levels_at(read_noise(path, **ROAD, **options), points(*shapes))["road_lden_db"].tolist()


def refused(path, kind=InputError, **options):
    with pytest.raises(kind) as caught:
        levels_at(read_noise(path, **ROAD, **options), points(at(0, 0), at(39, 29)))
    assert "Remedy" in str(caught.value)
    return str(caught.value)


def test_cells_and_what_lies_below_and_beyond(tmp_path):
    levels = read_noise(write_tiff(tmp_path / "n.tif", slope()), **ROAD)
    assert (levels.kind, levels.lowest_db, levels.name, levels.cell_m) == ("raster", 50, "road_lden", 10)
    found = levels_at(levels, points(at(0, 0), at(25, 3), at(39, 3), at(-2, 3)))
    assert found["road_lden_db"].tolist()[:2] == [75, 50]
    assert found["road_lden_reason"].tolist() == [None, None, "below_lowest", "unknown"]
    assert found["road_lden_hi_db"].tolist()[2] == 50
    assert found["road_lden_lo_db"].tolist()[2] == -math.inf
    assert found.isna().loc[3, ["road_lden_db", "road_lden_lo_db", "road_lden_hi_db"]].all()
    assert any("lowest" in note for note in levels.notes)


def test_the_last_edge_belongs_to_the_map(tmp_path):
    import shapely

    path = write_tiff(tmp_path / "n.tif", slope(30, 20))
    corner = shapely.Point(LEFT + 200, TOP - 300)
    assert level(path, corner, shapely.Point(LEFT, TOP)) == [56, 75]


def test_a_domain_says_where_the_map_was_made(tmp_path):
    import geopandas as gpd
    import shapely

    path = write_tiff(tmp_path / "n.tif", slope())
    half = gpd.GeoDataFrame(geometry=[shapely.box(LEFT, TOP - 150, LEFT + 400, TOP)], crs=25832)
    for domain in (half, half.to_crs(4326)):
        found = levels_at(read_noise(path, **ROAD, domain=domain), points(at(35, 3), at(35, 25), at(2, 25)))
        # a level told outside the domain stays told
        assert found["road_lden_reason"].tolist() == ["below_lowest", "unknown", None]


def test_undeclared_numbers_for_no_level(tmp_path):
    for number, dtype in ((-9999, "float32"), (255, "uint8"), (0, "uint8"), (-99, "float32"), (np.nan, "float32")):
        values = slope().astype(np.float64)
        values[values == NONE] = number
        path = write_tiff(tmp_path / f"{dtype}{number}.tif", values.astype(dtype), nodata=None)
        levels = read_noise(path, **ROAD)
        found = levels_at(levels, points(at(0, 0), at(38, 9)))
        assert any(f"{number:g} is taken to mean" in note for note in levels.notes) == (not math.isnan(number))
        assert found["road_lden_reason"].tolist() == [None, "below_lowest"]
        assert found["road_lden_db"].iloc[0] == 75


def test_levels_above_120_are_refused(tmp_path):
    values = slope() * 10
    assert "no level is above 120 dB" in refused(write_tiff(tmp_path / "n.tif", values, nodata=None))


def test_declared_scale_is_used(tmp_path):
    import rasterio

    path = write_tiff(tmp_path / "n.tif", (slope(lowest=0) * 10).astype(np.uint16), nodata=0)
    with rasterio.open(path, "r+") as out:
        out.scales, out.offsets = (0.1,), (0.0,)
    levels = read_noise(path, **ROAD)
    assert levels_at(levels, points(at(3, 3)))["road_lden_db"].tolist() == pytest.approx([72])
    assert any("times 0.1" in note for note in levels.notes)


def test_class_codes_need_a_meaning(tmp_path):
    codes = np.clip((slope(lowest=0) - 50) // 5 + 1, 0, 5).astype(np.uint8)
    path = write_tiff(tmp_path / "n.tif", codes, nodata=0)
    assert "class codes" in refused(path)
    bands = {1: (50, 55), 2: (55, 60), 3: (60, 65), 4: (65, 70), 5: (70, None)}
    levels = read_noise(path, **ROAD, bands=bands)
    found = levels_at(levels, points(at(0, 0), at(6, 0), at(39, 0)))
    assert levels.lowest_db == 50
    assert found["road_lden_db"].tolist()[:2] == [72.5, 67.5]
    assert found["road_lden_hi_db"].tolist() == [math.inf, 70, 50]
    assert found["road_lden_reason"].tolist()[2] == "below_lowest"
    del bands[3]
    assert "the codes 3 have no band" in refused(path, bands=bands)
    assert "is no pair of levels" in refused(path, bands={1: 55})


def test_band_edges_instead_of_levels(tmp_path):
    values = (slope(lowest=0) // 5 * 5).astype(np.float32)
    path = write_tiff(tmp_path / "n.tif", values)
    assert "bands, not levels" in refused(path)
    bands = {number: (number, number + 5) for number in range(35, 80, 5)}
    assert level(path, at(0, 0), bands=bands) == [77.5]
    # equal edges: these are levels indeed
    assert level(path, at(0, 0), bands={number: (number, number) for number in range(35, 80, 5)}) == [75]


def test_several_bands(tmp_path):
    import rasterio

    path = write_tiff(tmp_path / "n.tif", np.stack([slope(), slope() - 8]))
    assert "it has 2 bands" in refused(path)
    assert "it has 2 bands" in refused(path, band=3)
    assert level(path, at(0, 0), band=2) == [67]
    with rasterio.open(path, "r+") as out:
        out.descriptions = ("Lnight", "Lden")
    assert level(path, at(0, 0)) == [67]


def test_a_picture_is_no_map_of_levels(tmp_path):
    values = np.full((3, 20, 20), 60, np.uint8)
    path = write_tiff(tmp_path / "n.tif", values, nodata=None, photometric="RGB")
    assert "picture" in refused(path)


def test_degrees(tmp_path):
    degrees = Affine(0.001, 0.0, 12.5, 0.0, -0.001, 55.7)
    path = write_tiff(tmp_path / "n.tif", slope(), transform=degrees, crs=4326)
    levels = read_noise(path, **ROAD)
    assert 60 < levels.cell_m < 115
    assert any("degrees" in note for note in levels.notes)
    place = points(at(4, 4, degrees), crs=4326)
    assert levels_at(levels, place.to_crs(25833))["road_lden_db"].tolist() == [71]


@pytest.mark.parametrize("angle", [30, -110])
def test_rotated(tmp_path, angle):
    grid = turned(angle)
    path = write_tiff(tmp_path / "n.tif", slope(), transform=grid)
    levels = read_noise(path, **ROAD)
    assert levels.cell_m == pytest.approx(10)
    assert any("rotated" in note for note in levels.notes)
    assert level(path, at(7, 5, grid), at(20, 29, grid)) == [68, 55]


def test_no_crs(tmp_path):
    path = write_tiff(tmp_path / "n.tif", slope(), crs=None)
    assert "it has no CRS" in refused(path, CrsError)
    levels = read_noise(path, **ROAD, crs=25832)
    assert any("no CRS of its own" in note for note in levels.notes)
    assert levels_at(levels, points(at(0, 0)))["road_lden_db"].tolist() == [75]
    assert "not understood" in refused(path, crs="EPSG:1")


def test_no_position(tmp_path):
    assert "no position" in refused(write_tiff(tmp_path / "n.tif", slope(), transform=None))


def test_corrupt_and_missing_files(tmp_path):
    whole = write_tiff(tmp_path / "n.tif", slope(400, 400, lowest=0)).read_bytes()
    path = tmp_path / "cut.tif"
    path.write_bytes(whole[: len(whole) // 2])
    assert "cannot be read" in refused(path, ReadError)
    path.write_bytes(b"II*\x00" + bytes(40))
    assert "cannot be read" in refused(path, ReadError)
    path.write_bytes(b"")
    assert "empty" in refused(path, ReadError)
    assert "no such file" in refused(tmp_path / "none.tif", ReadError)
    assert "not a local file" in refused("https://example.org/n.tif", ReadError)


def test_other_rasters_are_named_as_such(tmp_path):
    for name in ("n.asc", "n.png", "n.VRT"):
        (tmp_path / name).write_bytes(b"some raster")
        assert "another format than GeoTIFF" in refused(tmp_path / name, ReadError)
    path = write_tiff(tmp_path / "n.tif", slope().astype(np.complex64), nodata=None)
    assert "complex numbers" in refused(path)


def test_a_file_that_only_points_to_others_is_refused(tmp_path):
    inside = write_tiff(tmp_path / "n.tif", slope())
    path = tmp_path / "v.tif"
    path.write_text(f"<VRTDataset rasterXSize='9' rasterYSize='9'><Source>{inside}</Source></VRTDataset>")
    assert "cannot be read" in refused(path, ReadError)


def test_pieces_too_large_to_read_are_refused(tmp_path, monkeypatch):
    path = write_tiff(tmp_path / "n.tif", slope(60, 40), compress="deflate", blockysize=60)
    monkeypatch.setattr("bykobling.raster.geotiff._MOST_CELLS_A_BLOCK", 60 * 40 - 1)
    assert "stored in pieces of 60 x 40 cells" in refused(path)
    monkeypatch.setattr("bykobling.raster.geotiff._MOST_CELLS_A_BLOCK", 60 * 40)
    assert level(path, at(0, 0)) == [75]


def test_a_huge_sparse_raster_is_read_in_windows(tmp_path):
    import rasterio

    path = tmp_path / "n.tif"
    profile = {"driver": "GTiff", "width": 200_000, "height": 200_000, "count": 1, "dtype": "float32",
               "crs": "EPSG:25832", "transform": NORTH_UP, "tiled": True, "blockxsize": 256, "blockysize": 256,
               "nodata": NONE, "SPARSE_OK": True}  # fmt: skip
    with rasterio.open(path, "w", **profile) as out:
        out.write(slope(), 1, window=rasterio.windows.Window(0, 0, 40, 30))
    assert level(path, at(0, 0), lowest_db=50) == [75]


def test_a_raster_without_any_level(tmp_path):
    assert "no level was found" in refused(write_tiff(tmp_path / "n.tif", np.full((30, 40), NONE, np.float32)))


def test_the_lowest_level_is_found_or_given(tmp_path):
    path = write_tiff(tmp_path / "n.tif", slope(lowest=52.5))
    assert read_noise(path, **ROAD).lowest_db == 53
    values = slope()
    values[values != NONE] += 0.7
    assert read_noise(write_tiff(tmp_path / "m.tif", values), **ROAD).lowest_db == 50
    levels = read_noise(path, **ROAD, lowest_db=45)
    assert levels.lowest_db == 45
    assert levels_at(levels, points(at(39, 0)))["road_lden_hi_db"].tolist() == [45]


def test_buildings_cut_out_of_a_map_are_unknown_not_quiet(tmp_path):
    values = slope()
    values[10:14, 5:9] = NONE
    values[10:20, 35:40] = NONE
    levels = read_noise(write_tiff(tmp_path / "n.tif", values), **ROAD)
    found = levels_at(levels, points(at(6, 11), at(38, 15), at(26, 2)))
    assert found["road_lden_reason"].tolist() == ["unknown", "below_lowest", "below_lowest"]


def test_whether_it_is_a_screening_estimate(tmp_path):
    path = write_tiff(tmp_path / "n.tif", slope(), tags={"label": "screening, +-5 dB"})
    assert read_noise(path, **ROAD).screening
    assert not read_noise(path, **ROAD, screening=False).screening
    assert not read_noise(write_tiff(tmp_path / "m.tif", slope()), **ROAD).screening


def test_a_map_of_another_town(tmp_path):
    import geopandas as gpd

    levels = read_noise(write_tiff(tmp_path / "n.tif", slope()), **ROAD)
    homes = gpd.GeoDataFrame({"residents": [1.0]}, geometry=[at(5000, 5000)], crs=25832)
    with pytest.raises(InputError, match="reaches none of the homes"):
        home_levels(levels, homes)


def test_options_are_checked_together(tmp_path):
    with pytest.raises(InputError) as caught:
        read_noise(tmp_path / "n.tif", metric="ldn", source="raod", lowest_db=-3)
    assert [fault.file for fault in caught.value.faults] == ["metric", "source", "lowest_db"]
    path = write_tiff(tmp_path / "n.tif", slope())
    assert "it is a raster, which has none" in refused(path, column="db", layer="x")


@pytest.mark.parametrize("layout", [{"tiled": True, "blockxsize": 16, "blockysize": 16}, {"blockysize": 1}, {}])
def test_windows_give_what_the_whole_raster_gives(tmp_path, monkeypatch, layout):
    rng = np.random.default_rng(0)
    values = rng.uniform(40, 80, (150, 130)).astype(np.float32)
    values[rng.random(values.shape) < 0.1] = NONE
    path = write_tiff(tmp_path / "n.tif", values, **layout)
    monkeypatch.setattr("bykobling.raster.sample._SIDE", 32)
    monkeypatch.setattr("bykobling.raster.sample._CELLS", 2_000)
    monkeypatch.setattr(probe_room, "_SIDE", 16)
    xy = rng.uniform(-50, 1600, (4_000, 2))
    seen = []
    found = levels_at(
        read_noise(path, **ROAD, lowest_db=40),
        points(*(at(x / 10 - 0.5, y / 10 - 0.5) for x, y in xy)),
        progress=lambda done, total, _: seen.append((done, total)),
    )
    column, row = (xy // 10).astype(int).T
    inside = (column >= 0) & (column < 130) & (row >= 0) & (row < 150)
    want = np.where(inside, values[np.clip(row, 0, 149), np.clip(column, 0, 129)], np.nan)
    want[want == NONE] = np.nan
    np.testing.assert_array_equal(found["road_lden_db"], want)
    assert seen[-1][0] == seen[-1][1] == inside.sum()
    assert [done for done, _ in seen] == sorted(done for done, _ in seen)
    assert (found["road_lden_reason"][~inside] == "unknown").all()
