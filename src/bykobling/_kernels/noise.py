"""Sound of very many pieces of road at very many receivers, flat or over one edge of a building.

Bands are the eight octaves. ``table[node]`` holds what of the energy arrives, 8 bands under straight and 8 under
favourable propagation; nodes lie at equal steps of the square root of the distance, which is fine near by and coarse
far away. ``power[street]`` holds 32 numbers: Lden straight, Lden favourable, Lnight straight, Lnight favourable.
Streets of one spectrum share ``heard[spectrum, node]``, the sums over bands for Lden and Lnight at strength 1.
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit

BANDS = 8
SPEED_M_S = 340.0
_HZ = np.array([63.0, 125.0, 250.0, 500.0, 1000.0, 2000.0, 4000.0, 8000.0])
_PER_WAVE = 40.0 * _HZ / SPEED_M_S
_MOST = 10.0**2.5
LEAST_DELTA_M = -SPEED_M_S / 63.0 / 20.0
"""An edge this much below the line of sight changes nothing in any band."""


@njit(cache=True, nogil=True)
def _add(power, arrives, metres):
    """Weigh the 32 powers of a metre of street by what arrives of them."""
    den = 0.0
    night = 0.0
    for band in range(16):
        den += power[band] * arrives[band]
        night += power[16 + band] * arrives[band]
    return den * metres, night * metres


@njit(cache=True, nogil=True)
def edge_difference(ds, dr, h, zs, zr):
    """Return how much longer the way over an edge is than the straight one: negative where it is below, m."""
    total = ds + dr
    over = math.sqrt(ds * ds + (h - zs) ** 2) + math.sqrt(dr * dr + (h - zr) ** 2)
    extra = max(over - math.sqrt(total * total + (zr - zs) ** 2), 0.0)
    return extra if h >= zs + (zr - zs) * ds / total else -extra


@njit(cache=True, nogil=True)
def _arc(chord, radius):
    """Return the length of an arc above a chord of at most a quarter of its radius, m (the series of the arc sine)."""
    t = (chord / radius) ** 2
    return chord * (1.0 + t * (1.0 / 24.0 + t * (3.0 / 640.0 + t * (5.0 / 7168.0 + t * 35.0 / 294912.0))))


@njit(cache=True, nogil=True)
def bent_difference(ds, dr, h, zs, zr):
    """Return the same along rays that are bent downwards (Annex II, 2.5.24 to 2.5.27), m."""
    total = ds + dr
    straight = math.sqrt(total * total + (zr - zs) ** 2)
    so = math.sqrt(ds * ds + (h - zs) ** 2)
    other = math.sqrt(dr * dr + (h - zr) ** 2)
    radius = max(1000.0, 8.0 * straight)
    over = _arc(so, radius) + _arc(other, radius)
    direct = _arc(straight, radius)
    if h >= zs + (zr - zs) * ds / total:
        return over - direct
    near = straight * ds / total
    return 2.0 * (_arc(near, radius) + _arc(straight - near, radius)) - over - direct


@njit(cache=True, nogil=True)
def diffraction_db(delta, band):
    """Return ``10 lg(3 + 40 delta / lambda)`` from 0 to 25 dB; 0 where the edge is well below the line of sight."""
    load = _PER_WAVE[band] * delta
    return min(10.0 * math.log10(3.0 + load), 25.0) if load >= -2.0 else 0.0


@njit(cache=True, nogil=True)
def over_edge(ds, dr, h, zs, zr, fading, source_side, receiver_side, nodes_per_root_m, arrives):
    """Replace in `arrives` (16) what arrives over flat ground by what arrives over an edge, where it counts.

    `fading` (8) is what arrives without ground; the sides hold ``10^(-Aground/20) - 1`` of the ground before and
    behind an edge of this height, (nodes, 16). In energies ``10^(-Adif/10)`` is ``1 / (3 + load)`` times
    ``(1 + side sqrt((3 + load) / (3 + load of the mirrored point)))^2`` for each side.
    """
    last = len(source_side) - 2
    place_s = math.sqrt(ds) * nodes_per_root_m
    place_r = math.sqrt(dr) * nodes_per_root_m
    node_s = min(int(place_s), last)
    node_r = min(int(place_r), last)
    part_s = place_s - node_s
    part_r = place_r - node_r
    for bent in range(2):
        if bent == 0:
            plain = edge_difference(ds, dr, h, zs, zr)
            from_mirror = edge_difference(ds, dr, h, -zs, zr)
            to_mirror = edge_difference(ds, dr, h, zs, -zr)
        else:
            plain = bent_difference(ds, dr, h, zs, zr)
            from_mirror = bent_difference(ds, dr, h, -zs, zr)
            to_mirror = bent_difference(ds, dr, h, zs, -zr)
        for band in range(BANDS):
            each = _PER_WAVE[band]
            load = each * plain
            if load < -2.0:
                continue
            load += 3.0
            k = bent * BANDS + band
            side_s = source_side[node_s, k] + part_s * (source_side[node_s + 1, k] - source_side[node_s, k])
            side_r = receiver_side[node_r, k] + part_r * (receiver_side[node_r + 1, k] - receiver_side[node_r, k])
            side_s = 1.0 + side_s * math.sqrt(load / (3.0 + max(each * from_mirror, -2.0)))
            side_r = 1.0 + side_r * math.sqrt(load / (3.0 + max(each * to_mirror, -2.0)))
            ground = side_s * side_r
            arrives[k] = fading[band] * ground * ground / min(load, _MOST)


@njit(cache=True, nogil=True)
def highest_edge(
    rx, ry, zr, own, sx, sy, zs, west, south, cell_m, columns, rows, ptr, wall, ax, ay, bx, by, height, building, out
):
    """Find the wall between receiver and source that lengthens the way most: its number, -1 where there is none.

    `out` takes the distances to source and receiver. Walls of building `own` are looked through.
    """
    dx = sx - rx
    dy = sy - ry
    total2 = dx * dx + dy * dy
    total = math.sqrt(total2)
    if total < 0.1:
        return -1
    best = LEAST_DELTA_M
    found = -1
    # step from cell to cell along the ray
    column = math.floor((rx - west) / cell_m)
    row = math.floor((ry - south) / cell_m)
    last_column = math.floor((sx - west) / cell_m)
    last_row = math.floor((sy - south) / cell_m)
    step_x = 1 if dx > 0 else -1
    step_y = 1 if dy > 0 else -1
    far = 1e30
    each_x = cell_m / abs(dx) if dx != 0.0 else far
    each_y = cell_m / abs(dy) if dy != 0.0 else far
    next_x = (west + (column + (1 if dx > 0 else 0)) * cell_m - rx) / dx if dx != 0.0 else far
    next_y = (south + (row + (1 if dy > 0 else 0)) * cell_m - ry) / dy if dy != 0.0 else far
    steps = abs(last_column - column) + abs(last_row - row)
    for _ in range(steps + 1):
        if 0 <= column < columns and 0 <= row < rows:
            cell = np.int64(row * columns + column)
            for i in range(ptr[cell], ptr[cell + 1]):
                w = wall[i]
                if building[w] == own:
                    continue
                # both ends on one side of the ray: the common case
                side_a = dx * (ay[w] - ry) - dy * (ax[w] - rx)
                side_b = dx * (by[w] - ry) - dy * (bx[w] - rx)
                if side_a * side_b > 0.0 or side_a == side_b:
                    continue
                v = side_a / (side_a - side_b)
                u = ((ax[w] + v * (bx[w] - ax[w]) - rx) * dx + (ay[w] + v * (by[w] - ay[w]) - ry) * dy) / total2
                if u <= 0.0 or u >= 1.0:
                    continue
                delta = edge_difference((1.0 - u) * total, u * total, height[w], zs, zr)
                if delta > best:
                    best = delta
                    found = w
                    out[0] = (1.0 - u) * total
                    out[1] = u * total
        if next_x < next_y:
            column += step_x
            next_x += each_x
        else:
            row += step_y
            next_y += each_y
    return found


@njit(cache=True, nogil=True)
def add_sources(
    start, stop, x, y, zr, inside, zs,
    x0, y0, x1, y1, street, strength, spectrum, group, west, south, cell_m, columns, rows, ptr, power,
    table, open_air, heard, source_side, receiver_side, nodes_per_root_m, reach_m, piece_m, piece_per_distance,
    wall_west, wall_south, wall_cell_m, wall_columns, wall_rows, wall_ptr, wall, ax, ay, bx, by, height, building,
    storey, out, pairs,
):  # fmt: skip
    """Add to ``out[receiver, group]`` the energies of Lden and Lnight of every source in reach.

    Segments are sorted by the cell their middle lies in and no longer than a cell. With nothing in the way a piece
    gives its `strength` times what is heard of its spectrum at that distance, ``heard[spectrum, node]``; over an edge
    the bands are summed one by one. ``pairs[receiver]`` counts the pieces of road that were heard.
    """
    arrives = np.empty(16)
    fading = np.empty(BANDS)
    edge = np.empty(2)
    walls = len(ax) > 0
    last = len(table) - 2
    reach2 = reach_m * reach_m
    lift2 = (zr - zs) ** 2
    for r in range(start, stop):
        rx = x[r]
        ry = y[r]
        wide = reach_m + cell_m
        c0 = max(math.floor((rx - wide - west) / cell_m), 0)
        c1 = min(math.floor((rx + wide - west) / cell_m), columns - 1)
        r0 = max(math.floor((ry - wide - south) / cell_m), 0)
        r1 = min(math.floor((ry + wide - south) / cell_m), rows - 1)
        if c1 < c0:
            continue
        for row in range(r0, r1 + 1):
            for s in range(ptr[row * columns + c0], ptr[row * columns + c1 + 1]):
                ex = x1[s] - x0[s]
                ey = y1[s] - y0[s]
                px = rx - x0[s]
                py = ry - y0[s]
                length2 = ex * ex + ey * ey
                at = min(max((px * ex + py * ey) / length2, 0.0), 1.0)
                near2 = (at * ex - px) ** 2 + (at * ey - py) ** 2
                if near2 > reach2:
                    continue
                length = math.sqrt(length2)
                # beside a low receiver on the carriageway a piece must not be longer than it is near
                longest = min(piece_m, 1.5 * math.sqrt(near2 + lift2))
                longest = max(longest, piece_per_distance * math.sqrt(near2))
                count = 1 if length <= longest else math.ceil(length / longest)
                metres = length / count
                for k in range(count):
                    u = (k + 0.5) / count
                    dx = u * ex - px
                    dy = u * ey - py
                    d2 = dx * dx + dy * dy
                    if d2 > reach2:
                        continue
                    place = math.sqrt(math.sqrt(d2)) * nodes_per_root_m
                    node = min(int(place), last)
                    part = place - node
                    pairs[r] += 1
                    w = -1
                    if walls:
                        w = highest_edge(
                            rx, ry, zr, inside[r], rx + dx, ry + dy, zs, wall_west, wall_south, wall_cell_m,
                            wall_columns, wall_rows, wall_ptr, wall, ax, ay, bx, by, height, building, edge,
                        )  # fmt: skip
                    if w >= 0:
                        for band in range(16):
                            arrives[band] = table[node, band] + part * (table[node + 1, band] - table[node, band])
                        for band in range(BANDS):
                            fading[band] = open_air[node, band] + part * (
                                open_air[node + 1, band] - open_air[node, band]
                            )
                        over_edge(
                            edge[0], edge[1], height[w], zs, zr, fading, source_side[storey[w]],
                            receiver_side[storey[w]], nodes_per_root_m, arrives,
                        )  # fmt: skip
                        den, night = _add(power[street[s]], arrives, metres)
                    else:
                        loud = strength[s] * metres
                        kind = spectrum[s]
                        den = heard[kind, node, 0]
                        night = heard[kind, node, 1]
                        den = loud * (den + part * (heard[kind, node + 1, 0] - den))
                        night = loud * (night + part * (heard[kind, node + 1, 1] - night))
                    out[r, group[s], 0] += den
                    out[r, group[s], 1] += night
