"""How barriers divide the surroundings of an area, and how large a piece they leave it in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely

from bykobling.severance.land import CELL_M, cells, check_tables, in_discs, is_sliver, land_pieces, on_land

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

    from bykobling.severance.land import Discs

_TOUCH_M = 1.0
_BLOCK = 512


def division_index(
    areas: gpd.GeoDataFrame,
    barriers: gpd.GeoDataFrame,
    *,
    radius_m: float = 800.0,
    residents: gpd.GeoDataFrame | None = None,
    headline: bool = True,
    water: bool = True,
    extent: shapely.Polygon | None = None,
) -> pd.DataFrame:
    """Measure how finely barriers divide a disc around each area.

    Parameters
    ----------
    areas : GeoDataFrame
        Polygons; the disc is drawn around the centroid.
    barriers : GeoDataFrame
        Footprints with ``headline`` (`bykobling.barriers.make_barriers`).
    radius_m : float, optional
        Radius of the disc, metres.
    residents : GeoDataFrame, optional
        Points with ``residents``, everywhere and not in the areas alone: adds the population-weighted variant.
    headline, water : bool, optional
        Whether barriers of the headline, and water, divide. Without `water`, water counts as land.
    extent : Polygon, optional
        What the extract covers: the disc is cut to it, as no barrier is known beyond.

    Returns
    -------
    DataFrame
        Index of the areas. ``division_index`` (0 to 1: the chance that two places on land in the disc lie in
        different pieces), ``effective_mesh_m2`` (mean size of the piece a place lies in), ``land_m2`` (all pieces),
        ``pieces``; with `residents` ``division_index_people`` (the chance that two residents of the disc do; NaN
        where nobody lives). NaN where no land is left.

    Raises
    ------
    InputError
        Missing columns, another CRS, a radius that is not positive, residents that are missing or negative.

    Notes
    -----
    ``RDI = 1 - sum_k (a_k / a)^2`` over the pieces, ``a`` their sum. Ananat (2011), "The wrong side(s) of the
    tracks", American Economic Journal: Applied Economics 3(2):34-66, doi 10.1257/app.3.2.34, railways alone and whole
    cities. With Jaeger's (2000) effective mesh size, doi 10.1023/A:1008129329289, ``m_eff / a + RDI = 1``.

    ``a`` is what barriers leave: a coast takes land away without dividing what is left, and gives 0. So a barrier that
    swallows a whole piece can lower the index; one that cuts never does. Footprints are closed where land between them
    is narrower than 30 m, and slivers (less than 2,500 m2, or 15 m wide in the mean) are no pieces; see
    `bykobling.severance.land`. Bridges through a barrier do not change the index, tunnels are no barriers.

    Examples
    --------
    >>> import geopandas as gpd, shapely
    >>> area = gpd.GeoDataFrame(index=["a"], geometry=[shapely.box(-50, -50, 50, 50)], crs=25832)
    >>> railway = gpd.GeoDataFrame({"headline": [True]}, geometry=[shapely.box(-6, -2000, 6, 2000)], crs=25832)
    >>> round(division_index(area, railway)["division_index"].item(), 6)
    0.5
    """
    check_tables(areas, barriers, residents, radius_m)
    land = land_pieces(barriers, _plane(areas, barriers, radius_m, extent), headline=headline, water=water)
    discs = in_discs(areas, land, radius_m)
    total, squares = _sums(discs.owner, discs.area_m2, len(areas))
    known, unknown = total > 0, np.full(len(areas), np.nan)
    mesh = np.divide(squares, total, out=unknown.copy(), where=known)
    result = pd.DataFrame(
        {
            "division_index": 1 - np.minimum(np.divide(mesh, total, out=unknown.copy(), where=known), 1.0),
            "effective_mesh_m2": mesh,
            "land_m2": np.where(known, total, np.nan),
            "pieces": np.bincount(discs.owner, minlength=len(areas)),
        },
        index=areas.index,
    )
    if residents is not None:
        people = _people(discs, land, residents)
        total, squares = _sums(discs.owner, people, len(areas))
        share = np.divide(squares, total * total, out=unknown.copy(), where=total > 0)
        result["division_index_people"] = 1 - np.minimum(share, 1.0)
    return result


def enclosure(
    areas: gpd.GeoDataFrame,
    barriers: gpd.GeoDataFrame,
    *,
    radius_m: float = 800.0,
    residents: gpd.GeoDataFrame | None = None,
    headline: bool = True,
    water: bool = True,
    extent: shapely.Polygon | None = None,
) -> pd.DataFrame:
    """Measure the piece of land, cut by barriers, that each area sits in.

    Parameters
    ----------
    areas : GeoDataFrame
        Polygons.
    barriers : GeoDataFrame
        Footprints with ``headline`` (`bykobling.barriers.make_barriers`).
    radius_m : float, optional
        Pieces within so many metres of the centroid are counted.
    residents : GeoDataFrame, optional
        Points with ``residents``, everywhere and not in the areas alone.
    headline, water : bool, optional
        Whether barriers of the headline, and water, cut. Without `water`, water counts as land.
    extent : Polygon, optional
        What the extract covers, and the outer limit; the box around all areas and barriers by default, where a
        barrier that ends inside the box cuts nothing off.

    Returns
    -------
    DataFrame
        Index of the areas. ``enclosed_area_m2`` (size of the piece that holds most of the area),
        ``enclosed_residents`` (who live in it; with `residents` only), ``touches_limit`` (the piece reaches the outer
        limit: it is larger than told, and the area may not be enclosed at all), ``in_piece_share`` (of the area's
        own land), ``pieces_800m`` (pieces in the disc of `radius_m`). NaN where an area has no land.

    Raises
    ------
    InputError
        Missing columns, another CRS, a radius that is not positive, residents that are missing or negative.

    Notes
    -----
    Enclosures as in momepy (Fleischmann 2019, doi 10.21105/joss.01807), but cut by barriers instead of by every
    street. Land narrower than 30 m between barriers is none, and slivers are no pieces, as in `division_index`; a
    home on such land counts in the nearest piece within 30 m.

    Examples
    --------
    >>> import geopandas as gpd, shapely
    >>> area = gpd.GeoDataFrame(index=["a"], geometry=[shapely.box(100, 100, 200, 200)], crs=25832)
    >>> ring = shapely.box(0, 0, 520, 520).difference(shapely.box(10, 10, 510, 510))
    >>> road = gpd.GeoDataFrame({"headline": [True]}, geometry=[ring], crs=25832)
    >>> enclosure(area, road, extent=shapely.box(-1000, -1000, 1000, 1000))["enclosed_area_m2"].item()
    250000.0
    """
    check_tables(areas, barriers, residents, radius_m)
    plane = _plane(areas, barriers, 0.0, extent)
    every = land_pieces(barriers, plane, headline=headline, water=water)
    land = every[~is_sliver(every)]
    piece, share = _home_piece(areas, land)
    held = piece >= 0
    edge = np.asarray(shapely.dwithin(land, shapely.boundary(plane), _TOUCH_M), bool)
    result = pd.DataFrame(index=areas.index)
    result["enclosed_area_m2"] = _picked(shapely.area(land), piece)
    if residents is not None:
        at, _ = on_land(residents.geometry.to_numpy(), land)
        people = residents["residents"].to_numpy(float)
        lived = np.bincount(at[at >= 0], weights=people[at >= 0], minlength=len(land)).astype(float)
        result["enclosed_residents"] = _picked(lived, piece)
    result["touches_limit"] = held & np.r_[edge, False][piece]
    result["in_piece_share"] = share
    if extent is None:  # discs reach beyond the box
        every = land_pieces(barriers, _plane(areas, barriers, radius_m, None), headline=headline, water=water)
    result[f"pieces_{radius_m:g}m"] = np.bincount(in_discs(areas, every, radius_m).owner, minlength=len(areas))
    return result


def _plane(
    areas: gpd.GeoDataFrame, barriers: gpd.GeoDataFrame, margin_m: float, extent: shapely.Polygon | None
) -> shapely.Polygon:
    """Return what is cut: the extent, else a box around all there is."""
    if extent is not None:
        return extent
    bounds = [table.total_bounds for table in (areas, barriers) if len(table)]
    low, high = np.min(bounds, axis=0)[:2], np.max(bounds, axis=0)[2:]
    (left, bottom), (right, top) = low - margin_m, high + margin_m
    return shapely.box(float(left), float(bottom), float(right), float(top))


def _sums(
    owner: NDArray[np.int64], size: NDArray[np.float64], n_areas: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Sum the sizes of each area's pieces, and their squares."""
    return (
        np.bincount(owner, weights=size, minlength=n_areas).astype(float),
        np.bincount(owner, weights=size * size, minlength=n_areas).astype(float),
    )


