"""Access by public transport."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from qgis.core import QgsProcessingParameterString

from ..i18n import tr
from .part import PartAlgorithm, minutes_in, wrong_minutes

if TYPE_CHECKING:
    from qgis.core import QgsProcessingContext


class TransitAccess(PartAlgorithm):
    """Who can reach how much by bus and train."""

    ID = "transitaccess"
    LAYERS = ("areas", "residents", "stops", "lines")
    SHOWN = ("stops", "lines", "residents", "areas")

    def displayName(self) -> str:
        """Name in the toolbox."""
        return tr("Public-transport access")

    def shortDescription(self) -> str:
        """Say it in a line."""
        return tr("Which stops and stations are near, how often do they run, and how much can be reached?")

    def shortHelpString(self) -> str:
        """Explain it to a planner."""
        return tr(
            "Measures for each home and area the walk to stops and stations, departures an hour, and the people and "
            "places within reach by public transport, leaving home once a minute for an hour.\n\n"
            "Give a timetable (GTFS). Where there is none, the lines on the map can stand in at assumed intervals; "
            "everything that rests on them is marked as assumed. It says which day was looked at and how many trips "
            "run on it."
        )

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:
        """Declare parameters and outputs."""
        self.add_town()
        self.addParameter(
            QgsProcessingParameterString("CUTOFFS", tr("Minutes, with commas between"), defaultValue="30, 45, 60")
        )
        self.add_outputs()

    def wrong(self, parameters: dict[str, Any], context: QgsProcessingContext) -> list[str]:
        """List sentences on what is wrong."""
        found = super().wrong(parameters, context)
        given = self._files("GTFS", parameters, context)
        if not given and not self.parameterAsBool(parameters, "TRANSIT_FROM_OSM", context):
            found.append(tr("Give a timetable (GTFS), or let the lines on the map stand in for one."))
        return found + wrong_minutes(self.parameterAsString(parameters, "CUTOFFS", context))

    def settings(self, parameters: dict[str, Any], context: QgsProcessingContext) -> dict[str, Any]:
        """Measure the profile: public transport is a part of it."""
        minutes = minutes_in(self.parameterAsString(parameters, "CUTOFFS", context))
        return {"walk": {"cutoffs_min": [15]}, "transit": {"cutoffs_min": minutes}}
