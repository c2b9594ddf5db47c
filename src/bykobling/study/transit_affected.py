"""Whose journeys by public transport a change of streets can touch, and public transport after it.

The timetable is as before, so a journey is another one only where it begins, changes or ends with another walk, or
where somebody walks all the way. Who walks to all stops as before is searched again only where a change between stops,
or a walk from a stop, that is another one can be come to in time (`bykobling.transit.bounds`), and of walks from stops
only where they move something over a cut-off. All others keep their numbers to the last bit.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from bykobling.accessibility.access_index import PTAL_RULES
from bykobling.accessibility.lines import ROUNDING_M, in_metres
from bykobling.network import Links
from bykobling.network.within import within_reach
from bykobling.study.changed_ways import MOST_PLACES, ChangedWays, Side, changed_ways, moved_links
from bykobling.study.run import transit_of
from bykobling.study.steps import parted
from bykobling.study.transit import (
    NEAR_M,
    notes_of,
    parts_of,
    reach_table,
    stands_table,
    times_of_areas,
    to_station,
    within_a_walk,
)
from bykobling.study.transit_closer import Closer
from bykobling.study.transit_walks import walks_of
from bykobling.study.walked_again import other_from_moved, walks_to
from bykobling.transit.bounds import least_seconds
from bykobling.transit.ends import access_rows
from bykobling.transit.rows import differing

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from bykobling._types import Progress
    from bykobling.barriers import Openings
    from bykobling.scenario import Scenario
    from bykobling.study.inputs import Inputs
    from bykobling.study.model import Study
    from bykobling.study.prepare import Prepared
    from bykobling.study.stands import Stands
    from bykobling.study.timetables import DayService
    from bykobling.study.transit import TransitTables
    from bykobling.study.transit_walks import TransitWalks


def transit_with(
    study: Study,
    ready: Prepared,
    before: TransitTables | None,
    scenario: Scenario,
    *,
    walking: Openings,
    progress: Progress,
) -> TransitTables | None:
    """Measure public transport with a proposal: whole where it changes the timetable, else where its streets matter.

    Parameters
    ----------
    study : Study
        Window, cut-offs, limits.
    ready : Prepared
        Homes, places, the streets of before.
    before : TransitTables or None
        As things are.
    scenario : Scenario
        The proposal.
    walking : Openings
        Streets on foot with it.
    progress : callable
        ``progress(done, total, message)``.

    Returns
    -------
    TransitTables or None
        `before` itself where no number of it is another.
    """
    day = ready.inputs.day
    if scenario.changes_timetable:
        if day is not None:
            timetable = scenario.apply_timetable(day.timetable, crs=walking.network.crs)
            day = dataclasses.replace(day, timetable=timetable)
        return transit_of(study, ready, walking, day=day, progress=progress)
    if before is None or day is None or ready.stands is None or walking.network is ready.walking.network:
        return before
    return transit_after(before, ready.inputs, day, ready.stands, walking=walking, progress=progress)


def search_record(before: TransitTables, after: TransitTables | None) -> dict[str, int]:
    """Tell for the provenance from how many homes public transport was searched again.

    Parameters
    ----------
    before, after : TransitTables
        Without and with a proposal.

    Returns
    -------
    dict
        ``homes``: stands of the areas; ``searched``: those searched again.
    """
    homes = 0 if before.walks is None else len(before.walks.homes)
    if after is None or after is before:
        return {"homes": homes, "searched": 0}
    return {"homes": homes, "searched": int(after.run.get("homes_searched", homes))}


def transit_after(
    before: TransitTables,
    inputs: Inputs,
    day: DayService,
    stands: Stands,
    *,
    walking: Openings,
    progress: Progress,
) -> TransitTables:
    """Measure public transport after a change of streets: what cannot have changed is taken from before.

    Parameters
    ----------
    before : TransitTables
        As things are, with its walks, and the timetable of `day`.
    inputs : Inputs
        Areas and places.
    day : DayService
        The same timetable.
    stands : Stands
        The same homes.
    walking : Openings
        The changed streets.
    progress : callable
        ``progress(done, total, message)``.

    Returns
    -------
    TransitTables
        `before` itself where no number of it is another. Its `run` tells how many homes were searched again.
    """
    was = before.walks
    if was is None:
        raise ValueError("these tables were measured without keeping their walks")
    now = walks_of(was.source, inputs, day, stands, walking=walking)
    touched = Touched(was, now)
    look, first, second = parted(progress, 3)
    near, reach = touched.nearby, touched.reach(look)
    minutes = touched.minutes
    searched, count = int((reach | minutes).sum()), len(reach)
    near_table, reached = (part.copy() for part in parts_of(before.stands, now.living.index))
    if near.any():
        near_table.loc[near] = within_a_walk(now, near)
    if reach.any():
        found = now.reach(reach, _telling(first, int(reach.sum()), count))
        reached.loc[reach] = reach_table(now.source, found, now.living.index[reach])
    station = to_station(now)
    table = stands_table(near_table, station, reached, before.stands.index)
    times, to_places = before.travel_times, before.minutes
    as_before = table.equals(before.stands)
    if before.travel_times is not None and to_places is not None:
        if minutes.any():
            to_places = to_places.copy()
            to_places[minutes] = now.minutes(minutes, _telling(second, int(minutes.sum()), count))
        times = times_of_areas(now, to_places, inputs)
        as_before &= times.equals(before.travel_times)
    notes = notes_of(day, now.transit, station="walk_to_station_m" in station)
    if as_before and notes == before.notes:
        return before
    return dataclasses.replace(
        before,
        stands=table,
        travel_times=times,
        notes=notes,
        run=before.run | {"homes_searched": searched},
        # not kept: of many proposals they would be many networks
        walks=None,
        minutes=to_places,
    )


def _telling(progress: Progress, some: int, count: int) -> Progress:
    """Say of how many homes the search goes on."""

    def tell(done: int, total: int, message: str) -> None:
        progress(done, total, f"{message}, {some:,} of {count:,} homes")

    return tell


@dataclass(frozen=True, eq=False)
class Touched:
    """Which homes can have another number.

    Parameters
    ----------
    was, now : TransitWalks
        Before and after: the same timetable, homes and places.
    """

    was: TransitWalks
    now: TransitWalks

    @cached_property
    def ways(self) -> ChangedWays:
        """What may be another way from home to what is counted."""
        return changed_ways(*(Side(one.transit.network, one.homes, one.ends) for one in (self.was, self.now)))

    @cached_property
    def to_stops(self) -> ChangedWays:
        """What may be another way from home to a stop."""
        return self._to([Links.from_snap(one.transit.links) for one in (self.was, self.now)])

    def _to(self, links: list[Links]) -> ChangedWays:
        """Tell the same of ways that lead elsewhere."""
        sides = [dataclasses.replace(each, links=other) for each, other in zip(self.sides, links, strict=True)]
        moved = moved_links(sides[0].network, links[0], sides[1].network, links[1])
        return dataclasses.replace(self.ways, before=sides[0], after=sides[1], moved_links=moved)

    @property
    def sides(self) -> tuple[Side, Side]:
        """The streets before and after."""
        return self.ways.before, self.ways.after

    @cached_property
    def nearby(self) -> NDArray[np.bool_]:
        """Homes within the walk, in metres, to where something changed: what leaves near them may be something else."""
        ways, limit_m = self.to_stops, max(NEAR_M, *(rule.walk_m for rule in PTAL_RULES.values())) + ROUNDING_M
        found = ways.moved_origins.copy()
        if ways.none:
            return found
        for one, side in zip((self.was, self.now), (ways.before, ways.after), strict=True):
            metric, doors = in_metres(one.transit, one.homes)
            limit_s = limit_m / metric.profile.speed_m_s
            found |= within_reach(metric, doors, ways.ends, limit_s)
            found |= ways.near_moved(metric, doors, side.links, limit_s)
        return found

    @cached_property
    def access(self) -> NDArray[np.bool_]:
        """Homes with another walk to a stop."""
        ways, limit_s = self.to_stops, self.was.source.limits.max_access_min * 60
        found = np.asarray(self.was.homes.linked != self.now.homes.linked)
        rows = np.flatnonzero(ways.other_ways(limit_s) | ways.near_moved_links(limit_s))
        if len(rows):
            tables = [access_rows(one.transit, one.homes.take(rows)) for one in (self.was, self.now)]
            found[rows[differing(tables[0], tables[1])[0]]] = True
        return found

    @cached_property
    def change_s(self) -> NDArray[np.float64]:
        """Seconds of the least change from each stop that is another one; inf without one."""
        tables = [(one.transit.walk_ptr, one.transit.walk_to, one.transit.walk_s) for one in (self.was, self.now)]
        start, _, seconds = differing(tables[0], tables[1])
        return self._least(start, seconds)

    def reach(self, progress: Progress) -> NDArray[np.bool_]:
        """Tell who may reach more or less at the median departure.

        Parameters
        ----------
        progress : callable
            ``progress(done, total, message)``.

        Returns
        -------
        array of bool (O,)
        """
        cutoffs_s = np.asarray(self.was.source.cutoffs_min) * 60.0
        longest_s, walk_s = float(cutoffs_s.max()), self.was.within.settings.max_walk_min * 60

        def grade(seconds: NDArray[np.float64]) -> NDArray[np.int64]:
            return np.searchsorted(np.sort(cutoffs_s), seconds)

        found = self.access | self._comes_to(self.change_s, longest_s)
        if found.all():
            return found
        found |= other_from_moved(self.ways, walk_s, grade)
        counts: NDArray[np.bool_] = np.asarray(self.was.weights.any(axis=1))
        many, walked = self.ways.may_cross([min(walk_s, float(one)) for one in cutoffs_s])
        found |= many
        moved = self.ways.moved_links & counts
        if moved.sum() > MOST_PLACES:
            found |= self.ways.near_moved_links(walk_s)
            moved[:] = False
        walked_to = np.flatnonzero((walked & counts) | moved)
        walks_s = walks_to(self.ways, walked_to, walk_s)
        place, stop, seconds = differing(self.was.egress, self.now.egress)
        counted = counts[place]
        maybe = self._comes_to(self._least(stop[counted], seconds[counted]), longest_s)
        maybe |= (grade(walks_s[0]) != grade(walks_s[1])).any(axis=1)
        rows = np.flatnonzero(maybe & ~found)
        if len(rows):
            closer = Closer(self.was, self.now, egress=np.unique(place[counted]), walked=walked_to, walks_s=walks_s)
            found[closer.touched(rows, progress)] = True
        return found

    @cached_property
    def minutes(self) -> NDArray[np.bool_]:
        """Homes that may take another time to a named place."""
        was, now = self.was.places, self.now.places
        if was is None or now is None:
            return np.zeros(len(self.was.homes), bool)
        limits = self.was.source.limits
        ways, walk_s = self._to([was, now]), limits.max_walk_min * 60
        found = self.access.copy()
        if (ways.other_ways(walk_s) | ways.near_moved_links(walk_s)).any():
            was_s, now_s = walks_to(ways, np.arange(len(was)), walk_s)
            found |= (was_s != now_s).any(axis=1)
        _, stop, seconds = differing(self.was.place_egress, self.now.place_egress)
        begin_s = np.minimum(self.change_s, self._least(stop, seconds))
        return found | self._comes_to(begin_s, limits.max_trip_min * 60)

    def _least(self, stop: NDArray[np.int64], seconds: NDArray[np.int32]) -> NDArray[np.float64]:
        """Take the least seconds at each stop."""
        least = np.full(self.was.transit.timetable.stop_count, np.inf)
        np.minimum.at(least, stop, seconds.astype(np.float64))
        return least

    def _comes_to(self, begin_s: NDArray[np.float64], most_s: float) -> NDArray[np.bool_]:
        """Tell who, walking to stops as before, can have walked on from a stop within a time, for all we know."""
        found = np.zeros(len(self.was.homes), bool)
        if not np.isfinite(begin_s).any():
            return found
        transit, window = self.now.transit, self.now.source.window
        first_s = transit.timetable.seconds_at(window.first)
        last_s = first_s + (window.count - 1) * window.every_s + most_s
        walks = transit.walk_ptr, transit.walk_to, transit.walk_s
        left_s = least_seconds(transit.timetable, walks, begin_s, first_s=first_s, last_s=last_s)
        pointer, stop, seconds = self.was.access
        row = np.repeat(np.arange(len(found)), np.diff(pointer))
        found[row[seconds + left_s[stop] <= most_s]] = True
        return found
