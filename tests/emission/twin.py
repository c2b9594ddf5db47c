"""The slow plain twin of the noise kernel: one path at a time, from the formulas, with `math` alone."""

# ruff: noqa: PLR0917 - the numbers of one path, in the order of the formulas

from __future__ import annotations

import math

HZ = (63, 125, 250, 500, 1000, 2000, 4000, 8000)
ALPHA_DB_KM = (0.12, 0.41, 1.04, 1.93, 3.66, 9.66, 32.77, 116.88)
C = 340.0


def ground(d, zs, zr, hz, g_path, g_source, bent):
    """Attenuation of flat ground, dB."""
    t = d / (30 * (zs + zr))
    g_mixed = g_path * t + g_source * (1 - t) if t <= 1 else g_path
    lowest = -3 * (1 - g_mixed)
    g_w = g_mixed
    if bent:
        g_w = g_path
        if t > 1:
            lowest *= 1 + 2 * (1 - 1 / t)
        dzt = 6e-3 * d / (zs + zr)
        dzs = 2e-4 * (zs / (zs + zr)) ** 2 * d**2 / 2
        dzr = 2e-4 * (zr / (zs + zr)) ** 2 * d**2 / 2
        zs, zr = zs + dzs + dzt, zr + dzr + dzt
    if g_path == 0:
        return lowest
    k = 2 * math.pi * hz / C
    w = 0.0185 * hz**2.5 * g_w**2.6 / (hz**1.5 * g_w**2.6 + 1.3e3 * hz**0.75 * g_w**1.3 + 1.16e6)
    cf = d * (1 + 3 * w * d * math.exp(-math.sqrt(w * d))) / (1 + w * d)
    product = 1.0
    for z in (zs, zr):
        product *= z**2 - math.sqrt(2 * cf / k) * z + cf / k
    return max(-10 * math.log10(4 * k**2 / d**2 * product), lowest)


def difference(ds, dr, h, zs, zr, bent):
    """Path length difference over an edge, m."""
    direct = math.hypot(ds + dr, zr - zs)
    so, other = math.hypot(ds, h - zs), math.hypot(dr, h - zr)
    line = zs + (zr - zs) * ds / (ds + dr)
    if not bent:
        return (so + other - direct) * (1 if h >= line else -1)
    radius = max(1000.0, 8 * direct)

    def arc(chord):
        return 2 * radius * math.asin(chord / 2 / radius)

    if h >= line:
        return arc(so) + arc(other) - arc(direct)
    a = direct * ds / (ds + dr)
    return 2 * arc(a) + 2 * arc(direct - a) - arc(so) - arc(other) - arc(direct)


def delta_dif(delta, hz):
    load = 40 * hz / C * delta
    return 10 * math.log10(3 + load) if load >= -2 else 0.0


def arriving(d, zr, hz_number, g, bent, edge=None, zs=0.05):
    """Level at the receiver of a source of 0 dB, in one band."""
    hz = HZ[hz_number]
    direct = math.hypot(d, zr - zs)
    level = -20 * math.log10(direct) - 11 - ALPHA_DB_KM[hz_number] * direct / 1000
    if edge is None:
        return level - ground(d, zs, zr, hz, g, 0.0, bent)
    ds, dr, h = edge
    plain = difference(ds, dr, h, zs, zr, bent)
    if 40 * hz / C * plain < -2:
        return level - ground(d, zs, zr, hz, g, 0.0, bent)
    own = delta_dif(plain, hz)
    loss = min(25.0, max(0.0, own))
    for attenuation, mirrored in (
        (ground(ds, zs, h, hz, g, 0.0, bent), difference(ds, dr, h, -zs, zr, bent)),
        (ground(dr, h, zr, hz, g, g, bent), difference(ds, dr, h, zs, -zr, bent)),
    ):
        part = (10 ** (-attenuation / 20) - 1) * 10 ** (-(delta_dif(mirrored, hz) - own) / 20)
        loss += -20 * math.log10(1 + part)
    return level - loss


def worst_edge(receiver, source, walls, zr, zs=0.05):
    """Of all walls (ax, ay, bx, by, height) the one that lengthens the way most: (ds, dr, h)."""
    (rx, ry), (sx, sy) = receiver, source
    total = math.hypot(sx - rx, sy - ry)
    best, found = -340 / 63 / 20, None
    for ax, ay, bx, by, h in walls:
        cross = (sx - rx) * (by - ay) - (sy - ry) * (bx - ax)
        if cross == 0:
            continue
        u = ((ax - rx) * (by - ay) - (ay - ry) * (bx - ax)) / cross
        v = ((ax - rx) * (sy - ry) - (ay - ry) * (sx - rx)) / cross
        if 0 < u < 1 and 0 <= v <= 1:
            edge = ((1 - u) * total, u * total, h)
            delta = difference(*edge, zs, zr, bent=False)
            if delta > best:
                best, found = delta, edge
    return found


def level_at(receiver, segments, power_db, settings, walls=()):
    """Lden and Lnight of (x0, y0, x1, y1, row of power) at one point, dB(A); power (n, 3, 8) A-weighted."""
    zr, p = settings.receiver_height_m, settings.favourable_share
    weights = settings.hours.weights
    den = night = 0.0
    for x0, y0, x1, y1, row in segments:
        length = math.hypot(x1 - x0, y1 - y0)
        at = ((receiver[0] - x0) * (x1 - x0) + (receiver[1] - y0) * (y1 - y0)) / length**2
        at = min(max(at, 0.0), 1.0)
        near = math.hypot(x0 + at * (x1 - x0) - receiver[0], y0 + at * (y1 - y0) - receiver[1])
        finest = min(settings.piece_m, 1.5 * math.hypot(near, zr - 0.05))
        count = math.ceil(length / max(finest, settings.piece_per_distance * near))
        for k in range(count):
            u = (k + 0.5) / count
            source = (x0 + u * (x1 - x0), y0 + u * (y1 - y0))
            d = math.dist(source, receiver)
            if d > settings.max_distance_m:
                continue
            edge = worst_edge(receiver, source, walls, zr)
            for band in range(8):
                straight, bent = (
                    10 ** (arriving(max(d, 1e-3), zr, band, settings.ground, way, edge) / 10) for way in (False, True)
                )
                for part in range(3):
                    arrives = p[part] * bent + (1 - p[part]) * straight
                    energy = 10 ** (power_db[row][part][band] / 10) * arrives * length / count
                    den += weights[part] * energy
                    if part == 2:
                        night += energy
    floor = 10 ** (settings.floor_db / 10)
    return 10 * math.log10(max(den, floor)), 10 * math.log10(max(night, floor))
