"""The door every OSM file passes: is it local, is it what it says, is it safe to open."""

from __future__ import annotations

import bz2
import gzip
import os
import re
import zlib
from pathlib import Path
from typing import IO, Literal, cast

from bykobling.errors import ReadError

Format = Literal["pbf", "osm", "osm.gz", "osm.bz2", "json"]

SUFFIXES: tuple[tuple[str, Format], ...] = (
    (".osm.pbf", "pbf"),
    (".pbf", "pbf"),
    (".osm.gz", "osm.gz"),
    (".osm.bz2", "osm.bz2"),
    (".osm", "osm"),
    (".json", "json"),
)
MAX_PROLOGUE_BYTES = 1 << 20
"""An OSM XML file reaches its root element long before this."""
MAX_RATIO = 200
"""Street maps compress about 10 to 30 times; a bomb compresses a thousand times."""
MAX_UNPACKED_BYTES = 64 << 30
_FREE_UNPACKED_BYTES = 32 << 20
_CHUNK = 1 << 20
_ROOT = re.compile(rb"<\s*([A-Za-z_][\w.:-]*)")
_DECLARATION = re.compile(rb"<!\s*(DOCTYPE|ENTITY)", re.IGNORECASE)
_SORTS = "use .osm.pbf, .osm, .osm.gz, .osm.bz2 or an Overpass answer in .json"


def is_osm_path(path: str | os.PathLike[str]) -> bool:
    """Tell from its name alone whether a file would be read as OSM.

    Parameters
    ----------
    path : path
        A file, which need not exist.

    Returns
    -------
    bool
        True for ``.osm.pbf``, ``.osm`` and the like.
    """
    name = os.fspath(path).lower()
    return any(name.endswith(suffix) for suffix, _ in SUFFIXES)


def local_file(path: str | os.PathLike[str]) -> Path:
    """Return the absolute path of a readable local file.

    Raises
    ------
    ReadError
        If there is no such file. Addresses (``http://``, ``/vsicurl/``) are never opened.
    """
    text = os.fspath(path)
    if "://" in text or text.startswith("/vsi"):
        raise ReadError(f"{text}: not a local file. Remedy: download it first and give its path.")
    file = Path(text)
    if file.is_dir():
        raise ReadError(f"{text}: a folder, not a file. Remedy: give the OSM file inside it.")
    if not file.is_file():
        raise ReadError(f"{text}: there is no such file. Remedy: check the path, relative to {Path.cwd()}.")
    if file.stat().st_size == 0:
        raise ReadError(f"{text}: the file is empty (0 bytes). Remedy: download it again.")
    return file.resolve()


def check_source(path: str | os.PathLike[str]) -> tuple[Path, Format]:
    """Find out what the file is and refuse it when it is not that, or when it is hostile.

    Returns
    -------
    tuple of Path and format

    Raises
    ------
    ReadError
        For a missing file, an unknown suffix, content that is not what the suffix says, an XML document type
        or entity declaration, or an archive that unpacks to an absurd size.
    """
    file = local_file(path)
    name = file.name.lower()
    kind = next((kind for suffix, kind in SUFFIXES if name.endswith(suffix)), None)
    if kind is None:
        raise ReadError(f"{file.name}: unknown kind of OSM file. Remedy: {_SORTS}.")
    if kind == "pbf":
        _check_pbf(file)
    elif kind == "json":
        _check_json(file)
    else:
        _check_xml(file, kind)
    return file, kind


def _check_pbf(file: Path) -> None:
    with file.open("rb") as stream:
        head = stream.read(64)
    if b"OSMHeader" not in head[:32]:
        raise ReadError(f"{file.name}: not an OSM PBF file (no OSMHeader at its start). Remedy: {_SORTS}.")


def _check_json(file: Path) -> None:
    with file.open("rb") as stream:
        head = stream.read(256).lstrip(b"\xef\xbb\xbf \t\r\n")
    if not head.startswith(b"{"):
        raise ReadError(f"{file.name}: not an Overpass answer (it does not start with {{). Remedy: {_SORTS}.")


def _open(file: Path, kind: Format) -> IO[bytes]:
    if kind == "osm.gz":
        return cast("IO[bytes]", gzip.open(file, "rb"))
    if kind == "osm.bz2":
        return bz2.open(file, "rb")
    return file.open("rb")


def _check_xml(file: Path, kind: Format) -> None:
    try:
        with _open(file, kind) as stream:
            _check_prologue(file, stream)
        if kind != "osm":
            _check_unpacked_size(file, kind)
    except (OSError, EOFError, zlib.error) as error:
        if isinstance(error, ReadError):
            raise
        raise ReadError(
            f"{file.name}: the archive is damaged or cut short ({error}). Remedy: download it again."
        ) from error


def _check_prologue(file: Path, stream: IO[bytes]) -> None:
    """Read up to the root element: only there can XML declare entities."""
    head = b""
    while len(head) < MAX_PROLOGUE_BYTES:
        chunk = stream.read(1 << 16)
        head += chunk
        if b"\x00" in head[:4096] or head[:2] in {b"\xff\xfe", b"\xfe\xff"}:
            raise ReadError(f"{file.name}: not OSM XML in UTF-8. Remedy: {_SORTS}.")
        text = re.sub(rb"<!--.*?-->", b"", head, flags=re.DOTALL)
        if _DECLARATION.search(text):
            raise ReadError(
                f"{file.name}: the XML declares a document type or entities, which OSM files never do "
                "(an entity bomb would fill the memory). Remedy: remove the declaration or download the file again."
            )
        root = _ROOT.search(text)
        if root is not None and root.end() < len(text):
            if root.group(1) not in {b"osm", b"osmChange"}:
                raise ReadError(
                    f"{file.name}: the root element is <{root.group(1).decode(errors='replace')}>, not <osm>. "
                    f"Remedy: {_SORTS}."
                )
            return
        if not chunk:
            break
    raise ReadError(f"{file.name}: no <osm> element at its start, so not OSM XML. Remedy: {_SORTS}.")


def _check_unpacked_size(file: Path, kind: Format) -> None:
    packed = file.stat().st_size
    limit = min(MAX_UNPACKED_BYTES, max(_FREE_UNPACKED_BYTES, packed * MAX_RATIO))
    unpacked = 0
    with _open(file, kind) as stream:
        while chunk := stream.read(_CHUNK):
            unpacked += len(chunk)
            if unpacked > limit:
                raise ReadError(
                    f"{file.name}: {packed:,} bytes unpack to more than {limit:,}, which no street map does. "
                    "Remedy: unpack it yourself if you trust it, or download it again."
                )
