"""The barrier effect."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from qgis.core import QgsProcessingParameterBoolean, QgsProcessingParameterString

from ..i18n import tr
from .part import PartAlgorithm, minutes_in, wrong_minutes

if TYPE_CHECKING:
    from qgis.core import QgsProcessingContext


class BarrierEffect(PartAlgorithm):
    """How much reach barriers take."""

    ID = "barriereffect"
    LAYERS = ("areas", "residents", "barriers")
    SHOWN = ("residents", "barriers", "areas")

    def displayName(self) -> str:
        """Name in the toolbox."""
        return tr("Barrier effect")

    def shortDescription(self) -> str:
        """Say it in a line."""
        return tr("What share of the places within reach do barriers take, and which barrier takes most?")

    def shortHelpString(self) -> str:
        """Explain it to a planner."""
        return tr(
            "Compares, home by home, what can be reached on foot with what could be reached if the barriers were not "
            "there. 10 % means: barriers take every tenth place within reach. For each area it names the barrier that "
            "takes most.\n\n"
            "Write the minutes people walk with commas between, such as 5, 10, 15."
        )

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:
        """Declare parameters and outputs."""
        self.add_town(transit=False)
        self.addParameter(
            QgsProcessingParameterString("CUTOFFS", tr("Minutes, with commas between"), defaultValue="5, 10, 15")
        )
        self.addParameter(QgsProcessingParameterBoolean("BIKE", tr("Measure cycling too"), defaultValue=False))
        self.add_outputs()

    def wrong(self, parameters: dict[str, Any], context: QgsProcessingContext) -> list[str]:
        """List sentences on what is wrong."""
        return super().wrong(parameters, context) + wrong_minutes(
            self.parameterAsString(parameters, "CUTOFFS", context)
        )

    def settings(self, parameters: dict[str, Any], context: QgsProcessingContext) -> dict[str, Any]:
        """Measure the barrier effect alone."""
        minutes = minutes_in(self.parameterAsString(parameters, "CUTOFFS", context))
        return {"profile": {"enabled": False}, "walk": {"cutoffs_min": minutes}}

    def modes(self, parameters: dict[str, Any], context: QgsProcessingContext) -> list[str]:
        """Measure cycling where it was asked for."""
        return ["walk", "bike"] if self.parameterAsBool(parameters, "BIKE", context) else ["walk"]
