"""How fast connections are ranked, beside searching the changed network for each: ``python -m tests.benchmarks.links``.

On the walk network of inner north Copenhagen, everybody and every place, three cut-offs, three fields. The slow way
builds the network with each link (edges added, arcs laid out) and searches it from all homes; of that a sample is run.
"""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

import numpy as np

from bykobling.links import ask_link, demand_on, find_candidates, network_with, score_candidates
from bykobling.network import reach_sums
from bykobling.study import read_study
from bykobling.study.prepare import prepare_study
from bykobling.study.run import PREPARE_SHARES
from bykobling.study.steps import Steps
from tests.real.studies import copenhagen

SAMPLE = 5
DRAWN = 20


def timed(work):
    """Run once to compile and warm up, then time the second run: (seconds, answer)."""
    work()
    start = time.perf_counter()
    answer = work()
    return time.perf_counter() - start, answer


def main():
    with tempfile.TemporaryDirectory() as folder:
        study = read_study(copenhagen(Path(folder)))
        ready = prepare_study(study, Steps(None, PREPARE_SHARES))
    extract = ready.inputs.extract
    find_s, (links, _) = timed(
        lambda: find_candidates(ready.walking, ready.barriers, buildings=extract.buildings, extent=extract.extent)
    )
    network = links.openings.network
    demand = demand_on(links.openings, ready.everybody, ready.inputs.destinations, ready.inputs.areas.index)
    rank_s, gains = timed(lambda: score_candidates(links, demand))
    print(f"{len(links)} candidates, {len(demand.people):,} homes, {len(demand.destinations):,} places")
    print(f"found in {find_s:.2f} s, ranked in {rank_s:.2f} s: {1e3 * rank_s / len(links):.1f} ms a link")

    rows = np.linspace(0, len(links) - 1, SAMPLE).astype(int)
    before = reach_sums(network, demand.homes, demand.destinations, demand.weights, demand.cutoffs_s)
    start = time.perf_counter()
    for row in rows:
        built = network_with(links, [row])
        after = reach_sums(built, demand.homes, demand.destinations, demand.weights, demand.cutoffs_s)
        slow = np.einsum("o,ocf->cf", demand.people, after - before)
        np.testing.assert_allclose(gains.gain[:, row].sum(axis=0), slow, atol=1e-6 * max(slow.max(), 1.0))
    each_s = (time.perf_counter() - start) / SAMPLE
    print(
        f"searching the changed network: {1e3 * each_s:.0f} ms a link, {each_s * len(links) / rank_s:.0f} times as long"
    )

    drawn = np.linspace(0, len(links) - 1, DRAWN).astype(int)
    seconds = []
    for row in [drawn[0], *drawn]:
        start = time.perf_counter()
        ask_link(network, demand, links.geometry[row], kind=links.kind[row])
        seconds.append(time.perf_counter() - start)
    print(f"one drawn link: median {np.median(seconds[1:]):.2f} s, slowest {max(seconds[1:]):.2f} s")


if __name__ == "__main__":
    main()
