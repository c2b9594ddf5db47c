"""Studies: read study.toml, check its inputs, run the whole chain, compare two runs."""

from __future__ import annotations

from bykobling.study.check import Checked, check_study, look_at_study
from bykobling.study.compare import Comparison, compare_results, write_comparison
from bykobling.study.config import read_study
from bykobling.study.model import Study
from bykobling.study.run import run_study, save_results

__all__ = [
    "Checked",
    "Comparison",
    "Study",
    "check_study",
    "compare_results",
    "look_at_study",
    "read_study",
    "run_study",
    "save_results",
    "write_comparison",
]
