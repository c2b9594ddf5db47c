"""Commands on a study: run, check, demo, fetch, init, indicators, compare."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from bykobling.cli.app import EXIT_INPUT, app
from bykobling.cli.printed import console, print_comparison, print_faults, print_summary, progress_bar
from bykobling.errors import OutputError

if TYPE_CHECKING:
    from bykobling.study import Study


@app.command
def run(study: Path, *, folder: Path | None = None) -> int:
    """Run a study and write tables, a styled GeoPackage and a report.

    Parameters
    ----------
    study : Path
        A study.toml, or a folder holding one.
    folder : Path
        Write results here instead of the folder the study names.

    Returns
    -------
    int
        Exit code.
    """
    from bykobling.study import read_study  # noqa: PLC0415 - heavy

    _run(read_study(study), folder)
    return 0


@app.command
def check(study: Path) -> int:
    """Read everything a study needs and list every fault, without measuring.

    Parameters
    ----------
    study : Path
        A study.toml, or a folder holding one.

    Returns
    -------
    int
        Exit code.
    """
    from bykobling.study import look_at_study, read_study  # noqa: PLC0415 - heavy

    with progress_bar() as progress:
        checked = look_at_study(read_study(study), progress=progress)
    out = console()
    for sentence in checked.timetable:
        out.print(sentence, markup=False, highlight=False, soft_wrap=True)
    print_faults(out, list(checked.faults))
    errors = sum(fault.severity == "error" for fault in checked.faults)
    if errors:
        out.print(f"{errors} to mend before the study can run.", style="bold", markup=False)
        return EXIT_INPUT
    out.print(f"{study} can run.", style="bold", markup=False, highlight=False, soft_wrap=True)
    return 0


@app.command
def demo(*, folder: Path = Path("bykobling-demo")) -> int:
    """Run the shipped study of Monaco.

    Parameters
    ----------
    folder : Path
        Where results go.

    Returns
    -------
    int
        Exit code.
    """
    from bykobling.datasets import demo_folder  # noqa: PLC0415 - beside its only use
    from bykobling.study import read_study  # noqa: PLC0415 - heavy

    _run(read_study(demo_folder()), folder.expanduser().absolute())
    return 0


@app.command
def fetch(
    place: str,
    *,
    output: Annotated[Path, Parameter(name=["--output", "-o"])],
    margin_m: float = 1500.0,
    nominatim_url: str | None = None,
    overpass_url: str | None = None,
) -> int:
    """Bring the map of a place, its administrative areas and a study file.

    Parameters
    ----------
    place : str
        A name, such as "Nørrebro, København".
    output : Path
        Folder to bring it to.
    margin_m : float
        Metres to bring around the place.
    nominatim_url : str
        Another Nominatim server than the public one.
    overpass_url : str
        Another Overpass server than the public one.

    Returns
    -------
    int
        Exit code.
    """
    from bykobling.fetch import fetch_place  # noqa: PLC0415 - heavy

    with progress_bar() as progress:
        brought = fetch_place(
            place,
            output,
            margin_m=margin_m,
            nominatim_url=nominatim_url,
            overpass_url=overpass_url,
            progress=progress,
        )
    out = console()
    size = f"{brought.size_bytes / 1e6:.1f} MB"
    out.print(f"{brought.display_name}: {size} of OSM, {brought.n_areas} areas", markup=False, highlight=False)
    out.print(f"Next: bykobling run {brought.study}", markup=False, highlight=False, soft_wrap=True)
    return 0


@app.command
def init(folder: Path) -> int:
    """Write a commented example of a study file.

    Parameters
    ----------
    folder : Path
        Folder to write study.toml into; made where absent.

    Returns
    -------
    int
        Exit code.
    """
    from bykobling.datasets import example_study  # noqa: PLC0415 - beside its only use

    path = folder.expanduser() / "study.toml"
    text = example_study()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        # "x" never writes over a study someone has worked on
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        raise OutputError(f"{path} exists and is not overwritten. Remedy: choose another folder.") from None
    except OSError as error:
        remedy = "Remedy: choose another folder, or change its permissions."
        raise OutputError(f"{path} cannot be written ({error.strerror}). {remedy}") from error
    console().print(f"Wrote {path}", markup=False, highlight=False, soft_wrap=True)
    return 0


@app.command
def indicators() -> int:
    """List the indicators a run gives.

    Returns
    -------
    int
        Exit code.
    """
    from bykobling.indicators import INDICATORS  # noqa: PLC0415 - beside its only use

    out = console()
    for one in INDICATORS:
        row = "\t".join((one.name, one.unit, f"{one.better} is better", one.label_en, one.source))
        out.print(row, markup=False, highlight=False, soft_wrap=True)
    return 0


@app.command
def compare(
    before: Path, after: Path, *, output: Annotated[Path | None, Parameter(name=["--output", "-o"])] = None
) -> int:
    """Compare the results of two runs: how much of the gap of vulnerable areas to the rest is closed.

    Parameters
    ----------
    before : Path
        Folder of results before a change.
    after : Path
        Folder of results after it.
    output : Path
        Write comparison_areas.csv and comparison_gaps.csv to this folder.

    Returns
    -------
    int
        Exit code.
    """
    from bykobling.study.compare import compare_results, write_comparison  # noqa: PLC0415 - heavy

    comparison = compare_results(before.expanduser(), after.expanduser())
    if output is not None:
        write_comparison(comparison, output.expanduser())
    print_comparison(comparison)
    if output is not None:
        console().print(f"Tables: {output}", markup=False, highlight=False, soft_wrap=True)
    return 0


def _run(study: Study, folder: Path | None) -> None:
    from bykobling._second import Second  # noqa: PLC0415 - beside its only use

    if folder is not None:
        # the folder given counts from the start: a long run must not end at a folder that cannot be written
        study = dataclasses.replace(study, results=folder)
    with Second() as second:
        # loaded while the second one starts, and then while it begins
        from bykobling.study.ahead import ask_ahead  # noqa: PLC0415

        ask_ahead(study, second)
        from bykobling.study import run_study, save_results  # noqa: PLC0415

        with progress_bar() as progress:
            results = run_study(study, progress=progress, second=second)
            written = save_results(results, study, second=second)
    print_summary(results, written)
