"""Find connections."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from qgis.core import (
    QgsProcessingOutputHtml,
    QgsProcessingParameterBoolean,
    QgsProcessingParameterEnum,
    QgsProcessingParameterFile,
    QgsProcessingParameterNumber,
)

from ..i18n import tr
from .given_study import StudyAlgorithm
from .town import wrong_file

if TYPE_CHECKING:
    from qgis.core import QgsProcessingContext, QgsProcessingFeedback

    from ..blocking import BlockingEngine

MODES = ("walk", "bike")
_MILLION = 1e6


class FindConnections(StudyAlgorithm):
    """Where a new connection would give residents most."""

    ID = "findconnections"
    GROUP = "connect"
    LAYERS = ("links", "link_homes", "barriers")

    def displayName(self) -> str:
        """Name in the toolbox."""
        return tr("Find connections")

    def shortDescription(self) -> str:
        """Say it in a line."""
        return tr("Where would a bridge, an underpass or a path give residents most?")

    def shortHelpString(self) -> str:
        """Explain it to a planner."""
        return tr(
            "Looks for every place where the way to the other side is much longer than the straight line, measures "
            "exactly what a connection there would give the residents, and ranks them: by gain, by gain for each metre "
            "and for each million spent, and by what vulnerable areas get.\n\n"
            "The costs are rough and marked as assumed; a table of your own may replace them. Whether a place can be "
            "built on is for people who know it to say."
        )

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:
        """Declare parameters and outputs."""
        number = QgsProcessingParameterNumber.Type
        self.add_study()
        self.addParameter(
            QgsProcessingParameterEnum("MODE", tr("Residents move"), [tr("on foot"), tr("by bicycle")], defaultValue=0)
        )
        self.addParameter(
            QgsProcessingParameterNumber(
                "MIN_DETOUR", tr("Look where the way round is at least so many times the straight line"),
                number.Double, 3.0, minValue=1.0,
            )
        )  # fmt: skip
        self.addParameter(
            QgsProcessingParameterBoolean(
                "STREET_GAPS", tr("Look for gaps between streets too, besides ways across barriers"), defaultValue=True
            )
        )
        self.addParameter(
            QgsProcessingParameterNumber(
                "STEPS", tr("How many to choose to be built together"), number.Integer, 5, minValue=1, maxValue=20
            )
        )
        self.advanced(
            QgsProcessingParameterNumber(
                "BUDGET", tr("What those may cost together (million DKK)"), number.Double, None, optional=True,
                minValue=0.1,
            )
        )  # fmt: skip
        self.advanced(QgsProcessingParameterFile("COSTS", tr("Costs of your own (CSV or TOML)"), optional=True))
        self.add_outputs()
        self.addOutput(QgsProcessingOutputHtml("REPORT", tr("Report")))

    def wrong(self, parameters: dict[str, Any], context: QgsProcessingContext) -> list[str]:
        """List sentences on what is wrong."""
        costs = self.parameterAsFile(parameters, "COSTS", context)
        return super().wrong(parameters, context) + (
            wrong_file(costs, (".csv", ".toml"), tr("table of costs")) if costs else []
        )

    def work(
        self,
        engine: BlockingEngine,
        parameters: dict[str, Any],
        context: QgsProcessingContext,
        feedback: QgsProcessingFeedback,
    ) -> dict[str, Any]:
        """Search and rank."""
        params: dict[str, Any] = {
            "study": self.study(parameters, context),
            "folder": str(self.folder(parameters, context)),
            "mode": MODES[self.parameterAsEnum(parameters, "MODE", context)],
            "min_detour": self.parameterAsDouble(parameters, "MIN_DETOUR", context),
            "street_gaps": self.parameterAsBool(parameters, "STREET_GAPS", context),
            "steps": self.parameterAsInt(parameters, "STEPS", context),
        }
        if parameters.get("BUDGET") not in (None, ""):
            params["budget_dkk"] = _MILLION * self.parameterAsDouble(parameters, "BUDGET", context)
        costs = self.parameterAsFile(parameters, "COSTS", context)
        if costs:
            params["costs"] = costs
        answer = engine.call("find", params)
        self.tell_notes(answer, feedback)
        feedback.pushInfo(tr("{n} connections were found.").format(n=answer.get("found", 0)))
        group = tr("{what}: {where}").format(what=self.displayName(), where=self.where(parameters, context))
        return self.results(answer, parameters, context, group=group)
