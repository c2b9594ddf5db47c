"""Maps drawn before a page is asked for go into it as they would have been drawn with it, or not at all."""

import dataclasses

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

from bykobling.report import page
from bykobling.report.map_tables import MapTables
from bykobling.report.page import draw_ahead, render
from bykobling.report.write import _told
from results_factory import make_results, with_noise, with_transit


@pytest.fixture(scope="module")
def results():
    return with_transit(make_results())


@pytest.fixture
def drawn(monkeypatch):
    """Which of the maps are drawn, in order."""
    names = []

    def seen(draw):
        def told(tables, *, osm):
            names.append(draw.__name__)
            return draw(tables, osm=osm)

        return told

    for name in ("severance_map", "transit_map"):
        monkeypatch.setattr(page, name, seen(getattr(page, name)))
    yield names
    page._AHEAD.clear()


def nothing(*_):
    pass


def test_the_page_is_the_same_and_nothing_is_drawn_twice(results, drawn):
    whole = render(results)
    assert drawn == ["severance_map", "transit_map"]
    draw_ahead(MapTables.of(results), osm=page.tell(results, language="en").osm, progress=nothing)
    drawn.clear()
    assert render(results) == whole
    assert drawn == []
    # they are not kept for another page
    assert not page._AHEAD
    render(results)
    assert drawn == ["severance_map", "transit_map"]


def changed(results, name, **columns):
    return dataclasses.replace(results, **{name: getattr(results, name).assign(**columns)})


@pytest.mark.parametrize(
    "other",
    [
        lambda results: changed(results, "severance", crossing_detour=np.inf),
        lambda results: changed(results, "areas", group="rest"),
        lambda results: changed(results, "barriers", kind="water"),
        lambda results: changed(results, "stops", departures_per_hour=1.0),
        lambda results: changed(results, "lines", mode="bus"),
        lambda results: dataclasses.replace(results, streets=results.streets.iloc[1:]),
        lambda results: dataclasses.replace(results, streets=results.streets.translate(1.0).to_frame("geometry")),
        lambda results: dataclasses.replace(results, stops=None, lines=None),
    ],
)
def test_other_tables_are_drawn_anew(results, drawn, other):
    osm, whole = page.tell(results, language="en").osm, render(results)
    draw_ahead(MapTables.of(other(results)), osm=osm, progress=nothing)
    drawn.clear()
    assert render(results) == whole
    assert drawn == ["severance_map", "transit_map"]


def test_a_map_without_its_source_is_no_map_with_it(results, drawn):
    draw_ahead(MapTables.of(results), osm=not page.tell(results, language="en").osm, progress=nothing)
    drawn.clear()
    render(results)
    assert drawn == ["severance_map", "transit_map"]


def test_tables_are_known_again_whatever_holds_their_columns(results):
    def copied(table):
        # as columns of objects, in another order, with another index and more columns
        copy = pd.DataFrame(table).astype({name: object for name in table if table[name].dtype == "str"})
        copy = copy[copy.columns[::-1]].assign(more=1)
        copy.index = [f"row {number}" for number in range(len(copy))]
        return gpd.GeoDataFrame(copy, geometry="geometry", crs=table.crs)

    names = ("areas", "barriers", "streets", "severance", "stops", "lines")
    again = MapTables(**{name: copied(getattr(results, name)) for name in names})
    assert MapTables.of(again).digest() == MapTables.of(results).digest()


def test_what_is_not_told_is_not_drawn(drawn):
    render(make_results())
    assert drawn == ["severance_map"]


def test_the_page_tells_nothing_of_single_homes(results):
    loud = with_noise(results)
    light = _told(loud)
    assert list(light.residents) == ["tier"]
    assert light.noise is None
    assert render(light) == render(loud)
