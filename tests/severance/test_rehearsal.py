"""The town that is rehearsed asks for the very machine code a real town needs."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

# a town of another shape, measured as a study measures it
SAME = """
import shapely
from bykobling._kernels import listed, opening, pairs
from bykobling.severance import barrier_effect, crossing_detour, detour_index, near_but_far
from bykobling.severance import rehearsal
from tests.toys import extract_of, grid, opened_town, points_layer, streets_table

KERNELS = (opening.opening_sums, listed.listed_seconds, pairs.pair_seconds)
for work in (rehearsal.rehearse_effect, rehearsal.rehearse_walks):
    work(progress=lambda *_: None)
rehearsed = [kernel.signatures for kernel in KERNELS]
assert all(rehearsed)

strip = shapely.box(510, -50, 550, 550)
pieces = (*grid(6, 6), *grid(6, 6, x0=560), ((500, 0), (560, 0), {"bridge": True, "layer": 1}))
homes = points_layer([(500, 500), (100, 300), (20, 100)], residents=[10.0, 1.0, 3.0], area_id=["a", "a", "b"])
shops = points_layer([(560, 500), (700, 450)], category=["x", "y"], weight=[1.0, 2.0], name=["shop", None])
for mode, cutoffs in (("walk", [5, 10, 15]), ("bike", [10])):
    extract = extract_of(streets_table(pieces), [("land", "railway", "Banen", strip)])
    town = opened_town(extract, mode=mode)
    extent = shapely.box(-900, -900, 1900, 1900)
    more = {"weights": shops["weight"], "neighbors": homes, "extent": extent}
    barrier_effect(town.openings, homes, shops, cutoffs_min=cutoffs, **more)
    near_but_far(town.network, homes, shops, neighbors=homes, walls=town.openings.walls, extent=extent)
    detour_index(town.network, homes, walls=town.openings.walls)
    crossing_detour(town.openings, town.barriers)
assert [kernel.signatures for kernel in KERNELS] == rehearsed
"""

WHEN = """
import os
import sys
from pathlib import Path
from bykobling._kernels.opening import opening_sums
from bykobling.severance.rehearsal import rehearsed

assert not rehearsed()
index = Path(opening_sums.stats.cache_path) / f"opening.opening_sums-1.{sys.argv[1]}"
index.parent.mkdir(parents=True, exist_ok=True)
index.touch()
print(rehearsed())
os.utime(index, (0, 0))
print(rehearsed())
"""


def ran(code, *arguments, **environment):
    return subprocess.run(
        [sys.executable, "-c", code, *arguments], check=False, capture_output=True, text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), **environment},
    )  # fmt: skip


def test_a_rehearsed_town_needs_what_a_real_one_does():
    done = ran(SAME)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(("suffix", "fresh"), [("nbi", "True"), ("nbc", "False")])
def test_it_is_rehearsed_where_no_code_is_kept_or_only_older(tmp_path, suffix, fresh):
    done = ran(WHEN, suffix, NUMBA_CACHE_DIR=str(tmp_path))
    assert done.stdout.split() == [fresh, "False"], done.stderr
