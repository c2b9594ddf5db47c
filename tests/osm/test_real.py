"""The real extracts: counts that a change may move only on purpose."""

from __future__ import annotations

import pytest
import shapely

from bykobling.osm import read_osm

pytestmark = pytest.mark.real


def land(extract):
    table = extract.barrier_features
    return table[table["kind"] == "land"], table[table["subkind"] == "sea"]


def test_helsinki(real):
    extract = read_osm(real("helsinki/helsinki_centre_2024.osm.pbf"))
    streets = extract.streets
    assert 48_000 < len(streets) < 54_000
    assert (streets["length_m"] > 0).all()
    assert (streets["u"] != streets["v"]).all()
    assert streets["walk"].mean() == pytest.approx(0.946, abs=0.01)
    assert 2_500 < len(extract.crossings) < 3_000
    assert extract.buildings["residential"].mean() > 0.5
    # every end of a street is where its node is
    ends = {}
    for row in streets.iloc[::50].itertuples():
        ends.setdefault(row.u, row.geometry.coords[0])
        assert ends[row.u] == pytest.approx(row.geometry.coords[0], abs=0.02)
    # about half the window is sea, and hardly a street (bridges, piers) lies in it
    _, sea = land(extract)
    water = shapely.union_all(sea.geometry)
    assert water.area / extract.extent.area == pytest.approx(0.47, abs=0.12)
    dry = streets[~streets["bridge"] & ~streets["tunnel"] & streets["walk"]].geometry.interpolate(0.5, normalized=True)
    assert shapely.contains(water, dry.to_numpy()).mean() < 0.02


def test_monaco(real):
    extract = read_osm(real("monaco/monaco.osm.pbf"))
    assert len(extract.buildings) == pytest.approx(23_327, abs=100)
    assert {"Monaco", "Fontvieille", "Larvotto"} <= set(extract.boundaries["name"])
    _, sea = land(extract)
    assert len(sea) == 1
    assert sea.geometry.iloc[0].area / extract.extent.area == pytest.approx(0.42, abs=0.1)


def test_copenhagen_from_json_is_copenhagen_from_pbf(real):
    answer = read_osm(real("copenhagen/overpass_walk_2022.json")).streets
    extract = read_osm(real("copenhagen/inner_north_2022.osm.pbf")).streets
    assert answer["length_m"].sum() == pytest.approx(extract["length_m"].sum(), rel=0.01)
