"""Public transport after a change of streets: what is kept from before is what measuring everything again gives.

The toy town of test_run, two grids of streets 100 m apart with a railway between them, gets lines out of a seed, short
walks and short cut-offs, so that some homes are touched by a change and others are not.
"""

from __future__ import annotations

import dataclasses
import zipfile
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from test_run import COLUMNS, DX, DY, ROAD_COLUMN, ROWS, SOUTH, TOML, WEST, make, place

from bykobling.errors import InputError
from bykobling.scenario import AddLink, ChangeHeadway, ChangeSpeed, RemoveLink, Scenario
from bykobling.study import assess, changed_ways, transit_affected, transit_closer
from bykobling.study.affected import same_streets
from bykobling.study.assess import assess_study
from bykobling.study.prepare import prepare_study
from bykobling.study.run import PREPARE_SHARES, transit_of
from bykobling.study.steps import Steps
from bykobling.study.transit_affected import Touched, search_record, transit_after, transit_with
from bykobling.study.transit_walks import TransitWalks, walks_of

LIMITS = """
[bike]
enabled = false
[population]
file = "people.geojson"
[profile]
places = { file = "named.geojson" }
[transit]
gtfs = ["lines.zip"]
window_min = 20
cutoffs_min = [4, 6, 9]
max_access_min = 5
max_egress_min = 1
max_transfer_min = 5
max_walk_min = 8
max_trip_min = 12
max_rides = 3
board_slack_s = 10
"""
DAYS = "monday,tuesday,wednesday,thursday,friday,saturday,sunday,start_date,end_date"


def clock(seconds):
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"


def feed(rng, *, lines, stops):
    """Draw lines between stops anywhere near the corners; some are trains, some stops are not let off at."""
    columns = [c for c in range(COLUMNS) if c != ROAD_COLUMN]
    at = [
        place(rng.choice(columns) + (rng.uniform(0, 0.3) if rng.random() < 0.5 else 0), rng.integers(0, ROWS))
        for _ in range(stops)
    ]
    tables = {
        "agency": ["agency_name,agency_url,agency_timezone", "Toy,https://x.example,Europe/Copenhagen"],
        "stops": ["stop_id,stop_name,stop_lat,stop_lon"],
        "routes": ["route_id,route_short_name,route_type"],
        "trips": ["route_id,service_id,trip_id,direction_id"],
        "stop_times": ["trip_id,stop_id,stop_sequence,arrival_time,departure_time,drop_off_type"],
        "calendar": [f"service_id,{DAYS}", "week,1,1,1,1,1,0,0,20260302,20260313"],
    }
    tables["stops"] += [f"s{i},S{i},{lat:.7f},{lon:.7f}" for i, (lon, lat) in enumerate(at)]
    for line in range(lines):
        tables["routes"].append(f"r{line},{line},{rng.choice([3, 3, 1])}")
        path = rng.choice(stops, int(rng.integers(2, 5)), replace=False)
        legs = rng.integers(30, 100, len(path))
        for trip, first in enumerate(range(7 * 3600 + 1800, 9 * 3600, int(rng.choice([120, 300, 420])))):
            name, now = f"t{line}-{trip}", first + int(rng.integers(0, 120))
            tables["trips"].append(f"r{line},week,{name},0")
            for k, stop in enumerate(path):
                leave = now + int(rng.integers(0, 30))
                tables["stop_times"].append(f"{name},s{stop},{k},{clock(now)},{clock(leave)},0")
                now = leave + int(legs[k])
    return tables


@dataclass(frozen=True)
class Town:
    study: object
    ready: object
    before: object

    def at(self, column, row):
        there = gpd.GeoSeries([shapely.Point(place(column, row))], crs=4326).to_crs(self.ready.inputs.areas.crs)
        return there.iloc[0]

    def line(self, *corners):
        return shapely.LineString([self.at(*one) for one in corners])

    def built(self, scenario):
        network = self.ready.walking.network
        return dataclasses.replace(self.ready.walking, network=same_streets(network, scenario.apply(network)))

    def whole(self, walking):
        return transit_of(self.study, self.ready, walking, day=self.ready.inputs.day, progress=lambda *_: None)

    def after(self, walking):
        ready = self.ready
        return transit_after(
            self.before, ready.inputs, ready.inputs.day, ready.stands, walking=walking, progress=lambda *_: None
        )

    def touched(self, walking):
        ready, was = self.ready, self.before.walks
        return Touched(was, walks_of(was.source, ready.inputs, ready.inputs.day, ready.stands, walking=walking))


