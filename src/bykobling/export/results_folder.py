"""The files of one run: GeoPackage, tables and provenance."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from bykobling.export._plain import plain
from bykobling.export.atomic import atomic_folder
from bykobling.export.geopackage import write_geopackage
from bykobling.export.tables import areas_table, gaps_table, measured_tables, write_csv

if TYPE_CHECKING:
    import os
    from collections.abc import Callable

    from bykobling._types import Progress
    from bykobling.palette import Language
    from bykobling.results import Results

_STEPS = 5


def write_results(
    results: Results,
    folder: str | os.PathLike[str],
    *,
    language: Language = "en",
    progress: Progress | None = None,
    styles: Callable[[], list[dict[str, Any]]] | None = None,
) -> None:
    """Write ``results.gpkg``, CSV tables, ``areas.parquet`` and ``run.json``, all or none of them.

    The GeoPackage carries its styles, so QGIS opens it drawn. Infinite detours are kept (``inf`` in CSV), missing
    numbers are empty. In CSV a name that a spreadsheet would run as a formula gets a leading apostrophe.

    Parameters
    ----------
    results : Results
        What a run found.
    folder : path-like
        Made where absent; files of an earlier run are replaced at the very end.
    language : {"en", "da"}
        Language of the style a layer opens with; the other one is stored beside it.
    progress : callable, optional
        Called as ``progress(done, total, message)``.
    styles : callable, optional
        Gives the styles of the GeoPackage where another process makes them; by default they are made here.

    Raises
    ------
    OutputError
        Where it cannot be written; earlier results are untouched.
    """

    def tell(done: int, message: str) -> None:
        if progress is not None:
            progress(done, _STEPS, message)

    with atomic_folder(folder) as staging:
        tell(0, "Writing results.gpkg")
        write_geopackage(results, staging / "results.gpkg", language=language, styles=styles)
        tell(1, "Writing areas.parquet")
        areas_table(results).to_parquet(staging / "areas.parquet", index=False)
        tell(2, "Writing tables")
        write_csv(areas_table(results).drop(columns=results.areas.geometry.name), staging / "areas.csv")
        write_csv(results.shares, staging / "shares.csv")
        barriers = results.barriers.drop(columns=results.barriers.geometry.name)
        write_csv(barriers.reset_index(), staging / "barriers.csv")
        write_csv(gaps_table(results), staging / "gaps.csv")
        write_csv(results.profile(), staging / "profile.csv")
        for name, table in measured_tables(results).items():
            write_csv(table, staging / f"{name}.csv")
        tell(3, "Writing run.json")
        write_run(results.run, staging)
        tell(4, "Moving results into place")
    tell(_STEPS, "Results written")


def write_run(run: dict[str, Any], folder: str | os.PathLike[str]) -> None:
    """Write provenance as ``run.json``; numbers JSON does not know become null or text.

    Parameters
    ----------
    run : dict
        Inputs with checksums, versions, parameters, timings.
    folder : path-like
        Made where absent.

    Raises
    ------
    OutputError
        Where it cannot be written; an earlier file is untouched.
    """
    text = json.dumps(plain(run), ensure_ascii=False, indent=2, allow_nan=False)
    with atomic_folder(folder) as staging:
        (staging / "run.json").write_text(text + "\n", encoding="utf-8")
