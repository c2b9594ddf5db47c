"""What a terminal shows: bars, tables, faults."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from rich.console import Console

    from bykobling._types import Progress
    from bykobling.errors import Fault
    from bykobling.results import Assessment, FoundLinks, Results
    from bykobling.study.compare import Comparison
    from bykobling.study.screen import ScreenedNoise

_SHOWN_AREAS = 10
_WHOLE_PERCENT = 0.095


def print_summary(results: Results, folder: Path) -> None:
    """Tell the most cut-off areas of a run, and where the rest is."""
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
        cells = (str(row["name"]), percent(row[column]), barrier, percent(row["top_barrier_share"]))
        # names come from data: Text never reads them as markup
        table.add_row(*(Text(cell) for cell in cells))
    out = console()
    out.print(table)
    if len(ranked) > _SHOWN_AREAS:
        out.print(f"and {len(ranked) - _SHOWN_AREAS} more areas in areas.csv")
    cautions = sum(note.kind != "source" for note in results.notes)
    if cautions:
        out.print(f"{cautions} notes on what was assumed, missing or cut off are in the report; read them first")
    out.print(f"Report: {folder / 'report.html'}", markup=False, highlight=False, soft_wrap=True)
    out.print(f"Map:    {folder / 'results.gpkg'}", markup=False, highlight=False, soft_wrap=True)


def print_found(out: Console, found: FoundLinks, folder: Path) -> None:
    """Tell the best connections found, and where the rest is."""
    from rich.table import Table  # noqa: PLC0415 - slow to load
    from rich.text import Text  # noqa: PLC0415 - slow to load

    by = {"walk": "on foot", "bike": "by bicycle"}[found.mode]
    title = f"{found.title}: connections by what residents gain {by} within {found.cutoff_min:g} min"
    table = Table(title=Text(title))
    for heading, justify in (
        ("", "right"), ("what", "left"), ("across", "left"), ("min now", "right"), ("then", "right"),
        ("residents", "right"), ("places each", "right"), ("MDKK*", "right"),
    ):  # fmt: skip
        table.add_column(heading, justify=justify, overflow="fold")  # type: ignore[arg-type]
    for link_id, row in found.links.head(_SHOWN_AREAS).to_dict("index").items():
        across = row["barrier"] if isinstance(row["barrier"], str) else "a street gap"
        now = "no way" if row["route_min"] == float("inf") else f"{row['route_min']:.0f}"
        each = row["gain_places"] / row["residents_gaining"]
        cells = (
            str(link_id), str(row["kind"]), across, now, f"{row['link_min']:.1f}",
            f"{row['residents_gaining']:,.0f}", f"{each:.1f}", f"{row['cost_dkk'] / 1e6:.1f}",
        )  # fmt: skip
        # names come from data: Text never reads them as markup
        table.add_row(*(Text(cell) for cell in cells))
    if len(found.links):
        out.print(table)
        told = "residents who gain, places each of them newly reaches; * cost assumed unless you gave a table"
        out.print(told, markup=False, soft_wrap=True)
    else:
        out.print("No connection that could be built gives anybody anything.", markup=False)
    if len(found.links) > _SHOWN_AREAS:
        out.print(f"and {len(found.links) - _SHOWN_AREAS} more in links.csv", highlight=False)
    out.print(f"Report: {folder / 'links.html'}", markup=False, highlight=False, soft_wrap=True)
    out.print(f"Map:    {folder / 'links.gpkg'}", markup=False, highlight=False, soft_wrap=True)


def print_screened(out: Console, made: ScreenedNoise) -> None:
    """Tell where the noise maps are, what they are worth, and how a study reads them."""
    for note in made.notes:
        out.print(f"- {note}", markup=False, highlight=False)
    if made.calibration is not None:
        fit = made.calibration
        out.print(
            f"Compared with {fit.n:,} known levels: RMSE {fit.rmse_before_db:.1f} dB as estimated, "
            f"{fit.rmse_after_db:.1f} dB once each class of road is corrected.",
            markup=False, highlight=False,
        )  # fmt: skip
    out.print(f"Maps:    {made.lden} and {made.lnight.name}", markup=False, highlight=False, soft_wrap=True)
    out.print(f"Picture: {made.lden.with_name('noise.png')}", markup=False, highlight=False, soft_wrap=True)
    out.print("To let a run read them, write into study.toml instead of [noise_screening]:", markup=False)
    out.print(made.study_lines(), markup=False, highlight=False, soft_wrap=True)


def print_assessment(out: Console, assessment: Assessment, folder: Path) -> None:
    """Tell who gains and who loses by each proposal, and where the rest is."""
    from rich.table import Table  # noqa: PLC0415 - slow to load
    from rich.text import Text  # noqa: PLC0415 - slow to load

    table = Table(title=Text(f"{assessment.title}: what proposals change on foot"))
    for heading, justify in (
        ("proposal", "left"), ("gain", "right"), ("lose", "right"), ("barrier effect now", "right"), ("then", "right"),
        ("recovered", "right"), ("gaps halved", "right"),
    ):  # fmt: skip
        table.add_column(heading, justify=justify, overflow="fold")  # type: ignore[arg-type]
    for name, row in assessment.summary.iterrows():
        cells = (
            str(name), f"{row['residents_gaining']:,.0f}", f"{row['residents_losing']:,.0f}",
            percent(row["effect_before"]), percent(row["effect_after"]), percent(row["recovered_share"]),
            f"{row['gaps_closed']:.0f} of {row['gaps']:.0f}",
        )  # fmt: skip
        # names come from data: Text never reads them as markup
        table.add_row(*(Text(cell) for cell in cells))
    out.print(table)
    out.print("residents who gain or lose reach; recovered: share of what headline barriers take", soft_wrap=True)
    for note in assessment.notes:
        if note.kind == "missing":
            out.print(note.text, markup=False, highlight=False, soft_wrap=True)
    out.print(f"Report: {folder / 'report.html'}", markup=False, highlight=False, soft_wrap=True)
    out.print(f"Map:    {folder / 'assessment.gpkg'}", markup=False, highlight=False, soft_wrap=True)


def print_comparison(comparison: Comparison) -> None:
    """Tell the gaps between groups before and after."""
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
    out = console()
    out.print(table)
    for sentence in comparison.sentences:
        out.print(sentence, markup=False, highlight=False, soft_wrap=True)
    out.print(f"{comparison.n_halved} of {comparison.n_comparable} gaps halved", style="bold", highlight=False)


def percent(share: float) -> str:
    """Write a share as a percentage; a dash where it is missing."""
    if share != share:  # noqa: PLR0124 - NaN alone differs from itself
        return "-"
    return f"{share:.0%}" if share >= _WHOLE_PERCENT else f"{share:.1%}"


def print_faults(out: Console, faults: list[Fault]) -> None:
    """List faults, errors in red."""
    for fault in faults:
        style = "red" if fault.severity == "error" else "yellow"
        out.print(f"{fault.severity}: {fault}", style=style, markup=False, highlight=False, soft_wrap=True)


def console(*, stderr: bool = False) -> Console:
    """Open the terminal."""
    from rich.console import Console  # noqa: PLC0415 - slow to load

    return Console(stderr=stderr)


@contextmanager
def progress_bar() -> Iterator[Progress]:
    """Draw one bar on the terminal, nothing where there is none."""
    from rich.progress import BarColumn, TextColumn, TimeElapsedColumn  # noqa: PLC0415 - slow to load
    from rich.progress import Progress as Bar  # noqa: PLC0415 - slow to load

    columns = (TextColumn("{task.description}", markup=False), BarColumn(), TimeElapsedColumn())
    screen = console(stderr=True)
    with Bar(*columns, console=screen, transient=True, disable=not screen.is_terminal) as bar:
        task = bar.add_task("", total=None)

        def tell(done: int, total: int, message: str) -> None:
            bar.update(task, completed=done, total=total, description=message)

        yield tell
