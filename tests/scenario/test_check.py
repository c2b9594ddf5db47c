"""Every bad input: told all at once, with its place and its remedy."""

from __future__ import annotations

import math

import geopandas as gpd
import numpy as np
import pyproj
import pytest
import shapely

from bykobling.errors import CrsError, InputError
from bykobling.network import Network
from bykobling.scenario import (
    AddCrossing,
    AddLink,
    AddService,
    AddStop,
    ChangeHeadway,
    ChangeSpeed,
    RemoveLink,
    RemoveService,
    RemoveStop,
    Scenario,
)
from tests.accessibility.timetables import every, timetable_of
from tests.scenario.towns import line, two_banks
from tests.toys import CRS, streets_table

with np.errstate(invalid="ignore"):
    NAN_LINE = line((150, 0), (150, math.nan))
    NAN_POINT = shapely.Point(math.nan, 0)
ACROSS = line((150, 0), (150, 100))
AM = {"start_s": 7 * 3600, "end_s": 9 * 3600}


def barriers_table(**kinds):
    rows = {"name": [], "kind": [], "subkind": [], "geometry": []}
    for name, (kind, subkind, shape) in kinds.items():
        for key, value in zip(rows, (name, kind, subkind, shape), strict=True):
            rows[key].append(value)
    return gpd.GeoDataFrame(rows, geometry="geometry", crs=CRS)


WATER = barriers_table(Harbour=("water", "water", shapely.box(-500, 10, 900, 90)))


def rules(scenario, networks=None, timetable=None, **layers):
    """Check, and give (place, severity, rule) of each fault."""
    faults = scenario.check(networks or two_banks(), timetable, **layers)
    assert all(fault.remedy for fault in faults)
    return [(fault.where, fault.severity, fault.rule) for fault in faults]


def only(scenario, words, severity="error", **given):
    found = rules(scenario, **given)
    assert len(found) == 1, found
    where, how, rule = found[0]
    assert words in rule, rule
    assert how == severity
    assert where.startswith("modification 1")


def test_a_sound_proposal_has_no_fault():
    assert rules(Scenario((AddLink(ACROSS, kind="bridge"),)), barriers=WATER) == []


@pytest.mark.parametrize(
    ("shape", "words"),
    [
        (line((150, 0), (150, 60)), "end is 40 m from the nearest street for 'walk', farther than 25 m"),
        (line((110, 0), (110, 10), (190, 10), (190, 0)), "on the same street"),
        (line((150, 0), (150, 50), (160, 50), (150, 0)), "loop"),
        (line((150, 0), (150, 0)), "0.00 m long"),
        (line((150, 0), (11_150, 0)), "longer than 10 km"),
        (line((12.5, 55.6), (12.6, 55.7)), "look like degrees"),
        (line((700_000, 6_100_000), (700_100, 6_100_000)), "another CRS"),
        (NAN_LINE, "not all numbers"),
        (shapely.LineString(), "empty"),
        (shapely.Point(1, 1), "not a line"),
        (None, "not a line"),
        (line((0, 0), (3, 1)), "on the same street"),
    ],
)
def test_a_link_badly_drawn(shape, words):
    network = two_banks()
    if "degrees" in words:
        network = Network.from_streets(streets_table([((700_000, 6.1e6), (700_100, 6.1e6))]))
    only(Scenario((AddLink(shape),)), words, networks=network)
    with pytest.raises(InputError, match="modification 1") if "same street" not in words else _nothing():
        Scenario((AddLink(shape),)).apply(network)