def new_town(folder, seed):
    rng = np.random.default_rng(seed)
    with zipfile.ZipFile(folder / "lines.zip", "w") as archive:
        for name, rows in feed(rng, lines=10, stops=20).items():
            archive.writestr(f"{name}.txt", "\n".join(rows))
    side = [c for c in range(COLUMNS) if c != ROAD_COLUMN]
    homes = [
        shapely.Point(WEST + (rng.choice(side) + rng.uniform(-0.2, 0.2)) * DX, SOUTH + rng.uniform(0, 6) * DY)
        for _ in range(90)
    ]
    people = gpd.GeoDataFrame({"residents": rng.uniform(0.5, 9, 90)}, geometry=homes, crs=4326)
    people.to_file(folder / "people.geojson")
    corners = [shapely.Point(place(1.5, 1)), shapely.Point(place(11, 5))]
    named = gpd.GeoDataFrame({"name": ["West", "East"]}, geometry=corners, crs=4326)
    named.to_file(folder / "named.geojson")
    study = make(folder, toml=TOML + LIMITS)
    ready = prepare_study(study, Steps(None, PREPARE_SHARES))
    return Town(study, ready, transit_of(study, ready, ready.walking, day=ready.inputs.day, progress=lambda *_: None))


@pytest.fixture(scope="module")
def towns(tmp_path_factory):
    return [new_town(tmp_path_factory.mktemp(f"town{seed}"), seed) for seed in (1, 2)]


def same(whole, part):
    """Tell whether every number of two measurements is one and the same, to the last bit."""
    pd.testing.assert_frame_equal(whole.stands, part.stands, check_exact=True)
    pd.testing.assert_frame_equal(whole.travel_times, part.travel_times, check_exact=True)
    pd.testing.assert_frame_equal(pd.DataFrame(whole.stops), pd.DataFrame(part.stops))
    assert whole.notes == part.notes


places = st.tuples(st.sampled_from([0, 1, 2, 3.4, 4, 5, 7, 8.5, 9, 11, 12]), st.sampled_from([0, 1, 1.5, 2, 3, 4.3, 6]))
corners = st.tuples(st.sampled_from([0, 1, 3, 5, 7, 8, 10, 12]), st.integers(0, ROWS - 1))


@st.composite
def bridges(draw):
    row = draw(st.sampled_from([1, 1.5, 2, 3, 4.3, 6]))
    return ("add", (5, row), (7, row), draw(st.sampled_from([0.0, 20.0, 60.0])))


@st.composite
def links(draw):
    return ("add", draw(places), draw(places), draw(st.sampled_from([None, 0.0, 20.0, 300.0])))


@st.composite
def streets(draw):
    column, row = draw(corners)
    reach = draw(st.sampled_from([1, 2]))
    east = min(column + reach, 5 if column < ROAD_COLUMN else COLUMNS - 1)
    end = (east, row) if draw(st.booleans()) else (column, min(row + reach, ROWS - 1))
    return (draw(st.sampled_from(["remove", "slow", "fast"])), (column, row), end, None)


changes = st.lists(st.one_of(bridges(), links(), streets()), min_size=1, max_size=2)


def scenario_of(town, drawn):
    """Build what was drawn; None where it cannot be."""
    steps = []
    for kind, start, end, delay_s in drawn:
        if start == end:
            continue
        line = town.line(start, end)
        if kind == "add":
            steps.append(AddLink(line, kind="path", delay_s=delay_s))
        elif kind == "remove":
            steps.append(RemoveLink(line))
        else:
            steps.append(ChangeSpeed(line, speed_kmh=2.0 if kind == "slow" else 9.0))
    return Scenario(tuple(steps), name="Drawn")


