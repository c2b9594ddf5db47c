"""Noise exposure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from qgis.core import (
    QgsProcessing,
    QgsProcessingParameterEnum,
    QgsProcessingParameterFeatureSource,
    QgsProcessingParameterField,
    QgsProcessingParameterNumber,
    QgsProcessingParameterRasterLayer,
)

from ..handover import Snapshot, write_layer
from ..i18n import tr
from .base import STUDY_FOLDER
from .part import PartAlgorithm
from .town import file_of, fresh, wrong_source

if TYPE_CHECKING:
    from pathlib import Path

    from qgis.core import QgsProcessingContext, QgsProcessingFeedback

SOURCES = ("road", "rail", "aircraft", "industry")
METRICS = ("lden", "lnight")


class NoiseExposure(PartAlgorithm):
    """How much noise there is at homes."""

    ID = "noiseexposure"
    LAYERS = ("noise", "areas", "residents")
    SHOWN = ("noise", "areas")

    def displayName(self) -> str:
        """Name in the toolbox."""
        return tr("Noise exposure")

    def shortDescription(self) -> str:
        """Say it in a line."""
        return tr("How many residents live with how much noise, and where?")

    def shortHelpString(self) -> str:
        """Explain it to a planner."""
        return tr(
            "Reads the level of noise at each home from a map of yours: a raster, contours, or points with the levels "
            "of dwellings. Tells for each area how many residents live above each level, and how that compares with "
            "the rest of the town.\n\n"
            "Contours are bands: name the columns of both their edges, or one column that says them, such as 55-60.\n\n"
            "A home below the lowest level mapped counts as that, not as silence; one outside the map is not known. "
            "Noise of different sources is never added up: for several maps, name them in the study file."
        )

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:
        """Declare parameters and outputs."""
        self.add_town(transit=False)
        self.addParameter(QgsProcessingParameterRasterLayer("NOISE", tr("Noise map (raster)"), optional=True))
        self.addParameter(
            QgsProcessingParameterFeatureSource(
                "CONTOURS",
                tr("Or noise map (contours or points)"),
                [QgsProcessing.SourceType.TypeVectorPolygon, QgsProcessing.SourceType.TypeVectorPoint],
                optional=True,
            )
        )
        self.addParameter(
            QgsProcessingParameterField(
                "LEVEL",
                tr("Column with the levels, or with the lower edge of each band"),
                parentLayerParameterName="CONTOURS",
                optional=True,
            )
        )
        self.addParameter(
            QgsProcessingParameterField(
                "UPPER",
                tr("Column with the upper edge of each band (contours)"),
                parentLayerParameterName="CONTOURS",
                optional=True,
            )
        )
        self.addParameter(
            QgsProcessingParameterEnum(
                "SOURCE",
                tr("Whose noise"),
                [tr("Roads"), tr("Railways"), tr("Aircraft"), tr("Industry")],
                defaultValue=0,
            )
        )
        self.addParameter(
            QgsProcessingParameterEnum(
                "METRIC", tr("What the levels are"), [tr("Lden (the whole day)"), tr("Lnight")], defaultValue=0
            )
        )
        self.addParameter(
            QgsProcessingParameterNumber(
                "LOWEST", tr("Lowest level mapped (dB)"), QgsProcessingParameterNumber.Type.Double, None, optional=True,
                minValue=1.0, maxValue=99.0,
            )
        )  # fmt: skip
        self.add_outputs()

    def wrong(self, parameters: dict[str, Any], context: QgsProcessingContext) -> list[str]:
        """List sentences on what is wrong."""
        found = super().wrong(parameters, context)
        raster = self.parameterAsRasterLayer(parameters, "NOISE", context)
        given = parameters.get("CONTOURS")
        if raster is None and not given:
            return [*found, tr("Choose a noise map: a raster, or a layer of contours or points.")]
        if raster is not None and given:
            return [*found, tr("Choose one noise map: a raster, or a layer of contours or points, not both.")]
        if raster is not None and not file_of(raster):
            text = tr("The layer {layer} is no file: save it as a GeoTIFF first.")
            return [*found, text.format(layer=raster.name())]
        if given:
            found += wrong_source(self.parameterAsSource(parameters, "CONTOURS", context), given, "")
            if not self._field("LEVEL", parameters, context):
                found.append(tr("Choose the column of the noise map that holds the levels."))
        for name in ("LEVEL", "UPPER"):
            found += self._wrong_column(name, "CONTOURS", parameters, context)
        return found

    def settings(self, parameters: dict[str, Any], context: QgsProcessingContext) -> dict[str, Any]:
        """Measure one cut-off alone: noise does not depend on it, but is part of the profile."""
        return {"walk": {"cutoffs_min": [15]}}

    def more(
        self, folder: Path, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> dict[str, Any]:
        """Hand the noise map over."""
        table: dict[str, Any] = {
            "source": SOURCES[self.parameterAsEnum(parameters, "SOURCE", context)],
            "metric": METRICS[self.parameterAsEnum(parameters, "METRIC", context)],
        }
        raster = self.parameterAsRasterLayer(parameters, "NOISE", context)
        if raster is not None:
            table["file"] = file_of(raster)
        else:
            path = fresh(folder / STUDY_FOLDER / "noise.gpkg")
            source = Snapshot.of_source(self.parameterAsSource(parameters, "CONTOURS", context))
            names = write_layer(source, path, feedback)
            level, upper = (self._field(name, parameters, context) for name in ("LEVEL", "UPPER"))
            table.update({"file": str(path), "field": [names[level], names[upper]] if upper else names[level]})
        if parameters.get("LOWEST") not in (None, ""):
            table["lowest_db"] = self.parameterAsDouble(parameters, "LOWEST", context)
        return {"noise": [table]}
