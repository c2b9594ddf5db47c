"""Counted traffic in a study: from a file to the wait at a crossing.

Two rows of homes with a big road between them, crossed at its middle::

    o------o------o   y = 100 m   homes
           |
    =======+=======   y = 0       primary, "Boulevard": 0,0 is its middle
           |
    o------o------o   y = -100 m  homes
"""

from __future__ import annotations

import json

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from bykobling.errors import InputError, StudyError
from bykobling.export import write_results
from bykobling.layers.traffic import read_traffic_layer
from bykobling.network.delays import CrossingDelays, crossing_delays_s
from bykobling.study import check_study, read_study, run_study

LON, LAT = 12.5, 55.7
DX, DY = 0.0016, 0.0009
"""About 100 m each."""

SHAPE = {(x, y): number for number, (x, y) in enumerate([(x, y) for y in (-1, 0, 1) for x in (-2, 0, 2)], 1)}
WAYS = {
    11: ([(-2, 1), (0, 1), (2, 1)], {"highway": "residential"}),
    12: ([(-2, -1), (0, -1), (2, -1)], {"highway": "residential"}),
    13: ([(0, 1), (0, 0), (0, -1)], {"highway": "residential", "name": "Side"}),
    14: ([(-2, 0), (0, 0), (2, 0)], {"highway": "primary", "lanes": "2", "name": "Boulevard"}),
}
TOML = """
[osm]
file = "town.osm"
[areas]
file = "areas.geojson"
id = "id"
group = "group"
vulnerable = ["vulnerable"]
[profile]
enabled = false
[bike]
enabled = false
"""
TRAFFIC = '[traffic]\nfile = "counts.geojson"\naadt = "adt"\n'


def place(x, y):
    return LON + x * DX, LAT + y * DY


def town():
    school = '<tag k="amenity" v="school"/>'
    nodes = [
        f'<node id="{number}" version="1" lon="{place(x, y)[0]:.7f}" lat="{place(x, y)[1]:.7f}">'
        f"{school if (x, y) == (2, 1) else ''}</node>"
        for (x, y), number in SHAPE.items()
    ]
    ways = []
    for ident, (members, tags) in WAYS.items():
        refs = "".join(f'<nd ref="{SHAPE[one]}"/>' for one in members)
        told = "".join(f'<tag k="{key}" v="{value}"/>' for key, value in tags.items())
        ways.append(f'<way id="{ident}" version="1">{refs}{told}</way>')
    box = f'<bounds minlat="{LAT - 0.02}" minlon="{LON - 0.03}" maxlat="{LAT + 0.02}" maxlon="{LON + 0.03}"/>'
    return f'<?xml version="1.0"?>\n<osm version="0.6">{box}{"".join(nodes)}{"".join(ways)}</osm>\n'


def areas():
    halves = [shapely.box(*place(-2.5, y), *place(2.5, y + 1.4)) for y in (0.1, -1.5)]
    return gpd.GeoDataFrame({"id": ["n", "s"], "group": ["vulnerable", "rest"]}, geometry=halves, crs=4326)


def counts(*rows, crs=4326):
    """Make counts from ``(adt, x, y)``."""
    adt, x, y = zip(*rows, strict=True)
    points = [shapely.Point(place(*at)) for at in zip(x, y, strict=True)]
    return gpd.GeoDataFrame({"adt": list(adt), "street": "Boulevard", "year": 2020}, geometry=points, crs=crs)


ON_THE_ROAD = (12_000, 1, 0.05)


def make(folder, *, table=None, toml=TOML + TRAFFIC, file="counts.geojson"):
    (folder / "town.osm").write_text(town(), encoding="utf-8")
    areas().to_file(folder / "areas.geojson")
    if table is not None:
        table.to_file(folder / file)
    (folder / "study.toml").write_text(toml, encoding="utf-8")
    return read_study(folder)


def wait_s(aadt):
    street = {"highway": "primary", "oneway": False, "lanes": 2.0, "aadt": aadt}
    return crossing_delays_s(street, "unmarked", delays=CrossingDelays())


def told(results):
    return [note.text for note in results.notes if note.text.startswith("Traffic is counted")]