AT_ALL = {
    "as it is": {},
    "no place looked at by itself": {"LEAST_PLACES": 0, "MOST_PLACES": 0},
    "too many ends to search from": {"LEAST_PLACES": 0, "MOST_PLACES": 0, "MOST_ENDS": 0},
}
"""Ways to tell who is touched: the coarser ones are for great changes, which a toy town has not."""


def telling(way):
    """Tell who is touched in one of these ways, and go by a small sample."""
    patch = pytest.MonkeyPatch()
    for name, value in AT_ALL[way].items():
        patch.setattr(changed_ways, name, value)
    if "MOST_PLACES" in AT_ALL[way]:
        patch.setattr(transit_affected, "MOST_PLACES", 0)
    patch.setattr(transit_closer, "_SAMPLE", 8)
    patch.setattr(transit_closer, "_BLOCK", 16)
    return patch


@settings(max_examples=60, deadline=None)
@given(number=st.integers(0, 1), drawn=changes, way=st.sampled_from(list(AT_ALL)))
def test_it_is_everything_measured_again(towns, number, drawn, way):
    town = towns[number]
    try:
        walking = town.built(scenario_of(town, drawn))
    except InputError:
        return
    patch = telling(way)
    try:
        after = town.after(walking)
    finally:
        patch.undo()
    same(town.whole(walking), after)


def rows_that_differ(town, first, last, words):
    """Tell in which stands of the areas a column with one of the words has another number."""
    columns = [name for name in first.stands if any(word in name for word in words)]
    one, other = (each.stands.loc[town.before.walks.living.index, columns].to_numpy() for each in (first, last))
    return ~((one == other) | (np.isnan(one) & np.isnan(other))).all(axis=1)


def test_a_way_nobody_takes_is_not_searched(towns, monkeypatch):
    """A path from street to street that one waits ten hours for: metres are saved by it, seconds are not."""
    town = towns[0]
    path = AddLink(town.line((3.4, 1), (3.4, 2)), kind="path", delay_s=36_000.0)
    walking = town.built(Scenario((path,), name="Path"))
    whole = town.whole(walking)
    monkeypatch.setattr(TransitWalks, "reach", lambda *_: pytest.fail("searched"))
    monkeypatch.setattr(TransitWalks, "minutes", lambda *_: pytest.fail("searched"))
    monkeypatch.setattr(transit_closer, "from_walks", lambda *_: pytest.fail("searched"))
    part = town.after(walking)
    same(whole, part)
    assert search_record(town.before, part)["searched"] == 0


def test_what_changes_nothing_hands_back_the_tables_of_before(towns):
    """A path beside the street it is as long as."""
    town = towns[0]
    beside = Scenario((AddLink(town.line((3, 1), (4, 1)), kind="path", delay_s=0.0),), name="Beside")
    walking = town.built(beside)
    assert walking.network is not town.ready.walking.network
    assert town.after(walking) is town.before
    assert search_record(town.before, town.before) == {"homes": len(town.before.walks.homes), "searched": 0}


def test_only_some_homes_are_searched_again(towns, monkeypatch):
    """A footbridge in the uppermost row is near few; were all of them searched the tests above would prove little."""
    town = towns[0]
    walking = town.built(Scenario((AddLink(town.line((5, 6), (7, 6)), kind="bridge", delay_s=0.0),), name="Bridge"))
    asked = {}
    for name in ("reach", "minutes"):
        plain = getattr(TransitWalks, name)

        def spy(walks, rows, *more, name=name, plain=plain):
            asked[name] = rows
            return plain(walks, rows, *more)

        monkeypatch.setattr(TransitWalks, name, spy)
    part = town.after(walking)
    count = len(town.before.walks.homes)
    other = rows_that_differ(town, town.before, part, ("people_transit", "places_transit"))
    assert 0 < other.sum() <= asked["reach"].sum() < count
    assert not (other & ~asked["reach"]).any()
    assert 0 < asked["minutes"].sum() < count
    searched = int((asked["reach"] | asked["minutes"]).sum())
    assert search_record(town.before, part) == {"homes": count, "searched": searched}


