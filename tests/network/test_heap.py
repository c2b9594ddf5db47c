import heapq

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from numba import njit

from bykobling._kernels.heap import EMPTY, node_of, pack, pop, push, scratch, seconds_of


@njit
def sorted_by_heap(seconds, nodes, heap, early):
    size = 0
    out_s = np.empty(len(seconds), np.float32)
    out_n = np.empty(len(seconds), np.int64)
    done = 0
    for i in range(len(seconds)):
        size = push(heap, size, pack(seconds[i], nodes[i]))
        # some are taken out between
        if early[i]:
            out_s[done], out_n[done] = seconds_of(heap[0]), node_of(heap[0])
            size = pop(heap, size)
            done += 1
    while size > 0:
        out_s[done], out_n[done] = seconds_of(heap[0]), node_of(heap[0])
        size = pop(heap, size)
        done += 1
    return out_s, out_n


ENTRIES = st.lists(
    st.tuples(st.floats(0, 1e6, width=32), st.integers(0, 2**31 - 1), st.booleans()), min_size=1, max_size=80
)


@given(ENTRIES)
@settings(max_examples=200, deadline=None)
def test_the_heap_gives_what_heapq_gives(entries):
    _, _, heap = scratch(1, len(entries))
    seconds = np.array([entry[0] for entry in entries], dtype=np.float32)
    nodes = np.array([entry[1] for entry in entries], dtype=np.int64)
    early = np.array([entry[2] for entry in entries])
    ours = sorted_by_heap(seconds, nodes, heap, early)
    theirs, plain = [], []
    for s, n, out in zip(seconds.tolist(), nodes.tolist(), early.tolist(), strict=True):
        heapq.heappush(plain, (s, n))
        if out:
            theirs.append(heapq.heappop(plain))
    theirs += [heapq.heappop(plain) for _ in range(len(plain))]
    assert list(zip(ours[0].tolist(), ours[1].tolist(), strict=True)) == theirs
    # clean for the next search
    assert (heap[1:] == EMPTY).all()
