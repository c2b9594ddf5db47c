"""Noise of two cities where counts are known: ``python -m tests.real.noise_map FOLDER``.

Writes lden.tif, lnight.tif and a picture for each city, and tells by road class how far the model's Lden 10 m beside
counted streets is from the Nordic formula's. Copenhagen's extract is a walk extract: carriageways that it lacks come
from the city's register of speed limits. It has no buildings; Helsinki has.
"""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from bykobling.emission import (
    DANISH_HOURS,
    END_HOURS,
    NoiseSettings,
    flat_attenuation,
    line_sources,
    noise_map,
    nordic_1996_lden_10m,
    receiver_levels,
)
from bykobling.network.user_roads import along_roads
from bykobling.osm import read_osm
from bykobling.severance import match_aadt
from tests.real.studies import DATA

BESIDE_M = 10.0
DANISH = NoiseSettings(hours=DANISH_HOURS, receiver_height_m=1.5, built_share=0.25)
FINNISH = NoiseSettings(hours=END_HOURS, max_distance_m=400.0)


@dataclass(frozen=True)
class City:
    """What a noise map of a city is made of."""

    name: str
    streets: gpd.GeoDataFrame
    buildings: gpd.GeoDataFrame | None
    extent: Any
    settings: NoiseSettings
    cell_m: float
    source: str


def counted(streets, counts, **how):
    """Put counts and shares of heavy vehicles on streets.

    The share is that of two matches, of all and of heavy vehicles, so that both carriageways of a road have one.
    """
    every = match_aadt(streets, counts, **how)
    known = counts[counts["heavy"].notna()]
    whole, heavy = (
        match_aadt(streets, known.assign(aadt=known[column].clip(lower=1e-9)), **how) for column in ("aadt", "heavy")
    )
    share = (heavy["aadt"] / whole["aadt"]).where(~heavy["aadt_assumed"]).clip(0.0, 1.0)
    return streets.assign(aadt=every["aadt"].where(~every["aadt_assumed"]), heavy_share=share)


def copenhagen() -> City:
    """Inner north, the register's roads added where the extract has no carriageway."""
    source = DATA / "copenhagen"
    extract = read_osm(source / "inner_north_2022.osm.pbf", crs=25832)
    register = pd.concat(
        [gpd.read_file(source / f"geofa_{code}" / "vej_hastighedsgraense.gpkg") for code in ("0101", "0147")]
    )
    register = gpd.GeoDataFrame(register, geometry="geometry", crs=25832)
    register = register[register.intersects(extract.extent)].explode().reset_index(drop=True)
    own = gpd.GeoDataFrame(
        {
            # the register tells no class; big streets are what the walk filter dropped
            "highway": np.where(
                register["type"] >= 60, "primary", np.where(register["type"] >= 50, "secondary", "tertiary")
            ),
            "drive": True,
            "oneway": False,
            "tunnel": False,
            "bridge": False,
            "lanes": np.nan,
            "maxspeed_kmh": register["type"].to_numpy(float),
            "name": None,
        },
        geometry=register.geometry.to_numpy(),
        crs=25832,
    )
    driven = extract.streets[extract.streets["drive"]]
    missing = own[~along_roads(own, driven[driven["highway"] != "service"])]
    streets = pd.concat([driven[list(own.columns)], missing], ignore_index=True)
    counts = gpd.read_file(source / "traffic_counts_2009_2023.geojson").to_crs(25832)
    counts = counts[counts.geometry.notna() & (counts["aadt_koretojer"] > 0)]
    counts = counts.sort_values("aar").drop_duplicates("t_nr", keep="last")
    counts = gpd.GeoDataFrame(
        {
            "aadt": counts["aadt_koretojer"].to_numpy(float),
            "heavy": (counts["aadt_koretojer"] * counts["tung_pct_real"] / 100.0).to_numpy(float),
            "name": counts["vejnavn"].to_numpy(object),
        },
        geometry=counts.geometry.to_numpy(),
        crs=25832,
    ).reset_index(drop=True)
    return City(
        "copenhagen",
        counted(gpd.GeoDataFrame(streets, geometry="geometry", crs=25832), counts, along_m=300.0),
        None,
        extract.extent,
        DANISH,
        10.0,
        "OpenStreetMap 2022-05-16; GeoFA speed limits 2024; City of Copenhagen traffic counts 2009-2023",
    )


def helsinki() -> City:
    """The centre, with its buildings."""
    extract = read_osm(DATA / "helsinki" / "helsinki_centre_2024.osm.pbf")
    counts = gpd.read_file(DATA / "helsinki" / "Helsinki_AADT_2023.geojson").to_crs(extract.crs)
    counts = gpd.GeoDataFrame(
        {
            "aadt": counts["AADT"].to_numpy(float),
            "heavy": counts["TR_AADT"].to_numpy(float),
            "name": counts["osm_name"].to_numpy(object),
        },
        geometry=counts.geometry.to_numpy(),
        crs=extract.crs,
    )
    return City(
        "helsinki",
        counted(extract.streets, counts, along_m=300.0),
        extract.buildings,
        extract.extent,
        FINNISH,
        20.0,
        "OpenStreetMap 2024-08-15; Helsinki AADT 2023",
    )


