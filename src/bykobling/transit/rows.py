"""Tables of walks as compressed rows: what two of them differ in, some rows of one, one below the other."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from bykobling.network.ends import fixed

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from bykobling.transit.ends import Rows


def fixed_rows(rows: Rows) -> Rows:
    """Fix a table for the kernels.

    Parameters
    ----------
    rows : tuple of array
        ``(ptr, number, seconds)``.

    Returns
    -------
    tuple of array
        Of the types a kernel is compiled for.
    """
    return fixed(rows[0], np.int64), fixed(rows[1], np.int32), fixed(rows[2], np.int32)


def take_rows(rows: Rows, chosen: NDArray[np.int64]) -> Rows:
    """Take some rows of a table.

    Parameters
    ----------
    rows : tuple of array
        ``(ptr, number, seconds)``.
    chosen : array of int64
        Which rows, in which order.

    Returns
    -------
    tuple of array
    """
    count = np.diff(rows[0])[chosen]
    pointer = np.zeros(len(chosen) + 1, np.int64)
    np.cumsum(count, out=pointer[1:])
    at = np.arange(pointer[-1]) + np.repeat(rows[0][chosen] - pointer[:-1], count)
    return fixed_rows((pointer, rows[1][at], rows[2][at]))


def below(first: Rows, second: Rows) -> Rows:
    """Put one table below another.

    Parameters
    ----------
    first, second : tuple of array
        ``(ptr, number, seconds)``.

    Returns
    -------
    tuple of array
    """
    pointer = np.concatenate([first[0], first[0][-1] + second[0][1:]])
    return fixed_rows((pointer, np.concatenate([first[1], second[1]]), np.concatenate([first[2], second[2]])))


def full_rows(seconds: NDArray[np.float32]) -> Rows:
    """Make a table of a matrix.

    Parameters
    ----------
    seconds : array of float32 (rows, numbers)
        Whole seconds; inf where there is nothing to tell.

    Returns
    -------
    tuple of array
    """
    row, number = np.nonzero(np.isfinite(seconds))
    pointer = np.zeros(len(seconds) + 1, np.int64)
    np.cumsum(np.bincount(row, minlength=len(seconds)), out=pointer[1:])
    return fixed_rows((pointer, number.astype(np.int32), seconds[row, number].astype(np.int32)))


def differing(was: Rows, now: Rows) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int32]]:
    """List what is in one table of walks and not, or with other seconds, in the other.

    Parameters
    ----------
    was, now : tuple of array
        ``(ptr, number, seconds)``: as many rows in both, numbers ascending and each once in a row.

    Returns
    -------
    row, number : array of int64
        Pairs, in order.
    seconds : array of int32
        The fewer of both.
    """
    pairs = []
    for pointer, number, seconds in (was, now):
        row = np.repeat(np.arange(len(pointer) - 1, dtype=np.int64), np.diff(pointer))
        pairs.append(np.column_stack([row, number.astype(np.int64), seconds.astype(np.int64)]))
    both = np.concatenate(pairs)
    both = both[np.lexsort(both.T[::-1])]
    same = (both[1:] == both[:-1]).all(axis=1)
    alone = np.ones(len(both), bool)
    alone[1:] &= ~same
    alone[:-1] &= ~same
    left = both[alone]
    # of a pair with other seconds the fewer come first
    first = np.ones(len(left), bool)
    first[1:] = (left[1:, :2] != left[:-1, :2]).any(axis=1)
    left = left[first]
    return left[:, 0], left[:, 1], left[:, 2].astype(np.int32)
