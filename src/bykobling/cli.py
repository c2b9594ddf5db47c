"""The terminal door: read arguments, call the library, tell what happened."""

from __future__ import annotations

import dataclasses
import gc
import signal
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import App, Parameter

from bykobling import __version__
from bykobling.errors import BykoblingError, Cancelled, InputError, OutputError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import Console

    from bykobling._types import Progress
    from bykobling.errors import Fault
    from bykobling.results import Results
    from bykobling.study import Study
    from bykobling.study.compare import Comparison

EXIT_FAILED = 1
EXIT_INPUT = 2
EXIT_STOPPED = 130
_SHOWN_AREAS = 10
_WHOLE_PERCENT = 0.095

app = App(
    name="bykobling",
    version=f"bykobling {__version__}",
    help="How cut off is each housing area, by which barrier, and what would reconnect it.",
    suppress_keyboard_interrupt=False,  # we tell it ourselves
)


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

    with _progress() as progress:
        checked = look_at_study(read_study(study), progress=progress)
    out = _console()
    for sentence in checked.timetable:
        out.print(sentence, markup=False, highlight=False, soft_wrap=True)
    _print_faults(out, list(checked.faults))
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

    with _progress() as progress:
        brought = fetch_place(
            place,
            output,
            margin_m=margin_m,
            nominatim_url=nominatim_url,
            overpass_url=overpass_url,
            progress=progress,
        )
    out = _console()
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
    _console().print(f"Wrote {path}", markup=False, highlight=False, soft_wrap=True)
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

    out = _console()
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
    _print_comparison(comparison)
    if output is not None:
        _console().print(f"Tables: {output}", markup=False, highlight=False, soft_wrap=True)
    return 0


def main() -> None:
    """Run the command line; the exit code is 0, 1 (failed), 2 (inputs to mend) or 130 (stopped)."""
    # a run makes millions of small records and hardly any rubbish in circles: looking for it takes a tenth of the time
    gc.set_threshold(1_000_000, 10, 10)
    for name in ("SIGTERM", "SIGHUP"):  # as Ctrl-C: nothing half-written is left
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.default_int_handler)
    raise SystemExit(_guarded(sys.argv[1:]))


def _guarded(arguments: list[str]) -> int:
    """Run a command; tell errors made on purpose as a list, without a traceback."""
    try:
        code = app(arguments, exit_on_error=False, print_error=True, result_action="return_value")
    except (KeyboardInterrupt, Cancelled):
        _console(stderr=True).print("stopped, nothing written", style="bold")
        return EXIT_STOPPED
    except InputError as error:
        _print_faults(_console(stderr=True), list(error.faults))
        return EXIT_INPUT
    except BykoblingError as error:
        _console(stderr=True).print(f"error: {error}", style="red", markup=False, highlight=False, soft_wrap=True)
        return EXIT_FAILED
    except BrokenPipeError:
        return EXIT_FAILED
    except Exception as error:
        # cyclopts has printed what is wrong with the arguments
        if type(error).__module__.partition(".")[0] == "cyclopts":
            return EXIT_INPUT
        raise
    return code if isinstance(code, int) else 0


def _run(study: Study, folder: Path | None) -> None:
    from bykobling.study import run_study, save_results  # noqa: PLC0415 - heavy

    if folder is not None:
        # the folder given counts from the start: a long run must not end at a folder that cannot be written
        study = dataclasses.replace(study, results=folder)
    # the report draws with matplotlib, which is loaded while the second core has little to do
    with _progress() as progress, ThreadPoolExecutor(1) as pool:
        pool.submit(import_module, "bykobling.report")
        results = run_study(study, progress=progress)
        written = save_results(results, study)
    _print_summary(results, written)


