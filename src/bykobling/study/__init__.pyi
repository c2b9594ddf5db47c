# The names of this room: what type checkers read, and where `__init__.py` finds them.
from .assess import assess_study, save_assessment
from .check import Checked, check_study, look_at_study, writing_to
from .compare import Comparison, compare_results, write_comparison
from .config import read_study
from .find import FindSettings, find_study, save_found
from .make import make_study
from .model import Study
from .run import run_study, save_results
from .screen import ScreenedNoise, screen_study

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
