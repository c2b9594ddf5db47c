"""The plug-in in the Processing toolbox, in models, in batches and under ``qgis_process``."""

from __future__ import annotations

from qgis.core import QgsProcessingProvider
from qgis.PyQt.QtGui import QIcon

from .compat import PLUGIN_FOLDER, plugin_version


class BykoblingProvider(QgsProcessingProvider):
    """Every public verb of bykobling as an algorithm."""

    def loadAlgorithms(self) -> None:
        """Add the algorithms."""
        from .algorithms import all_algorithms

        for one in all_algorithms():
            self.addAlgorithm(one)

    def id(self) -> str:
        """First half of every algorithm's id."""
        return "bykobling"

    def name(self) -> str:
        """Name in the toolbox."""
        return "bykobling"

    def longName(self) -> str:
        """Name with what it stands for."""
        return "bykobling: barriers and connections of a city"

    def icon(self) -> QIcon:
        """Picture in the toolbox."""
        return QIcon(str(PLUGIN_FOLDER / "icon.svg"))

    def svgIconPath(self) -> str:
        """Picture in models."""
        return str(PLUGIN_FOLDER / "icon.svg")

    def versionInfo(self) -> str:
        """Version of the plug-in."""
        return plugin_version()
