"""What the played Nominatim and Overpass answer."""

from __future__ import annotations

import json

#   20 --- 21 --- 22          two districts, west and east, and a street 1-2-3 with a signal at 2
#   |  w   |  e   |
#   10 --- 11 --- 12
NODES = {
    1: (12.502, 55.702), 2: (12.51, 55.702), 3: (12.518, 55.702),
    10: (12.50, 55.70), 11: (12.51, 55.70), 12: (12.52, 55.70),
    20: (12.50, 55.71), 21: (12.51, 55.71), 22: (12.52, 55.71),
}  # fmt: skip


def boundary(ident, name, level, ways):
    members = [{"type": "way", "ref": way, "role": "outer"} for way in ways]
    tags = {"type": "boundary", "boundary": "administrative", "admin_level": str(level), "name": name}
    return {"type": "relation", "id": ident, "members": members, "tags": tags}


def osm_answer():
    nodes = [{"type": "node", "id": i, "lon": x, "lat": y} for i, (x, y) in NODES.items()]
    nodes[1]["tags"] = {"highway": "crossing", "crossing": "traffic_signals"}
    ways = {
        100: ([1, 2, 3], {"highway": "residential", "name": "Gade"}),
        101: ([11, 10, 20, 21], {}),
        102: ([11, 21], {}),
        103: ([11, 12, 22, 21], {}),
    }
    return {
        "version": 0.6,
        "osm3s": {"copyright": "ODbL"},
        "elements": [
            *nodes,
            *({"type": "way", "id": i, "nodes": n, "tags": t} for i, (n, t) in ways.items()),
            boundary(7, 'West "quoted" <b>', 10, [101, 102]),
            boundary(8, "East", 10, [102, 103]),
            boundary(9, "City", 7, [101, 103]),
            boundary(6, "Open ring", 10, [101]),
        ],
    }


def place_answer(name="Nørrebro, København, Danmark", kind="Polygon"):
    ring = [[12.499, 55.699], [12.521, 55.699], [12.521, 55.711], [12.499, 55.711], [12.499, 55.699]]
    shapes = {"Polygon": [ring], "Point": [12.51, 55.705]}
    return [
        {
            "place_id": 1,
            "osm_type": "relation",
            "osm_id": 5,
            "lat": "55.705",
            "lon": "12.51",
            "display_name": name,
            "importance": 0.5,
            "boundingbox": ["55.699", "55.711", "12.499", "12.521"],
            "geojson": {"type": kind, "coordinates": shapes[kind]},
        }
    ]


class Service:
    """Answers in turn; the last answer is given for ever. An answer is (status, body, extra header lengths)."""

    def __init__(self):
        self.nominatim = [(200, json.dumps(place_answer()).encode())]
        self.overpass = [(200, json.dumps(osm_answer()).encode())]
        self.asked = []
        self.promise_more = 0

    def next_answer(self, path):
        queue = self.nominatim if path.startswith("/nominatim") else self.overpass
        return queue.pop(0) if len(queue) > 1 else queue[0]
