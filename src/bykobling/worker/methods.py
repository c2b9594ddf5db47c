"""What can be asked, by name."""

from __future__ import annotations

import platform
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from bykobling import __version__
from bykobling.errors import Fault, InputError
from bykobling.worker import links, studies
from bykobling.worker.rpc import path_text

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bykobling.worker.jobs import Job
    from bykobling.worker.memory import Memory
    from bykobling.worker.params import Params

PROTOCOL = 1


@dataclass(frozen=True)
class Call:
    """What a method works with besides its params.

    Parameters
    ----------
    job : Job
        Takes progress, and stops the work by raising in it.
    memory : Memory
        Studies kept between requests.
    """

    job: Job
    memory: Memory


Method: TypeAlias = "Callable[[Params, Call], dict[str, Any]]"


def hello(known: Sequence[str]) -> dict[str, Any]:
    """Tell who answers.

    Parameters
    ----------
    known : sequence of str
        Methods.

    Returns
    -------
    dict
        ``bykobling``, ``protocol``, ``python``, ``platform``, ``methods``.
    """
    return {
        "bykobling": __version__,
        "protocol": PROTOCOL,
        "python": platform.python_version(),
        "platform": platform.platform(),
        "methods": sorted(known),
    }


def sample(params: Params, call: Call) -> dict[str, Any]:
    """Copy the shipped study of Monaco into a folder.

    Parameters
    ----------
    params : Params
        ``folder``.
    call : Call
        The job.

    Returns
    -------
    dict
        ``study``, the path of its study file.
    """
    from bykobling.datasets import demo_folder  # noqa: PLC0415 - beside its only use
    from bykobling.export import atomic_folder  # noqa: PLC0415 - heavy

    folder = params.path("folder")
    params.close()
    if (folder / "study.toml").exists():
        rule = f"{folder / 'study.toml'} exists and is not overwritten"
        raise InputError(Fault("sample", "folder", rule, "choose an empty folder"))
    files = [path for path in sorted(demo_folder().iterdir()) if path.is_file() and path.suffix != ".py"]
    with atomic_folder(folder) as staging:
        for number, path in enumerate(files):
            call.job.progress(number, len(files), f"copying {path.name}")
            shutil.copyfile(path, staging / path.name)
    return {"study": path_text(folder / "study.toml")}


def make_study(params: Params, call: Call) -> dict[str, Any]:
    """Write a study file for given inputs.

    Parameters
    ----------
    params : Params
        Those of `bykobling.study.make.StudyInputs`, and ``folder``, ``overwrite``.
    call : Call
        The job.

    Returns
    -------
    dict
        ``study``, the path of the study file; ``faults``, warnings about what it names.
    """
    from bykobling.study import make  # noqa: PLC0415 - heavy
    from bykobling.worker.rpc import faults_of  # noqa: PLC0415

    folder = params.path("folder")
    overwrite = params.value("overwrite", bool, default=False)
    given = {name: params.raw(name) for name in make.INPUTS}
    params.close()
    call.job.progress(0, 1, "looking at the layers")
    made = make.make_study(
        folder, {name: value for name, value in given.items() if value is not None},
        overwrite=overwrite, progress=call.job.progress,
    )  # fmt: skip
    return {"study": path_text(made.path), "faults": faults_of(made.faults)}


METHODS: dict[str, Method] = {
    "sample": sample,
    "make_study": make_study,
    "check": studies.check,
    "run": studies.run,
    "find": studies.find,
    "assess": studies.assess,
    "isochrone": studies.isochrone,
    "noise_screening": studies.noise_screening,
    "load_study": links.load_study,
    "assess_link": links.assess_link,
}
"""Every long job; `hello`, `ping`, `cancel` and `shutdown` are answered beside them."""
