"""The housing-area profile."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from qgis.core import QgsProcessingOutputHtml, QgsProcessingParameterBoolean

from ..i18n import tr
from .town import TownAlgorithm

if TYPE_CHECKING:
    from qgis.core import QgsProcessingContext, QgsProcessingFeedback

    from ..blocking import BlockingEngine


class Profile(TownAlgorithm):
    """Everything there is to say about how cut off areas are."""

    ID = "profile"
    LAYERS = ("areas", "residents", "barriers", "crossings", "severance", "entries", "streets", "unlinked")

    def displayName(self) -> str:
        """Name in the toolbox."""
        return tr("Housing-area profile")

    def shortDescription(self) -> str:
        """Say it in a line."""
        return tr("How cut off is each housing area, by what, and compared with the rest of the town?")

    def shortHelpString(self) -> str:
        """Explain it to a planner."""
        return tr(
            "Measures for each housing area how much of the town its residents can reach on foot, by bicycle and by "
            "public transport, how much of that is lost to railways, big roads and water, and how it compares with the "
            "rest.\n\n"
            "You need an OpenStreetMap extract that reaches about 1.5 km beyond the areas, and a layer of areas. A "
            "layer of residents, your own barriers and a timetable make it better; without them it says what was "
            "assumed.\n\n"
            "Writes a folder with a report (report.html), a GeoPackage with styled layers, tables, and the study file "
            "(study/study.toml) that the other tools of bykobling take."
        )

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:
        """Declare parameters and outputs."""
        self.add_town()
        self.addParameter(QgsProcessingParameterBoolean("BIKE", tr("Measure cycling too"), defaultValue=True))
        self.add_outputs()
        self.addOutput(QgsProcessingOutputHtml("REPORT", tr("Report")))

    def work(
        self,
        engine: BlockingEngine,
        parameters: dict[str, Any],
        context: QgsProcessingContext,
        feedback: QgsProcessingFeedback,
    ) -> dict[str, Any]:
        """Make a study and run it."""
        folder = self.folder(parameters, context)
        modes = ["walk", "bike"] if self.parameterAsBool(parameters, "BIKE", context) else ["walk"]
        made = self.make_study(engine, folder, parameters, context, feedback, modes=modes)
        self.tell_faults(made, feedback)
        answer = engine.call("run", {"study": made["study"], "folder": str(folder)}, share=(0.03, 1.0))
        self.tell_notes(answer, feedback)
        return self.results(answer, parameters, context, group=self.title(parameters, context))
