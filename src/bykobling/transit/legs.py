"""The legs of a journey: on foot along the streets, or by one vehicle."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
import shapely

from bykobling.network.paths import travel_time_matrix
from bykobling.network.route import shortest_path
from bykobling.transit.network import whole_seconds

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from bykobling.network.snapping import Snap
    from bykobling.transit.network import TransitNetwork
    from bykobling.transit.rides import Ride, Service

DESTINATION = "the destination"


@dataclass(frozen=True)
class Leg:
    """One part of a journey; times are seconds of the timetable.

    Parameters
    ----------
    kind : {"walk", "ride"}
        On foot or on board.
    start, end : str
        Names of the stops; ``"the origin"``, ``"the destination"``.
    depart_s, arrive_s : int
        When it begins and ends.
    wait_s : int
        Seconds spent at the stop before a ride.
    mode : str
        ``"walk"``, ``"bus"``, ``"tram"``, ...
    routes : tuple of str
        Name of the line, and of those the vehicle goes on as while one stays seated; none on foot.
    stops : int
        Stops ridden, the one where one gets off included.
    assumed : bool
        Whether no timetable promises the time: departures laid out at a headway.
    geometry : LineString
        Along the streets on foot (straight where the feed tells of a way that is none of them), straight from stop
        to stop on board.
    """

    kind: Literal["walk", "ride"]
    start: str
    end: str
    depart_s: int
    arrive_s: int
    wait_s: int
    mode: str
    routes: tuple[str, ...]
    stops: int
    assumed: bool
    geometry: shapely.LineString

    @property
    def length_m(self) -> float:
        """Metres of the line."""
        return float(self.geometry.length)


@dataclass(frozen=True, eq=False)
class Ends:
    """The two places of a journey: points (arrays of one), and where they hang on the streets."""

    origin: NDArray[np.object_]
    destination: NDArray[np.object_]
    origin_at: Snap
    destination_at: Snap


class LegMaker:
    """Makes legs of one transit network.

    Parameters
    ----------
    transit : TransitNetwork
        Streets and timetable.
    service : Service
        Numbers the calls.
    ends : Ends
        Origin and destination.
    """

    def __init__(self, transit: TransitNetwork, service: Service, ends: Ends) -> None:
        import geopandas as gpd  # noqa: PLC0415 - projects the stops alone

        timetable = transit.timetable
        stops = timetable.stops
        self.transit, self.service, self.ends = transit, service, ends
        self.point = _projected(gpd, stops["lon"], stops["lat"], transit)
        self.link_point = _projected(gpd, timetable.link_lon, timetable.link_lat, transit)
        self.name = np.where(stops["stop_name"] != "", stops["stop_name"], stops["stop_id"])
        self.stop_id = stops["stop_id"].to_numpy()

    def on_foot(self, depart_s: int, seconds: int) -> tuple[Leg, ...]:
        """Walk all the way.

        Parameters
        ----------
        depart_s, seconds : int
            When, and how long.

        Returns
        -------
        tuple of Leg
            One.
        """
        ends = self.ends
        line = _line(ends.origin, self._streets(ends.origin_at, ends.destination_at), ends.destination)
        return (_walk("the origin", DESTINATION, depart_s, seconds, line),)

    def by_rides(self, rides: list[Ride], depart_s: int, access_s: int, egress_s: int) -> tuple[Leg, ...]:
        """Lay out walks and rides.

        Parameters
        ----------
        rides : list of Ride
            At least one.
        depart_s : int
            When one leaves.
        access_s, egress_s : int
            Seconds to the first stop and from the last.

        Returns
        -------
        tuple of Leg
            A walk of no length between vehicles at one stop is left out.
        """
        stop = self.service.trips.stop
        first, last = int(stop[rides[0].pieces[0][0]]), int(stop[rides[-1].pieces[-1][1]])
        legs = [_walk("the origin", self.name[first], depart_s, access_s, self._access(first))]
        for ride in rides:
            if ride.change >= 0:
                legs += self._change(ride.change, legs[-1].arrive_s)
            legs.append(self._ride(ride, legs[-1].arrive_s))
        legs.append(_walk(self.name[last], DESTINATION, legs[-1].arrive_s, egress_s, self._egress(last)))
        return tuple(legs)

    def _ride(self, ride: Ride, there_s: int) -> Leg:
        """Ride from call to call, staying seated where the vehicle goes on as another trip."""
        trips, routes = self.service.trips, self.transit.timetable.routes
        calls = np.concatenate([np.arange(board, off + 1) for board, off in ride.pieces])
        names = [_route_name(routes.iloc[int(trips.route[self.service.trip[board]])]) for board, _ in ride.pieces]
        trip = self.service.trip[[board for board, _ in ride.pieces]]
        depart_s = int(trips.departure_s[calls[0]])
        return Leg(
            kind="ride",
            start=str(self.name[trips.stop[calls[0]]]),
            end=str(self.name[trips.stop[calls[-1]]]),
            depart_s=depart_s,
            arrive_s=int(trips.arrival_s[calls[-1]]),
            wait_s=depart_s - there_s,
            mode=str(routes["mode"].iloc[int(trips.route[trip[0]])]),
            routes=tuple(dict.fromkeys(names)),
            stops=sum(off - board for board, off in ride.pieces),
            assumed=bool(trips.headway_based[trip].any()),
            geometry=_line(self.point[trips.stop[calls]]),
        )

    def _change(self, change: int, depart_s: int) -> list[Leg]:
        """Walk between two stops; nothing at one and the same."""
        service = self.service
        start, end = int(service.change_from[change]), int(service.change_to[change])
        if self.stop_id[start] == self.stop_id[end]:
            return []
        transit = self.transit
        out, into = self._links(start), self._links(end)
        line = _line(self.point[[start, end]])
        if len(out) and len(into):
            seconds = travel_time_matrix(transit.network, transit.links.take(out), transit.links.take(into))
            total = seconds + transit.timetable.link_out_s[out][:, None] + transit.timetable.link_in_s[into]
            row, column = np.unravel_index(np.argmin(total), total.shape)
            ready_s = total[row, column] + transit.settings.board_slack_s
            # else the feed tells of another way
            if np.isfinite(ready_s) and whole_seconds(np.array([ready_s]))[0] == service.change_s[change]:
                a, b = out[row], into[column]
                path = self._streets(transit.links.take([a]), transit.links.take([b]))
                line = _line(self.point[[start]], self.link_point[[a]], path, self.link_point[[b]], self.point[[end]])
        return [_walk(self.name[start], self.name[end], depart_s, int(service.change_foot_s[change]), line)]

    def _access(self, stop: int) -> shapely.LineString:
        """Draw the way from the origin to a stop, by the entrance that is quickest."""
        transit, links = self.transit, self._links(stop)
        start = self.ends.origin_at
        if len(links) > 1:
            seconds = travel_time_matrix(transit.network, start, transit.links.take(links))[0]
            links = links[[np.argmin(seconds + transit.timetable.link_in_s[links])]]
        path = self._streets(start, transit.links.take(links))
        return _line(self.ends.origin, path, self.link_point[links], self.point[[stop]])

    def _egress(self, stop: int) -> shapely.LineString:
        """Draw the way from a stop to the destination, by the entrance that is quickest."""
        transit, links = self.transit, self._links(stop)
        end = self.ends.destination_at
        if len(links) > 1:
            seconds = travel_time_matrix(transit.network, transit.links.take(links), end)[:, 0]
            links = links[[np.argmin(seconds + transit.timetable.link_out_s[links])]]
        path = self._streets(transit.links.take(links), end)
        return _line(self.point[[stop]], self.link_point[links], path, self.ends.destination)

    def _links(self, stop: int) -> NDArray[np.int64]:
        """List the ways between a stop and the streets."""
        return np.flatnonzero((self.transit.timetable.link_stop == stop) & self.transit.links.linked)

    def _streets(self, start: Snap, end: Snap) -> NDArray[np.object_]:
        """List the corners of the quickest way along the streets."""
        line = shortest_path(self.transit.network, start, end).geometry
        return np.asarray(shapely.points(shapely.get_coordinates(line)), object)


def _walk(start: str, end: str, depart_s: int, seconds: int, line: shapely.LineString) -> Leg:
    return Leg("walk", str(start), str(end), depart_s, depart_s + seconds, 0, "walk", (), 0, False, line)


def _line(*points: NDArray[np.object_]) -> shapely.LineString:
    """Join places; those that stand still are left out, but a line has two."""
    coordinates = shapely.get_coordinates(np.concatenate(points))
    moves = np.ones(len(coordinates), bool)
    moves[1:] = (coordinates[1:] != coordinates[:-1]).any(axis=1)
    coordinates = coordinates[moves]
    return shapely.LineString(coordinates if len(coordinates) > 1 else np.repeat(coordinates, 2, axis=0))


def _route_name(route: object) -> str:
    """Name a line as people do: its number, and its name in brackets."""
    short, long = str(route["short_name"]), str(route["long_name"])  # type: ignore[index]
    if short and long and short != long:
        return f"{short} ({long})"
    return short or long or str(route["route_id"])  # type: ignore[index]


def _projected(gpd: object, lon: object, lat: object, transit: TransitNetwork) -> NDArray[np.object_]:
    places = gpd.GeoSeries(gpd.points_from_xy(lon, lat), crs=4326)  # type: ignore[attr-defined]
    return np.asarray(places.to_crs(transit.network.crs).to_numpy(), object)
