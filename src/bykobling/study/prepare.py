"""What a study measures on, made once: inputs, residents, barriers, streets, and networks with barriers to open."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bykobling.barriers import find_crossings, ground_of, make_barriers, open_barriers
from bykobling.errors import Fault, StudyError
from bykobling.network import Network
from bykobling.network.two_sided import two_sided
from bykobling.network.user_roads import cut_at_roads
from bykobling.results import Note
from bykobling.study.check import folder_faults, overwrite_faults
from bykobling.study.inputs import read_layers
from bykobling.study.residents import make_residents
from bykobling.study.stands import stands_for
from bykobling.study.steps import beside
from bykobling.study.timetables import timetable_beside, timetable_of
from bykobling.study.traffic import big_roads

if TYPE_CHECKING:
    from collections.abc import Sequence

    import geopandas as gpd

    from bykobling._second import Second
    from bykobling.barriers import Openings
    from bykobling.network.delays import CrossingDelays
    from bykobling.osm import OsmExtract
    from bykobling.study.inputs import Inputs
    from bykobling.study.model import ModeSettings, Study
    from bykobling.study.stands import Stands
    from bykobling.study.steps import Steps
    from bykobling.study.traffic import BigRoads


@dataclass(frozen=True)
class Prepared:
    """A study ready to be measured, as often as one likes.

    Parameters
    ----------
    inputs : Inputs
        As read.
    faults : tuple of Fault
        Warnings about them.
    assumed : tuple of Note
        How residents were placed.
    everybody : GeoDataFrame
        Homes with ``residents`` and ``area_id`` (None outside every area).
    residents : GeoDataFrame
        Those in the areas, numbered from 0.
    barriers, crossings : GeoDataFrame
        Footprints, and where one can cross them.
    big : BigRoads
        Which streets are big roads.
    openings : tuple of Openings
        One a mode that is measured, walking first.
    stands : Stands or None
        Of everybody, on foot; None where the profile is not measured.
    """

    inputs: Inputs
    faults: tuple[Fault, ...]
    assumed: tuple[Note, ...]
    everybody: gpd.GeoDataFrame
    residents: gpd.GeoDataFrame
    barriers: gpd.GeoDataFrame
    crossings: gpd.GeoDataFrame
    big: BigRoads
    openings: tuple[Openings, ...]
    stands: Stands | None

    @property
    def walking(self) -> Openings:
        """The network on foot."""
        return self.openings[0]


def prepare_study(study: Study, steps: Steps, *, second: Second | None = None) -> Prepared:
    """Read a study and make what it is measured on. Nothing is written.

    Parameters
    ----------
    study : Study
        From `read_study`.
    steps : Steps
        With the steps ``read``, ``residents``, ``barriers`` and ``networks``.
    second : Second, optional
        A process that goes through the map and reads the timetable meanwhile.

    Returns
    -------
    Prepared

    Raises
    ------
    StudyError
        With every error in the inputs, and every warning.
    """
    with timetable_beside(study, second) as timetable:
        with steps.step("read", "reading") as inner:
            inputs, faults = read_layers(study, progress=inner, second=second)
            faults = (*faults, *folder_faults(study.results), *overwrite_faults(study, study.results))
            if inputs is None or _stop(faults):
                raise StudyError((*faults, *timetable_of(timetable, inner)[1]))
        with steps.step("residents", "placing residents"):
            everybody, assumed = make_residents(inputs.extract, inputs.areas, inputs.population)
            residents = everybody[everybody["area_id"].notna()].reset_index(drop=True)
            if not len(residents):
                rule, remedy = "nobody lives in any of the areas", "check the areas, the population and the extract"
                nobody = Fault(study.path.name, "[areas]", rule, remedy)
                raise StudyError((*faults, nobody, *timetable_of(timetable, None)[1]))
        with steps.step("barriers", "merging barriers"):
            barriers = make_barriers(inputs.extract, rules=study.rules, user_layers=inputs.barriers)
            big = big_roads(inputs.extract.streets, inputs.barriers, rules=study.rules)
            streets = streets_with_sides(inputs.extract, big, delays=study.delays)
            crossings = find_crossings(streets, barriers)
        with steps.step("networks", "building networks") as inner:
            buildings = inputs.extract.buildings
            ground = ground_of(barriers)

            def opened(mode: ModeSettings) -> Openings:
                network = Network.from_streets(streets, mode=mode.profile.mode, profile=mode.profile)
                return open_barriers(network, barriers, buildings=buildings, ground=ground)

            first, *more = (mode for mode in (study.walk, study.bike) if mode.enabled)
            with beside(lambda _: [opened(mode) for mode in more]) as other:
                openings = (opened(first), *other.result())
            stands = stands_for(everybody, openings[0]) if study.profile.enabled else None
            # reading it went on beside all this; what is wrong with it is told before the long part begins
            day, told = timetable_of(timetable, lambda _done, total, message: inner(0, total, message))
            faults = (*faults, *told)
            if _stop(faults):
                raise StudyError(faults)
            inputs = dataclasses.replace(inputs, day=day)
    return Prepared(inputs, faults, tuple(assumed), everybody, residents, barriers, crossings, big, openings, stands)


def _stop(faults: Sequence[Fault]) -> bool:
    """Tell whether one of them is an error."""
    return any(fault.severity == "error" for fault in faults)


def input_notes(ready: Prepared) -> tuple[Note, ...]:
    """Turn warnings about the inputs, and what the readers assumed, into notes.

    Parameters
    ----------
    ready : Prepared
        From `prepare_study`.

    Returns
    -------
    tuple of Note
    """
    extract = ready.inputs.extract
    notes = [Note("source", f"Streets, places and buildings: {extract.source}, © OpenStreetMap contributors, ODbL.")]
    notes += [Note("source", text) for text in extract.notes]
    notes += [Note("missing", f"{one.file}: {one.rule}.") for one in ready.faults if one.severity == "warning"]
    text = (
        "Waiting times at crossings of big roads are assumed by kind of crossing, lanes and traffic; traffic is "
        "assumed by class of road where no count is given."
    )
    notes.append(Note("assumed", text))
    return tuple(notes)


def streets_with_sides(extract: OsmExtract, big: BigRoads, *, delays: CrossingDelays) -> gpd.GeoDataFrame:
    """Give big roads, of OSM and of the user, two sides joined by crossings with their delay.

    Parameters
    ----------
    extract : OsmExtract
        Streets and crossings.
    big : BigRoads
        Which of them are big, and the user's own.
    delays : CrossingDelays
        Seconds lost at a crossing.

    Returns
    -------
    GeoDataFrame
        Streets with ``delay_s``, ``snappable``, ``is_crossing``.
    """
    sided = two_sided(extract.streets, extract.crossings, big.in_osm | big.along_own, delays=delays)
    if not len(big.own):
        return sided
    own = extract.streets.geometry.to_numpy()[big.along_own]
    return cut_at_roads(sided, extract.crossings, big.own, own=own, delays=delays)
