"""The walk to a station and the ways out of areas: what a search tells of a connection is what an assessment tells."""

from __future__ import annotations

import dataclasses
import zipfile

import geopandas as gpd
import numpy as np
import pytest
import shapely
import test_transit
from test_run import ROAD_COLUMN, TOML, make, place, town

from bykobling.scenario import AddCrossing, AddLink, Scenario
from bykobling.study import FindSettings, find_study
from bykobling.study.assess import assess_study
from bykobling.study.find_ways import ENTRIES, STATION, found_ways
from bykobling.study.prepare import prepare_study
from bykobling.study.run import PREPARE_SHARES
from bykobling.study.steps import Steps

TRAIN = TOML + '[transit]\ngtfs = ["train.zip"]\n'
ROAD = town().replace('k="railway" v="rail"', 'k="highway" v="primary"')


def railway(folder, *, toml=TRAIN, osm=None, route_type=2):
    """The toy town, with trains between two stations on its eastern side."""
    at = {"a": place(8, 3), "b": place(12, 5), "c": place(12, 1)}
    stops = [f"{name},Station {name.upper()},{lat:.7f},{lon:.7f}" for name, (lon, lat) in at.items()]
    feed = test_transit.timetable(
        stops="\n".join(["stop_id,stop_name,stop_lat,stop_lon", *stops]),
        routes=f"route_id,route_short_name,route_type,route_color\none,1,{route_type},FF0000",
    )
    with zipfile.ZipFile(folder / "train.zip", "w") as archive:
        for name, text in feed.items():
            archive.writestr(f"{name}.txt", text)
    return make(folder, toml=toml, osm=osm)


def drawn(found):
    """Draw every ranked row as it stands, each a proposal of its own."""
    proposals = []
    for link_id, row in found.links.iterrows():
        if row["kind"] == "crossing":
            change = AddCrossing(row.geometry, delay_s=row["delay_s"])
        else:
            change = AddLink(row.geometry, kind=row["kind"], delay_s=row["delay_s"])
        proposals.append(Scenario((change,), name=link_id, crs=found.links.crs))
    return proposals


@pytest.fixture(scope="module", params=["walk", "road", "bike"])
def both(request, tmp_path_factory):
    """What a search finds, and the three best of it assessed."""
    study = railway(tmp_path_factory.mktemp(request.param), osm=ROAD if request.param == "road" else None)
    mode = "bike" if request.param == "bike" else "walk"
    # little is asked of a connection, so that some do not help on the way to a station
    found = find_study(study, settings=FindSettings(steps=1, min_detour=1.5, mode=mode))
    return found, assess_study(study, drawn(found)[:3], combinations=False)


def test_minutes_to_a_station_are_those_of_an_assessment(both):
    found, assessed = both
    times = assessed.times.set_index(["proposal", "group", "to", "mode"])
    some = 0
    for link_id, row in found.links.iloc[:3].iterrows():
        key = (link_id, "all", "station", "walk")
        if key not in times.index:
            assert row["station_saved_min"] == pytest.approx(0, abs=1e-9)
            assert row["station_before_min"] == pytest.approx(row["station_after_min"])
            continue
        told = times.loc[key]
        for mine, theirs in zip(STATION, ("before_min", "after_min", "saved_min"), strict=True):
            assert row[mine] == pytest.approx(told[theirs], rel=1e-9), (link_id, mine)
        some += row["station_saved_min"] > 0.1
    assert some


def test_ways_out_are_those_of_an_assessment(both):
    found, assessed = both
    areas = assessed.areas
    some = 0
    for link_id in found.links.index[:3]:
        mine = found.entries[found.entries["link_id"] == link_id]
        for ring_m, total in zip((400, 800), ENTRIES, strict=True):
            name = f"independent_entries_{ring_m}m"
            theirs = areas[(areas["proposal"] == link_id) & (areas["indicator"] == name)].set_index("area_id")
            ring = mine[mine["ring_m"] == ring_m].set_index("area_id")
            assert set(ring.index) == set(theirs.index), (link_id, name)
            for column in ("before", "after", "change", "area", "group"):
                assert ring[column].to_dict() == theirs[column].to_dict()
            assert found.links.loc[link_id, total] == theirs["change"].sum()
            some += len(theirs)
    assert some


def test_only_the_ten_best_are_told(both):
    found, _ = both
    columns = [*STATION, *ENTRIES]
    assert found.links[columns].iloc[:10].notna().all(axis=None)
    assert found.links[columns].iloc[10:].isna().all(axis=None)


