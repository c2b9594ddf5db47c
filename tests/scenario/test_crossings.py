"""What a scenario makes of the table of crossings: new ones, and those that close."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from bykobling.barriers import find_crossings
from bykobling.network import Network
from bykobling.network.two_sided import two_sided
from bykobling.scenario import AddCrossing, AddLink, ChangeSpeed, RemoveLink, Scenario
from bykobling.scenario.crossings import crossings_after
from bykobling.severance import crossing_spacing
from tests.scenario.towns import line
from tests.toys import CRS, crossings_table, grid, streets_table

ACROSS = line((150, 0), (150, 100))


def strip(kind):
    """A strip 20 m wide between the two banks, at 40 to 60 m."""
    frame = gpd.GeoDataFrame(
        {
            "name": ["Banen"], "kind": [kind], "subkind": ["primary" if kind == "road" else kind],
            "headline": [True], "linear": [True],
        },
        geometry=[shapely.box(-500, 40, 800, 60)], crs=CRS,
    )  # fmt: skip
    frame.index = ["b"]
    return frame


def sided(pieces, marks=None, big=()):
    table = streets_table(pieces)
    road = table["name"].isin(list(big)).to_numpy(bool)
    return two_sided(table, crossings_table(table, marks or {}), road)


def banks(*bridges, **more):
    """Two grids of streets 100 m apart, with bridges at some x."""
    over = [((x, 0.0), (x, 100.0), {"bridge": True, "highway": "footway", **more}) for x in bridges]
    return sided(grid(9, 2, y0=-100.0) + grid(9, 2, y0=100.0) + over)


def after(streets, barriers, *changes):
    there = find_crossings(streets, barriers)
    mark = there.copy()
    found = crossings_after(Scenario(changes), Network.from_streets(streets), barriers, there, streets=streets)
    pd.testing.assert_frame_equal(pd.DataFrame(there), pd.DataFrame(mark))
    return found


def rows(crossings):
    """In an order of its own."""
    at = zip(crossings.geometry.x.round(6), crossings.geometry.y.round(6), strict=True)
    return sorted(zip(crossings["barrier_id"], crossings["kind"], crossings["delay_s"], at, strict=True))


@pytest.mark.parametrize(("kind", "barrier"), [("bridge", "railway"), ("underpass", "railway"), ("bridge", "road")])
def test_a_link_across_is_a_crossing_without_a_wait(kind, barrier):
    found = after(banks(), strip(barrier), AddLink(ACROSS, kind=kind))
    assert found[["barrier_id", "barrier", "kind"]].to_numpy().tolist() == [["b", "Banen", kind]]
    assert found["delay_s"].tolist() == [0.0]
    assert found.geometry.iloc[0].distance(shapely.Point(150, 50)) < 1


def test_a_signal_is_one_with_its_wait():
    found = after(banks(), strip("road"), AddCrossing(ACROSS, kind="signal", delay_s=30.0))
    assert found["kind"].tolist() == ["signal"]
    assert found["delay_s"].tolist() == pytest.approx([30.0], abs=0.01)


@pytest.mark.parametrize(
    ("was", "wait_s", "new"), [("unmarked", 120.0, "signal"), ("signal", 60.0, "signal"), ("unmarked", 120.0, "bridge")]
)
def test_what_is_better_than_what_is_there_is_a_crossing_as_if_it_had_been_mapped(was, wait_s, new):
    streets = banks()
    there = gpd.GeoDataFrame(
        {"barrier_id": ["b"], "barrier": ["Banen"], "kind": [was], "delay_s": [wait_s]},
        geometry=[shapely.Point(150, 50)], crs=CRS,
    )  # fmt: skip
    change = AddLink(ACROSS, kind=new) if new == "bridge" else AddCrossing(ACROSS, kind=new, delay_s=25.0)
    found = crossings_after(Scenario((change,)), Network.from_streets(streets), strip("road"), there, streets=streets)
    assert sorted(found["kind"]) == sorted([was, new])
    assert found["delay_s"].min() == pytest.approx(0.0 if new == "bridge" else 25.0, abs=0.01)
    # nobody waits longer than 45 s for a crossing that counts
    spacing = [crossing_spacing(strip("road"), table, extent=None)["crossings"].iloc[0] for table in (there, found)]
    assert spacing == [0, 1]


def test_one_as_good_is_the_one_that_is_there():
    there = gpd.GeoDataFrame(
        {"barrier_id": ["b"], "barrier": ["Banen"], "kind": ["signal"], "delay_s": [25.0]},
        geometry=[shapely.Point(152, 50)], crs=CRS,
    )  # fmt: skip
    streets = banks()
    change = AddCrossing(ACROSS, kind="signal", delay_s=25.0)
    found = crossings_after(Scenario((change,)), Network.from_streets(streets), strip("road"), there, streets=streets)
    assert len(found) == 1


def test_what_crosses_nothing_or_is_there_already_adds_none():
    railway = strip("railway")
    assert len(after(banks(), railway, AddLink(line((150, 0), (250, 0)), kind="path"))) == 0
    assert len(after(banks(), railway, RemoveLink(line((0, 0), (300, 0))))) == 0
    beside, away = (AddLink(line((x, 0), (x, 100)), kind="bridge") for x in (160, 190))
    assert len(after(banks(150.0), railway, beside)) == 1
    assert len(after(banks(150.0), railway, away)) == 2


@pytest.mark.parametrize("barrier", ["railway", "water"])
def test_of_three_bridges_one_is_taken_away_and_the_gap_is_that_of_two(barrier):
    """0 ---- 100 #### 400 #### 700: without the middle one as if it had never been there."""
    river = strip(barrier)
    found = after(banks(100.0, 400.0, 700.0), river, RemoveLink(line((400, 0), (400, 100))))
    never = find_crossings(banks(100.0, 700.0), river)
    assert rows(found) == rows(never)
    before = crossing_spacing(river, find_crossings(banks(100.0, 400.0, 700.0), river))
    then = crossing_spacing(river, found)
    pd.testing.assert_frame_equal(then, crossing_spacing(river, never))
    # from -500 to 100 m there is no bridge either way
    assert (before.loc["b", "crossings"], before.loc["b", "largest_gap_m"]) == (3, pytest.approx(600, abs=1))
    assert (then.loc["b", "crossings"], then.loc["b", "largest_gap_m"]) == (2, pytest.approx(600, abs=1))
    assert before.loc["b", "mean_gap_m"] == pytest.approx(1300 / 4)
    assert then.loc["b", "mean_gap_m"] == pytest.approx(1300 / 3)
    assert before.loc["b", "beyond_200m_share"] < then.loc["b", "beyond_200m_share"]


