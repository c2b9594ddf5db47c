"""Algorithms that take a study file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from qgis.core import QgsProcessingParameterFile

from ..i18n import tr
from .base import BykoblingAlgorithm
from .town import wrong_file

if TYPE_CHECKING:
    from qgis.core import QgsProcessingContext


class StudyAlgorithm(BykoblingAlgorithm):
    """An algorithm on a study that is there already."""

    def add_study(self) -> None:
        """Add the parameter."""
        self.addParameter(
            QgsProcessingParameterFile(
                "STUDY", tr("Study file (study.toml; a profile writes one into its folder study)"), extension="toml"
            )
        )

    def wrong(self, parameters: dict[str, Any], context: QgsProcessingContext) -> list[str]:
        """List sentences on what is wrong with the study."""
        return wrong_file(self.study(parameters, context), (".toml",), tr("study"))

    def study(self, parameters: dict[str, Any], context: QgsProcessingContext) -> str:
        """Give the path of the study file."""
        return self.parameterAsFile(parameters, "STUDY", context)

    def where(self, parameters: dict[str, Any], context: QgsProcessingContext) -> str:
        """Name the study by its folder, for groups on the map."""
        folder = Path(self.study(parameters, context)).absolute().parent
        return folder.parent.name if folder.name == "study" else folder.name
