"""What proposals change in a toy town: by hand, and the same when everything is measured again."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
import shapely.affinity
from hypothesis import given, settings
from hypothesis import strategies as st
from test_run import ROAD_COLUMN, TOML, make, place

from bykobling.errors import Fault, OutputError, StudyError
from bykobling.network import Network
from bykobling.network.within import within_reach
from bykobling.scenario import AddLink, RemoveLink, Scenario
from bykobling.study import affected, assess, run_study
from bykobling.study.affected import effect_after, hang_alike, same_streets
from bykobling.study.assess import assess_study, save_assessment
from bykobling.study.prepare import prepare_study
from bykobling.study.run import PREPARE_SHARES, measure_effect
from bykobling.study.steps import Steps

REACHES = ("reach", "reach_open", "reach_open_water")
HEADLINE = "barrier_effect_walk_15min"


@dataclass(frozen=True)
class Town:
    study: object
    ready: object

    def line(self, row):
        """Straight over the railway in one of the rows of the toy town, from street to street."""
        ends = [place(ROAD_COLUMN - 1, row), place(ROAD_COLUMN + 1, row)]
        crs = self.ready.inputs.areas.crs
        return gpd.GeoSeries([shapely.LineString(ends)], crs=4326).to_crs(crs).iloc[0]

    def bridge(self, row, name="A", **more):
        return Scenario((AddLink(self.line(row), kind="bridge", name=name, **more),), name=name)


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    study = make(tmp_path_factory.mktemp("town"))
    return Town(study, prepare_study(study, Steps(None, PREPARE_SHARES)))


@pytest.fixture(scope="module")
def two(town):
    """A bridge in the middle row and one in the uppermost.

    # # # # # # = # # # # # #   B (row 6)
    # # # # # # = # # # # # #   A (row 3), where the schools are
    # # # # # # = # # # # # #   there already (row 0)
    """
    told = []
    found = assess_study(town.study, [town.bridge(3), town.bridge(6, "B")], progress=lambda *one: told.append(one))
    return found, told


def test_a_bridge_reconnects_the_west(two):
    found, _ = two
    row = found.summary.loc["A"]
    assert row["residents_gaining"] > 0
    assert row["residents_losing"] == row["vulnerable_losing"] == 0
    # the schools lie at its end: nearly all that the railway takes, and as a bridge is a street to the door, a bit more
    assert 0.5 < row["recovered_share"] < 1.1
    assert row["recovered_vulnerable_share"] > 0
    # the west has no school: it gains the more
    effect = found.areas[(found.areas["proposal"] == "A") & (found.areas["indicator"] == HEADLINE)].set_index("area_id")
    assert effect.loc["w", "change"] < effect["change"].get("e", 0.0) <= 0
    assert effect["improves"].all()


def test_opening_at_once_is_what_the_search_barrier_by_barrier_tells(town):
    """Of a city in which nothing changes, all three reaches are those of the barrier effect, from every home."""
    ready = town.ready
    for openings in ready.openings:
        before = measure_effect(town.study, ready, openings, progress=lambda *_: None)
        assert (before.reach_open > before.reach).any()
        # were they kept from before, another number would stay
        other = dataclasses.replace(before, **{name: getattr(before, name) + 1 for name in REACHES})
        after = effect_after(town.study, ready, other, openings=openings, changed=openings, touched=None)
        for name in REACHES:
            assert getattr(after, name) == pytest.approx(getattr(before, name), nan_ok=True)
            assert getattr(after, f"area_{name}") == pytest.approx(getattr(before, f"area_{name}"))


def test_ways_only_added_take_from_nobody_and_ways_only_closed_give_to_nobody(town):
    """A home that is led to another street than before is no gain of a closing."""
    openings = town.ready.walking
    before = measure_effect(town.study, town.ready, openings, progress=lambda *_: None)
    for step, only in ((1.0, "adds"), (-0.5, "closes")):
        other = dataclasses.replace(before, **{name: getattr(before, name) + step for name in REACHES})
        kept = effect_after(town.study, town.ready, other, openings=openings, changed=openings, touched=None, only=only)
        assert kept.reach == pytest.approx(other.reach, nan_ok=True)
    line = town.line(3)
    adds, closes = AddLink(line), RemoveLink(line)
    assert assess._only(Scenario((adds,))) == "adds"
    assert assess._only(Scenario((closes, closes))) == "closes"
    assert assess._only(Scenario((closes, adds))) is None


def test_a_bridge_where_the_open_city_has_one_recovers_what_it_gains(two):
    found, _ = two
    for _, row in found.summary.iterrows():
        # the open city changes by a few metres of ramp at most
        assert row["effect_after"] == pytest.approx(row["effect_before"] * (1 - row["recovered_share"]), abs=0.01)


def test_things_as_they_are_are_those_of_a_run(town, two):
    results, found = run_study(town.study), two[0]
    for indicator, rows in found.areas.groupby("indicator"):
        assert rows["before"].to_numpy() == pytest.approx(results.areas.loc[rows["area_id"], indicator].to_numpy())


def test_minutes_to_school_by_hand(two):
    found, _ = two
    times = found.times.set_index(["proposal", "group", "to", "mode"]).loc[("A", "vulnerable", "school", "walk")]
    # three rows down to the bridge and three up again are saved by those in the middle row: 600 m at 80 m/min
    assert 0 < times["saved_min"] < 7.6
    assert times["saved_min"] == pytest.approx(times["before_min"] - times["after_min"])
    assert times["residents_saving_1_min"] > 0
    everybody = found.thresholds.set_index(["proposal", "group", "indicator"])
    school = everybody.loc["A", "all", "minutes_to_school_walk"]
    assert school["met_after"] - school["met_before"] == pytest.approx(school["gaining"] - school["losing"])
    assert school["losing"] == 0


def test_groups_and_gaps(two):
    found, _ = two
    mine = found.groups.set_index(["proposal", "group", "indicator"])
    weak, rest = mine.loc[("A", "vulnerable", HEADLINE)], mine.loc[("A", "rest", HEADLINE)]
    gap = found.gaps.set_index(["proposal", "indicator"]).loc[("A", HEADLINE)]
    assert gap["gap_before"] == pytest.approx(weak["before"] - rest["before"])
    assert gap["gap_after"] == pytest.approx(weak["after"] - rest["after"])
    assert gap["gap_closed"] == pytest.approx(1 - gap["gap_after"] / gap["gap_before"])
    assert 0 <= found.summary.loc["A", "gaps_closed"] <= found.summary.loc["A", "gaps"]


def test_two_together(two):
    found, _ = two
    assert found.summary.index.tolist() == ["A", "B", "A + B"]
    pair = found.interaction.iloc[0]
    assert (pair["proposal"], pair["other"]) == ("A", "B")
    assert pair["together"] >= max(pair["alone"], pair["other_alone"]) - 1e-12
    assert pair["interaction"] == pytest.approx(pair["together"] - pair["alone"] - pair["other_alone"])
    assert pair["together"] == pytest.approx(found.summary.loc["A + B", "mean_reach_gain"])


def test_homes_that_gain_add_up(two):
    found, _ = two
    homes = found.residents[found.residents["proposal"] == "A"]
    assert homes["residents"].sum() == pytest.approx(found.summary.loc["A", "residents_gaining"])
    assert (homes["reach_after"] > homes["reach_before"]).all()
    assert homes.geom_type.eq("Point").all()


def test_who_gains_by_area_adds_up(two):
    found, _ = two
    sums = found.who.groupby("proposal")[["residents_gaining", "residents_losing"]].sum()
    for name in sums:
        assert sums[name].reindex(found.summary.index).tolist() == pytest.approx(found.summary[name].tolist())
    west = found.who.set_index(["proposal", "area_id"]).loc[("A", "w")]
    homes = found.residents[(found.residents["proposal"] == "A") & (found.residents["area_id"] == "w")]
    gained = ((homes["reach_after"] - homes["reach_before"]) * homes["residents"]).sum()
    # the mean is of all residents on a street, those who gain nothing too
    assert (west["reach_after"] - west["reach_before"]) * west["residents"] == pytest.approx(gained, rel=0.02)
    assert found.summary["members"].tolist() == [1, 1, 2]
    assert found.cutoff_min == 15


def test_what_is_proposed_is_listed_with_notes_and_provenance(two):
    found, told = two
    assert found.proposals["what"].tolist() == ["bridge", "bridge"]
    assert found.proposals["length_m"].between(40, 60).all()
    text = " ".join(note.text for note in found.notes)
    assert "only the ways change" in text
    assert set(found.run["proposals"]) == {"A", "B"}
    shares = [one for one, _, _ in told]
    assert shares == sorted(shares)
    assert told[-1][:2] == (1000, 1000)


TABLES = ("areas", "groups", "thresholds", "times", "gaps")


def test_incremental_is_everything_measured_again(town, two, monkeypatch):
    """Nobody is left out of the second search, and nothing is taken from before."""
    first = two[0]
    monkeypatch.setattr(affected, "within_reach", lambda _network, homes, *_: homes.linked)
    monkeypatch.setattr(assess, "_within_a_walk", lambda *_: True)
    again = assess_study(town.study, [town.bridge(3), town.bridge(6, "B")])
    pd.testing.assert_frame_equal(first.summary, again.summary, rtol=1e-9)
    for name in TABLES:
        pd.testing.assert_frame_equal(getattr(first, name), getattr(again, name), rtol=1e-9, obj=name)
    pd.testing.assert_frame_equal(
        pd.DataFrame(first.residents.drop(columns="geometry")), pd.DataFrame(again.residents.drop(columns="geometry"))
    )


def test_only_some_homes_are_searched_again(town):
    """At 5 minutes most homes lie too far from the bridge; were they all touched the test above would prove nothing."""
    network = town.ready.walking.network
    scenario = town.bridge(6)
    changed = same_streets(network, scenario.apply(network))
    homes = changed.snap(town.ready.residents.geometry)
    nodes = scenario.touched_nodes(network)
    share = [within_reach(changed, homes, nodes, minutes * 60).mean() for minutes in (1, 5, 60)]
    assert 0 < share[0] < share[1] < share[2] == 1


def test_a_bridge_that_nobody_waits_for_changes_no_time(town):
    """What is measured in metres, such as detours, knows no waiting; what is measured in minutes does."""
    found = assess_study(town.study, [town.bridge(3, delay_s=36_000.0)])
    row = found.summary.loc["A"]
    assert row["residents_gaining"] == row["residents_losing"] == row["recovered_share"] == 0
    assert not len(found.residents)
    assert not len(found.times)
    timed = ("barrier_effect", "places", "people", "minutes", "catchment", "gravity")
    assert not [name for name in found.areas["indicator"] if name.startswith(timed)]


def test_taking_the_only_bridge_away_is_a_loss(town):
    taken = Scenario((RemoveLink(town.line(0), name="closed"),), name="Without")
    found = assess_study(town.study, [taken])
    row = found.summary.loc["Without"]
    assert row["residents_losing"] > 0
    assert row["residents_gaining"] == 0
    assert row["recovered_share"] < 0
    assert row["effect_after"] > row["effect_before"]
    assert found.proposals["what"].tolist() == ["removed street"]


def test_building_what_is_there_gives_back_what_was_taken(town):
    """Taking the bridge away and building it again in its place is no change to anybody's minutes."""
    line = town.line(0)
    # the bridge that is there has no climb in the data
    both = Scenario((RemoveLink(line), AddLink(line, kind="bridge", delay_s=0.0)), name="Rebuilt")
    row = assess_study(town.study, [both]).summary.loc["Rebuilt"]
    assert row["recovered_share"] == pytest.approx(0, abs=0.02)


