"""Catchments."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from qgis.core import (
    QgsProcessing,
    QgsProcessingParameterBoolean,
    QgsProcessingParameterEnum,
    QgsProcessingParameterFeatureSource,
    QgsProcessingParameterString,
)

from ..handover import Snapshot, write_layer
from ..i18n import tr
from ..layers import load_on_completion, source_of
from .base import LOAD, OUTPUT, STUDY_FOLDER
from .find_connections import MODES
from .given_study import StudyAlgorithm
from .part import minutes_in, wrong_minutes
from .town import fresh, wrong_source

if TYPE_CHECKING:
    from qgis.core import QgsProcessingContext, QgsProcessingFeedback

    from ..blocking import BlockingEngine


class Isochrone(StudyAlgorithm):
    """What lies within so many minutes."""

    ID = "isochrone"
    LAYERS = ("isochrones",)

    def displayName(self) -> str:
        """Name in the toolbox."""
        return tr("Catchment (isochrone)")

    def shortDescription(self) -> str:
        """Say it in a line."""
        return tr("What lies within so many minutes of a school, a station or a home?")

    def shortHelpString(self) -> str:
        """Explain it to a planner."""
        return tr(
            "Draws what is within reach of each point along the streets of a study, with the wait at crossings. The "
            "edge lies where time is up, to the metre, and never across a barrier that cannot be crossed. Points too "
            "far from a street are left out, and counted.\n\n"
            "Write the minutes with commas between, such as 5, 10, 15."
        )

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:
        """Declare parameters and outputs."""
        self.add_study()
        self.addParameter(
            QgsProcessingParameterFeatureSource(
                "POINTS", tr("Points to start from"), [QgsProcessing.SourceType.TypeVectorPoint]
            )
        )
        self.addParameter(
            QgsProcessingParameterString("CUTOFFS", tr("Minutes, with commas between"), defaultValue="5, 10, 15")
        )
        self.addParameter(
            QgsProcessingParameterEnum("MODE", tr("People move"), [tr("on foot"), tr("by bicycle")], defaultValue=0)
        )
        self.addParameter(
            QgsProcessingParameterBoolean("MERGED", tr("One catchment of all points together"), defaultValue=False)
        )
        self.add_outputs()

    def wrong(self, parameters: dict[str, Any], context: QgsProcessingContext) -> list[str]:
        """List sentences on what is wrong."""
        source = self.parameterAsSource(parameters, "POINTS", context)
        return [
            *super().wrong(parameters, context),
            *wrong_source(source, parameters.get("POINTS"), tr("Choose a layer of points.")),
            *wrong_minutes(self.parameterAsString(parameters, "CUTOFFS", context)),
        ]

    def work(
        self,
        engine: BlockingEngine,
        parameters: dict[str, Any],
        context: QgsProcessingContext,
        feedback: QgsProcessingFeedback,
    ) -> dict[str, Any]:
        """Hand the points over, and draw."""
        folder = self.folder(parameters, context)
        source = Snapshot.of_source(self.parameterAsSource(parameters, "POINTS", context))
        points, output = fresh(folder / STUDY_FOLDER / "points.gpkg"), folder / "isochrones.gpkg"
        write_layer(source, points, feedback)
        params = {
            "study": self.study(parameters, context),
            "points": str(points),
            "cutoffs_min": minutes_in(self.parameterAsString(parameters, "CUTOFFS", context)),
            "mode": MODES[self.parameterAsEnum(parameters, "MODE", context)],
            "merged": self.parameterAsBool(parameters, "MERGED", context),
            "output": str(output),
        }
        answer = engine.call("isochrone", params)
        if answer.get("unlinked"):
            text = tr("{n} points are too far from a street and were left out.")
            feedback.pushWarning(text.format(n=answer["unlinked"]))
        layer = source_of(str(answer["output"]), "isochrones")
        if self.parameterAsBool(parameters, LOAD, context):
            group = tr("{what}: {where}").format(what=self.displayName(), where=source.name)
            load_on_completion(context, layer, "isochrones", group)
        return {OUTPUT: str(folder), "ISOCHRONES": layer}
