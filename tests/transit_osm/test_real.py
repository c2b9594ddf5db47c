"""Lines a local knows."""

from __future__ import annotations

import pytest

from bykobling.datasets import demo_folder
from bykobling.made_feed import gtfs_from_osm
from bykobling.osm import read_routes


@pytest.fixture(scope="module")
def monaco():
    return gtfs_from_osm(demo_folder() / "monaco.osm.pbf", timezone="Europe/Monaco")


def test_monaco_lines_and_stops(monaco):
    """As in the extract: its relations lack the terminals at Place de la Visitation and Saint-Roman."""
    lines = monaco.lines
    table = {(row.ref, row.direction): row.stops for row in lines.itertuples()}
    assert table == {
        ("1", 0): 11, ("1", 1): 6, ("2", 0): 12, ("2", 1): 9, ("4", 0): 8, ("4", 1): 7, ("5", 0): 11, ("5", 1): 8,
        ("6", 0): 17, ("6", 1): 10, ("TER 4", 0): 5, ("TER 4", 1): 5,
    }  # fmt: skip
    assert len(monaco.tables["stops"]) == 51
    assert len(monaco.tables["routes"]) == 6
    assert not lines["interval_tagged"].any()
    said = " ".join(fault.rule for fault in monaco.faults)
    assert "TGV 512" in said
    assert "Bus 1: Monaco-Ville => Saint-Roman" in said


def test_monaco_buses_are_as_fast_as_buses_are(monaco):
    buses = monaco.lines[monaco.lines["mode"] == "bus"]
    kmh = buses["km"] / (buses["minutes"] / 60)
    assert kmh.between(12, 18).all()
    # the longest line, from Fontvieille round the port and the casino to the beach: about four and a half kilometres
    longest = buses.loc[buses["km"].idxmax()]
    assert longest["ref"] == "6"
    assert longest["km"] == pytest.approx(4.5, abs=0.2)
    assert longest["minutes"] == pytest.approx(18.5, abs=1.5)


def test_monaco_trains_keep_their_timetable_roughly(monaco):
    """Èze to Carnolès: 13 km of railway, a quarter of an hour."""
    trains = monaco.lines[monaco.lines["mode"] == "train"]
    assert trains["reversed"].tolist() == [False, True]
    assert trains["km"].to_numpy() == pytest.approx([13.25, 13.25], abs=0.1)
    assert trains["minutes"].between(13, 18).all()


@pytest.mark.real
def test_helsinki(real):
    """Trams have both directions and connected ways; the metro and the ferry carry their intervals."""
    osm = read_routes(real("helsinki/helsinki_centre_2024.osm.pbf"))
    lines = osm.lines
    trams = lines[lines["mode"] == "tram"]
    assert set(trams["ref"]) >= {"1", "2", "3", "4", "5", "6", "7", "8", "9", "10"}
    assert trams.geometry.notna().all()
    assert not trams["reversed"].any()
    assert trams.groupby("ref")["direction"].agg(set).map(len).eq(2).all()
    assert lines.loc[lines["ref"].isin(["M1", "M2"]), "interval_min"].tolist() == [7] * 4
    ferry = lines[lines["ref"] == "19"]
    assert ferry["interval_min"].tolist() == [40, 40]
    assert ferry["duration_min"].tolist() == [15, 15]
