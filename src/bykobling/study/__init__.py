"""Studies: read study.toml, check its inputs, run the whole chain, compare two runs."""

from __future__ import annotations

from bykobling.study.assess import assess_study, save_assessment
from bykobling.study.check import Checked, check_study, look_at_study, writing_to
from bykobling.study.compare import Comparison, compare_results, write_comparison
from bykobling.study.config import read_study
from bykobling.study.find import FindSettings, find_study, save_found
from bykobling.study.make import make_study
from bykobling.study.model import Study
from bykobling.study.run import run_study, save_results
from bykobling.study.screen import ScreenedNoise, screen_study

__all__ = [
    "Checked",
    "Comparison",
    "FindSettings",
    "ScreenedNoise",
    "Study",
    "assess_study",
    "check_study",
    "compare_results",
    "find_study",
    "look_at_study",
    "make_study",
    "read_study",
    "run_study",
    "save_assessment",
    "save_found",
    "save_results",
    "screen_study",
    "write_comparison",
    "writing_to",
]