@dataclass(frozen=True)
class Faulty:
    """A proposal with a fault of its own."""

    name: str
    modifications: tuple = ()
    changes_timetable: bool = False
    changes_streets: bool = True
    changes_traffic: bool = False

    def check(self, *_, **__):
        return [Fault("proposals.geojson", self.name, "it leads nowhere", "draw it from street to street")]


def test_every_fault_is_told_before_anything_is_measured(town, monkeypatch):
    monkeypatch.setattr(assess, "measure_effect", lambda *_, **__: pytest.fail("measured"))
    wrong = [Faulty("A"), Faulty("A"), Faulty(" "), Faulty("T", changes_timetable=True)]
    with pytest.raises(StudyError) as caught:
        assess_study(town.study, wrong)
    told = [str(fault) for fault in caught.value.faults]
    assert sum("leads nowhere" in one for one in told) == 3
    assert any("'A' is taken" in one for one in told)
    assert any("has no name" in one for one in told)
    assert any("no timetable" in one for one in told)
    with pytest.raises(StudyError, match="there is none"):
        assess_study(town.study, [])


def test_without_vulnerable_areas_their_numbers_are_missing(tmp_path, town):
    study = make(
        tmp_path, toml=TOML.replace('group = "group"\nvulnerable = ["vulnerable"]\n', "") + "[bike]\nenabled = false\n"
    )
    found = assess_study(study, [town.bridge(3)], combinations=False)
    row = found.summary.loc["A"]
    assert np.isnan(row[["vulnerable_gaining", "vulnerable_losing", "recovered_vulnerable_share"]].astype(float)).all()
    assert row["gaps"] == 0
    assert set(found.groups["group"]) == {"all", "rest"}
    assert not found.areas["indicator"].str.contains("bike").any()


