"""What every algorithm shares: its engine, messages a planner understands, results on the map."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from qgis.core import (
    QgsProcessing,
    QgsProcessingAlgorithm,
    QgsProcessingException,
    QgsProcessingOutputVectorLayer,
    QgsProcessingParameterBoolean,
    QgsProcessingParameterDefinition,
    QgsProcessingParameterFolderDestination,
)
from qgis.PyQt.QtCore import QUrl
from qgis.PyQt.QtGui import QIcon

from ..blocking import BlockingEngine
from ..command import find_engine, why_not_found
from ..compat import PLUGIN_FOLDER
from ..faults import message_of, sentence
from ..i18n import language, tr
from ..layers import load_on_completion, source_of
from ..wire import EngineError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qgis.core import QgsProcessingContext, QgsProcessingFeedback

OUTPUT = "OUTPUT"
LOAD = "LOAD"
STUDY_FOLDER = "study"
"""Where in the results the study file and the layers handed over are kept, so that a run can be repeated."""


class BykoblingAlgorithm(QgsProcessingAlgorithm):
    """A verb of bykobling; what it does is in `work`."""

    ID: ClassVar[str] = ""
    GROUP: ClassVar[str] = "measure"
    LAYERS: ClassVar[tuple[str, ...]] = ()
    """Layers of its GeoPackage that are outputs of their own, for models."""

    def createInstance(self) -> BykoblingAlgorithm:
        """Make another of its kind."""
        return type(self)()

    def name(self) -> str:
        """Second half of its id."""
        return self.ID

    def groupId(self) -> str:
        """Group in the toolbox."""
        return self.GROUP

    def group(self) -> str:
        """Title of the group."""
        return {
            "prepare": tr("1 Prepare"),
            "measure": tr("2 Measure"),
            "connect": tr("3 Connect"),
        }[self.GROUP]

    def icon(self) -> QIcon:
        """Picture in the toolbox."""
        return QIcon(self.svgIconPath())

    def svgIconPath(self) -> str:
        """Picture in models."""
        return str(PLUGIN_FOLDER / "icon.svg")

    def helpUrl(self) -> str:
        """Page that explains the plug-in."""
        return QUrl.fromLocalFile(str(PLUGIN_FOLDER / "help" / f"index_{language()}.html")).toString()

    def checkParameterValues(self, parameters: dict[str, Any], context: QgsProcessingContext) -> tuple[bool, str]:
        """Say everything that is wrong before anything is run."""
        wrong = self.wrong(parameters, context)
        if not wrong and find_engine() is None:
            wrong.append(why_not_found())
        if wrong:
            return False, "\n".join(wrong)
        return super().checkParameterValues(parameters, context)

    def wrong(self, parameters: dict[str, Any], context: QgsProcessingContext) -> list[str]:
        """List sentences on what is wrong with the parameters."""
        raise NotImplementedError

    def processAlgorithm(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> dict[str, Any]:
        """Do the work with an engine of its own; every fault of the engine becomes a message."""
        try:
            with BlockingEngine(feedback) as engine:
                return self.work(engine, parameters, context, feedback)
        except EngineError as error:
            if error.details:
                feedback.pushDebugInfo(error.details)
            raise QgsProcessingException(message_of(error)) from error
        except OSError as error:
            text = tr("{path} cannot be written: {why}")
            raise QgsProcessingException(text.format(path=error.filename, why=error.strerror)) from error

    def work(
        self,
        engine: BlockingEngine,
        parameters: dict[str, Any],
        context: QgsProcessingContext,
        feedback: QgsProcessingFeedback,
    ) -> dict[str, Any]:
        """Do the work; touches neither project nor window."""
        raise NotImplementedError

    # parameters and outputs

    def advanced(self, parameter: QgsProcessingParameterDefinition) -> None:
        """Add a parameter that most people leave as it is."""
        parameter.setFlags(parameter.flags() | QgsProcessingParameterDefinition.Flag.FlagAdvanced)
        self.addParameter(parameter)

    def add_outputs(self) -> None:
        """Add the folder of results, and the layers in it."""
        self.addParameter(QgsProcessingParameterBoolean(LOAD, tr("Show the results on the map"), defaultValue=True))
        self.addParameter(QgsProcessingParameterFolderDestination(OUTPUT, tr("Folder for the results")))
        from ..layers import title_of

        for name in self.LAYERS:
            kind = QgsProcessing.SourceType.TypeVectorAnyGeometry
            self.addOutput(QgsProcessingOutputVectorLayer(name.upper(), title_of(name), kind))

    def folder(self, parameters: dict[str, Any], context: QgsProcessingContext) -> Path:
        """Give the folder of results, made where absent."""
        folder = Path(self.parameterAsString(parameters, OUTPUT, context))
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def results(
        self,
        answer: dict[str, Any],
        parameters: dict[str, Any],
        context: QgsProcessingContext,
        *,
        group: str,
        only: Sequence[str] = (),
    ) -> dict[str, Any]:
        """Tell Processing what was written, and have it shown.

        Parameters
        ----------
        answer : dict
            Of the engine: ``folder``, ``files``, ``layers``.
        parameters : dict
            Of the algorithm.
        context : QgsProcessingContext
            Of the algorithm.
        group : str
            Title of the group on the map.
        only : sequence of str, optional
            Layers to show; all that were written without.

        Returns
        -------
        dict
            Values of the outputs.
        """
        files = answer["files"]
        geopackage = str(files["geopackage"])
        written = [name for name in answer["layers"] if not only or name in only]
        if self.parameterAsBool(parameters, LOAD, context):
            for name in written:
                load_on_completion(context, source_of(geopackage, name), name, group, hide=not only)
        found: dict[str, Any] = {OUTPUT: str(answer["folder"])}
        found.update({name.upper(): source_of(geopackage, name) for name in self.LAYERS if name in answer["layers"]})
        if "report" in files:
            found["REPORT"] = str(files["report"])
        return found

    def tell_notes(self, answer: dict[str, Any], feedback: QgsProcessingFeedback) -> None:
        """Tell what was assumed, missing or cut off; nobody should use the numbers without."""
        for note in answer.get("notes") or []:
            feedback.pushInfo(str(note.get("text", "")))

    def tell_faults(self, answer: dict[str, Any], feedback: QgsProcessingFeedback) -> None:
        """Tell warnings about the data."""
        for fault in answer.get("faults") or []:
            feedback.pushWarning(sentence(fault))
