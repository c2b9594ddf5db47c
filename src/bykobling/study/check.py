"""Look at everything a run would read, and say what is wrong with it."""

from __future__ import annotations

import dataclasses
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bykobling.errors import Fault, InputError
from bykobling.study.inputs import Inputs, read_inputs

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from bykobling._types import Progress
    from bykobling.study.model import Study

_ISLAND_SHARE = 0.02


WRITTEN = (
    "results.gpkg", "areas.csv", "areas.parquet", "shares.csv", "gaps.csv", "barriers.csv", "report.html", "run.json",
)  # fmt: skip
"""What a run writes into its folder."""


@dataclass(frozen=True)
class Checked:
    """What was found by looking at everything a run would read.

    Parameters
    ----------
    faults : tuple of Fault
        Errors, then warnings, each in the order found; empty where all is well.
    timetable : tuple of str
        Sentences on what the timetable covers; empty where the study names none, or it cannot be used.
    """

    faults: tuple[Fault, ...]
    timetable: tuple[str, ...] = ()


def look_at_study(study: Study, *, progress: Progress | None = None) -> Checked:
    """Read every input of a study, list every fault and tell what its timetable covers, without measuring anything.

    Parameters
    ----------
    study : Study
        From `read_study`.
    progress : callable, optional
        ``progress(done, total, message)``.

    Returns
    -------
    Checked
    """
    inputs, found = read_inputs(study, progress=progress)
    faults = [*found, *folder_faults(study.results), *overwrite_faults(study, study.results)]
    timetable: tuple[str, ...] = ()
    if inputs is not None:
        faults += _about_residents(study, inputs)
        faults += _about_islands(study, inputs)
        faults += [
            Fault(
                study.osm.file.name, "", note.rstrip("."), "nothing needs doing if that is as it should be", "warning"
            )
            for note in inputs.extract.notes
        ]
        timetable = inputs.day.account(inputs.extract) if inputs.day is not None else ()
    return Checked(tuple(sorted(faults, key=lambda fault: fault.severity == "warning")), timetable)


def check_study(study: Study, *, progress: Progress | None = None) -> list[Fault]:
    """Read every input of a study and list every fault, without measuring anything.

    Parameters
    ----------
    study : Study
        From `read_study`.
    progress : callable, optional
        ``progress(done, total, message)``.

    Returns
    -------
    list of Fault
        Errors, then warnings, each in the order found; empty where all is well.
    """
    return list(look_at_study(study, progress=progress).faults)


def folder_faults(folder: Path) -> list[Fault]:
    """Tell whether results can be written, without writing.

    Parameters
    ----------
    folder : Path
        Folder for results, which need not exist.

    Returns
    -------
    list of Fault
        At most one.
    """
    above = folder
    while not above.exists() and above != above.parent:
        above = above.parent
    if not above.is_dir():
        return [Fault(str(folder), "", f"{above} is a file, not a folder", "choose another folder for results")]
    if not os.access(above, os.W_OK | os.X_OK):
        return [Fault(str(folder), "", "it cannot be written", "choose another folder, or change its permissions")]
    return []


def overwrite_faults(study: Study, folder: Path) -> list[Fault]:
    """Find inputs of a study that its results would replace.

    Parameters
    ----------
    study : Study
        Names the inputs.
    folder : Path
        Folder for results.

    Returns
    -------
    list of Fault
        One an input.
    """
    written = {(folder / name).resolve() for name in WRITTEN}
    rule, remedy = "the results would replace this input", "choose another folder for results"
    return [Fault(str(path), "", rule, remedy) for path in study.input_files() if path.resolve() in written]


def _about_residents(study: Study, inputs: Inputs) -> list[Fault]:
    from bykobling.study.residents import area_of, make_residents  # noqa: PLC0415 - needed here alone

    residents, notes = make_residents(inputs.extract, inputs.areas, inputs.population)
    faults = []
    if study.population is None:
        rule = " ".join(note.text for note in notes).rstrip(".") or "no residents were found"
        faults.append(
            Fault(study.path.name, "[population]", rule, "name a population layer if there is one", "warning")
        )
    lived_in = set(residents["area_id"])
    empty = [ident for ident in inputs.areas.index if ident not in lived_in]
    if empty:
        rule = f"nobody lives in {len(empty)} areas ({', '.join(map(str, empty[:5]))}): they get no numbers"
        file = (study.areas.file or study.osm.file).name
        faults.append(Fault(file, "", rule, "check the population layer, or leave them out", "warning"))
    places = sum(one is not None for one in area_of(inputs.destinations.geometry, inputs.areas))
    if not places:
        rule = "none of the places to reach lies in an area"
        faults.append(Fault(study.path.name, "", rule, "check the CRS of your layers", "warning"))
    return faults


def _about_islands(study: Study, inputs: Inputs) -> list[Fault]:
    from bykobling.network import Network  # noqa: PLC0415 - needed here alone

    network = Network.from_streets(inputs.extract.streets, mode="walk", profile=study.walk.profile)
    outside = network.component != network.main_component
    share = float(outside.mean()) if len(outside) else 0.0
    if share <= _ISLAND_SHARE:
        return []
    rule = f"{share:.0%} of street corners are on islands, not connected to the main part"
    return [Fault(study.osm.file.name, "", rule, "see the layer `streets` of a run; bring a larger extract", "warning")]


def writing_to(study: Study, folder: Path | None, name: str, given: Sequence[Path]) -> Study:
    """Let a study be checked against the folder that will be written to; what is given may not lie in it.

    Parameters
    ----------
    study : Study
        From `read_study`.
    folder : Path or None
        Where to write; None: a folder beside the results of the study.
    name : str
        Of that folder.
    given : sequence of Path
        Files read besides those of the study.

    Returns
    -------
    Study
        With that folder as its results.

    Raises
    ------
    InputError
        If a file that is read lies in the folder that is written.
    """
    target = folder.expanduser() if folder is not None else study.results.with_name(name)
    inside = [path for path in (*given, *study.input_files()) if path.expanduser().resolve().parent == target.resolve()]
    if inside:
        rule = f"{inside[0].name} lies in {target}, where results are written"
        raise InputError(Fault(inside[0].name, "", rule, "choose another folder for results"))
    return dataclasses.replace(study, results=target)
