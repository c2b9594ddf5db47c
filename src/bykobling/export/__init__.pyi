# The names of this room: what type checkers read, and where `__init__.py` finds them.
from .assessment_folder import write_assessment
from .atomic import atomic_folder
from .found_folder import write_found
from .gtfs_zip import write_gtfs
from .results_folder import write_results, write_run

__all__ = [
    "atomic_folder",
    "write_assessment",
    "write_found",
    "write_gtfs",
    "write_results",
    "write_run",
]
