"""Results on the map: styled, named in the planner's language, and grouped."""

from __future__ import annotations

import sqlite3
from collections import deque
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from qgis.core import (
    QgsMapLayerStyle,
    QgsProcessingContext,
    QgsProcessingLayerPostProcessorInterface,
    QgsProject,
    QgsRasterLayer,
    QgsVectorLayer,
)
from qgis.PyQt.QtXml import QDomDocument

from .drawn import draw, draw_levels
from .i18n import language, tr

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qgis.core import QgsLayerTreeGroup, QgsMapLayer, QgsProcessingFeedback

ORDER = (
    "faults", "proposal_points", "proposals", "link_homes", "links", "entries", "stops", "crossings", "unlinked",
    "noise", "residents", "severance", "lines", "barriers", "streets", "isochrones", "areas", "lden",
    "lnight",
)  # fmt: skip
"""From top to bottom."""

HIDDEN = frozenset({"entries", "stops", "crossings", "unlinked", "residents", "lines", "streets", "lnight"})
"""Of a profile: there to be switched on. A first look is at areas, barriers and detours. Where only some layers were
asked for, all of them are shown."""

_RANK = "bykobling/rank"
_LANGUAGES = ("en", "da")
_ANY_SHAPE = frozenset({"GEOMETRY", "GEOMETRYCOLLECTION"})
_SHAPES = ("LineString", "MultiLineString", "Point", "MultiPoint", "Polygon", "MultiPolygon")


def title_of(name: str) -> str:
    """Name a layer in the planner's language."""
    titles = {
        "areas": tr("Housing areas"),
        "barriers": tr("Barriers"),
        "crossings": tr("Crossings"),
        "entries": tr("Ways out of the areas"),
        "faults": tr("What is wrong with the data"),
        "isochrones": tr("Within reach"),
        "lden": tr("Road noise, the whole day (Lden, estimated)"),
        "lines": tr("Public transport lines"),
        "link_homes": tr("Homes that gain from a connection"),
        "links": tr("Possible connections"),
        "lnight": tr("Road noise at night (Lnight, estimated)"),
        "noise": tr("Noise at homes"),
        "proposal_points": tr("Proposed crossings"),
        "proposals": tr("Proposals"),
        "residents": tr("Homes"),
        "severance": tr("Detour across the barriers"),
        "stops": tr("Stops"),
        "streets": tr("Streets"),
        "unlinked": tr("Points that could not be used"),
    }
    return titles.get(name, name)


def source_of(geopackage: str, name: str) -> str:
    """Tell QGIS where a layer of a GeoPackage is."""
    return f"{geopackage}|layername={name}"


def load_layer(
    geopackage: str, name: str, group: str | None = None, project: QgsProject | None = None
) -> QgsVectorLayer | None:
    """Put one layer of a GeoPackage on the map, styled.

    Parameters
    ----------
    geopackage : str
        Its path.
    name : str
        Of the layer in it.
    group : str, optional
        Title of the group it goes into, which is made at the top where there is none.
    project : QgsProject, optional
        The project that is open without.

    Returns
    -------
    QgsVectorLayer or None
        None where there is no such layer, or nothing in it.
    """
    project = project or QgsProject.instance()
    layer = open_layer(geopackage, name)
    if layer is None:
        return None
    style_layer(layer)
    project.addMapLayer(layer, False)
    root = project.layerTreeRoot()
    parent = root if group is None else root.findGroup(group) or root.insertGroup(0, group)
    _insert(parent, layer, _rank(name))
    return layer


def load_results(
    geopackage: str, names: Sequence[str] | None = None, group: str | None = None, project: QgsProject | None = None
) -> list[QgsVectorLayer]:
    """Put layers of a GeoPackage on the map, styled and grouped; what is better looked at later is switched off.

    Parameters
    ----------
    geopackage : str
        Its path.
    names : sequence of str, optional
        Of layers in it; all those with a shape without.
    group : str, optional
        Title of their group.
    project : QgsProject, optional
        The project that is open without.

    Returns
    -------
    list of QgsVectorLayer
        Those that were there.
    """
    project = project or QgsProject.instance()
    made = [load_layer(geopackage, name, group, project) for name in names or layer_names(geopackage)]
    for layer in (one for one in made if one is not None):
        _hide(project, layer)
    return [layer for layer in made if layer is not None]


def layer_names(geopackage: str) -> list[str]:
    """List the layers of a GeoPackage that have a shape."""
    query = "SELECT table_name FROM gpkg_contents WHERE data_type = 'features' ORDER BY rowid"
    return sorted((row[0] for row in _rows(geopackage, query)), key=_rank)


def open_layer(geopackage: str, name: str) -> QgsVectorLayer | None:
    """Open a layer of a GeoPackage; of several kinds of geometry, the lines, else the points, else the areas."""
    source = source_of(geopackage, name)
    told = _rows(geopackage, "SELECT geometry_type_name FROM gpkg_geometry_columns WHERE table_name = ?", name)
    mixed = bool(told) and str(told[0][0]).upper() in _ANY_SHAPE
    for kind in _SHAPES if mixed else ("",):
        layer = QgsVectorLayer(f"{source}|geometrytype={kind}" if kind else source, title_of(name), "ogr")
        if layer.isValid() and layer.featureCount():
            return layer
    return None


