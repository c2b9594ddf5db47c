"""Two trips in opposite directions, both of which lead to a third.

::

      9:40 --- O ----> 10:00 A ----> 10:05 B            up
      9:40 --- O ----> 10:04 B ----> 10:06 A            down
                                     10:07 A ---> X     on

Of the change from up to on, at A or a minute's walk from B, one of the two is kept; of down's, too.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from bykobling.timetable.build import from_trips
from bykobling.timetable.model import RULE
from bykobling.timetable.trips import Trips
from bykobling.transit import TransitSettings, Window, transit_network, travel_time_every_departure
from tests.transit.tiny_feeds import WEDNESDAY, points, streets

START, A, B, END = range(4)


def test_opposite_trips_do_not_rely_on_each_other():
    hour = 10 * 3600
    stop = [START, A, B, START, B, A, A, END]
    time = [hour - 1200, hour, hour + 300, hour - 1200, hour + 240, hour + 360, hour + 420, hour + 900]
    at = points([0.0, 1500.0, 2500.0, 4000.0]).to_crs(4326)
    walks = np.array([(A, A), (B, B), (A, B), (B, A)], np.int32)
    timetable = from_trips(
        Trips(
            first=np.array([0, 3, 6, 8]),
            stop=np.array(stop, np.int32),
            arrival_s=np.array(time, np.int32),
            departure_s=np.array(time, np.int32),
            pickup=np.ones(8, bool),
            drop_off=np.ones(8, bool),
            route=np.zeros(3, np.int32),
            trip_id=np.array(["up", "down", "on"], object),
            direction=np.zeros(3, np.int8),
            headway_based=np.zeros(3, bool),
            stays=np.empty((0, 2), np.int32),
        ),
        date=WEDNESDAY,
        timezone="Europe/Copenhagen",
        stops=pd.DataFrame(
            {"stop_id": list("OABX"), "stop_name": list("OABX"), "lon": at.x, "lat": at.y, "station": -1}
        ),
        routes=pd.DataFrame(
            {"route_id": ["r"], "short_name": ["1"], "long_name": [""], "mode": ["bus"], "color": [""]}
        ),
        walk_from=walks[:, 0],
        walk_to=walks[:, 1],
        walk_s=np.array([0.0, 0.0, 60.0, 60.0]),
        walk_kind=np.full(4, RULE, np.int8),
        link_stop=np.arange(4, dtype=np.int32),
        link_lon=at.x.to_numpy(),
        link_lat=at.y.to_numpy(),
        link_in_s=np.zeros(4),
        link_out_s=np.zeros(4),
    )
    settings = TransitSettings(max_walk_min=0, max_access_min=1, max_egress_min=1, board_slack_s=0)
    transit = transit_network(streets(), timetable, settings=settings)
    home, goal = transit.network.snap(points([0.0])), transit.network.snap(points([4000.0]))
    seconds = travel_time_every_departure(transit, home, goal, window=Window("09:35", 5))
    assert seconds.ravel().tolist() == [hour + 900 - (9 * 3600 + 35 * 60 + 60 * w) for w in range(5)]
