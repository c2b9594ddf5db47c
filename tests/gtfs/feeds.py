"""A tiny feed, written in code and broken one rule at a time.

::

    trip t (route 5C, service week):   a 8:00 -- b 8:04 -- c 8:10
    trip u (the same, later):          a 9:00 -- b 9:04 -- c 9:10
"""

from __future__ import annotations

import zipfile

SOUND = {
    "agency.txt": "agency_id,agency_name,agency_url,agency_timezone\nX,Busser,https://x.example,Europe/Copenhagen\n",
    "stops.txt": "stop_id,stop_name,stop_lat,stop_lon,location_type,parent_station\n"
    "a,A,55.70,12.50,0,S\nb,B,55.71,12.51,,\nc,C,55.72,12.52,,\nS,Central,55.70,12.50,1,\n",
    "routes.txt": "route_id,agency_id,route_short_name,route_long_name,route_type,route_color\n"
    "5C,X,5C,Across,3,ff0000\n",
    "trips.txt": "route_id,service_id,trip_id,direction_id,block_id,trip_headsign\n"
    "5C,week,t,0,B1,Out\n5C,week,u,1,,Home\n",
    "stop_times.txt": "trip_id,arrival_time,departure_time,stop_id,stop_sequence,pickup_type,drop_off_type\n"
    "t,08:00:00,08:00:00,a,1,,\nt,08:04:00,08:05:00,b,5,,\nt,08:10:00,08:10:00,c,9,1,\n"
    "u,9:00:00,9:00:00,a,1,,1\nu,9:04:00,9:05:00,b,2,2,3\nu,9:10:00,9:10:00,c,3,,\n",
    "calendar.txt": "service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,start_date,end_date\n"
    "week,1,1,1,1,1,0,0,20260302,20260313\n",
    "calendar_dates.txt": "service_id,date,exception_type\nweek,20260303,2\nweek,20260308,1\n",
}


def files(**changed):
    """Files of the sound feed with some replaced (``stops="..."``), added, or taken away (None)."""
    every = {**SOUND, **{f"{name}.txt": text for name, text in changed.items()}}
    return {name: text for name, text in every.items() if text is not None}


def folder(path, **changed):
    """Write the feed as a folder."""
    path.mkdir(parents=True, exist_ok=True)
    for name, text in files(**changed).items():
        (path / name).write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def zipped(path, members=None, *, inside="", compression=zipfile.ZIP_DEFLATED):
    """Write the feed, or other members, as a zip."""
    with zipfile.ZipFile(path, "w", compression) as archive:
        for name, text in (files() if members is None else members).items():
            archive.writestr(inside + name, text)
    return path


def more(name, *lines):
    """The sound file with lines added at its end."""
    return SOUND[name] + "".join(f"{line}\n" for line in lines)


def swap(name, old, new):
    """The sound file with one piece of text replaced."""
    assert old in SOUND[name]
    return SOUND[name].replace(old, new, 1)
