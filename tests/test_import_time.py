"""Opening the door is instant: nothing heavy is loaded before it is needed."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

HEAVY = ("geopandas", "matplotlib", "networkx", "numba", "numpy", "osmium", "osmnx", "pandas", "pyarrow", "pyogrio",
         "pyproj", "rasterio", "requests", "scipy", "shapely")  # fmt: skip


def loaded_after(code):
    """Return the heavy modules a fresh interpreter holds after running some code."""
    ask = f"import sys\n{code}\nprint('loaded:', *[m for m in {HEAVY!r} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", ask], capture_output=True, text=True, check=True)
    return done.stdout.rpartition("loaded:")[2].split()


def test_importing_loads_nothing_heavy():
    assert loaded_after("import bykobling") == []


@pytest.mark.parametrize("argument", ["--help", "--version", "indicators"])
def test_asking_for_help_loads_nothing_heavy(argument):
    code = f"""
sys.argv = ["bykobling", {argument!r}]
from bykobling.cli import main
try:
    main()
except SystemExit as stop:
    assert not stop.code, stop.code
"""
    assert loaded_after(code) == []


def test_using_a_name_loads_its_room():
    assert "pandas" in loaded_after("import bykobling; bykobling.group_gaps")


def test_a_study_without_them_loads_no_readers_of_timetables_and_noise():
    rooms = ("emission.levels", "exposure", "gtfs.read", "made_feed", "raster.model")
    code = f"""
import bykobling.study.run
early = [room for room in {rooms!r} if "bykobling." + room in sys.modules]
assert not early, early
"""
    assert "numba" in loaded_after(code)


def test_what_two_threads_would_load_from_two_ends_is_loaded_before_there_are_two():
    # a package that is loaded in a circle, by threads that enter it at different places, breaks now and then: measures
    # of severance are taken side by side, and one asks for trees of points where another groups the ways out
    code = """
import bykobling.study.run
needed = ("scipy.spatial", "scipy.special", "scipy.sparse.csgraph", "geopandas")
late = [name for name in needed if name not in sys.modules]
assert not late, late
"""
    assert "scipy" in loaded_after(code)


def test_what_draws_the_report_and_reads_the_timetable_needs_no_compiler():
    code = """
from bykobling._second import found
from bykobling.report.write import READY
import bykobling.study.timetables
found(READY)(progress=lambda *_: None)
from bykobling.gtfs import read_gtfs
from bykobling.made_feed import gtfs_from_osm
"""
    loaded = loaded_after(code)
    assert "matplotlib" in loaded
    assert "numba" not in loaded


PROMISED = [
    "read_osm",
    "OsmExtract",
    "read_streets",
    "read_barrier_features",
    "read_destinations",
    "read_buildings",
    "read_boundaries",
    "read_areas",
    "read_population",
    "Network",
    "Profile",
    "WALKER",
    "CYCLIST",
    "two_sided",
    "CrossingDelays",
    "BarrierRules",
    "is_barrier_road",
    "make_barriers",
    "find_crossings",
    "open_barriers",
    "Openings",
    "barrier_effect",
    "BarrierEffect",
    "crossing_detour",
    "read_study",
    "check_study",
    "run_study",
    "save_results",
    "Results",
    "Note",
    "write_results",
    "write_report",
    "fetch_place",
    "INDICATORS",
    "BykoblingError",
    "InputError",
    "CrsError",
    "StudyError",
    "ReadError",
    "OutputError",
    "FetchError",
    "Cancelled",
    "Fault",
]


def test_every_public_name_resolves():
    import bykobling

    assert set(PROMISED) <= set(bykobling.__all__)
    for name in bykobling.__all__:
        assert getattr(bykobling, name) is not None
    assert set(bykobling.__all__) - {"__version__"} <= set(dir(bykobling))
    with pytest.raises(AttributeError, match="no_such_name"):
        _ = bykobling.no_such_name


def test_type_checkers_see_the_same_names():
    import bykobling

    stub = ast.parse(Path(bykobling.__file__).with_suffix(".pyi").read_text(encoding="utf-8"))
    imported = {name.name for one in stub.body if isinstance(one, ast.ImportFrom) for name in one.names}
    listed = next(
        ast.literal_eval(one.value)
        for one in stub.body
        if isinstance(one, ast.Assign) and ast.unparse(one.targets[0]) == "__all__"
    )
    assert len(listed) == len(set(listed))
    assert set(listed) == set(bykobling.__all__) == {*imported, "__version__"}
