"""Gaps in Copenhagen's cycle tracks, against the published ones (Vybornova et al. 2023, doi 10.1111/gean.12324)."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from bykobling.network import contact_nodes, decluster_gaps, edge_betweenness, network_gaps, potential_gaps

GOLDEN = Path(__file__).parents[3] / "shared" / "golden" / "copenhagen_bike_gaps"
MIN_DETOUR, MIN_BETWEENNESS = 1.5, 15_300.0

pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(not GOLDEN.exists(), reason="no ../shared/golden/copenhagen_bike_gaps beside the project"),
]


@pytest.fixture(scope="module")
def copenhagen():
    streets, nodes = pd.read_csv(GOLDEN / "edges.csv"), pd.read_csv(GOLDEN / "nodes.csv")
    published = pd.read_csv(GOLDEN / "ebc.csv")
    assert (published[["u", "v"]] == streets[["u", "v"]]).all(axis=None)
    return SimpleNamespace(
        streets=streets,
        covered=streets["category"] != "car",
        contact=nodes.loc[nodes["category"] == "multi", "osmid"],
        betweenness=published["ebc_lambda2500"],
        betweenness_unlimited=published["ebc_inf"],
        reference=pd.read_csv(GOLDEN / "gaps_reference.csv"),
    )


@pytest.fixture(scope="module")
def candidates(copenhagen):
    return potential_gaps(copenhagen.streets, copenhagen.covered, copenhagen.betweenness, contact=copenhagen.contact)


def kept_of(candidates):
    return candidates[(candidates["detour"] >= MIN_DETOUR) & (candidates["betweenness"] >= MIN_BETWEENNESS)]


def ends_of(streets, edges):
    """Name streets by their two nodes, as the reference does."""
    return frozenset(tuple(sorted(pair)) for pair in streets.loc[list(edges), ["u", "v"]].to_numpy().tolist())


def test_the_counts_on_the_way(copenhagen, candidates):
    assert len(copenhagen.contact) == 3_827
    assert len(candidates) == 9_924
    assert (candidates["detour"] >= MIN_DETOUR).sum() == 6_603
    assert len(kept_of(candidates)) == 1_199


def test_the_gaps_are_the_published_ones(copenhagen, candidates):
    gaps = decluster_gaps(
        kept_of(candidates), copenhagen.streets, copenhagen.covered, copenhagen.betweenness, contact=copenhagen.contact
    )
    gaps = gaps[gaps["betweenness"] >= MIN_BETWEENNESS]
    reference = copenhagen.reference.sort_values("B", ascending=False)
    assert len(gaps) == len(reference) == 134
    np.testing.assert_allclose(gaps["betweenness"], reference["B"], rtol=0, atol=0.01)
    np.testing.assert_allclose(gaps["length_m"], reference["length_m"], rtol=0, atol=0.001)
    assert gaps["length_m"].sum() == pytest.approx(47_849.436, abs=0.001)
    assert reference["address"].iloc[0] == "Knippelsbro"
    assert gaps["betweenness"].iloc[[0, -1]].round(2).tolist() == [65_252.0, 15_322.68]
    # not only as many and as long: the same streets
    found = [ends_of(copenhagen.streets, edges) for edges in gaps["edges"]]
    expected = [
        frozenset(tuple(sorted(map(int, edge.split("-")))) for edge in edges.split()) for edges in reference["edges"]
    ]
    assert found == expected


def test_one_call_with_our_own_betweenness_and_contact_nodes_finds_them_too(copenhagen):
    own = edge_betweenness(copenhagen.streets, cutoff_m=2_500)
    gaps = network_gaps(copenhagen.streets, copenhagen.covered, own, min_betweenness=MIN_BETWEENNESS)
    # every node with track and road is one of the published contact nodes; 708 of those lack one of the two
    meeting, published = set(contact_nodes(copenhagen.streets, copenhagen.covered)), set(copenhagen.contact)
    assert meeting < published
    assert len(published - meeting) == 708
    assert gaps.index.tolist() == list(range(1, 135))
    np.testing.assert_allclose(gaps["betweenness"], copenhagen.reference["B"].sort_values(ascending=False), atol=0.5)
    np.testing.assert_allclose(np.sort(gaps["length_m"]), np.sort(copenhagen.reference["length_m"]), atol=0.001)


def test_betweenness_is_the_published_one(copenhagen):
    every = edge_betweenness(copenhagen.streets, cutoff_m=None)
    np.testing.assert_allclose(every, copenhagen.betweenness_unlimited, rtol=0, atol=0.01)
    near = edge_betweenness(copenhagen.streets, cutoff_m=2_500)
    more = near - copenhagen.betweenness
    # four pairs lie 2,500.000 m apart; floating point put two of them within the cut-off from one end only
    differ = more.abs() > 0.01
    assert differ.sum() == 51
    np.testing.assert_allclose(more[differ], 0.5, rtol=0, atol=0.01)
    assert copenhagen.streets.loc[differ, "length_m"].sum() == pytest.approx(5_000.0, abs=1e-6)
