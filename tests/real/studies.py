"""Study folders for the real cities in ../shared/data, written where the caller says.

``python -m tests.real.studies FOLDER`` writes them all; then ``bykobling run FOLDER/copenhagen/study.toml`` and so on.
"""

from __future__ import annotations

import sys
from pathlib import Path

import geopandas as gpd
import pandas as pd
import shapely

DATA = Path(__file__).parents[3] / "shared" / "data"

COPENHAGEN = """\
title = "København: indre nord"
language = "{language}"

[osm]
file = "{data}/copenhagen/inner_north_2022.osm.pbf"

[areas]
file = "{data}/copenhagen/roder_2023.geojson"
id = "rode_nr"
name = "rodenavn"
group = "udsat_byomraade"
vulnerable_not_null = true
only_inside_extract = true

[[barriers]]
file = "big_roads.gpkg"
kind = "road"
name = "name"
width_m = 14
aadt = "aadt"
maxspeed = "maxspeed_kmh"

[[barriers]]
file = "s_tog.gpkg"
kind = "railway"
name = "name"
width_m = 30
"""

HELSINKI = """\
title = "Helsinki centre"
language = "{language}"

[osm]
file = "{data}/helsinki/helsinki_centre_2024.osm.pbf"

[areas]
file = "areas.gpkg"
id = "area_id"
name = "name"

[population]
file = "{data}/helsinki/helsinki_population_grid_2020.gpkg"
residents = "{residents}"
"""


def copenhagen(folder: Path, *, language: str = "en") -> Path:
    """Write a study of inner north Copenhagen: its big roads and S-tog lines come as layers of the user's.

    The walk extract lacks the carriageways of big streets, so the city's speed register gives them (60 km/h and
    above, or a count of 15,000 vehicles a day), named by the count that lies on them.
    """
    source = DATA / "copenhagen"
    roads = pd.concat(
        [gpd.read_file(source / f"geofa_{code}" / "vej_hastighedsgraense.gpkg") for code in ("0101", "0147")]
    )
    roads = gpd.GeoDataFrame(roads, geometry="geometry", crs=25832).reset_index(drop=True)
    counts = gpd.read_file(source / "traffic_counts_2009_2023.geojson").to_crs(25832)
    counts["aadt"] = pd.to_numeric(counts["aadt_koretojer"], errors="coerce")
    counts = counts[counts["aadt"].notna() & counts.geometry.notna()].reset_index(drop=True)
    near, line = roads.sindex.nearest(counts.geometry, max_distance=25, return_all=False)
    found = pd.DataFrame(
        {"line": line, "aadt": counts["aadt"].to_numpy()[near], "name": counts["vejnavn"].str.strip().to_numpy()[near]}
    )
    found = found.sort_values("aadt", ascending=False).drop_duplicates("line").set_index("line")
    roads["aadt"], roads["name"] = found["aadt"].reindex(roads.index), found["name"].reindex(roads.index)
    roads["maxspeed_kmh"] = roads["type"].astype(float)
    big = roads[(roads["maxspeed_kmh"] >= 60) | (roads["aadt"] >= 15_000)]
    box = shapely.box(12.50, 55.665, 12.60, 55.72)
    window = gpd.GeoSeries([box], crs=4326).to_crs(25832).iloc[0]
    big = big[big.intersects(window)][["name", "aadt", "maxspeed_kmh", "geometry"]]
    rail = gpd.read_file(source / "rail_metro_lines.geojson").to_crs(25832)
    rail = rail[(rail["network"] != "metro") & rail.intersects(window)]
    # lines A, B and C share their tracks here
    name = rail["line"].map({"F": "Ringbanen (S-tog F)"}).fillna("S-tog A, B, C")
    rail = gpd.GeoDataFrame({"name": name}, geometry=rail.geometry.to_numpy(), crs=25832)
    folder.mkdir(parents=True, exist_ok=True)
    big.to_file(folder / "big_roads.gpkg")
    rail.to_file(folder / "s_tog.gpkg")
    return _study(folder, COPENHAGEN.format(data=DATA.as_posix(), language=language))


def helsinki(folder: Path, *, language: str = "en") -> Path:
    """Write a study of Helsinki centre on its 250 m population cells, named by the longest street in them."""
    from bykobling.osm import read_osm

    source = DATA / "helsinki" / "helsinki_centre_2024.osm.pbf"
    streets = read_osm(source).streets
    cells = gpd.read_file(DATA / "helsinki" / "helsinki_population_grid_2020.gpkg").to_crs(streets.crs)
    cells = cells[cells["population"] > 0].reset_index(drop=True)
    named = gpd.overlay(
        streets.loc[streets["name"].notna(), ["name", "geometry"]],
        cells[["id", "geometry"]],
        keep_geom_type=True,
    )
    length = named.assign(m=named.length).groupby(["id", "name"])["m"].sum().reset_index()
    longest = length.sort_values("m").drop_duplicates("id", keep="last").set_index("id")["name"]
    areas = gpd.GeoDataFrame(
        {"area_id": "cell-" + cells["id"].astype(str), "name": cells["id"].map(longest).fillna("no named street")},
        geometry=cells.geometry.to_numpy(),
        crs=cells.crs,
    )
    folder.mkdir(parents=True, exist_ok=True)
    areas.to_file(folder / "areas.gpkg")
    return _study(folder, HELSINKI.format(data=DATA.as_posix(), language=language, residents="population"))


def _study(folder: Path, text: str) -> Path:
    path = folder / "study.toml"
    path.write_text(text, encoding="utf-8")
    return path


if __name__ == "__main__":
    for city in (copenhagen, helsinki):
        sys.stdout.write(f"{city(Path(sys.argv[1]) / city.__name__)}\n")
