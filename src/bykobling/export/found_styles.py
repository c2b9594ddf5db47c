"""How QGIS draws found connections: rows of its ``layer_styles`` table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bykobling.export.qml import ALIASES, alias_block, styled_rows, styles_environment
from bykobling.palette import BARRIER_KINDS

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from bykobling.palette import Language

# What a column is called in QGIS: English, Danish.
_NAMES = ALIASES | {
    "link_id": ("Connection", "Forbindelse"),
    "rank": ("Rank by gain", "Rang efter gevinst"),
    "barrier_kind": ("Kind of barrier", "Barrierens art"),
    "at": ("Streets it joins", "Gader den forbinder"),
    "route_min": ("Way now (min)", "Vej nu (min)"),
    "link_min": ("Way with it (min)", "Vej med den (min)"),
    "delay_s": ("Extra seconds on it (climbing, waiting)", "Ekstra sekunder på den (stigning, ventetid)"),
    "detour": ("Detour now (times)", "Omvej nu (gange)"),
    "gain_places": ("Residents times places newly within reach", "Beboere gange steder nyt inden for rækkevidde"),
    "gain_people": ("Pairs of residents newly within reach", "Par af beboere nyt inden for rækkevidde"),
    "gain_score": ("Gain", "Gevinst"),
    "gain_vulnerable": ("Gain of vulnerable areas", "Gevinst i udsatte områder"),
    "residents_gaining": ("Residents who gain", "Beboere der får gevinst"),
    "vulnerable_gaining": ("Of them in vulnerable areas", "Heraf i udsatte områder"),
    "recovered_share": ("Share of the barrier effect recovered", "Genvundet andel af barriereeffekten"),
    "top_area": ("Area that gains most", "Område der får mest"),
    "top_area_gain_share": ("Its gain over its reach now", "Dets gevinst i forhold til nu"),
    "cost_dkk": ("Cost (DKK, assumed)", "Pris (kr., antaget)"),
    "gain_per_m": ("Gain per metre", "Gevinst pr. meter"),
    "gain_per_mdkk": ("Gain per million DKK", "Gevinst pr. mio. kr."),
    "rank_per_m": ("Rank for its length", "Rang for længden"),
    "rank_per_mdkk": ("Rank for its cost", "Rang for pengene"),
    "rank_vulnerable": ("Rank for vulnerable areas", "Rang for udsatte områder"),
    "top_ten_share": ("Share of trials in the top ten", "Andel af forsøg i top ti"),
    "top_ten_cost_share": ("Share of trials in the top ten for cost", "Andel af forsøg i top ti for prisen"),
    "school_saving": ("Residents a minute or more closer to a school", "Beboere mindst et minut tættere på skole"),
    "school_saved_min": ("Minutes they save", "Minutter de sparer"),
    "daily_shopping_saving": ("A minute or more closer to daily shopping", "Mindst et minut tættere på dagligvarer"),
    "daily_shopping_saved_min": ("Minutes saved to it", "Minutter sparet til dem"),
    "station_before_min": ("Minutes on foot to a station now", "Minutter til fods til en station nu"),
    "station_after_min": ("Minutes to a station with it", "Minutter til en station med den"),
    "station_saved_min": ("Minutes saved to a station", "Minutter sparet til en station"),
    "entries_400m_change": ("More ways out of areas within 400 m", "Flere veje ud af områder inden for 400 m"),
    "entries_800m_change": ("More ways out of areas within 800 m", "Flere veje ud af områder inden for 800 m"),
    "assumed": ("What is assumed", "Hvad der er antaget"),
    "reason": ("Why here", "Hvorfor her"),
    "places_before": ("Places within reach now", "Steder inden for rækkevidde nu"),
    "places_after": ("Places within reach with it", "Steder inden for rækkevidde med den"),
    "people_before": ("Residents within reach now", "Beboere inden for rækkevidde nu"),
    "people_after": ("Residents within reach with it", "Beboere inden for rækkevidde med den"),
}
_TEXTS: dict[Language, dict[str, str]] = {
    "en": {
        "best": "The ten best",
        "good": "11th to 25th",
        "rest": "Others",
        "gain": "Home that gains, larger for more places",
    },
    "da": {
        "best": "De ti bedste",
        "good": "Nr. 11 til 25",
        "rest": "Øvrige",
        "gain": "Bolig der får gevinst, større for flere steder",
    },
}
_STYLE_NAMES = {
    "links": ("Connections by rank", "Forbindelser efter rang"),
    "link_homes": ("Homes that gain", "Boliger der får gevinst"),
    "barriers": ("Barriers by kind", "Barrierer efter art"),
}


def found_styles(
    layers: Mapping[str, pd.DataFrame], *, geometry_column: str, language: Language = "en"
) -> list[dict[str, Any]]:
    """Make the rows of QGIS's ``layer_styles`` table, each layer in English and Danish.

    Parameters
    ----------
    layers : mapping of str to DataFrame
        ``links``, ``link_homes``, ``barriers`` or some of them; their columns are named in plain words.
    geometry_column : str
        Name of the geometry column in the GeoPackage.
    language : {"en", "da"}
        Language of the default styles.

    Returns
    -------
    list of dict
        One row a style, with the columns QGIS expects.
    """
    return styled_rows(layers, _STYLE_NAMES, _qml, geometry_column=geometry_column, language=language)


def _qml(layer: str, columns: list[str], language: Language) -> str:
    """Fill the template of a layer."""
    return (
        styles_environment()
        .get_template(f"{layer}.qml")
        .render(
            aliases=alias_block(columns, _NAMES, language),
            language=language,
            text=_TEXTS[language],
            barrier_kinds=BARRIER_KINDS,
        )
    )
