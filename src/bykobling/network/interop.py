"""Networks from and to the graphs of OSMnx."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import geopandas as gpd
import networkx as nx
import numpy as np
import pandas as pd
import shapely

from bykobling._globe import local_utm
from bykobling.errors import CrsError, Fault, InputError
from bykobling.network.build import from_streets

if TYPE_CHECKING:
    from bykobling._types import Mode, Profile
    from bykobling.network.model import Network


def from_osmnx(graph: nx.MultiDiGraph[int], *, mode: Mode = "walk", profile: Profile | None = None) -> Network:
    """Build a network from an OSMnx graph of the mode's streets.

    Every edge is taken to be open to the mode: on foot in both directions, by bicycle in the directions of
    the graph. The two directions of one street become one edge. A graph in degrees is projected to its local
    UTM zone; edge ``length`` is kept as it is, and measured where missing.

    Parameters
    ----------
    graph : networkx.MultiDiGraph
        Nodes with ``x`` and ``y``, ``graph.graph["crs"]``; edges may have ``length``, ``geometry``,
        ``osmid``, ``name``, ``highway``, ``bridge``, ``tunnel``, ``layer``.
    mode : {"walk", "bike"}
        Who travels.
    profile : Profile, optional
        Speeds; by default the mode's.

    Returns
    -------
    Network

    Raises
    ------
    CrsError
        A graph without a CRS.
    InputError
        A graph without edges.
    """
    if "crs" not in graph.graph:
        raise CrsError(Fault("graph", "crs", "it is missing", "set graph.graph['crs'], as OSMnx does"))
    if graph.number_of_edges() == 0:
        raise InputError(Fault("graph", "", "it has no edges", "check the place and the filter it was made with"))
    rows = [_row(graph, u, v, data) for u, v, data in graph.edges(data=True)]
    table = pd.DataFrame(rows)
    streets = gpd.GeoDataFrame(table, geometry="geometry", crs=graph.graph["crs"])
    if not streets.crs.is_projected:
        streets = streets.to_crs(local_utm(streets))
    measured = pd.Series(shapely.length(streets.geometry.to_numpy()), index=streets.index)
    streets["length_m"] = streets["length_m"].fillna(measured)
    return from_streets(_one_row_a_street(streets), mode=mode, profile=profile)


def _row(graph: nx.MultiDiGraph[int], u: int, v: int, data: dict[str, Any]) -> dict[str, Any]:
    """Read one directed edge."""
    line = data.get("geometry")
    if line is None:
        ends = [(graph.nodes[node]["x"], graph.nodes[node]["y"]) for node in (u, v)]
        line = shapely.LineString(ends)
    highway = data.get("highway")
    steps = highway == "steps" or (isinstance(highway, list) and set(highway) == {"steps"})
    row = {
        "u": u,
        "v": v,
        "walk": True,
        "length_m": data.get("length", np.nan),
        "steps": steps,
        "geometry": line,
    }
    row["osm_id"] = _plain(data.get("osmid"))
    row["highway"] = _plain(highway)
    row["name"] = _plain(data.get("name"))
    for flag in ("bridge", "tunnel"):
        row[flag] = _plain(data.get(flag)) not in {None, False, "no"}
    row["layer"] = _plain(data.get("layer"))
    return row


def _plain(value: Any) -> Any:  # noqa: ANN401 - whatever the tag holds
    """Take the first of several values (OSMnx joins ways into one edge)."""
    return value[0] if isinstance(value, list) and value else value


def _one_row_a_street(streets: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Join the two directions of a street: same ends, same way, and one line is the other turned round."""
    turned = (streets["u"] > streets["v"]).to_numpy()
    low = np.where(turned, streets["v"], streets["u"])
    high = np.where(turned, streets["u"], streets["v"])
    lines = streets.geometry.to_numpy()
    along = np.where(turned, shapely.reverse(lines), lines)
    # a loop is drawn either way round; its two directions have one shape
    loop = low == high
    along = np.where(loop, shapely.normalize(along), along)
    shape = shapely.to_wkb(shapely.set_precision(along, 0.01, mode="pointwise"))
    key = pd.DataFrame({"low": low, "high": high, "osm_id": streets["osm_id"].astype(str), "shape": shape})
    group = key.groupby(["low", "high", "osm_id", "shape"], sort=False).ngroup().to_numpy()
    first = np.unique(group, return_index=True)[1]
    joined = streets.iloc[first].copy()
    joined["geometry"] = along[first]
    joined["u"], joined["v"] = low[first], high[first]
    count = len(first)
    joined["bike_forward"] = np.bincount(group[~turned | loop], minlength=count) > 0
    joined["bike_backward"] = np.bincount(group[turned | loop], minlength=count) > 0
    return joined.set_geometry("geometry")


def to_networkx(network: Network) -> nx.MultiDiGraph[int]:
    """Copy a network into a graph as OSMnx makes them: one edge a direction.

    Parameters
    ----------
    network : Network
        The network.

    Returns
    -------
    networkx.MultiDiGraph
        Nodes are the node ids, with ``x`` and ``y``; edges have ``osmid``, ``length`` (m), ``travel_time``
        (s), ``oneway``, ``reversed``, ``geometry`` and the kept columns of the streets table.
    """
    graph: nx.MultiDiGraph[int] = nx.MultiDiGraph(crs=network.crs, created_with="bykobling", simplified=True)
    ids = network.node_id.tolist()
    for node, x, y in zip(ids, network.node_x.tolist(), network.node_y.tolist(), strict=True):
        graph.add_node(node, x=x, y=y)
    attributes = network.edge_attributes.to_dict(orient="records") or [{} for _ in range(network.edge_count)]
    for edge, kept in enumerate(attributes):
        u, v = ids[network.edge_u[edge]], ids[network.edge_v[edge]]
        forward, backward = float(network.edge_s_forward[edge]), float(network.edge_s_backward[edge])
        oneway = not (np.isfinite(forward) and np.isfinite(backward))
        data: dict[str, Any] = {str(name): value for name, value in kept.items() if not _missing(value)}
        data["osmid"] = data.pop("osm_id", int(network.edge_street[edge]))
        data["length"] = float(network.edge_length_m[edge])
        data["oneway"] = oneway
        line = network.edge_geometry[edge]
        if np.isfinite(forward):
            graph.add_edge(u, v, **data, travel_time=forward, reversed=False, geometry=line)
        if np.isfinite(backward):
            graph.add_edge(v, u, **data, travel_time=backward, reversed=True, geometry=shapely.reverse(line))
    return graph


def _missing(value: Any) -> bool:  # noqa: ANN401 - whatever the column holds
    """Tell whether a kept value is blank."""
    return value is None or (isinstance(value, float) and np.isnan(value))
