"""From files to results: a toy town, whole and broken."""

from __future__ import annotations

import dataclasses
import json
import threading

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import pytest
import shapely

from bykobling._second import Second, _cores, _question
from bykobling.errors import Cancelled, OutputError, StudyError
from bykobling.export.geopackage import STYLES
from bykobling.report.map_tables import MapTables
from bykobling.report.write import DRAW_AHEAD, READY
from bykobling.study import check_study, read_study, run_study, save_results

WEST, SOUTH = 12.5, 55.7
DX, DY = 0.0016, 0.0009
"""About 100 m each."""

COLUMNS, ROWS = 13, 7
ROAD_COLUMN = 6


NEAR = {ROAD_COLUMN - 1: ROAD_COLUMN - 0.25, ROAD_COLUMN + 1: ROAD_COLUMN + 0.25}
"""The streets beside the railway lie 25 m from it."""


def place(column, row):
    return WEST + NEAR.get(column, column) * DX, SOUTH + row * DY


def town():
    """Two grids of streets, a railway between them, one bridge over it at the southern end; schools in the east.

    # # # # # # | # # # # # #
    # # # # # # | # # # # # #     | railway (column 6, no street there)
    # # # # # # = # # # # # #     = footbridge (row 0)
    """
    nodes, ways = [], []
    ident = {}
    for column in range(COLUMNS):
        for row in range(ROWS):
            ident[column, row] = len(ident) + 1
            lon, lat = place(column, row)
            school = column > ROAD_COLUMN and row == 3
            tags = '<tag k="amenity" v="school"/>' if school else ""
            nodes.append(f'<node id="{ident[column, row]}" version="1" lat="{lat:.7f}" lon="{lon:.7f}">{tags}</node>')

    def way(number, members, **tags):
        refs = "".join(f'<nd ref="{ident[one]}"/>' for one in members)
        told = "".join(f'<tag k="{key}" v="{value}"/>' for key, value in tags.items())
        ways.append(f'<way id="{number}" version="1">{refs}{told}</way>')

    sides = ([c for c in range(COLUMNS) if c < ROAD_COLUMN], [c for c in range(COLUMNS) if c > ROAD_COLUMN])
    number = 1000
    for side in sides:
        for row in range(ROWS):
            way(number := number + 1, [(c, row) for c in side], highway="residential")
        for column in side:
            way(number := number + 1, [(column, r) for r in range(ROWS)], highway="residential")
    way(9001, [(ROAD_COLUMN, r) for r in range(ROWS)], railway="rail", name="Ringbanen")
    way(9002, [(ROAD_COLUMN - 1, 0), (ROAD_COLUMN + 1, 0)], highway="footway", bridge="yes", layer="1")
    box = f'<bounds minlat="{SOUTH - 0.01}" minlon="{WEST - 0.02}" maxlat="{SOUTH + 0.02}" maxlon="{WEST + 0.04}"/>'
    return f'<?xml version="1.0"?>\n<osm version="0.6">{box}{"".join(nodes)}{"".join(ways)}</osm>\n'


def areas():
    def half(first, last):
        (x0, y0), (x1, y1) = place(first - 0.4, -0.4), place(last + 0.4, ROWS - 0.6)
        return shapely.box(x0, y0, x1, y1)

    return gpd.GeoDataFrame(
        {"id": ["w", "e"], "name": ["Vest", "Øst"], "group": ["vulnerable", "rest"]},
        geometry=[half(0, ROAD_COLUMN - 1), half(ROAD_COLUMN + 1, COLUMNS - 1)],
        crs=4326,
    )


TOML = """
title = "Toy"
[osm]
file = "town.osm"
[areas]
file = "areas.geojson"
id = "id"
name = "name"
group = "group"
vulnerable = ["vulnerable"]
[results]
folder = "out"
"""


def make(folder, *, table=None, toml=TOML, osm=None):
    (folder / "town.osm").write_text(osm or town(), encoding="utf-8")
    (areas() if table is None else table).to_file(folder / "areas.geojson")
    (folder / "study.toml").write_text(toml, encoding="utf-8")
    return read_study(folder)


@pytest.fixture(scope="module")
def done(tmp_path_factory):
    study = make(tmp_path_factory.mktemp("toy"))
    seen = []
    return study, run_study(study, progress=lambda *step: seen.append(step)), seen


def test_the_railway_is_to_blame(done):
    _, results, _ = done
    west = results.areas.loc["w"]
    # schools lie beyond the railway, and the only bridge at its end
    assert 0.1 < west["barrier_effect_walk_15min"] < 1
    assert west["top_barrier"] == "Ringbanen"
    assert west["top_barrier_share"] == pytest.approx(1)
    assert west["barrier_effect_walk_15min"] > results.areas.loc["e", "barrier_effect_walk_15min"]
    assert results.barriers["all_lost_reach_share"].sum() == pytest.approx(1)
    assert results.gaps.loc["barrier_effect_walk_15min", "gap_abs"] > 0


