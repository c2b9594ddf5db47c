"""What is kept in memory gives the gains of the search, to the last place reached."""

from __future__ import annotations

import dataclasses

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from bykobling.links import Demand, link_gains
from bykobling.links.reached import gains_by_home, reached_now
from bykobling.links.who_gains import may_gain
from bykobling.network import Links, Network, reach_sums
from bykobling.network.model import on_grid

SIDE = 6


def town(one_way):
    """A grid of streets 64 m long, some of them one-way for bicycles."""
    rows = []
    for x in range(SIDE):
        for y in range(SIDE):
            for dx, dy in ((1, 0), (0, 1)):
                if x + dx < SIDE and y + dy < SIDE:
                    rows.append((x * SIDE + y, (x + dx) * SIDE + y + dy))
    lines = [shapely.LineString([(64 * (n // SIDE), 64 * (n % SIDE)) for n in pair]) for pair in rows]
    u, v = np.array(rows).T
    flags = np.resize(one_way, len(rows))
    streets = {"u": u, "v": v, "bike_forward": True, "bike_backward": ~flags, "length_m": 64.0}
    return Network.from_streets(gpd.GeoDataFrame(streets, geometry=lines, crs=25832), mode="bike")


places = st.lists(
    st.tuples(st.integers(0, 64 * (SIDE - 1)), st.integers(0, 64 * (SIDE - 1))), min_size=2, max_size=2, unique=True
)


@settings(max_examples=25, deadline=None)
@given(
    places, st.lists(st.booleans(), min_size=1, max_size=9), st.floats(0, 60), st.integers(10, 120), st.integers(0, 99)
)
def test_nobody_who_gains_is_left_out_and_all_gain_as_much(ends, one_way, link_s, limit_s, seed):
    network = town(one_way)
    rng = np.random.default_rng(seed)
    homes, shops = (network.snap(shapely.points(rng.uniform(0, 64 * (SIDE - 1), (30, 2)))) for _ in range(2))
    start, stop = (network.snap([shapely.Point(*one)]) for one in ends)
    link_s = float(on_grid(np.array([link_s]))[0])
    weights = rng.integers(0, 3, (30, 3)).astype(float)
    people = rng.integers(0, 5, 30).astype(float)
    demand = Demand(
        homes=homes, people=people, area=np.zeros(30, np.int64), home=np.arange(30), areas=pd.Index(["a"]),
        destinations=Links.from_snap(shops), weights=weights, cutoffs_min=(limit_s / 120, limit_s / 60),
    )  # fmt: skip
    found = link_gains(
        network, homes, people, demand.destinations, weights,
        end_u=start, end_v=stop, link_s=[link_s], cutoffs_s=demand.cutoffs_s[-1:], group=np.arange(30), n_groups=30,
    )  # fmt: skip
    reached = reached_now(network, demand)
    sums = reach_sums(network, homes, demand.destinations, weights, demand.cutoffs_s[-1:])[:, 0]
    assert np.array_equal(reached.before, sums, equal_nan=True)
    for kept in (reached, dataclasses.replace(reached, bits=None)):
        table = gains_by_home(network, demand, kept, start=start, stop=stop, link_s=link_s)
        every = table.reindex(np.arange(30), fill_value=0.0)
        assert np.array_equal(every[["score", "places", "people"]], found.gain[:, 0, 0])
        assert np.array_equal(every["residents"], found.gaining[:, 0, 0])


def test_most_are_left_out_where_a_link_saves_little():
    network = town([False])
    homes = network.snap(shapely.points(np.argwhere(np.ones((SIDE, SIDE))) * 64))
    start, stop = (network.snap([shapely.Point(x, 0)]) for x in (0, 64))
    assert may_gain(network, homes, start, stop, link_s=1, limit_s=600).any()
    # as long as the street beside it
    along = may_gain(network, homes, start, stop, link_s=float(network.edge_s_forward[0]) + 1, limit_s=600)
    assert along.sum() <= 3
