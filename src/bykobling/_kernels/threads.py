"""Origins shared out over threads: kernels release the interpreter lock, so plain threads are enough.

Every chunk of origins is searched by itself and writes its own rows, so the answer does not depend on the number
of threads. Plain threads (instead of numba's own) let progress be told and the work be cancelled between chunks,
may be used from several threads at once, and halve the time of the first compilation.
"""

from __future__ import annotations

from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any

import numba

if TYPE_CHECKING:
    from collections.abc import Callable

CHUNK = 256
"""Origins searched between two looks at progress and cancelling."""


def in_chunks(
    work: Callable[[int, int, Any], None],
    total: int,
    *,
    scratch: Callable[[], Any],
    progress: Callable[[int, int, str], None] | None = None,
    message: str = "",
    chunk: int = CHUNK,
) -> None:
    """Call ``work(start, stop, scratch)`` for every chunk of ``range(total)``, on several threads.

    As many as `numba.get_num_threads` tells, so `numba.set_num_threads` limits them.

    Parameters
    ----------
    work : callable
        Writes rows ``start`` to ``stop`` of its result; nothing another chunk reads or writes.
    total : int
        Number of origins.
    scratch : callable
        Makes the scratch of one thread; lent to one call of `work` at a time.
    progress : callable, optional
        Called in the calling thread as ``progress(done, total, message)``; what it raises stops the work.
    message : str
        Passed to `progress`.
    chunk : int
        Origins a call.
    """
    threads = max(1, min(numba.get_num_threads(), -(-total // chunk)))
    spare: SimpleQueue[Any] = SimpleQueue()
    for _ in range(threads):
        spare.put(scratch())
    done = 0

    def one(start: int) -> int:
        mine = spare.get()
        try:
            stop = min(start + chunk, total)
            work(start, stop, mine)
        finally:
            spare.put(mine)
        return stop - start

    with ThreadPoolExecutor(threads, thread_name_prefix="bykobling") as pool:
        waiting = {pool.submit(one, start) for start in range(0, total, chunk)}
        try:
            while waiting:
                finished, waiting = wait(waiting, return_when=FIRST_COMPLETED)
                for future in finished:
                    done += future.result()
                if progress is not None:
                    progress(done, total, message)
        finally:
            for future in waiting:
                future.cancel()