@pytest.mark.parametrize("aadt", [2_000, 12_000, 18_000])
def test_the_wait_at_a_crossing_follows_the_count(tmp_path, aadt):
    results = run_study(make(tmp_path, table=counts((aadt, 1, 0.05))))
    assert results.crossings["delay_s"].to_numpy() == pytest.approx(wait_s(aadt))
    assert results.run["traffic"]["aadt_assumed_share"] == pytest.approx(0)
    assert "counted on 0.4 of 0.4 km of big roads (counts.geojson)" in told(results)[0]
    assert "counts.geojson" in [one["file"] for one in results.run["inputs"]]
    json.loads(json.dumps(results.run, allow_nan=False))
    write_results(results, tmp_path / "out", language="en")


def test_more_traffic_cuts_off_more(tmp_path):
    lost = []
    for aadt in (1_000, 20_000):
        folder = tmp_path / str(aadt)
        folder.mkdir()
        found = run_study(make(folder, table=counts((aadt, 1, 0.05))))
        lost.append(found.areas["barrier_effect_walk_5min"].max())
    assert lost[0] < lost[1]


def test_without_counts_traffic_is_assumed_and_nothing_else_is_said(tmp_path):
    results = run_study(make(tmp_path, toml=TOML))
    assert results.crossings["delay_s"].to_numpy() == pytest.approx(wait_s(np.nan))
    assert results.run["traffic"] == {"aadt_assumed_share": 1.0}
    assert told(results) == []


def test_half_a_road_counted_is_half_assumed(tmp_path):
    toml = TOML + TRAFFIC + "along_m = 0\n"
    results = run_study(make(tmp_path, table=counts(ON_THE_ROAD), toml=toml))
    assert results.run["traffic"]["aadt_assumed_share"] == pytest.approx(0.5, abs=0.01)
    assert "on the other 50% of their length it is assumed by class and lanes" in told(results)[0]


def test_rows_are_chosen_by_where(tmp_path):
    table = pd.concat([counts((9_000, 1, 0)), counts((3_000, 1, 0)).assign(year=2023)])
    toml = TOML + TRAFFIC + 'name = "street"\nwhere = { column = "year", equals = [2023] }\n'
    results = run_study(make(tmp_path, table=table, toml=toml))
    assert results.crossings["delay_s"].to_numpy() == pytest.approx(wait_s(3_000))


def test_a_road_of_the_user_takes_the_count_where_it_tells_none(tmp_path):
    line = shapely.LineString([place(-2.4, 0.5), place(2.4, 0.5)])
    toml = TOML + "[[barriers]]\nfile = 'roads.geojson'\nkind = 'road'\nwidth_m = 10\naadt = 'adt'\n" + TRAFFIC
    waits = {}
    for own in (np.nan, 4_000.0):
        folder = tmp_path / str(own)
        folder.mkdir()
        gpd.GeoDataFrame({"adt": [own]}, geometry=[line], crs=4326).to_file(folder / "roads.geojson")
        results = run_study(make(folder, table=counts((15_000, 1, 0.5)), toml=toml))
        waits[own] = sorted(results.crossings["delay_s"].round(6).unique())
        # the user's road is counted, the primary road of OSM is not
        assert results.run["traffic"]["aadt_assumed_share"] == pytest.approx(4 / 8.8, abs=0.01)
    assert waits[np.nan] == pytest.approx(sorted([wait_s(15_000), wait_s(np.nan)]), abs=1e-5)
    assert waits[4_000.0] == pytest.approx(sorted([wait_s(4_000), wait_s(np.nan)]), abs=1e-5)


