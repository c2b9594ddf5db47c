"""Where the engine is, how it is started, and in which environment."""

from __future__ import annotations

import os
from pathlib import Path

from qgis.core import QgsApplication, QgsSettings
from qgis.PyQt.QtCore import QProcessEnvironment, QStandardPaths

from .i18n import tr

SETTING = "bykobling/engine"
"""Path of the engine in the settings of QGIS: its command, a Python, or the folder of an environment."""

VARIABLE = "BYKOBLING_ENGINE"
"""The same in the environment."""

_DROPPED = frozenset(
    {
        "PYTHONHOME", "PYTHONPATH", "PYTHONEXECUTABLE", "PYTHONUSERBASE", "PYTHONSTARTUP", "VIRTUAL_ENV",
        "QGIS_PREFIX_PATH", "PROJ_DATA", "PROJ_LIB", "GDAL_DATA", "GDAL_DRIVER_PATH", "LD_LIBRARY_PATH", "LD_PRELOAD",
    }
)  # fmt: skip
_DROPPED_BEGINNINGS = ("PIP_", "DYLD_")
_INSIDE = (
    "bin/bykobling", "Scripts/bykobling.exe", "bin/python3", "bin/python", "Scripts/python.exe", "python.exe",
)  # fmt: skip


def clean_environment() -> QProcessEnvironment:
    """Give the environment of QGIS without what makes another Python fail.

    Returns
    -------
    QProcessEnvironment
        QGIS's own PYTHONHOME kills the engine's interpreter, its PROJ_DATA makes rasterio fail.
    """
    environment = QProcessEnvironment.systemEnvironment()
    for name in environment.keys():  # noqa: SIM118 - no dict
        # names are spelled in any case on Windows
        if name.upper() in _DROPPED or name.upper().startswith(_DROPPED_BEGINNINGS):
            environment.remove(name)
    environment.insert("PYTHONUTF8", "1")
    environment.insert("PYTHONUNBUFFERED", "1")
    return environment


def find_engine(settings: QgsSettings | None = None) -> list[str] | None:
    """Find the command that starts the engine.

    Parameters
    ----------
    settings : QgsSettings, optional
        Or anything else with ``value(key, default)``.

    Returns
    -------
    list of str or None
        From, in this order: the path in the settings (an IT department may set it), ``BYKOBLING_ENGINE``,
        ``bykobling`` on PATH, the environment made by the set-up page. A path that is named but leads nowhere is
        not passed over in silence: then there is no engine (see `why_not_found`).
    """
    for _, path in _named(settings):
        return _command(Path(path))
    on_path = QStandardPaths.findExecutable("bykobling")
    if on_path:
        return _command(Path(on_path))
    from .managed import environment_python

    managed = environment_python(QgsApplication.qgisSettingsDirPath())
    return _command(Path(managed)) if managed else None


def why_not_found(settings: QgsSettings | None = None) -> str:
    """Tell why `find_engine` found nothing.

    Parameters
    ----------
    settings : QgsSettings, optional
        Or anything else with ``value(key, default)``.

    Returns
    -------
    str
        A sentence for the planner.
    """
    for where, path in _named(settings):
        text = tr("There is no engine at {path}, which {where} names. Choose another on the set-up page.")
        return text.format(path=path, where=where)
    return tr("The engine is not installed yet. Open the bykobling panel: it sets it up for you.")


def _named(settings: QgsSettings | None) -> list[tuple[str, str]]:
    """List where a path is named and the path, first come first."""
    told = str((settings if settings is not None else QgsSettings()).value(SETTING, "") or "").strip()
    variable = os.environ.get(VARIABLE, "").strip()
    places = ((tr("your settings"), told), (tr("the variable BYKOBLING_ENGINE"), variable))
    return [(where, path) for where, path in places if path]


def _command(path: Path) -> list[str] | None:
    """Tell how to start what lies at a path: a command, a Python, or the folder of an environment."""
    if path.is_dir():
        inside = next((path / name for name in _INSIDE if (path / name).is_file()), None)
        return None if inside is None else _command(inside)
    if not path.is_file():
        return None
    if path.name.lower().startswith("python"):
        return [str(path), "-m", "bykobling.worker"]
    return [str(path), "worker"]
