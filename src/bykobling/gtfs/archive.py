"""The door every feed passes: a zip or a folder, opened safely and never unpacked to disk."""

from __future__ import annotations

import os
import re
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Protocol

from bykobling.errors import ReadError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

MAX_BYTES = 4 << 30
"""A feed of a whole country unpacks to about 2 GB."""
MAX_RATIO = 200
"""Timetables compress about 5 to 50 times; a bomb compresses a thousand times."""
_FREE_BYTES = 32 << 20
_CHUNK = 1 << 20
_ENCRYPTED = 0x1
_DRIVE = re.compile(r"^[A-Za-z]:")
_DAMAGED = "Remedy: download it again."
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError)
_MAC_COPY = "__MACOSX"


@dataclass(frozen=True)
class Opened:
    """The files of one feed that are of use, in memory.

    Parameters
    ----------
    label : str
        Name of the zip or folder, for messages.
    files : mapping of str to bytes
        Content by file name in lower case.
    """

    label: str
    files: Mapping[str, bytes]


def open_feed(
    path: str | os.PathLike[str], wanted: Collection[str], *, label: str, max_bytes: int = MAX_BYTES
) -> Opened:
    """Read the wanted files of a feed into memory.

    Parameters
    ----------
    path : path
        A zip, or a folder with the files; they may lie in one folder inside it.
    wanted : collection of str
        File names in lower case; all others are never opened.
    label : str
        What to call the feed in messages.
    max_bytes : int
        The wanted files together may not be larger.

    Returns
    -------
    Opened

    Raises
    ------
    ReadError
        If it is missing, not a zip, damaged, encrypted, hostile, or holds no feed, or more than one.
    """
    text = os.fspath(path)
    if "://" in text or text.startswith("/vsi"):
        raise ReadError(f"{text}: not a local file. Remedy: download it first and give its path.")
    file = Path(text)
    if file.is_dir():
        return Opened(label, _from_folder(file, label, wanted, max_bytes))
    if not file.is_file():
        raise ReadError(f"{text}: there is no such file. Remedy: check the path, relative to {Path.cwd()}.")
    if file.stat().st_size == 0:
        raise ReadError(f"{label}: the file is empty (0 bytes). {_DAMAGED}")
    if file.suffix.lower() == ".txt":
        raise ReadError(f"{label}: one file of a feed. Remedy: give the zip or the folder it lies in.")
    try:
        with zipfile.ZipFile(file) as archive:
            return Opened(label, _from_zip(archive, label, wanted, max_bytes))
    except ReadError:
        raise
    except _BROKEN as error:
        raise ReadError(f"{label}: not a zip, or a damaged one ({error}). {_DAMAGED}") from error


def _from_folder(folder: Path, label: str, wanted: Collection[str], max_bytes: int) -> dict[str, bytes]:
    inside = [file for pattern in ("*", "*/*") for file in sorted(folder.glob(pattern)) if file.is_file()]
    by_name = {file.relative_to(folder).as_posix(): file for file in inside}
    chosen = _choose(by_name, label, wanted)
    _check_total(sum(by_name[name].stat().st_size for name in chosen.values()), label, max_bytes)
    try:
        return {file: by_name[name].read_bytes() for file, name in chosen.items()}
    except OSError as error:
        raise ReadError(f"{label}: it cannot be read ({error}). Remedy: check the permissions.") from error


def _from_zip(archive: zipfile.ZipFile, label: str, wanted: Collection[str], max_bytes: int) -> dict[str, bytes]:
    members = [member for member in archive.infolist() if not member.is_dir()]
    _check_names((member.orig_filename for member in archive.infolist()), label)
    chosen = _choose([member.filename for member in members], label, wanted)
    by_name = {member.filename: member for member in members}
    _check_total(sum(by_name[name].file_size for name in chosen.values()), label, max_bytes)
    files: dict[str, bytes] = {}
    for file, name in chosen.items():
        files[file] = _inflate(archive, by_name[name], label, max_bytes - sum(map(len, files.values())))
    return files


