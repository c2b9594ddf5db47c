"""A connection that is found and the same one that is drawn are one: the same seconds, the same gain."""

from __future__ import annotations

import dataclasses

import geopandas as gpd
import numpy as np
import pytest
from test_run import TOML, make, town

from bykobling.links import LINK_KINDS, ask_link
from bykobling.links.demand import demand_on
from bykobling.links.score import link_gains
from bykobling.network import Links
from bykobling.scenario import AddCrossing, AddLink, Scenario, read_scenarios, scenario_from_json, scenario_to_json
from bykobling.severance import category_weights
from bykobling.study import FindSettings, find_study, save_found
from bykobling.study.assess import assess_study
from bykobling.study.assess_tables import mean_minutes
from bykobling.study.prepare import prepare_study
from bykobling.study.run import PREPARE_SHARES
from bykobling.study.steps import Steps


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    return make(tmp_path_factory.mktemp("prices"))


@pytest.fixture(scope="module")
def ready(study):
    return prepare_study(study, Steps(None, PREPARE_SHARES))


@pytest.fixture(scope="module")
def found(study):
    return find_study(study, settings=FindSettings(steps=1))


@pytest.fixture(scope="module")
def drawn(study, found):
    best = found.links.iloc[0]
    link = AddLink(best.geometry, kind=best["kind"], name="L1")
    return link, assess_study(study, [Scenario((link,), name="L1", crs=found.links.crs)], combinations=False)


def areas_gain(assessment):
    row = assessment.summary.loc["L1"]
    return row["mean_reach_gain"] * row["residents"]


def test_what_is_found_and_what_is_assessed_take_the_same_seconds(ready, found, drawn):
    link, _ = drawn
    network = ready.walking.network
    built = Scenario((link,)).apply(network)
    assert built.edge_s_forward[-1] / 60 == pytest.approx(found.links["link_min"].iloc[0], abs=1e-4)
    assert built.edge_s_backward[-1] == built.edge_s_forward[-1]
    assert link.kind == "underpass"


def test_the_gain_is_that_of_the_one_link_formula_home_by_home(study, ready, drawn):
    """Homes as they are: to rounding."""
    link, assessed = drawn
    openings = ready.walking
    network = openings.network
    places = ready.inputs.destinations
    weights = category_weights(places, factors=study.destinations_osm.weights)
    ends = network.snap([link.line.boundary.geoms[0], link.line.boundary.geoms[1]])
    built = Scenario((link,)).apply(network)
    told = link_gains(
        network, network.snap(ready.residents.geometry, walls=openings.walls), ready.residents["residents"],
        network.snap_edges(places.geometry, walls=openings.walls), weights,
        end_u=ends.take([0]), end_v=ends.take([1]), link_s=built.edge_s_forward[-1:], cutoffs_s=[900.0],
    )  # fmt: skip
    assert isinstance(network.snap_edges(places.geometry), Links)
    assert told.gain.sum() == pytest.approx(areas_gain(assessed), rel=1e-6)
    assert areas_gain(assessed) > 0


def test_the_found_gain_is_the_assessed_gain(found, drawn):
    """Finding gathers homes by 20 m of street, so a home at a cut-off may fall on either side of it."""
    _, assessed = drawn
    areas = found.areas[found.areas["link_id"] == "L1"]
    assert areas["gain_score"].sum() == pytest.approx(areas_gain(assessed), rel=0.02)
    assert areas["residents_gaining"].sum() == pytest.approx(assessed.summary["residents_gaining"].iloc[0], rel=0.05)


def test_one_drawn_link_is_answered_alike(study, ready, found, drawn):
    link, _ = drawn
    places = ready.inputs.destinations
    weights = category_weights(places, factors=study.destinations_osm.weights)
    demand = demand_on(ready.walking, ready.everybody, places, ready.inputs.areas.index, weights=weights)
    told = ask_link(ready.walking.network, demand, link.line, kind=link.kind)
    assert told.totals.loc[15.0, "score"] == pytest.approx(found.links["gain_score"].iloc[0], rel=1e-6)
    level = ask_link(ready.walking.network, demand, link.line, kind=link.kind, delay_s=0.0)
    assert level.link_min == pytest.approx(told.link_min - 10 / 60)
    stairs = ask_link(ready.walking.network, demand, link.line, kind="stairs")
    built = Scenario((dataclasses.replace(link, kind="stairs"),)).apply(ready.walking.network)
    assert stairs.link_min == pytest.approx(built.edge_s_forward[-1] / 60, abs=1e-4)


def test_assumed_seconds_are_told_and_given_ones_are_not(drawn):
    _, assessed = drawn
    text = " ".join(note.text for note in assessed.notes if note.kind == "assumed")
    assert "underpass 10 s" in text


@pytest.mark.parametrize("delay_s", [None, 0.0, 12.5])
def test_seconds_of_ones_own_survive_json(found, delay_s):
    scenario = Scenario((AddLink(found.links.geometry.iloc[0], kind="bridge", delay_s=delay_s),), crs=found.links.crs)
    back = scenario_from_json(scenario_to_json(scenario), crs=found.links.crs)
    assert back.modifications[0].delay_s == delay_s
    np.testing.assert_allclose(back.modifications[0].line.bounds, scenario.modifications[0].line.bounds, atol=1e-3)