def test_every_column_has_its_percentile_and_gap(done):
    _, results, _ = done
    for minutes in ("walk_5min", "walk_10min", "walk_15min", "bike_10min"):
        for what in ("", "_people", "_water"):
            name = f"barrier_effect{what}_{minutes}"
            assert {name, f"{name}_percentile", f"{name}_gap"} <= set(results.areas.columns)
            assert name in results.gaps.index
            assert name in results.residents.columns


def test_shares_sum_to_one(done):
    _, results, _ = done
    table = results.shares[results.shares["kind"] != "water"]
    sums = table.groupby(["area_id", "mode", "cutoff_min"])["barrier_share"].sum()
    assert np.allclose(sums, 1)
    assert set(table["area"]) <= {"Vest", "Øst"}


def test_what_was_assumed_is_told(done):
    _, results, _ = done
    text = " ".join(note.text for note in results.notes)
    assert "points every 25 m along residential streets" in text
    assert "OpenStreetMap contributors" in text
    assert results.run["notes"][0]["text"] == results.notes[0].text


def test_progress_never_falls_and_ends_at_all(done):
    _, _, seen = done
    shares = [one for one, _, _ in seen]
    assert shares == sorted(shares)
    assert seen[-1][:2] == (1000, 1000)


def test_two_runs_differ_in_time_alone(done):
    study, first, _ = done
    second = run_study(study)
    pd.testing.assert_frame_equal(first.areas, second.areas)
    pd.testing.assert_frame_equal(first.shares, second.shares)
    changing = ("finished", "timings_s")
    assert {k: v for k, v in first.run.items() if k not in changing} == {
        k: v for k, v in second.run.items() if k not in changing
    }


def test_everything_is_written_and_an_earlier_run_replaced(done, tmp_path):
    study, results, _ = done
    for title in ("first", "second"):
        save_results(
            dataclasses.replace(results, title=title, run=results.run | {"title": title}), study, folder=tmp_path
        )
    names = {path.name for path in tmp_path.iterdir()}
    assert {"results.gpkg", "areas.csv", "areas.parquet", "report.html", "run.json"} <= names
    assert not any(name.startswith(".") for name in names)
    assert json.loads((tmp_path / "run.json").read_text(encoding="utf-8"))["title"] == "second"
    assert "second" in (tmp_path / "report.html").read_text(encoding="utf-8")


class Listening(Second):
    """A second process that remembers what was asked of it."""

    def __init__(self):
        super().__init__()
        self.heard = []

    def ask(self, work, *args, **named):
        self.heard.append((work, args))
        return super().ask(work, *args, **named)

    def offer(self, work, *args, **named):
        self.heard.append((work, args))
        super().offer(work, *args, **named)


@pytest.mark.skipif(_cores() < 2, reason="a second process needs a second core")
def test_what_is_drawn_ahead_is_what_the_page_shows(done, tmp_path):
    study, alone, _ = done
    with Listening() as second:
        results = run_study(study, second=second)
        (tables,) = [args[0] for work, args in second.heard if work == DRAW_AHEAD]
        # else the page would draw it all again
        assert tables.digest() == MapTables.of(results).digest()
        save_results(results, study, folder=tmp_path / "two", second=second)
        assert [work for work, _ in second.heard].count(STYLES) == 1
        # what was asked ahead was taken; to be ready is its own answer
        assert set(second._asked) <= {_question(READY, (), {})[1]}
    save_results(results, study, folder=tmp_path / "one")
    one, two = (
        pyogrio.read_dataframe(tmp_path / name / "results.gpkg", layer="layer_styles") for name in ("one", "two")
    )
    pd.testing.assert_frame_equal(one.drop(columns="update_time"), two.drop(columns="update_time"))
    pages = [(tmp_path / name / "report.html").read_text(encoding="utf-8") for name in ("one", "two")]
    assert pages[0] == pages[1]
    assert alone.areas.equals(results.areas)


