# The names of this room: what type checkers read, and where `__init__.py` finds them.
from .assess import write_assessment_report
from .links import write_links_report
from .noise_picture import write_noise_picture
from .write import write_report

__all__ = [
    "write_assessment_report",
    "write_links_report",
    "write_noise_picture",
    "write_report",
]
