"""Receivers around buildings, the upper half, the quiet side."""

from __future__ import annotations

import math

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from bykobling.errors import Cancelled, CrsError, InputError
from bykobling.exposure import FacadeRules, building_levels
from bykobling.exposure.receivers import Receivers, quiet_facade, ranked, ring_receivers
from bykobling.raster import Sampled, read_noise
from tests.exposure.towns import buildings, street_map
from tests.raster.maps import contours, golden

ROAD = {"metric": "lden", "source": "road"}
NAME = "road_lden"


def exact(values, lowest=math.nan):
    """Make levels: a number is exact, "<" below the lowest, None unknown."""
    level = np.array([v if isinstance(v, int | float) else math.nan for v in values], float)
    below = np.array([v == "<" for v in values], bool)
    return Sampled(level, np.where(below, -math.inf, level), np.where(below, lowest, level))


def test_a_house_by_hand(tmp_path):
    town, levels = buildings(), street_map(tmp_path)
    before = town.copy()
    found = building_levels(levels, town)
    assert list(found.index) == ["A", "B", "C"]
    # the ring stands half a cell in front: y = 19.5 lies in the cell from 19 to 20, at 55.5 dB; the back at 34.5
    assert found.loc["A", [f"{NAME}_max_db", f"{NAME}_min_db"]].tolist() == [55.5, 34.5]
    assert found[f"{NAME}_tier"].tolist() == ["T2"] * 3
    # four sides of 21 m, a receiver every 4.94 m
    assert found.loc["A", f"{NAME}_receivers"] == 17
    # 21.0 dB between front and back
    assert found[f"{NAME}_quiet_facade"].tolist() == [1.0] * 3
    pd.testing.assert_frame_equal(town, before)
    # along the wall B and C share nobody listens
    assert (found.loc[["B", "C"], f"{NAME}_receivers"] < 17).all()


def test_no_receiver_stands_in_another_house_or_far_from_its_own():
    town = buildings()
    shapes = town.geometry.to_numpy()
    owner, xy = ring_receivers(shapes, np.arange(3), offset_m=0.1, spacing_m=5)
    points = shapely.points(xy)
    for k, shape in enumerate(shapes):
        assert not shapely.contains(shape, points).any()
        away = shapely.distance(shape, points[owner == k])
        assert (away > 0.05).all()
        assert (away < 0.15).all()
    # of a ring of 80.8 m all 17; of those with a party wall those outside it
    assert np.bincount(owner).tolist()[0] == 17


def test_a_house_inside_another_keeps_its_receivers():
    shapes = np.array([shapely.box(0, 0, 50, 50), shapely.box(20, 20, 30, 30)])
    owner, _ = ring_receivers(shapes, np.arange(2), offset_m=0.5)
    assert set(owner.tolist()) == {0, 1}


def test_a_courtyard_has_facades():
    ring = shapely.difference(shapely.box(0, 0, 60, 60), shapely.box(20, 20, 40, 40))
    owner, xy = ring_receivers(np.array([ring]), np.array([0]), offset_m=1.0)
    inner = shapely.contains(shapely.box(20, 20, 40, 40), shapely.points(xy))
    # rings of 4 x 62 m and 4 x 18 m
    assert (inner.sum(), len(owner) - inner.sum()) == (15, 50)


@settings(max_examples=30, deadline=None)
@given(st.floats(3, 80), st.floats(3, 80), st.floats(0.1, 5), st.floats(1, 10))
def test_spacing_is_kept(width, depth, offset, spacing):
    _, xy = ring_receivers(
        np.array([shapely.box(0, 0, width, depth)]), np.array([0]), offset_m=offset, spacing_m=spacing
    )
    ring = shapely.box(-offset, -offset, width + offset, depth + offset).exterior
    along = np.sort(shapely.line_locate_point(ring, shapely.points(xy)))
    gaps = np.diff(np.append(along, along[0] + ring.length))
    assert gaps.max() <= spacing + 1e-6
    assert np.ptp(gaps) < 1e-6
    assert (shapely.distance(ring, shapely.points(xy)) < 1e-9).all()