def test_without_a_profile_the_barrier_effect_is_assessed(tmp_path, town):
    study = make(tmp_path, toml=TOML + "[bike]\nenabled = false\n[profile]\nenabled = false\n")
    found = assess_study(study, [town.bridge(3)])
    assert found.areas["indicator"].str.startswith("barrier_effect").all()
    assert not len(found.times)
    assert not len(found.thresholds)


def grid(size):
    """Streets of a square town, 100 m apart."""
    lines, ends = [], []
    for i in range(size):
        for j in range(size):
            for k, m in ((i + 1, j), (i, j + 1)):
                if k < size and m < size:
                    lines.append(shapely.LineString([(100 * i, 100 * j), (100 * k, 100 * m)]))
                    ends.append((i * size + j, k * size + m))
    u, v = np.array(ends).T
    told = {"u": u, "v": v, "walk": True, "length_m": 100.0}
    return Network.from_streets(gpd.GeoDataFrame(told, geometry=lines, crs=25832))


def test_a_quarter_whose_bridge_is_taken_away_stays_a_street():
    """Nine corners are too few to be a part of the town by themselves.

    # # # # #
    # # # # #     # # #
    # # # # # === # # #     === closes
    # # # # #     # # #
    # # # # #
    """
    big, small = grid(5), grid(3)
    shift = shapely.affinity.translate
    lines = [*big.edge_geometry, *(shift(one, 500, 100) for one in small.edge_geometry)]
    bridge = shapely.LineString([(400, 200), (500, 200)])
    ends = [(tuple(line.coords[0]), tuple(line.coords[-1])) for line in [*lines, bridge]]
    number = {place: k for k, place in enumerate(sorted({one for pair in ends for one in pair}))}
    u, v = np.array([[number[a], number[b]] for a, b in ends]).T
    told = {"u": u, "v": v, "walk": True, "length_m": 100.0}
    before = Network.from_streets(gpd.GeoDataFrame(told, geometry=[*lines, bridge], crs=25832))
    mark = before.fingerprint()
    taken = Scenario((RemoveLink(bridge),), name="x")
    home = [shapely.Point(650, 210)]
    assert taken.apply(before).snap(home).reason.tolist() != ["ok"]
    after = same_streets(before, taken.apply(before))
    assert after.snap(home).reason.tolist() == ["ok"]
    assert not hang_alike(before, after)
    assert hang_alike(before, before)
    assert before.fingerprint() == mark


