"""GTFS tables -> a zip file: equal tables give equal bytes."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

from bykobling.errors import Fault, InputError
from bykobling.export.atomic import atomic_folder

if TYPE_CHECKING:
    import os
    from collections.abc import Mapping

    import pandas as pd

MEMBER_ORDER = (
    "agency", "stops", "routes", "trips", "stop_times", "calendar", "calendar_dates", "frequencies", "shapes",
    "transfers", "pathways", "feed_info", "attributions",
)  # fmt: skip
"""Order of the files in the zip; others follow by name."""
_EPOCH = (1980, 1, 1, 0, 0, 0)
_UNIX, _PLAIN_FILE = 3, 0o100644 << 16


def write_gtfs(tables: Mapping[str, pd.DataFrame], path: str | os.PathLike[str]) -> Path:
    """Write raw GTFS tables as a zip, whole or not at all.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        By name without ``.txt``, columns as in the files; missing values become empty fields, the index is left out.
    path : path
        A ``.zip`` file; one that stands there is replaced when the new one is complete.

    Returns
    -------
    Path
        The file.

    Raises
    ------
    InputError
        If there is no table, or the name does not end in ``.zip``.
    OutputError
        If the file cannot be written; one that stood there is untouched.

    Examples
    --------
    >>> import tempfile
    >>> import pandas as pd
    >>> agency = pd.DataFrame({"agency_name": ["Harbour Ferries"], "agency_timezone": ["Europe/Copenhagen"]})
    >>> file = write_gtfs({"agency": agency}, Path(tempfile.mkdtemp()) / "ferries.zip")
    >>> zipfile.ZipFile(file).namelist()
    ['agency.txt']
    """
    target = Path(path)
    if target.suffix.lower() != ".zip":
        raise InputError(Fault(str(target), "", "a GTFS feed is a .zip file", "give a name that ends in .zip"))
    if not tables:
        raise InputError(Fault(str(target), "", "there is no table to write", "pass the tables of a feed"))
    others = sorted(tables.keys() - set(MEMBER_ORDER))
    with atomic_folder(target.parent) as staging, zipfile.ZipFile(staging / target.name, "w") as archive:
        for name in (*(name for name in MEMBER_ORDER if name in tables), *others):
            member = zipfile.ZipInfo(f"{name}.txt", date_time=_EPOCH)
            member.compress_type = zipfile.ZIP_DEFLATED
            # the same on every system
            member.create_system, member.external_attr = _UNIX, _PLAIN_FILE
            archive.writestr(member, tables[name].to_csv(index=False, lineterminator="\n").encode())
    return target
