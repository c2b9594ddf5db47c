"""What reading lines leaves out or repairs, counted, the first ten named."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from bykobling._check import NAMED
from bykobling.errors import Fault
from bykobling.osm.route_paths import MAX_OFF_M

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bykobling.osm.route_paths import Trace

BEYOND_M = 500.0
"""Ways of a line that reach farther than this from its run have stops that are not in the relation or the file."""


@dataclass
class Account:
    """Collects what happened to each line."""

    file: str
    sentences: tuple[str, ...] = ()
    seldom: list[str] = field(default_factory=list)
    too_short: list[str] = field(default_factory=list)
    absent_stops: list[tuple[str, int]] = field(default_factory=list)
    absent_ways: list[tuple[str, int]] = field(default_factory=list)
    read_backwards: list[str] = field(default_factory=list)
    one_way: list[str] = field(default_factory=list)
    off_line: list[tuple[str, int]] = field(default_factory=list)
    broken: list[tuple[str, int]] = field(default_factory=list)
    beyond: list[str] = field(default_factory=list)
    unnamed: set[str] = field(default_factory=set)

    def add_trace(self, label: str, found: Trace) -> None:
        """Note the stops far from the ways of a line, the legs its ways do not connect, and ways without stops."""
        far, gaps = int((found.off_m > MAX_OFF_M).sum()), int(np.isnan(found.leg_m).sum())
        if found.beyond_m > BEYOND_M and label not in self.beyond:
            self.beyond.append(label)
        if far:
            self.off_line.append((label, far))
        if gaps:
            self.broken.append((label, gaps))

    def faults(self) -> tuple[Fault, ...]:
        """Return one warning for each kind of thing that happened."""
        found = [
            ("long-distance, night, school, on-demand or tourist services are left out: no headway can be assumed",
             "tag interval=* in OSM where they do run all day", listed(self.seldom)),
            ("lines with fewer than two stops in the file, left out",
             "use a larger extract, or add the stops to the relation in OSM", listed(self.too_short)),
            ("stops of lines are not in the file; the lines run between those that are",
             "use a larger extract with complete relations", _summed(self.absent_stops)),
            ("ways of lines are not in the file", "use a larger extract with complete relations",
             _summed(self.absent_ways)),
            (f"stops lie more than {MAX_OFF_M:.0f} m from the ways of their line; the way to them is taken as straight",
             "check the relation in OSM", _summed(self.off_line)),
            ("times the ways of a line do not connect one stop with the next; the way there is taken as straight",
             "mend the relation in OSM", _summed(self.broken)),
            (f"lines have ways that reach more than {BEYOND_M:.0f} m beyond their stops, so stops are missing there",
             "use a larger extract, or add the stops to the relation in OSM", listed(self.beyond)),
            ("lines are drawn in one direction alone and were read backwards for the other",
             "draw the other direction in OSM", listed(self.read_backwards)),
            ("lines run in one direction alone: the other is not drawn, or has fewer than two stops in the file",
             "use a larger extract, draw the other direction in OSM, or tag roundtrip=no", listed(self.one_way)),
            ("stops have no name", "add it in OSM", listed(sorted(self.unnamed))),
        ]  # fmt: skip
        warnings = [
            Fault(self.file, "", f"{count:,} {rule}: {names}", remedy, "warning")
            for rule, remedy, (count, names) in found
            if count
        ]
        said = [Fault(self.file, "", text.rstrip("."), "ask Overpass again", "warning") for text in self.sentences]
        return (*said, *warnings)


def listed(names: Sequence[str]) -> tuple[int, str]:
    """Count names, name the first ten and count the rest.

    Examples
    --------
    >>> listed(["bus 1", "bus 2"])
    (2, 'bus 1, bus 2')
    """
    more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    return len(names), ", ".join(names[:NAMED]) + more


def _summed(counts: Sequence[tuple[str, int]]) -> tuple[int, str]:
    _, names = listed([f"{count} of {label}" for label, count in counts])
    return sum(count for _, count in counts), names
