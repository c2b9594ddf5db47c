"""Homes of one stretch of street, measured together: what a profile tells does not change from door to door."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from bykobling.severance.fields import by_stretch, group_means

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from bykobling.barriers import Openings

STRETCH_M = 50.0
"""Homes of one area within so many metres of street, and of depth behind it, are measured where they are on average."""


@dataclass(frozen=True)
class Stands:
    """Places that stand for homes.

    Parameters
    ----------
    points : GeoDataFrame
        ``residents`` (the sum of the homes'), ``area_id`` (None outside every area), geometry Point.
    of_home : array of int64
        Row of `points` for each home; -1 for a home that is not linked to a street.
    """

    points: gpd.GeoDataFrame
    of_home: NDArray[np.int64]

    def to_homes(self, values: pd.DataFrame) -> pd.DataFrame:
        """Give every home the values of its stand.

        Parameters
        ----------
        values : DataFrame
            One row a stand.

        Returns
        -------
        DataFrame
            One row a home, numbered from 0; NaN where the home has no stand.
        """
        return values.set_axis(range(len(values))).reindex(self.of_home).reset_index(drop=True)


def stands_for(homes: gpd.GeoDataFrame, openings: Openings) -> Stands:
    """Gather homes by area and stretch of street.

    Parameters
    ----------
    homes : GeoDataFrame
        Points with ``residents`` and ``area_id``.
    openings : Openings
        On foot, with its walls.

    Returns
    -------
    Stands
        Each where its residents live on average.
    """
    snapped = openings.network.snap(homes.geometry, walls=openings.walls)
    linked = np.flatnonzero(snapped.linked)
    area_id = homes["area_id"].to_numpy(object)
    area, _ = pd.factorize(area_id[linked])
    first, stand = by_stretch(snapped.take(linked), STRETCH_M, area)
    people = homes["residents"].to_numpy(float)[linked]
    at = shapely.get_coordinates(homes.geometry.to_numpy()[linked])
    # where nobody lives all homes weigh alike
    _, x, y = group_means(stand, np.maximum(people, 1e-9), *at.T)
    points = gpd.GeoDataFrame(
        {
            "residents": np.bincount(stand, weights=people, minlength=len(first)),
            "area_id": area_id[linked][first],
        },
        geometry=shapely.points(x, y),
        crs=homes.crs,
    )
    of_home = np.full(len(homes), -1, np.int64)
    of_home[linked] = stand
    return Stands(points, of_home)