def test_a_raster_of_heights_makes_a_link_steep(study, found, tmp_path):
    import rasterio

    best = found.links.iloc[0]
    west, south, _, north = best.geometry.buffer(200).bounds
    path = tmp_path / "heights.tif"
    slope = np.tile(np.arange(60, dtype="float32") * 2, (60, 1))
    transform = rasterio.Affine(10.0, 0.0, west, 0.0, -10.0, north)
    with rasterio.open(
        path, "w", driver="GTiff", width=60, height=60, count=1, dtype="float32", crs=found.links.crs,
        transform=transform,
    ) as dataset:  # fmt: skip
        dataset.write(slope, 1)
    assert south > north - 600
    link = AddLink(best.geometry, kind=best["kind"])
    steep = assess_study(study, [Scenario((link,), name="L1")], dem=path)
    text = " ".join(note.text for note in steep.notes if note.kind == "source")
    assert "L1 20.0 %" in text or "L1 -20.0 %" in text


EXTRA_S = {"bridge": 61.0, "underpass": 47.0, "crossing": 53.0, "path": 23.0, "stairs": 5.0, "ramp": 31.0}
OWN = {name: dataclasses.replace(one, extra_s=EXTRA_S[name], assumed=False) for name, one in LINK_KINDS.items()}
"""A table of one's own in which nothing costs what is assumed."""

ROAD = town().replace('k="railway" v="rail"', 'k="highway" v="primary"')


@pytest.fixture(scope="module", params=["railway", "road"])
def custom(request, tmp_path_factory):
    """Find with a table of one's own, and draw the best row of the file that was written."""
    folder = tmp_path_factory.mktemp(request.param)
    study = make(folder, osm=ROAD if request.param == "road" else None)
    found = find_study(study, settings=FindSettings(steps=1, kinds=OWN))
    save_found(found, study, folder=folder / "links")
    row = gpd.read_file(folder / "links" / "links.gpkg", layer="links").iloc[[0]]
    row.to_file(folder / "drawn.geojson")
    (drawn,) = read_scenarios(folder / "drawn.geojson", crs=found.links.crs)
    return study, prepare_study(study, Steps(None, PREPARE_SHARES)), found, dataclasses.replace(drawn, name="L1")


def test_a_row_of_the_ranked_layer_is_assessed_at_the_price_it_was_found_at(custom):
    study, ready, found, drawn = custom
    best, (link,) = found.links.iloc[0], drawn.modifications
    assert best["kind"] in {"underpass", "crossing"}
    assert link.delay_s == best["delay_s"] == EXTRA_S[best["kind"]]
    built = drawn.apply(ready.walking.network, barriers=ready.barriers)
    assert built.edge_s_forward[-1] / 60 == pytest.approx(best["link_min"], abs=1e-4)
    assessed = assess_study(study, [drawn], combinations=False)
    areas = found.areas[found.areas["link_id"] == "L1"]
    # homes are gathered by 20 m of street where they are found
    assert areas["gain_score"].sum() == pytest.approx(areas_gain(assessed), rel=0.02)


def test_a_row_of_the_ranked_layer_gives_the_gain_it_was_found_with(custom):
    """To rounding, where homes are gathered as they are when they are found; at the assumed seconds it is another."""
    study, ready, found, drawn = custom
    places = ready.inputs.destinations
    weights = category_weights(places, factors=study.destinations_osm.weights)
    demand = demand_on(ready.walking, ready.everybody, places, ready.inputs.areas.index, weights=weights)
    best, (link,) = found.links.iloc[0], drawn.modifications
    line = link.place if isinstance(link, AddCrossing) else link.line
    told, assumed = (
        ask_link(ready.walking.network, demand, line, kind=best["kind"], delay_s=delay_s).totals.loc[15.0, "score"]
        for delay_s in (link.delay_s, None)
    )
    assert told == pytest.approx(best["gain_score"], rel=1e-6)
    assert assumed > told * 1.05


def test_a_found_crossing_is_drawn_as_a_signal(custom):
    _, _, found, drawn = custom
    (link,) = drawn.modifications
    if found.links["kind"].iloc[0] == "crossing":
        assert isinstance(link, AddCrossing)
        assert link.kind == "signal"
    else:
        assert isinstance(link, AddLink)


def test_the_waits_of_a_study_are_those_of_its_new_crossings(tmp_path):
    """Found, asked for and assessed alike: none of them takes the assumed wait where the study tells another."""
    study = make(tmp_path, osm=ROAD, toml=TOML + "[crossing_delays_s]\nsignal = 55\n[bike]\nenabled = false\n")
    found = find_study(study, settings=FindSettings(steps=1))
    best = found.links.iloc[0]
    assert (best["kind"], best["delay_s"]) == ("crossing", 55.0)
    assert found.kinds.loc["crossing", "extra_s"] == 55.0
    drawn = Scenario((AddCrossing(best.geometry),), name="L1", crs=found.links.crs)
    given = Scenario((AddCrossing(best.geometry, delay_s=55.0),), name="L1", crs=found.links.crs)
    cheap = Scenario((AddCrossing(best.geometry, delay_s=24.9),), name="L1", crs=found.links.crs)
    gains = [areas_gain(assess_study(study, [one], combinations=False)) for one in (drawn, given, cheap)]
    assert gains[0] == gains[1] < gains[2]
    areas = found.areas[found.areas["link_id"] == "L1"]
    assert areas["gain_score"].sum() == pytest.approx(gains[0], rel=0.02)


def test_who_gets_a_way_does_not_hide_what_the_others_save():
    first, last = np.array([10.0, 12.0, np.inf]), np.array([8.0, 8.0, 20.0])
    assert mean_minutes(first, last, np.array([1.0, 3.0, 2.0])) == (11.5, 8.0, 3.5)
    # where all get one, there is no mean before
    assert mean_minutes(first, last, np.array([0.0, 0.0, 2.0])) == (np.inf, 20.0, np.inf)
    assert np.isnan(mean_minutes(first, last, np.zeros(3))).all()
