"""Toy lines, drawn on the grid of the toys for streets."""

from __future__ import annotations

import pytest

from tests.osm.conftest import Toy, real

__all__ = ["real"]


@pytest.fixture
def toy(tmp_path):
    return Toy(tmp_path)


def street(toy, number, nodes, **tags):
    """Draw a street through nodes that lie a hundred metres or so apart, eastwards along y = 0."""
    for k, node in enumerate(nodes):
        if node not in toy.nodes:
            toy.node(node, k, 0)
    toy.way(number, nodes, highway="secondary", **tags)


def stop(toy, number, x, y, name, **tags):
    """Put a bus stop beside the street."""
    return toy.node(number, x, y, name=name, highway="bus_stop", public_transport="platform", **tags)
