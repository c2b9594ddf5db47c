"""Where a connection could be built across a barrier, and between streets that run past each other."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from bykobling.links.dedupe import apart
from bykobling.links.kinds import LINK_KINDS, by_kind, cost_dkk
from bykobling.links.model import LinkCandidates
from bykobling.links.routes import beyond_the_map_m, far_apart, route_seconds
from bykobling.links.street_gaps import find_street_gaps
from bykobling.network.model import on_grid

if TYPE_CHECKING:
    from collections.abc import Mapping

    import geopandas as gpd
    import pandas as pd
    from numpy.typing import NDArray

    from bykobling._types import Progress
    from bykobling.barriers import Openings
    from bykobling.links.kinds import LinkKind
    from bykobling.network import Network

MIN_DETOUR = 3.0
"""The way there is must be so many times longer than the straight line."""

MIN_SAVED_S = 60.0
"""A connection that saves less than this between its own ends is not worth telling (assumed)."""

GRADE_SEPARATED = ("motorway", "trunk", "motorway_link", "trunk_link")
"""Roads nobody crosses at grade."""

OFF_LIMITS = ("aerodrome", "military")
"""Land no public path is led through."""


def kind_of(barriers: pd.DataFrame) -> NDArray[np.object_]:
    """Tell what would be built across each barrier; empty where nothing would.

    Parameters
    ----------
    barriers : DataFrame
        With ``kind`` and ``subkind`` (`bykobling.barriers.make_barriers`).

    Returns
    -------
    array of str
        Water is bridged, a railway passed under, a big road crossed at a signal (a motorway or trunk road bridged);
        through land, and what the user drew without saying what it is, leads a path.
    """
    kind, subkind = (barriers[name].to_numpy(object) for name in ("kind", "subkind"))
    built = np.array([_BUILT[str(each)] for each in kind], object)
    built[(kind == "road") & np.isin(subkind.astype(str), GRADE_SEPARATED)] = "bridge"
    built[(kind == "land") & np.isin(subkind.astype(str), OFF_LIMITS)] = ""
    return built


_LEAST_M = 1.0
_AT_BRIDGE_M = 25.0
_ACROSS_M = 5.0
_BUILT = {"water": "bridge", "railway": "underpass", "road": "crossing", "land": "path", "user": "path"}


def find_candidates(
    openings: Openings,
    barriers: gpd.GeoDataFrame,
    *,
    buildings: gpd.GeoDataFrame | None = None,
    extent: shapely.Polygon | None = None,
    kinds: Mapping[str, LinkKind] = LINK_KINDS,
    min_detour: float = MIN_DETOUR,
    min_saved_s: float = MIN_SAVED_S,
    street_gaps: bool = True,
    progress: Progress | None = None,
) -> tuple[LinkCandidates, dict[str, int]]:
    """Find where connections could be built, for the mode of the network.

    Parameters
    ----------
    openings : Openings
        Network and straight ways across every barrier (`bykobling.barriers.open_barriers`, with the buildings).
    barriers : GeoDataFrame
        The barriers the openings were made from.
    buildings : GeoDataFrame, optional
        No gap between streets is closed through a building; the ways across barriers are checked already.
    extent : Polygon, optional
        What the streets were cut to (``OsmExtract.extent``). So near its edge that a short way round may run outside,
        nothing is said to be a detour.
    kinds : mapping, optional
        Costs, seconds and longest lengths by kind.
    min_detour : float, optional
        Least seconds of the way there is, over those of the straight line.
    min_saved_s : float, optional
        Least seconds saved between the two ends, waiting and climbing included: a second signal 20 m from the first
        is a long detour for a narrow road, and nobody's proposal. 0 keeps whatever is quicker.
    street_gaps : bool, optional
        Whether to look for gaps between streets too (`find_street_gaps`).
    progress : callable, optional
        ``progress(done, total, message)``.

    Returns
    -------
    candidates : LinkCandidates
        Those across barriers first, then street gaps. Each runs from u to v in the direction in which the way there
        is now is the shorter.
    counts : dict of str to int
        How many ways were looked at (``chords``), how many each filter left out, in its order: ``no_street``,
        ``blocked`` by a building or a second barrier, ``off_limits``, ``too_long``, ``one_place``, ``small_detour``,
        ``at_edge`` of the map, ``at_bridge`` (a bridge or tunnel across is within 25 m already, and wants stairs
        rather than a second one), ``little_saved``, ``double`` (the same two nodes), ``beside`` (within 15 m of a
        better placed one); and how many were found: ``across``, ``street_gaps``. Those of `find_street_gaps` too.

    Notes
    -----
    METRICS.md section 6. Of candidates within 15 m of each other at both ends that one is kept which lies nearest to
    junctions and street ends, where people would build it.
    """
    ways = _Ways.of(openings, barriers, kinds)
    counts = {"chords": len(openings.chords)}
    linked, free = openings.chords.linked, openings.chords.open
    passes = {
        "no_street": linked, "blocked": free, "off_limits": ways.kind != "", "too_long": ways.short,
        "one_place": ways.u != ways.v,
    }  # fmt: skip
    left = np.ones(len(ways.u), bool)
    for name, kept in passes.items():
        counts[name] = int((left & ~kept).sum())
        left &= kept
    ways = ways.take(np.flatnonzero(left))
    speed, looked_at = openings.network.profile.speed_m_s, len(ways.u)
    ways, direct_s = _long_way_round(ways, openings.network, min_detour, progress)
    counts["small_detour"] = looked_at - len(ways.u)
    inner = beyond_the_map_m(openings.network, ways.u, ways.v, extent) >= direct_s * speed * min_detour
    counts["at_edge"] = int((~inner).sum())
    ways, direct_s = ways.take(inner), direct_s[inner]
    doubles = _at_bridge(ways, openings.network, barriers)
    counts["at_bridge"] = int(doubles.sum())
    across = _candidates(ways.take(~doubles), direct_s[~doubles], openings, kinds)
    saved_s = across.route_s - across.link_s
    worth = (saved_s > 0) & (saved_s >= min_saved_s)
    counts["little_saved"] = int((~worth).sum())
    across = apart(across.take(worth), counts)
    counts["across"] = len(across)
    counts["street_gaps"] = 0
    if not street_gaps:
        return across, counts
    gaps, more = find_street_gaps(openings, buildings=buildings, extent=extent, kinds=kinds, progress=progress)
    return _joined(across, gaps), {**counts, **more, "street_gaps": len(gaps)}


@dataclass(frozen=True, eq=False)
class _Ways:
    """Straight ways across barriers, before the way round is known."""

    u: NDArray[np.int64]
    v: NDArray[np.int64]
    length_m: NDArray[np.float64]
    barrier: NDArray[np.int64]
    kind: NDArray[np.object_]
    short: NDArray[np.bool_]
    line: NDArray[np.float64]

    @classmethod
    def of(cls, openings: Openings, barriers: gpd.GeoDataFrame, kinds: Mapping[str, LinkKind]) -> _Ways:
        chords = openings.chords
        kind = kind_of(barriers)[chords.barrier]
        u, v = openings.chord_u, openings.chord_v
        xy = np.column_stack([openings.network.node_x, openings.network.node_y])
        line = np.stack([xy[u], chords.p, chords.q, xy[v]], axis=1)
        # as drawn: chords measure their joins from half a metre beside the footprint
        length_m = np.hypot(*np.moveaxis(np.diff(line, axis=1), 2, 0)).sum(axis=1)
        short = np.zeros(len(chords), bool)
        some = np.flatnonzero((kind != "") & chords.linked)
        short[some] = length_m[some] <= by_kind(kind[some], "max_length_m", kinds)
        return cls(u, v, length_m, chords.barrier, kind, short, line)

    def take(self, rows: NDArray[Any]) -> _Ways:
        return _Ways(**{name: getattr(self, name)[rows] for name in self.__dataclass_fields__})


def _long_way_round(
    ways: _Ways, network: Network, min_detour: float, progress: Progress | None
) -> tuple[_Ways, NDArray[np.float64]]:
    """Keep the ways whose ends are far apart by network, with the seconds of the straight line."""
    direct_m = np.hypot(*(ways.line[:, -1] - ways.line[:, 0]).T)
    direct_s = np.maximum(direct_m, _LEAST_M) / network.profile.speed_m_s
    far = np.flatnonzero(far_apart(network, ways.u, ways.v, direct_s * min_detour, progress=progress))
    return ways.take(far), direct_s[far]


def _at_bridge(ways: _Ways, network: Network, barriers: gpd.GeoDataFrame) -> NDArray[np.bool_]:
    """Tell which ways have a bridge or tunnel of the network beside their middle that leads across the same barrier."""
    at = np.zeros(len(ways.u), bool)
    columns = [name for name in ("bridge", "tunnel") if name in network.edge_attributes]
    over = network.edge_geometry[network.edge_attributes[columns].to_numpy(bool).any(axis=1)]
    p, q = ways.line[:, 1], ways.line[:, 2]
    middle = shapely.points((p + q) / 2)
    which, edge = shapely.STRtree(over).query(middle, predicate="dwithin", distance=_AT_BRIDGE_M)
    footprint = barriers.geometry.to_numpy()[ways.barrier[which]]
    inside_m = shapely.length(shapely.intersection(over[edge], footprint))
    width_m = np.hypot(*(q - p).T)[which]
    at[which[inside_m >= np.minimum(width_m / 2, _ACROSS_M)]] = True
    # a crossing at grade beside an old subway is what many towns do build
    return at & np.isin(ways.kind, ["bridge", "underpass"])


def _candidates(
    ways: _Ways, direct_s: NDArray[np.float64], openings: Openings, kinds: Mapping[str, LinkKind]
) -> LinkCandidates:
    """Tell what each would be, and how long the way is now."""
    network = openings.network
    route_s, back_s = (route_seconds(network, *ends) for ends in ((ways.u, ways.v), (ways.v, ways.u)))
    turned = back_s < route_s
    line = np.where(turned[:, None, None], ways.line[:, ::-1], ways.line)
    return LinkCandidates(
        openings=openings,
        u=np.where(turned, ways.v, ways.u).astype(np.int32),
        v=np.where(turned, ways.u, ways.v).astype(np.int32),
        link_s=on_grid(ways.length_m / network.profile.speed_m_s + by_kind(ways.kind, "extra_s", kinds)),
        length_m=ways.length_m,
        kind=ways.kind,
        barrier=ways.barrier,
        cost_dkk=cost_dkk(ways.kind, ways.length_m, kinds),
        route_s=np.minimum(route_s, back_s),
        direct_s=direct_s.astype(np.float32),
        geometry=np.asarray(shapely.linestrings(line), object).reshape(len(line)),
    )


def _joined(across: LinkCandidates, gaps: LinkCandidates) -> LinkCandidates:
    """Put street gaps after the ways across; their network holds the nodes of both."""
    names = [name for name in across.__dataclass_fields__ if name != "openings"]
    both = {name: np.concatenate([getattr(across, name), getattr(gaps, name)]) for name in names}
    return replace(across, openings=gaps.openings, **both)
