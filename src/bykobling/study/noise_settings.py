"""What a study file says about noise: maps the user brings (``[[noise]]``), or a screening (``[noise_screening]``)."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

from bykobling.emission.hours import DANISH_HOURS, END_HOURS, NoiseHours
from bykobling.raster.bands import Metric, NoiseSource

if TYPE_CHECKING:
    from bykobling.layers.where import Where
    from bykobling.study._section import Section

_HOURS = {"end": END_HOURS, "denmark": DANISH_HOURS}


@dataclass(frozen=True)
class NoiseLayer:
    """One noise map: ``[[noise]]``.

    Parameters
    ----------
    file : Path
        A GeoTIFF, contours, or points with the levels of dwellings.
    source : {"road", "rail", "aircraft", "industry"}
        Whose noise; maps of different sources are never added up.
    metric : {"lden", "lnight"}
        What its levels are.
    layer : str or None
        Layer of a file of vectors.
    column : str, pair of str or None
        Column of levels, of names of bands, or of both edges of bands.
    band : int or None
        Band of a raster.
    bands : dict
        What a class code means: its lower and upper edge, the upper None where it is open.
    lowest_db : float or None
        The lowest level mapped.
    domain : Path or None
        Polygons in which the map was made.
    crs : str or None
        CRS of a raster that tells none.
    where : Where or None
        Which rows to use.
    facade_reflection_db : float
        What the map holds of the own facade's reflection, taken off.
    """

    file: Path
    source: NoiseSource = "road"
    metric: Metric = "lden"
    layer: str | None = None
    column: str | tuple[str, str] | None = None
    band: int | None = None
    bands: dict[float | str, tuple[float, float | None]] = field(default_factory=dict)
    lowest_db: float | None = None
    domain: Path | None = None
    crs: str | None = None
    where: Where | None = None
    facade_reflection_db: float = 0.0


@dataclass(frozen=True)
class NoiseScreening:
    """Levels estimated from traffic where there is no map: ``[noise_screening]``.

    Parameters
    ----------
    hours : NoiseHours
        Day, evening and night.
    height_m : float
        Of the receivers.
    ground : float
        0 (hard) to 1 (soft).
    reach_m : float
        Streets farther off are not heard.
    buildings : bool
        Whether buildings screen.
    built_share : float
        Where buildings are not mapped: share of the land that they cover, 0-1.
    """

    hours: NoiseHours = END_HOURS
    height_m: float = 4.0
    ground: float = 0.3
    reach_m: float = 500.0
    buildings: bool = True
    built_share: float = 0.0


def read_noise_layer(section: Section, where: Where | None) -> NoiseLayer:
    """Read one ``[[noise]]``; faults go to the section.

    Parameters
    ----------
    section : Section
        Of the study file.
    where : Where or None
        Which rows, read from it before.

    Returns
    -------
    NoiseLayer
    """
    band = section.number("band", None, low=1.0, high=10_000.0)
    if band is not None and band != int(band):
        section.fault("band", f"{band:g} is not a whole number", "write the number of the band, from 1")
    layer = NoiseLayer(
        file=section.file("file") or Path(),
        source=section.choice("source", "road", get_args(NoiseSource)),
        metric=section.choice("metric", "lden", get_args(Metric)),
        layer=section.text("layer"),
        column=_column(section),
        band=None if band is None else int(band),
        bands=_bands(section),
        lowest_db=section.number("lowest_db", None, low=1.0, high=99.0),
        domain=section.file("domain", needed=False),
        crs=section.text("crs"),
        where=where,
        facade_reflection_db=section.number("facade_reflection_db", 0.0, high=6.0) or 0.0,
    )
    section.close()
    return layer


def read_noise_screening(section: Section) -> NoiseScreening:
    """Read ``[noise_screening]``; faults go to the section.

    Parameters
    ----------
    section : Section
        Of the study file.

    Returns
    -------
    NoiseScreening
    """
    default = NoiseScreening()
    bounds = {"height_m": (0.5, 30.0), "ground": (0.0, 1.0), "reach_m": (50.0, 2_000.0), "built_share": (0.0, 0.8)}
    read: dict[str, Any] = {
        key: section.number(key, getattr(default, key), low=low, high=high) for key, (low, high) in bounds.items()
    }
    hours = section.choice("hours", "end", tuple(_HOURS))
    alike = (read["built_share"] or 0.0) > 0
    buildings = section.flag("buildings", default=not alike)
    if alike and buildings:
        rule = "it stands for buildings that are not mapped, and mapped ones are to screen"
        section.fault("built_share", rule, "delete one of built_share and buildings = true")
    settings = NoiseScreening(hours=_HOURS.get(hours, END_HOURS), buildings=buildings, **read)
    section.close()
    return settings


def _column(section: Section) -> str | tuple[str, str] | None:
    value = section.raw("column")
    if value is None or (isinstance(value, str) and value.strip()):
        return value
    if isinstance(value, list) and len(value) == 2 and all(isinstance(one, str) and one.strip() for one in value):
        return (value[0], value[1])
    section.fault("column", "it is neither a column nor two", 'write column = "lden", or column = ["low", "high"]')
    return None


def _bands(section: Section) -> dict[float | str, tuple[float, float | None]]:
    """Read ``bands = { 1 = [55, 60], 2 = [60] }``: an edge alone is a band open above."""
    table = section.raw("bands")
    if table is None:
        return {}
    remedy = "write bands = { 1 = [55, 60], 2 = [60] }: code = [lower, upper], the upper left out where it is open"
    if not isinstance(table, dict) or not table:
        section.fault("bands", "it is no table of codes", remedy)
        return {}
    found: dict[float | str, tuple[float, float | None]] = {}
    for code, edges in table.items():
        numbers = edges if isinstance(edges, list) else [edges]
        sound = len(numbers) in {1, 2} and all(
            isinstance(one, int | float) and not isinstance(one, bool) and math.isfinite(one) for one in numbers
        )
        if not sound:
            section.fault(f"bands, code {code}", f"{edges!r} are no edges of a band", remedy)
            continue
        found[_code(code)] = (float(numbers[0]), float(numbers[1]) if len(numbers) == 2 else None)
    return found


def _code(text: str) -> float | str:
    """Codes of a raster are numbers, entries of a column texts; TOML's keys are all texts."""
    try:
        return float(text)
    except ValueError:
        return text