def test_many_proposals_are_not_paired(town):
    several = [town.bridge(row, str(row)) for row in range(1, 4)]
    found, notes = assess._together(town.study, town.ready, several)
    assert [one.name for one in found] == ["1 + 2", "1 + 3", "2 + 3", "1 + 2 + 3"]
    assert not notes
    named = [town.bridge(1, "1"), town.bridge(2, "2"), town.bridge(3, "1 + 2")]
    assert assess._together(town.study, town.ready, named)[0][0].name == "1 + 2 (together)"
    many = [town.bridge(0.6 * k, f"{k}") for k in range(1, 10)]
    found, notes = assess._together(town.study, town.ready, many)
    assert len(found) == 1
    assert "not every two" in notes[0].text


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10_000), n=st.integers(1, 3), minutes=st.integers(1, 8))
def test_who_is_touched_against_a_plain_search(seed, n, minutes):
    import networkx as nx

    rng = np.random.default_rng(seed)
    network = grid(5)
    slow = rng.uniform(60, 240, network.edge_count).round().astype(np.float32)
    network = dataclasses.replace(network, edge_s_forward=slow, edge_s_backward=slow[::-1].copy())
    from bykobling.network.edges import remade

    network = remade(network)
    nodes = rng.choice(network.node_count, n, replace=False)
    homes = network.snap(shapely.points(rng.uniform(0, 400, (20, 2))))
    graph = nx.DiGraph()
    for u, v, ahead, back in zip(
        network.edge_u, network.edge_v, network.edge_s_forward, network.edge_s_backward, strict=True
    ):
        graph.add_edge(int(u), int(v), s=float(ahead))
        graph.add_edge(int(v), int(u), s=float(back))
    away = nx.multi_source_dijkstra_path_length(graph.reverse(), {int(one) for one in nodes}, weight="s")
    got = within_reach(network, homes, nodes, minutes * 60)
    for home in range(len(homes)):
        edge = homes.edge[home]
        by = (
            homes.s_to_u[home] + away[int(network.edge_u[edge])],
            homes.s_to_v[home] + away[int(network.edge_v[edge])],
        )
        # a second of slack: to search from one home more is no mistake
        if abs(min(by) - minutes * 60) > 2:
            assert got[home] == (min(by) <= minutes * 60)


