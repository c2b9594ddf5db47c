"""Travel times of any number of places, written as Parquet shards that a later run goes on from.

::

    folder/
        manifest.json               what the times were made of: fingerprints, settings, window, ids
        shards/part-00000.parquet   a block of origins: origin_id, destination_id, p25, p50, ... minutes
        shards/part-00001.parquet

A shard gets its name when it is whole, so one that is there is finished; ``pandas.read_parquet(folder / "shards")``
reads them all.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from dataclasses import asdict, dataclass
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from bykobling._kernels import transit as kernels
from bykobling.errors import Fault, InputError, OutputError
from bykobling.network.links import Links
from bykobling.transit.search import Task, blocks, ranks_of, searcher
from bykobling.transit.times import MEDIAN, as_minutes
from bykobling.transit.window import Window

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from bykobling._types import Progress
    from bykobling.network.snapping import Snap
    from bykobling.transit.network import TransitNetwork

MANIFEST = "manifest.json"
SHARDS = "shards"
_KEY = b"bykobling_manifest"
_CELLS = 32_000_000
"""Travel times held at once: a shard has as many origins as this allows."""
_MOST_ORIGINS = 1024
_GROUP = 1_000_000
"""Pairs of one row group, made into text at once."""


@dataclass(frozen=True)
class Shards:
    """Travel times on disk.

    Parameters
    ----------
    folder : Path
        Holds ``manifest.json`` and the shards.
    files : tuple of Path
        Shards in order.
    written, kept : int
        How many this run wrote, and how many it found finished.
    """

    folder: Path
    files: tuple[Path, ...]
    written: int
    kept: int


def write_travel_times(
    transit: TransitNetwork,
    origins: Snap,
    destinations: Snap | Links,
    folder: str | os.PathLike[str],
    *,
    window: Window | None = None,
    percentiles: Sequence[float] = MEDIAN,
    origin_ids: Sequence[Any] | None = None,
    destination_ids: Sequence[Any] | None = None,
    origins_per_shard: int | None = None,
    resume: bool = True,
    progress: Progress | None = None,
) -> Shards:
    """Write travel times as shards, one block of origins after the other; memory does not grow with their number.

    Parameters
    ----------
    transit, origins, destinations : object
        As for `transit_travel_time`.
    folder : path-like
        Made where absent.
    window, percentiles : object
        As for `transit_travel_time`.
    origin_ids, destination_ids : sequence of str or int, optional
        Names of the places, each once; numbers from 0 by default.
    origins_per_shard : int, optional
        By default as many as a shard of 32 million times has (destinations, where the window tells arrivals).
    resume : bool
        Whether shards that are there are kept, if they were made of the same; False: the folder's manifest and shards
        are replaced.
    progress : callable, optional
        ``progress(done, total, message)`` in origins (destinations, where the window tells arrivals).

    Returns
    -------
    Shards
        Pairs reached at one of the percentiles at least; minutes as float32, missing at those they are not.

    Raises
    ------
    InputError
        Times of something else are in the folder; ids that do not fit.
    OutputError
        The folder cannot be written to. Finished shards stay.
    """
    moments = window or Window()
    ranks_of(percentiles, moments.count)
    names = (
        _checked_ids(origin_ids, len(origins), "origin_ids"),
        _checked_ids(destination_ids, len(destinations), "destination_ids"),
    )
    if moments.arrive_by and isinstance(destinations, Links):
        rule = "destinations of many links cannot be searched backwards from"
        raise InputError(Fault("destinations", "", rule, "snap points, or give a window of departures"))
    job = _Job(transit, origins, destinations, moments, tuple(float(p) for p in percentiles), names)
    size = _shard_size(job.cells, origins_per_shard)
    plan = _manifest(job, size)
    root, starts = Path(folder), np.arange(0, len(job.near), size)
    files = [root / SHARDS / f"part-{number:05d}.parquet" for number in range(len(starts))]
    schema = job.schema(hashlib.sha256(plan.encode()).hexdigest())
    with _told(root):
        _open_folder(root, plan, resume=resume)
        missing = [(int(start), path) for start, path in zip(starts, files, strict=True) if not _is_whole(path, schema)]
        written = 0
        for (start, path), minutes in zip(
            missing, job.minutes([start for start, _ in missing], size, progress), strict=True
        ):
            _write(path, job.tables(minutes, start, schema), schema)
            written += 1
    return Shards(root, tuple(files), written=written, kept=len(files) - written)


@dataclass(frozen=True, eq=False)
class _Job:
    """What is to be computed; the search starts from `near`, the origins, or the destinations of given arrivals."""

    transit: TransitNetwork
    origins: Snap
    destinations: Any
    window: Window
    percentiles: tuple[float, ...]
    names: tuple[pa.Array, pa.Array]

    @property
    def near(self) -> Snap:
        return self.destinations if self.window.arrive_by else self.origins

    @property
    def cells(self) -> int:
        """Count the times of one place the search starts from."""
        return len(self.origins if self.window.arrive_by else self.destinations) * len(self.percentiles)

    def schema(self, key: str) -> pa.Schema:
        """Give the columns of a shard."""
        fields = [("origin_id", self.names[0].type), ("destination_id", self.names[1].type)]
        fields += [(f"p{p:g}", pa.float32()) for p in self.percentiles]
        return pa.schema(fields, metadata={_KEY: key.encode()})

    def minutes(self, starts: list[int], size: int, progress: Progress | None) -> Iterator[NDArray[np.float32]]:
        """Compute the minutes (near x far x percentiles) of some shards, one after the other."""
        if not starts:
            return
        count = len(self.near)
        left = np.concatenate([np.arange(start, min(start + size, count)) for start in starts])
        done = count - len(left)

        def tell(now: int, _: int, message: str) -> None:
            if progress is not None:
                progress(done + now, count, message)

        chosen = self.near.take(left)
        origins = self.origins if self.window.arrive_by else chosen
        destinations = chosen if self.window.arrive_by else self.destinations
        ranks = ranks_of(self.percentiles, self.window.count)
        task = Task(kernels.percentiles, (self.cells // len(ranks), len(ranks)), (ranks,))
        # every shard but the very last has the same size, so the blocks of those left are the shards left
        ready = searcher(self.transit, self.window)
        for _, _, seconds in blocks(ready, origins, destinations, task, progress=tell, block=size):
            yield as_minutes(seconds, whole=self.transit.settings.whole_minutes)

    def tables(self, minutes: NDArray[np.float32], start: int, schema: pa.Schema) -> Iterator[pa.Table]:
        """Lay out the pairs that are reached, some at a time."""
        rows = max(1, _GROUP // max(1, minutes.shape[1]))
        for first in range(0, len(minutes), rows):
            part = minutes[first : first + rows]
            near, far = np.nonzero(np.isfinite(part).any(axis=2))
            times = part[near, far]
            near += first + start
            pair = (far, near) if self.window.arrive_by else (near, far)
            ids = [values.take(pa.array(number)) for values, number in zip(self.names, pair, strict=True)]
            columns = [pa.array(times[:, k], pa.float32(), from_pandas=True) for k in range(times.shape[1])]
            yield pa.Table.from_arrays([*ids, *columns], schema=schema)


def _shard_size(cells_per_origin: int, asked: int | None) -> int:
    """Choose how many origins a shard has."""
    if asked is None:
        return int(np.clip(_CELLS // max(1, cells_per_origin), 1, _MOST_ORIGINS))
    if asked < 1:
        raise InputError(Fault("origins_per_shard", "", f"{asked} is below 1", "give 1 or more, or leave it out"))
    return int(asked)


def _checked_ids(ids: Sequence[Any] | None, count: int, name: str) -> pa.Array:
    """Take names of places, each once."""
    if ids is None:
        return pa.array(np.arange(count, dtype=np.int64))
    try:
        values = pa.array(list(ids), from_pandas=True)
    except (pa.ArrowInvalid, pa.ArrowTypeError) as error:
        rule = f"they are of several kinds ({error})"
        raise InputError(Fault(name, "", rule, "give text only, or whole numbers only")) from error
    faults = []
    if len(values) and not (pa.types.is_string(values.type) or pa.types.is_integer(values.type)):
        faults.append(Fault(name, "", f"they are of type {values.type}", "give text, or whole numbers"))
    if len(values) != count:
        faults.append(Fault(name, "", f"there are {len(values)} for {count} places", "give one a place"))
    named = pd.Series(values.to_pylist(), dtype=object)
    if values.null_count:
        faults.append(Fault(name, "", f"{values.null_count} are missing", "give every place a name"))
    elif (twice := named[named.duplicated()]).size:
        rule = f"{len(twice)} are told before, the first is {twice.iloc[0]!r}"
        faults.append(Fault(name, "", rule, "give every place its own"))
    if faults:
        raise InputError(faults)
    return values


def _manifest(job: _Job, size: int) -> str:
    """Tell all that the times depend on, as text that is equal for equal input."""
    transit, places = job.transit, (job.origins, job.destinations)
    ends = {
        name: {"count": len(place), "places": _hash(_arrays(place)), "ids": _hash([ids.to_numpy(zero_copy_only=False)])}
        for name, place, ids in zip(("origins", "destinations"), places, job.names, strict=True)
    }
    manifest = {
        "bykobling": metadata.version("bykobling"),
        "network": transit.network.fingerprint(),
        "timetable": transit.timetable.fingerprint(),
        "changes": _hash([transit.walk_ptr, transit.walk_to, transit.walk_s, *_arrays(transit.links)]),
        "settings": asdict(transit.settings),
        "window": asdict(job.window),
        "percentiles": list(job.percentiles),
        **ends,
        "origins_per_shard": size,
        "shards": -(-len(job.near) // size),
    }
    return json.dumps(manifest, indent=2) + "\n"


def _arrays(place: Snap | Links) -> list[NDArray[Any]]:
    return [getattr(place, name) for name in place.__dataclass_fields__]


def _hash(arrays: Sequence[NDArray[Any]]) -> str:
    """Hash arrays with their types and shapes."""
    digest = hashlib.sha256()
    for array in arrays:
        digest.update(f"{array.dtype} {array.shape}".encode())
        digest.update(repr(array.tolist()).encode() if array.dtype == object else array.tobytes())
    return digest.hexdigest()


def _open_folder(root: Path, plan: str, *, resume: bool) -> None:
    """Write the manifest into a new folder, or find the same in an old one."""
    manifest, shards = root / MANIFEST, root / SHARDS
    remedy = "choose another folder, or pass resume=False to replace the times in it"
    if not resume:
        # without its manifest first, so that what is left after a kill is not taken for finished
        manifest.unlink(missing_ok=True)
        for path in shards.glob("part-*.parquet"):
            path.unlink()
    elif manifest.exists():
        old = manifest.read_text(encoding="utf-8", errors="replace")
        if old != plan:
            rule = f"the folder holds travel times of something else ({_differs(old, plan)})"
            raise InputError(Fault(str(root), MANIFEST, rule, remedy))
        return
    elif any(shards.glob("part-*.parquet")):
        raise InputError(Fault(str(root), SHARDS, "there are shards without a manifest", remedy))
    shards.mkdir(parents=True, exist_ok=True)
    with _renamed(manifest) as fresh:
        fresh.write_text(plan, encoding="utf-8")


def _differs(old: str, plan: str) -> str:
    """Name what two manifests differ in."""
    try:
        before, now = json.loads(old), json.loads(plan)
        names = [name for name in now if before.get(name) != now[name]]
    except (ValueError, AttributeError):
        names = []
    return f"another {', '.join(names)}" if names else f"its {MANIFEST} is not one of bykobling"


def _is_whole(path: Path, schema: pa.Schema) -> bool:
    """Tell whether a shard is there, whole and of this manifest."""
    if not path.exists():
        return False
    try:
        return bool((pq.read_schema(path).metadata or {}).get(_KEY) == schema.metadata[_KEY])
    except (pa.ArrowInvalid, OSError):
        return False  # written over


def _write(path: Path, groups: Iterator[pa.Table], schema: pa.Schema) -> None:
    """Write a shard, which gets its name when it is whole."""
    with _renamed(path) as fresh, pq.ParquetWriter(fresh, schema, compression="zstd") as writer:
        for group in groups:
            writer.write_table(group)


@contextlib.contextmanager
def _renamed(path: Path) -> Iterator[Path]:
    """Give a temporary name that becomes the path if everything went well, and leaves nothing if not."""
    fresh = path.with_name(f".{path.name}-{os.getpid()}")
    try:
        yield fresh
        with fresh.open("rb+") as file:
            os.fsync(file.fileno())
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)


@contextlib.contextmanager
def _told(root: Path) -> Iterator[None]:
    """Say what cannot be written, and what to do."""
    try:
        yield
    except OutputError:
        raise
    except OSError as error:
        rule = f"{root}: the travel times cannot be written: {error.strerror or error}"
        remedy = "free some space or choose a folder you may write to, then run again: finished shards are kept"
        raise OutputError(f"{rule}. Remedy: {remedy}.") from error
