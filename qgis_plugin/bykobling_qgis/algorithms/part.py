"""Parts of the profile for one question: the same run with less in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from ..i18n import tr
from .town import TownAlgorithm

if TYPE_CHECKING:
    from qgis.core import QgsProcessingContext, QgsProcessingFeedback

    from ..blocking import BlockingEngine


class PartAlgorithm(TownAlgorithm):
    """A smaller study of a town, of which some layers matter."""

    SHOWN: ClassVar[tuple[str, ...]] = ()

    def settings(self, parameters: dict[str, Any], context: QgsProcessingContext) -> dict[str, Any]:
        """Give the sections of the study file that make it smaller."""
        return {"profile": {"enabled": False}}

    def modes(self, parameters: dict[str, Any], context: QgsProcessingContext) -> list[str]:
        """Give the modes that are measured."""
        return ["walk"]

    def work(
        self,
        engine: BlockingEngine,
        parameters: dict[str, Any],
        context: QgsProcessingContext,
        feedback: QgsProcessingFeedback,
    ) -> dict[str, Any]:
        """Make a study and run it."""
        folder = self.folder(parameters, context)
        made = self.make_study(
            engine, folder, parameters, context, feedback,
            settings=self.settings(parameters, context), modes=self.modes(parameters, context),
        )  # fmt: skip
        self.tell_faults(made, feedback)
        answer = engine.call("run", {"study": made["study"], "folder": str(folder)}, share=(0.03, 1.0))
        self.tell_notes(answer, feedback)
        group = tr("{what}: {where}").format(what=self.displayName(), where=self.title(parameters, context))
        return self.results(answer, parameters, context, group=group, only=self.SHOWN)


def minutes_in(text: str) -> list[float] | None:
    """Read minutes with commas between; None where they are none."""
    try:
        found = [float(one.replace(",", ".")) for one in text.replace(";", ",").split(",") if one.strip()]
    except ValueError:
        return None
    return found if found and all(0.0 < one <= 240.0 for one in found) else None


def wrong_minutes(text: str) -> list[str]:
    """Say what is wrong with minutes."""
    if minutes_in(text) is None:
        told = tr("{text} is not a list of minutes. Write them with commas between: 5, 10, 15.")
        return [told.format(text=text or tr("Nothing"))]
    return []
