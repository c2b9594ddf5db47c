"""Write what a run found so that a desk, a map or another program can use it; never half-written."""

from __future__ import annotations

from bykobling.export.assessment_folder import write_assessment
from bykobling.export.atomic import atomic_folder
from bykobling.export.found_folder import write_found
from bykobling.export.gtfs_zip import write_gtfs
from bykobling.export.results_folder import write_results, write_run

__all__ = ["atomic_folder", "write_assessment", "write_found", "write_gtfs", "write_results", "write_run"]
