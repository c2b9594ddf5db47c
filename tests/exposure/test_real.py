"""Helsinki's real buildings, homes and streets under a made-up field of levels whose answer is known."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import shapely
from affine import Affine
from rasterio.features import rasterize
from scipy.ndimage import distance_transform_edt

from bykobling.exposure import (
    area_exposure,
    area_levels,
    building_levels,
    home_levels,
    home_receivers,
    residents_by_band,
)
from bykobling.raster import read_noise
from tests.raster.maps import NONE, write_tiff
from tests.real.studies import DATA

pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(not DATA.exists(), reason="no ../shared/data beside the project"),
]
NAME = "road_lden"
CELL_M, LOWEST_DB = 2.0, 53.0
AT_10_M_DB = {"trunk": 74.0, "primary": 72.0, "secondary": 69.0, "tertiary": 66.0}


def falling(streets, path):
    """Write levels that fall by 4.5 dB a doubling of the distance from streets; the loudest street counts."""
    left, bottom, right, top = streets.total_bounds
    shape = int((top - bottom) // CELL_M) + 1, int((right - left) // CELL_M) + 1
    grid = Affine(CELL_M, 0, left, 0, -CELL_M, top)
    levels = np.full(shape, -np.inf)
    for highway, loud in AT_10_M_DB.items():
        lines = streets.geometry[streets["highway"].isin([highway, f"{highway}_link"])]
        if len(lines):
            on = rasterize(lines, out_shape=shape, transform=grid)
            away = np.maximum(distance_transform_edt(on == 0) * CELL_M, 5.0)
            levels = np.maximum(levels, loud - 15 * np.log10(away / 10))
    values = np.where(levels >= LOWEST_DB, levels, NONE).astype(np.float32)
    return write_tiff(
        path, values, transform=grid, crs=streets.crs.to_wkt(), tiled=True, blockxsize=256, blockysize=256
    )


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    from bykobling.osm import read_osm
    from bykobling.study.residents import make_residents

    extract = read_osm(DATA / "helsinki" / "helsinki_centre_2024.osm.pbf")
    cells = gpd.read_file(DATA / "helsinki" / "helsinki_population_grid_2020.gpkg").to_crs(extract.crs)
    cells = cells[cells["population"] > 0]
    areas = cells.set_index(cells["id"].astype(str).rename("area_id"))[["geometry"]]
    population = cells.rename(columns={"population": "residents"})[["residents", "geometry"]].reset_index(drop=True)
    homes, _ = make_residents(extract, areas, population)
    path = falling(extract.streets, tmp_path_factory.mktemp("helsinki") / "noise.tif")
    levels = read_noise(path, metric="lden", source="road")
    return extract, areas, homes, levels


def test_homes_stand_in_buildings_and_hear_their_street(town):
    extract, _, homes, levels = town
    assert levels.lowest_db == LOWEST_DB
    found = home_levels(levels, homes, extract.buildings)
    tiers = found[f"{NAME}_tier"].value_counts(normalize=True)
    assert tiers["T2"] > 0.95
    # of houses on a big street the field itself tells the level in front of them
    facades = building_levels(levels, extract.buildings)
    loud = facades[f"{NAME}_max_db"].notna().to_numpy()
    streets = extract.streets
    best = np.full(loud.sum(), -np.inf)
    for highway, at_10 in AT_10_M_DB.items():
        lines = streets.geometry[streets["highway"].isin([highway, f"{highway}_link"])].to_numpy()
        if len(lines):
            tree = shapely.STRtree(lines)
            shapes = extract.buildings.geometry.to_numpy()[loud]
            (which, _), away = tree.query_nearest(shapes, return_distance=True, all_matches=False)
            best[which] = np.maximum(best[which], at_10 - 15 * np.log10(np.maximum(away, 5.0) / 10))
    # beside the kerb a metre is several dB
    apart = best < 68
    error = facades[f"{NAME}_max_db"].to_numpy()[loud][apart] - best[apart]
    # cells of 2 m, receivers 1 m in front of the facade and at most 5 m apart
    assert apart.sum() > 500
    assert abs(np.median(error)) < 1.0
    assert np.quantile(np.abs(error), 0.9) < 2.5
    # nobody is louder at the middle of the house than at its loudest facade
    inside = home_levels(levels, homes)[f"{NAME}_db"].fillna(0.0)
    assert (inside <= found[f"{NAME}_db"].fillna(LOWEST_DB) + 1.5).mean() > 0.98


def test_people_are_counted_once(town):
    extract, areas, homes, levels = town
    told = homes.join(home_levels(levels, homes, extract.buildings))
    found = area_exposure(told)
    assert set(found.index) <= set(areas.index)
    assert found["residents"].sum() == pytest.approx(told["residents"].sum(), rel=1e-6)
    bands = residents_by_band(told)
    total = bands.groupby("area_id")["residents"].sum()
    assert total.to_numpy() == pytest.approx(found["residents"].to_numpy())
    above = bands[bands["lo_db"] >= 58].groupby("area_id")["residents"].sum() / total
    known = 1 - found[f"{NAME}_unknown_share"]
    assert above.to_numpy() == pytest.approx((found[f"{NAME}_share_above_58"] * known).to_numpy(), abs=1e-9)
    # the louder half of the receivers is no louder than the loudest
    shared = area_exposure(home_receivers(levels, homes, extract.buildings))
    assert (shared[f"{NAME}_pop_weighted_mean_db"] <= found[f"{NAME}_pop_weighted_mean_db"] + 1e-9).all()
    assert shared["residents"].to_numpy() == pytest.approx(found["residents"].to_numpy())


def test_land_is_quieter_than_facades_towards_the_street(town):
    extract, areas, homes, levels = town
    people = area_exposure(homes.join(home_levels(levels, homes, extract.buildings)))
    land = area_levels(levels, areas).loc[people.index]
    both = people[f"{NAME}_share_above_58"].notna() & land[f"{NAME}_area_share_above_58"].notna()
    correlation = people.loc[both, f"{NAME}_share_above_58"].corr(land.loc[both, f"{NAME}_area_share_above_58"])
    assert correlation > 0.5
