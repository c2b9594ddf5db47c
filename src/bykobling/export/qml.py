"""QGIS styles from templates, as rows of the ``layer_styles`` table QGIS looks in."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any

import jinja2
import pandas as pd

from bykobling.indicators import HEADLINE, indicators_among
from bykobling.palette import (
    BARRIER_KINDS,
    CROSSING_KINDS,
    DETOUR_GRADES,
    DETOUR_NO_WAY,
    DETOUR_NOTHING,
    EFFECT_GRADES,
    EFFECT_MISSING,
    NOISE_BELOW,
    NOISE_GRADES,
    NOISE_UNKNOWN,
    TRANSIT_MODE_OF,
    TRANSIT_MODES,
    VULNERABLE_COLOR,
    Language,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from markupsafe import Markup

    from bykobling._types import Progress

LANGUAGES: tuple[Language, ...] = ("en", "da")
# What a column is called in QGIS where it is no indicator: English, Danish.
ALIASES = {
    "name": ("Name", "Navn"),
    "group": ("Group", "Gruppe"),
    "residents": ("Residents", "Beboere"),
    "top_barrier": ("Barrier that takes most", "Barriere der tager mest"),
    "top_barrier_share": ("Its share of the loss", "Dens andel af tabet"),
    "edge_affected_share": ("Share of residents near the edge of the data", "Andel beboere nær datas kant"),
    "tier": ("How residents are known", "Hvordan beboere er kendt"),
    "reason": ("Why not linked", "Hvorfor ikke koblet"),
    "edge_affected": ("Near the edge of the data", "Nær datas kant"),
    "isolates": ("The only way out", "Eneste vej ud"),
    "traffic_share": ("Share of shortest ways out", "Andel af korteste veje ud"),
    "kind": ("Kind", "Art"),
    "subkind": ("Kind in detail", "Art i detaljer"),
    "headline": ("Counts in the headline", "Tæller i hovedtallet"),
    "length_m": ("Length (m)", "Længde (m)"),
    "crossings": ("Crossings", "Krydsninger"),
    "all_lost_reach_share": ("Share of all lost reach", "Andel af al tabt rækkevidde"),
    "delay_s": ("Waiting time (s)", "Ventetid (s)"),
    "barrier": ("Barrier", "Barriere"),
    "barrier_id": ("Barrier id", "Barriere-id"),
    "area_id": ("Area id", "Område-id"),
    "crossing_detour": ("Detour across (times)", "Omvej over (gange)"),
    "route_m": ("Route (m)", "Rute (m)"),
    "direct_m": ("Straight line (m)", "Lige linje (m)"),
    "island": ("Cut off from the network", "Afskåret fra nettet"),
    "what": ("What", "Hvad"),
    "stop_id": ("Stop id", "Stop-id"),
    "stop_name": ("Stop", "Stoppested"),
    "mode": ("Mode", "Transportmiddel"),
    "routes": ("Lines", "Linjer"),
    "departures_per_hour": ("Departures an hour", "Afgange i timen"),
    "assumed": ("Departures assumed", "Afgange er antaget"),
    "short_name": ("Line", "Linje"),
    "long_name": ("Name of the line", "Linjens navn"),
    "color": ("Colour of the line", "Linjens farve"),
    "ptal_band": ("PTAL band", "PTAL-bånd"),
}
_NOISE = re.compile(r"(road|rail|aircraft|industry)_(lden|lnight)_(db|reason|tier|quiet_facade)")
_NOISE_SOURCES = {
    "road": ("Road noise", "Vejstøj"),
    "rail": ("Railway noise", "Jernbanestøj"),
    "aircraft": ("Aircraft noise", "Flystøj"),
    "industry": ("Industrial noise", "Virksomhedsstøj"),
}
_NOISE_WHAT = {
    "db": ("(dB)", "(dB)"), "reason": ("why no level", "hvorfor intet niveau"), "tier": ("how known", "hvordan kendt"),
    "quiet_facade": ("quiet facade", "stille facade"),
}  # fmt: skip
_TEXTS: dict[Language, dict[str, str]] = {
    "en": {
        "vulnerable": "Vulnerable area",
        "other": "Other",
        "street": "Street",
        "island": "Not connected to the main network",
        "unlinked": "Could not be used",
        "isolates": "The only way out",
        "entry": "Way out",
    },
    "da": {
        "vulnerable": "Udsat område",
        "other": "Andet",
        "street": "Gade",
        "island": "Ikke forbundet med hovednettet",
        "unlinked": "Kunne ikke bruges",
        "isolates": "Eneste vej ud",
        "entry": "Vej ud",
    },
}
_STYLE_NAMES = {
    "barriers": ("Barriers by kind", "Barrierer efter art"),
    "entries": ("Ways out of an area", "Veje ud af et område"),
    "stops": ("Stops by departures", "Stoppesteder efter afgange"),
    "crossings": ("Crossings by kind", "Krydsninger efter art"),
    "lines": ("Lines by mode", "Linjer efter transportmiddel"),
    "severance": ("Detour across the barrier", "Omvej over barrieren"),
    "streets": ("Streets and islands", "Gader og øer"),
    "unlinked": ("Points that could not be used", "Punkter der ikke kunne bruges"),
}


@cache
def styles_environment() -> jinja2.Environment:
    """Load templates once; autoescape keeps a name from becoming markup."""
    return jinja2.Environment(
        loader=jinja2.PackageLoader("bykobling.export", "styles"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def layer_styles(
    columns: Mapping[str, Sequence[str]],
    *,
    geometry_column: str = "geom",
    language: Language = "en",
    progress: Progress | None = None,
) -> list[dict[str, Any]]:
    """Make the rows of QGIS's ``layer_styles`` table.

    Areas and residents get one style an effect present, the headline by default, noise one a source and metric; each
    in English and Danish.

    Parameters
    ----------
    columns : mapping of str to sequence of str
        The columns of each layer, as `bykobling.export.geopackage.layer_columns` lists them.
    geometry_column : str
        Name of the geometry column in the GeoPackage.
    language : {"en", "da"}
        Language of the default styles.
    progress : callable, optional
        ``progress(done, total, message)``.

    Returns
    -------
    list of dict
        One row a style, with the columns QGIS expects.
    """
    rows: list[dict[str, Any]] = []
    if progress is not None:
        progress(0, 1, "drawing up styles")
    for layer in ("areas", "residents", "noise", *_STYLE_NAMES):
        if layer not in columns:
            continue
        names = columns[layer]
        effects = [""]
        if layer in {"areas", "residents"}:
            effects = _effects(names)
        elif layer == "noise":
            effects = [found[0].removesuffix("_db") for found in _noises(names) if found[3] == "db"]
        # the same in every style of the layer
        labels = labels_of(names) | ALIASES
        aliases = {tongue: alias_block(names, labels, tongue) for tongue in LANGUAGES}
        rows.extend(
            style_row(
                layer, _style_name(layer, effect, tongue),
                _qml(layer, effect, tongue, aliases=aliases[tongue], has_headline="headline" in names),
                geometry_column=geometry_column, default=number == 0 and tongue == language,
            )
            for number, effect in enumerate(effects)
            for tongue in LANGUAGES
        )  # fmt: skip
    return rows


def style_row(layer: str, name: str, qml: str, *, geometry_column: str, default: bool) -> dict[str, Any]:
    """Make one row of QGIS's ``layer_styles`` table.

    Parameters
    ----------
    layer, name : str
        Of the layer, and of the style as the menu shows it.
    qml : str
        The style.
    geometry_column : str
        Name of the geometry column in the GeoPackage.
    default : bool
        Whether the layer opens with it.

    Returns
    -------
    dict
        With the columns QGIS expects.
    """
    return {
        "f_table_catalog": "",
        "f_table_schema": "",
        "f_table_name": layer,
        "f_geometry_column": geometry_column,
        "styleName": name,
        "styleQML": qml,
        "styleSLD": "",
        "useAsDefault": default,
        "description": name,
        "owner": "",
        "ui": "",
        "update_time": pd.Timestamp.now(tz="UTC").floor("s").tz_localize(None),
    }


def styled_rows(
    layers: Mapping[str, pd.DataFrame],
    names: Mapping[str, tuple[str, str]],
    qml: Callable[[str, list[str], Language], str],
    *,
    geometry_column: str,
    language: Language,
) -> list[dict[str, Any]]:
    """Make the rows of layers that have one style each, in English and Danish.

    Parameters
    ----------
    layers : mapping of str to DataFrame
        Their columns are named in plain words.
    names : mapping of str to pair of str
        Name of the style of each layer, English and Danish.
    qml : callable
        Makes the style of a layer, of its columns and a language.
    geometry_column : str
        Name of the geometry column in the GeoPackage.
    language : {"en", "da"}
        Language of the default styles.

    Returns
    -------
    list of dict
        One row a style, with the columns QGIS expects.
    """
    return [
        style_row(
            layer, names[layer][tongue == "da"], qml(layer, list(frame.columns), tongue),
            geometry_column=geometry_column, default=tongue == language,
        )
        for layer, frame in layers.items()
        for tongue in LANGUAGES
    ]  # fmt: skip


def _effects(columns: Iterable[str]) -> list[str]:
    """List the barrier effects among columns, the headline first."""
    names = [item.name for item in indicators_among(columns) if item.name.startswith("barrier_effect")]
    return sorted(names, key=lambda name: name != HEADLINE)


def _style_name(layer: str, effect: str, language: Language) -> str:
    """Name a style as the menu shows it."""
    if layer == "noise":
        return labels_of([f"{effect}_db"])[f"{effect}_db"][language == "da"]
    if effect:
        return labels_of([effect])[effect][language == "da"]
    return _STYLE_NAMES[layer][language == "da"]


def labels_of(columns: Iterable[str]) -> dict[str, tuple[str, str]]:
    """Name the indicators, and the levels of noise, among columns in English and Danish."""
    columns = list(columns)
    labels = {item.name: (item.label_en, item.label_da) for item in indicators_among(columns)}
    for found in _noises(columns):
        (en, da), metric, (what_en, what_da) = _NOISE_SOURCES[found[1]], found[2].capitalize(), _NOISE_WHAT[found[3]]
        labels[found[0]] = f"{en}, {metric} {what_en}", f"{da}, {metric} {what_da}"
    return labels


def _noises(columns: Iterable[str]) -> list[re.Match[str]]:
    """Find the columns of noise at homes."""
    return [found for column in columns if (found := _NOISE.fullmatch(str(column)))]


def alias_block(columns: Iterable[str], labels: Mapping[str, tuple[str, str]], language: Language) -> Markup:
    """Write what columns are called in plain words, as a style holds it.

    Parameters
    ----------
    columns : iterable of str
        Columns of the layer.
    labels : mapping of str to pair of str
        What each is called, English and Danish; others keep their name.
    language : {"en", "da"}
        Which of the two.

    Returns
    -------
    Markup
        To be put into the template of a layer.
    """
    named = [(column, labels[column][language == "da"]) for column in columns if column in labels]
    module: Any = styles_environment().get_template("_symbols.qml").module
    block: Markup = module.alias_block(named)
    return block


def _qml(layer: str, effect: str, language: Language, *, aliases: Markup, has_headline: bool) -> str:
    """Fill the template of a layer."""
    return (
        styles_environment()
        .get_template(f"{layer}.qml")
        .render(
            effect=effect,
            aliases=aliases,
            language=language,
            text=_TEXTS[language],
            effect_grades=EFFECT_GRADES,
            missing=EFFECT_MISSING,
            detour_grades=DETOUR_GRADES,
            no_way=DETOUR_NO_WAY,
            nothing=DETOUR_NOTHING,
            barrier_kinds=BARRIER_KINDS,
            crossing_kinds=CROSSING_KINDS,
            transit_modes=[
                (style, [mode for mode, drawn_as in TRANSIT_MODE_OF.items() if drawn_as == style.kind])
                for style in TRANSIT_MODES
            ],
            noise_grades=NOISE_GRADES,
            noise_below=NOISE_BELOW,
            noise_unknown=NOISE_UNKNOWN,
            vulnerable_color=VULNERABLE_COLOR,
            has_headline=has_headline,
        )
    )
