"""The places a network was asked about before: homes are looked up once, however many measures start from them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Key = tuple[str, float, int]
    Columns = tuple[NDArray[Any], ...]

MOST = 1_000_000
"""So many places are remembered (about 50 MB); where they come to more, only those found last."""

FEW_SHARE = 0.01
"""Fewer new places beside those known are not worth putting in order among them."""

KEYS = 16
"""In so many ways places are remembered; the one remembered first is forgotten."""


@dataclass(frozen=True, eq=False)
class KnownPlaces:
    """What was found for places, one row a place.

    Parameters
    ----------
    walls : array or None
        What may not be crossed. Held, so that no other array can come to have its identity.
    place : array of complex128 (P,)
        x + iy, ascending.
    columns : tuple of array (P,)
        What was found there.
    """

    walls: NDArray[np.object_] | None
    place: NDArray[np.complex128]
    columns: Columns


def make_room(known: dict[Any, Any]) -> None:
    """Forget what was remembered first until one more has room; another thread may be doing the same.

    Parameters
    ----------
    known : dict
        What is remembered, oldest first.
    """
    while len(known) >= KEYS:
        for oldest in list(known)[:1]:
            known.pop(oldest, None)


def looked_up(
    known: dict[Key, KnownPlaces],
    key: Key,
    walls: NDArray[np.object_] | None,
    place: NDArray[np.complex128],
    find: Callable[[NDArray[np.bool_]], Columns],
) -> Columns:
    """Take what is known of places, find the rest, and remember it.

    Parameters
    ----------
    known : dict
        Of one network; an entry is replaced whole, so that two threads may ask at once.
    key : tuple
        What besides the place decides what is found.
    walls : array or None
        As in `KnownPlaces`.
    place : array of complex128 (P,)
        x + iy, ascending, each once; NaN for no place.
    find : callable
        Takes which of the places to find, as flags (P,), and hands back columns of as many rows.

    Returns
    -------
    tuple of array (P,)
        Columns.
    """
    old = known.get(key)
    new = np.ones(len(place), np.bool_)
    at = np.zeros(len(place), np.int64)
    if old is not None and len(old.place):
        at = np.searchsorted(old.place, place).clip(max=len(old.place) - 1)
        new = old.place[at] != place
    found = find(new)
    if old is None:
        columns = found
    else:
        columns = tuple(np.empty(len(place), one.dtype) for one in found)
        for column, fresh, kept in zip(columns, found, old.columns, strict=True):
            column[new], column[~new] = fresh, kept[at[~new]]
    lasting = new & ~np.isnan(place)
    if old is None:
        make_room(known)
    if lasting.any() and (old is None or lasting.sum() >= FEW_SHARE * len(old.place)):
        known[key] = _with(old, walls, place[lasting], tuple(column[lasting] for column in columns))
    return columns


def _with(
    old: KnownPlaces | None, walls: NDArray[np.object_] | None, place: NDArray[np.complex128], columns: Columns
) -> KnownPlaces:
    """Add places to those known."""
    if old is None or len(old.place) + len(place) > MOST:
        return KnownPlaces(walls, place, columns)
    both = np.concatenate([old.place, place])
    order = np.argsort(both, kind="stable")
    pairs = zip(old.columns, columns, strict=True)
    return KnownPlaces(walls, both[order], tuple(np.concatenate(pair)[order] for pair in pairs))
