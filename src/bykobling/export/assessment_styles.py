"""How QGIS draws an assessment: rows of its ``layer_styles`` table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bykobling.export.qml import ALIASES, alias_block, styled_rows, styles_environment
from bykobling.palette import GAIN_COLORS, LOSS_COLORS

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from bykobling.palette import Language

# What a column is called in QGIS: English, Danish.
_NAMES = ALIASES | {
    "proposal": ("Proposal", "Forslag"),
    "area": ("Area", "Område"),
    "indicator": ("Measure", "Mål"),
    "before": ("Now", "Nu"),
    "after": ("With the proposal", "Med forslaget"),
    "change": ("Change", "Ændring"),
    "reach_before": ("Share of all places within reach now", "Andel af alle steder inden for rækkevidde nu"),
    "reach_after": ("Share of them with the proposal", "Andel af dem med forslaget"),
}
# Upper limits of the classes of change, as shares (0-1); a class more lies beyond the last.
_STEPS = (0.002, 0.01, 0.03)
_TEXTS: dict[Language, dict[str, str]] = {
    "en": {
        "added": "New way, crossing or stop",
        "removed": "Closed",
        "changed": "Changed",
        "gain": "More places within reach: {range}",
        "loss": "Fewer places within reach: {range}",
        "better": "Loses less to barriers: {range}",
        "worse": "Loses more to barriers: {range}",
        "first": "under {high} pp",
        "between": "{low}\N{EN DASH}{high} pp",
        "last": "{low} pp or more",
    },
    "da": {
        "added": "Ny vej, krydsning eller stop",
        "removed": "Lukket",
        "changed": "Ændret",
        "gain": "Flere steder inden for rækkevidde: {range}",
        "loss": "Færre steder inden for rækkevidde: {range}",
        "better": "Mister mindre til barrierer: {range}",
        "worse": "Mister mere til barrierer: {range}",
        "first": "under {high} pp.",
        "between": "{low}\N{EN DASH}{high} pp.",
        "last": "{low} pp. eller mere",
    },
}
_STYLES = {
    "proposals": ("Proposals", "Forslag"),
    "proposal_points": ("Proposed crossings and stops", "Foreslåede krydsninger og stop"),
    "residents": ("Homes by change of reach", "Boliger efter ændret rækkevidde"),
    "areas": ("Areas by change of the barrier effect", "Områder efter ændret barriereeffekt"),
}


def assessment_styles(
    layers: Mapping[str, pd.DataFrame], *, geometry_column: str, language: Language = "en"
) -> list[dict[str, Any]]:
    """Make the rows of QGIS's ``layer_styles`` table, each layer in English and Danish.

    Parameters
    ----------
    layers : mapping of str to DataFrame
        ``proposals``, ``proposal_points``, ``residents``, ``areas`` or some of them; their columns are
        named in plain words.
    geometry_column : str
        Name of the geometry column in the GeoPackage.
    language : {"en", "da"}
        Language of the default styles.

    Returns
    -------
    list of dict
        One row a style, with the columns QGIS expects.
    """
    return styled_rows(layers, _STYLES, _qml, geometry_column=geometry_column, language=language)


def _qml(layer: str, columns: list[str], language: Language) -> str:
    """Fill the template of a layer."""
    better = {"residents": 1, "areas": -1}
    return (
        styles_environment()
        .get_template(f"assessment_{layer}.qml")
        .render(
            aliases=alias_block(columns, _NAMES, language),
            text=_TEXTS[language],
            classes=_classes(language, sign=better[layer]) if layer in better else (),
        )
    )


def _classes(language: Language, *, sign: int) -> list[dict[str, str]]:
    """Class the change from the best to the worst; `sign` tells which way is better."""
    text = _TEXTS[language]
    words = ("gain", "loss") if sign > 0 else ("better", "worse")
    edges = [0.0, *_STEPS, None]
    classes = []
    for number, (word, ramp) in enumerate(zip(words, (GAIN_COLORS, LOSS_COLORS), strict=True)):
        side = sign if number == 0 else -sign
        for step, color in enumerate(ramp):
            low, high = edges[step], edges[step + 1]
            key = "first" if step == 0 else "last" if high is None else "between"
            shown = {"low": f"{100 * (low or 0.0):g}", "high": f"{100 * (high or 0.0):g}"}
            if language == "da":
                shown = {name: value.replace(".", ",") for name, value in shown.items()}
            label = text[word].format(range=text[key].format(**shown))
            classes.append({"color": color, "filter": _filter(low or 0.0, high, side), "label": label})
    return classes


def _filter(low: float, high: float | None, side: int) -> str:
    """Write the rule of a class: the first leaves out what does not change at all."""
    size = '"change"' if side > 0 else '-"change"'
    least = f"{size} > 0" if low == 0 else f"{size} >= {low:g}"
    return least if high is None else f"{least} AND {size} < {high:g}"