def style_layer(layer: QgsVectorLayer) -> None:
    """Draw a layer with the styles stored beside it, in the planner's language; else with one of our own.

    Parameters
    ----------
    layer : QgsVectorLayer
        Gets every style stored in that language, to be chosen from its menu, and the first of them now.
    """
    path, _, options = layer.source().partition("|")
    name = dict(part.partition("=")[::2] for part in options.split("|")).get("layername", Path(path).stem)
    layer.setCustomProperty(_RANK, _rank(name))
    stored = _stored(path, name)
    if not stored:
        draw(layer, name)
        return
    for style_name, qml in stored[1:]:
        layer.styleManager().addStyle(style_name, QgsMapLayerStyle(qml))
    document = QDomDocument()
    document.setContent(stored[0][1])
    layer.importNamedStyle(document)
    layer.styleManager().renameStyle(layer.styleManager().currentStyle(), stored[0][0])
    layer.triggerRepaint()


def _stored(path: str, name: str) -> list[tuple[str, str]]:
    """List the styles stored for a layer in the planner's language, the one it opens with first."""
    query = "SELECT styleName, styleQML, useAsDefault FROM layer_styles WHERE f_table_name = ? ORDER BY id"
    rows = _rows(path, query, name)
    if rows and not len(rows) % len(_LANGUAGES):
        # each style is stored in English, then in Danish
        at = _LANGUAGES.index(language())
        pairs = [rows[start : start + len(_LANGUAGES)] for start in range(0, len(rows), len(_LANGUAGES))]
        pairs.sort(key=lambda pair: not any(default for _, _, default in pair))
        rows = [pair[at] for pair in pairs]
    return [(str(style_name), str(qml)) for style_name, qml, _ in rows]


def _rows(path: str, query: str, *values: str) -> list[tuple]:
    """Read rows of a GeoPackage; none where it has no such table."""
    try:
        with closing(sqlite3.connect(f"{Path(path).absolute().as_uri()}?mode=ro", uri=True)) as base:
            return base.execute(query, values).fetchall()
    except sqlite3.Error:
        return []


def _rank(name: str) -> int:
    return ORDER.index(name) if name in ORDER else len(ORDER)


def _insert(parent: QgsLayerTreeGroup, layer: QgsMapLayer, rank: int) -> None:
    """Put a layer into a group where `ORDER` has it."""
    place = 0
    for place, child in enumerate(parent.children()):  # noqa: B007 - the place is what is looked for
        other = child.layer() if hasattr(child, "layer") else None
        if other is None or int(other.customProperty(_RANK, len(ORDER))) > rank:
            break
    else:
        place = len(parent.children())
    parent.insertLayer(place, layer)


def _hide(project: QgsProject, layer: QgsMapLayer) -> None:
    """Switch off what a first look does without, and fold its legend."""
    node = project.layerTreeRoot().findLayer(layer.id())
    hidden = int(layer.customProperty(_RANK, len(ORDER))) in {_rank(name) for name in HIDDEN}
    if node is not None and hidden:
        node.setItemVisibilityChecked(False)
        node.setExpanded(False)


class StyleAndGroup(QgsProcessingLayerPostProcessorInterface):
    """Draws a result of Processing once it is on the map, and puts it among its kind.

    Parameters
    ----------
    name : str
        Of the layer in its GeoPackage.
    group : str
        Title of the group.
    hide : bool
        Whether to switch off what a first look does without.
    """

    def __init__(self, name: str, group: str, *, hide: bool) -> None:
        super().__init__()
        self._name, self._group, self._hidden = name, group, hide

    def postProcessLayer(
        self, layer: QgsMapLayer, context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> None:
        """Style the layer and move it; QGIS calls this in the GUI thread."""
        if not layer.isValid():
            return
        if isinstance(layer, QgsRasterLayer):
            draw_levels(layer)
        else:
            style_layer(layer)
        layer.setCustomProperty(_RANK, _rank(self._name))
        project = context.project() or QgsProject.instance()
        root = project.layerTreeRoot()
        node = root.findLayer(layer.id())
        if node is None:
            return
        if node.parent() is root or node.parent().name() != self._group:
            old = node.parent()
            _insert(root.findGroup(self._group) or root.insertGroup(0, self._group), layer, _rank(self._name))
            old.removeChildNode(node)
        if self._hidden:
            _hide(project, layer)


_kept: deque[StyleAndGroup] = deque(maxlen=500)


def keep(worker: StyleAndGroup) -> StyleAndGroup:
    """Hold a post-processor until QGIS has called it: QGIS keeps no reference that Python counts."""
    _kept.append(worker)
    return worker


def load_on_completion(
    context: QgsProcessingContext, source: str, name: str, group: str, *, output: str = "", hide: bool = True
) -> None:
    """Let Processing put a result on the map once the algorithm has ended.

    Parameters
    ----------
    context : QgsProcessingContext
        Of the algorithm.
    source : str
        From `source_of`.
    name : str
        Of the layer in its GeoPackage.
    group : str
        Title of its group.
    output : str, optional
        Name of the algorithm's output.
    hide : bool, optional
        Whether what a first look does without is switched off.
    """
    details = QgsProcessingContext.LayerDetails(title_of(name), context.project(), output)
    if hasattr(details, "groupName"):  # since QGIS 3.32
        details.groupName = group
        details.layerSortKey = -_rank(name)
    worker = StyleAndGroup(name, group, hide=hide)
    details.setPostProcessor(keep(worker))
    context.addLayerToLoadOnCompletion(source, details)
