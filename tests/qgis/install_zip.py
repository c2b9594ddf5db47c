"""Install a zip the way the plug-in manager does, start it in a window, unload it. Run in a process of its own."""

import os
import sys
import time
from unittest.mock import MagicMock

from qgis.core import QgsApplication, QgsSettings

app = QgsApplication([], True)
app.initQgis()

sys.path[:0] = ["/usr/share/qgis/python", "/usr/share/qgis/python/plugins"]
sys.path.insert(0, os.path.join(QgsApplication.qgisSettingsDirPath(), "python", "plugins"))

import qgis.utils  # noqa: E402
from qgis.gui import QgsMapCanvas  # noqa: E402
from qgis.PyQt.QtWidgets import QMainWindow  # noqa: E402


def main(zipped):
    """Install, look, unload."""
    window = QMainWindow()
    iface = MagicMock()
    iface.mainWindow.return_value = window
    iface.mapCanvas.return_value = QgsMapCanvas(window)
    iface.addDockWidget.side_effect = window.addDockWidget
    iface.removeDockWidget.side_effect = window.removeDockWidget
    qgis.utils.iface = iface
    # what the start of QGIS sets
    qgis.utils.home_plugin_path = os.path.join(QgsApplication.qgisSettingsDirPath(), "python", "plugins")
    qgis.utils.sys_plugin_path = "/usr/share/qgis/python/plugins"
    qgis.utils.plugin_paths = [qgis.utils.home_plugin_path]
    from processing.core.Processing import Processing

    Processing.initialize()
    import pyplugin_installer.installer

    pyplugin_installer.installer.iface = iface
    installer = pyplugin_installer.installer.QgsPluginInstaller()
    installer.installFromZipFile(zipped)
    plugin = "bykobling_qgis"
    qgis.utils.updateAvailablePlugins()
    if plugin not in qgis.utils.available_plugins:
        raise SystemExit("it is not among the plug-ins of the profile")
    if plugin not in qgis.utils.plugins and not (qgis.utils.loadPlugin(plugin) and qgis.utils.startPlugin(plugin)):
        raise SystemExit("it does not start")
    registry = QgsApplication.processingRegistry()
    if registry.algorithmById("bykobling:profile") is None:
        raise SystemExit("its algorithms are missing")
    qgis.utils.plugins[plugin].open_dock()
    end = time.monotonic() + 2
    while time.monotonic() < end:
        QgsApplication.processEvents()
    if not qgis.utils.plugins[plugin].dock.isVisibleTo(window):
        raise SystemExit("its panel does not open")
    if not qgis.utils.unloadPlugin(plugin) or registry.providerById("bykobling") is not None:
        raise SystemExit("it does not unload")
    QgsSettings().sync()
    sys.stdout.write("installed, started, unloaded\n")
    sys.stdout.flush()


main(sys.argv[1])
# QGIS of this version may crash while it ends, after everything was done
os._exit(0)
