"""Everything a severance study needs from OSM, with all tags, in one Overpass question."""

from __future__ import annotations

from importlib import metadata
from typing import TYPE_CHECKING, Any

from bykobling.errors import FetchError
from bykobling.fetch.services import BUSY_STATUS, Busy, Patience, ask_again, host_of, parse_json, read_body

if TYPE_CHECKING:
    from collections.abc import Callable

    import requests

_SERVER_SECONDS = 180
_SERVER_BYTES = 1 << 30

SELECTORS: tuple[str, ...] = (
    'way["highway"]',
    'relation["highway"]["type"="multipolygon"]',
    'node["highway"]',
    'node["crossing"]',
    'node["barrier"]',
    'way["barrier"]',
    'nwr["railway"]',
    'way["route"="ferry"]',
    'way["man_made"~"^(pier|bridge)$"]',
    'wr["natural"="water"]',
    'way["natural"="coastline"]',
    'wr["waterway"]["type"!="waterway"]',
    'wr["landuse"]',
    'nwr["leisure"]',
    'wr["aeroway"]',
    'wr["military"]',
    'wr["building"]',
    'nwr["amenity"]',
    'nwr["shop"]',
    'nwr["office"]',
    'nwr["healthcare"]',
    'nwr["sport"]',
    'nwr["club"]',
    'nwr["tourism"~"^(museum|gallery)$"]',
    'nwr["public_transport"]["type"!="public_transport"]',
    'relation["boundary"="administrative"]["admin_level"~"^([7-9]|1[0-2])$"]',
)
"""What is asked for; the tables in `bykobling.tags` choose from it later."""


def overpass_query(west: float, south: float, east: float, north: float) -> str:
    """Return the Overpass question for a box in degrees.

    The second recursion prints the members of everything found *with* their tags: nodes of a street carry
    crossings and barriers.

    Parameters
    ----------
    west, south, east, north : float
        Degrees.

    Returns
    -------
    str
        Overpass QL.

    Examples
    --------
    >>> overpass_query(12.5, 55.6, 12.6, 55.7).splitlines()[0]
    '[out:json][timeout:180][maxsize:1073741824][bbox:55.6000000,12.5000000,55.7000000,12.6000000];'
    """
    box = f"{south:.7f},{west:.7f},{north:.7f},{east:.7f}"
    wanted = "\n".join(f"  {selector};" for selector in SELECTORS)
    head = f"[out:json][timeout:{_SERVER_SECONDS}][maxsize:{_SERVER_BYTES}][bbox:{box}];"
    return f"{head}\n(\n{wanted}\n);\n(._;>;);\nout body;\n"


def download_osm(
    box: tuple[float, float, float, float],
    *,
    url: str | None,
    patience: Patience,
    wait: Callable[[float, str], None],
    tell: Callable[[int], None] | None = None,
) -> tuple[bytes, dict[str, Any]]:
    """Ask Overpass for a box.

    Parameters
    ----------
    box : tuple of float
        West, south, east, north in degrees.
    url : str or None
        An Overpass server (with or without ``/interpreter``); None takes the one osmnx is
        set to.
    patience : Patience
        How often, how long and how much.
    wait : callable
        Called with seconds and a message between tries.
    tell : callable, optional
        Called with the bytes received so far.

    Returns
    -------
    body : bytes
        The answer as sent.
    answer : dict
        The same, parsed.

    Raises
    ------
    FetchError
        When the service does not answer, or not usefully.
    """
    if url is None:
        import osmnx as ox  # noqa: PLC0415 - heavy

        url = str(ox.settings.overpass_url)
    address = url.rstrip("/")
    address = address if address.endswith("/interpreter") else f"{address}/interpreter"
    service = f"Overpass at {host_of(address)}"
    query = overpass_query(*box)

    def ask() -> tuple[bytes, dict[str, Any]]:
        return _ask(address, query, service=service, patience=patience, tell=tell)

    return ask_again(ask, service=service, patience=patience, wait=wait)


def _ask(
    address: str, query: str, *, service: str, patience: Patience, tell: Callable[[int], None] | None
) -> tuple[bytes, dict[str, Any]]:
    import requests  # noqa: PLC0415 - heavy

    headers = {"User-Agent": f"bykobling/{metadata.version('bykobling')}"}
    try:
        with requests.post(
            address, data={"data": query}, headers=headers, timeout=(15, patience.timeout_s), stream=True
        ) as response:
            _check_status(response, service)
            body = read_body(response, service=service, max_bytes=patience.max_bytes, tell=tell)
            answer = parse_json(body, service=service, status=response.status_code)
    except requests.Timeout:
        raise Busy(f"no word for {patience.timeout_s:.0f} s") from None
    except requests.RequestException as error:
        raise FetchError(
            f"{service} cannot be reached ({type(error).__name__}). Remedy: check the network and the address."
        ) from error
    return body, _checked(answer, service)


def _check_status(response: requests.Response, service: str) -> None:
    if response.status_code in BUSY_STATUS:
        raise Busy(f"status {response.status_code}")
    if not response.ok:
        raise FetchError(
            f"{service} refused (status {response.status_code}). "
            "Remedy: check the address of the server; it must speak the Overpass API."
        )


def _checked(answer: Any, service: str) -> dict[str, Any]:  # noqa: ANN401 - JSON
    """Return the answer if it is whole: Overpass tells of its own failures in a remark with status 200."""
    if not isinstance(answer, dict) or not isinstance(answer.get("elements"), list):
        raise FetchError(f"{service} sent JSON without elements. Remedy: check the address of the server.")
    remark = str(answer.get("remark", ""))
    if "timed out" in remark or "rate_limited" in remark:
        raise Busy(remark)
    if "error" in remark.lower():
        raise FetchError(
            f"{service} gave up: {remark!r}. Remedy: choose a smaller place or margin, or name another server."
        )
    if not any(element.get("type") == "way" for element in answer["elements"] if isinstance(element, dict)):
        raise FetchError(f"{service} knows no street here. Remedy: check the place; it may be far from any town.")
    return answer
