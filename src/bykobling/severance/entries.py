"""The ways out of an area: how many share no street, where they are, and how much hangs on each."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from bykobling._check import columns as _check_columns
from bykobling._check import geometries as _check_geometries
from bykobling._check import weights as _check_weights
from bykobling.errors import CrsError, Fault, InputError
from bykobling.network.snapping import unshared
from bykobling.severance.entry_shares import entry_points, group_places, paths_by_piece
from bykobling.severance.surroundings import Stops, fewest_cuts, passing_stops, surround

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from numpy.typing import NDArray

    from bykobling._types import Progress
    from bykobling.network import Network
    from bykobling.severance.surroundings import Cut, Surroundings

MERGE_M = 25.0
"""Cuts no farther apart than this are one entry: the two pavements of a street."""

_WHOLE = 1 - 1e-9


@dataclass(frozen=True)
class IndependentEntries:
    """How many ways lead out of each area, and the entries they lead through.

    Parameters
    ----------
    areas : DataFrame
        Index of the areas; for each ring, e.g. of 400 m: ``independent_entries_400m`` (ways out that share no
        street), ``entry_places_400m`` (entries they pass), ``bottleneck_share_400m`` (0-1, share of the shortest
        ways of the entry that carries most), ``entries_reason_400m`` (``ok``; ``edge``: the ring is not wholly
        inside the extract; ``no_street``: there is no street in the area). NaN unless ``ok``; the share is NaN too
        where there is no way out.
    entries : GeoDataFrame
        A point an entry and ring: ``area_id`` (index label of the area), ``ring_m``, ``name`` (of the street, None
        where it has none), ``ways`` (streets and pavements cut there), ``isolates`` (bool: cut this one and nobody
        of the area gets out), ``cut_off_share`` (0-1, residents who would then have no way out), ``traffic_share``
        (0-1, of the shortest ways out; sums to 1 in an area and ring).
    """

    areas: pd.DataFrame
    entries: gpd.GeoDataFrame


@dataclass(frozen=True)
class _Streets:
    """The network, and what every area asks of it."""

    network: Network
    tree: shapely.STRtree
    main: NDArray[np.bool_]
    homes: dict[object, Stops]
    rings: tuple[float, ...]
    merge_m: float


def independent_entries(
    network: Network,
    areas: gpd.GeoDataFrame,
    *,
    ring_m: Sequence[float] = (400.0, 800.0),
    residents: gpd.GeoDataFrame | None = None,
    walls: NDArray[np.object_] | None = None,
    extent: shapely.Polygon | None = None,
    merge_m: float = MERGE_M,
    progress: Progress | None = None,
) -> IndependentEntries:
    """Count the ways out of each area that share no street, and find the entries they pass.

    Parameters
    ----------
    network : Network
        Streets with two sides; crossings of big roads are ways like any other.
    areas : GeoDataFrame
        Polygons, index ``area_id``.
    ring_m : sequence of float, optional
        Metres beyond the area's outline at which one is out.
    residents : GeoDataFrame, optional
        Points with ``residents`` and ``area_id``. The streets they live in then belong to their area, though the
        outline runs along the middle of them or behind the pavement, and entries are weighed by persons; without
        them every street node in the area counts alike.
    walls : array of Polygon, optional
        What the straight way from home to street may not cross (`Openings.walls`).
    extent : Polygon, optional
        What the extract covers: an area whose ring leaves it gets NaN.
    merge_m : float, optional
        Cuts within so many metres of each other are one entry; 0 keeps every cut apart.
    progress : callable, optional
        ``progress(done, total, message)``.

    Returns
    -------
    IndependentEntries
        Numbers by area, and the entries.

    Raises
    ------
    CrsError
        Areas in another CRS than the network.
    InputError
        No area; geometries that are no polygons; rings that are not above 0 or told twice; residents without the
        columns, missing or negative; a negative ``merge_m``.

    Notes
    -----
    ``independent_entries`` is the greatest flow from the area (its streets made one source) to everything beyond
    the ring (one sink), each street carrying one in either direction: by Menger's theorem the number of ways out
    that share no street, and the least number of streets to cut until nobody gets out. bykobling's own use of it.

    The entries are that least cut, the one nearest the area: where a dozen streets leave an estate but all lead to
    two bridges, the entries are the bridges; where nothing narrows beyond the outline, they are the streets that
    cross it. ``isolates`` and ``cut_off_share`` tell what is lost by closing one entry, with all its pavements.

    ``traffic_share``: of the quickest ways from each resident to each place where a street crosses the ring (staying
    within it), all counted alike, the share that finally leaves through the entry; ties are shared.

    Streets off the main parts of the network (`Network.main_parts`) do not make an area have a street.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely import LineString, box
    >>> from bykobling.network import Network
    >>> lines = [LineString([(0, 0), (0, 90)]), LineString([(0, 90), (0, 900)]), LineString([(0, 0), (0, -900)])]
    >>> streets = {"u": [1, 2, 1], "v": [2, 3, 4], "walk": True, "length_m": [90.0, 810.0, 900.0]}
    >>> street = Network.from_streets(gpd.GeoDataFrame(streets, geometry=lines, crs=25832))
    >>> areas = gpd.GeoDataFrame({"area_id": ["a"]}, geometry=[box(-50, -50, 50, 100)], crs=25832)
    >>> found = independent_entries(street, areas.set_index("area_id"), ring_m=[400])
    >>> found.areas["independent_entries_400m"].tolist()
    [2.0]
    >>> found.entries[["ways", "isolates", "traffic_share"]].to_numpy().tolist()
    [[1, False, 0.5], [1, False, 0.5]]
    """
    from bykobling._kernels.threads import in_chunks  # noqa: PLC0415 - imports numba

    rings = tuple(sorted(float(r) for r in ring_m))
    _check(network, areas, residents, rings, merge_m)
    streets = _Streets(
        network=network,
        tree=shapely.STRtree(network.edge_geometry),
        main=network.main_parts[network.component],
        homes={} if residents is None else _homes(network, residents, walls),
        rings=rings,
        merge_m=merge_m,
    )
    # they are made ready for many questions, and another measure may be asking the areas' own meanwhile
    shapes = unshared(areas.geometry.to_numpy())
    found: dict[int, list[_Found]] = {}

    def work(start: int, stop: int, _: None) -> None:
        for row in range(start, stop):
            found[row] = _of_area(streets, areas.index[row], shapes[row], extent)

    in_chunks(
        work, len(areas), scratch=lambda: None, progress=progress, message="Counting ways out of every area", chunk=1
    )
    return _tables(areas, rings, [found[row] for row in range(len(areas))])


@dataclass(frozen=True)
class _Found:
    """What was found for one area and ring."""

    reason: str
    ways: float = np.nan
    bottleneck: float = np.nan
    entries: pd.DataFrame | None = None
    points: NDArray[np.object_] | None = None


def _of_area(streets: _Streets, label: object, area: shapely.Geometry, extent: shapely.Polygon | None) -> list[_Found]:
    """Count the ways out of one area for every ring."""
    network = streets.network
    inside = _contained(network, area) & streets.main
    stops = _stops(streets, inside, area)
    if label in streets.homes:
        stops = stops.joined(streets.homes[label])
    found = []
    for radius_m in streets.rings:
        ring = shapely.buffer(area, radius_m)
        if not inside.any() and not len(stops.edge):
            found.append(_Found("no_street"))
        elif extent is not None and not shapely.covers(extent, ring):
            found.append(_Found("edge"))
        else:
            within, rim = _contained(network, ring), _meeting(streets.tree, ring)
            around = surround(network, inside, stops, within=within, ring=ring, rim=rim)
            found.append(_told(streets, area, around, fewest_cuts(around)))
    return found


def _told(streets: _Streets, area: shapely.Geometry, around: Surroundings, cut: Cut) -> _Found:
    """Put the cuts of one area and ring together to entries, and weigh them."""
    if not cut.ways:
        return _Found("ok", ways=0.0)
    network = streets.network
    points = entry_points(network, around, cut, area)
    place = group_places(points, streets.merge_m)
    count = int(place.max()) + 1
    carried = np.bincount(place, weights=paths_by_piece(around, cut), minlength=count)
    inner = np.where(cut.inside[around.u[cut.piece]], around.u[cut.piece], around.v[cut.piece])
    lost = _cut_off(around, cut, cut.part[inner], place)
    names = _names(network, around.edge[cut.piece], place)
    entries = pd.DataFrame(
        {
            "name": names,
            "ways": np.bincount(place, minlength=count),
            "isolates": lost >= _WHOLE,
            "cut_off_share": lost,
            "traffic_share": carried,
        }
    )
    xy = shapely.get_coordinates(points)
    middle = np.stack([np.bincount(place, weights=values) / np.bincount(place) for values in xy.T], axis=1)
    return _Found(
        "ok",
        ways=float(cut.ways),
        bottleneck=float(carried.max()),
        entries=entries,
        points=np.asarray(shapely.points(middle), object),
    )


def _cut_off(around: Surroundings, cut: Cut, part: NDArray[np.int64], place: NDArray[np.int64]) -> NDArray[np.float64]:
    """Find for each place the share of those who have a way out that would have none without it."""
    weight = np.bincount(cut.part, weights=np.where(around.source, around.weight, 0.0))
    pairs = np.unique(np.stack([part, place]), axis=1)
    parts, entries = np.unique(pairs[0], return_counts=True)
    only = np.isin(pairs[0], parts[entries == 1])
    lost = np.bincount(pairs[1][only], weights=weight[pairs[0][only]], minlength=int(place.max()) + 1)
    total = weight[parts].sum()
    return np.asarray(lost / total if total > 0 else np.full(len(lost), np.nan), float)


def _stops(streets: _Streets, inside: NDArray[np.bool_], area: shapely.Geometry) -> Stops:
    """Find the streets that run through an area without a node in it."""
    network = streets.network
    through = np.sort(streets.tree.query(area, predicate="intersects"))
    u, v = network.edge_u[through], network.edge_v[through]
    # nobody joins a tunnel from above
    through = through[~inside[u] & ~inside[v] & streets.main[u] & network.edge_snappable[through]]
    # a street that is the outline itself is not in the area
    through = through[~shapely.touches(network.edge_geometry[through], area)]
    return passing_stops(network, through, area)


def _homes(network: Network, residents: gpd.GeoDataFrame, walls: NDArray[np.object_] | None) -> dict[object, Stops]:
    """Find the streets each area's residents live in: people of one street are met where they live on average."""
    snapped = network.snap(residents.geometry, walls=walls)
    length = network.edge_length_m[np.maximum(snapped.edge, 0)]
    share = np.divide(snapped.offset_m, length, out=np.zeros(len(length)), where=length > 0)
    table = pd.DataFrame(
        {
            "area_id": residents["area_id"].to_numpy(object),
            "edge": snapped.edge.astype(np.int64),
            "weight": residents["residents"].to_numpy(float),
            "share": share,
        }
    )
    table = table[snapped.linked & table["area_id"].notna() & (table["weight"] > 0)]
    table["share"] *= table["weight"]
    table = table.groupby(["area_id", "edge"], sort=True)[["weight", "share"]].sum().reset_index()
    return {
        label: Stops(
            mine["edge"].to_numpy(),
            (mine["share"] / mine["weight"]).to_numpy().clip(0.0, 1.0),
            mine["weight"].to_numpy(),
        )
        for label, mine in table.groupby("area_id")
    }