def against_nordic(city: City) -> pd.DataFrame:
    """Compare Lden 10 m beside each counted street with the Nordic formula.

    ``alone``: the street straight, long, on hard ground, which compares the two emissions. ``map``: as it lies among
    all others, two-way streets alone, since a carriageway of a dual road hears the other.
    """
    sources = line_sources(city.streets, settings=city.settings)
    hard = NoiseSettings(hours=city.settings.hours, receiver_height_m=1.5, ground=0.0)
    along = np.arange(-1000.0, 1000.0) + 0.5
    straight, bent = flat_attenuation(np.hypot(along, BESIDE_M), receiver_height_m=1.5, ground=0.0)
    arrives = np.concatenate([(10.0 ** (-way / 10.0)).sum(axis=0) for way in (straight, bent)])
    alone = 10.0 * np.log10(sources.energies(hard)[:, :16] @ arrives)
    traffic = sources.traffic.iloc[sources.street]
    light, medium, heavy = (
        traffic[[f"{kind}_{part}_h" for part in ("day", "evening", "night")]].to_numpy(float)
        for kind in ("light", "medium", "heavy")
    )
    nordic = nordic_1996_lden_10m(
        light, medium + heavy, traffic["speed_kmh"].to_numpy(float), hours=city.settings.hours
    )
    lines = city.streets.geometry.to_numpy()[sources.street]
    length = shapely.length(lines)
    counted = ~traffic["aadt_assumed"].to_numpy(bool) & (length > 40)
    lines, length = lines[counted], length[counted]
    middle, ahead = (shapely.get_coordinates(shapely.line_interpolate_point(lines, length / 2 + m)) for m in (0.0, 1.0))
    way = (ahead - middle) / np.hypot(*(ahead - middle).T)[:, None]
    at = middle + BESIDE_M * np.column_stack([-way[:, 1], way[:, 0]])
    here = receiver_levels(
        sources, gpd.GeoSeries(shapely.points(at), crs=sources.crs), settings=city.settings, buildings=city.buildings
    )
    table = pd.DataFrame(
        {
            "road_class": traffic["road_class"].to_numpy(object)[counted],
            "alone": alone[counted] - nordic[counted],
            "map": here["lden_db"].to_numpy() - nordic[counted],
            "nordic": nordic[counted],
        }
    )
    two_way = ~city.streets["oneway"].to_numpy(bool)[sources.street][counted]
    table["map"] = table["map"].where(two_way)
    table = pd.concat([table, table.assign(road_class="all")])
    found = table.groupby("road_class").agg(
        n=("alone", "size"),
        nordic_lden_db=("nordic", "mean"),
        alone_mean_db=("alone", "mean"),
        alone_rmse_db=("alone", lambda value: np.sqrt(np.mean(value**2))),
        n_map=("map", "count"),
        map_mean_db=("map", "mean"),
        map_rmse_db=("map", lambda value: np.sqrt(np.mean(value**2))),
    )
    return found.round(2)


def draw(city: City, path: Path, target: Path) -> None:
    """Draw a map in the colours of noise maps, streets and counted streets over it."""
    import matplotlib as mpl
    import rasterio

    mpl.use("Agg")
    from matplotlib import pyplot as plt
    from matplotlib.colors import BoundaryNorm, ListedColormap

    from bykobling import palette

    grades = palette.NOISE_GRADES
    colours, low = [grade.color for grade in grades], [grade.low for grade in grades][1:]
    with rasterio.open(path) as file:
        level, box = file.read(1, masked=True), file.bounds
    figure, axes = plt.subplots(figsize=(11, 10), dpi=110)
    norm = BoundaryNorm([30, *low, 90], len(colours))
    image = axes.imshow(
        level, cmap=ListedColormap(colours), norm=norm, extent=(box.left, box.right, box.bottom, box.top)
    )
    city.streets[city.streets["drive"]].plot(ax=axes, color="#444", linewidth=0.25)
    city.streets[city.streets["drive"] & city.streets["aadt"].notna()].plot(ax=axes, color="black", linewidth=1.1)
    if city.buildings is not None:
        city.buildings.plot(ax=axes, facecolor="white", edgecolor="#666", linewidth=0.2, alpha=0.6)
    axes.set(
        xlim=(box.left, box.right), ylim=(box.bottom, box.top), title=f"{city.name}: {path.stem} dB, screening +-5 dB"
    )
    figure.colorbar(image, ax=axes, shrink=0.7, label="dB(A)")
    figure.savefig(target, bbox_inches="tight")
    plt.close(figure)


def main() -> None:
    folder = Path(sys.argv[1])
    for make in (copenhagen, helsinki):
        city = make()
        begun = time.perf_counter()
        made = noise_map(
            city.streets,
            folder / city.name,
            area=city.extent,
            cell_m=city.cell_m,
            buildings=city.buildings,
            settings=city.settings,
            source=city.source,
        )
        sys.stdout.write(
            f"{city.name}: {made.cells:,} cells of {city.cell_m:g} m in {time.perf_counter() - begun:.0f} s\n"
        )
        sys.stdout.write("\n".join(made.notes) + "\n")
        for path in (made.lden, made.lnight):
            draw(city, path, path.with_suffix(".png"))
        sys.stdout.write(against_nordic(city).to_string() + "\n\n")


if __name__ == "__main__":
    main()
