"""What the best connections change besides reach: the walk to a station, and the ways out of areas.

Each is built alone as an assessment builds it, and measured by the same functions at the same places, so that both tell
the same of one connection.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely

from bykobling.accessibility import station_walk
from bykobling.results import Note
from bykobling.scenario import AddCrossing, AddLink, Scenario
from bykobling.severance import independent_entries
from bykobling.study.affected import hang_alike, same_streets
from bykobling.study.assess_state import differs
from bykobling.study.assess_tables import comparable, mean_minutes
from bykobling.study.profile import RADII_M
from bykobling.transit import transit_network
from bykobling.transit.network import stops_on

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

    from bykobling._types import Progress
    from bykobling.network import Network
    from bykobling.study.model import Study
    from bykobling.study.prepare import Prepared
    from bykobling.transit import TransitNetwork

STATION = ("station_before_min", "station_after_min", "station_saved_min")
ENTRIES = tuple(f"entries_{radius_m:g}m_change" for radius_m in RADII_M)
ENTRY_COLUMNS = ("link_id", "area_id", "area", "group", "ring_m", "before", "after", "change")


@dataclass(frozen=True)
class FoundWays:
    """What some connections change, each built alone.

    Parameters
    ----------
    links : DataFrame
        Index ``link_id``; `STATION` and `ENTRIES`, NaN where missing.
    entries : DataFrame
        As `FoundLinks.entries`.
    notes : tuple of Note
        What is missing.
    """

    links: pd.DataFrame
    entries: pd.DataFrame
    notes: tuple[Note, ...]


def found_ways(
    study: Study, ready: Prepared, links: gpd.GeoDataFrame, *, progress: Progress | None = None
) -> FoundWays:
    """Measure the walk to a station and the ways out of areas with each connection.

    Parameters
    ----------
    study : Study
        Speed on foot, limits of a journey.
    ready : Prepared
        Streets on foot, homes, areas, timetable.
    links : GeoDataFrame
        Some ten connections: lines with ``kind`` and ``delay_s``, index ``link_id``.
    progress : callable, optional
        ``progress(done, total, message)``.

    Returns
    -------
    FoundWays
        Of residents of the areas, at the stretches of street a profile is measured at.
    """
    table = pd.DataFrame(np.nan, index=links.index, columns=[*STATION, *ENTRIES])
    if ready.stands is None:
        text = "The profile is not measured, so the walk to a station and the ways out of areas are missing."
        return FoundWays(
            table, pd.DataFrame(columns=list(ENTRY_COLUMNS)), (Note("missing", text, (*STATION, *ENTRIES)),)
        )
    living = ready.stands.points[ready.stands.points["area_id"].notna()]
    station, ways_out = _Station.of(study, ready, living), _WaysOut(ready, living)
    parts = []
    for number, (link_id, row) in enumerate(links.iterrows()):
        network = _built(ready, row)
        if station.known:
            table.loc[link_id, list(STATION)] = station.minutes(network)
        changed, table.loc[link_id, list(ENTRIES)] = ways_out.changed(network, row.geometry)
        parts.append(changed.assign(link_id=link_id))
        if progress is not None:
            progress(number + 1, len(links), "ways out")
    entries = pd.concat([part for part in parts if len(part)] or [_no_entries()], ignore_index=True)
    return FoundWays(table, entries.reindex(columns=list(ENTRY_COLUMNS)), (*station.notes, *ways_out.notes))


def _built(ready: Prepared, row: pd.Series[Any]) -> Network:
    """Build one connection, as drawn from its row, into the streets on foot."""
    if row["kind"] == "crossing":
        change: Any = AddCrossing(row.geometry, delay_s=float(row["delay_s"]))
    else:
        change = AddLink(row.geometry, kind=row["kind"], delay_s=float(row["delay_s"]))
    before = ready.walking.network
    # what cannot be built on foot, such as a gap in cycle tracks alone, changes nothing there
    return same_streets(before, Scenario((change,)).apply(before, barriers=ready.barriers, faults=[]))


@dataclass(frozen=True)
class _Station:
    """The walk to a station as it is, and what it takes to measure it again."""

    ready: Prepared
    living: gpd.GeoDataFrame
    walk_m_s: float
    transit: TransitNetwork | None = None
    before: NDArray[np.float64] | None = None
    notes: tuple[Note, ...] = ()

    @classmethod
    def of(cls, study: Study, ready: Prepared, living: gpd.GeoDataFrame) -> _Station:
        walk_m_s, day = study.walk.profile.speed_m_s, ready.inputs.day
        if study.transit is None or day is None:
            text = "No timetable was given, so minutes to a station are missing."
            return cls(ready, living, walk_m_s, notes=(Note("missing", text, STATION),))
        transit = transit_network(ready.walking.network, day.timetable, settings=study.transit.limits)
        before = _walk_min(ready, living, transit, walk_m_s)
        if np.isnan(before).all():
            text = "No train or metro calls in the timetable on that day, so there is no station to walk to."
            return cls(ready, living, walk_m_s, notes=(Note("missing", text, STATION),))
        return cls(ready, living, walk_m_s, transit, before)

    @property
    def known(self) -> bool:
        """Whether there is a station."""
        return self.before is not None

    def minutes(self, network: Network) -> tuple[float, float, float]:
        """Average the minutes before, after and saved over the residents of the areas, as an assessment does."""
        if self.transit is None or self.before is None:
            return (np.nan, np.nan, np.nan)
        links = stops_on(network, self.transit.timetable, self.transit.settings)
        # how one changes between stops is not asked for, so it is not worked out anew
        changed = dataclasses.replace(self.transit, network=network, links=links)
        after = _walk_min(self.ready, self.living, changed, self.walk_m_s)
        people = np.where(comparable(self.before, after), self.living["residents"].to_numpy(float), 0.0)
        return mean_minutes(self.before, after, people)


def _walk_min(
    ready: Prepared, living: gpd.GeoDataFrame, transit: TransitNetwork, walk_m_s: float
) -> NDArray[np.float64]:
    """Measure the minutes to a station from each stretch of street."""
    homes = transit.network.snap(living.geometry, walls=ready.walking.walls)
    metres = station_walk(transit, living, snapped=homes)["walk_to_station_m"].to_numpy(float)
    return np.asarray(metres * (1.0 / (60.0 * walk_m_s)))


def _no_entries() -> pd.DataFrame:
    return pd.DataFrame(columns=list(ENTRY_COLUMNS[1:]))


@dataclass(frozen=True)
class _WaysOut:
    """The ways out of areas as they are, each measured once, and with a connection."""

    ready: Prepared
    living: gpd.GeoDataFrame
    known: dict[object, NDArray[np.float64]] = field(default_factory=dict)

    @property
    def notes(self) -> tuple[Note, ...]:
        """Say of how many areas the ways out are not known."""
        unknown = sum(bool(np.isnan(each).any()) for each in self.known.values())
        if not unknown:
            return ()
        text = (
            f"Of {unknown} of the {len(self.known)} areas near the best connections the ways out are not known: "
            "the land around them is not wholly inside the extract, or nobody in them lives on a street."
        )
        return (Note("missing", text, ENTRIES),)

    def changed(self, network: Network, line: shapely.LineString) -> tuple[pd.DataFrame, list[float]]:
        """Compare the ways out of the areas a connection can matter to.

        Returns the areas where they differ, and the sum of the change in each ring: NaN where no area there is known.
        """
        walking, areas = self.ready.walking, self.ready.inputs.areas
        nothing = _no_entries(), [0.0] * len(RADII_M)
        if network is walking.network:
            return nothing
        near = shapely.dwithin(areas.geometry.to_numpy(), line, max(RADII_M))
        if not hang_alike(walking.network, network):
            # a fragment that is joined has homes, wherever they are
            near[:] = True
        some = areas[near]
        if not len(some):
            return nothing
        was, now = self._before(some), self._measured(network, some)
        change = now - was
        sums = np.where(np.isnan(change).all(axis=0), np.nan, np.nansum(change, axis=0))
        parts = []
        for at, radius_m in enumerate(RADII_M):
            rows = np.flatnonzero(differs(was[:, at], now[:, at]))
            area, first, last = some.iloc[rows], was[rows, at], now[rows, at]
            columns = {
                "area_id": area.index.to_numpy(object), "area": area["name"].to_numpy(object),
                "group": area["group"].to_numpy(object), "ring_m": radius_m, "before": first, "after": last,
                "change": last - first,
            }  # fmt: skip
            parts.append(pd.DataFrame(columns))
        return pd.concat(parts, ignore_index=True), sums.tolist()

    def _before(self, some: gpd.GeoDataFrame) -> NDArray[np.float64]:
        """Take what is known, and measure the rest."""
        new = some[~some.index.isin(list(self.known))]
        if len(new):
            self.known.update(zip(new.index, self._measured(self.ready.walking.network, new), strict=True))
        return np.array([self.known[area_id] for area_id in some.index])

    def _measured(self, network: Network, some: gpd.GeoDataFrame) -> NDArray[np.float64]:
        """Count the ways out of some areas, a column a ring."""
        found = independent_entries(
            network, some,
            ring_m=RADII_M, residents=self.living[self.living["area_id"].isin(some.index)],
            walls=self.ready.walking.walls, extent=self.ready.inputs.extract.extent,
        )  # fmt: skip
        return found.areas[[f"independent_entries_{radius_m:g}m" for radius_m in RADII_M]].to_numpy(float)
