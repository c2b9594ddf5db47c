"""Check, run, find, assess and draw isochrones: the same public functions as every other door, then files."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

from bykobling.worker.rpc import faults_of, path_text

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from bykobling.errors import Fault
    from bykobling.results import Note, Results
    from bykobling.study import Study
    from bykobling.worker.methods import Call
    from bykobling.worker.params import Params

TOP_AREAS = 10


def base_of(study: Path) -> Path:
    """Return the folder that paths beside a study start from.

    Parameters
    ----------
    study : Path
        A study file, or a folder holding one.

    Returns
    -------
    Path
    """
    return study if study.is_dir() else study.parent


def check(params: Params, call: Call) -> dict[str, Any]:
    """Read everything a study needs and list every fault, without measuring.

    Parameters
    ----------
    params : Params
        ``study``; ``layer``, a GeoPackage to draw the faults in that have a place.
    call : Call
        The job.

    Returns
    -------
    dict
        ``faults``, ``timetable`` (sentences), ``can_run``, ``layer`` (null where no fault has a place).
    """
    path = params.path("study")
    layer = params.maybe_path("layer", base=base_of(path))
    params.close()
    from bykobling.errors import StudyError  # noqa: PLC0415 - beside its only use
    from bykobling.study import look_at_study, read_study  # noqa: PLC0415 - heavy
    from bykobling.study.steps import parted  # noqa: PLC0415
    from bykobling.worker.fault_places import write_fault_layer  # noqa: PLC0415

    # what is drawn is read again for it
    parts = parted(call.job.progress, 1 if layer is None else 2)
    study: Study | None = None
    timetable: tuple[str, ...] = ()
    faults: tuple[Fault, ...]
    try:
        study = read_study(path)
        checked = look_at_study(study, progress=parts[0])
        faults, timetable = checked.faults, checked.timetable
    except StudyError as error:  # what is wrong with the study file is what was asked for
        faults = error.faults
    call.job.check()
    drawn = None
    if layer is not None and study is not None:
        drawn = write_fault_layer(layer, study, faults, progress=parts[-1])
    return {
        "faults": faults_of(faults),
        "timetable": list(timetable),
        "can_run": not any(one.severity == "error" for one in faults),
        "layer": None if drawn is None else path_text(drawn),
    }


def run(params: Params, call: Call) -> dict[str, Any]:
    """Run a study and write tables, a styled GeoPackage and a report.

    Parameters
    ----------
    params : Params
        ``study``; ``folder`` to write to instead of the one the study names.
    call : Call
        The job.

    Returns
    -------
    dict
        ``folder``, ``files``, ``layers``, ``tables``, ``headline``, ``notes``.
    """
    path = params.path("study")
    folder = params.maybe_path("folder", base=base_of(path))
    params.close()
    from bykobling._second import Second  # noqa: PLC0415 - beside its only use
    from bykobling.study import read_study  # noqa: PLC0415 - heavy

    study = read_study(path)
    if folder is not None:
        # the folder given counts from the start: a long run must not end at a folder that cannot be written
        study = dataclasses.replace(study, results=folder)
    with Second() as second:
        # loaded while the second one starts, and then while it begins
        from bykobling.study.ahead import ask_ahead  # noqa: PLC0415

        ask_ahead(study, second)
        from bykobling.study import run_study, save_results  # noqa: PLC0415

        results = run_study(study, progress=call.job.progress, second=second)
        call.job.check()
        written = save_results(results, study, second=second)
    files = {
        "geopackage": "results.gpkg", "report": "report.html", "areas": "areas.csv", "areas_parquet": "areas.parquet",
        "profile": "profile.csv", "shares": "shares.csv", "barriers": "barriers.csv", "gaps": "gaps.csv",
        "run": "run.json",
    }  # fmt: skip
    return {**_written(written, files), "headline": _headline(results), "notes": _notes(results.notes)}


def find(params: Params, call: Call) -> dict[str, Any]:
    """Rank the connections that could be built.

    Parameters
    ----------
    params : Params
        ``study``; ``folder``, ``mode``, ``min_detour``, ``street_gaps``, ``steps``, ``budget_dkk``, ``costs`` as the
        command has them.
    call : Call
        The job.

    Returns
    -------
    dict
        ``folder``, ``files``, ``layers``, ``tables``, ``found`` (how many), ``notes``.
    """
    from bykobling.links import read_link_kinds  # noqa: PLC0415 - heavy
    from bykobling.study import (  # noqa: PLC0415 - heavy
        FindSettings,
        find_study,
        read_study,
        save_found,
        writing_to,
    )

    usual = FindSettings()
    path = params.path("study")
    folder = params.maybe_path("folder", base=base_of(path))
    costs = params.maybe_path("costs", base=base_of(path))
    mode = params.choice("mode", ("walk", "bike"), usual.mode)
    settings = FindSettings(
        mode="bike" if mode == "bike" else "walk",
        min_detour=params.value("min_detour", float, usual.min_detour),
        street_gaps=params.value("street_gaps", bool, usual.street_gaps),
        steps=params.value("steps", int, usual.steps),
        budget_dkk=params.value("budget_dkk", float),
    )
    params.close()
    if costs is not None:
        settings = dataclasses.replace(settings, kinds=read_link_kinds(costs))
    study = writing_to(read_study(path), folder, "links", [costs] if costs is not None else [])
    found = find_study(study, settings=settings, progress=call.job.progress)
    call.job.check()
    written = save_found(found, study, folder=study.results)
    files = {
        "geopackage": "links.gpkg", "report": "links.html", "links": "links.csv", "areas": "link_areas.csv",
        "sets": "link_sets.csv", "interaction": "link_interaction.csv", "kinds": "link_kinds.csv", "run": "links.json",
        "entries": "link_entries.csv",
    }  # fmt: skip
    return {**_written(written, files), "found": len(found.links), "notes": _notes(found.notes)}


def assess(params: Params, call: Call) -> dict[str, Any]:
    """Measure what proposals change, and for whom.

    Parameters
    ----------
    params : Params
        ``study``, ``proposals`` (files); ``folder``, ``combinations``, ``dem``.
    call : Call
        The job.

    Returns
    -------
    dict
        ``folder``, ``files``, ``layers``, ``tables``, ``proposals`` (a row each), ``notes``.
    """
    path = params.path("study")
    base = base_of(path)
    proposals = [base / one for one in params.texts("proposals")]
    folder = params.maybe_path("folder", base=base)
    combinations = params.value("combinations", bool, default=True)
    dem = params.maybe_path("dem", base=base)
    if not proposals and not params.faults:
        params.fault("proposals", "there is none", "send the paths of one or more files")
    params.close()
    from bykobling.export.assessment_folder import TABLES  # noqa: PLC0415 - heavy
    from bykobling.study import assess_study, read_study, writing_to  # noqa: PLC0415 - heavy
    from bykobling.study.assess import save_assessment  # noqa: PLC0415 - heavy

    given = proposals if dem is None else [*proposals, dem]
    study = writing_to(read_study(path), folder, "assessment", given)
    assessment = assess_study(study, proposals, combinations=combinations, dem=dem, progress=call.job.progress)
    call.job.check()
    written = save_assessment(assessment, study, folder=study.results)
    files = {"geopackage": "assessment.gpkg", "report": "report.html", "run": "assessment.json"}
    files |= {name: f"assessment_{name}.csv" for name in TABLES}
    rows = assessment.summary.rename_axis("proposal").reset_index().to_dict("records")
    return {**_written(written, files), "proposals": rows, "notes": _notes(assessment.notes)}


def noise_screening(params: Params, call: Call) -> dict[str, Any]:
    """Estimate a map of road noise from traffic, where no official one exists.

    Parameters
    ----------
    params : Params
        ``study``; ``folder``, ``cell_m``, ``known_levels``, ``resume`` as the command `bykobling noise` has them.
    call : Call
        The job.

    Returns
    -------
    dict
        ``folder``, ``files`` (``lden``, ``lnight``, ``picture``), ``study_lines`` (for a study that reads them),
        ``notes``.
    """
    path = params.path("study")
    base = base_of(path)
    folder = params.maybe_path("folder", base=base)
    known_levels = params.maybe_path("known_levels", base=base)
    cell_m = params.value("cell_m", float, 10.0)
    resume = params.value("resume", bool, default=True)
    params.close()

    from bykobling.report import write_noise_picture  # noqa: PLC0415 - matplotlib is slow to load
    from bykobling.study import read_study  # noqa: PLC0415 - heavy
    from bykobling.study.screen import screen_study  # noqa: PLC0415 - heavy

    study = read_study(path)
    target = folder if folder is not None else study.results.with_name("noise")
    made = screen_study(
        study, target, cell_m=cell_m, known_levels=known_levels, resume=resume, progress=call.job.progress
    )
    picture = target / "noise.png"
    write_noise_picture(made.grid, made.areas, picture)
    files = {"lden": made.lden, "lnight": made.lnight, "picture": picture}
    return {
        "folder": path_text(target),
        "files": {name: path_text(file) for name, file in files.items()},
        "study_lines": made.study_lines(),
        "notes": [{"kind": "assumed", "text": text, "columns": []} for text in made.notes],
    }


def isochrone(params: Params, call: Call) -> dict[str, Any]:
    """Draw what is reached from points, along the streets of a study.

    Parameters
    ----------
    params : Params
        ``study``, ``points`` (a vector file), ``cutoffs_min``, ``output`` (a GeoPackage); ``mode``, ``points_layer``,
        ``merged``.
    call : Call
        The job.

    Returns
    -------
    dict
        ``output``, ``layers``, ``unlinked`` (points too far from a street, left out).
    """
    from bykobling.worker.catchments import write_isochrones  # noqa: PLC0415 - heavy

    return write_isochrones(params, call)


def _written(folder: Path, files: dict[str, str]) -> dict[str, Any]:
    """Tell which files and layers were written."""
    import pyogrio  # noqa: PLC0415 - heavy

    layers: list[str] = []
    tables: list[str] = []
    for name, kind in pyogrio.list_layers(folder / files["geopackage"]):
        if name != "layer_styles":
            (tables if kind is None else layers).append(str(name))
    there = {name: path_text(folder / file) for name, file in files.items() if (folder / file).is_file()}
    return {"folder": path_text(folder), "files": there, "layers": layers, "tables": tables}


def _notes(notes: Sequence[Note]) -> list[dict[str, Any]]:
    return [dataclasses.asdict(one) for one in notes]


def _headline(results: Results) -> dict[str, Any]:
    """Tell the most cut-off areas, as the command prints them."""
    from bykobling.indicators import indicator_of  # noqa: PLC0415 - beside its only use
    from bykobling.study.assemble import headline_of  # noqa: PLC0415 - heavy

    column = headline_of(results.areas)
    ranked = results.areas.sort_values([column, "name"], ascending=[False, True], na_position="last")
    known = indicator_of(column)
    rows = ranked.head(TOP_AREAS).rename_axis("area_id").reset_index()
    kept = ["area_id", "name", "group", "residents", column, "top_barrier", "top_barrier_share"]
    gap = results.gaps["gap_abs"].get(column) if "gap_abs" in results.gaps else None
    return {
        "indicator": column,
        "unit": known.unit if known else "",
        "title": results.title,
        "n_areas": len(ranked),
        "gap": gap,
        "areas": rows[kept].rename(columns={column: "value"}).to_dict("records"),
    }
