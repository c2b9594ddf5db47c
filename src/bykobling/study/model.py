"""What a study file says, checked: frozen dataclasses, one a section."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from pathlib import Path

    from bykobling._types import BarrierKind, Profile
    from bykobling.barriers.rules import BarrierRules
    from bykobling.layers.where import Where
    from bykobling.network.delays import CrossingDelays
    from bykobling.study.noise_settings import NoiseLayer, NoiseScreening
    from bykobling.study.transit_settings import TransitSource

Language = Literal["en", "da"]


@dataclass(frozen=True)
class OsmSource:
    """Where streets, barriers, places and buildings come from: ``[osm]``.

    Parameters
    ----------
    file : Path
        An OSM extract or an Overpass JSON answer.
    ferries : bool
        Whether ferries may be used.
    """

    file: Path
    ferries: bool = False


@dataclass(frozen=True)
class AreasSource:
    """Where the housing areas come from: ``[areas]``.

    Parameters
    ----------
    file : Path or None
        A vector layer; None takes boundaries from the OSM extract.
    layer : str or None
        Layer in the file.
    admin_levels : tuple of int
        Levels of OSM boundaries to use where no file is given.
    id_column, name_column, group_column : str or None
        Columns of the file.
    vulnerable : tuple
        Values of the group column (or names of OSM boundaries) that make an area vulnerable.
    vulnerable_not_null : bool
        Whether any value in the group column makes an area vulnerable.
    only_inside_extract : bool
        Whether areas reaching beyond the OSM extract are left out.
    vulnerability_column, income_column : str or None
        Columns of numbers: the city's own screening (higher is worse), and mean income.
    """

    file: Path | None = None
    layer: str | None = None
    admin_levels: tuple[int, ...] = ()
    id_column: str | None = None
    name_column: str | None = None
    group_column: str | None = None
    vulnerable: tuple[str | int | float | bool, ...] = ()
    vulnerable_not_null: bool = False
    only_inside_extract: bool = False
    vulnerability_column: str | None = None
    income_column: str | None = None


@dataclass(frozen=True)
class PopulationSource:
    """Where residents come from: ``[population]``.

    Parameters
    ----------
    file : Path
        Points, cells or polygons with a number of residents.
    layer : str or None
        Layer in the file.
    residents_column : str
        Column with the number.
    """

    file: Path
    layer: str | None = None
    residents_column: str = "residents"


@dataclass(frozen=True)
class BarrierLayer:
    """A layer of barriers the user brings: ``[[barriers]]``.

    Parameters
    ----------
    file : Path
        Vector file with lines or polygons.
    layer : str or None
        Layer in the file.
    kind : BarrierKind
        Kind of barrier; only ``water`` stays out of the headline.
    name_column, name : str or None
        Column with the name, or one name for all.
    width_column : str or None
        Column with the width of a line in metres.
    width_m : float or None
        Width of every line in metres.
    lanes_column, maxspeed_column, aadt_column : str or None
        Columns with lanes, km/h, vehicles a day.
    where : Where or None
        Which rows to use.
    merge_by_name : bool
        Whether pieces of one name are one barrier however far apart.
    """

    file: Path
    layer: str | None = None
    kind: BarrierKind = "user"
    name_column: str | None = None
    name: str | None = None
    width_column: str | None = None
    width_m: float | None = None
    lanes_column: str | None = None
    maxspeed_column: str | None = None
    aadt_column: str | None = None
    where: Where | None = None
    merge_by_name: bool = False


@dataclass(frozen=True)
class TrafficSource:
    """Where counted traffic comes from: ``[traffic]``.

    Parameters
    ----------
    file : Path
        Points or lines with vehicles a day.
    layer : str or None
        Layer in the file.
    aadt_column : str
        Column with the annual average of vehicles a day.
    name_column : str or None
        Column with the name of the street, by which a point finds its street before a nearer one.
    where : Where or None
        Which rows to use, e.g. those of one year.
    line_reach_m, point_reach_m, bearing_deg, along_m : float
        How far a count reaches, see `bykobling.match_aadt`; `along_m` is 250 here, since a count stands for the
        street between two junctions or more, and OSM cuts streets at every one.
    both_ways : bool
        Whether counts hold both directions of a dual road.
    """

    file: Path
    layer: str | None = None
    aadt_column: str = "aadt"
    name_column: str | None = None
    where: Where | None = None
    line_reach_m: float = 20.0
    point_reach_m: float = 30.0
    bearing_deg: float = 30.0
    along_m: float = 250.0
    both_ways: bool = True


@dataclass(frozen=True)
class DestinationLayer:
    """A layer of places the user brings: ``[[destinations]]``.

    Parameters
    ----------
    file : Path
        Vector file with points or polygons.
    layer : str or None
        Layer in the file.
    category : str
        What the places are, a word of the user's own or one of bykobling's.
    weight_column : str or None
        Column with the weight of each place; 1 each without.
    """

    file: Path
    category: str
    layer: str | None = None
    weight_column: str | None = None


@dataclass(frozen=True)
class OsmDestinations:
    """Which places of the OSM extract count: ``[destinations_osm]``.

    Parameters
    ----------
    categories : tuple of str or None
        Categories to use; None for all, empty for none.
    weights : dict of str to float
        Weight of one place of a category; 1 where not named.
    """

    categories: tuple[str, ...] | None = None
    weights: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class ModeSettings:
    """How residents move and how long: ``[walk]``, ``[bike]``.

    Parameters
    ----------
    profile : Profile
        Speeds, and how far a point may lie from a street.
    cutoffs_min : tuple of int
        Minutes to measure at.
    enabled : bool
        Whether this mode is measured.
    """

    profile: Profile
    cutoffs_min: tuple[int, ...]
    enabled: bool = True


@dataclass(frozen=True)
class ProfileSettings:
    """What is measured besides the barrier effect: ``[profile]``.

    Parameters
    ----------
    enabled : bool
        Whether the whole profile is measured.
    places : PlaceLayer or None
        Named places to tell travel times to.
    standards : dict of str to float
        Minimum standards: the limit of an indicator that a resident has, from the side that is good.
    index : dict of str to float
        Weights of the indicators of a combined index; none by default.
    """

    enabled: bool = True
    places: PlaceLayer | None = None
    standards: dict[str, float] = field(default_factory=lambda: dict(STANDARDS))
    index: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class PlaceLayer:
    """Named places that travel times are told to: ``[profile] places``.

    Parameters
    ----------
    file : Path
        Vector file with points or polygons.
    name_column : str
        Column with their names.
    layer : str or None
        Layer in the file.
    """

    file: Path
    name_column: str = "name"
    layer: str | None = None


STANDARDS: dict[str, float] = {
    "minutes_to_daily_shopping_walk": 15,
    "minutes_to_school_walk": 15,
    "minutes_to_health_walk": 15,
    "minutes_to_playground_walk": 15,
    "green_300m_share": 1,
}
"""Minimum standards where a study tells none (assumed): everyday places within 15 minutes, green within 300 m."""


@dataclass(frozen=True)
class Study:
    """A checked study file.

    Parameters
    ----------
    path : Path
        The study file.
    title : str
        Name shown in results.
    language : {"en", "da"}
        Language of the report.
    osm : OsmSource
        The extract.
    areas : AreasSource
        The housing areas.
    population : PopulationSource or None
        Residents; None estimates from buildings, else streets.
    barriers : tuple of BarrierLayer
        Barriers added to those of OSM.
    rules : BarrierRules
        What counts as a barrier.
    destinations : tuple of DestinationLayer
        Places added to those of OSM.
    destinations_osm : OsmDestinations
        Which places of OSM count.
    walk, bike : ModeSettings
        Speeds and cut-offs.
    delays : CrossingDelays
        Seconds lost at crossings.
    profile : ProfileSettings
        The other measures.
    results : Path
        Folder to write into.
    traffic : TrafficSource or None
        Counted traffic; None assumes it by class and lanes.
    transit : TransitSource or None
        Timetables; without them public transport is not measured.
    noise : tuple of NoiseLayer
        Noise maps, one a source and metric.
    noise_screening : NoiseScreening or None
        How to estimate road noise from traffic where there is no map.
    """

    path: Path
    title: str
    language: Language
    osm: OsmSource
    areas: AreasSource
    population: PopulationSource | None
    barriers: tuple[BarrierLayer, ...]
    rules: BarrierRules
    destinations: tuple[DestinationLayer, ...]
    destinations_osm: OsmDestinations
    walk: ModeSettings
    bike: ModeSettings
    delays: CrossingDelays
    profile: ProfileSettings
    results: Path
    traffic: TrafficSource | None = None
    transit: TransitSource | None = None
    noise: tuple[NoiseLayer, ...] = ()
    noise_screening: NoiseScreening | None = None

    def input_files(self) -> tuple[Path, ...]:
        """Return every file the study reads, the study file first, each once.

        Returns
        -------
        tuple of Path
            Absolute paths.
        """
        files = [self.path, self.osm.file]
        files += [self.areas.file] if self.areas.file is not None else []
        files += [self.population.file] if self.population is not None else []
        files += [layer.file for layer in self.barriers]
        files += [self.traffic.file] if self.traffic is not None else []
        files += [place.file for place in self.destinations]
        files += [self.profile.places.file] if self.profile.places is not None else []
        files += self.transit.gtfs if self.transit is not None else []
        files += [layer.file for layer in self.noise]
        files += [layer.domain for layer in self.noise if layer.domain is not None]
        return tuple(dict.fromkeys(files))
