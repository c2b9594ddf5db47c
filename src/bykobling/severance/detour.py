"""The severance map: how far round people must go to reach the other side, all along every barrier."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import shapely

from bykobling.network.pairs import pair_costs

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from bykobling._types import Progress
    from bykobling.barriers import Openings

BESIDE_M = 15.0
"""The two points stand this far beyond the footprint on either side."""

LONGEST_MIN = 45.0
"""Ways longer than this are told as none at all."""

_PIECE_M = 25.0


def crossing_detour(
    openings: Openings,
    barriers: gpd.GeoDataFrame,
    *,
    longest_min: float = LONGEST_MIN,
    progress: Progress | None = None,
) -> gpd.GeoDataFrame:
    """Measure route over straight line between the two sides of each barrier, sampled along it.

    At each sample two points stand 15 m beyond the footprint on either side; the route between them includes the
    way to the nearest street and the delay at crossings.

    Parameters
    ----------
    openings : Openings
        Network and ways across (`bykobling.barriers.open_barriers`).
    barriers : GeoDataFrame
        The barriers the openings were made from.
    longest_min : float, optional
        Minutes beyond which there is said to be no way.
    progress : callable, optional
        ``progress(done, total, message)``.

    Returns
    -------
    GeoDataFrame
        Lines of 25 m along the barrier: ``barrier_id``, ``barrier``, ``kind``, ``crossing_detour`` (time of the
        route over time of the straight line, >= 1; inf where there is no way; NaN where no street lies beside the
        barrier), ``route_s``, ``direct_m``. Barriers with no street beside them anywhere are left out.

    Notes
    -----
    Practice of A/B Street's Severance Snape, which takes 10 to 30 s for crossings; ours are those of
    `bykobling.network.delays`.
    """
    # a lake in a park where no street comes near has nothing to sever
    kept = np.isin(openings.chords.barrier, openings.chords.barrier[openings.chords.linked])
    chords, chord_u, chord_v = openings.chords.take(kept), openings.chord_u[kept], openings.chord_v[kept]
    speed = openings.network.profile.speed_m_s
    direct_m = chords.width_m + 2 * BESIDE_M
    linked = np.flatnonzero(chords.linked)
    route_s = np.full(len(chords), np.nan)
    u, v = chord_u[linked], chord_v[linked]
    walk_m = np.abs(BESIDE_M - chords.join_p_m[linked]) + np.abs(BESIDE_M - chords.join_q_m[linked])
    route_s[linked] = pair_costs(openings.network, u, v, longest_min * 60, progress=progress) + walk_m / speed
    ratio = np.maximum(1.0, route_s * speed / direct_m)
    return gpd.GeoDataFrame(
        {
            "barrier_id": barriers.index.to_numpy(object)[chords.barrier],
            "barrier": barriers["name"].to_numpy(object)[chords.barrier],
            "kind": barriers["kind"].to_numpy(object)[chords.barrier],
            "crossing_detour": ratio,
            "route_s": route_s,
            "direct_m": direct_m,
        },
        geometry=gpd.GeoSeries(_pieces(chords.p, chords.q), crs=barriers.crs),
        crs=barriers.crs,
    )


def _pieces(p: NDArray[np.float64], q: NDArray[np.float64]) -> NDArray[Any]:
    """Draw a short line along the footprint's edge at each sample, at right angles to the way across."""
    across = q - p
    across = across / np.maximum(np.hypot(*across.T), 1e-9)[:, None]
    along = np.column_stack([-across[:, 1], across[:, 0]]) * _PIECE_M / 2
    return np.asarray(shapely.linestrings(np.stack([p - along, p + along], axis=1)))