def test_upper_half_golden():
    case = golden("facade/median_split_derived.json")
    for levels, people, want in (
        (case["facade_levels"], case["inhabitants"], case["expected"]),
        (case["even_case"]["facade_levels"], case["even_case"]["inhabitants"], case["even_case"]["expected"]),
    ):
        found = ranked(Receivers(np.zeros(len(levels), np.int64), exact(levels[::-1])))
        upper = found.receivers.sampled.level_db[: found.upper[0]]
        assert {f"{level:g}": people / found.upper[0] for level in upper} == want


LEVELS = st.lists(st.one_of(st.none(), st.just("<"), st.integers(50, 80)), min_size=1, max_size=9)


@given(st.lists(LEVELS, min_size=1, max_size=4))
def test_ranking_is_that_of_a_loop(owners):
    owner = np.repeat(np.arange(len(owners)), [len(one) for one in owners])
    order = np.random.default_rng(0).permutation(len(owner))
    values = [value for one in owners for value in one]
    found = ranked(Receivers(owner[order], exact([values[k] for k in order], lowest=50)))
    assert found.owner.tolist() == list(range(len(owners)))
    for k, one in enumerate(owners):
        known = sorted((v if v != "<" else -1 for v in one if v is not None), reverse=True)
        part = found.receivers.sampled.take(found.first[k] + np.arange(found.count[k]))
        told = np.where(part.below, -1, part.level_db)
        if not known:
            assert part.is_unknown.tolist() == [True]
            continue
        assert told.tolist() == known
        assert found.upper[k] == max(len(known) // 2, 1)


@pytest.mark.parametrize(
    ("loud", "quiet", "lowest", "receivers", "lden", "want"),
    [
        (70, 55, 50, 9, True, 1),  # at 55
        (80, 60, 50, 9, True, 1),  # 20 dB below
        (70, 56, 50, 9, True, 0),
        (70, "<", 50, 9, True, 1),  # below 50 is below 55
        (70, "<", 58, 9, True, math.nan),  # below 58 may be 55 or not
        (79, "<", 58, 9, True, 1),  # 21 dB at least
        (60, 45, 40, 9, False, 0),  # the limit of 55 dB is one of Lden
        (60, 40, 40, 9, False, 1),
        (70, 50, 40, 1, True, math.nan),  # one receiver has no other side
        (None, None, 40, 1, True, math.nan),
    ],
)
def test_quiet_facade(loud, quiet, lowest, receivers, lden, want):  # noqa: PLR0917 - one a column above
    found = quiet_facade(exact([loud], lowest), exact([quiet], lowest), np.array([receivers]), lden=lden)
    assert found.tolist() == pytest.approx([want], nan_ok=True)


def test_below_the_lowest_and_beyond_the_map(tmp_path):
    levels = street_map(tmp_path, lowest=50)
    town = pd.concat([buildings(), buildings().translate(yoff=25).to_frame("geometry").set_axis(["D", "E", "F"])])
    far = gpd.GeoDataFrame(geometry=[shapely.box(5e4, 0, 5.001e4, 9)], crs=25832, index=["G"])
    found = building_levels(levels, pd.concat([town, far]))
    # the back of A is below 50, which is quiet; D lies below 50 altogether
    assert found.loc["A", f"{NAME}_max_db"] == 55.5
    assert math.isnan(found.loc["A", f"{NAME}_min_db"])
    assert found.loc["A", f"{NAME}_quiet_facade"] == 1
    assert found.loc["D", f"{NAME}_reason"] == "below_lowest"
    assert found.loc["D", f"{NAME}_max_hi_db"] == 50
    assert found.loc["G", f"{NAME}_reason"] == "unknown"
    assert found.loc["G", f"{NAME}_tier"] is None
    assert found.loc["G", f"{NAME}_receivers"] == 0


def test_upper_half_of_a_house(tmp_path):
    found = building_levels(street_map(tmp_path), buildings().head(1), rules=FacadeRules(spacing_m=21))
    # four receivers: 55.5 in front, 44.5 or 45.5 at both sides, 34.5 behind; the louder half is front and a side
    assert found.loc["A", f"{NAME}_receivers"] == 4
    side = found.loc["A", f"{NAME}_upper_half_lowest_db"]
    assert 34.5 < side < 55.5
    want = 10 * math.log10((10**5.55 + 10 ** (side / 10)) / 2)
    assert found.loc["A", f"{NAME}_upper_half_energy_mean_db"] == pytest.approx(want, abs=1e-9)


def test_reflection_and_screening(tmp_path):
    levels = street_map(tmp_path, screening=True)
    found = building_levels(levels, buildings(), rules=FacadeRules(reflection_db=3.0, offset_m=0.1))
    assert found[f"{NAME}_max_db"].tolist() == [52.5] * 3
    assert found[f"{NAME}_tier"].tolist() == ["T4"] * 3


def test_contours_at_facades():
    table = contours([("Lden6569", 0, 0, 200, 19.95), ("Lden5559", 0, 19.95, 200, 60)])
    house = buildings().translate(724_000 + 40, 6_176_000).to_frame("geometry")
    found = building_levels(read_noise(table, **ROAD), house)
    assert found[f"{NAME}_max_db"].tolist() == [67] * 3
    assert found[f"{NAME}_max_hi_db"].tolist() == [70] * 3
    # 55-59 in the back may be 55 or not
    assert found[f"{NAME}_quiet_facade"].isna().all()


def test_dwellings_in_buildings():
    told = gpd.GeoDataFrame(
        {"lden": [60.0, 66.0, 58.0]}, geometry=shapely.points([(5, 25), (8, 25), (50, 18)]), crs=25832
    )
    found = building_levels(read_noise(told, **ROAD), buildings())
    assert found[f"{NAME}_max_db"].tolist() == pytest.approx([66, 58, math.nan], nan_ok=True)
    assert found[f"{NAME}_min_db"].tolist()[0] == 60
    assert found[f"{NAME}_tier"].tolist() == ["T1", "T1", None]
    assert found[f"{NAME}_quiet_facade"].isna().all()


def test_the_map_may_be_in_another_crs(tmp_path):
    levels = street_map(tmp_path)
    town = buildings().set_crs(25832).to_crs(25833)
    found = building_levels(levels, town)
    assert found[f"{NAME}_max_db"].tolist() == [55.5] * 3


def test_batches_give_what_one_does(tmp_path, monkeypatch):
    levels = street_map(tmp_path, lowest=45)
    rng = np.random.default_rng(3)
    x, y = rng.uniform(-40, 140, 60), rng.uniform(2, 70, 60)
    town = gpd.GeoDataFrame(geometry=shapely.box(x, y, x + 9, y + 7), crs=25832)
    whole = building_levels(levels, town)
    monkeypatch.setattr("bykobling.exposure.buildings._BATCH", 7)
    seen = []
    parts = building_levels(levels, town, progress=lambda done, total, _: seen.append((done, total)))
    pd.testing.assert_frame_equal(whole, parts)
    assert seen[-1] == (60, 60)

    def stop(*_):
        raise Cancelled("stop")

    with pytest.raises(Cancelled):
        building_levels(levels, town, progress=stop)


def test_bad_input(tmp_path):
    levels = street_map(tmp_path)
    with pytest.raises(CrsError):
        building_levels(levels, buildings().to_crs(4326))
    with pytest.raises(InputError, match="Point where"):
        building_levels(levels, buildings().centroid.to_frame("geometry"))
    with pytest.raises(InputError) as caught:
        building_levels(levels, buildings(), rules=FacadeRules(offset_m=-1, spacing_m=0, reflection_db=math.nan))
    assert [fault.file for fault in caught.value.faults] == ["offset_m", "spacing_m", "reflection_db"]
    with pytest.raises(InputError, match="reaches none of the buildings"):
        building_levels(levels, buildings().translate(1e5).to_frame("geometry"))
