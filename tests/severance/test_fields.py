"""Homes gathered by stretch of street."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from bykobling.severance.fields import by_stretch

HOMES = st.lists(
    st.tuples(st.sampled_from([-1, 2, 3]), st.integers(0, 4), st.floats(0, 60), st.floats(0, 30)), max_size=40
)


@given(HOMES, st.floats(5, 20))
def test_stretches_are_those_a_plain_unique_finds(homes, length_m):
    area, edge, offset_m, snap_m = np.array(homes).reshape(-1, 4).T
    places = SimpleNamespace(edge=edge.astype(int), offset_m=offset_m, snap_m=snap_m)
    key = np.stack([area, edge, offset_m // length_m, snap_m // length_m])
    _, first, group = np.unique(key, axis=1, return_index=True, return_inverse=True)
    ours = by_stretch(places, length_m, area)
    np.testing.assert_array_equal(ours[0], first)
    np.testing.assert_array_equal(ours[1], group.ravel())
