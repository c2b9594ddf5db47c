"""A bridge that a proposal takes away is gone from the spacing of crossings, as in a study that never had it."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from test_run import ROAD_COLUMN, make, place, town

from bykobling.scenario import AddLink, RemoveLink, Scenario
from bykobling.severance import crossing_spacing
from bykobling.study import run_study
from bykobling.study.assess import assess_study
from bykobling.study.assess_spacing import MEASURES, changed_spacing, crossings_with
from bykobling.study.prepare import prepare_study
from bykobling.study.run import PREPARE_SHARES
from bykobling.study.steps import Steps

BARRIERS = {"railway": 'k="railway" v="rail"', "river": 'k="waterway" v="river"'}
OF_CROSSINGS = ("crossing_spacing_m", "crossing_beyond_200m_share", "crossing_delay_s")


def bridged(folder, *rows, kind="railway"):
    """The toy town with a footbridge in some of its rows.

    # # # # # # | # # # # # #   row 6
    # # # # # # = # # # # # #   row 5
    # # # # # # | # # # # # #
    # # # # # # = # # # # # #   row 3, which closes
    # # # # # # | # # # # # #
    # # # # # # = # # # # # #   row 1
    # # # # # # = # # # # # #   row 0, where the railway ends: there in every town
    """
    folder.mkdir()
    # nodes are numbered by column, then by row
    west, east = (1 + column * 7 for column in (ROAD_COLUMN - 1, ROAD_COLUMN + 1))
    more = "".join(
        f'<way id="{9100 + row}" version="1"><nd ref="{west + row}"/><nd ref="{east + row}"/>'
        '<tag k="highway" v="footway"/><tag k="bridge" v="yes"/><tag k="layer" v="1"/></way>'
        for row in rows
    )
    osm = town().replace("</osm>", f"{more}</osm>").replace(BARRIERS["railway"], BARRIERS[kind])
    return make(folder, osm=osm)


def line(ready, row):
    ends = [place(column, row) for column in (ROAD_COLUMN - 1, ROAD_COLUMN + 1)]
    return gpd.GeoSeries([shapely.LineString(ends)], crs=4326).to_crs(ready.inputs.areas.crs).iloc[0]


def prepared(study):
    return prepare_study(study, Steps(None, PREPARE_SHARES))


@pytest.fixture(scope="module")
def three(tmp_path_factory):
    return bridged(tmp_path_factory.mktemp("three") / "town", 1, 3, 5)


@pytest.fixture(scope="module")
def ready(three):
    return prepared(three)


@pytest.fixture(scope="module")
def without(three, ready):
    return assess_study(three, [Scenario((RemoveLink(line(ready, 3)),), name="Without")])


def test_areas_have_the_spacing_of_a_study_that_never_had_the_bridge(tmp_path, three, without):
    before, never = run_study(three), run_study(bridged(tmp_path / "town", 1, 5))
    rows = without.areas.set_index(["indicator", "area_id"])
    some = 0
    for name in OF_CROSSINGS:
        for area in never.areas.index:
            was, now = before.areas.loc[area, name], never.areas.loc[area, name]
            if np.isnan(was) and np.isnan(now):
                continue
            told = rows.loc[(name, area)] if (name, area) in rows.index else {"before": was, "after": was}
            assert (told["before"], told["after"]) == pytest.approx((was, now), rel=1e-9), (name, area)
            some += was != now
    assert some
    spacing = rows.loc["crossing_spacing_m"]
    assert (spacing["change"] > 0).all()
    assert not spacing["improves"].any()


@pytest.mark.parametrize("kind", BARRIERS)
def test_a_barrier_has_the_stretches_of_a_study_that_never_had_the_bridge(tmp_path, kind):
    study, never = bridged(tmp_path / "three", 1, 3, 5, kind=kind), bridged(tmp_path / "two", 1, 5, kind=kind)
    ready, twin = prepared(study), prepared(never)
    after = crossings_with(study, ready, Scenario((RemoveLink(line(ready, 3)),)))
    told = changed_spacing("Without", ready, after).set_index("measure")
    assert told.index.tolist() == list(MEASURES)
    extent = ready.inputs.extract.extent
    was = crossing_spacing(ready.barriers, ready.crossings, extent=extent).loc[told["barrier_id"].iloc[0]]
    now = crossing_spacing(twin.barriers, twin.crossings, extent=extent).loc[told["barrier_id"].iloc[0]]
    for name in MEASURES:
        assert told.loc[name, "before"] == pytest.approx(was[name], rel=1e-12)
        assert told.loc[name, "after"] == pytest.approx(now[name], rel=1e-12)
        assert told.loc[name, "change"] == pytest.approx(now[name] - was[name])
    assert told.loc["crossings", "change"] == -1
    # two rows without a bridge, then four
    assert told.loc["largest_gap_m", "before"] == pytest.approx(200, abs=5)
    assert told.loc["largest_gap_m", "after"] == pytest.approx(400, abs=5)
    pd.testing.assert_frame_equal(
        pd.DataFrame(after.drop(columns="geometry")), pd.DataFrame(twin.crossings.drop(columns="geometry"))
    )
    assert after.geometry.geom_equals_exact(twin.crossings.geometry, 1e-6).all()


def test_an_assessment_tells_of_the_barrier(without):
    table = without.spacing
    assert set(table["proposal"]) == {"Without"}
    assert set(table["barrier"]) == {"Ringbanen"}
    assert table.set_index("measure").loc["crossings", "change"] == -1
    text = " ".join(note.text for note in without.notes)
    assert "closed ones no more" in text


def test_what_is_closed_and_what_is_built_are_put_together(three, ready):
    close, build = RemoveLink(line(ready, 3)), AddLink(line(ready, 4), kind="bridge")
    found = assess_study(three, [Scenario((close,), name="A"), Scenario((build,), name="B")])
    places = found.spacing[found.spacing["measure"] == "crossings"].set_index("proposal")["change"]
    assert places.to_dict() == {"A": -1, "B": 1, "A + B": 0}
    longest = found.spacing[found.spacing["measure"] == "largest_gap_m"].set_index("proposal")
    assert longest.loc["A + B", "after"] == pytest.approx(300, abs=5)


def test_a_crossing_that_is_found_elsewhere_by_a_trace_is_the_same(ready):
    moved = ready.crossings.copy()
    moved.geometry = moved.geometry.translate(1e-9, 0)
    assert not len(changed_spacing("A", ready, moved))
    assert not len(changed_spacing("A", ready, None))


def test_what_closes_no_crossing_changes_no_spacing(three, ready):
    ends = [place(0, 3), place(2, 3)]
    street = gpd.GeoSeries([shapely.LineString(ends)], crs=4326).to_crs(ready.inputs.areas.crs).iloc[0]
    found = assess_study(three, [Scenario((RemoveLink(street),), name="A")])
    assert not len(found.spacing)
    assert list(found.spacing.columns)[:2] == ["proposal", "barrier_id"]
    assert not set(found.areas["indicator"]) & set(OF_CROSSINGS)
