# ruff: noqa: INP001 - a script, not a package
"""Make areas.geojson from the boundaries in the extract. Run from anywhere: python data/monaco/make_areas.py."""

from __future__ import annotations

import json
from pathlib import Path

from bykobling.osm import read_osm
from bykobling.study.areas import areas_from_boundaries

FOLDER = Path(__file__).parent
LEVELS = (8, 10)
ILLUSTRATION = ("Beausoleil", "Les Monegetti")
"""Shown as "vulnerable" so that the demo has two groups. No authority says so; chosen for illustration only."""

DECIMALS = 6


def main() -> None:
    """Write areas.geojson."""
    areas = areas_from_boundaries(read_osm(FOLDER / "monaco.osm.pbf"), LEVELS, vulnerable=ILLUSTRATION)
    table = areas.reset_index().to_crs(4326).sort_values("area_id")
    table["geometry"] = table.geometry.set_precision(10**-DECIMALS)
    features = json.loads(table.to_json())["features"]
    # one line an area, so that a change shows in a comparison
    lines = ",\n".join(json.dumps(one, ensure_ascii=False, sort_keys=True) for one in features)
    notice = "(c) OpenStreetMap contributors, ODbL 1.0; group is for illustration only"
    head = f'{{"type": "FeatureCollection", "note": {json.dumps(notice)}, "features": [\n'
    (FOLDER / "areas.geojson").write_text(f"{head}{lines}\n]}}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
