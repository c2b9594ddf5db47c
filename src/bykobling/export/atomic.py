"""All or nothing: a folder of results changes in one go at the end, or not at all."""

from __future__ import annotations

import errno
import os
import shutil
import tempfile
import time
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from bykobling.errors import BykoblingError, OutputError

if TYPE_CHECKING:
    from collections.abc import Iterator

_REMEDIES = {
    errno.ENOSPC: "free some space on the disk, or choose a folder on another one",
    errno.EDQUOT: "free some space in your quota, or choose a folder on another disk",
    errno.EFBIG: "choose a folder on a disk that allows larger files",
    errno.EACCES: "close the file in QGIS or Excel, or choose a folder you may write to",
    errno.EPERM: "close the file in QGIS or Excel, or choose a folder you may write to",
    errno.EROFS: "choose a folder on a disk that is not read-only",
    errno.ENOTDIR: "choose a folder, not a file",
    errno.EEXIST: "choose a folder, not a file",
    errno.ENAMETOOLONG: "choose a shorter folder name",
}
_STAGING = ".bykobling-"
_STALE_S = 3600.0
# SQLite keeps these beside an open GeoPackage; left behind they would be read into the new one and spoil it.
_SQLITE_COMPANIONS = ("-wal", "-shm", "-journal")


@contextmanager
def atomic_folder(folder: str | os.PathLike[str]) -> Iterator[Path]:
    """Give a temporary folder whose files replace those in ``folder`` only if everything went well.

    The temporary folder lies inside ``folder`` so that a rename never crosses disks. At the end every file is
    flushed to disk and renamed with ``os.replace``; should one rename fail, those already done are undone. After
    any failure, also Ctrl-C, the files of an earlier run are as they were and nothing temporary is left.

    Parameters
    ----------
    folder : path-like
        Where the results go; made where absent, with its parents.

    Yields
    ------
    Path
        The temporary folder to write in.

    Raises
    ------
    OutputError
        Where the disk is full, the folder is a file or may not be written to, or a file is held open elsewhere.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> target = Path(tempfile.mkdtemp()) / "results"
    >>> with atomic_folder(target) as staging:
    ...     _ = (staging / "answer.txt").write_text("42")
    >>> (target / "answer.txt").read_text()
    '42'
    """
    target = Path(folder)
    made: list[Path] = []
    staging: Path | None = None
    done = False
    try:
        made = _make_folder(target)
        _clear_stale(target)
        staging = Path(tempfile.mkdtemp(prefix=_STAGING, dir=target))
        fresh = staging / "new"
        fresh.mkdir()
        yield fresh
        _move_in(fresh, target, staging / "old")
        done = True
    except BykoblingError:
        raise
    except OSError as error:
        raise _output_error(target, error) from error
    finally:
        if staging is not None:
            shutil.rmtree(staging, ignore_errors=True)
        if not done:
            for path in reversed(made):
                with suppress(OSError):
                    path.rmdir()


def _clear_stale(target: Path) -> None:
    """Remove what a run that was killed left behind; a younger folder may belong to a run under way."""
    for path in target.glob(f"{_STAGING}*"):
        with suppress(OSError):
            if time.time() - path.stat().st_mtime > _STALE_S:
                shutil.rmtree(path)


def _make_folder(target: Path) -> list[Path]:
    """Make a folder with its parents and tell which are new."""
    missing = [path for path in (target, *target.parents) if not path.exists()]
    target.mkdir(parents=True, exist_ok=True)
    return missing[::-1]


def _move_in(fresh: Path, target: Path, backup: Path) -> None:
    """Rename each new file into place; undo all where one fails."""
    files = sorted(path for path in fresh.rglob("*") if path.is_file())
    for path in files:
        _flush(path)
    undo: list[tuple[Path, Path | None]] = []
    try:
        for path in files:
            name = path.relative_to(fresh)
            _set_aside(target / name, backup / name, undo)
            undo.append((target / name, None))
            path.replace(target / name)
    except BaseException:
        for place, kept in reversed(undo):
            if kept is None:
                place.unlink(missing_ok=True)
            else:
                kept.replace(place)
        raise


def _set_aside(place: Path, kept: Path, undo: list[tuple[Path, Path | None]]) -> None:
    """Rename an earlier file, and what SQLite keeps beside it, out of the way."""
    kept.parent.mkdir(parents=True, exist_ok=True)
    place.parent.mkdir(parents=True, exist_ok=True)
    names = ["", *_SQLITE_COMPANIONS] if place.suffix == ".gpkg" else [""]
    for ending in names:
        old, aside = place.with_name(place.name + ending), kept.with_name(kept.name + ending)
        if old.is_dir():
            raise IsADirectoryError(errno.EISDIR, "a folder stands where a file should go", str(old))
        if old.exists():
            old.replace(aside)
            undo.append((old, aside))


def _flush(path: Path) -> None:
    """Ask the disk to hold the file before its name changes."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def _output_error(target: Path, error: OSError) -> OutputError:
    """Say which file, why, and what to do."""
    reason = error.strerror or str(error)
    remedy = _REMEDIES.get(error.errno or 0, "check the folder and the disk, then run again")
    if target.exists() and not target.is_dir():
        reason, remedy = "it is a file, not a folder", "choose a folder, not a file"
    return OutputError(
        f"{target}: the results cannot be written: {reason}. "
        f"Results of an earlier run there are untouched. Remedy: {remedy}."
    )
