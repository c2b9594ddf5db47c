"""The plug-in with Qt 6, as QGIS 4 has it: names without their scope are gone there."""

import os
import subprocess
from pathlib import Path

import pytest

from conftest import HERE, ROOT


def test_it_is_imported_and_its_engine_runs_with_qt6(tmp_path):
    python = Path(os.environ.get("BYKOBLING_QT6_PYTHON") or ROOT / ".venv-qgis" / "qt6" / "bin" / "python")
    if not python.is_file():
        pytest.skip("PyQt6 could not be installed: tests/qgis/run makes an environment for it where it can")
    env = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": ""}
    done = subprocess.run(
        [str(python), str(HERE / "qt6_smoke.py")], env=env, capture_output=True, text=True, timeout=600, check=False
    )
    if "libEGL" in done.stderr or "libGL" in done.stderr:
        pytest.skip(f"Qt 6 lacks a library of the system: {done.stderr.strip().splitlines()[-1]}")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "modules were imported with Qt 6" in done.stdout
    assert "engine's manager runs with Qt 6" in done.stdout