def _contained(network: Network, shape: shapely.Geometry) -> NDArray[np.bool_]:
    """Tell which nodes lie inside a shape."""
    low_x, low_y, high_x, high_y = shapely.bounds(shape)
    x, y = network.node_x, network.node_y
    contained = (x >= low_x) & (x <= high_x) & (y >= low_y) & (y <= high_y)
    near = np.flatnonzero(contained)
    shapely.prepare(shape)
    contained[near] = shapely.contains_xy(shape, x[near], y[near])
    return np.asarray(contained)


def _meeting(tree: shapely.STRtree, ring: shapely.Geometry) -> NDArray[np.int64]:
    """Find the edges that meet the outline of a ring."""
    points, part = shapely.get_coordinates(shapely.get_parts(shapely.boundary(ring)), return_index=True)
    # side by side, because the box around the whole outline holds everything
    sides = np.stack([points[:-1], points[1:]], axis=1)[part[:-1] == part[1:]]
    return np.unique(tree.query(shapely.linestrings(sides), predicate="intersects")[1])


def _names(network: Network, edge: NDArray[np.int64], place: NDArray[np.int64]) -> list[str | None]:
    """Name each entry by the street most of its cuts are in, of equals the first by name."""
    names: list[str | None] = [None] * (int(place.max()) + 1)
    if "name" in network.edge_attributes.columns:
        given = network.edge_attributes["name"].iloc[edge]
        counts: list[Counter[str]] = [Counter() for _ in names]
        for at, name in zip(place[given.notna()], given.dropna(), strict=True):
            counts[at][str(name)] += 1
        for at, count in enumerate(counts):
            names[at] = min(count, key=lambda name, count=count: (-count[name], name), default=None)  # type: ignore[misc]
    return names


