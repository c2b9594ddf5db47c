"""Where people go and where they live."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from bykobling.tags.values import levels_of

if TYPE_CHECKING:
    from bykobling.tags.values import Tags

Category = Literal[
    "daily_shopping", "school", "childcare", "health", "culture", "sport", "playground", "green_space",
    "public_service", "cafe",
]  # fmt: skip
DESTINATION_CATEGORIES: tuple[Category, ...] = (
    "daily_shopping", "school", "childcare", "health", "culture", "sport", "playground", "green_space",
    "public_service", "cafe",
)  # fmt: skip

DESTINATION_TAGS: tuple[tuple[Category, str, frozenset[str]], ...] = (
    (
        "daily_shopping",
        "shop",
        frozenset(
            {"supermarket", "convenience", "greengrocer", "bakery", "butcher", "grocery", "general", "dairy",
             "seafood", "deli", "food", "pastry", "cheese", "farm", "department_store"}
        ),
    ),
    ("daily_shopping", "amenity", frozenset({"marketplace"})),
    ("school", "amenity", frozenset({"school", "college", "university"})),
    ("childcare", "amenity", frozenset({"kindergarten", "childcare"})),
    ("health", "amenity", frozenset({"doctors", "clinic", "hospital", "pharmacy", "dentist", "health_post"})),
    (
        "health",
        "healthcare",
        frozenset({"doctor", "clinic", "hospital", "pharmacy", "dentist", "centre", "midwife", "physiotherapist"}),
    ),
    (
        "culture",
        "amenity",
        frozenset(
            {"library", "community_centre", "arts_centre", "theatre", "cinema", "social_centre", "music_school"}
        ),
    ),
    ("culture", "tourism", frozenset({"museum", "gallery"})),
    (
        "sport",
        "leisure",
        frozenset(
            {"sports_centre", "sports_hall", "stadium", "fitness_centre", "pitch", "track", "ice_rink", "water_park"}
        ),
    ),
    ("sport", "club", frozenset({"sport", "scout", "youth"})),
    ("playground", "leisure", frozenset({"playground"})),
    ("green_space", "leisure", frozenset({"park", "garden", "nature_reserve", "common"})),
    ("green_space", "landuse", frozenset({"forest", "recreation_ground", "village_green"})),
    ("green_space", "natural", frozenset({"wood", "heath", "grassland"})),
    (
        "public_service",
        "amenity",
        frozenset({"townhall", "post_office", "police", "social_facility", "courthouse", "public_building"}),
    ),
    ("public_service", "office", frozenset({"government", "employment_agency"})),
    ("cafe", "amenity", frozenset({"cafe", "restaurant", "bar", "pub", "ice_cream", "fast_food", "food_court"})),
)  # fmt: skip
"""Category, key, values; the first row that fits decides."""

_PLACE_KEYS = frozenset(key for _, key, _ in DESTINATION_TAGS)

RESIDENTIAL_BUILDINGS = frozenset(
    {"apartments", "residential", "house", "detached", "semidetached_house", "semi", "terrace", "terraced_house",
     "dormitory", "bungalow", "farm", "cabin", "villa", "static_caravan", "houseboat", "block", "tower_block",
     "mixed_use", "mixed", "student_residence", "nursing_home", "retirement_home"}
)  # fmt: skip
"""Values of ``building`` in which people live."""

_USES = frozenset({"amenity", "office", "healthcare", "tourism", "leisure", "industrial", "military", "aeroway",
                   "railway", "power", "man_made", "craft"})  # fmt: skip
"""A building of unknown kind that carries one of these keys serves that use; a shop on the ground floor does not."""
_NO_ENTRY = frozenset({"private", "no"})
_HOMES_WITH_AMENITY = frozenset({"parking", "restaurant", "cafe", "bar", "pub", "pharmacy", "fast_food", "bank"})


def destination_category(tags: Tags) -> Category | None:
    """Name the category of a destination, None where it is none or closed to the public.

    Parameters
    ----------
    tags : mapping of str to str
        Tags of one object.

    Returns
    -------
    str or None
        One of `DESTINATION_CATEGORIES`.

    Examples
    --------
    >>> destination_category({"shop": "supermarket"})
    'daily_shopping'
    >>> destination_category({"leisure": "garden", "access": "private"}) is None
    True
    """
    if _PLACE_KEYS.isdisjoint(tags) or tags.get("access") in _NO_ENTRY:
        return None
    for category, key, values in DESTINATION_TAGS:
        if tags.get(key) in values:
            if category == "green_space" and tags.get("garden:type") == "residential":
                return None
            return category
    return None


def is_building(tags: Tags) -> bool:
    """Tell whether the area is a building that stands.

    Parameters
    ----------
    tags : mapping of str to str
        Tags of one object.

    Returns
    -------
    bool
        False for what is planned, being built or gone.
    """
    kind = tags.get("building")
    return kind is not None and kind not in {"no", "proposed", "demolished", "razed", "ruins", "construction"}


def is_residential(tags: Tags) -> bool:
    """Tell whether people presumably live in a building.

    ``building=yes`` is taken as a home unless another key gives it another use: in most of the world's extracts it
    is the only value homes carry. The reader tells how many were assumed.

    Parameters
    ----------
    tags : mapping of str to str
        Tags of one object.

    Returns
    -------
    bool
        True for kinds of homes, and for ``yes`` without another use.

    Examples
    --------
    >>> is_residential({"building": "apartments"}), is_residential({"building": "school"})
    (True, False)
    >>> is_residential({"building": "yes", "office": "company"})
    False
    """
    kind = tags.get("building")
    if kind in RESIDENTIAL_BUILDINGS or tags.get("building:use") in {"residential", "apartments"}:
        return True
    if kind != "yes":
        return False
    if "building:flats" in tags:
        return True
    if tags.get("building:use") is not None:
        return False
    if _USES.isdisjoint(tags):
        return True
    return _USES & tags.keys() == {"amenity"} and tags["amenity"] in _HOMES_WITH_AMENITY


def storeys(tags: Tags) -> float:
    """Count the storeys of a building from ``building:levels`` or its height (3 m each), NaN where unknown.

    Parameters
    ----------
    tags : mapping of str to str
        Tags of one object.

    Returns
    -------
    float
        Storeys above ground, as tagged or estimated.

    Examples
    --------
    >>> storeys({"building:levels": "5"}), storeys({"height": "12 m"})
    (5.0, 4.0)
    """
    levels = levels_of(tags.get("building:levels"))
    if levels == levels:  # noqa: PLR0124 - true unless NaN
        return levels
    height = levels_of(tags.get("height"))
    return max(1.0, float(int(height / 3.0))) if height == height else levels  # noqa: PLR0124 - not NaN
