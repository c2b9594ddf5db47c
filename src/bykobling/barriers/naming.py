"""Names a citizen would recognise."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

_KIND_WORDS = {"road": "road", "railway": "railway", "water": "water", "land": "land", "user": "barrier"}
_NAMED_SHARE = 0.2
"""A name borne by less of a barrier than this is that of a part: a canal does not name the sea."""

_ALONG_M, _BESIDE_M = 15.0, 60.0
_YARD_WIDTH_M = 40.0
_PLAIN = {
    "rail": "railway", "light rail": "light railway", "industrial": "industrial land", "construction": "building site",
    "railway": "railway land", "military": "military land", "brownfield": "disused land", "greenfield": "unbuilt land",
    "water": "water", "basin": "basin",
}  # fmt: skip


def own_names(features: gpd.GeoDataFrame) -> NDArray[Any]:
    """Return the name of each feature, else its ref, else an empty string."""
    name = features["name"]
    if "ref" in features:
        name = name.where(name.notna(), features["ref"])
    return np.asarray(name.fillna("").astype(str), object)


def heaviest(labels: NDArray[Any], weights: NDArray[np.float64]) -> str:
    """Return the label with the largest sum of weights."""
    kinds, inverse = np.unique(labels.astype(str), return_inverse=True)
    return str(kinds[np.argmax(np.bincount(inverse, weights=weights))])


def common_name(names: NDArray[Any], shapes: NDArray[Any], kind: str, subkinds: NDArray[Any]) -> str:
    """Return the name most of the barrier bears, else a plain description of what it is."""
    size = shapely.length(shapes) + shapely.area(shapes)
    named = names != ""
    if size[named].sum() >= _NAMED_SHARE * size.sum():
        return heaviest(names[named], size[named])
    if kind == "water" and heaviest(subkinds, size) == "sea":
        return "the sea"
    return f"unnamed {_KIND_WORDS[kind]} ({heaviest(subkinds, size).replace('_', ' ')})"


def place_unnamed(table: gpd.GeoDataFrame, streets: gpd.GeoDataFrame) -> list[str]:
    """Tell unnamed barriers apart by the street that runs beside them longest."""
    named = streets[streets["name"].notna().to_numpy(bool)]
    names: list[str] = list(table["name"])
    rows = [i for i, name in enumerate(names) if re.fullmatch(r"unnamed \w+ \([^()]*\)", name)]
    if not rows or not len(named):
        return names
    lines, called = named.geometry.to_numpy(), named["name"].to_numpy(object)
    tree = shapely.STRtree(lines)
    shapes = table.geometry.to_numpy()
    for row in rows:
        # the street along a road names it better than a longer one beside it
        for reach in (_ALONG_M, _BESIDE_M):
            zone = shapely.buffer(shapes[row], reach, quad_segs=2)
            hit = tree.query(zone, predicate="intersects")
            if len(hit):
                what = names[row].split("(", 1)[1].rstrip(")")
                what = "road" if table["kind"].iloc[row] == "road" else what
                if what == "rail" and shapes[row].area / table["length_m"].iloc[row] > _YARD_WIDTH_M:
                    what = "railway yard"
                street = heaviest(called[hit], shapely.length(shapely.intersection(lines[hit], zone)))
                along = what == "road" and reach == _ALONG_M
                names[row] = street if along else f"{_PLAIN.get(what, what)} by {street}"
                break
    return names
