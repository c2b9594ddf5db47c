"""What counts as a barrier: one frozen table of choices a study may change."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

LAND_SUBKINDS: tuple[str, ...] = (
    "brownfield", "greenfield", "construction", "industrial", "railway", "military", "port", "harbour", "quarry",
    "landfill", "farmland", "allotments", "cemetery", "aerodrome",
)  # fmt: skip


@dataclass(frozen=True)
class BarrierRules:
    """Which features sever, and how wide they are.

    Parameters
    ----------
    road_classes : tuple of str
        OSM highway classes that always sever (their ``_link`` ramps with them).
    secondary_min_lanes, secondary_min_maxspeed_kmh : float
        A secondary road severs from this many lanes, or from this speed limit.
    railway_classes : tuple of str
        OSM railway values that sever. Trams are left out even on a track of their own: in Helsinki, where they run
        in the middle of streets people cross everywhere, they made barriers nobody would call so. Add ``"tram"``
        where tracks are fenced.
    land_subkinds : tuple of str
        Land uses taken for closed or unbuilt.
    min_land_area_m2, min_water_area_m2 : float
        Smaller pieces are passed round, and left out.
    track_half_width_m : float
        Half the strip one railway track closes.
    join_m : float
        Railway tracks and carriageways nearer than this are one strip and close what is between them.
    same_name_m : float
        Features of one name nearer than this are one barrier: a road that dives into a short tunnel is still one.
    """

    road_classes: tuple[str, ...] = ("motorway", "trunk", "primary")
    secondary_min_lanes: float = 4.0
    secondary_min_maxspeed_kmh: float = 60.0
    railway_classes: tuple[str, ...] = ("rail", "light_rail", "subway", "narrow_gauge")
    land_subkinds: tuple[str, ...] = LAND_SUBKINDS
    min_land_area_m2: float = 10_000.0
    min_water_area_m2: float = 2_000.0
    track_half_width_m: float = 4.0
    join_m: float = 30.0
    same_name_m: float = 250.0


def is_barrier_road(streets: gpd.GeoDataFrame, *, rules: BarrierRules, column: str = "highway") -> NDArray[np.bool_]:
    """Tell which streets are big roads under the rules.

    Parameters
    ----------
    streets : GeoDataFrame
        With ``highway`` (or `column`), ``lanes``, ``maxspeed_kmh``.
    rules : BarrierRules
        Classes and thresholds.
    column : str, optional
        Column that holds the road class.

    Returns
    -------
    array of bool, shape (n,)
        True where the road severs.
    """
    road_class = streets[column].fillna("").str.removesuffix("_link")
    always = road_class.isin(rules.road_classes).to_numpy(bool)
    secondary = (road_class == "secondary").to_numpy(bool)
    wide = streets["lanes"].to_numpy(float) >= rules.secondary_min_lanes
    fast = streets["maxspeed_kmh"].to_numpy(float) >= rules.secondary_min_maxspeed_kmh
    return np.asarray(always | (secondary & (wide | fast)))
