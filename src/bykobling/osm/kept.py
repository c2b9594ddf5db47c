"""What one pass over an OSM file keeps, whatever kind of file it is."""

from __future__ import annotations

import gc
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from bykobling.osm import overpass
from bykobling.osm.scan import Scan, scan
from bykobling.osm.source import check_source

if TYPE_CHECKING:
    import os
    from collections.abc import Iterator

    from bykobling._types import Progress


KEPT_OF = "bykobling.osm.kept:kept_of"
"""As a second process is asked for it."""


class Kept(NamedTuple):
    """What is kept of a file, its name, and sentences about what was left out."""

    scan: Scan
    name: str
    notes: tuple[str, ...]


def kept_of(path: str | os.PathLike[str], *, ferries: bool, progress: Progress | None) -> Kept:
    """Check a file and go through it once.

    Parameters
    ----------
    path : path
        As `bykobling.osm.read_osm`.
    ferries : bool
        Whether ferry routes count as streets.
    progress : callable or None
        ``progress(done, total, message)``.

    Returns
    -------
    Kept
        Flat arrays and records: little to hand from one process to another.

    Raises
    ------
    ReadError
        If the file is missing, truncated, not OSM data, or hostile.
    """
    file, kind = check_source(path)
    with without_collecting():
        if kind != "json":
            return Kept(scan(file, name=file.name, ferries=ferries, progress=progress), file.name, ())
        with tempfile.TemporaryDirectory(prefix="bykobling-") as folder:
            target = Path(folder) / "answer.osm.pbf"
            notes = overpass.to_pbf(file, target)
            return Kept(scan(target, name=file.name, ferries=ferries, progress=progress), file.name, notes)


@contextmanager
def without_collecting() -> Iterator[None]:
    """Keep Python from looking for cycles: again and again it would go through records that pile up and hold none."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
