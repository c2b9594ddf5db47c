"""The inputs of a study: the map, the housing areas, and whatever else is known."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qgis.core import (
    QgsProcessing,
    QgsProcessingFeatureSourceDefinition,
    QgsProcessingParameterBoolean,
    QgsProcessingParameterEnum,
    QgsProcessingParameterFeatureSource,
    QgsProcessingParameterField,
    QgsProcessingParameterFile,
    QgsProcessingParameterMultipleLayers,
    QgsProcessingParameterString,
)

from ..handover import Snapshot, write_layer
from ..i18n import language, tr
from .base import STUDY_FOLDER, BykoblingAlgorithm

if TYPE_CHECKING:
    from qgis.core import QgsProcessingContext, QgsProcessingFeatureSource, QgsProcessingFeedback, QgsRasterLayer

    from ..blocking import BlockingEngine

OSM_SUFFIXES = (".osm.pbf", ".pbf", ".osm", ".osm.gz", ".osm.bz2", ".json")
BARRIER_KINDS = ("user", "road", "railway", "water", "land")
_TIME = re.compile(r"([01]?\d|2[0-3]):[0-5]\d")


class TownAlgorithm(BykoblingAlgorithm):
    """An algorithm that begins with a map and a layer of areas."""

    def add_town(self, *, transit: bool = True, needed: bool = True) -> None:
        """Add the parameters that describe a town.

        Parameters
        ----------
        transit : bool, optional
            Whether public transport is among them.
        needed : bool, optional
            Whether map and areas must be given.
        """
        source, numeric = QgsProcessing.SourceType, QgsProcessingParameterField.DataType.Numeric
        self.addParameter(
            QgsProcessingParameterFile(
                "OSM", tr("Map (OpenStreetMap extract)"), optional=not needed,
                fileFilter="OpenStreetMap (*.osm.pbf *.pbf *.osm *.osm.gz *.osm.bz2);;" + tr("All files") + " (*)",
            )
        )  # fmt: skip
        self.addParameter(
            QgsProcessingParameterFeatureSource(
                "AREAS", tr("Housing areas"), [source.TypeVectorPolygon], optional=not needed
            )
        )
        self.addParameter(self._column("NAME", tr("Column with the names of the areas"), "AREAS"))
        self.addParameter(self._column("GROUP", tr("Column that tells vulnerable areas from the rest"), "AREAS"))
        self.addParameter(
            QgsProcessingParameterString(
                "VULNERABLE",
                tr("Values of that column that mean a vulnerable area, with commas between"),
                optional=True,
            )
        )
        self.addParameter(
            QgsProcessingParameterFeatureSource(
                "POPULATION",
                tr("Residents (points, grid cells or areas)"),
                [source.TypeVectorAnyGeometry],
                optional=True,
            )
        )
        self.addParameter(self._column("RESIDENTS", tr("Column with the number of residents"), "POPULATION", numeric))
        self.addParameter(
            QgsProcessingParameterMultipleLayers(
                "BARRIERS", tr("Barriers of your own (besides those on the map)"), source.TypeVectorAnyGeometry,
                optional=True,
            )
        )  # fmt: skip
        self.addParameter(
            QgsProcessingParameterEnum(
                "BARRIER_KIND", tr("Kind of your own barriers"),
                [tr("Other"), tr("Big road"), tr("Railway"), tr("Water"), tr("Closed or unbuilt land")], defaultValue=0,
            )
        )  # fmt: skip
        if transit:
            self._add_transit(source.TypeFile)
        self.advanced(self._column("ID_FIELD", tr("Column with a unique id of the areas"), "AREAS"))
        self.advanced(QgsProcessingParameterString("TITLE", tr("Title of the study"), optional=True))

    def _add_transit(self, files: QgsProcessing.SourceType) -> None:
        self.addParameter(
            QgsProcessingParameterMultipleLayers("GTFS", tr("Timetables (GTFS, .zip)"), files, optional=True)
        )
        self.addParameter(
            QgsProcessingParameterBoolean(
                "TRANSIT_FROM_OSM", tr("Without a timetable: use the lines on the map, at assumed intervals"),
                defaultValue=False,
            )
        )  # fmt: skip
        self.advanced(
            QgsProcessingParameterString(
                "DATE", tr("Day to look at (2026-05-12; a usual weekday without)"), optional=True
            )
        )
        self.advanced(
            QgsProcessingParameterString("DEPART", tr("People leave home from"), defaultValue="08:00", optional=True)
        )

    def _column(self, name: str, text: str, parent: str, kind: Any = None) -> QgsProcessingParameterField:
        kind = QgsProcessingParameterField.DataType.Any if kind is None else kind
        return QgsProcessingParameterField(name, text, parentLayerParameterName=parent, type=kind, optional=True)

    # what is wrong, before anything is run

    def wrong(self, parameters: dict[str, Any], context: QgsProcessingContext) -> list[str]:
        """List sentences on what is wrong with the town."""
        found = wrong_file(self.parameterAsFile(parameters, "OSM", context), OSM_SUFFIXES, tr("map"))
        found += self._wrong_layer("AREAS", tr("Choose a layer of housing areas."), parameters, context)
        if parameters.get("POPULATION"):
            found += self._wrong_layer("POPULATION", "", parameters, context)
            if not self._field("RESIDENTS", parameters, context):
                found.append(tr("Choose the column of the layer of residents that holds how many there are."))
        for name, parent in (
            ("NAME", "AREAS"), ("GROUP", "AREAS"), ("ID_FIELD", "AREAS"), ("RESIDENTS", "POPULATION"),
        ):  # fmt: skip
            found += self._wrong_column(name, parent, parameters, context)
        if self._words("VULNERABLE", parameters, context) and not self._field("GROUP", parameters, context):
            found.append(tr("Choose the column that holds the values that mean a vulnerable area."))
        for layer in self.parameterAsLayerList(parameters, "BARRIERS", context):
            if not layer.crs().isValid():
                found.append(_no_crs(layer.name()))
            elif hasattr(layer, "featureCount") and not layer.featureCount():
                found.append(tr("The layer {layer} is empty.").format(layer=layer.name()))
        return found + self._wrong_transit(parameters, context)

    def _wrong_transit(self, parameters: dict[str, Any], context: QgsProcessingContext) -> list[str]:
        if self.parameterDefinition("GTFS") is None:
            return []
        found = []
        for path in self._files("GTFS", parameters, context):
            found += wrong_file(path, (".zip",), tr("timetable"))
        day, depart = (self.parameterAsString(parameters, name, context).strip() for name in ("DATE", "DEPART"))
        if day and not _is_date(day):
            found.append(tr("{text} is no date. Write the day like 2026-05-12.").format(text=day))
        if depart and not _TIME.fullmatch(depart):
            found.append(tr("{text} is no time of day. Write it like 08:00.").format(text=depart))
        return found

    def _wrong_layer(
        self, name: str, missing: str, parameters: dict[str, Any], context: QgsProcessingContext
    ) -> list[str]:
        return wrong_source(self.parameterAsSource(parameters, name, context), parameters.get(name), missing)

    def _wrong_column(
        self, name: str, parent: str, parameters: dict[str, Any], context: QgsProcessingContext
    ) -> list[str]:
        column = self._field(name, parameters, context)
        source = self.parameterAsSource(parameters, parent, context) if column else None
        if source is None or source.fields().lookupField(column) >= 0:
            return []
        text = tr("The layer {layer} has no column {column}.")
        return [text.format(layer=source.sourceName(), column=column)]

    def _field(self, name: str, parameters: dict[str, Any], context: QgsProcessingContext) -> str:
        fields = self.parameterAsFields(parameters, name, context)
        return str(fields[0]) if fields else ""

    def _words(self, name: str, parameters: dict[str, Any], context: QgsProcessingContext) -> list[str]:
        text = self.parameterAsString(parameters, name, context)
        return [word.strip() for word in text.split(",") if word.strip()]

    def _files(self, name: str, parameters: dict[str, Any], context: QgsProcessingContext) -> list[str]:
        return [str(path) for path in self.parameterAsFileList(parameters, name, context) if str(path).strip()]

    # handing over

    def prepareAlgorithm(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> bool:
        """Take the layers as they are now, in the thread they live in."""
        self._barriers = [
            Snapshot.of_layer(layer) for layer in self.parameterAsLayerList(parameters, "BARRIERS", context)
        ]
        return super().prepareAlgorithm(parameters, context, feedback)

    def make_study(
        self,
        engine: BlockingEngine,
        folder: Path,
        parameters: dict[str, Any],
        context: QgsProcessingContext,
        feedback: QgsProcessingFeedback,
        *,
        settings: dict[str, Any] | None = None,
        modes: list[str] | None = None,
    ) -> dict[str, Any]:
        """Write the layers and a study file of them into a folder of its own.

        Parameters
        ----------
        engine : BlockingEngine
            Writes the study file.
        folder : Path
            Of the results.
        parameters, context, feedback
            Of the algorithm.
        settings : dict, optional
            Sections of the study file.
        modes : list of str, optional
            ``"walk"``, ``"bike"``.

        Returns
        -------
        dict
            ``study``, ``faults``.
        """
        place = folder / STUDY_FOLDER
        params: dict[str, Any] = {
            "folder": str(place),
            "title": self.title(parameters, context),
            "language": language(),
            "osm": self.parameterAsFile(parameters, "OSM", context),
            "overwrite": True,
            "modes": modes or ["walk", "bike"],
        }
        params.update(self._areas(place, parameters, context, feedback))
        params.update(self._population(place, parameters, context, feedback))
        params.update(self._own_barriers(place, parameters, context, feedback))
        params.update(self.more(folder, parameters, context, feedback))
        tables = dict(settings or {})
        params.update(self._transit(tables, parameters, context))
        params["settings"] = tables
        return engine.call("make_study", params, share=(0.0, 0.03))

    def more(
        self, folder: Path, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> dict[str, Any]:
        """Hand over what this algorithm wants besides."""
        return {}

    def title(self, parameters: dict[str, Any], context: QgsProcessingContext) -> str:
        """Give the title of the study; the name of the layer of areas where none was given."""
        told = self.parameterAsString(parameters, "TITLE", context).strip()
        source = None if told else self.parameterAsSource(parameters, "AREAS", context)
        return told or (source.sourceName() if source is not None else "")

    def _areas(self, place: Path, parameters: dict, context: QgsProcessingContext, feedback: Any) -> dict[str, Any]:
        source = Snapshot.of_source(self.parameterAsSource(parameters, "AREAS", context))
        path = fresh(place / "areas.gpkg")
        names = write_layer(source, path, feedback)
        chosen = {
            "id_field": self._field("ID_FIELD", parameters, context),
            "name_field": self._field("NAME", parameters, context),
            "group_field": self._field("GROUP", parameters, context),
        }
        params: dict[str, Any] = {"areas": str(path)}
        params.update({key: names[column] for key, column in chosen.items() if column})
        if chosen["group_field"]:
            words = self._words("VULNERABLE", parameters, context)
            params.update({"vulnerable": words} if words else {"vulnerable_not_null": True})
        return params

    def _population(
        self, place: Path, parameters: dict, context: QgsProcessingContext, feedback: Any
    ) -> dict[str, Any]:
        source = self.parameterAsSource(parameters, "POPULATION", context) if parameters.get("POPULATION") else None
        if source is None:
            return {}
        path = fresh(place / "residents.gpkg")
        names = write_layer(Snapshot.of_source(source), path, feedback)
        return {"population": str(path), "population_field": names[self._field("RESIDENTS", parameters, context)]}

    def _own_barriers(
        self, place: Path, parameters: dict, context: QgsProcessingContext, feedback: Any
    ) -> dict[str, Any]:
        kind = BARRIER_KINDS[self.parameterAsEnum(parameters, "BARRIER_KIND", context)]
        tables = []
        for number, layer in enumerate(self._barriers, start=1):
            path = fresh(place / f"barriers_{number}.gpkg")
            names = write_layer(layer, path, feedback)
            named = next((written for column, written in names.items() if column.lower() in {"name", "navn"}), None)
            table = {"file": str(path), "kind": kind}
            table.update({"name_field": named} if named else {"name_constant": layer.name})
            tables.append(table)
        return {"barriers": tables} if tables else {}

    def _transit(self, tables: dict[str, Any], parameters: dict, context: QgsProcessingContext) -> dict[str, Any]:
        if self.parameterDefinition("GTFS") is None:
            return {}
        feeds = self._files("GTFS", parameters, context)
        from_osm = not feeds and self.parameterAsBool(parameters, "TRANSIT_FROM_OSM", context)
        if not feeds and not from_osm:
            return {}
        depart = self.parameterAsString(parameters, "DEPART", context).strip()
        day = self.parameterAsString(parameters, "DATE", context).strip()
        if depart:
            tables["transit"] = {**tables.get("transit", {}), "depart": depart.zfill(5)}
        if day:
            tables["transit"] = {**tables.get("transit", {}), "date": day}
        return {"gtfs": feeds} if feeds else {"transit_from_osm": True}


def wrong_file(path: str, suffixes: tuple[str, ...], what: str) -> list[str]:
    """Say what is wrong with a file a planner chose.

    Parameters
    ----------
    path : str
        As chosen.
    suffixes : tuple of str
        Endings that can be read.
    what : str
        What it is.

    Returns
    -------
    list of str
        At most one sentence.
    """
    if not path.strip():
        return [tr("Choose a file for: {what}.").format(what=what)]
    if not Path(path).is_file():
        return [tr("There is no file {path}.").format(path=path)]
    if not path.lower().endswith(suffixes):
        text = tr("{name} cannot be read as a {what}: its name should end in {endings}.")
        return [text.format(name=Path(path).name, what=what, endings=", ".join(suffixes))]
    return []


def wrong_source(source: QgsProcessingFeatureSource | None, given: object, missing: str) -> list[str]:
    """Say what is wrong with a layer a planner chose.

    Parameters
    ----------
    source : QgsProcessingFeatureSource or None
        The layer.
    given : object
        What was chosen.
    missing : str
        What to say where nothing was.

    Returns
    -------
    list of str
        At most one sentence.
    """
    if source is None:
        text = tr("The layer {layer} cannot be read.").format(layer=given)
        return [text if given or not missing else missing]
    if not source.sourceCrs().isValid():
        return [_no_crs(source.sourceName())]
    if source.featureCount() == 0:
        return [_empty(source, given)]
    return []


def file_of(raster: QgsRasterLayer | None) -> str:
    """Give the file a raster layer is read from; empty where there is none."""
    path = "" if raster is None else raster.source().partition("|")[0]
    return path if path and Path(path).is_file() else ""


def fresh(path: Path) -> Path:
    """Clear the place of a layer that is handed over anew."""
    path.unlink(missing_ok=True)
    return path


def _is_date(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _no_crs(layer: str) -> str:
    text = tr("The layer {layer} has no coordinate reference system. Set it in the layer's properties.")
    return text.format(layer=layer)


def _empty(source: QgsProcessingFeatureSource, given: object) -> str:
    selected = isinstance(given, QgsProcessingFeatureSourceDefinition) and given.selectedFeaturesOnly
    text = (
        tr("No feature of the layer {layer} is selected. Select some, or use them all.")
        if selected
        else tr("The layer {layer} is empty.")
    )
    return text.format(layer=source.sourceName())
