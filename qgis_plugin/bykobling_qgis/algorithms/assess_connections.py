"""Assess connections."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from qgis.core import (
    QgsProcessing,
    QgsProcessingOutputHtml,
    QgsProcessingParameterBoolean,
    QgsProcessingParameterEnum,
    QgsProcessingParameterFeatureSource,
    QgsProcessingParameterRasterLayer,
)

from ..handover import Snapshot, write_layer
from ..i18n import tr
from .base import STUDY_FOLDER
from .given_study import StudyAlgorithm
from .town import file_of, fresh, wrong_source

if TYPE_CHECKING:
    from qgis.core import QgsProcessingContext, QgsProcessingFeedback

    from ..blocking import BlockingEngine

KINDS = (
    "bridge", "underpass", "path", "stairs", "ramp", "signal", "zebra", "refuge", "remove", "speed",
)  # fmt: skip


class AssessConnections(StudyAlgorithm):
    """What proposals change, and for whom."""

    ID = "assessconnections"
    GROUP = "connect"
    LAYERS = ("proposals", "proposal_points", "residents", "areas")

    def displayName(self) -> str:
        """Name in the toolbox."""
        return tr("Assess connections")

    def shortDescription(self) -> str:
        """Say it in a line."""
        return tr("Who gains from the connections you have drawn, and by how much?")

    def shortHelpString(self) -> str:
        """Explain it to a planner."""
        return tr(
            "Measures the town before and after each proposal: homes that reach more, minutes saved to school, shops "
            "and stations, and how the gap between vulnerable areas and the rest changes.\n\n"
            "Draw lines in any layer. A column kind tells what each is (bridge, underpass, path, stairs, ramp, signal, "
            "zebra, refuge, remove, speed); a column proposal puts several lines into one proposal. Where there is no "
            "column kind, all lines are of the kind you choose here."
        )

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:
        """Declare parameters and outputs."""
        source = QgsProcessing.SourceType
        self.add_study()
        self.addParameter(
            QgsProcessingParameterFeatureSource(
                "PROPOSALS", tr("Proposals"), [source.TypeVectorLine, source.TypeVectorPoint]
            )
        )
        self.addParameter(
            QgsProcessingParameterEnum(
                "KIND", tr("Kind of lines without a column kind"),
                [
                    tr("Bridge"), tr("Underpass"), tr("Path"), tr("Stairs"), tr("Ramp"), tr("Crossing with signals"),
                    tr("Zebra crossing"), tr("Crossing with a refuge"),
                ],
                defaultValue=2,
            )
        )  # fmt: skip
        self.addParameter(
            QgsProcessingParameterBoolean("COMBINATIONS", tr("Measure proposals together, too"), defaultValue=True)
        )
        self.advanced(QgsProcessingParameterRasterLayer("DEM", tr("Heights of the ground (for slopes)"), optional=True))
        self.add_outputs()
        self.addOutput(QgsProcessingOutputHtml("REPORT", tr("Report")))

    def wrong(self, parameters: dict[str, Any], context: QgsProcessingContext) -> list[str]:
        """List sentences on what is wrong."""
        source = self.parameterAsSource(parameters, "PROPOSALS", context)
        missing = tr("Choose a layer of proposals.")
        found = super().wrong(parameters, context) + wrong_source(source, parameters.get("PROPOSALS"), missing)
        heights = self.parameterAsRasterLayer(parameters, "DEM", context)
        if heights is not None and not file_of(heights):
            text = tr("The layer {layer} is no file: save the heights as a GeoTIFF first.")
            found.append(text.format(layer=heights.name()))
        if source is None or source.fields().lookupField("kind") < 0:
            return found
        kinds = {str(value) for value in source.uniqueValues(source.fields().lookupField("kind")) if value}
        strange = sorted(kinds - set(KINDS))
        if strange:
            text = tr("The column kind of {layer} holds {found}. It may hold: {known}.")
            found.append(text.format(layer=source.sourceName(), found=", ".join(strange[:5]), known=", ".join(KINDS)))
        return found

    def work(
        self,
        engine: BlockingEngine,
        parameters: dict[str, Any],
        context: QgsProcessingContext,
        feedback: QgsProcessingFeedback,
    ) -> dict[str, Any]:
        """Hand the proposals over, and measure before and after."""
        folder = self.folder(parameters, context)
        source = self.parameterAsSource(parameters, "PROPOSALS", context)
        path = fresh(folder / STUDY_FOLDER / f"{_file_name(source.sourceName())}.gpkg")
        has_kind = source.fields().lookupField("kind") >= 0
        kind = KINDS[self.parameterAsEnum(parameters, "KIND", context)]
        write_layer(Snapshot.of_source(source), path, feedback, extra={} if has_kind else {"kind": kind})
        params = {
            "study": self.study(parameters, context),
            "proposals": [str(path)],
            "folder": str(folder),
            "combinations": self.parameterAsBool(parameters, "COMBINATIONS", context),
        }
        heights = file_of(self.parameterAsRasterLayer(parameters, "DEM", context))
        if heights:
            params["dem"] = heights
        answer = engine.call("assess", params)
        self.tell_notes(answer, feedback)
        for row in answer.get("proposals") or []:
            text = tr("{proposal}: {n} residents reach more.")
            count = row.get("residents_gaining")
            if count is not None:
                feedback.pushInfo(text.format(proposal=row.get("proposal", ""), n=f"{float(count):,.0f}"))
        group = tr("{what}: {where}").format(what=self.displayName(), where=source.sourceName())
        return self.results(answer, parameters, context, group=group)


def _file_name(text: str) -> str:
    """Name a file like a layer: the engine names a proposal like its file."""
    kept = "".join(letter if letter.isalnum() or letter in " -_" else "_" for letter in text).strip()
    return kept[:60] or "proposals"
