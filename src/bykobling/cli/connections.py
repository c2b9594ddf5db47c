"""Commands on connections: where to build, and what a proposal changes."""

from __future__ import annotations

import dataclasses
from pathlib import Path  # noqa: TC003 - cyclopts reads the hints
from typing import Annotated

from cyclopts import Parameter

from bykobling._types import Mode  # noqa: TC001 - cyclopts reads the hints
from bykobling.cli.app import app
from bykobling.cli.printed import console, print_assessment, print_found, progress_bar


@app.command
def find(
    study: Path,
    *,
    folder: Annotated[Path | None, Parameter(name=["--output", "-o"])] = None,
    mode: Mode = "walk",
    min_detour: float = 3.0,
    street_gaps: bool = True,
    steps: int = 5,
    budget_dkk: float | None = None,
    costs: Path | None = None,
) -> int:
    """Rank the connections that could be built by what they give the residents of a study.

    Parameters
    ----------
    study : Path
        A study.toml, or a folder holding one.
    folder : Path
        Write here instead of "links" beside the results of the study.
    mode : str
        walk or bike.
    min_detour : float
        Look where the way round is at least so many times the straight line.
    street_gaps : bool
        Look for gaps between streets too, besides ways across barriers.
    steps : int
        How many connections to choose to be built together.
    budget_dkk : float
        What those may cost together.
    costs : Path
        A table of your own (CSV or TOML) with costs, seconds and longest lengths by kind of connection.

    Returns
    -------
    int
        Exit code.
    """
    from bykobling.links import read_link_kinds  # noqa: PLC0415 - heavy
    from bykobling.study import read_study, writing_to  # noqa: PLC0415 - heavy
    from bykobling.study.find import FindSettings, find_study, save_found  # noqa: PLC0415 - heavy

    settings = FindSettings(
        mode=mode, min_detour=min_detour, street_gaps=street_gaps, steps=steps, budget_dkk=budget_dkk
    )
    if costs is not None:
        settings = dataclasses.replace(settings, kinds=read_link_kinds(costs.expanduser()))
    checked = writing_to(read_study(study), folder, "links", [costs] if costs is not None else [])
    with progress_bar() as progress:
        found = find_study(checked, settings=settings, progress=progress)
        written = save_found(found, checked, folder=checked.results)
    print_found(console(), found, written)
    return 0


@app.command
def assess(
    study: Path,
    proposals: Path,
    *more: Path,
    folder: Annotated[Path | None, Parameter(name=["--output", "-o"])] = None,
    combinations: bool = True,
    dem: Path | None = None,
) -> int:
    """Measure what proposals change, and for whom.

    Parameters
    ----------
    study : Path
        A study.toml, or a folder holding one.
    proposals : Path
        Lines drawn as GeoJSON or GeoPackage with a column "kind" (bridge, underpass, path, stairs, ramp, signal,
        zebra, refuge, remove, speed) and, for several proposals, a column "proposal"; or JSON in Conveyal's shape.
    more : Path
        More such files.
    folder : Path
        Write here instead of "assessment" beside the results of the study.
    combinations : bool
        Measure proposals together, too.
    dem : Path
        A raster of heights in metres, for the gradient of new links that have no gradient_pct of their own.

    Returns
    -------
    int
        Exit code.
    """
    from bykobling.study import assess_study, read_study, writing_to  # noqa: PLC0415 - heavy
    from bykobling.study.assess import save_assessment  # noqa: PLC0415 - heavy

    files = [path.expanduser() for path in (proposals, *more)]
    heights = None if dem is None else dem.expanduser()
    given = files if heights is None else [*files, heights]
    checked = writing_to(read_study(study), folder, "assessment", given)
    with progress_bar() as progress:
        assessment = assess_study(checked, files, combinations=combinations, dem=heights, progress=progress)
        written = save_assessment(assessment, checked, folder=checked.results)
    print_assessment(console(), assessment, written)
    return 0
