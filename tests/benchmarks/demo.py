"""Time the shipped study as a user runs it: ``python -m tests.benchmarks.demo [RUNS]``.

Once cold (nothing compiled), then RUNS times warm (3), each in a process of its own, with its own folder of compiled
code. Printed are medians: seconds a step (`run.json`), wall time, processor time, and the most memory ever held, of the
run and its second process together. On a machine shared with others look at the processor time: wall time tells how
many they are.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

COMMAND = "import sys; from bykobling.cli import main; sys.exit(main())"
AIMS = {"cold": 60.0, "warm": 15.0}
AIM_MB = 1024.0
RUNS = 3


def run_demo(folder, compiled):
    """Run the demo once: (wall seconds, processor seconds, peak MB, seconds by step)."""
    # nobody who installs bykobling is without compiled modules
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    start = time.perf_counter()
    with tempfile.TemporaryFile() as said:
        child = subprocess.Popen(
            [sys.executable, "-c", COMMAND, "demo", "--folder", str(folder)],
            env={**kept, "NUMBA_CACHE_DIR": str(compiled)},
            stdout=said,
            stderr=said,
        )
        most = [0.0]
        ended = threading.Event()
        looking = threading.Thread(target=look_at_memory, args=(child.pid, most, ended))
        looking.start()
        _, status, used = os.wait4(child.pid, 0)
        ended.set()
        looking.join()
        child.returncode = os.waitstatus_to_exitcode(status)
        wall = time.perf_counter() - start
        if child.returncode:
            said.seek(0)
            raise SystemExit(said.read().decode(errors="replace"))
    steps = json.loads((folder / "run.json").read_text(encoding="utf-8"))["timings_s"]
    # Linux tells kilobytes, macOS bytes; of the larger process alone
    peak_mb = used.ru_maxrss / (1024 * 1024 if sys.platform == "darwin" else 1024)
    return wall, used.ru_utime + used.ru_stime, max(peak_mb, most[0]), steps


def look_at_memory(pid, most, ended):
    """Keep the most megabytes a process and its children hold together; what they share counts once (Linux only)."""
    proc = Path("/proc")
    while not ended.wait(0.5):
        held_kb = 0
        try:
            children = [int(one) for file in proc.glob(f"{pid}/task/*/children") for one in file.read_text().split()]
            for one in (pid, *children):
                rows = (proc / str(one) / "smaps_rollup").read_text().splitlines()
                held_kb += sum(int(row.split()[1]) for row in rows if row.startswith("Pss:"))
        except (OSError, IndexError):  # it has just ended, or this is no Linux
            continue
        most[0] = max(most[0], held_kb / 1024)


def told(name, wall, processor, peak_mb):
    """Print one row."""
    aim = AIMS[name]
    print(
        f"{name}: {wall:6.1f} s wall (aim {aim:g}), {processor:6.1f} s of processor on {os.cpu_count()} cores, "
        f"{peak_mb:,.0f} MB at most (aim {AIM_MB:,.0f})"
    )


def main() -> int:
    """Print every row; 1 where an aim is missed."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else RUNS
    with tempfile.TemporaryDirectory(prefix="bykobling-demo-") as place:
        compiled, results = Path(place) / "compiled", Path(place) / "results"
        wall, processor, peak_mb, _ = run_demo(results, compiled)
        told("cold", wall, processor, peak_mb)
        met = wall <= AIMS["cold"] and peak_mb <= AIM_MB
        warm = [run_demo(results, compiled) for _ in range(runs)]
    walls, processors, peaks, steps = zip(*warm, strict=True)
    told("warm", *(statistics.median(each) for each in (walls, processors, peaks)))
    for name in steps[0]:
        print(f"  {name:<12}{statistics.median(one[name] for one in steps):6.2f} s")
    rest = statistics.median(wall - sum(one.values()) for wall, one in zip(walls, steps, strict=True))
    print(f"  {'start, save':<12}{rest:6.2f} s")
    met = met and statistics.median(walls) <= AIMS["warm"] and max(peaks) <= AIM_MB
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