def _check_names(names: Iterable[str], label: str) -> None:
    """Refuse names that would leave the folder they are unpacked to: only hostile archives have them."""
    for name in names:
        parts = name.replace("\\", "/").split("/")
        if parts[0] == "" or ".." in parts or _DRIVE.match(name) or "\x00" in name:
            raise ReadError(
                f"{label}: the member {name!r} points outside the archive, which no feed does. "
                "Remedy: do not unpack it; download the feed from its publisher."
            )


def _choose(names: Iterable[str], label: str, wanted: Collection[str]) -> dict[str, str]:
    """Find the wanted files, in the root or in one folder; the result maps file name to member."""
    found: dict[str, list[tuple[str, str]]] = {}
    others = []
    for name in names:
        place = PurePosixPath(name.replace("\\", "/"))
        if place.parts[0] == _MAC_COPY or place.name.startswith("."):
            continue
        if place.name.lower() in wanted:
            found.setdefault(str(place.parent), []).append((place.name.lower(), name))
        else:
            others.append(name)
    if not found:
        zips = [name for name in others if name.lower().endswith(".zip")]
        remedy = f"unpack it and give {zips[0]}" if zips else "give the zip a timetable publisher offers as GTFS"
        there = ", ".join(others[:10]) or "nothing"
        raise ReadError(f"{label}: there is no GTFS file in it, only {there}. Remedy: {remedy}.")
    if len(found) > 1:
        folders = ", ".join("the top" if folder == "." else folder for folder in sorted(found)[:10])
        raise ReadError(
            f"{label}: it holds GTFS files in {len(found)} folders ({folders}). "
            "Remedy: unpack it and give each feed's folder by itself."
        )
    (members,) = found.values()
    _check_doubles([file for file, _ in members], label)
    return dict(members)


def _check_doubles(files: list[str], label: str) -> None:
    double = sorted({file for file in files if files.count(file) > 1})
    if double:
        raise ReadError(
            f"{label}: it holds {', '.join(double)} more than once, and which one counts is unclear. "
            "Remedy: zip the feed again with one file of each name."
        )


def _check_total(declared: int, label: str, max_bytes: int) -> None:
    if declared > max_bytes:
        raise ReadError(
            f"{label}: its files hold {declared:,} bytes, more than the {max_bytes:,} allowed. "
            "Remedy: cut the feed to the region, or raise max_bytes if you trust it."
        )


class _Stream(Protocol):
    def read(self, size: int, /) -> bytes: ...


def _inflate(archive: zipfile.ZipFile, member: zipfile.ZipInfo, label: str, left: int) -> bytes:
    """Unpack one member in memory, counting what really comes out; its check sum is verified at the end."""
    name = f"{label}/{member.filename}"
    if member.flag_bits & _ENCRYPTED:
        raise ReadError(f"{name}: it is encrypted. Remedy: unpack it with its password and give the folder.")
    bomb = max(_FREE_BYTES, member.compress_size * MAX_RATIO)
    if member.file_size > bomb:
        raise _bomb(name, member.compress_size, bomb)
    try:
        with archive.open(member) as stream:
            return _drain(stream, name, member.compress_size, bomb, left)
    except ReadError:
        raise
    except _BROKEN as error:
        raise ReadError(f"{name}: it is damaged ({error}). {_DAMAGED}") from error


def _drain(stream: _Stream, name: str, packed: int, bomb: int, left: int) -> bytes:
    content = bytearray()
    while chunk := stream.read(_CHUNK):
        content += chunk
        if len(content) > bomb:
            raise _bomb(name, packed, bomb)
        if len(content) > left:
            raise ReadError(
                f"{name}: with it the feed unpacks to more than the bytes allowed. "
                "Remedy: cut the feed to the region, or raise max_bytes if you trust it."
            )
    return bytes(content)


def _bomb(name: str, packed: int, limit: int) -> ReadError:
    return ReadError(
        f"{name}: {packed:,} bytes unpack to more than {limit:,}, which no timetable does. "
        "Remedy: unpack it yourself if you trust it and give the folder, or download it again."
    )