def _print_summary(results: Results, folder: Path) -> None:
    from rich.table import Table  # noqa: PLC0415 - slow to load
    from rich.text import Text  # noqa: PLC0415 - slow to load

    from bykobling.study.assemble import headline_of  # noqa: PLC0415 - heavy

    column = headline_of(results.areas)
    minutes = column.removesuffix("min").rpartition("_")[2]
    table = Table(title=Text(f"{results.title}: reach on foot lost to barriers, {minutes} min"))
    for heading, justify in (("area", "left"), ("lost", "right"), ("barrier to blame", "left"), ("its share", "right")):
        table.add_column(heading, justify=justify)  # type: ignore[arg-type]
    ranked = results.areas.sort_values([column, "name"], ascending=[False, True], na_position="last")
    for row in ranked.head(_SHOWN_AREAS).to_dict("records"):
        barrier = row["top_barrier"] if isinstance(row["top_barrier"], str) else "-"
        cells = (str(row["name"]), _percent(row[column]), barrier, _percent(row["top_barrier_share"]))
        # names come from data: Text never reads them as markup
        table.add_row(*(Text(cell) for cell in cells))
    out = _console()
    out.print(table)
    if len(ranked) > _SHOWN_AREAS:
        out.print(f"and {len(ranked) - _SHOWN_AREAS} more areas in areas.csv")
    cautions = sum(note.kind != "source" for note in results.notes)
    if cautions:
        out.print(f"{cautions} notes on what was assumed, missing or cut off are in the report; read them first")
    out.print(f"Report: {folder / 'report.html'}", markup=False, highlight=False, soft_wrap=True)
    out.print(f"Map:    {folder / 'results.gpkg'}", markup=False, highlight=False, soft_wrap=True)


def _print_comparison(comparison: Comparison) -> None:
    from rich.table import Table  # noqa: PLC0415 - slow to load
    from rich.text import Text  # noqa: PLC0415 - slow to load

    from bykobling.indicators import indicator_of  # noqa: PLC0415 - beside its only use

    table = Table(title="Gap between vulnerable areas and the rest")
    table.add_column("indicator", overflow="fold")
    for heading in ("unit", "gap before", "gap after", "closed"):
        table.add_column(heading, justify="left" if heading == "unit" else "right", no_wrap=True)
    for name, row in comparison.gaps.iterrows():
        known = indicator_of(str(name))
        numbers = ("-" if value != value else f"{value:.3g}" for value in (row["gap_before"], row["gap_after"]))  # noqa: PLR0124
        # adding 0 turns a rounded -0 into 0
        closed = f"{round(row['gap_closed'], 2) + 0.0:.0%}" if row["comparable"] else "-"
        table.add_row(*(Text(cell) for cell in (str(name), known.unit if known else "", *numbers, closed)))
    out = _console()
    out.print(table)
    for sentence in comparison.sentences:
        out.print(sentence, markup=False, highlight=False, soft_wrap=True)
    out.print(f"{comparison.n_halved} of {comparison.n_comparable} gaps halved", style="bold", highlight=False)


def _percent(share: float) -> str:
    if share != share:  # noqa: PLR0124 - NaN alone differs from itself
        return "-"
    return f"{share:.0%}" if share >= _WHOLE_PERCENT else f"{share:.1%}"


def _print_faults(out: Console, faults: list[Fault]) -> None:
    for fault in faults:
        style = "red" if fault.severity == "error" else "yellow"
        out.print(f"{fault.severity}: {fault}", style=style, markup=False, highlight=False, soft_wrap=True)


def _console(*, stderr: bool = False) -> Console:
    from rich.console import Console  # noqa: PLC0415 - slow to load

    return Console(stderr=stderr)


@contextmanager
def _progress() -> Iterator[Progress]:
    """Draw one bar on the terminal, nothing where there is none."""
    from rich.progress import BarColumn, TextColumn, TimeElapsedColumn  # noqa: PLC0415 - slow to load
    from rich.progress import Progress as Bar  # noqa: PLC0415 - slow to load

    columns = (TextColumn("{task.description}", markup=False), BarColumn(), TimeElapsedColumn())
    console = _console(stderr=True)
    with Bar(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("", total=None)

        def tell(done: int, total: int, message: str) -> None:
            bar.update(task, completed=done, total=total, description=message)

        yield tell
