"""Known truth for `find`: take an existing bridge or crossing away, and see whether it is asked for.

``python -m tests.real.removed_links FOLDER`` prints the table; FOLDER takes the study folders.

Streets are cut by a line across the link: from lake to lake over a dam or bridge, along the tracks where a street
passes them. Every stretch of street between two junctions that meets the line goes.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import shapely

from bykobling.barriers import open_barriers
from bykobling.links import demand_on, find_candidates, score_candidates, spheres_of_influence
from bykobling.network import Network
from bykobling.study import read_study
from bykobling.study.prepare import prepare_study, streets_with_sides
from bykobling.study.run import PREPARE_SHARES
from bykobling.study.steps import Steps
from tests.real import studies

NEAR_M = 75.0
"""A candidate is the removed link where it comes this near to where it was (chords are laid every 25 m)."""

BEST = 3


@dataclass(frozen=True)
class Removed:
    """A link that is there, a line across it where it is cut, and the barriers it crosses."""

    city: str
    name: str
    start: tuple[float, float]
    stop: tuple[float, float]
    barriers: tuple[str, ...]

    @property
    def cut(self):
        return shapely.LineString([self.start, self.stop])


LAKES = ("Sankt Jørgens Sø", "Peblinge Sø", "Sortedams Sø")
RING = ("Ringbanen (S-tog F)",)
PARK_WATER = ("lake by Nørre Voldgade", "unnamed water (moat)", "Fælledsøen")
YARD = ("railway yard by Asema-aukio",)
MAIN = (
    "Dronning Louises Bro", "Fredensbro", "Gyldenløvesgade (dam)", "Kampmannsgade (dam)", "Tagensvej over Ringbanen",
    "Borups Allé under Ringbanen", "Hillerødgade under Ringbanen", "Pitkäsilta", "Crusellinsilta",
    "underpass of the main station",
)  # fmt: skip
"""The ten a local would name first. Of Hillerødgade five other streets pass under the railway within 300 m; north of
Pitkäsilta the extract ends, so without it there is no city left to join."""

LINKS = (
    Removed("copenhagen", "Dronning Louises Bro", (346_876, 6_173_835), (346_922, 6_173_896), LAKES[1:]),
    Removed("copenhagen", "Fredensbro", (347_262, 6_174_497), (347_198, 6_174_433), LAKES[2:]),
    Removed("copenhagen", "Gyldenløvesgade (dam)", (346_600, 6_173_375), (346_533, 6_173_283), LAKES[:2]),
    Removed("copenhagen", "Kampmannsgade (dam)", (346_519, 6_172_879), (346_537, 6_172_974), LAKES[:1]),
    Removed("copenhagen", "Tagensvej over Ringbanen", (345_591, 6_176_184), (345_534, 6_176_136), RING),
    Removed("copenhagen", "Hillerødgade under Ringbanen", (344_804, 6_175_132), (344_736, 6_175_074), RING),
    Removed("copenhagen", "bridge in Ørstedsparken", (346_958, 6_173_240), (346_958, 6_173_210), PARK_WATER[:1]),
    Removed(
        "copenhagen",
        "bridge over the moat by Øster Voldgade",
        (347_730, 6_173_716),
        (347_749, 6_173_739),
        PARK_WATER[1:2],
    ),
    Removed("copenhagen", "bridge in Fælledparken", (347_027, 6_175_589), (347_017, 6_175_561), PARK_WATER[2:]),
    Removed("copenhagen", "Nordre Fasanvej under Ringbanen", (345_250, 6_175_514), (345_182, 6_175_456), RING),
    Removed("copenhagen", "Borups Allé under Ringbanen", (344_667, 6_175_014), (344_575, 6_174_936), RING),
    Removed("copenhagen", "path by Lersøparken under Ringbanen", (346_226, 6_176_712), (346_157, 6_176_655), RING),
    Removed("helsinki", "Pitkäsilta", (386_262, 6_672_818), (386_312, 6_672_818), ("the sea",)),
    Removed("helsinki", "Crusellinsilta", (383_880, 6_671_102), (383_936, 6_671_122), ("the sea",)),
    Removed("helsinki", "Linnunlauluntie over the railway", (385_503, 6_672_924), (385_457, 6_672_976), YARD),
    Removed("helsinki", "underpass of the main station", (385_766, 6_672_400), (385_766, 6_672_510), YARD),
)


def prepared(city, folder):
    """Read a city: (study, prepared, streets with sides)."""
    study = read_study(getattr(studies, city)(Path(folder) / city))
    ready = prepare_study(study, Steps(None, PREPARE_SHARES))
    return study, ready, streets_with_sides(ready.inputs.extract, ready.big, delays=study.delays)


def found_again(link, study, ready, streets):
    """Rank the candidates of the barriers once the link is gone."""
    gone = streets["walk"].to_numpy(bool) & shapely.intersects(streets.geometry.to_numpy(), link.cut)
    network = Network.from_streets(streets[~gone], mode="walk", profile=study.walk.profile)
    buildings = ready.inputs.extract.buildings
    openings = open_barriers(network, ready.barriers, buildings=buildings)
    extent = ready.inputs.extract.extent
    candidates, _ = find_candidates(openings, ready.barriers, buildings=buildings, extent=extent, street_gaps=False)
    names = ready.barriers["name"].to_numpy(object)[candidates.barrier]
    mine = candidates.take(np.isin(names.astype(str), link.barriers))
    demand = demand_on(openings, ready.everybody, ready.inputs.destinations, ready.inputs.areas.index)
    worth = score_candidates(mine, demand).gain[:, :, -1, 0].sum(axis=0)
    kept = spheres_of_influence(mine, worth)
    near = shapely.distance(mine.geometry[kept], link.cut.centroid) <= NEAR_M
    rank = int(np.flatnonzero(near)[0]) + 1 if near.any() else None
    return {
        "city": link.city,
        "link": link.name,
        "streets_removed": int(gone.sum()),
        "candidates": len(kept),
        "rank": rank,
        "found": rank is not None and rank <= BEST,
        "route_min": float(mine.route_s[kept[rank - 1]]) / 60 if rank else np.nan,
        "length_m": float(mine.length_m[kept[rank - 1]]) if rank else np.nan,
    }


def table(folder):
    """Run every case."""
    rows = []
    for city in dict.fromkeys(link.city for link in LINKS):
        case = prepared(city, folder)
        rows += [found_again(link, *case) for link in LINKS if link.city == city]
    return pd.DataFrame(rows)


if __name__ == "__main__":
    sys.stdout.write(table(sys.argv[1]).round(1).to_string() + "\n")
