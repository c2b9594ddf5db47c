"""The files of an assessment: GeoPackage, tables and provenance."""

from __future__ import annotations

import json
from functools import partial
from typing import TYPE_CHECKING

import geopandas as gpd

from bykobling.export._gpkg import GEOMETRY_COLUMN, write_gpkg
from bykobling.export._plain import plain
from bykobling.export.assessment_styles import assessment_styles
from bykobling.export.atomic import atomic_folder
from bykobling.export.tables import with_index, write_csv

if TYPE_CHECKING:
    import os
    from pathlib import Path

    import pandas as pd

    from bykobling.palette import Language
    from bykobling.results.assessment import Assessment

TABLES = ("summary", "areas", "who", "groups", "thresholds", "times", "gaps", "interaction", "spacing")


def write_assessment(assessment: Assessment, folder: str | os.PathLike[str], *, language: Language = "en") -> None:
    """Write ``assessment.gpkg``, ``assessment_*.csv`` and ``assessment.json``, all or none of them.

    The GeoPackage carries its styles, so QGIS opens it drawn: lines in ``proposals``, with what has no place of its
    own; points in ``proposal_points``; ``residents`` and ``areas`` by how they change. The page ``report.html`` is
    written by `bykobling.report`. Infinite minutes are kept (``inf`` in CSV), missing numbers are empty. In CSV a
    name that a spreadsheet would run as a formula gets a leading apostrophe.

    Parameters
    ----------
    assessment : Assessment
        What proposals change.
    folder : path-like
        Made where absent; files of an earlier assessment are replaced at the very end, others stay.
    language : {"en", "da"}
        Language of the style a layer opens with; the other one is stored beside it.

    Raises
    ------
    OutputError
        Where it cannot be written; an earlier assessment is untouched.
    """
    with atomic_folder(folder) as staging:
        _write_geopackage(assessment, staging / "assessment.gpkg", language=language)
        for name in TABLES:
            write_csv(_table(assessment, name), staging / f"assessment_{name}.csv")
        text = json.dumps(plain(_record(assessment)), ensure_ascii=False, indent=2, allow_nan=False)
        (staging / "assessment.json").write_text(text + "\n", encoding="utf-8")


def area_layer(assessment: Assessment, headline: str) -> gpd.GeoDataFrame:
    """Draw the areas in which the headline indicator changes.

    Parameters
    ----------
    assessment : Assessment
        With shapes of the areas.
    headline : str
        An indicator.

    Returns
    -------
    GeoDataFrame
        One row a proposal and area: ``proposal``, ``area_id``, ``area``, ``group``, ``residents``, ``indicator``,
        ``before``, ``after``, ``change``.
    """
    names = ["proposal", "area_id", "area", "group", "residents", "indicator", "before", "after", "change"]
    rows = assessment.areas.loc[assessment.areas["indicator"] == headline, names].reset_index(drop=True)
    shapes = assessment.area_shapes.geometry.reindex(rows["area_id"]).to_numpy()
    return gpd.GeoDataFrame(rows, geometry=gpd.GeoSeries(shapes, crs=assessment.area_shapes.crs))


def headline_indicator(assessment: Assessment) -> str:
    """Choose the indicator the map of areas shows: the barrier effect on the longest walk that was told.

    Parameters
    ----------
    assessment : Assessment
        With its table of areas.

    Returns
    -------
    str
        The usual headline where it is there, or where no walk changes.
    """
    from bykobling.indicators import HEADLINE  # noqa: PLC0415 - beside its only use

    walks = {name for name in map(str, assessment.areas["indicator"]) if name.startswith("barrier_effect_walk_")}
    if HEADLINE in walks or not walks:
        return HEADLINE
    return max(walks, key=lambda name: float(name.removeprefix("barrier_effect_walk_").removesuffix("min")))


def _table(assessment: Assessment, name: str) -> pd.DataFrame:
    table: pd.DataFrame = getattr(assessment, name)
    return with_index(table, "proposal") if name == "summary" else table.reset_index(drop=True)


def _record(assessment: Assessment) -> dict[str, object]:
    """Give what a program reads: the summary, and how it came about."""
    summary = _table(assessment, "summary")
    return {
        "title": assessment.title,
        "cutoff_min": assessment.cutoff_min,
        "summary": summary.to_dict(orient="records"),
        "notes": [{"kind": note.kind, "text": note.text, "columns": note.columns} for note in assessment.notes],
        "run": assessment.run,
    }


def _write_geopackage(assessment: Assessment, path: Path, *, language: Language) -> None:
    homes = assessment.residents.assign(
        change=assessment.residents["reach_after"] - assessment.residents["reach_before"]
    )
    # QGIS opens a layer of lines and points as two, and a style fits one of them alone
    points = (assessment.proposals.geom_type == "Point").to_numpy(bool)
    layers: dict[str, tuple[gpd.GeoDataFrame, str]] = {
        "proposals": (assessment.proposals[~points], "LineString"),
        "proposal_points": (assessment.proposals[points], "Point"),
        "residents": (homes, "Point"),
        "areas": (area_layer(assessment, headline_indicator(assessment)), "MultiPolygon"),
    }
    tables = {f"assessment_{name}": _table(assessment, name) for name in TABLES}
    frames = {layer: frame for layer, (frame, _) in layers.items()}
    styles = partial(assessment_styles, frames, geometry_column=GEOMETRY_COLUMN, language=language)
    write_gpkg(path, layers, tables, styles=styles, earlier="An earlier assessment is untouched")
