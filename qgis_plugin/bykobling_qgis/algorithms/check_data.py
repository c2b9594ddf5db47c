"""Check my data."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsFeature,
    QgsFeatureSink,
    QgsProcessing,
    QgsProcessingOutputNumber,
    QgsProcessingParameterFeatureSink,
    QgsProcessingParameterFile,
    QgsProcessingUtils,
    QgsWkbTypes,
)

from .. import faults
from ..i18n import tr
from ..layers import StyleAndGroup, keep
from ..wire import EngineError
from .town import TownAlgorithm, wrong_file

if TYPE_CHECKING:
    from qgis.core import QgsProcessingContext, QgsProcessingFeedback

    from ..blocking import BlockingEngine


class CheckData(TownAlgorithm):
    """What is wrong with the data, where, and how to mend it."""

    ID = "checkdata"
    GROUP = "prepare"

    def displayName(self) -> str:
        """Name in the toolbox."""
        return tr("Check my data")

    def shortDescription(self) -> str:
        """Say it in a line."""
        return tr("What is wrong with the data, where, and how can it be mended?")

    def shortHelpString(self) -> str:
        """Explain it to a planner."""
        return tr(
            "Reads everything a profile would read, measures nothing, and writes a layer of what is wrong: which "
            "layer, which row, why, and how to mend it. Faults that have a place are points on the map, the others are "
            "rows of its table.\n\n"
            "Give a map and a layer of areas, or a study file, which then counts alone."
        )

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:
        """Declare parameters and outputs."""
        self.add_town(needed=False)
        self.addParameter(
            QgsProcessingParameterFile("STUDY", tr("Or a study file (study.toml)"), extension="toml", optional=True)
        )
        self.addParameter(
            QgsProcessingParameterFeatureSink(
                "FAULTS", tr("What is wrong with the data"), QgsProcessing.SourceType.TypeVectorPoint
            )
        )
        self.addOutput(QgsProcessingOutputNumber("ERRORS", tr("Number of things that must be mended")))
        self.addOutput(QgsProcessingOutputNumber("WARNINGS", tr("Number of things worth knowing")))

    def wrong(self, parameters: dict[str, Any], context: QgsProcessingContext) -> list[str]:
        """List sentences on what is wrong before anything can be read."""
        study = self.parameterAsFile(parameters, "STUDY", context)
        return wrong_file(study, (".toml",), tr("study")) if study else super().wrong(parameters, context)

    def work(
        self,
        engine: BlockingEngine,
        parameters: dict[str, Any],
        context: QgsProcessingContext,
        feedback: QgsProcessingFeedback,
    ) -> dict[str, Any]:
        """Read everything, and draw what is wrong."""
        folder = Path(QgsProcessingUtils.tempFolder()) / f"check_{id(self):x}"
        found, layer = self._look(engine, folder, parameters, context, feedback)
        counts = {"error": 0, "warning": 0}
        for fault in found:
            counts[str(fault.get("severity", "error"))] += 1
            text = faults.sentence(fault)
            feedback.reportError(text) if fault.get("severity") == "error" else feedback.pushWarning(text)
        crs = QgsCoordinateReferenceSystem(faults.CRS)
        sink, output = self.parameterAsSink(parameters, "FAULTS", context, faults.fields(), QgsWkbTypes.Type.Point, crs)
        for values, point in faults.rows_of(found, layer, folder / "study"):
            feature = QgsFeature(faults.fields())
            feature.setAttributes(values)
            feature.setGeometry(point)
            sink.addFeature(feature, QgsFeatureSink.Flag.FastInsert)
        if context.willLoadLayerOnCompletion(output):
            worker = StyleAndGroup("faults", tr("Check my data"), hide=False)
            context.layerToLoadOnCompletionDetails(output).setPostProcessor(keep(worker))
        if counts["error"]:
            feedback.pushInfo(tr("{n} things must be mended before it can be measured.").format(n=counts["error"]))
        else:
            feedback.pushInfo(tr("It can be measured."))
        return {"FAULTS": output, "ERRORS": counts["error"], "WARNINGS": counts["warning"]}

    def _look(
        self,
        engine: BlockingEngine,
        folder: Path,
        parameters: dict[str, Any],
        context: QgsProcessingContext,
        feedback: QgsProcessingFeedback,
    ) -> tuple[list[dict[str, Any]], str | None]:
        """Give the faults, and the engine's layer of those with a place."""
        study = self.parameterAsFile(parameters, "STUDY", context)
        folder.mkdir(parents=True, exist_ok=True)
        try:
            if not study:
                study = self.make_study(engine, folder, parameters, context, feedback)["study"]
            params = {"study": study, "layer": str(folder / "faults.gpkg")}
            answer = engine.call("check", params, share=(0.03, 1.0))
        except EngineError as error:
            if not error.faults:
                raise
            return error.faults, None  # what keeps the study from being written is what was asked for
        for text in answer.get("timetable") or []:
            feedback.pushInfo(str(text))
        return list(answer.get("faults") or []), answer.get("layer")