def test_the_terminal_and_python_assess_the_same(town, tmp_path, capsys):
    from bykobling import cli

    lines = [town.line(row) for row in (3, 4)]
    drawn = gpd.GeoDataFrame(
        {"kind": "bridge", "proposal": ["nord", "syd"]}, geometry=lines, crs=town.ready.inputs.areas.crs
    )
    drawn.to_file(tmp_path / "drawn.gpkg")
    told = cli._guarded(["assess", str(town.study.path), str(tmp_path / "drawn.gpkg"), "-o", str(tmp_path / "out")])
    shown = capsys.readouterr()
    assert told == 0, shown.err
    assert "nord" in shown.out
    scenarios = [
        Scenario((AddLink(line, kind="bridge"),), name) for line, name in zip(lines, ("nord", "syd"), strict=True)
    ]
    same = assess_study(town.study, scenarios)
    written = pd.read_csv(tmp_path / "out" / "assessment_summary.csv", index_col="proposal")
    assert written.index.tolist() == same.summary.index.tolist()
    assert np.allclose(written["residents_gaining"], same.summary["residents_gaining"])
    assert (written["residents_gaining"] > 0).all()
    page = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert "With nord, " in page
    assert f"{same.summary.loc['syd', 'residents_gaining']:,.0f}" in page


def test_a_page_that_cannot_be_made_leaves_the_earlier_files(town, two, tmp_path, monkeypatch):
    from bykobling.report import assess as page

    save_assessment(two[0], town.study, folder=tmp_path)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert {"report.html", "assessment.gpkg", "assessment.json", "assessment_who.csv"} <= set(before)

    def broken(*_, **__):
        raise OutputError("no space left on the disk. Remedy: free some.")

    monkeypatch.setattr(page, "render_assessment", broken)
    with pytest.raises(OutputError, match="no space"):
        save_assessment(two[0], town.study, folder=tmp_path)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_a_file_with_a_wrong_row_is_told_with_its_row(town, tmp_path):
    drawn = gpd.GeoDataFrame(
        {"kind": ["bridge", "zeppelin"]}, geometry=[town.line(3)] * 2, crs=town.ready.inputs.areas.crs
    )
    drawn.to_file(tmp_path / "drawn.gpkg")
    with pytest.raises(StudyError, match="zeppelin"):
        assess_study(town.study, [tmp_path / "drawn.gpkg"])


def test_means_before_and_after_are_of_the_same_areas():
    """An area that has a way to a station only with the proposal does not make the mean worse."""
    from types import SimpleNamespace

    from bykobling.study.assess_tables import changed_gaps, changed_groups

    def state(values, gap):
        areas = pd.DataFrame(
            {"group": ["vulnerable", "vulnerable", "rest"], "residents": 1.0, "walk_to_station_m": values},
            index=["a", "b", "c"],
        )
        gaps = pd.DataFrame({"gap_abs": [gap]}, index=pd.Index(["walk_to_station_m"], name="indicator"))
        return SimpleNamespace(areas=areas, gaps=gaps)

    before, after = state([np.inf, 900.0, 600.0], 300.0), state([2_400.0, 900.0, 600.0], 1_050.0)
    groups = changed_groups("Bro", before, after, ["walk_to_station_m"]).set_index("group")
    assert groups.loc["vulnerable", ["before", "after", "change"]].tolist() == [900.0, 900.0, 0.0]
    gaps, closed, comparable = changed_gaps("Bro", before, after)
    assert (len(gaps), closed, comparable) == (0, 0, 0)


def test_a_new_crossing_counts_among_crossings(two):
    """The railway has one bridge; with a second one there is half as much railway to each."""
    found, _ = two
    spacing = found.areas[found.areas["indicator"] == "crossing_spacing_m"].set_index(["proposal", "area_id"])
    for area in ("w", "e"):
        row = spacing.loc[("A", area)]
        assert row["after"] == pytest.approx(row["before"] / 2)
        assert row["improves"]
    # the railway ends where B passes it: that is no crossing
    assert "B" not in spacing.index.get_level_values("proposal")
