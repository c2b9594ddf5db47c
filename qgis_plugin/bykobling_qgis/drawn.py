"""How layers are drawn that bring no style of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qgis.core import (
    QgsCategorizedSymbolRenderer,
    QgsColorRampShader,
    QgsFillSymbol,
    QgsGraduatedSymbolRenderer,
    QgsLineSymbol,
    QgsMarkerSymbol,
    QgsRasterShader,
    QgsRendererCategory,
    QgsRendererRange,
    QgsRuleBasedRenderer,
    QgsSingleBandPseudoColorRenderer,
    QgsWkbTypes,
)
from qgis.PyQt.QtGui import QColor

from .i18n import tr

if TYPE_CHECKING:
    from qgis.core import QgsFeatureRenderer, QgsRasterLayer, QgsSymbol, QgsVectorLayer

_REACH = ("#08306b", "#2171b5", "#6baed6", "#bdd7e7", "#e4eef7")
"""Near to far: told apart in greyscale."""

_MUCH = 1e6


def draw(layer: QgsVectorLayer, name: str) -> None:
    """Give a layer the renderer of its kind; one of an unknown kind stays as QGIS draws it.

    Parameters
    ----------
    layer : QgsVectorLayer
        To be drawn.
    name : str
        Its kind, which is its name in the GeoPackage.
    """
    columns = set(layer.fields().names())
    makers = {
        "isochrones": ("cutoff_min", _isochrones),
        "residents": ("change", _homes),
        "areas": ("change", _areas),
        "proposals": ("what", _proposals),
        "proposal_points": ("what", _proposals),
        "faults": ("severity", _faults),
    }
    column, maker = makers.get(name, ("", None))
    if maker is None or column not in columns:
        return
    layer.setRenderer(maker(layer))
    layer.triggerRepaint()


def draw_levels(raster: QgsRasterLayer) -> None:
    """Draw a raster of noise in the bands and colours of the library's maps.

    Parameters
    ----------
    raster : QgsRasterLayer
        Levels in dB.
    """
    grades = (
        (50.0, "#cee4cc", tr("under 50 dB")), (55.0, "#e2f2bf", "50\N{EN DASH}55 dB"),
        (60.0, "#f3c683", "55\N{EN DASH}60 dB"), (65.0, "#e87e4d", "60\N{EN DASH}65 dB"),
        (70.0, "#cd463e", "65\N{EN DASH}70 dB"), (75.0, "#a11a4d", "70\N{EN DASH}75 dB"),
        (float("inf"), "#75085c", tr("75 dB or more")),
    )  # fmt: skip
    ramp = QgsColorRampShader(0.0, 100.0, None, QgsColorRampShader.Type.Discrete)
    ramp.setColorRampItemList(
        [QgsColorRampShader.ColorRampItem(upper, QColor(color), label) for upper, color, label in grades]
    )
    shader = QgsRasterShader()
    shader.setRasterShaderFunction(ramp)
    raster.setRenderer(QgsSingleBandPseudoColorRenderer(raster.dataProvider(), 1, shader))
    raster.setOpacity(0.7)
    raster.triggerRepaint()


def _isochrones(layer: QgsVectorLayer) -> QgsFeatureRenderer:
    """Draw the nearest on top, darkest."""
    cutoffs = sorted(float(value) for value in layer.uniqueValues(layer.fields().indexOf("cutoff_min")))
    root = QgsRuleBasedRenderer.Rule(None)
    for place, minutes in enumerate(reversed(cutoffs)):
        color = _REACH[min(len(cutoffs) - 1 - place, len(_REACH) - 1)]
        symbol = QgsFillSymbol.createSimple(
            {"color": color, "outline_color": "#ffffff", "outline_width": "0.3", "style": "solid"}
        )
        symbol.setOpacity(0.75)
        symbol.symbolLayer(0).setRenderingPass(place)
        rule = QgsRuleBasedRenderer.Rule(symbol, 0, 0, f'"cutoff_min" = {minutes!r}')
        rule.setLabel(tr("within {n} minutes").format(n=f"{minutes:g}"))
        root.insertChild(0, rule)
    renderer = QgsRuleBasedRenderer(root)
    renderer.setUsingSymbolLevels(True)
    return renderer


def _homes(_: QgsVectorLayer) -> QgsFeatureRenderer:
    """Draw homes by how much of all places more they reach."""
    grades = (
        (-_MUCH, 0.0, "#b2182b", "2.0", tr("reaches less")),
        (0.0, 0.005, "#bdd7e7", "1.6", tr("up to 0.5 % of all places more")),
        (0.005, 0.02, "#6baed6", "2.0", tr("0.5 to 2 % more")),
        (0.02, 0.05, "#2171b5", "2.4", tr("2 to 5 % more")),
        (0.05, _MUCH, "#08306b", "2.8", tr("over 5 % more")),
    )
    ranges = [QgsRendererRange(low, high, _marker(color, size), label) for low, high, color, size, label in grades]
    return QgsGraduatedSymbolRenderer("change", ranges)


def _areas(_: QgsVectorLayer) -> QgsFeatureRenderer:
    """Draw areas by how the reach they lose to barriers changes: a loss that shrinks is good."""
    grades = (
        (-_MUCH, -0.05, "#08519c", tr("loses over 5 % less to barriers")),
        (-0.05, -0.02, "#3182bd", tr("2 to 5 % less")),
        (-0.02, -0.005, "#9ecae1", tr("0.5 to 2 % less")),
        (-0.005, 0.005, "#f2f2f2", tr("about as before")),
        (0.005, _MUCH, "#b2182b", tr("more than before")),
    )
    ranges = [QgsRendererRange(low, high, _fill(color), label) for low, high, color, label in grades]
    return QgsGraduatedSymbolRenderer("change", ranges)


def _proposals(layer: QgsVectorLayer) -> QgsFeatureRenderer:
    """Draw proposals over everything else, all alike: their kind is in the legend."""
    known = {
        "bridge": tr("Bridge"),
        "underpass": tr("Underpass"),
        "path": tr("Path"),
        "stairs": tr("Stairs"),
        "ramp": tr("Ramp"),
        "crossing": tr("Crossing"),
        "signal": tr("Crossing with signals"),
        "zebra": tr("Zebra crossing"),
        "refuge": tr("Crossing with a refuge"),
    }
    point = layer.geometryType() == QgsWkbTypes.GeometryType.PointGeometry
    categories = []
    # what a file with points beside lines holds of this kind: its list of unique values has both
    for value in sorted({str(feature["what"]) for feature in layer.getFeatures()}):
        symbol = _marker("#d81b60", "3.5") if point else _line("#d81b60", "1.2")
        categories.append(QgsRendererCategory(value, symbol, known.get(value, value)))
    return QgsCategorizedSymbolRenderer("what", categories)


def _faults(_: QgsVectorLayer) -> QgsFeatureRenderer:
    """Draw errors unlike warnings in shape as well as in colour."""
    error = QgsMarkerSymbol.createSimple(
        {"name": "cross2", "color": "#b2182b", "outline_color": "#b2182b", "outline_width": "0.8", "size": "4"}
    )
    warning = QgsMarkerSymbol.createSimple(
        {"name": "triangle", "color": "#f2c14e", "outline_color": "#5b4a12", "size": "3.6"}
    )
    return QgsCategorizedSymbolRenderer(
        "severity",
        [
            QgsRendererCategory("error", error, tr("Must be mended")),
            QgsRendererCategory("warning", warning, tr("Worth knowing")),
        ],
    )


def _marker(color: str, size: str) -> QgsSymbol:
    return QgsMarkerSymbol.createSimple(
        {"color": color, "outline_color": "#ffffff", "outline_width": "0.1", "size": size}
    )


def _fill(color: str) -> QgsSymbol:
    return QgsFillSymbol.createSimple({"color": color, "outline_color": "#8a8f98", "outline_width": "0.3"})


def _line(color: str, width: str) -> QgsSymbol:
    return QgsLineSymbol.createSimple({"line_color": color, "line_width": width, "capstyle": "round"})