class _nothing:  # noqa: N801 - a context like pytest.raises
    def __enter__(self):
        return self

    def __exit__(self, *_):
        return False


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (AddLink(ACROSS, kind="tunnel"), "kind is 'tunnel'"),
        (AddLink(ACROSS, modes=("fly",)), "modes is 'fly'"),
        (AddLink(ACROSS, modes=()), "for nobody"),
        (AddLink(ACROSS, delay_s=-1), "delay_s is -1"),
        (AddLink(ACROSS, delay_s=math.nan), "delay_s is nan"),
        (AddLink(ACROSS, width_m=0), "width_m is 0"),
        (AddLink(ACROSS, gradient_pct=50), "steeper than 35"),
        (AddLink(ACROSS, max_snap_m=math.inf), "max_snap_m is inf"),
        (AddCrossing(shapely.Point(100, 50), kind="bridge"), "kind is 'bridge'"),
        (AddCrossing(ACROSS, delay_s=-5), "delay_s is -5"),
        (AddCrossing(shapely.Point(200, 400)), "no street for 'walk' lies within 40 m"),
        (ChangeSpeed(line((0, 0), (100, 0)), speed_kmh=0, modes=("walk",)), "speed_kmh is 0"),
        (RemoveLink(line((0, 0), (100, 0)), tolerance_m=0), "tolerance_m is 0"),
        (RemoveLink(ACROSS), "no street for 'walk' runs along it"),
    ],
)
def test_numbers_and_words_out_of_range(change, words):
    only(Scenario((change,)), words)
    with pytest.raises(InputError, match="Remedy"):
        Scenario((change,)).apply(two_banks())


def test_what_a_link_runs_through():
    bridge, path = AddLink(ACROSS, kind="bridge"), AddLink(ACROSS)
    far = barriers_table(Lake=("water", "water", shapely.box(5_000, 0, 6_000, 90)))
    only(Scenario((bridge,)), "crosses no barrier", "warning", barriers=far)
    house = gpd.GeoDataFrame(geometry=[shapely.box(140, 40, 160, 60)], crs=CRS)
    only(Scenario((bridge,)), "through buildings for 20 m", "warning", buildings=house)
    only(Scenario((path,)), "crosses water at grade: Harbour", "warning", barriers=WATER)
    motorway = barriers_table(M11=("road", "motorway", shapely.box(-500, 10, 900, 90)))
    only(Scenario((path,)), "crosses a motorway at grade: M11", barriers=motorway)
    only(Scenario((AddCrossing(shapely.Point(150, 50)),)), "no street", barriers=motorway)
    assert rules(Scenario((bridge,)), barriers=motorway) == []
    crossing = Scenario((AddCrossing(line((150, 0), (150, 100))),))
    only(crossing, "crosses a motorway at grade: M11", barriers=motorway)


def test_an_end_in_the_water():
    pier = Scenario((AddLink(line((150, 0), (150, 60)), kind="bridge", name="Pier"),))
    only(pier, "its end lies in the water (Harbour), 40 m from the nearest street", barriers=WATER)
    near = Scenario((AddLink(line((150, 0), (150, 85)), kind="bridge"),))
    only(near, "its end lies in the water (Harbour) and was led 15 m", "warning", barriers=WATER)


def test_what_fits_one_mode_alone_is_a_warning():
    streets = streets_table([((0, 0), (200, 0)), ((0, 50), (200, 50), {"bike_forward": False, "bike_backward": False})])
    both = {mode: Network.from_streets(streets, mode=mode) for mode in ("walk", "bike")}
    scenario = Scenario((AddLink(line((100, 0), (100, 50)), kind="bridge"),))
    only(scenario, "street for 'bike', farther than 25 m; it is left out for them", "warning", networks=both)
    only(scenario, "street for 'bike', farther than 25 m", networks=[both["bike"]])


def test_a_link_that_saves_nothing_and_one_that_is_long_are_warnings():
    parallel = Scenario((AddLink(line((0, 0), (0, -50), (50, -50), (50, 0)), max_snap_m=1),))
    only(parallel, "both ends are on the same street")
    slow = Scenario((AddLink(line((50, 0), (50, -100)), delay_s=600),))
    only(slow, "it is no shortcut", "warning")
    steep = Scenario((AddLink(ACROSS, gradient_pct=12.0),))
    only(steep, "too steep for wheelchairs", "warning")
    wide = Scenario((AddCrossing(line((150, 0), (180, 50), (150, 100))),))
    only(wide, "117 m long, more than is likely for a crossing", "warning")
    knot = Scenario((AddLink(line((150, 0), (150, 50), (160, 60), (140, 60), (150, 50), (150, 100))),))
    only(knot, "crosses itself", "warning")
    stairs = Scenario((AddLink(line((150, 0), (170, 50), (150, 100)), kind="stairs"),))
    only(stairs, "108 m long, more than is likely for stairs (100 m)", "warning")