def test_the_part_over_the_barrier_is_enough_and_the_part_beside_it_is_not():
    bridges, railway = banks(100.0, 400.0), strip("railway")
    for part, left in (((45, 55), 1), ((0, 20), 2)):
        found = after(bridges, railway, RemoveLink(line(*((400, y) for y in part))))
        assert len(found) == left, part


def test_a_line_across_a_bridge_closes_nothing():
    railway = strip("railway")
    streets = banks(100.0, 400.0)
    along = streets_table([((0, 50), (800, 50), {"level": 1})])
    streets = gpd.GeoDataFrame(pd.concat([streets, two_sided(along, crossings_table(along, {}), [False])]))
    streets = streets.reset_index(drop=True)
    streets.loc[streets.index[-1], ["u", "v"]] = [9001, 9002]
    there = find_crossings(streets, railway)
    found = after(streets, railway, RemoveLink(line((300, 50), (500, 50))))
    assert rows(found) == rows(there)


def test_one_of_two_footways_over_one_bridge_leaves_the_other():
    """They were one place; what is left of it is where the other footway runs."""
    both = banks(400.0, 410.0)
    railway = strip("railway")
    assert len(find_crossings(both, railway)) == 1
    found = after(both, railway, RemoveLink(line((400, 0), (400, 100)), tolerance_m=2.0))
    assert rows(found) == rows(find_crossings(banks(410.0), railway))


def test_built_and_closed_again_is_none_and_closed_and_built_again_is_one():
    railway = strip("railway")
    add, close = AddLink(ACROSS, kind="bridge"), RemoveLink(ACROSS)
    assert len(after(banks(), railway, add, close)) == 0
    rebuilt = after(banks(150.0), railway, close, add)
    assert rebuilt["kind"].tolist() == ["bridge"]
    signal = AddCrossing(ACROSS, kind="zebra", delay_s=3.0)
    assert len(after(banks(), strip("road"), signal, close)) == 0
    half = RemoveLink(line((150, 0), (150, 50)))
    assert len(after(banks(), strip("road"), signal, half)) == 0
    assert len(after(banks(), railway, add, RemoveLink(line((150, 0), (150, 20))))) == 1


def test_other_changes_leave_the_table_as_it_is():
    railway, streets = strip("railway"), banks(100.0)
    there = find_crossings(streets, railway)
    network = Network.from_streets(streets)
    slower = Scenario((ChangeSpeed(line((100, 0), (100, 100)), 2.0, modes=("walk",)),))
    assert crossings_after(slower, network, railway, there, streets=streets) is there
    bikes = Scenario((AddLink(ACROSS, kind="bridge", modes=("bike",)),))
    assert crossings_after(bikes, network, railway, there, streets=streets) is there


def test_crossings_at_grade_close_with_the_street_they_belong_to():
    """A big road along y = 50 with side streets across it at x = 100, 400, 700, and a signal at each."""
    road = [((x, 50.0), (x + 100.0, 50.0), {"name": "Vejen", "highway": "primary"}) for x in range(0, 800, 100)]
    marks = {(float(x), 50.0): "signal" for x in (100, 400, 700)}

    def town(*at):
        sides = [((x, y), (x, y + 50.0)) for x in at for y in (0.0, 50.0)]
        banks = grid(9, 2, y0=-100.0) + grid(9, 2, y0=100.0)
        own = {place: kind for place, kind in marks.items() if place[0] in at}
        return sided([*banks, *road, *sides], own, big=("Vejen",))

    barrier = strip("road")
    assert len(find_crossings(town(100.0, 400.0, 700.0), barrier)) == 3
    found = after(town(100.0, 400.0, 700.0), barrier, RemoveLink(line((400, 0), (400, 100))))
    assert rows(found) == rows(find_crossings(town(100.0, 700.0), barrier))


@pytest.mark.parametrize("arms", [(), (50.0,)])
def test_a_level_crossing_closes_with_the_way_through_it(arms):
    """As if the ways had never been there: both, or the one south of the tracks."""
    railway = strip("railway")

    def town(*there):
        ways = [((100.0, y), (100.0, y + 50.0)) for y in (0.0, 50.0)] + [((400.0, y), (400.0, y + 50.0)) for y in there]
        marks = {(100.0, 50.0): "level_crossing"} | ({(400.0, 50.0): "level_crossing"} if there else {})
        return sided(grid(9, 2, y0=-100.0) + grid(9, 2, y0=100.0) + ways, marks)

    assert len(find_crossings(town(0.0, 50.0), railway)) == 4
    closed = RemoveLink(line((400, 0), (400, 50 if arms else 100)))
    found = after(town(0.0, 50.0), railway, closed)
    assert rows(found) == rows(find_crossings(town(*arms), railway))
    assert "level_crossing" in found["kind"].tolist()
