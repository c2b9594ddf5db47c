"""The barrier map."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..i18n import tr
from .part import PartAlgorithm

if TYPE_CHECKING:
    from qgis.core import QgsProcessingContext


class BarrierMap(PartAlgorithm):
    """Where barriers are, where they can be crossed, and the way round them."""

    ID = "barriermap"
    LAYERS = ("barriers", "crossings", "severance", "streets")
    SHOWN = ("crossings", "severance", "barriers", "streets")

    def displayName(self) -> str:
        """Name in the toolbox."""
        return tr("Barrier map")

    def shortDescription(self) -> str:
        """Say it in a line."""
        return tr("Where are railways, big roads and water in the way, and how far is it round them?")

    def shortHelpString(self) -> str:
        """Explain it to a planner."""
        return tr(
            "Draws the barriers of the town (railways, big roads, water, closed land and your own), every place where "
            "they can be crossed on foot, and along both sides of each barrier how much longer the way to the other "
            "side is than the straight line.\n\n"
            "Black means: there is no way across at all."
        )

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:
        """Declare parameters and outputs."""
        self.add_town(transit=False)
        self.add_outputs()

    def settings(self, parameters: dict[str, Any], context: QgsProcessingContext) -> dict[str, Any]:
        """Measure one cut-off alone: the map of barriers does not depend on it."""
        return {"profile": {"enabled": False}, "walk": {"cutoffs_min": [15]}}
