"""What the maps of a run are drawn from, where nothing needs to be compared: a fraction of its tables."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd
import shapely

if TYPE_CHECKING:
    import geopandas as gpd

    from bykobling.results import Results


@dataclass(frozen=True)
class MapTables:
    """Tables as in `Results`, with the columns that are drawn; light to hand from one process to another.

    Parameters
    ----------
    areas, barriers, streets, severance, stops, lines : GeoDataFrame
        Of a run; the last two are None where public transport was not measured.
    """

    areas: gpd.GeoDataFrame
    barriers: gpd.GeoDataFrame
    streets: gpd.GeoDataFrame
    severance: gpd.GeoDataFrame
    stops: gpd.GeoDataFrame | None = None
    lines: gpd.GeoDataFrame | None = None

    @classmethod
    def of(cls, tables: MapTables | Results) -> MapTables:
        """Take what is drawn.

        Parameters
        ----------
        tables : Results or MapTables
            Whole tables.

        Returns
        -------
        MapTables
        """
        return cls(**{name: _drawn(getattr(tables, name), columns) for name, columns in _COLUMNS.items()})

    def digest(self) -> bytes:
        """Know the same tables again, whichever process holds them.

        Returns
        -------
        bytes
            Of every shape and every value drawn, row by row.
        """
        told = hashlib.blake2b()
        for name, columns in _COLUMNS.items():
            table = getattr(self, name)
            told.update(f"{name} {None if table is None else len(table)}".encode())
            if table is not None:
                told.update(b"".join(shape or b"-" for shape in shapely.to_wkb(table.geometry.to_numpy())))
                told.update(pd.util.hash_pandas_object(table[columns], index=False).to_numpy().tobytes())
        return told.digest()


_COLUMNS = {
    "areas": ["group"],
    "barriers": ["kind"],
    "streets": [],
    "severance": ["crossing_detour"],
    "stops": ["mode", "departures_per_hour"],
    "lines": ["mode", "departures_per_hour"],
}


def _drawn(table: gpd.GeoDataFrame | None, columns: list[str]) -> gpd.GeoDataFrame | None:
    return None if table is None else table[[*columns, table.geometry.name]]