def test_a_report_that_fails_leaves_the_earlier_run(done, tmp_path, monkeypatch):
    study, results, _ = done
    save_results(results, study, folder=tmp_path)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}

    def full(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("bykobling.report.write_report", full)
    with pytest.raises(OutputError):
        save_results(dataclasses.replace(results, title="other"), study, folder=tmp_path)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_who_saves_waits_for_the_page_and_can_be_stopped(done, tmp_path, monkeypatch):
    study, results, _ = done
    threads = []

    def stopped(*_, **__):
        threads.append(threading.current_thread())
        raise KeyboardInterrupt

    # Ctrl-C reaches the main thread alone: what takes long must be waited for there
    monkeypatch.setattr("bykobling.report.write_report", stopped)
    with pytest.raises(KeyboardInterrupt):
        save_results(results, study, folder=tmp_path / "out")
    assert threads == [threading.current_thread()]
    assert not (tmp_path / "out").exists()


def test_stopping_writes_nothing(done):
    study, _, _ = done

    def stop(share, _total, _message):
        if share > 300:
            raise Cancelled

    with pytest.raises(Cancelled):
        run_study(study, progress=stop)
    assert not study.results.exists()


def test_check_has_warnings_only(done):
    study, _, _ = done
    faults = check_study(study)
    assert {fault.severity for fault in faults} == {"warning"}
    assert any("[population]" in fault.where for fault in faults)


def far(table):
    return table.set_geometry(table.translate(5, 0))


BAD = {
    "areas elsewhere": ({"table": far(areas())}, "none of the areas lies in the OSM extract"),
    "an area without shape": (
        {"table": areas().set_geometry([None, areas().geometry.iloc[1]], crs=4326)},
        "row 1: the geometry is null or empty",
    ),
    "one id twice": ({"table": areas().assign(id="x")}, "rows 1, 2: id is not unique: x"),
    "no such column": ({"toml": TOML.replace('name = "name"', 'name = "nmae"')}, "perhaps you mean 'name'"),
    "cut off": ({"osm": town()[:3000]}, "town.osm"),
    "empty extract": ({"osm": '<osm version="0.6"></osm>'}, "town.osm"),
    "a bomb": (
        {"osm": '<?xml version="1.0"?><!DOCTYPE o [<!ENTITY a "x"><!ENTITY b "&a;&a;">]><osm>&b;</osm>'},
        "town.osm",
    ),
    "nowhere to go": ({"toml": TOML + "[destinations_osm]\ncategories = []"}, "no place to reach"),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_input_is_told_by_check_and_stops_a_run(tmp_path, case):
    options, words = BAD[case]
    study = make(tmp_path, **options)
    errors = [str(fault) for fault in check_study(study) if fault.severity == "error"]
    assert any(words in error for error in errors), errors
    with pytest.raises(StudyError, match="Remedy"):
        run_study(study)
    assert not study.results.exists()


def test_a_folder_that_cannot_be_is_found_before_the_work(tmp_path):
    study = make(tmp_path)
    study = dataclasses.replace(study, results=tmp_path / "town.osm" / "inside")
    with pytest.raises(StudyError, match="is a file, not a folder"):
        run_study(study)


def test_layers_of_the_user_count(tmp_path):
    (x, y0), (_, y1) = place(2.5, -0.5), place(2.5, ROWS - 0.5)
    wall = gpd.GeoDataFrame(
        {"speed": [80], "who": ["Mur"]}, geometry=[shapely.LineString([(x, y0), (x, y1)])], crs=4326
    )
    wall.to_file(tmp_path / "wall.gpkg")
    hall = gpd.GeoDataFrame({"w": [4.0]}, geometry=[shapely.Point(place(8, 2))], crs=4326)
    hall.to_file(tmp_path / "hall.gpkg")
    people = gpd.GeoDataFrame({"n": [30, 10]}, geometry=areas().geometry.to_numpy(), crs=4326)
    people.to_file(tmp_path / "people.gpkg")
    more = """
[population]
file = "people.gpkg"
residents = "n"
[[barriers]]
file = "wall.gpkg"
kind = "land"
name = "who"
width_m = 6
where = { column = "speed", min = 60 }
[[destinations]]
file = "hall.gpkg"
category = "hall"
weight = "w"
[bike]
enabled = false
"""
    results = run_study(make(tmp_path, toml=TOML + more))
    assert "Mur" in set(results.barriers["name"])
    assert set(results.residents["tier"]) == {"population"}
    assert results.areas["residents"].to_dict() == pytest.approx({"w": 30, "e": 10})
    assert not any("bike" in column for column in results.areas.columns)
    assert results.run["counts"]["destinations"] == 7


def test_weights_that_are_missing_stop_the_run(tmp_path):
    gpd.GeoDataFrame({"w": [4.0, np.nan]}, geometry=shapely.points([place(8, 2), place(1, 1)]), crs=4326).to_file(
        tmp_path / "hall.gpkg"
    )
    study = make(tmp_path, toml=TOML + '[[destinations]]\nfile = "hall.gpkg"\ncategory = "hall"\nweight = "w"\n')
    with pytest.raises(StudyError, match=r"hall\.gpkg, row 2: w is not a finite number"):
        run_study(study)


def test_results_never_replace_an_input(tmp_path):
    toml = TOML.replace("areas.geojson", "results.gpkg").replace('folder = "out"', 'folder = "."')
    areas().to_file(tmp_path / "results.gpkg")
    before = (tmp_path / "results.gpkg").read_bytes()
    study = make(tmp_path, toml=toml)
    with pytest.raises(StudyError, match="would replace this input"):
        run_study(study)
    assert (tmp_path / "results.gpkg").read_bytes() == before
