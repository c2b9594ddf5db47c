"""Indicators of access: what is reached on foot, by bicycle and by public transport, and what is left to share."""

from __future__ import annotations

import re

from bykobling.indicators._model import MODES, Indicator

_CATCHMENT_SOURCE = "Luo & Wang 2003, doi 10.1068/b29120"
_AVAILABILITY_SOURCE = "Soukhov, Páez, Higgins, Mohamed 2023, doi 10.1371/journal.pone.0278468"
_NEAREST_SOURCE = "cost to the nearest opportunity; places from OpenStreetMap or a layer of the user's"

_WAYS = {**MODES, "transit": ("by public transport", "med kollektiv trafik")}
_CATEGORIES = {
    "daily_shopping": ("daily shopping", "dagligvarer"),
    "school": ("a school", "skole"),
    "childcare": ("childcare", "daginstitution"),
    "health": ("a doctor or pharmacy", "læge eller apotek"),
    "culture": ("culture", "kultur"),
    "sport": ("sport", "idræt"),
    "playground": ("a playground", "legeplads"),
    "green_space": ("green space", "grønt område"),
    "public_service": ("a public service", "offentlig service"),
    "cafe": ("a café", "café"),
}
"""Categories of places as they stand in a sentence: "minutes on foot to ..."."""
CATCHMENT_CATEGORIES = ("school", "childcare", "health")
"""What residents share with others who can reach it, and so can run short of."""


def _nearest(category: str, mode: str) -> Indicator:
    en, da = _CATEGORIES.get(category, (category.replace("_", " "),) * 2)
    return Indicator(
        name=f"minutes_to_{category}_{mode}",
        unit="min",
        better="lower",
        label_en=f"Minutes {MODES[mode][0]} to {en}",
        label_da=f"Minutter {MODES[mode][1]} til {da}",
        source=_NEAREST_SOURCE,
        theme="access",
    )


def opportunities(what: str, mode: str, minutes: str) -> Indicator:
    """Describe how much is reached within some minutes."""
    en, da = {"places": ("Places", "Steder"), "people": ("Residents", "Beboere")}[what]
    return Indicator(
        name=f"{what}_{mode}_{minutes}min",
        unit="count",
        better="higher",
        label_en=f"{en} within {minutes} min {_WAYS[mode][0]}",
        label_da=f"{da} inden for {minutes} min {_WAYS[mode][1]}",
        source="cumulative opportunities" + (", median of the departures" if mode == "transit" else ""),
        theme="transit" if mode == "transit" else "access",
    )


def _shared(measure: str, category: str) -> Indicator:
    en, da = _CATEGORIES.get(category, (category.replace("_", " "),) * 2)
    source, how = {
        "catchment_2sfca": (_CATCHMENT_SOURCE, "2SFCA"),
        "spatial_availability": (_AVAILABILITY_SOURCE, "spatial availability"),
    }[measure]
    return Indicator(
        name=f"{measure}_{category}",
        unit="per_1000",
        better="higher",
        label_en=f"Places per 1,000 residents who share them, 15 min on foot: {en} ({how})",
        label_da=f"Steder pr. 1.000 beboere der deles om dem, 15 min til fods: {da} ({how})",
        source=source,
        theme="access",
    )


_GRAVITY = Indicator(
    "gravity_walk", "index", "higher", "Places on foot, the nearer the more (linear to 15 min)",
    "Steder til fods, jo nærmere des mere (lineært til 15 min)", "Hansen 1959, doi 10.1080/01944365908978307", "access",
)  # fmt: skip

ACCESS: tuple[Indicator, ...] = (
    *(opportunities(what, *reach) for what in ("places", "people") for reach in (("walk", "15"), ("bike", "10"))),
    *(_nearest(category, mode) for mode in MODES for category in _CATEGORIES),
    *(_shared(measure, category) for measure in ("catchment_2sfca", "spatial_availability")
      for category in CATCHMENT_CATEGORIES),
    _GRAVITY,
    Indicator(
        "fifteen_minute_categories", "count", "higher", "Kinds of daily places within 15 min on foot",
        "Slags hverdagssteder inden for 15 min til fods", "Moreno et al. 2021, "
        "doi 10.3390/smartcities4010006", "access",
    ),
    Indicator(
        "green_300m_share", "share", "higher", "Residents with green space of half a hectare within 300 m",
        "Beboere med mindst en halv hektar grønt inden for 300 m", "WHO 2016, Urban green spaces and health", "access",
    ),
)  # fmt: skip

FAMILIES = (
    (re.compile(r"(?P<what>places|people)_(?P<mode>walk|bike|transit)_(?P<minutes>\d+(?:\.\d+)?)min"), opportunities),
    (re.compile(r"minutes_to_(?P<category>.+)_(?P<mode>walk|bike)"), _nearest),
)
"""Others of the same make: a pattern of the name, and what describes it."""