@pytest.mark.parametrize(
    ("one", "other", "words"),
    [
        (AddLink(ACROSS), AddLink(shapely.reverse(ACROSS), kind="bridge"), "adds the same link"),
        (AddLink(ACROSS), RemoveLink(ACROSS), "adds the link that this takes away"),
        (AddCrossing(shapely.Point(9, 9)), AddCrossing(shapely.Point(9.2, 9)), "a crossing at the same place"),
        (RemoveService(("id-2",)), RemoveService(("id-2",)), "removes id-2 already"),
        (RemoveLink(line((0, 0), (100, 0))), RemoveLink(line((100, 0), (0, 0))), "removes the same"),
        (RemoveService(("id-1",)), ChangeHeadway("id-1", 300, **AM), "remove route 'id-1'"),
        (ChangeHeadway("id-1", 300, **AM), RemoveService(("id-1",)), "remove route 'id-1'"),
        (ChangeHeadway("id-1", 300, **AM), ChangeHeadway("id-1", 600, **AM), "in the same period"),
        (RemoveStop(("A",)), AddService(("A", "B"), (60,), "9", "bus", 600, **AM), "close A and add a service"),
        (AddStop("X", shapely.Point(0, 0)), AddStop("X", shapely.Point(9, 9)), "adds a stop 'X' too"),
        (AddStop("X", shapely.Point(0, 0)), RemoveStop(("X",)), "add and close the stop 'X'"),
        (RemoveStop(("A",)), RemoveStop(("B", "A")), "closes A already"),
        (RemoveService(("id-1",)), AddStop("X", shapely.Point(0, 0), ("id-1",)), "let it call at a new stop"),
        (AddService(("A", "B"), (60,), "9", "bus", 600, **AM), RemoveService(("9",)), "adds the route '9'"),
    ],
)
def test_contradictions_are_told_at_the_later_one(one, other, words):
    found = [rule for where, _, rule in rules(Scenario((one, other))) if where == "modification 2" and words in rule]
    assert len(found) == 1
    assert found[0].startswith("modification 1")


def test_what_does_not_overlap_is_no_contradiction():
    later = {"start_s": 9 * 3600, "end_s": 12 * 3600}
    fine = (ChangeHeadway("id-1", 300, **AM), ChangeHeadway("id-1", 600, **later), RemoveService(("id-2",)))
    assert rules(Scenario(fine)) == []
    apart = (AddStop("X", shapely.Point(0, 0)), AddStop("Y", shapely.Point(0, 0)), RemoveStop(("A",)))
    assert rules(Scenario((*apart, RemoveStop(("B",)), AddService(("X", "Y"), (60,), "9", "bus", 600, **AM)))) == []
    replaced = (RemoveLink(line((0, 0), (100, 0))), AddLink(line((0, 0), (50, 20), (100, 0))))
    assert not [each for each in rules(Scenario(replaced)) if "modification 1" in each[2]]


