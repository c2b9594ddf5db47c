"""What a run of a study found."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd
    from numpy.typing import NDArray

    from bykobling.results.noise import NoiseGrid

NoteKind = Literal["assumed", "missing", "unlinked", "edge", "source"]


@dataclass(frozen=True)
class Note:
    """One sentence a reader must know before trusting a number.

    Parameters
    ----------
    kind : {"assumed", "missing", "unlinked", "edge", "source"}
        What sort of caution it is.
    text : str
        The sentence, in plain English, ending in a full stop.
    columns : tuple of str
        Columns of `Results.areas` the sentence is about; empty for all.
    """

    kind: NoteKind
    text: str
    columns: tuple[str, ...] = ()


@dataclass(frozen=True)
class Results:
    """The tables of one run, all in one projected CRS.

    Parameters
    ----------
    title : str
        Name of the study.
    areas : GeoDataFrame
        One row a housing area, index ``area_id``: ``name``, ``group``, ``residents``, one column an indicator, with
        ``<indicator>_percentile`` (among the residents of the city, 0-100) and ``<indicator>_gap`` (to the mean of
        the rest), ``top_barrier``, ``top_barrier_share``, ``interaction_share`` (share of
        the loss on the longest walk that is in no barrier's share), ``edge_affected_share``.
    residents : GeoDataFrame
        Points: ``residents``, ``area_id``, ``tier``, ``reason`` (why unlinked), ``edge_affected`` and each
        indicator at the point.
    barriers : GeoDataFrame
        Footprints, index ``barrier_id``: ``name``, ``kind``, ``subkind``, ``headline`` (bool), ``length_m``,
        ``crossings`` (number), ``all_lost_reach_share`` (0-1, share of what the headline barriers
        take from the residents of all areas on the longest walk; of a water, among the waters).
    crossings : GeoDataFrame
        Points: ``kind``, ``delay_s``, ``barrier_id``, ``barrier`` (name).
    severance : GeoDataFrame
        Short lines along the barriers: ``barrier_id``, ``barrier``, ``crossing_detour`` (route over straight line,
        in time; infinite where there is no way; NaN where no street lies beside it), ``route_m``, ``direct_m``.
    streets : GeoDataFrame
        The walking network as drawn: ``island`` (bool, not connected to the main part).
    shares : DataFrame
        One row an area x barrier x mode x cut-off with an effect: ``area_id``, ``area``, ``barrier_id``,
        ``barrier``, ``kind``, ``mode``, ``cutoff_min``, ``barrier_share`` (of the area's loss, sums to 1 over b),
        ``lost_reach_share`` (of the area's open reach).
    gaps : DataFrame
        One row an indicator, index ``indicator``: ``vulnerable``, ``rest`` (resident-weighted means), ``gap_abs``,
        ``gap_ratio``, ``gap_low``, ``gap_high`` (95 % interval by drawing areas again); NaN with a note where a
        group is missing.
    unlinked : GeoDataFrame
        Points that could not be used: ``what`` (resident, destination), ``reason``, ``residents``.
    entries : GeoDataFrame or None
        Points where a street leads out of an area: ``area_id``, ``area``, ``isolates`` (without it there is no way
        out), ``traffic_share`` (of the shortest ways out); None where the profile was not measured.
    near_but_far : DataFrame or None
        Places near an area but far to walk to, the most telling first: ``area_id``, ``area``, ``name``,
        ``category``, ``straight_m``, ``walk_m`` (infinite where there is no way), ``residents``.
    travel_times : DataFrame or None
        One row an area x named place: ``area_id``, ``area``, ``place``, ``mode``, ``minutes`` (mean of residents).
        By public transport ``minutes`` is that of the median departure, ``minutes_p25`` and ``minutes_p75`` those of
        the quartiles, all of the residents who arrive within the longest journey: ``arriving_share`` of them.
    inequality : DataFrame or None
        One row an indicator: how unevenly it is spread over residents.
    correlated : DataFrame or None
        Pairs of indicators that tell nearly the same (|Spearman| above 0.7).
    stops : GeoDataFrame or None
        Points, one a stop of public transport and mode: ``stop_id``, ``stop_name``, ``mode``, ``routes`` (short
        names), ``departures_per_hour`` (in the window of the study), ``assumed``; None where it was not measured.
    lines : GeoDataFrame or None
        One a route, straight from stop to stop of its most frequent pattern: ``short_name``, ``long_name``,
        ``mode``, ``departures_per_hour`` (in its busier direction), ``color``, ``assumed``.
    noise : GeoDataFrame or None
        Points, one a home of the areas: ``area_id``, ``residents`` and for each source and metric
        (``<name>``, e.g. ``road_lden``) ``<name>_db`` at the loudest facade, ``<name>_reason`` (``"below_lowest"``,
        ``"unknown"``) where there is none, ``<name>_tier`` (T1 a level of the dwelling, T2 a map, T4 an estimate),
        ``<name>_quiet_facade``; None where noise was not measured.
    noise_exposure : DataFrame or None
        Index ``area_id``, as `bykobling.area_exposure`: every measure of noise.
    noise_bands : DataFrame or None
        Residents by area, source and band of level, as `bykobling.residents_by_band`.
    noise_grid : NoiseGrid or None
        Levels over the land, for the map.
    notes : tuple of Note
        What was assumed, missing, unlinked or cut by the edge of the extract.
    run : dict
        Provenance as written to ``run.json``: inputs with checksums, versions, parameters, timings.
    """

    title: str
    areas: gpd.GeoDataFrame
    residents: gpd.GeoDataFrame
    barriers: gpd.GeoDataFrame
    crossings: gpd.GeoDataFrame
    severance: gpd.GeoDataFrame
    streets: gpd.GeoDataFrame
    shares: pd.DataFrame
    gaps: pd.DataFrame
    unlinked: gpd.GeoDataFrame
    entries: gpd.GeoDataFrame | None = None
    near_but_far: pd.DataFrame | None = None
    travel_times: pd.DataFrame | None = None
    inequality: pd.DataFrame | None = None
    correlated: pd.DataFrame | None = None
    stops: gpd.GeoDataFrame | None = None
    lines: gpd.GeoDataFrame | None = None
    noise: gpd.GeoDataFrame | None = None
    noise_exposure: pd.DataFrame | None = None
    noise_bands: pd.DataFrame | None = None
    noise_grid: NoiseGrid | None = None
    notes: tuple[Note, ...] = ()
    run: dict[str, Any] = field(default_factory=dict)

    def profile(self) -> pd.DataFrame:
        """List every indicator of every area, with its unit, its place in the city and its gap to the rest.

        Returns
        -------
        DataFrame
            ``area_id``, ``area``, ``group``, ``indicator``, ``unit``, ``better`` ("lower" or "higher"), ``value``,
            ``percentile`` (among the residents of the city, 0-100), ``gap`` (to the mean of the rest).
        """
        import numpy as np  # noqa: PLC0415 - slow to load
        import pandas as pd  # noqa: PLC0415 - slow to load

        from bykobling.indicators import indicators_among  # noqa: PLC0415 - beside its only use

        areas = self.areas
        told = [one for one in indicators_among(areas.columns) if f"{one.name}_percentile" in areas]

        def of_areas(values: NDArray[Any]) -> NDArray[Any]:
            return np.tile(values, len(told))

        def of_indicators(values: list[str]) -> NDArray[Any]:
            return np.repeat(np.array(values, object), len(areas))

        def measured(suffix: str) -> NDArray[Any]:
            return np.concatenate([areas[one.name + suffix].to_numpy(float) for one in told] or [np.empty(0)])

        return pd.DataFrame(
            {
                "area_id": of_areas(areas.index.to_numpy()),
                "area": of_areas(areas["name"].to_numpy(object)),
                "group": of_areas(areas["group"].to_numpy(object)),
                "indicator": of_indicators([one.name for one in told]),
                "unit": of_indicators([one.unit for one in told]),
                "better": of_indicators([one.better for one in told]),
                "value": measured(""),
                "percentile": measured("_percentile"),
                "gap": measured("_gap"),
            }
        )