def _people(discs: Discs, land: NDArray[Any], residents: gpd.GeoDataFrame) -> NDArray[np.float64]:
    """Count the residents of each piece."""
    people = residents["residents"].to_numpy(float)
    piece, homes = on_land(residents.geometry.to_numpy(), land)
    housed = (piece >= 0) & (people > 0)
    homes, people = homes[housed], people[housed]
    lived = np.zeros(len(discs.shape))
    if not len(homes):
        return lived
    tree = shapely.STRtree(homes)
    # pairs are held in memory for so many pieces at a time
    for low in range(0, len(lived), _BLOCK):
        some = discs.shape[low : low + _BLOCK]
        which, home = tree.query(some, predicate="intersects")
        lived[low : low + len(some)] = np.bincount(which, weights=people[home], minlength=len(some))
    return lived


def _home_piece(areas: gpd.GeoDataFrame, land: NDArray[Any]) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Find the piece that holds most of each area's land, and how much of it; -1 and NaN where none does."""
    shapes = areas.geometry.to_numpy()
    best, share = np.full(len(shapes), -1, np.int64), np.full(len(shapes), np.nan)
    rows, pieces, common_m2 = [np.empty(0, np.int64)], [np.empty(0, np.int64)], [np.empty(0)]
    # areas of a size are held against squares of land that hold them whole
    box = shapely.bounds(shapes)
    span = np.ceil(np.nan_to_num(box[:, 2:] - box[:, :2]).max(axis=1, initial=0.0) / CELL_M) * CELL_M
    for margin in np.unique(span):
        own = np.flatnonzero(span == margin)
        for at, number, there in cells(land, (box[own, :2] + box[own, 2:]) / 2, float(margin)):
            area, near = shapely.STRtree(there).query(shapes[own[at]], predicate="intersects")
            rows.append(own[at[area]])
            pieces.append(number[near])
            common_m2.append(shapely.area(shapely.intersection(shapes[own[at[area]]], there[near])))
    area, piece, common = np.concatenate(rows), np.concatenate(pieces), np.concatenate(common_m2)
    total = np.bincount(area, weights=common, minlength=len(shapes))
    order = np.lexsort((piece, -common, area))
    first = order[np.unique(area[order], return_index=True)[1]]
    first = first[common[first] > 0]
    best[area[first]] = piece[first]
    share[area[first]] = common[first] / total[area[first]]
    return best, share


def _picked(values: NDArray[np.float64], piece: NDArray[np.int64]) -> NDArray[np.float64]:
    """Take the value of each area's piece, NaN where it has none."""
    return np.asarray(np.r_[values, np.nan][piece])
