"""What a scenario adds to the table of crossings: a street, a railway and a road between two banks."""

from __future__ import annotations

import geopandas as gpd
import pytest
import shapely

from bykobling.barriers import find_crossings
from bykobling.scenario import AddCrossing, AddLink, RemoveLink, Scenario
from bykobling.scenario.new_crossings import new_crossings
from tests.scenario.towns import line, two_banks


def strip(kind):
    """A strip 20 m wide between the two streets, at 40 to 60 m."""
    frame = gpd.GeoDataFrame(
        {
            "name": ["Banen"], "kind": [kind], "subkind": ["primary" if kind == "road" else kind],
            "headline": [True], "linear": [True],
        },
        geometry=[shapely.box(-500, 40, 800, 60)], crs=two_banks().crs,
    )  # fmt: skip
    frame.index = ["b"]
    return frame


def empty(barriers):
    streets = gpd.GeoDataFrame(
        {"walk": [True], "is_crossing": False, "crossing": None, "delay_s": 0.0, "delay_part": 1.0, "bridge": False,
         "tunnel": False},
        geometry=[line((0, 0), (1, 0))], crs=two_banks().crs,
    )  # fmt: skip
    return find_crossings(streets, barriers)


ACROSS = line((150, 0), (150, 100))


@pytest.mark.parametrize(("kind", "barrier"), [("bridge", "railway"), ("underpass", "railway"), ("bridge", "road")])
def test_a_link_across_is_a_crossing_without_a_wait(kind, barrier):
    barriers = strip(barrier)
    found = new_crossings(Scenario((AddLink(ACROSS, kind=kind),)), two_banks(), barriers, empty(barriers))
    assert found[["barrier_id", "barrier", "kind"]].to_numpy().tolist() == [["b", "Banen", kind]]
    assert found["delay_s"].tolist() == [0.0]
    assert found.geometry.iloc[0].distance(shapely.Point(150, 50)) < 1


def test_a_signal_is_one_with_its_wait():
    barriers = strip("road")
    scenario = Scenario((AddCrossing(ACROSS, kind="signal", delay_s=30.0),))
    found = new_crossings(scenario, two_banks(), barriers, empty(barriers))
    assert found["kind"].tolist() == ["signal"]
    assert found["delay_s"].tolist() == pytest.approx([30.0], abs=0.01)


def test_what_crosses_nothing_or_is_there_already_adds_none():
    barriers = strip("railway")
    network, none = two_banks(), empty(barriers)
    assert len(new_crossings(Scenario((AddLink(line((150, 0), (250, 0)), kind="path"),)), network, barriers, none)) == 0
    assert len(new_crossings(Scenario((RemoveLink(line((0, 0), (300, 0))),)), network, barriers, none)) == 0
    once = new_crossings(Scenario((AddLink(ACROSS, kind="bridge"),)), network, barriers, none)
    beside = Scenario((AddLink(line((160, 0), (160, 100)), kind="bridge"),))
    away = Scenario((AddLink(line((190, 0), (190, 100)), kind="bridge"),))
    assert len(new_crossings(beside, network, barriers, once)) == 0
    assert len(new_crossings(away, network, barriers, once)) == 1
