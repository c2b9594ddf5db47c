"""From the streets table to a `Network`: choose rows, price them, merge chains, number along a curve."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pyproj
import shapely

from bykobling._kernels.chains import chains
from bykobling._types import PROFILES
from bykobling.errors import CrsError, Fault, InputError
from bykobling.network.hilbert import hilbert_distance
from bykobling.network.model import Network, make_network, on_grid

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

    from bykobling._types import Mode, Profile

KEEP = (
    "osm_id",
    "name",
    "ref",
    "highway",
    "bridge",
    "tunnel",
    "layer",
    "steps",
    "crossing",
    "barrier_id",
    "delay_s",
)
"""Columns of the streets table an edge remembers by default, where present."""
# a chain never runs across a change of one of these
_APART = ("bridge", "tunnel", "layer", "steps", "snappable", "crossing", "barrier_id")
_ALLOWED: dict[Mode, tuple[str, str]] = {"walk": ("walk", "walk"), "bike": ("bike_forward", "bike_backward")}


@dataclass(frozen=True)
class _Rows:
    """The usable rows of a streets table, as arrays; nodes are numbered 0 to n - 1."""

    node_id: NDArray[np.int64]
    u: NDArray[np.int32]
    v: NDArray[np.int32]
    length_m: NDArray[np.float64]
    forward_s: NDArray[np.float64]
    backward_s: NDArray[np.float64]
    delayed: NDArray[np.bool_]
    snappable: NDArray[np.bool_]
    apart: NDArray[np.int64]
    geometry: NDArray[np.object_]
    street: NDArray[np.int64]


def from_streets(
    streets: gpd.GeoDataFrame,
    *,
    mode: Mode = "walk",
    profile: Profile | None = None,
    keep: tuple[str, ...] = KEEP,
) -> Network:
    """Build the network of one mode from the streets table.

    Rows the mode may not use are dropped. A node that joins exactly two rows is merged away where both rows
    have the same allowed directions, ``bridge``, ``tunnel``, ``layer``, ``steps``, ``snappable``,
    ``crossing`` and ``barrier_id``, and no delay; seconds thus grow evenly along every edge. Walkers use a
    street both ways; cyclists as ``bike_forward`` and ``bike_backward`` tell; against a one-way street
    they push where the profile has a ``push_speed_kmh`` and walking is allowed.

    Parameters
    ----------
    streets : GeoDataFrame
        Columns ``u``, ``v``, ``length_m``, ``geometry`` and ``walk`` (on foot) or ``bike_forward`` and
        ``bike_backward``. Optional: ``steps`` (walked at the profile's speed on steps), ``delay_s`` (seconds
        added in both directions; nothing snaps onto such a row), ``snappable`` (False: nothing snaps onto
        it), and the columns named above. Projected CRS in metres.
    mode : {"walk", "bike"}
        Who travels.
    profile : Profile, optional
        Speeds; by default `bykobling._types.PROFILES` of the mode.
    keep : tuple of str
        Columns to keep in ``edge_attributes``, where present.

    Returns
    -------
    Network

    Raises
    ------
    CrsError
        No CRS, or one that is not in metres.
    InputError
        Missing columns, lengths or delays; no row the mode may use.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely import LineString
    >>> lines = [LineString([(0, 0), (80, 0)]), LineString([(80, 0), (160, 0)])]
    >>> streets = gpd.GeoDataFrame(
    ...     {"u": [1, 2], "v": [2, 3], "walk": True, "length_m": 80.0}, geometry=lines, crs=25832
    ... )
    >>> network = from_streets(streets)
    >>> network.edge_count, network.edge_s_forward.tolist()
    (1, [120.0])
    """
    profile = PROFILES[mode] if profile is None else profile
    _check(streets, mode, profile)
    rows = _usable(streets, mode, profile)
    order, backward, starts = chains(rows.u, rows.v, *_mergeable(rows))
    first, last = starts[:-1], starts[1:] - 1
    tail = np.where(backward, rows.v[order], rows.u[order])
    head = np.where(backward, rows.u[order], rows.v[order])
    edge_u, edge_v = tail[first], head[last]
    geometry = _join_lines(rows.geometry, order, backward, starts)
    used, ends = np.unique(np.concatenate([edge_u, edge_v]), return_inverse=True)
    x, y = _node_coordinates(geometry, ends, len(used))
    along = np.lexsort((rows.node_id[used], hilbert_distance(x, y)))
    number = np.empty(len(used), dtype=np.int32)
    number[along] = np.arange(len(used), dtype=np.int32)
    edge_u, edge_v = number[ends[: len(first)]], number[ends[len(first) :]]
    sort = np.lexsort((np.maximum(edge_u, edge_v), np.minimum(edge_u, edge_v)))
    forward = np.where(backward, rows.backward_s[order], rows.forward_s[order])
    back = np.where(backward, rows.forward_s[order], rows.backward_s[order])
    street = rows.street[order[first]][sort]
    kept = [name for name in keep if name in streets.columns]
    return make_network(
        crs=pyproj.CRS(streets.crs),
        mode=mode,
        profile=profile,
        node_x=x[along],
        node_y=y[along],
        node_id=rows.node_id[used][along],
        edge_u=edge_u[sort],
        edge_v=edge_v[sort],
        edge_length_m=np.add.reduceat(rows.length_m[order], first)[sort],
        edge_s_forward=np.add.reduceat(forward, first)[sort].astype(np.float32),
        edge_s_backward=np.add.reduceat(back, first)[sort].astype(np.float32),
        edge_geometry=geometry[sort],
        edge_street=street,
        edge_snappable=rows.snappable[order[first]][sort],
        edge_attributes=pd.DataFrame(streets[kept]).iloc[street].reset_index(drop=True),
    )


def _check(streets: gpd.GeoDataFrame, mode: Mode, profile: Profile) -> None:
    """Collect everything that keeps a streets table from becoming a network, and raise it."""
    if streets.crs is None or not streets.crs.is_projected:
        name = "no CRS" if streets.crs is None else f"the CRS {streets.crs.to_string()} in degrees"
        raise CrsError(
            Fault("streets", "", f"it has {name}; metres are needed", "project it, e.g. to its local UTM zone")
        )
    faults = []
    needed = ("u", "v", "length_m", *dict.fromkeys(_ALLOWED[mode]))
    faults += [
        Fault("streets", name, "the column is missing", "read the streets with bykobling.osm.read_osm")
        for name in needed
        if name not in streets.columns
    ]
    if profile.mode != mode:
        faults.append(
            Fault("profile", "mode", f"it is {profile.mode!r} for a {mode!r} network", "pass one of the mode")
        )
    if not faults:
        faults += _check_values(streets, mode)
    if faults:
        raise InputError(faults)


def _check_values(streets: gpd.GeoDataFrame, mode: Mode) -> list[Fault]:
    """Find rows with values no cost can be made of."""
    forward, backward = (streets[name].fillna(False).to_numpy(dtype=bool) for name in _ALLOWED[mode])
    usable = forward | backward
    if not usable.any():
        remedy = "check the extent of the extract and the filter it was made with"
        return [Fault("streets", "", f"none of {len(streets)} rows may be used by {mode!r}", remedy)]
    lengths = streets["length_m"].to_numpy(dtype=np.float64)
    delays = _column(streets, "delay_s", 0.0)
    ends = streets["u"].isna().to_numpy() | streets["v"].isna().to_numpy()
    lines = shapely.get_type_id(streets.geometry.to_numpy()) == shapely.GeometryType.LINESTRING
    empty = shapely.is_empty(streets.geometry.to_numpy())
    wrong = {
        "length_m must be a finite number >= 0": ~(np.isfinite(lengths) & (lengths >= 0)),
        "delay_s must be a finite number >= 0": ~(np.isfinite(delays) & (delays >= 0)),
        "u and v must be node ids": ends,
        "geometry must be a LineString that is not empty": ~lines | empty,
    }
    faults = []
    for rule, broken in wrong.items():
        bad = np.flatnonzero(broken & usable)
        if len(bad):
            where = "rows " + ", ".join(str(row) for row in bad[:5]) + (" ..." if len(bad) > 5 else "")
            faults.append(Fault("streets", where, f"{len(bad)} rows break the rule: {rule}", "correct or drop them"))
    return faults


def _column(streets: gpd.GeoDataFrame, name: str, default: float) -> NDArray[np.float64]:
    """Read an optional column of numbers; blanks are the default."""
    if name not in streets.columns:
        return np.full(len(streets), default)
    column: NDArray[np.float64] = streets[name].to_numpy(dtype=np.float64)
    return column


def _flag(streets: gpd.GeoDataFrame, name: str, *, default: bool) -> NDArray[np.bool_]:
    """Read an optional column of flags; blanks are the default."""
    if name not in streets.columns:
        return np.full(len(streets), default)
    column = streets[name]
    flags: NDArray[np.bool_] = np.where(column.isna(), default, column).astype(np.bool_)
    return flags


def _usable(streets: gpd.GeoDataFrame, mode: Mode, profile: Profile) -> _Rows:
    """Choose the rows of a mode and price them."""
    forward, backward = (_flag(streets, name, default=False) for name in _ALLOWED[mode])
    street = np.flatnonzero(forward | backward)
    node_id, ends = np.unique(
        np.concatenate([streets["u"].to_numpy()[street], streets["v"].to_numpy()[street]]).astype(np.int64),
        return_inverse=True,
    )
    place: NDArray[np.int32] = ends.astype(np.int32)
    steps = _flag(streets, "steps", default=False)[street]
    length_m = streets["length_m"].to_numpy(dtype=np.float64)[street]
    delay_s = _column(streets, "delay_s", 0.0)[street]
    speed_m_s = np.where(steps, profile.steps_speed_kmh, profile.speed_kmh) / 3.6
    # rounded row by row, so that merging rows cannot change their sum
    seconds = on_grid(length_m / speed_m_s + delay_s).astype(np.float64)
    snappable = _flag(streets, "snappable", default=True)[street] & (delay_s == 0)
    against = np.full(len(street), np.inf)
    if profile.push_speed_kmh:
        pushed = _flag(streets, "walk", default=False)[street]
        against[pushed] = on_grid(length_m / profile.push_speed_kmh * 3.6 + delay_s).astype(np.float64)[pushed]
    apart = np.zeros(len(street), dtype=np.int64)
    for name in _APART:
        if name in streets.columns:
            codes, _ = pd.factorize(streets[name].iloc[street])
            _, apart = np.unique(apart * (codes.max() + 2) + codes + 1, return_inverse=True)
    return _Rows(
        node_id=node_id,
        u=place[: len(street)],
        v=place[len(street) :],
        length_m=length_m,
        forward_s=np.where(forward[street], seconds, against),
        backward_s=np.where(backward[street], seconds, against),
        delayed=delay_s > 0,
        snappable=snappable,
        apart=apart,
        geometry=streets.geometry.to_numpy()[street],
        street=street,
    )


def _mergeable(rows: _Rows) -> tuple[NDArray[np.bool_], NDArray[np.int32]]:
    """Find the nodes that only pass on from one row to one like it, and the two rows at each."""
    m, n = len(rows.u), len(rows.node_id)
    ends = np.concatenate([rows.u, rows.v])
    numbers = np.arange(m, dtype=np.int32)
    edges = np.concatenate([numbers, numbers])
    leave = np.concatenate([np.isfinite(rows.forward_s), np.isfinite(rows.backward_s)])
    arrive = np.concatenate([np.isfinite(rows.backward_s), np.isfinite(rows.forward_s)])
    by_node = np.argsort(ends, kind="stable")
    degree = np.bincount(ends, minlength=n)
    place = np.cumsum(degree) - degree
    nodes = np.flatnonzero(degree == 2)
    one, two = by_node[place[nodes]], by_node[place[nodes] + 1]
    a, b = edges[one], edges[two]
    fits = (
        (a != b)
        & (rows.apart[a] == rows.apart[b])
        & ~rows.delayed[a]
        & ~rows.delayed[b]
        & (arrive[one] == leave[two])
        & (leave[one] == arrive[two])
    )
    mergeable = np.zeros(n, dtype=np.bool_)
    mergeable[nodes[fits]] = True
    incident = np.full((n, 2), -1, dtype=np.int32)
    incident[nodes[fits], 0] = a[fits]
    incident[nodes[fits], 1] = b[fits]
    return mergeable, incident


def _join_lines(
    lines: NDArray[np.object_],
    order: NDArray[np.int32],
    backward: NDArray[np.bool_],
    starts: NDArray[np.int32],
) -> NDArray[np.object_]:
    """Join the lines of each chain, turned into walking order, without doubling the joints."""
    coordinates = shapely.get_coordinates(lines)
    counts = shapely.get_num_coordinates(lines)
    begins = (np.cumsum(counts) - counts)[order]
    counts = counts[order]
    inner = np.ones(len(order), dtype=np.int64)
    inner[starts[:-1]] = 0
    taken = counts - inner
    step = np.where(backward, -1, 1)
    start = np.where(backward, begins + counts - 1 - inner, begins + inner)
    within = np.arange(taken.sum()) - np.repeat(np.cumsum(taken) - taken, taken)
    index = np.repeat(start, taken) + np.repeat(step, taken) * within
    chain = np.repeat(np.arange(len(starts) - 1), np.diff(starts))
    joined: NDArray[np.object_] = shapely.linestrings(coordinates[index], indices=np.repeat(chain, taken))
    return joined


def _node_coordinates(
    geometry: NDArray[np.object_], ends: NDArray[np.int64], nodes: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Read node coordinates off the ends of the lines (the lowest edge at a node decides)."""
    tips = np.concatenate([shapely.get_point(geometry, 0), shapely.get_point(geometry, -1)])
    xy = np.empty((nodes, 2))
    xy[ends[::-1]] = shapely.get_coordinates(tips)[::-1]
    return xy[:, 0].copy(), xy[:, 1].copy()
