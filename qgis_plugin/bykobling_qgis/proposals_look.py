"""How the layer of proposals is drawn, and the words of its form."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from qgis.core import QgsEditorWidgetSetup

from .i18n import tr

if TYPE_CHECKING:
    from qgis.core import QgsVectorLayer

STYLE = Path(__file__).parent / "styles" / "proposals.qml"


def kind_names() -> dict[str, str]:
    """Name each kind in the language of QGIS."""
    return {
        "bridge": tr("Bridge"),
        "underpass": tr("Underpass"),
        "path": tr("Path"),
        "signal": tr("Crossing with signals"),
        "zebra": tr("Zebra crossing"),
        "refuge": tr("Crossing with refuge island"),
        "stairs": tr("Stairs"),
        "ramp": tr("Ramp"),
        "remove": tr("Street taken away"),
        "speed": tr("Another speed"),
    }


def dress(layer: QgsVectorLayer) -> None:
    """Draw it, and give it a form with words a planner knows."""
    layer.loadNamedStyle(str(STYLE))
    names = kind_names()
    renderer = layer.renderer()
    if hasattr(renderer, "categories"):
        for number, category in enumerate(renderer.categories()):
            renderer.updateCategoryLabel(number, names.get(str(category.value()), tr("Other")))
    fields = layer.fields()
    labels = {
        "proposal": tr("Proposal (lines of one name belong together)"),
        "kind": tr("Kind"),
        "name": tr("Name"),
        "mode": tr("Who may use it"),
        "width_m": tr("Width (m)"),
        "delay_s": tr("Waiting time (s)"),
        "gradient_pct": tr("Slope (%)"),
    }
    for column, label in labels.items():
        layer.setFieldAlias(fields.lookupField(column), label)
    _choice(layer, "kind", [{label: kind} for kind, label in names.items()])
    everyone = [{tr("On foot and by bicycle"): ""}, {tr("On foot"): "walk"}, {tr("By bicycle"): "bike"}]
    _choice(layer, "mode", everyone)
    layer.setEditorWidgetSetup(fields.lookupField("line_id"), QgsEditorWidgetSetup("Hidden", {}))


def _choice(layer: QgsVectorLayer, column: str, choices: list[dict[str, str]]) -> None:
    setup = QgsEditorWidgetSetup("ValueMap", {"map": choices})
    layer.setEditorWidgetSetup(layer.fields().lookupField(column), setup)
