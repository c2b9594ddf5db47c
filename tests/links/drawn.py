"""Towns for the tests of links, and candidates put between places of theirs by hand."""

import numpy as np
import shapely

from bykobling.links.model import LinkCandidates
from tests.toys import extract_of, opened_town, streets_table


def town_of(pieces, features=(), *, mode="walk", buildings=None):
    return opened_town(extract_of(streets_table(list(pieces)), features, buildings=buildings), mode=mode)


def node_at(network, place):
    away_m = np.hypot(network.node_x - place[0], network.node_y - place[1])
    assert away_m.min() < 1e-6, f"no node at {place}"
    return int(np.argmin(away_m))


def links_between(openings, pairs, *, barrier=0):
    """Make candidates of nodes at ``((x, y), (x, y))``; seconds as if they were unconnected."""
    network, count = openings.network, len(pairs)
    u, v = (np.array([node_at(network, pair[end]) for pair in pairs], np.int32) for end in (0, 1))
    lines = np.empty(count, object)
    lines[:] = [shapely.LineString(pair) for pair in pairs]
    length_m = shapely.length(lines)
    seconds = (length_m / network.profile.speed_m_s).astype(np.float32)
    return LinkCandidates(
        openings=openings, u=u, v=v, link_s=seconds, length_m=length_m, kind=np.full(count, "path", object),
        barrier=np.full(count, barrier, np.int64), cost_dkk=np.zeros(count),
        route_s=np.full(count, np.inf, np.float32), direct_s=seconds, geometry=lines,
    )  # fmt: skip
