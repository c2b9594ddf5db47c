"""Receivers around buildings: where they stand, and what is told from their levels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

from bykobling.errors import Fault, InputError
from bykobling.raster.model import Sampled

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from bykobling.raster import NoiseLevels

SPACING_M = 5.0
LEAST_OFFSET_M = 0.1

QUIET_LDEN_DB = 55.0
QUIET_DIFFERENCE_DB = 20.0


@dataclass(frozen=True)
class Receivers:
    """Levels at receivers, each belonging to a building or a home.

    Parameters
    ----------
    owner : array of int, shape (n,)
        Row of the building or home.
    sampled : Sampled
        n levels.
    """

    owner: NDArray[np.int64]
    sampled: Sampled

    def take(self, at: NDArray[np.int64] | NDArray[np.bool_]) -> Receivers:
        """Return some of the receivers.

        Parameters
        ----------
        at : array of int or bool
            Which.

        Returns
        -------
        Receivers
            In that order.
        """
        return Receivers(self.owner[at], self.sampled.take(at))


@dataclass(frozen=True)
class Ranked:
    """The receivers of which something is known, the loudest of each owner first.

    Parameters
    ----------
    receivers : Receivers
        Sorted by owner, then from loud to quiet; owners of whom nothing is known keep one unknown receiver.
    first : array of int, shape (k,)
        Where each owner begins.
    count : array of int, shape (k,)
        How many receivers each has.
    """

    receivers: Receivers
    first: NDArray[np.int64]
    count: NDArray[np.int64]

    @property
    def owner(self) -> NDArray[np.int64]:
        """Row of each owner."""
        return self.receivers.owner[self.first]

    @property
    def upper(self) -> NDArray[np.int64]:
        """How many of each owner's receivers are its louder half; one at least."""
        return np.maximum(self.count // 2, 1)

    def rank(self) -> NDArray[np.int64]:
        """Return the place of each receiver among those of its owner.

        Returns
        -------
        array of int
            0 for the loudest.
        """
        return np.arange(len(self.receivers.owner)) - np.repeat(self.first, self.count)


def ring_receivers(
    shapes: NDArray[np.object_], chosen: NDArray[np.int64], *, offset_m: float, spacing_m: float = SPACING_M
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Place receivers in front of the facades of buildings.

    Parameters
    ----------
    shapes : array of Polygon or MultiPolygon, shape (b,)
        All footprints: where two touch there is no facade.
    chosen : array of int
        Rows of the buildings wanted.
    offset_m : float
        Metres in front of the facade.
    spacing_m : float, optional
        The ring around the footprint (of courtyards too) is cut into equal pieces no longer than this, with a
        receiver in the middle of each.

    Returns
    -------
    tuple of array
        Row of the building of each receiver, and its position (n, 2). A building whose facades all lie inside
        others keeps all its receivers.
    """
    rings = shapely.boundary(shapely.buffer(shapes[chosen], offset_m, join_style="mitre", mitre_limit=2.0))
    line, of = shapely.get_parts(rings, return_index=True)
    length = shapely.length(line)
    count = np.maximum(np.ceil(length / spacing_m), 1).astype(np.int64)
    which = np.repeat(np.arange(len(line)), count)
    step = np.arange(len(which)) - np.repeat(np.cumsum(count) - count, count)
    xy = _along(line, length, which, (step + 0.5) / count[which])
    owner = chosen[of[which]]
    hidden = _inside_others(shapes, shapely.bounds(rings), chosen, of[which], xy)
    open_ = np.bincount(owner[~hidden], minlength=len(shapes))
    keep = ~hidden | (open_[owner] == 0)
    return owner[keep], xy[keep]


def _inside_others(
    shapes: NDArray[np.object_],
    bounds: NDArray[np.float64],
    chosen: NDArray[np.int64],
    ring: NDArray[np.int64],
    xy: NDArray[np.float64],
) -> NDArray[np.bool_]:
    """Tell which receivers stand in another footprint; `ring` tells which of those chosen each belongs to, rising."""
    boxes = np.array(shapely.box(*np.nan_to_num(bounds, nan=0.0).T))
    own, other = shapely.STRtree(shapes).query(boxes)
    apart = chosen[own] != other
    own, other = own[apart], other[apart]
    first, last = np.searchsorted(ring, own, side="left"), np.searchsorted(ring, own, side="right")
    count = last - first
    receiver = np.repeat(first - (np.cumsum(count) - count), count) + np.arange(int(count.sum()))
    neighbour = np.repeat(other, count)
    left, bottom, right, top = shapely.bounds(shapes)[neighbour].T
    x, y = xy[receiver].T
    near = (x > left) & (x < right) & (y > bottom) & (y < top)
    receiver, neighbour = receiver[near], neighbour[near]
    shapely.prepare(shapes[np.unique(neighbour)])
    hidden = np.zeros(len(xy), bool)
    hidden[receiver[shapely.contains_xy(shapes[neighbour], xy[receiver, 0], xy[receiver, 1])]] = True
    return hidden


def _along(
    line: NDArray[np.object_], length: NDArray[np.float64], which: NDArray[np.int64], share: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return positions along lines, each at a share of its length: all lines at once, as one long one."""
    xy, of = shapely.get_coordinates(line, return_index=True)
    piece = np.hypot(*np.diff(xy, axis=0).T)
    piece[np.diff(of) != 0] = 0.0
    run = np.concatenate([[0.0], np.cumsum(piece)])
    begin = run[np.searchsorted(of, np.arange(len(line)))]
    at = begin[which] + share * length[which]
    return np.column_stack([np.interp(at, run, xy[:, 0]), np.interp(at, run, xy[:, 1])])


def ranked(receivers: Receivers) -> Ranked:
    """Sort receivers from loud to quiet, and leave out those of which nothing is known where others are.

    Parameters
    ----------
    receivers : Receivers
        In any order.

    Returns
    -------
    Ranked
        One run an owner.
    """
    owner, sampled = receivers.owner, receivers.sampled
    unknown = sampled.is_unknown
    highest = int(owner.max()) + 1 if len(owner) else 0
    known = np.bincount(owner[~unknown], minlength=highest)
    loud = np.where(np.isnan(sampled.level_db), -np.inf, sampled.level_db)
    order = np.lexsort((-loud, unknown, owner))
    new = np.diff(owner[order], prepend=-1) != 0
    keep = ~unknown[order] | ((known[owner[order]] == 0) & new)
    left = receivers.take(order[keep])
    first = np.flatnonzero(np.diff(left.owner, prepend=-1))
    count = np.diff(first, append=len(left.owner))
    return Ranked(left, first, count)


def quiet_facade(loudest: Sampled, quietest: Sampled, count: NDArray[np.int64], *, lden: bool) -> NDArray[np.float64]:
    """Tell which buildings have a quiet facade.

    Parameters
    ----------
    loudest, quietest : Sampled
        Of each building.
    count : array of int
        Receivers of each building.
    lden : bool
        Whether the levels are Lden; the limit of 55 dB is one of Lden.

    Returns
    -------
    array of float
        1 where the quietest facade is at 55 dB (Lden) or less, or 20 dB or more below the loudest; 0 where neither
        is; NaN where it cannot be told (one receiver alone, nothing known, bands too wide).

    Notes
    -----
    Directive 2002/49/EC Annex VI lets a quiet facade be more than 20 dB below the most exposed; 55 dB is
    bykobling's simpler rule beside it.
    """
    with np.errstate(invalid="ignore"):
        low_enough = (quietest.hi_db <= QUIET_LDEN_DB) if lden else np.zeros(len(count), bool)
        far_enough = loudest.lo_db - quietest.hi_db >= QUIET_DIFFERENCE_DB
        surely_loud = (quietest.lo_db > QUIET_LDEN_DB) if lden else np.ones(len(count), bool)
        surely_near = loudest.hi_db - quietest.lo_db < QUIET_DIFFERENCE_DB
    result = np.where(low_enough | far_enough, 1.0, np.where(surely_loud & surely_near, 0.0, np.nan))
    result[(count < 2) | quietest.is_unknown] = np.nan
    return result


def must_overlap(levels: NoiseLevels, sampled: Sampled, what: str) -> None:
    """Refuse a map of which nothing reaches where people live.

    Parameters
    ----------
    levels : NoiseLevels
        The map.
    sampled : Sampled
        Levels told by it.
    what : str
        Of what, for the message.

    Raises
    ------
    InputError
        If nothing is known anywhere.
    """
    if len(sampled) and sampled.is_unknown.all():
        rule = f"it reaches none of the {what}"
        remedy = f"check its place and its CRS ({levels.crs.name}), or use the map of this town"
        raise InputError(Fault(levels.label, "", rule, remedy))


def lowered(receivers: Receivers, by_db: float) -> Receivers:
    """Take the reflection from the facade off the levels of receivers.

    Parameters
    ----------
    receivers : Receivers
        With levels that hold it.
    by_db : float
        dB.

    Returns
    -------
    Receivers
        Lowered; below the lowest level stays below the lowest, lowered too.
    """
    if not by_db:
        return receivers
    one = receivers.sampled
    return Receivers(receivers.owner, Sampled(one.level_db - by_db, one.lo_db - by_db, one.hi_db - by_db))


def joined(parts: list[Receivers]) -> Receivers:
    """Put receivers together.

    Parameters
    ----------
    parts : list of Receivers
        With owners of one table.

    Returns
    -------
    Receivers
        All of them.
    """
    if not parts:
        return Receivers(np.empty(0, np.int64), Sampled.unknown(0))
    sampled = [part.sampled for part in parts]
    return Receivers(
        np.concatenate([part.owner for part in parts]),
        Sampled(
            np.concatenate([one.level_db for one in sampled]),
            np.concatenate([one.lo_db for one in sampled]),
            np.concatenate([one.hi_db for one in sampled]),
        ),
    )


def nothing(owner: NDArray[np.int64]) -> Receivers:
    """Make receivers of which nothing is known.

    Parameters
    ----------
    owner : array of int
        Row of the building or home of each.

    Returns
    -------
    Receivers
        Unknown.
    """
    return Receivers(owner, Sampled.unknown(len(owner)))
