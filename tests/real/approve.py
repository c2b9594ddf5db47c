"""Write the table that the tests hold Copenhagen to: ``python -m tests.real.approve``, then read the difference."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from bykobling.study import read_study, run_study
from tests.real.studies import copenhagen

TABLE = Path(__file__).parent / "expected" / "copenhagen_gaps.csv"


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        gaps = run_study(read_study(copenhagen(Path(folder)))).gaps
    gaps.round(6).to_csv(TABLE, lineterminator="\n")
    sys.stdout.write(f"{TABLE}: {len(gaps)} indicators\n")


if __name__ == "__main__":
    main()
