"""The study file that comes with fetched data."""

from __future__ import annotations

import json

_TEMPLATE = """\
# A bykobling study of {comment}.
# Map data © OpenStreetMap contributors, Open Database Licence (ODbL) 1.0; fetched {date}.
# Check it with: bykobling check study.toml; run it with: bykobling run study.toml
# Every setting there is stands in the example that `bykobling init FOLDER` writes.

title = {title}
language = "en"                      # or "da"

[osm]
file = "osm.json"                    # the raw answer of Overpass, all tags kept, {margin_m:.0f} m around the place

[areas]
file = "areas.gpkg"                  # {n_areas} administrative areas of OSM: a start, replace them by housing areas
id = "area_id"
name = "name"
group = "group"                      # "vulnerable" or "rest": all are "rest" until you say otherwise,
vulnerable = ["vulnerable"]          # in the layer, or by naming another column and its values here

# [population]                       # without it, residents are estimated from buildings, else from streets
# file = "population.gpkg"
# residents = "residents"

# [[barriers]]                       # barriers that OSM does not know
# file = "barriers.gpkg"
# kind = "railway"                   # road, railway, water, land or user
# name = "name"
# width_m = 15

# [traffic]                          # traffic counts, points or lines: waits at crossings follow them
# file = "counts.gpkg"
# aadt = "aadt"                      # column with vehicles a day
# name = "street"                    # column with the name of the street

# [[destinations]]                   # places that OSM does not know
# file = "places.gpkg"
# category = "culture"

# [transit]                          # public transport
# gtfs = ["timetable.zip"]           # the operator's timetable (GTFS)

[walk]
speed_kmh = 4.8
cutoffs_min = [5, 10, 15]

[bike]
enabled = true
speed_kmh = 16
cutoffs_min = [10]

[results]
folder = "results"
"""


def toml_text(text: str) -> str:
    r"""Return a TOML basic string holding any text.

    Parameters
    ----------
    text : str
        Anything a user or a service may write.

    Returns
    -------
    str
        Quoted and escaped.

    Examples
    --------
    >>> print(toml_text('Café "Nord"\nline'))
    "Café \"Nord\"\nline"
    """
    # JSON escapes the same characters as TOML, except DEL and lone surrogates
    clean = text.encode("utf-8", "replace").decode("utf-8")
    return json.dumps(clean, ensure_ascii=False).replace("\x7f", "\\u007f")


def study_text(title: str, *, date: str, margin_m: float, n_areas: int) -> str:
    """Return a commented study file for a fetched place.

    Parameters
    ----------
    title : str
        Name of the place.
    date : str
        Day of the download.
    margin_m : float
        Metres fetched around the place.
    n_areas : int
        Number of areas written.

    Returns
    -------
    str
        TOML.
    """
    comment = " ".join("".join(letter if letter.isprintable() else " " for letter in title).split())
    return _TEMPLATE.format(comment=comment, title=toml_text(title), date=date, margin_m=margin_m, n_areas=n_areas)
