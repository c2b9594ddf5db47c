"""What a result was made from: inputs with checksums, versions, parameters, timings."""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib
import platform
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bykobling.study.model import Study

LIBRARIES = ("geopandas", "numba", "numpy", "osmium", "pandas", "pyogrio", "pyproj", "scipy", "shapely")
_BLOCK_BYTES = 1 << 20


def input_record(path: Path) -> dict[str, Any]:
    """Return name, size and checksum of a file.

    Parameters
    ----------
    path : Path
        A file.

    Returns
    -------
    dict
        ``file``, ``size_bytes``, ``sha256``.
    """
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while block := stream.read(_BLOCK_BYTES):
            digest.update(block)
    return {"file": path.name, "size_bytes": path.stat().st_size, "sha256": digest.hexdigest()}


def versions() -> dict[str, str]:
    """Return the versions of bykobling, Python and the main libraries.

    Returns
    -------
    dict of str to str
        Version by name.
    """
    from bykobling import __version__  # noqa: PLC0415 - would import the package from within itself

    found = {"bykobling": __version__, "python": platform.python_version()}
    return found | {name: metadata.version(name) for name in LIBRARIES}


def parameters(study: Study) -> dict[str, Any]:
    """Return every setting of a study as resolved, defaults included.

    Parameters
    ----------
    study : Study
        From `read_study`.

    Returns
    -------
    dict
        Plain values; paths as file names, since folders are nobody's business.
    """
    table = _plain(dataclasses.asdict(study))
    return {key: value for key, value in table.items() if key not in {"path", "results"}}


def run_record(study: Study, *, seconds: dict[str, float], crs: str, counts: dict[str, int]) -> dict[str, Any]:
    """Return what is written to ``run.json``; `finished` and timings alone differ between equal runs.

    Parameters
    ----------
    study : Study
        What was run.
    seconds : dict of str to float
        Time each step took.
    crs : str
        Coordinate reference system of the results.
    counts : dict of str to int
        Rows read, and how many were unlinked.

    Returns
    -------
    dict
        Plain values.
    """
    return {
        "title": study.title,
        "finished": dt.datetime.now(tz=dt.UTC).isoformat(timespec="seconds"),
        "versions": versions(),
        "crs": crs,
        "inputs": [input_record(path) for path in study.input_files()],
        "parameters": parameters(study),
        "counts": counts,
        "timings_s": seconds,
    }


def _plain(value: object) -> Any:  # noqa: ANN401 - JSON
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, Path):
        return value.name
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, str) or not hasattr(value, "__iter__"):
        return value
    return [_plain(item) for item in _items(value)]


def _items(value: Any) -> Iterable[Any]:  # noqa: ANN401 - a list or a tuple
    return value if isinstance(value, list | tuple) else sorted(value)
