"""A drawn link is answered as building it and searching everything tells."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from bykobling.errors import InputError
from bykobling.links import ask_link
from bykobling.links.choose import network_with
from bykobling.network import reach_sums
from tests.links.test_choose import river_town


def test_the_answer_is_that_of_building_it_and_searching_everything():
    links, demand = river_town()
    network = links.openings.network
    told = ask_link(network, demand, links.geometry[2])
    built = network_with(links, [2])
    sums = [
        reach_sums(n, demand.homes, demand.destinations, demand.weights, demand.cutoffs_s) for n in (network, built)
    ]
    gain = np.einsum("o,ocf->cf", demand.people, sums[1] - sums[0])
    np.testing.assert_allclose(told.totals[["score", "places", "people"]], gain, rtol=1e-9)
    south = demand.area == 0
    assert told.areas.loc["south", "places"] == pytest.approx(
        demand.people[south] @ (sums[1] - sums[0])[south, -1, 1], rel=1e-9
    )
    assert told.route_min == np.inf
    assert told.link_min == pytest.approx(0.75)
    assert told.length_m == pytest.approx(60)


@pytest.mark.parametrize(
    ("line", "where", "rule"),
    [
        (shapely.LineString([(200, 100), (200, 130)]), "end", "the nearest street is 30 m away"),
        (shapely.LineString([(200, 130), (200, 130.5)]), "start", "30 m away"),
        (shapely.LineString([(250, 100), (300, 130), (250.5, 100)]), "geometry", "both ends are at one place"),
        (shapely.LineString([(0, 100), (0, 9_000)]), "geometry", "8,900 m long"),
        (shapely.LineString(), "geometry", "not a line"),
        (shapely.Point(0, 0), "geometry", "not a line"),
    ],
)
def test_a_line_that_cannot_be_a_link_is_told_with_the_remedy(line, where, rule):
    links, demand = river_town()
    with pytest.raises(InputError) as caught:
        ask_link(links.openings.network, demand, line, kind="path")
    assert any(fault.where == where and rule in fault.rule and fault.remedy for fault in caught.value.faults)


def test_an_unknown_kind_and_an_end_off_the_streets_are_told_together():
    links, demand = river_town()
    with pytest.raises(InputError) as caught:
        ask_link(links.openings.network, demand, shapely.LineString([(200, 100), (200, 130)]), kind="tunnel")
    assert {fault.where for fault in caught.value.faults} == {"kind", "end"}
