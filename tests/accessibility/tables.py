"""Small tables of reach for the tests of accessibility."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from bykobling.network import ReachTable


def random_reach(seed, *, origins=7, destinations=5, share=0.6, limit_min=np.inf, unlinked=True):
    """Draw a table and its dense twin in minutes (inf where not reached, NaN rows where unlinked)."""
    rng = np.random.default_rng(seed)
    minutes = rng.choice([0.0, 5.0, 7.5, 10.0, rng.uniform(0, 60), rng.uniform(0, 60)], (origins, destinations))
    # as the table keeps them, so that twins see the same numbers
    minutes = np.float32(minutes * 60).astype(float) / 60
    minutes[rng.random(minutes.shape) > share] = np.inf
    minutes[minutes > limit_min] = np.inf
    reason = np.full(origins, "ok", dtype=object)
    if unlinked and origins > 1:
        reason[rng.integers(origins)] = "unlinked"
    minutes[reason != "ok"] = np.inf
    i, j = np.nonzero(np.isfinite(minutes))
    order = rng.permutation(len(i))
    table = ReachTable.from_pairs(
        i[order],
        j[order],
        minutes[i, j][order],
        n_origins=origins,
        n_destinations=destinations,
        limit_min=limit_min,
    )
    dense = minutes.copy()
    dense[reason != "ok"] = np.nan
    return replace(table, reason=reason), dense


def table_of(minutes):
    """Make a table of a dense matrix of minutes; inf is not reached."""
    dense = np.asarray(minutes, float)
    i, j = np.nonzero(np.isfinite(dense))
    return ReachTable.from_pairs(i, j, dense[i, j], n_origins=dense.shape[0], n_destinations=dense.shape[1])
