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
