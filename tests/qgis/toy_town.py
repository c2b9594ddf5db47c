"""A toy town to run the plug-in on, small enough to be measured in a second.

Two grids of streets, a railway between them, one footbridge at its southern end, schools in the east:

    # # # # # # | # # # # # #
    # # # # # # | # # # # # #     | railway
    # # # # # # = # # # # # #     = footbridge
"""

import json
from pathlib import Path

WEST, SOUTH = 12.5, 55.7
DX, DY = 0.0016, 0.0009  # about 100 m each
COLUMNS, ROWS, RAIL = 13, 7, 6
SIDES = (range(RAIL), range(RAIL + 1, COLUMNS))


def place(column, row):
    """The streets beside the railway lie 25 m from it."""
    near = {RAIL - 1: RAIL - 0.25, RAIL + 1: RAIL + 0.25}
    return WEST + near.get(column, column) * DX, SOUTH + row * DY


def town():
    ident = {(column, row): 1 + column * ROWS + row for column in range(COLUMNS) for row in range(ROWS)}
    lines = ['<?xml version="1.0"?>', '<osm version="0.6">']
    lines.append(
        f'<bounds minlat="{SOUTH - 0.01}" minlon="{WEST - 0.02}" maxlat="{SOUTH + 0.02}" maxlon="{WEST + 0.04}"/>'
    )
    for (column, row), number in ident.items():
        lon, lat = place(column, row)
        school = '<tag k="amenity" v="school"/>' if column > RAIL and row == 3 else ""
        lines.append(f'<node id="{number}" version="1" lat="{lat:.7f}" lon="{lon:.7f}">{school}</node>')
    ways = [([(c, row) for c in side], {"highway": "residential"}) for side in SIDES for row in range(ROWS)]
    ways += [([(column, r) for r in range(ROWS)], {"highway": "residential"}) for side in SIDES for column in side]
    ways.append(([(RAIL, r) for r in range(ROWS)], {"railway": "rail", "name": "Ringbanen"}))
    ways.append(([(RAIL - 1, 0), (RAIL + 1, 0)], {"highway": "footway", "bridge": "yes", "layer": "1"}))
    for number, (members, tags) in enumerate(ways, start=1000):
        nodes = "".join(f'<nd ref="{ident[one]}"/>' for one in members)
        told = "".join(f'<tag k="{key}" v="{value}"/>' for key, value in tags.items())
        lines.append(f'<way id="{number}" version="1">{nodes}{told}</way>')
    return "\n".join([*lines, "</osm>"]) + "\n"


def half(first, last):
    (west, south), (east, north) = place(first - 0.4, -0.4), place(last + 0.4, ROWS - 0.6)
    return [[[west, south], [east, south], [east, north], [west, north], [west, south]]]


def areas():
    rows = (("w", "Vestparken", "udsat", half(0, RAIL - 1)), ("e", "Østerhøj", "rest", half(RAIL + 1, COLUMNS - 1)))
    return {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "properties": {"id": ident, "navn": name, "gruppe": group},
                "geometry": {"type": "Polygon", "coordinates": shape},
            }
            for ident, name, group, shape in rows
        ],
    }


def bridge():
    """A bridge over the railway in the north, as ((lon, lat), (lon, lat))."""
    return place(RAIL - 1, ROWS - 1), place(RAIL + 1, ROWS - 1)


STUDY = """
title = "Toy"
[osm]
file = "town.osm"
[areas]
file = "areas.geojson"
id = "id"
name = "navn"
group = "gruppe"
vulnerable = ["udsat"]
"""


def write(folder: Path) -> Path:
    (folder / "town.osm").write_text(town(), encoding="utf-8")
    (folder / "areas.geojson").write_text(json.dumps(areas(), ensure_ascii=False), encoding="utf-8")
    (folder / "study.toml").write_text(STUDY, encoding="utf-8")
    return folder
