"""Command on noise: a screening map where none exists."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003 - cyclopts reads the hints
from typing import Annotated

from cyclopts import Parameter

from bykobling.cli.app import app
from bykobling.cli.printed import console, print_screened, progress_bar


@app.command
def noise(
    study: Path,
    *,
    folder: Annotated[Path | None, Parameter(name=["--output", "-o"])] = None,
    cell_m: float = 10.0,
    known_levels: Path | None = None,
    resume: bool = True,
) -> int:
    """Estimate a map of road noise from traffic (screening, +-5 dB), where no official one exists.

    Writes lden.tif, lnight.tif and a picture. Stopped, it goes on from there when it is run again.

    Parameters
    ----------
    study : Path
        A study.toml, or a folder holding one; [noise_screening] in it tells the settings, [traffic] the counts.
    folder : Path
        Write here instead of "noise" beside the results of the study.
    cell_m : float
        Size of a cell in metres.
    known_levels : Path
        Points with a column "lden": official levels that the estimate is corrected by, class of road by class.
    resume : bool
        Go on with what an interrupted run left.

    Returns
    -------
    int
        Exit code.
    """
    from bykobling.report import write_noise_picture  # noqa: PLC0415 - matplotlib is slow to load
    from bykobling.study import read_study, screen_study  # noqa: PLC0415 - heavy

    checked = read_study(study)
    target = folder.expanduser() if folder is not None else checked.results.with_name("noise")
    with progress_bar() as progress:
        made = screen_study(checked, target, cell_m=cell_m, known_levels=known_levels, resume=resume, progress=progress)
        write_noise_picture(made.grid, made.areas, target / "noise.png")
    print_screened(console(), made)
    return 0
