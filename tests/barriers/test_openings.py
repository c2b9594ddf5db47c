"""Ways across barriers are sampled once, whichever networks they are joined to."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
import shapely

from bykobling.barriers import ground_of, open_barriers
from tests.toys import extract_of, grid, opened_town, streets_table

RAILWAY, WORKS, POND = shapely.box(510, -50, 530, 550), shapely.box(530, -50, 550, 550), shapely.box(150, 210, 180, 290)


def town(mode):
    """Lay out two parts of a town, with a railway and works side by side between them, and a pond."""
    pieces = (*grid(6, 6), *grid(6, 6, x0=560), ((500, 0), (560, 0), {"bridge": True, "layer": 1}))
    features = [
        ("land", "railway", "Banen", RAILWAY),
        ("land", "industrial", "Værket", WORKS),
        ("water", "pond", "Dammen", POND),
    ]
    return opened_town(extract_of(streets_table(pieces), features), mode=mode)


@pytest.mark.parametrize("mode", ["walk", "bike"])
def test_barriers_sampled_before_are_opened_alike(mode):
    made = town(mode)
    ground = ground_of(town("walk").barriers)
    again = open_barriers(made.network, made.barriers, ground=ground)
    assert len(again.link_u) > 0
    assert len(again.joint) > 0
    for one in dataclasses.fields(again):
        if one.name in {"network", "chords", "walls", "barriers", "joint"}:
            continue
        np.testing.assert_array_equal(getattr(again, one.name), getattr(made.openings, one.name), err_msg=one.name)
    assert again.joint == made.openings.joint
    for one in dataclasses.fields(again.chords):
        np.testing.assert_array_equal(getattr(again.chords, one.name), getattr(made.openings.chords, one.name))
    # networks are joined to it in several threads
    assert not shapely.is_prepared(np.concatenate([made.barriers.geometry.to_numpy(), ground.clusters])).any()


def test_only_ways_across_several_barriers_are_kept_for_being_opened_together():
    barriers = town("walk").barriers
    ground = ground_of(barriers)
    assert len(ground.crossed) == len(ground.together.barrier) > 0
    headline = set(np.flatnonzero(barriers["headline"]))
    for way, crossed in zip(zip(ground.together.p, ground.together.q, strict=True), ground.crossed, strict=True):
        met = shapely.intersects(barriers.geometry.to_numpy(), shapely.LineString(way))
        assert crossed == set(np.flatnonzero(met)) & headline
        assert len(crossed) > 1
