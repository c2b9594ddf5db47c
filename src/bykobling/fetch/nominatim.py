"""Find the outline of a place by its name, through osmnx."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bykobling._globe import local_utm
from bykobling.errors import FetchError
from bykobling.fetch.services import BUSY_STATUS, Busy, Patience, ask_again, host_of

if TYPE_CHECKING:
    from collections.abc import Callable

    import geopandas as gpd
    import requests

_LARGEST_KM2 = 2_000.0


def geocode_place(
    place: str, *, url: str | None, patience: Patience, wait: Callable[[float, str], None]
) -> gpd.GeoDataFrame:
    """Return the outline of a place.

    Parameters
    ----------
    place : str
        E.g. ``"Nørrebro, København"``.
    url : str or None
        A Nominatim server; None takes the one osmnx is set to.
    patience : Patience
        How often and how long to ask.
    wait : callable
        Called with seconds and a message between tries.

    Returns
    -------
    GeoDataFrame
        One row in EPSG:4326 with ``display_name`` and a (Multi)Polygon.

    Raises
    ------
    FetchError
        When the place is not found, has no outline, is too large, or the service does not answer.
    """
    import osmnx as ox  # noqa: PLC0415 - heavy

    service = f"Nominatim at {host_of(url or ox.settings.nominatim_url)}"

    def ask() -> gpd.GeoDataFrame:
        with _osmnx_settings(url, patience, service):
            return _ask(place, service)

    found = ask_again(ask, service=service, patience=patience, wait=wait)
    size_km2 = float(found.to_crs(local_utm(found)).area.sum()) / 1e6
    if size_km2 > _LARGEST_KM2:
        raise FetchError(
            f"{place!r} is {size_km2:,.0f} km², more than the {_LARGEST_KM2:,.0f} km² a public server hands out. "
            "Remedy: name a part of it, or download an extract and name it in study.toml."
        )
    return found


def _ask(place: str, service: str) -> gpd.GeoDataFrame:
    import osmnx as ox  # noqa: PLC0415 - heavy
    import requests  # noqa: PLC0415 - heavy

    try:
        found = ox.geocoder.geocode_to_gdf(place)
    except ox._errors.InsufficientResponseError as error:  # noqa: SLF001 - osmnx has no public name for it
        if "returned 0 results" in str(error):
            raise FetchError(
                f"{service} knows no place {place!r}. Remedy: check the spelling and add the city or country."
            ) from error
        raise FetchError(f"{service} did not answer usefully: {error}. Remedy: try again later.") from error
    except ox._errors.ResponseStatusCodeError as error:  # noqa: SLF001 - osmnx has no public name for it
        raise FetchError(f"{service} refused: {error}. Remedy: check the address of the server.") from error
    except TypeError as error:
        raise FetchError(
            f"{service} knows {place!r} only as a point or line, and an outline is needed. "
            "Remedy: name the district or city it lies in."
        ) from error
    except requests.RequestException as error:
        raise FetchError(
            f"{service} cannot be reached ({type(error).__name__}). Remedy: check the network and the address."
        ) from error
    except (KeyError, ValueError) as error:
        raise FetchError(f"{service} sent an answer of an unknown shape ({error!r}). Remedy: try again.") from error
    if found.crs is None or found.geometry.is_empty.any():
        raise FetchError(f"{service} sent no outline for {place!r}. Remedy: name a larger place.")
    return found


class _osmnx_settings:  # noqa: N801 - reads as a statement
    """Settings of osmnx for one question; put back afterwards.

    osmnx itself waits 55 s and asks again for ever when a server is busy; the hook raises before it comes to that.
    """

    def __init__(self, url: str | None, patience: Patience, service: str) -> None:
        self._wanted: dict[str, Any] = {
            "use_cache": False,
            "requests_timeout": patience.timeout_s,
            "requests_kwargs": {"hooks": {"response": lambda response, **_: _check(response, service)}},
        }
        if url is not None:
            self._wanted["nominatim_url"] = url
        self._before: dict[str, Any] = {}

    def __enter__(self) -> None:
        import osmnx as ox  # noqa: PLC0415 - heavy

        self._before = {name: getattr(ox.settings, name) for name in self._wanted}
        self._set(self._wanted)

    def __exit__(self, *_: object) -> None:
        self._set(self._before)

    @staticmethod
    def _set(values: dict[str, Any]) -> None:
        import osmnx as ox  # noqa: PLC0415 - heavy

        for name, value in values.items():
            setattr(ox.settings, name, value)


def _check(response: requests.Response, service: str) -> requests.Response:
    if not response.ok:
        response.close()
    if response.status_code in BUSY_STATUS:
        raise Busy(f"status {response.status_code}")
    if not response.ok:
        raise FetchError(f"{service} refused (status {response.status_code}). Remedy: check the address of the server.")
    return response
