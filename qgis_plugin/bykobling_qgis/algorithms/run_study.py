"""Run a study file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from qgis.core import QgsProcessingOutputHtml

from ..i18n import tr
from .given_study import StudyAlgorithm

if TYPE_CHECKING:
    from qgis.core import QgsProcessingContext, QgsProcessingFeedback

    from ..blocking import BlockingEngine


class RunStudy(StudyAlgorithm):
    """A study someone has written, run as it stands."""

    ID = "runstudy"
    LAYERS = ("areas", "residents", "barriers", "crossings", "severance", "entries", "streets", "unlinked")

    def displayName(self) -> str:
        """Name in the toolbox."""
        return tr("Run a study file")

    def shortDescription(self) -> str:
        """Say it in a line."""
        return tr("Repeat a study, or run one with settings the other tools do not offer.")

    def shortHelpString(self) -> str:
        """Explain it to a planner."""
        return tr(
            "Runs a study as its file says. Every tool here writes such a file (study/study.toml in its folder); "
            "each line in it is explained, so speeds, cut-offs, delays and much else can be changed with a text editor."
        )

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:
        """Declare parameters and outputs."""
        self.add_study()
        self.add_outputs()
        self.addOutput(QgsProcessingOutputHtml("REPORT", tr("Report")))

    def work(
        self,
        engine: BlockingEngine,
        parameters: dict[str, Any],
        context: QgsProcessingContext,
        feedback: QgsProcessingFeedback,
    ) -> dict[str, Any]:
        """Run it."""
        folder = self.folder(parameters, context)
        answer = engine.call("run", {"study": self.study(parameters, context), "folder": str(folder)})
        self.tell_notes(answer, feedback)
        title = str((answer.get("headline") or {}).get("title") or self.where(parameters, context))
        return self.results(answer, parameters, context, group=title)
