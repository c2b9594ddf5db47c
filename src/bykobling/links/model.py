"""Places where a connection could be built, and what it would be."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from bykobling.barriers import Openings


@dataclass(frozen=True, eq=False)
class LinkCandidates:
    """Connections that could be built; arrays are aligned, one entry a candidate (L).

    Parameters
    ----------
    openings : Openings
        Network and barriers; the network has a node at both ends of every candidate.
    u, v : array of int32 (L,)
        Nodes the candidate joins.
    link_s : array of float32 (L,)
        Seconds along it, waiting and climbing included; the same both ways. Multiples of 1/1024 s.
    length_m : array of float64 (L,)
        Metres from street to street.
    kind : array of str (L,)
        What would be built: ``"bridge"``, ``"underpass"``, ``"crossing"``, ``"path"``.
    barrier : array of int64 (L,)
        Row of the barrier it crosses; -1 for a gap between streets with no barrier.
    cost_dkk : array of float64 (L,)
        Assumed cost of building it.
    route_s : array of float32 (L,)
        Seconds from u to v as things are; inf where there is no way.
    direct_s : array of float32 (L,)
        Seconds straight from u to v at the speed of the mode, without waiting.
    geometry : array of LineString (L,)
        From u to v.
    """

    openings: Openings
    u: NDArray[np.int32]
    v: NDArray[np.int32]
    link_s: NDArray[np.float32]
    length_m: NDArray[np.float64]
    kind: NDArray[np.object_]
    barrier: NDArray[np.int64]
    cost_dkk: NDArray[np.float64]
    route_s: NDArray[np.float32]
    direct_s: NDArray[np.float32]
    geometry: NDArray[np.object_]

    def __len__(self) -> int:
        """Count the candidates."""
        return len(self.u)

    @property
    def detour(self) -> NDArray[np.float64]:
        """Time of the way as it is over that of the straight line, shape (L,); inf where there is no way."""
        return np.asarray(self.route_s.astype(np.float64) / np.maximum(self.direct_s, 1e-9))

    def take(self, rows: NDArray[Any]) -> LinkCandidates:
        """Choose candidates.

        Parameters
        ----------
        rows : array of bool or int
            Mask or numbers.

        Returns
        -------
        LinkCandidates
        """
        names = [name for name in self.__dataclass_fields__ if name != "openings"]
        return replace(self, **{name: getattr(self, name)[rows] for name in names})
