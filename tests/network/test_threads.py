from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from bykobling._kernels.threads import in_chunks
from bykobling.network import Network, travel_time_matrix

from .streets import random_streets


def test_every_row_is_worked_on_once():
    seen = np.zeros(1000, dtype=int)

    def work(start, stop, mine):
        mine.append(start)
        seen[start:stop] += 1

    in_chunks(work, 1000, scratch=list, chunk=7)
    assert (seen == 1).all()
    in_chunks(work, 0, scratch=list)
    assert seen.sum() == 1000


def test_what_goes_wrong_in_a_thread_is_raised():
    def work(start, _stop, _mine):
        if start >= 50:
            raise ArithmeticError(start)

    with pytest.raises(ArithmeticError):
        in_chunks(work, 100, scratch=list, chunk=10)


def test_several_threads_may_ask_at_once():
    network = Network.from_streets(random_streets(1))
    everywhere = network.at_nodes(np.arange(network.node_count))
    expected = travel_time_matrix(network, everywhere, everywhere)
    with ThreadPoolExecutor(4) as pool:
        asked = [pool.submit(travel_time_matrix, network, everywhere, everywhere) for _ in range(8)]
        assert all((each.result() == expected).all() for each in asked)
