"""Which features may cut a neighbourhood off: raw kinds, before anything is merged or chosen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from bykobling.tags.values import Tags

Kind = Literal["road", "railway", "water", "land"]

ROAD_BARRIERS = frozenset(
    {"motorway", "motorway_link", "trunk", "trunk_link", "primary", "primary_link", "secondary", "secondary_link"}
)
RAILWAYS = frozenset({"rail", "light_rail", "subway", "narrow_gauge", "tram"})
WATERWAYS = frozenset({"river", "canal", "dock"})
WATER_TAGS = (
    ("natural", frozenset({"water"})),
    ("waterway", frozenset({"riverbank", "river", "canal", "dock"})),
    ("landuse", frozenset({"reservoir", "basin"})),
)
LAND_TAGS = (
    (
        "landuse",
        frozenset(
            {"brownfield", "greenfield", "construction", "industrial", "railway", "military", "port", "harbour",
             "quarry", "landfill", "farmland", "allotments", "cemetery"}
        ),
    ),
    ("aeroway", frozenset({"aerodrome"})),
    ("industrial", frozenset({"port"})),
)  # fmt: skip
_PAVED = frozenset({"asphalt", "paved", "concrete", "cobblestone", "sett", "paving_stones", "unhewn_cobblestone"})
_OWN_BED = frozenset({"grass", "ballast", "gravel", "fine_gravel", "ground", "unpaved"})


def line_barrier(tags: Tags) -> tuple[Kind, str] | None:
    """Name kind and subkind of a barrier drawn as a line, None where it is none.

    Parameters
    ----------
    tags : mapping of str to str
        Tags of one object.

    Returns
    -------
    tuple of str, or None
        Kind and subkind.

    Examples
    --------
    >>> line_barrier({"highway": "primary"})
    ('road', 'primary')
    >>> line_barrier({"railway": "disused"}) is None
    True
    """
    if tags.get("highway") in ROAD_BARRIERS and tags.get("area") != "yes":
        return "road", tags["highway"]
    if tags.get("railway") in RAILWAYS:
        return "railway", tags["railway"]
    if tags.get("waterway") in WATERWAYS and tags.get("area") != "yes":
        return "water", tags["waterway"]
    return None


def area_barrier(tags: Tags) -> tuple[Kind, str] | None:
    """Name kind and subkind of a barrier drawn as an area, None where it is none.

    The subkind of water is its ``water`` tag where there is one.

    Parameters
    ----------
    tags : mapping of str to str
        Tags of one object.

    Returns
    -------
    tuple of str, or None
        Kind and subkind.

    Examples
    --------
    >>> area_barrier({"natural": "water", "water": "river"})
    ('water', 'river')
    >>> area_barrier({"landuse": "cemetery"})
    ('land', 'cemetery')
    """
    for key, values in WATER_TAGS:
        if tags.get(key) in values:
            return "water", tags.get("water", tags[key])
    for key, values in LAND_TAGS:
        if tags.get(key) in values:
            return "land", tags[key]
    return None


def tram_embedded(tags: Tags) -> bool | None:
    """Tell whether a tram runs in the street; None where the tags do not say.

    Parameters
    ----------
    tags : mapping of str to str
        Tags of one object.

    Returns
    -------
    bool or None
        True in the street, False on a bed of its own.

    Examples
    --------
    >>> tram_embedded({"railway": "tram", "surface": "asphalt"})
    True
    """
    if "highway" in tags or tags.get("embedded") == "yes" or tags.get("embedded_rails", "no") != "no":
        return True
    if tags.get("surface") in _PAVED:
        return True
    if tags.get("surface") in _OWN_BED or tags.get("embedded") == "no":
        return False
    return None
