"""The whole profile of every area: severance besides the barrier effect, access, and fairness."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from bykobling.accessibility import ptal_band
from bykobling.results import Note
from bykobling.severance import detour_index, detour_summary, independent_entries, near_but_far
from bykobling.severance.circuity import LIMIT_RATIO
from bykobling.study.access import access_on, area_means, times_to_places
from bykobling.study.fairness import standards_of
from bykobling.study.land import land_measures
from bykobling.study.steps import beside, parted

if TYPE_CHECKING:
    from collections.abc import Sequence

    import geopandas as gpd

    from bykobling._types import Progress
    from bykobling.barriers import Openings
    from bykobling.severance import BarrierEffect
    from bykobling.study.inputs import Inputs
    from bykobling.study.model import Study
    from bykobling.study.stands import Stands
    from bykobling.study.transit import TransitTables

RADII_M = (400.0, 800.0)
NEAR_COLUMNS = ("area_id", "area", "dest_id", "name", "category", "straight_m", "walk_m", "residents")


@dataclass(frozen=True)
class ProfileTables:
    """What was measured besides the barrier effect.

    Parameters
    ----------
    residents : DataFrame
        Index of the residents of the areas, one column an indicator.
    areas : DataFrame
        Index ``area_id``, one column an indicator.
    entries : GeoDataFrame or None
        Where streets lead out of areas.
    near_but_far : DataFrame or None
        What lies near and is far on foot.
    travel_times : DataFrame or None
        From areas to named places.
    notes : tuple of Note
        What is missing or assumed.
    """

    residents: pd.DataFrame
    areas: pd.DataFrame
    entries: gpd.GeoDataFrame | None = None
    near_but_far: pd.DataFrame | None = None
    travel_times: pd.DataFrame | None = None
    notes: tuple[Note, ...] = ()


def measure_profile(
    study: Study,
    inputs: Inputs,
    *,
    opened: Sequence[Openings],
    effects: Sequence[BarrierEffect],
    everybody: gpd.GeoDataFrame,
    stands: Stands,
    barriers: gpd.GeoDataFrame,
    crossings: gpd.GeoDataFrame,
    transit: TransitTables | None = None,
    progress: Progress,
) -> ProfileTables:
    """Measure what a profile holds besides the barrier effect.

    Parameters
    ----------
    study : Study
        Cut-offs, standards, named places.
    inputs : Inputs
        Areas, places, extent.
    opened : sequence of Openings
        Networks, walking first.
    effects : sequence of BarrierEffect
        Measured before, in the same order: the reach of people and the effects at each home.
    everybody : GeoDataFrame
        Homes with ``residents`` and ``area_id`` (None outside every area).
    stands : Stands
        Of them, on foot.
    barriers, crossings : GeoDataFrame
        Made before.
    transit : TransitTables, optional
        Public transport, measured before at the same stands.
    progress : callable
        ``progress(done, total, message)``.

    Returns
    -------
    ProfileTables
        By home and by area.
    """
    walking = opened[0]
    reach, nearby, ways_out = parted(progress, 3)
    mine = everybody["area_id"].notna().to_numpy(bool)
    residents = everybody[mine].reset_index(drop=True)
    living = stands.points[stands.points["area_id"].notna()]
    if living.empty:
        text = "No home of the areas is linked to a street, so nothing of the profile could be measured."
        return ProfileTables(
            pd.DataFrame(index=residents.index), pd.DataFrame(index=inputs.areas.index), notes=(Note("missing", text),)
        )

    def at_home(progress: Progress) -> tuple[dict[float, pd.DataFrame], pd.DataFrame, tuple[Note, ...]]:
        around = {
            radius_m: detour_index(walking.network, living, radius_m=radius_m, walls=walking.walls, progress=progress)
            for radius_m in RADII_M
        }
        return around, *land_measures(inputs, barriers, crossings, stands.points)

    with beside(at_home) as other:
        reached, notes = _reach(study, inputs, opened, stands.points, reach)
        near = near_but_far(
            walking.network, living, inputs.destinations,
            neighbors=stands.points, walls=walking.walls, extent=inputs.extract.extent, progress=nearby,
        )  # fmt: skip
        entries = independent_entries(
            walking.network, inputs.areas,
            ring_m=RADII_M, residents=living, walls=walking.walls, extent=inputs.extract.extent, progress=ways_out,
        )  # fmt: skip
        around, land, more = other.result()
    mean = pd.DataFrame({f"detour_index_{radius_m:g}m": _mean(ratios) for radius_m, ratios in around.items()})
    more_at_home: list[pd.DataFrame | pd.Series[Any]] = [
        near.residents,
        mean,
        *([] if transit is None else [transit.stands]),
    ]
    homes = stands.to_homes(reached.join(more_at_home))[mine].reset_index(drop=True)
    homes = homes.join(_people(effects))
    met, told = standards_of(homes.join(_lost(effects)), residents, study.profile.standards)
    homes = homes.join(met)
    areas = area_means(homes.drop(columns=list(mean)), residents).reindex(inputs.areas.index)
    if "ptal_ai" in areas:
        areas["ptal_band"] = ptal_band(areas["ptal_ai"])
    circuity = [
        detour_summary(ratios, living["residents"], living["area_id"], radius_m=radius_m)
        for radius_m, ratios in around.items()
    ]
    return ProfileTables(
        residents=homes,
        areas=areas.join([*circuity, entries.areas.select_dtypes("number"), land]),
        entries=_named(entries.entries, inputs.areas),
        near_but_far=pd.DataFrame(_named(near.pairs, inputs.areas)).reindex(columns=NEAR_COLUMNS),
        travel_times=_travel_times(opened, living, inputs, transit),
        notes=(*notes, *told, *more, *_entry_notes(entries.areas)),
    )


def _reach(
    study: Study, inputs: Inputs, opened: Sequence[Openings], stands: gpd.GeoDataFrame, progress: Progress
) -> tuple[pd.DataFrame, list[Note]]:
    """Measure what is reached from every stand, in every mode."""
    parts: list[pd.DataFrame] = []
    notes: list[Note] = []
    for openings, tell in zip(opened, parted(progress, len(opened)), strict=True):
        settings = study.walk if openings.network.mode == "walk" else study.bike
        cutoff_min = max(settings.cutoffs_min)
        values, told = access_on(openings, stands, inputs.destinations, cutoff_min=cutoff_min, progress=tell)
        parts.append(values)
        notes += told
    return pd.concat(parts, axis=1), notes


def _travel_times(
    opened: Sequence[Openings], living: gpd.GeoDataFrame, inputs: Inputs, transit: TransitTables | None
) -> pd.DataFrame | None:
    """Tell how long it takes to named places, in every mode; None where the study names none."""
    if inputs.places is None:
        return None
    own_way = times_to_places(opened, living, inputs.places, inputs.areas)
    if transit is None or transit.travel_times is None:
        return own_way
    return pd.concat([own_way, transit.travel_times], ignore_index=True)


def _people(effects: Sequence[BarrierEffect]) -> pd.DataFrame:
    """Take the reach of people, known from the barrier effect, at the longest cut-off of each mode."""
    return pd.DataFrame(
        {
            f"people_{one.mode}_{one.cutoffs_min[-1]:g}min": one.reach[:, -1, one.fields.index("people")]
            for one in effects
        }
    )


def _lost(effects: Sequence[BarrierEffect]) -> pd.DataFrame:
    """Take the barrier effects at home: a study may set a standard for them."""
    columns: dict[str, Any] = {}
    for one in effects:
        effect = one.effect()[:, :, 0]
        columns |= {f"barrier_effect_{one.mode}_{m:g}min": effect[:, c] for c, m in enumerate(one.cutoffs_min)}
    return pd.DataFrame(columns)


def _mean(ratios: pd.DataFrame) -> pd.Series:
    """Average the detours from one home; a direction without a way counts as the limit, as in the area's mean."""
    return ratios.clip(upper=LIMIT_RATIO).mean(axis=1)


def _named(table: gpd.GeoDataFrame, areas: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Add the names of areas beside their ids."""
    result = table.copy()
    result.insert(1, "area", areas["name"].reindex(table["area_id"]).to_numpy(object))
    return result


def _entry_notes(entries: pd.DataFrame) -> tuple[Note, ...]:
    """Say for how many areas ways out could not be counted."""
    ring_m = f"{RADII_M[-1]:g}m"
    cut = int((entries[f"entries_reason_{ring_m}"] == "edge").sum())
    if not cut:
        return ()
    text = (
        f"In {cut} of {len(entries)} areas the land within {RADII_M[-1]:g} m is not wholly inside the extract, so "
        "their ways out are not counted."
    )
    return (Note("missing", text, (f"independent_entries_{ring_m}", f"bottleneck_share_{ring_m}")),)
