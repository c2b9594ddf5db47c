"""What QGIS loads: a button, a menu entry and the Processing provider; everything else waits until it is asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qgis.core import QgsApplication
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtGui import QIcon

from .compat import PLUGIN_FOLDER, QAction
from .i18n import install_translator, remove_translator, tr
from .provider import BykoblingProvider

if TYPE_CHECKING:
    from qgis.gui import QgisInterface

    from .dock import BykoblingDock
    from .engine import Engine

MENU = "bykobling"


class BykoblingPlugin:
    """The plug-in.

    Parameters
    ----------
    iface : QgisInterface or None
        The window of QGIS; None under ``qgis_process``.
    """

    def __init__(self, iface: QgisInterface | None) -> None:
        self.iface = iface
        self.provider: BykoblingProvider | None = None
        self.engine: Engine | None = None
        self.dock: BykoblingDock | None = None
        self._action: QAction | None = None

    def initProcessing(self) -> None:
        """Add the provider; all that ``qgis_process`` asks for."""
        install_translator()
        self.provider = BykoblingProvider()
        QgsApplication.processingRegistry().addProvider(self.provider)

    def initGui(self) -> None:
        """Add provider, button and menu entry."""
        self.initProcessing()
        icon = QIcon(str(PLUGIN_FOLDER / "icon.svg"))
        self._action = QAction(icon, tr("Connections and barriers"), self.iface.mainWindow())
        self._action.setObjectName("bykobling_open")
        self._action.setToolTip(tr("How cut off is a housing area, and what would reconnect it?"))
        self._action.triggered.connect(self.open_dock)
        self.iface.addToolBarIcon(self._action)
        self.iface.addPluginToMenu(MENU, self._action)

    def open_dock(self) -> None:
        """Show the panel; made the first time, and with it the engine's manager."""
        from .dock import BykoblingDock
        from .engine import Engine

        if self.dock is None:
            self.engine = Engine(settings=None)
            self.dock = BykoblingDock(self.iface, self.engine)
            self.iface.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, self.dock)
        self.dock.show()
        self.dock.raise_()

    def unload(self) -> None:
        """Take away everything that was added."""
        if self.dock is not None:
            self.dock.close_down()
            self.iface.removeDockWidget(self.dock)
            self.dock.deleteLater()
            self.dock = None
        if self.engine is not None:
            self.engine.shut_down()
            self.engine.deleteLater()
            self.engine = None
        if self._action is not None:
            self.iface.removeToolBarIcon(self._action)
            self.iface.removePluginMenu(MENU, self._action)
            self._action.deleteLater()
            self._action = None
        if self.provider is not None:
            QgsApplication.processingRegistry().removeProvider(self.provider)
            self.provider = None
        remove_translator()
