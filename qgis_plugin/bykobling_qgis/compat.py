"""Everything that differs between QGIS 3.22 and 4, and between Qt 5 and 6.

The rest of the plug-in imports from ``qgis.PyQt`` alone and spells every enumeration with its scope
(``Qt.DockWidgetArea.RightDockWidgetArea``), which all of them understand.
"""

from __future__ import annotations

from configparser import ConfigParser
from pathlib import Path

from qgis.core import Qgis, QgsField
from qgis.PyQt.QtCore import QVariant

try:
    from qgis.PyQt.QtGui import QAction
except ImportError:  # Qt 5 keeps it among the widgets
    from qgis.PyQt.QtWidgets import QAction

try:
    from qgis.PyQt.QtCore import QMetaType
except ImportError:
    QMetaType = None

__all__ = ["PLUGIN_FOLDER", "QAction", "is_whole", "make_field", "plugin_version"]

PLUGIN_FOLDER = Path(__file__).parent

_META_TYPES_SINCE = 33800
# Int, UInt, LongLong and ULongLong: the same numbers in QVariant.Type and QMetaType.Type.
_WHOLE = frozenset({2, 3, 4, 5})
_KINDS = {
    "text": ("QString", "String"),
    "int": ("LongLong", "LongLong"),
    "real": ("Double", "Double"),
    "bool": ("Bool", "Bool"),
}


def make_field(name: str, kind: str) -> QgsField:
    """Make a field of an attribute table.

    Parameters
    ----------
    name : str
        Of the field.
    kind : {"text", "int", "real", "bool"}
        What it holds.

    Returns
    -------
    QgsField
    """
    meta, variant = _KINDS[kind]
    if QMetaType is not None and Qgis.QGIS_VERSION_INT >= _META_TYPES_SINCE:
        return QgsField(name, getattr(QMetaType.Type, meta))
    return QgsField(name, getattr(QVariant, variant))


def is_whole(field: QgsField) -> bool:
    """Tell whether a field holds whole numbers."""
    kind = field.type()
    return int(getattr(kind, "value", kind)) in _WHOLE


def plugin_version() -> str:
    """Read the version of the plug-in where QGIS reads it."""
    parser = ConfigParser()
    parser.read(PLUGIN_FOLDER / "metadata.txt", encoding="utf-8")
    return parser.get("general", "version", fallback="0.0.0")
