"""The walks public transport is measured with at the homes of a study: where homes, stops and places hang."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from bykobling.transit import transit_network, transit_opportunities, transit_travel_time
from bykobling.transit.search import JourneyEnds

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

    from bykobling._types import Progress
    from bykobling.barriers import Openings
    from bykobling.network import Links, Snap
    from bykobling.study.inputs import Inputs
    from bykobling.study.stands import Stands
    from bykobling.study.timetables import DayService
    from bykobling.study.transit_settings import TransitSource
    from bykobling.transit import TransitNetwork
    from bykobling.transit.ends import Rows

QUARTILES = (25.0, 50.0, 75.0)


@dataclass(frozen=True, eq=False)
class TransitWalks:
    """A timetable hung on streets, and the homes and places of a study with it.

    Parameters
    ----------
    transit : TransitNetwork
        Streets and timetable.
    source : TransitSource
        Window, cut-offs, limits.
    living : GeoDataFrame
        O stands in the areas.
    homes : Snap
        Where they hang.
    ends : Links
        D places that are counted: where people live, then the destinations.
    weights : array of float (D, 2)
        Residents and places at each.
    places : Links or None
        The places the study names.
    """

    transit: TransitNetwork
    source: TransitSource
    living: gpd.GeoDataFrame
    homes: Snap
    ends: Links
    weights: NDArray[np.float64]
    places: Links | None

    @property
    def within(self) -> TransitNetwork:
        """The network, with nothing looked for that is reached later than at the last cut-off: that does not count."""
        limits, longest = self.source.limits, float(max(self.source.cutoffs_min))
        limits = dataclasses.replace(
            limits, max_trip_min=longest, max_walk_min=min(limits.max_walk_min, longest)
        )  # fmt: skip
        return dataclasses.replace(self.transit, settings=limits)

    @cached_property
    def access(self) -> Rows:
        """Stops each home is near, and the seconds until one may board there; cached as `egress` is."""
        return JourneyEnds(self.transit, backward=False).near(self.homes)

    @cached_property
    def egress(self) -> Rows:
        """Stops each counted place is near; cached, since it is compared with that of many proposals."""
        return JourneyEnds(self.transit, backward=False).far(self.ends)

    @cached_property
    def place_egress(self) -> Rows:
        """The same of the named places."""
        return JourneyEnds(self.transit, backward=False).far(self.places)

    def reach(self, rows: NDArray[Any], progress: Progress | None = None) -> NDArray[np.float64]:
        """Add up the residents and places within reach at the median departure, in one search.

        Parameters
        ----------
        rows : array of int or bool
            Which homes.
        progress : callable, optional
            ``progress(done, total, message)``.

        Returns
        -------
        array of float64 (rows, C, 2)
        """
        return transit_opportunities(
            self.within,
            self.homes.take(rows),
            self.ends,
            self.weights,
            cutoffs_min=self.source.cutoffs_min,
            window=self.source.window,
            progress=progress,
        )

    def minutes(self, rows: NDArray[Any], progress: Progress | None = None) -> NDArray[np.float64]:
        """Find the minutes to the named places: the quartiles of the departures.

        Parameters
        ----------
        rows : array of int or bool
            Which homes.
        progress : callable, optional
            ``progress(done, total, message)``.

        Returns
        -------
        array of float64 (rows, P, 3)
        """
        if self.places is None:
            raise ValueError("this study names no places")
        found = transit_travel_time(
            self.transit, self.homes.take(rows), self.places,
            window=self.source.window, percentiles=QUARTILES, progress=progress,
        )  # fmt: skip
        return found.minutes.astype(np.float64)


def walks_of(
    source: TransitSource, inputs: Inputs, day: DayService, stands: Stands, *, walking: Openings
) -> TransitWalks:  # fmt: skip
    """Hang the timetable, homes and places of a study on its streets.

    Parameters
    ----------
    source : TransitSource
        Window, cut-offs, limits.
    inputs : Inputs
        Destinations and named places.
    day : DayService
        The timetable.
    stands : Stands
        Homes, those outside every area too: they are whom one can reach.
    walking : Openings
        Streets on foot, with their walls.

    Returns
    -------
    TransitWalks
    """
    network, walls = walking.network, walking.walls
    people, places = stands.points, inputs.destinations
    living = people[people["area_id"].notna().to_numpy(bool)]
    shapes = np.concatenate([people.geometry.to_numpy(), places.geometry.to_numpy()])
    weights = np.zeros((len(shapes), 2))
    weights[: len(people), 0] = people["residents"]
    weights[len(people) :, 1] = 1.0
    named: Any = inputs.places
    return TransitWalks(
        transit=transit_network(network, day.timetable, settings=source.limits),
        source=source,
        living=living,
        homes=network.snap(living.geometry, walls=walls),
        ends=network.snap_edges(shapes, walls=walls),
        weights=weights,
        places=None if named is None else network.snap_edges(named.geometry, walls=walls),
    )