def _tables(areas: gpd.GeoDataFrame, rings: tuple[float, ...], found: list[list[_Found]]) -> IndependentEntries:
    """Lay out what was found, areas in their order, rings from the nearest."""
    columns: dict[str, Any] = {}
    parts, points = [], []
    for number, radius_m in enumerate(rings):
        mine = [each[number] for each in found]
        name = f"{radius_m:g}m"
        places = [np.nan if np.isnan(one.ways) else 0.0 if one.entries is None else len(one.entries) for one in mine]
        columns[f"independent_entries_{name}"] = np.array([one.ways for one in mine])
        columns[f"entry_places_{name}"] = np.array(places, float)
        columns[f"bottleneck_share_{name}"] = np.array([one.bottleneck for one in mine])
        columns[f"entries_reason_{name}"] = np.array([one.reason for one in mine], object)
        for label, one in zip(areas.index, mine, strict=True):
            if one.entries is not None and one.points is not None:
                parts.append(one.entries.assign(area_id=label, ring_m=radius_m))
                points.append(one.points)
    order = ["area_id", "ring_m", "name", "ways", "isolates", "cut_off_share", "traffic_share"]
    table = pd.concat(parts, ignore_index=True)[order] if parts else pd.DataFrame(columns=order)
    shapes = np.concatenate(points) if points else np.empty(0, object)
    geometry = gpd.GeoSeries(shapes, crs=areas.crs)
    return IndependentEntries(pd.DataFrame(columns, index=areas.index), gpd.GeoDataFrame(table, geometry=geometry))