def toy_timetable():
    return timetable_of({"A": (0, 0), "B": (200, 0), "C": (400, 0)}, {"1": "bus"}, every(10, "1", "A 0, B 4, C 8"))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (RemoveStop(("Q",)), "'Q' is not in the timetable"),
        (RemoveStop(()), "names nothing in stop_ids"),
        (RemoveService(("Q",)), "'Q' is not in the timetable"),
        (RemoveService((), ("Q",)), "'Q' is not in the timetable"),
        (RemoveService(), "names nothing in route_ids or trip_ids"),
        (ChangeHeadway("Q", 300, **AM), "'Q' is not in the timetable"),
        (ChangeHeadway("id-1", 0, **AM), "headway_s is 0"),
        (ChangeHeadway("id-1", 300, 7, 7), "is empty"),
        (ChangeHeadway("id-1", 300, 0, 60), "no trip of 'id-1' starts"),
        (AddService(("A", "Q"), (60,), "9", "bus", 600, **AM), "'Q' is not in the timetable"),
        (AddService(("A", "B"), (60, 60), "9", "bus", 600, **AM), "not 1 running times"),
        (AddService(("A",), (), "9", "bus", 600, **AM), "1 stops make no line"),
        (AddService(("A", "A"), (60,), "9", "bus", 600, **AM), "twice in a row"),
        (AddService(("A", "B"), (60,), "9", "rocket", 600, **AM), "mode is 'rocket'"),
        (AddService(("A", "B"), (60,), "9", "bus", -600, **AM), "headway_s is -600"),
        (AddStop("A", shapely.Point(0, 0)), "'A' is in the timetable already"),
        (AddStop("X", shapely.Point(0, 0), ("Q",)), "'Q' is not in the timetable"),
        (AddStop("X", shapely.Point(), ()), "no point"),
        (AddStop("", shapely.Point(0, 0)), "stop_id holds an empty id"),
        (RemoveStop(("A", "A")), "names A twice"),
        (AddService(("A", "B"), (60,), "", "bus", 600, **AM), "route_id is empty"),
        (AddService(("A", "B"), (60,), "9", "bus", 600, **AM, dwell_s=-1), "dwell_s is -1"),
        (AddStop("X", NAN_POINT), "not all numbers"),
        (AddStop("X", shapely.Point(0, 0), dwell_s=-1), "dwell_s is -1"),
    ],
)
def test_unknown_ids_and_impossible_services(change, words):
    only(Scenario((change,)), words, timetable=toy_timetable())
    with pytest.raises(InputError, match="modification 1"):
        Scenario((change,)).apply_timetable(toy_timetable(), crs=pyproj.CRS(CRS))


def test_a_stop_nobody_can_walk_to():
    away = Scenario((AddStop("X", shapely.Point(200, 900)),))
    only(
        away, "it is 600 m from the nearest street for 'walk', farther than 150 m", "warning", timetable=toy_timetable()
    )
    assert rules(away, [two_banks(mode="bike")]) == []
    degrees = Scenario((AddStop("X", shapely.Point(12.5, 55.6)),))
    only(degrees, "look like degrees", networks=Network.from_streets(streets_table([((7e5, 6.1e6), (7e5, 6.2e6))])))
    assert rules(Scenario((AddStop("X", shapely.Point(200, 120)),)), timetable=toy_timetable()) == []


def test_every_fault_at_once_changing_nothing():
    scenario = Scenario(
        (
            AddLink(line((150, 0), (150, 60)), name="Pier", delay_s=-1),
            AddLink(line((150, 0), (150, 60)), kind="bridge"),
            RemoveStop(("Q", "R")),
        ),
        name="Plan B",
    )
    network, timetable = two_banks(), toy_timetable()
    before = network.fingerprint(), timetable.fingerprint()
    faults = scenario.check(network, timetable)
    assert {fault.file for fault in faults} == {"Plan B"}
    assert [fault.where for fault in faults] == [
        "modification 1 (Pier)", "modification 2", "modification 2", "modification 3", "modification 3",
    ]  # fmt: skip
    with pytest.raises(InputError) as caught:
        scenario.apply(network)
    assert len(caught.value.faults) == 2
    assert (network.fingerprint(), timetable.fingerprint()) == before


def test_another_crs_than_the_network():
    scenario = Scenario((AddLink(ACROSS),), crs=pyproj.CRS(3067))
    assert "is in EPSG:25832" in scenario.check(two_banks())[0].rule
    with pytest.raises(CrsError):
        scenario.apply(two_banks())
    assert Scenario((AddLink(ACROSS),), crs=pyproj.CRS(25832)).check(two_banks()) == []
