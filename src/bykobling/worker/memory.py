"""Studies kept in memory between questions."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bykobling.errors import Fault, InputError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from bykobling.barriers import Openings
    from bykobling.links import Demand, Reached
    from bykobling.study import Study
    from bykobling.study.prepare import Prepared

MOST = 3
"""So many studies are kept; the one least lately asked about goes first."""


@dataclass(frozen=True, eq=False)
class LoadedMode:
    """One mode of a study, ready for questions.

    Parameters
    ----------
    openings : Openings
        Its network.
    demand : Demand
        Homes and places on it.
    reached : Reached
        What each home reaches as things are, within the longest cut-off.
    """

    openings: Openings
    demand: Demand
    reached: Reached


@dataclass(frozen=True, eq=False)
class Loaded:
    """A study, ready for questions.

    Parameters
    ----------
    study : Study
        As read.
    ready : Prepared
        Inputs, residents, barriers, networks.
    modes : dict of str to LoadedMode
        By mode.
    """

    study: Study
    ready: Prepared
    modes: dict[str, LoadedMode]


Stamp = tuple[tuple[str, int, int], ...]


def stamp_of(files: Sequence[Path]) -> Stamp:
    """Tell files by name, size and time, so that a changed one is read again.

    Parameters
    ----------
    files : sequence of Path
        That a study reads.

    Returns
    -------
    tuple
        Equal where nothing changed.
    """
    found = [(file, file.stat()) for file in files if file.exists()]
    return tuple((str(file), each.st_size, each.st_mtime_ns) for file, each in found)


class Memory:
    """The studies last asked about."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, tuple[Stamp, Loaded]] = OrderedDict()
        self._count = 0

    def put(self, stamp: Stamp, loaded: Loaded) -> str:
        """Keep a study.

        Parameters
        ----------
        stamp : tuple
            Of its files.
        loaded : Loaded
            The study.

        Returns
        -------
        str
            What to call it.
        """
        self._count += 1
        ident = f"study-{self._count}"
        # an older state of the same study is of no more use
        for other, (was, _) in list(self._kept.items()):
            if was[:1] and stamp[:1] and was[0][0] == stamp[0][0]:
                del self._kept[other]
        self._kept[ident] = stamp, loaded
        while len(self._kept) > MOST:
            self._kept.popitem(last=False)
        return ident

    def known(self, stamp: Stamp) -> str | None:
        """Look for a study whose files are as they were.

        Parameters
        ----------
        stamp : tuple
            Of its files.

        Returns
        -------
        str or None
            What it is called.
        """
        return next((ident for ident, (was, _) in self._kept.items() if was == stamp), None)

    def get(self, ident: str) -> Loaded:
        """Return a study.

        Parameters
        ----------
        ident : str
            From `put`.

        Returns
        -------
        Loaded

        Raises
        ------
        InputError
            Where it is not kept (any more).
        """
        if ident not in self._kept:
            rule = f"no study {ident!r} is in memory: {MOST} are kept, and none after the engine was restarted"
            raise InputError(Fault("study_id", "", rule, "load it again with load_study"))
        self._kept.move_to_end(ident)
        return self._kept[ident][1]