def missed(town, walking, reason):
    """Tell whether somebody with another number would be left out if a reason to search again were not looked at."""
    with pytest.MonkeyPatch.context() as patch:
        touched, count = town.touched(walking), len(town.before.walks.homes)
        if reason == "access":
            vars(touched)["access"] = np.zeros(count, bool)
        elif reason == "changes":
            vars(touched)["change_s"] = np.full(town.before.walks.transit.timetable.stop_count, np.inf)
        elif reason == "closer":
            patch.setattr(transit_closer.Closer, "touched", lambda *_: np.empty(0, np.int64))
        elif reason == "on foot":
            nobody = np.zeros(count, bool), np.zeros(len(town.before.walks.ends), bool)
            patch.setattr(changed_ways.ChangedWays, "may_cross", lambda *_: nobody)
        reach, minutes = touched.reach(lambda *_: None), touched.minutes
    whole = town.whole(walking)
    other = rows_that_differ(town, town.before, whole, ("people_transit", "places_transit"))
    same_times = np.nan_to_num(whole.minutes, nan=-1.0) == np.nan_to_num(town.before.minutes, nan=-1.0)
    return bool((other & ~reach).any() or (~same_times.all(axis=(1, 2)) & ~minutes).any())


def test_each_reason_to_search_again_is_needed(towns):
    """Were one of them not looked at, somebody would keep a number that is another one."""
    needed = set()
    proposals = [
        (1, (4, 2), (5, 3)),
        (1, (0, 2), (1, 3)),
        *((n, (5, row), (7, row)) for n in (0, 1) for row in (1, 3, 6)),
    ]
    for number, start, end in proposals:
        town = towns[number]
        link = AddLink(town.line(start, end), kind="path", delay_s=0.0)
        walking = town.built(Scenario((link,), name="Link"))
        assert not missed(town, walking, "none")
        needed |= {reason for reason in ("access", "changes", "closer", "on foot") if missed(town, walking, reason)}
    assert needed == {"access", "changes", "closer", "on foot"}


def test_a_change_of_the_timetable_is_measured_whole(towns, monkeypatch):
    town = towns[0]
    often = Scenario((ChangeHeadway("r0", 120, start_s=7 * 3600, end_s=9 * 3600),), name="Often")
    monkeypatch.setattr(transit_affected, "transit_after", lambda *_, **__: pytest.fail("taken from before"))
    args = (town.study, town.ready, town.before)
    found = transit_with(*args, often, walking=town.ready.walking, progress=lambda *_: None)
    count = len(town.before.walks.homes)
    assert search_record(town.before, found) == {"homes": count, "searched": count}
    quiet = Scenario((), name="Nothing")
    assert transit_with(*args, quiet, walking=town.ready.walking, progress=lambda *_: None) is town.before


def test_an_assessment_is_the_same_and_tells_how_many_were_searched(towns, monkeypatch):
    town = towns[1]
    proposals = [
        Scenario((AddLink(town.line((5, 6), (7, 6)), kind="bridge"),), name="Bridge"),
        Scenario((RemoveLink(town.line((8, 0), (9, 0))),), name="Closed"),
    ]
    first = assess_study(town.study, proposals)
    count = len(town.before.walks.homes)
    assert list(first.run["transit"]) == ["Bridge", "Closed", "Bridge + Closed"]
    for record in first.run["transit"].values():
        assert record["homes"] == count
        assert 0 < record["searched"] < count
    monkeypatch.setattr(assess, "transit_with", lambda *_, walking, **__: town.whole(walking))
    again = assess_study(town.study, proposals)
    assert {record["searched"] for record in again.run["transit"].values()} == {count}
    for name in ("summary", "areas", "groups", "thresholds", "times", "gaps"):
        pd.testing.assert_frame_equal(getattr(first, name), getattr(again, name), check_exact=True, obj=name)


def test_the_progress_tells_of_how_many_homes(towns):
    town, told = towns[0], []
    walking = town.built(Scenario((AddLink(town.line((5, 6), (7, 6)), kind="bridge", delay_s=0.0),), name="Bridge"))
    ready = town.ready
    transit_after(
        town.before, ready.inputs, ready.inputs.day, ready.stands, walking=walking,
        progress=lambda *one: told.append(one),
    )  # fmt: skip
    count = len(town.before.walks.homes)
    assert any(f"of {count} homes" in message for _, _, message in told)
    shares = [done / total for done, total, _ in told]
    assert shares == sorted(shares)
