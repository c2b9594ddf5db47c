"""Land by level: shares of area, which are no shares of dwellings."""

from __future__ import annotations

import math
from dataclasses import replace

import geopandas as gpd
import numpy as np
import pytest
import shapely
from affine import Affine

from bykobling.errors import InputError
from bykobling.exposure import area_levels
from bykobling.raster import read_noise
from tests.exposure.towns import street_map
from tests.raster.maps import LEFT, TOP, contours, golden, write_tiff

ROAD = {"metric": "lden", "source": "road"}
NAME = "road_lden_area"


def boxes(*bounds, crs=25832):
    return gpd.GeoDataFrame(geometry=[shapely.box(*one) for one in bounds], crs=crs)


def test_zonal_golden(tmp_path):
    case = golden("zonal/zonal_exact_20x20.json")
    values = np.array([[np.nan if v is None else v for v in row] for row in case["raster"]])
    west, north = case["origin"]
    grid = Affine(case["res"], 0, west, 0, -case["res"], north)
    levels = read_noise(write_tiff(tmp_path / "n.tif", values, transform=grid, nodata=np.nan), **ROAD)
    names = list(case["expected"])
    shapes = [shapely.from_wkt(case["expected"][name]["wkt"]) for name in names]
    areas = gpd.GeoDataFrame(geometry=shapes, crs=25832, index=names)
    found = area_levels(levels, areas, thresholds_db=(58,))
    assert found[f"{NAME}_tier"].tolist() == ["T3"] * len(names)
    for name in names:
        want, row = case["expected"][name], found.loc[name]
        assert row[f"{NAME}_max_db"] == want["max"]
        below = row[f"{NAME}_below_lowest_share"]
        # the golden shares are of cells with a level
        assert row[f"{NAME}_share_above_58"] == pytest.approx(want["share_ge_58"] * (1 - below), abs=1e-6)
        if below == 0:
            assert row[f"{NAME}_energy_mean_db"] == pytest.approx(want["mean_energy_db"], abs=1e-6)
    assert (found[f"{NAME}_below_lowest_share"] == 0).sum() >= 2


def test_a_street_by_hand(tmp_path):
    levels = street_map(tmp_path, lowest=50)
    # across: levels above 65 from y = 0 to 10, above 50 to 25, then below; half of the second lies off the map
    areas = boxes((0, 0, 20, 50), (140, 0, 160, 50), (500, 0, 520, 50))
    found = area_levels(levels, areas)
    assert found[f"{NAME}_unknown_share"].tolist() == pytest.approx([0, 0.5, 1])
    assert found[f"{NAME}_below_lowest_share"].tolist()[:2] == pytest.approx([0.5, 0.5])
    assert found[f"{NAME}_share_above_65"].tolist()[:2] == pytest.approx([0.2, 0.2])
    assert found.loc[2].drop([f"{NAME}_unknown_share", f"{NAME}_tier"]).isna().all()
    assert found.loc[0, f"{NAME}_max_db"] == 74.5
    with pytest.raises(InputError, match="reaches none of the areas"):
        area_levels(levels, areas.tail(1))


def test_a_domain_limits_what_is_known(tmp_path):
    levels = street_map(tmp_path, lowest=50, domain=boxes((-50, 0, 10, 80)))
    found = area_levels(levels, boxes((0, 0, 20, 50)))
    assert found[f"{NAME}_unknown_share"].tolist() == pytest.approx([0.5])


def test_contours_and_raster_tell_the_same():
    # 70+ | 65-69 overlapped by it | nothing
    table = contours([("LdenGreaterThan70", 0, 0, 10, 100), ("Lden6569", 0, 0, 30, 100)])
    whole = contours([("all", 0, 0, 100, 100)])
    areas = boxes((LEFT, TOP, LEFT + 100, TOP + 100), (LEFT + 5, TOP, LEFT + 200, TOP + 10))
    found = area_levels(read_noise(table, **ROAD, domain=whole), areas, thresholds_db=(65, 68, 70))
    assert found[f"{NAME}_share_above_65"].tolist() == pytest.approx([0.3, 25 / 95])
    assert found[f"{NAME}_share_above_68"].isna().all()
    assert found[f"{NAME}_share_above_70"].tolist() == pytest.approx([0.1, 5 / 95])
    assert found[f"{NAME}_unknown_share"].tolist() == pytest.approx([0, 100 / 195])
    assert found[f"{NAME}_below_lowest_share"].tolist() == pytest.approx([0.7, 70 / 95])
    energy = 10 * math.log10(0.1 * 10**7.2 + 0.2 * 10**6.7 + 0.7 * 10**6.5)
    assert found[f"{NAME}_energy_mean_db"].tolist()[0] == pytest.approx(energy)


def test_areas_in_another_crs(tmp_path):
    levels = street_map(tmp_path, lowest=50)
    areas = boxes((0, 0, 20, 50))
    same = area_levels(levels, areas)
    moved = area_levels(levels, areas.to_crs(25833))
    for column in same.drop(columns=f"{NAME}_tier"):
        assert moved[column].tolist() == pytest.approx(same[column].tolist(), abs=0.02), column


def test_class_codes(tmp_path):
    codes = np.repeat([[1, 2, 0, 0]], 4, axis=0).astype(np.uint8)
    path = write_tiff(tmp_path / "n.tif", codes, nodata=0)
    levels = read_noise(path, **ROAD, bands={1: (55, 60), 2: (60, None)})
    found = area_levels(levels, boxes((LEFT, TOP - 40, LEFT + 40, TOP)), thresholds_db=(55, 60))
    assert found[f"{NAME}_share_above_55"].tolist() == [0.5]
    assert found[f"{NAME}_share_above_60"].tolist() == [0.25]


def test_levels_worked_out_at_points_tell_nothing_of_land(tmp_path):
    levels = replace(street_map(tmp_path), kind="model", raster=None, model=lambda x, _: x)
    with pytest.raises(InputError, match="worked out at points"):
        area_levels(levels, boxes((0, 0, 20, 50)))


def test_dwellings_tell_nothing_of_land():
    told = gpd.GeoDataFrame({"lden": [60.0]}, geometry=[shapely.Point(5, 5)], crs=25832)
    with pytest.raises(InputError, match="tell nothing of the land between"):
        area_levels(read_noise(told, **ROAD), boxes((0, 0, 20, 50)))
