"""Studies: read study.toml, check its inputs, run the whole chain."""

from __future__ import annotations

from bykobling.study.check import check_study
from bykobling.study.config import read_study
from bykobling.study.model import Study
from bykobling.study.run import run_study, save_results

__all__ = ["Study", "check_study", "read_study", "run_study", "save_results"]
