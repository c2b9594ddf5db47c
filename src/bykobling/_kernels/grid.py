"""Segments of lines in the cells of a grid, the line nearest to each point, and the place on a line nearest to it."""

from __future__ import annotations

import math

import numpy as np
from numba import njit

SLACK_M = 1e-6
"""Far above the rounding of a distance between metric coordinates, far below what can be seen."""

RINGS = 16
"""A point with nothing within so many cells is left to another search."""


@njit(cache=True, nogil=True)
def fill_cells(x, y, first, last, west, south, cell_m, columns, rows, ptr, segment):
    """Enter every segment in the cells it runs through; with an empty `segment`, count them in ``ptr[cell + 1]``.

    Arguments
    ---------
    x, y : float64 (n,)
        Vertices of all lines, one after the other.
    first, last : int64 (L,)
        The vertices each line begins and ends with.
    ptr : int64 (cells + 1,)
        Where the next segment of each cell goes; moved on.
    segment : int64 (k,)
        The vertices segments begin with, cell by cell.
    """
    counting = len(segment) == 0
    for line in range(len(first)):
        for at in range(first[line], last[line]):
            # a long segment in pieces: the box around all of it holds cells far from it
            pieces = max(1, math.ceil(math.hypot(x[at + 1] - x[at], y[at + 1] - y[at]) / cell_m))
            step_x, step_y = (x[at + 1] - x[at]) / pieces, (y[at + 1] - y[at]) / pieces
            for piece in range(pieces):
                from_x, from_y = x[at] + piece * step_x, y[at] + piece * step_y
                low_x, high_x = min(from_x, from_x + step_x) - SLACK_M, max(from_x, from_x + step_x) + SLACK_M
                low_y, high_y = min(from_y, from_y + step_y) - SLACK_M, max(from_y, from_y + step_y) + SLACK_M
                for row in range(
                    max(0, int((low_y - south) // cell_m)), min(rows - 1, int((high_y - south) // cell_m)) + 1
                ):
                    for column in range(
                        max(0, int((low_x - west) // cell_m)), min(columns - 1, int((high_x - west) // cell_m)) + 1
                    ):
                        cell = row * columns + column
                        if counting:
                            ptr[cell + 1] += 1
                        else:
                            segment[ptr[cell]] = at
                            ptr[cell] += 1


@njit(cache=True, nogil=True)
def _metres(px, py, ax, ay, bx, by):
    """Measure from a point to a segment."""
    dx, dy = bx - ax, by - ay
    square = dx * dx + dy * dy
    if square > 0:
        share = min(1.0, max(0.0, ((px - ax) * dx + (py - ay) * dy) / square))
        ax, ay = ax + share * dx, ay + share * dy
    return math.hypot(px - ax, py - ay)


@njit(cache=True, nogil=True)
def nearest_line(start, stop, px, py, x, y, owner, west, south, cell_m, columns, rows, ptr, segment, out):
    """Write the nearest line of points `start` to `stop` into `out`; -1 where none is near or two are alike.

    Arguments
    ---------
    px, py : float64 (P,)
        Points.
    owner : int64 (n,)
        Line of each vertex.
    ptr, segment : int64 (cells + 1,), int64 (k,)
        Segments of each cell as compressed rows.
    out : int64 (P,)
        Line of each point.
    """
    for point in range(start, stop):
        mid_column, mid_row = math.floor((px[point] - west) / cell_m), math.floor((py[point] - south) / cell_m)
        # from the point to the border of its own cell
        left, below = px[point] - west - mid_column * cell_m, py[point] - south - mid_row * cell_m
        inner = min(left, cell_m - left, below, cell_m - below)
        line, least, second, sure = -1, np.inf, np.inf, False
        for ring in range(RINGS):
            for row in range(max(0, mid_row - ring), min(rows - 1, mid_row + ring) + 1):
                whole = abs(row - mid_row) == ring
                for column in range(mid_column - ring, mid_column + ring + 1, 1 if whole else 2 * ring):
                    if column < 0 or column >= columns:
                        continue
                    cell = row * columns + column
                    for i in range(ptr[cell], ptr[cell + 1]):
                        at = segment[i]
                        there = _metres(px[point], py[point], x[at], y[at], x[at + 1], y[at + 1])
                        if owner[at] == line:
                            least = min(least, there)
                        elif there < least:
                            line, least, second = owner[at], there, least
                        else:
                            second = min(second, there)
            # all that is nearer than the border of what was searched has been seen
            if least + SLACK_M <= ring * cell_m + inner:
                sure = True
                break
        out[point] = line if sure and second > least + SLACK_M else -1


@njit(cache=True, nogil=True)
def place_on_line(px, py, x, y, first, last, metres, along_m, foot_x, foot_y):
    """Write how far each point is from its line, and the place on the line nearest to it; of equals the first.

    Step by step as GEOS works it out (``distance``, ``line_locate_point``, ``shortest_line``), to the last bit.

    Arguments
    ---------
    px, py : float64 (P,)
        Points.
    first, last : int64 (P,)
        The vertices the line of each point begins and ends with.
    metres, along_m, foot_x, foot_y : float64 (P,)
        From the point to the line; from the start of the line to the place, along it; the place.
    """
    for point in range(len(px)):
        nearest, before = np.inf, 0.0
        for at in range(first[point], last[point]):
            ax, ay = x[at], y[at]
            dx, dy = x[at + 1] - ax, y[at + 1] - ay
            to_x, to_y = px[point] - ax, py[point] - ay
            square = dx * dx + dy * dy
            long = math.sqrt(square)
            share = (to_x * dx + to_y * dy) / square if square > 0 else 0.0
            end_x, end_y = px[point] - x[at + 1], py[point] - y[at + 1]
            if square == 0 or share <= 0:
                there = math.sqrt(to_x * to_x + to_y * to_y)
            elif share >= 1:
                there = math.sqrt(end_x * end_x + end_y * end_y)
            else:
                there = abs((-to_y * dx + to_x * dy) / square) * long
            if there < nearest:
                nearest = there
                along_m[point] = before + long * min(1.0, max(0.0, share))
                if square > 0 and 0 < share < 1:
                    foot_x[point], foot_y[point] = ax + share * dx, ay + share * dy
                elif share >= 1:
                    foot_x[point], foot_y[point] = x[at + 1], y[at + 1]
                else:
                    foot_x[point], foot_y[point] = ax, ay
            before += long
        metres[point] = nearest
