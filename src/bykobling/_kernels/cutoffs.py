"""Which of several cut-offs a time lies within."""

from __future__ import annotations

from numba import njit


@njit(cache=True, nogil=True, inline="always")
def first_cutoff(seconds, cutoffs):
    """Return the first cut-off (ascending) that `seconds` lies within; their number where there is none."""
    c = 0
    while c < len(cutoffs) and cutoffs[c] < seconds:
        c += 1
    return c


@njit(cache=True, nogil=True, inline="always")
def add_up(sums, origin):
    """Turn what lies between cut-offs, ``sums[origin]`` (C, F), into what lies within each."""
    for c in range(1, sums.shape[1]):
        for f in range(sums.shape[2]):
            sums[origin, c, f] += sums[origin, c - 1, f]
