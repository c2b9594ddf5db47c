"""The QGIS plug-in of bykobling: a planner draws a bridge and sees who gains."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from qgis.gui import QgisInterface

    from .plugin import BykoblingPlugin


def classFactory(iface: QgisInterface | None) -> BykoblingPlugin:
    """Make the plug-in; QGIS calls this when it loads it.

    Parameters
    ----------
    iface : QgisInterface or None
        The window of QGIS; None under ``qgis_process``.

    Returns
    -------
    BykoblingPlugin
    """
    from .plugin import BykoblingPlugin

    return BykoblingPlugin(iface)