BAD = {
    "no such column": ({"table": counts(ON_THE_ROAD).rename(columns={"adt": "adt_x"})}, "error", "perhaps you mean"),
    "no such name column": ({"toml": TOML + TRAFFIC + 'name = "sreet"'}, "error", "perhaps you mean 'street'"),
    "negative": ({"table": counts(ON_THE_ROAD, (-1, 0, 0))}, "error", "row 2: adt is not a number of 0 or more"),
    "text": ({"table": counts(("many", 0, 0), ("12000", 1, 0))}, "error", "row 1: adt is not a number"),
    "not counted": ({"table": counts(ON_THE_ROAD, (np.nan, 0, 0))}, "warning", "row 2 of 2 hold no count, or 0"),
    "nought": ({"table": counts(ON_THE_ROAD, (0, 0, 0))}, "warning", "row 2 of 2 hold no count, or 0"),
    "all blank": ({"table": counts((np.nan, 0, 0), (0, 1, 0))}, "error", "it holds no count above 0"),
    "empty": ({"table": counts(ON_THE_ROAD).iloc[:0]}, "error", "counts.geojson"),
    "elsewhere": ({"table": counts((9_000, 200, 0))}, "warning", "none of its 1 counts lies on a street"),
    "areas": ({"table": areas().assign(adt=5)}, "error", "Polygon where LineString or MultiLineString or Point"),
}  # fmt: skip


@pytest.mark.parametrize("case", BAD)
def test_faults_of_the_file_are_told_by_check(tmp_path, case):
    options, severity, words = BAD[case]
    study = make(tmp_path, **({"table": counts(ON_THE_ROAD)} | options))
    found = [fault for fault in check_study(study) if fault.file == "counts.geojson"]
    assert any(words in str(fault) and fault.severity == severity for fault in found), found
    if severity == "error":
        with pytest.raises(StudyError, match=r"counts\.geojson"):
            run_study(study)
    else:
        assert run_study(study).run["traffic"]["aadt_assumed_share"] in (0.0, 1.0)


@pytest.mark.filterwarnings("ignore:'crs' was not provided")
def test_a_file_without_crs_is_told(tmp_path):
    table = counts(ON_THE_ROAD).to_crs(25832).set_crs(None, allow_override=True)
    study = make(tmp_path, table=table, file="counts.gpkg", toml=TOML + TRAFFIC.replace("geojson", "gpkg"))
    assert any("it has no CRS" in str(fault) for fault in check_study(study) if fault.severity == "error")


CONFIG = {
    "no file": ('[traffic]\naadt = "x"', "[traffic] file: it is missing"),
    "an old name": ('[traffic]\nfile = "counts.geojson"\naadt_column = "x"', "this key is unknown"),
    "negative reach": ('[traffic]\nfile = "counts.geojson"\npoint_reach_m = -1', "between 0.1 and 500"),
    "reach as text": ('[traffic]\nfile = "counts.geojson"\nalong_m = "far"', "is not a number"),
    "too steep": ('[traffic]\nfile = "counts.geojson"\nbearing_deg = 120', "between 0.1 and 90"),
    "flag": ('[traffic]\nfile = "counts.geojson"\nboth_ways = "yes"', "is not true or false"),
}


@pytest.mark.parametrize("case", CONFIG)
def test_a_wrong_setting_is_told_with_its_place(tmp_path, case):
    text, words = CONFIG[case]
    with pytest.raises(StudyError) as caught:
        make(tmp_path, table=counts(ON_THE_ROAD), toml=TOML + text)
    assert words in str(caught.value)


def test_every_setting_is_taken(tmp_path):
    text = 'layer = "counts"\nname = "street"\nline_reach_m = 8\npoint_reach_m = 9\nbearing_deg = 10\nboth_ways = false'
    source = make(tmp_path, table=counts(ON_THE_ROAD), toml=TOML + TRAFFIC + text).traffic
    assert (source.layer, source.aadt_column, source.name_column) == ("counts", "adt", "street")
    assert (source.line_reach_m, source.point_reach_m, source.bearing_deg, source.along_m) == (8, 9, 10, 250)
    assert not source.both_ways


def test_a_table_is_read_like_a_file():
    table = counts((5_000, 0, 0), (np.nan, 1, 0))
    before = table.copy()
    heard = []
    found = read_traffic_layer(table, columns={"aadt": "adt", "name": None}, crs=25832, faults=heard)
    assert found["aadt"].tolist() == [5_000]
    assert found["name"].isna().all()
    assert [fault.severity for fault in heard] == ["warning"]
    assert table.equals(before)
    with pytest.raises(InputError, match="no such column"):
        read_traffic_layer(table, crs=25832)
