"""The files of a search for connections: GeoPackage, tables and provenance."""

from __future__ import annotations

import dataclasses
import json
from functools import partial
from typing import TYPE_CHECKING

import pandas as pd

from bykobling.export._gpkg import GEOMETRY_COLUMN, write_gpkg
from bykobling.export._plain import plain
from bykobling.export.atomic import atomic_folder
from bykobling.export.found_styles import found_styles
from bykobling.export.tables import with_index, write_csv

if TYPE_CHECKING:
    import os
    from pathlib import Path

    import geopandas as gpd

    from bykobling.palette import Language
    from bykobling.results.found import FoundLinks


def write_found(found: FoundLinks, folder: str | os.PathLike[str], *, language: Language = "en") -> None:
    """Write ``links.gpkg``, ``links.csv``, the other tables and ``links.json``, all or none of them.

    The GeoPackage carries its styles, so QGIS opens it drawn. An infinite way is kept (``inf`` in CSV), missing
    numbers are empty. In CSV a name that a spreadsheet would run as a formula gets a leading apostrophe. The page
    ``links.html`` is written by `bykobling.report`.

    Parameters
    ----------
    found : FoundLinks
        What a search found.
    folder : path-like
        Made where absent; files of an earlier search are replaced at the very end.
    language : {"en", "da"}
        Language of the style a layer opens with; the other one is stored beside it.

    Raises
    ------
    OutputError
        Where it cannot be written; earlier files are untouched.
    """
    tables = _tables(found)
    with atomic_folder(folder) as staging:
        _write_geopackage(found, tables, staging / "links.gpkg", language=language)
        links = found.links.drop(columns=found.links.geometry.name)
        write_csv(with_index(pd.DataFrame(links), "link_id"), staging / "links.csv")
        for name, table in tables.items():
            write_csv(table, staging / f"{name}.csv")
        text = json.dumps(plain(_record(found)), ensure_ascii=False, indent=2, allow_nan=False)
        (staging / "links.json").write_text(text + "\n", encoding="utf-8")


def _tables(found: FoundLinks) -> dict[str, pd.DataFrame]:
    """Give the plain tables by the name of their file."""
    return {
        "link_areas": found.areas.reset_index(drop=True),
        "link_sets": found.sets.reset_index(drop=True),
        "link_entries": found.entries.reset_index(drop=True),
        "link_interaction": found.interaction.reset_index(drop=True),
        "link_kinds": with_index(found.kinds, "kind"),
    }


def _record(found: FoundLinks) -> dict[str, object]:
    """Tell how the search was made, how many candidates there were, and what to know before using it."""
    return {
        "title": found.title,
        "mode": found.mode,
        "cutoff_min": found.cutoff_min,
        "run": found.run,
        "counts": found.counts,
        "notes": [dataclasses.asdict(note) for note in found.notes],
    }


def _write_geopackage(found: FoundLinks, tables: dict[str, pd.DataFrame], path: Path, *, language: Language) -> None:
    """Write layers, points on top, then tables and styles."""
    layers: dict[str, tuple[gpd.GeoDataFrame, str]] = {
        "link_homes": (with_index(found.homes, "home_id"), "Point"),
        "links": (with_index(found.links, "link_id"), "LineString"),
        "barriers": (with_index(found.barriers, "barrier_id"), "MultiPolygon"),
    }
    frames = {layer: frame for layer, (frame, _) in layers.items()}
    styles = partial(found_styles, frames, geometry_column=GEOMETRY_COLUMN, language=language)
    write_gpkg(path, layers, tables, styles=styles, earlier="Files of an earlier search are untouched")