def _check(
    network: Network,
    areas: gpd.GeoDataFrame,
    residents: gpd.GeoDataFrame | None,
    rings: tuple[float, ...],
    merge_m: float,
) -> None:
    """Collect what no ways can be counted with, and raise it."""
    if areas.crs != network.crs:
        name = "no CRS" if areas.crs is None else areas.crs.to_string()
        raise CrsError(
            Fault(
                "areas", "", f"they are in {name}, the network in {network.crs.to_string()}", "use to_crs(network.crs)"
            )
        )
    found = _check_geometries(areas, ["Polygon", "MultiPolygon"], file="areas")
    faults = [fault for fault in found if fault.severity == "error"]
    if not len(areas):
        faults.append(Fault("areas", "", "the table is empty", "give at least one area"))
    if not rings or not all(np.isfinite(r) and r > 0 for r in rings) or len(set(rings)) < len(rings):
        rule = f"{list(rings)} are not different numbers of metres above 0"
        faults.append(Fault("ring_m", "", rule, "give one or more, e.g. (400, 800)"))
    if not (np.isfinite(merge_m) and merge_m >= 0):
        faults.append(Fault("merge_m", "", f"{merge_m} is not a number of metres", "give 0 or more"))
    if residents is not None:
        missing = _check_columns(residents, ["residents", "area_id"], file="residents")
        faults += missing or _check_weights(residents["residents"], file="residents")
    if faults:
        raise InputError(faults)
