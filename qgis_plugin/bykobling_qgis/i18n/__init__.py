"""The words of the plug-in in the language of QGIS: English in the code, Danish from ``bykobling_da.qm``."""

from __future__ import annotations

from pathlib import Path

from qgis.core import QgsApplication
from qgis.PyQt.QtCore import QCoreApplication, QTranslator

CONTEXT = "bykobling"
"""Context of every text in the ``.ts`` file."""

_FOLDER = Path(__file__).parent
_installed: list[QTranslator] = []
_spoken: list[str] = []
"""The language, once it was looked up: QGIS reads its settings for it, and every number asks."""


def tr(text: str) -> str:
    """Translate a text; placeholders are filled in afterwards: ``tr("{n} areas").format(n=3)``."""
    return QCoreApplication.translate(CONTEXT, text)


def language() -> str:
    """Tell which of the plug-in's languages QGIS speaks.

    Returns
    -------
    str
        ``"da"`` where QGIS is Danish, ``"en"`` otherwise.
    """
    if not _spoken:
        _spoken.append("da" if str(QgsApplication.locale()).lower().startswith("da") else "en")
    return _spoken[0]


def install_translator(locale: str | None = None) -> bool:
    """Let Qt know the words of the language of QGIS.

    Parameters
    ----------
    locale : str, optional
        Another language than that of QGIS, as ``"da"``.

    Returns
    -------
    bool
        False where the plug-in has no words of that language, or needs none.
    """
    remove_translator()
    if locale:
        _spoken.append("da" if locale.lower().startswith("da") else "en")
    file = _FOLDER / f"bykobling_{(locale or language())[:2].lower()}.qm"
    translator = QTranslator()
    if not file.is_file() or not translator.load(str(file)):
        return False
    _installed.append(translator)  # Qt keeps no reference
    return bool(QCoreApplication.installTranslator(translator))


def remove_translator() -> None:
    """Take the words away again, e.g. when the plug-in is unloaded."""
    while _installed:
        QCoreApplication.removeTranslator(_installed.pop())
    _spoken.clear()
