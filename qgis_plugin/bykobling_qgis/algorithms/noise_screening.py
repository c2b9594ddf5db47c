"""Noise screening."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from qgis.core import (
    QgsProcessing,
    QgsProcessingOutputRasterLayer,
    QgsProcessingParameterBoolean,
    QgsProcessingParameterEnum,
    QgsProcessingParameterFeatureSource,
    QgsProcessingParameterField,
    QgsProcessingParameterNumber,
)

from ..handover import Snapshot, write_layer
from ..i18n import tr
from ..layers import load_on_completion, title_of
from .base import LOAD, OUTPUT, STUDY_FOLDER
from .part import PartAlgorithm
from .town import fresh, wrong_source

if TYPE_CHECKING:
    from pathlib import Path

    from qgis.core import QgsProcessingContext, QgsProcessingFeedback

    from ..blocking import BlockingEngine

HOURS = ("end", "denmark")


class NoiseScreening(PartAlgorithm):
    """A map of road noise where there is none."""

    ID = "noisescreening"

    def displayName(self) -> str:
        """Name in the toolbox."""
        return tr("Noise screening")

    def shortDescription(self) -> str:
        """Say it in a line."""
        return tr("Roughly how loud are the roads, where no noise map exists?")

    def shortHelpString(self) -> str:
        """Explain it to a planner."""
        return tr(
            "Estimates road noise from traffic: where streets have no counts, traffic is assumed by class of road. "
            "Good to about 5 dB either way; an official map is always better, and for building permits the only one "
            "that counts.\n\n"
            "Writes two rasters: Lden, the level of the whole day with evening and night weighted up, and Lnight. With "
            "buildings, which screen, it takes much longer."
        )

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:
        """Declare parameters and outputs."""
        vectors = QgsProcessing.SourceType
        self.add_town(transit=False)
        self.addParameter(
            QgsProcessingParameterFeatureSource(
                "TRAFFIC", tr("Traffic counts"), [vectors.TypeVectorPoint, vectors.TypeVectorLine], optional=True
            )
        )
        self.addParameter(
            QgsProcessingParameterField(
                "AADT", tr("Column with vehicles a day"), parentLayerParameterName="TRAFFIC",
                type=QgsProcessingParameterField.DataType.Numeric, optional=True,
            )
        )  # fmt: skip
        self.addParameter(
            QgsProcessingParameterNumber(
                "CELL", tr("Size of a cell (m)"), QgsProcessingParameterNumber.Type.Double, 10.0, minValue=2.0,
                maxValue=100.0,
            )
        )  # fmt: skip
        self.addParameter(QgsProcessingParameterBoolean("BUILDINGS", tr("Buildings screen"), defaultValue=True))
        self.advanced(
            QgsProcessingParameterEnum(
                "HOURS", tr("Day, evening and night"),
                [tr("12, 4 and 8 hours (EU)"), tr("12, 3 and 9 hours (Denmark)")],
                defaultValue=0,
            )
        )  # fmt: skip
        self.add_outputs()
        for name in ("lden", "lnight"):
            self.addOutput(QgsProcessingOutputRasterLayer(name.upper(), title_of(name)))

    def wrong(self, parameters: dict[str, Any], context: QgsProcessingContext) -> list[str]:
        """List sentences on what is wrong."""
        found = super().wrong(parameters, context)
        given = parameters.get("TRAFFIC")
        if given:
            found += wrong_source(self.parameterAsSource(parameters, "TRAFFIC", context), given, "")
            if not self._field("AADT", parameters, context):
                found.append(tr("Choose the column of the traffic counts that holds vehicles a day."))
        return found + self._wrong_column("AADT", "TRAFFIC", parameters, context)

    def settings(self, parameters: dict[str, Any], context: QgsProcessingContext) -> dict[str, Any]:
        """Tell how to estimate."""
        table = {
            "buildings": self.parameterAsBool(parameters, "BUILDINGS", context),
            "hours": HOURS[self.parameterAsEnum(parameters, "HOURS", context)],
        }
        return {"noise_screening": table}

    def more(
        self, folder: Path, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> dict[str, Any]:
        """Hand the counts over."""
        if not parameters.get("TRAFFIC"):
            return {}
        path = fresh(folder / STUDY_FOLDER / "traffic.gpkg")
        source = Snapshot.of_source(self.parameterAsSource(parameters, "TRAFFIC", context))
        names = write_layer(source, path, feedback)
        return {"traffic": {"file": str(path), "aadt": names[self._field("AADT", parameters, context)]}}

    def work(
        self,
        engine: BlockingEngine,
        parameters: dict[str, Any],
        context: QgsProcessingContext,
        feedback: QgsProcessingFeedback,
    ) -> dict[str, Any]:
        """Make a study and estimate."""
        folder = self.folder(parameters, context)
        made = self.make_study(
            engine, folder, parameters, context, feedback, settings=self.settings(parameters, context), modes=["walk"]
        )
        self.tell_faults(made, feedback)
        params = {
            "study": made["study"],
            "folder": str(folder),
            "cell_m": self.parameterAsDouble(parameters, "CELL", context),
        }
        answer = engine.call("noise_screening", params, share=(0.03, 1.0))
        self.tell_notes(answer, feedback)
        found = {OUTPUT: str(answer["folder"])}
        for name in ("lden", "lnight"):
            found[name.upper()] = str(answer["files"][name])
        if self.parameterAsBool(parameters, LOAD, context):
            group = tr("{what}: {where}").format(what=self.displayName(), where=self.title(parameters, context))
            for name in ("lden", "lnight"):
                load_on_completion(context, found[name.upper()], name, group)
        return found
