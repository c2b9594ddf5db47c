"""The same streets without what makes a metre slower than another: for measures told in metres."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from bykobling.network.model import make_network, on_grid

if TYPE_CHECKING:
    from bykobling.network.model import Network


def by_length(network: Network) -> Network:
    """Copy a network in which every edge costs its length at walking speed.

    Parameters
    ----------
    network : Network
        Streets of one mode.

    Returns
    -------
    Network
        Same nodes, edges and directions; seconds times ``profile.speed_m_s`` are metres along the streets (to
        1.3 mm on foot), without delays at crossings and with steps like any other street.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely import LineString
    >>> from bykobling.network import Network
    >>> line = LineString([(0, 0), (100, 0)])
    >>> street = {"u": [1], "v": [2], "walk": True, "length_m": 100.0, "delay_s": 20.0}
    >>> network = by_length(Network.from_streets(gpd.GeoDataFrame(street, geometry=[line], crs=25832)))
    >>> (network.edge_s_forward * network.profile.speed_m_s).tolist()
    [100.0]
    """
    seconds = on_grid(network.edge_length_m / network.profile.speed_m_s)
    forward, backward = (
        np.where(np.isfinite(allowed), seconds, np.float32(np.inf))
        for allowed in (network.edge_s_forward, network.edge_s_backward)
    )
    lengths = make_network(
        crs=network.crs,
        mode=network.mode,
        profile=network.profile,
        node_x=network.node_x,
        node_y=network.node_y,
        node_id=network.node_id,
        edge_u=network.edge_u,
        edge_v=network.edge_v,
        edge_length_m=network.edge_length_m,
        edge_s_forward=forward,
        edge_s_backward=backward,
        edge_geometry=network.edge_geometry,
        edge_street=network.edge_street,
        edge_snappable=network.edge_snappable,
        edge_attributes=network.edge_attributes,
    )
    # the same streets in the same places, so points hang on the same of them, and are looked up once for both
    for name in ("main_parts", "_trees", "_grids", "_known_places"):
        vars(lengths)[name] = getattr(network, name)
    if "_corners" in vars(network):
        vars(lengths)["_corners"] = vars(network)["_corners"]
    return lengths