def test_without_a_timetable_minutes_are_missing_and_a_sentence_says_so(tmp_path):
    found = find_study(make(tmp_path), settings=FindSettings(steps=1))
    assert found.links[list(STATION)].isna().all(axis=None)
    assert found.links[list(ENTRIES)].iloc[:10].notna().all(axis=None)
    (note,) = [note for note in found.notes if "station" in note.text and note.kind == "missing"]
    assert "No timetable was given" in note.text
    assert note.columns == STATION


def test_where_only_buses_run_there_is_no_station(tmp_path):
    study = railway(tmp_path, route_type=3)
    ready = prepare_study(study, Steps(None, PREPARE_SHARES))
    found = found_ways(study, ready, links_at(ready, 3))
    assert found.links[list(STATION)].isna().all(axis=None)
    assert "no station to walk to" in found.notes[0].text


def test_without_a_profile_neither_is_told(tmp_path):
    study = make(tmp_path, toml=TOML + "[profile]\nenabled = false\n")
    ready = prepare_study(study, Steps(None, PREPARE_SHARES))
    found = found_ways(study, ready, links_at(ready, 3))
    assert found.links.isna().all(axis=None)
    assert not len(found.entries)
    assert "profile is not measured" in found.notes[0].text


def test_ways_out_that_are_not_known_are_missing(tmp_path, monkeypatch):
    from bykobling.study import find_ways

    study = make(tmp_path)
    ready = prepare_study(study, Steps(None, PREPARE_SHARES))
    measure = find_ways.independent_entries

    def unknown(network, some, **more):
        found = measure(network, some, **more)
        return dataclasses.replace(found, areas=found.areas.assign(independent_entries_800m=np.nan))

    monkeypatch.setattr(find_ways, "independent_entries", unknown)
    found = found_ways(study, ready, links_at(ready, 3))
    assert found.links["entries_400m_change"].notna().all()
    assert found.links["entries_800m_change"].isna().all()
    assert any("the ways out are not known" in note.text for note in found.notes)


def links_at(ready, *rows):
    """Straight over the railway in some of the rows of the toy town."""
    lines = [shapely.LineString([place(ROAD_COLUMN - 1, row), place(ROAD_COLUMN + 1, row)]) for row in rows]
    shapes = gpd.GeoSeries(lines, crs=4326).to_crs(ready.inputs.areas.crs)
    frame = gpd.GeoDataFrame(
        {"kind": ["bridge"] * len(rows), "delay_s": 15.0}, geometry=shapes.to_numpy(), crs=shapes.crs
    )
    return frame.set_index(np.array([f"L{row}" for row in rows], object))


def test_areas_too_far_away_are_not_looked_at_and_would_not_change(tmp_path, monkeypatch):
    """Were every area looked at for every connection, each would have the same ways out."""
    from bykobling.study import find_ways

    study = make(tmp_path)
    ready = prepare_study(study, Steps(None, PREPARE_SHARES))
    # halves of 600 m: cut into strips, the outer ones are farther from the railway than the ring
    columns = [(c - 0.4, c + 0.4) for c in range(-1, 14)]
    shapes = []
    for first, last in columns:
        (x0, y0), (x1, y1) = ((12.5 + c * 0.0016, 55.7 + r * 0.0009) for c, r in ((first, -0.4), (last, 6.4)))
        shapes.append(shapely.box(x0, y0, x1, y1))
    areas = gpd.GeoDataFrame(
        {"name": [f"{n}" for n in range(len(shapes))], "group": "rest"}, geometry=shapes, crs=4326,
        index=[f"s{n}" for n in range(len(shapes))],
    ).to_crs(ready.inputs.areas.crs)  # fmt: skip
    ready = dataclasses.replace(ready, inputs=dataclasses.replace(ready.inputs, areas=areas))
    monkeypatch.setattr(find_ways, "RADII_M", (200.0, 300.0))
    asked = []
    measure = find_ways.independent_entries

    def counted(network, some, **more):
        asked.append(len(some))
        return measure(network, some, **more)

    monkeypatch.setattr(find_ways, "independent_entries", counted)
    links = links_at(ready, 3, 5)
    few = found_ways(study, ready, links)
    assert max(asked) < len(areas)
    monkeypatch.setattr(find_ways, "hang_alike", lambda *_: False)
    every = found_ways(study, ready, links)
    assert asked[-1] == len(areas)
    assert len(few.entries)
    assert few.entries.to_dict("records") == every.entries.to_dict("records")
