"""Small street tables for the tests of the network."""

from __future__ import annotations

import geopandas as gpd
import networkx as nx
import numpy as np
from shapely import LineString

CRS = "EPSG:25832"


def table(rows, **columns):
    """Make a streets table of (u, v, coordinates) rows."""
    lines = [LineString(coordinates) for _, _, coordinates in rows]
    streets = gpd.GeoDataFrame({"u": [row[0] for row in rows], "v": [row[1] for row in rows]}, geometry=lines, crs=CRS)
    streets["length_m"] = streets.length
    for name in ("walk", "bike_forward", "bike_backward"):
        streets[name] = True
    for name, values in columns.items():
        streets[name] = values
    return streets


def random_streets(seed, *, nodes=14, rows=22):
    """Draw streets with chains, loops, parallel and zero-length rows, one-way streets and islands."""
    rng = np.random.default_rng(seed)
    at = rng.uniform(0, 400, (nodes, 2))
    # a ring first, so that there are chains to merge
    pairs = [(i, (i + 1) % (nodes - 4)) for i in range(nodes - 4)]
    pairs += [tuple(rng.integers(0, nodes, 2)) for _ in range(rows - len(pairs))]
    lines = []
    for u, v in pairs:
        middle = (at[u] + at[v]) / 2 + rng.uniform(-30, 30, 2)
        lines.append((int(u) * 7 - 20, int(v) * 7 - 20, [at[u], middle, at[v]]))
    zero = int(rng.integers(0, nodes))
    lines.append((zero * 7 - 20, 1000, [at[zero], at[zero]]))
    count = len(lines)
    forward = rng.random(count) < 0.9
    return table(
        lines,
        steps=rng.random(count) < 0.1,
        delay_s=np.where(rng.random(count) < 0.1, 12.5, 0.0),
        bike_forward=forward,
        bike_backward=~forward | (rng.random(count) < 0.8),
        bridge=rng.random(count) < 0.1,
    )


def plain_distances(streets, network, mode):
    """Find seconds between all nodes of a network with networkx, from the rows nothing was merged in."""
    profile = network.profile
    graph = nx.DiGraph()
    graph.add_nodes_from(streets["u"])
    graph.add_nodes_from(streets["v"])
    for row in streets.itertuples():
        speed = profile.steps_speed_kmh if row.steps else profile.speed_kmh
        seconds = round((row.length_m / (speed / 3.6) + row.delay_s) * 1024) / 1024
        both = mode == "walk"
        for tail, head, allowed in (
            (row.u, row.v, both or row.bike_forward),
            (row.v, row.u, both or row.bike_backward),
        ):
            if allowed and seconds < graph.get_edge_data(tail, head, {"s": np.inf})["s"]:
                graph.add_edge(tail, head, s=seconds)
    ids = network.node_id.tolist()
    found = dict(nx.all_pairs_dijkstra_path_length(graph, weight="s"))
    return np.array([[found[a].get(b, np.inf) for b in ids] for a in ids])


def places(network, seed, count=9):
    """Draw places on the snappable edges, some of them on one edge, with a walk to the street."""
    from bykobling.network.snapping import make_snap

    rng = np.random.default_rng(seed)
    edge = rng.choice(np.flatnonzero(network.edge_snappable), count)
    edge[1] = edge[0]
    share = rng.choice([0.0, 1.0, 0.25, rng.random(), rng.random()], count)
    offset_m = share * network.edge_length_m[edge]
    return make_snap(
        network,
        edge.astype(np.int32),
        offset_m,
        rng.choice([0.0, 8.0], count),
        np.full(count, "ok", dtype=object),
    )


def plain_times(network, distances, origins, destinations):
    """Find travel times between places: by the ends of their edges, or along a shared edge."""
    times = np.full((len(origins), len(destinations)), np.inf)
    for i in range(len(origins)):
        for j in range(len(destinations)):
            e, f = origins.edge[i], destinations.edge[j]
            ways = [
                a + distances[p, q] + b
                for p, a in ((network.edge_u[e], origins.s_to_u[i]), (network.edge_v[e], origins.s_to_v[i]))
                for q, b in (
                    (network.edge_u[f], destinations.s_from_u[j]),
                    (network.edge_v[f], destinations.s_from_v[j]),
                )
            ]
            if e == f:
                gap = destinations.offset_m[j] - origins.offset_m[i]
                whole = network.edge_s_forward[e] if gap >= 0 else network.edge_s_backward[e]
                along = 0.0 if gap == 0 else abs(gap) / network.edge_length_m[e] * whole
                ways.append(along + origins.access_s[i] + destinations.access_s[j])
            times[i, j] = min(ways)
    return times
