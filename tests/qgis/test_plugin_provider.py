"""What QGIS sees of the plug-in: its algorithms, its button, and nothing once it is gone."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from conftest import PLUGINS, wait_until

VERBS = {
    "checkdata", "profile", "barriermap", "barriereffect", "transitaccess", "isochrone", "runstudy", "findconnections",
    "assessconnections", "noiseexposure", "noisescreening",
}  # fmt: skip


def test_every_verb_is_an_algorithm(provider):
    assert {one.name() for one in provider.algorithms()} >= VERBS
    assert provider.id() == "bykobling"
    assert re.fullmatch(r"\d+\.\d+\.\d+", provider.versionInfo())
    assert not provider.icon().isNull()


def test_every_algorithm_explains_itself(provider):
    from qgis.PyQt.QtCore import QUrl

    for one in provider.algorithms():
        assert len(one.shortHelpString()) > 100, one.name()
        assert one.shortDescription().endswith((".", "?")), one.name()
        assert one.group()[0].isdigit(), one.name()
        assert one.createInstance().name() == one.name()
        assert Path(QUrl(one.helpUrl()).toLocalFile()).is_file(), one.name()
        for parameter in one.parameterDefinitions():
            assert len(parameter.description()) > 5, (one.name(), parameter.name())


def test_an_algorithm_is_made_with_its_parameters(provider):
    from qgis.core import QgsApplication

    made = QgsApplication.processingRegistry().createAlgorithmById("bykobling:profile")
    assert {"OSM", "AREAS", "POPULATION", "GTFS", "OUTPUT"} <= {one.name() for one in made.parameterDefinitions()}
    assert {"OUTPUT", "REPORT", "AREAS"} <= {one.name() for one in made.outputDefinitions()}


@pytest.fixture
def plugin(qgis_iface, qgis_processing, fake_engine):
    import bykobling_qgis

    return bykobling_qgis.classFactory(qgis_iface)


def test_unloading_leaves_nothing(plugin, qgis_iface, qgis_app):
    from qgis.core import QgsApplication, QgsProject
    from qgis.PyQt.QtCore import QCoreApplication, QEvent

    registry, window = QgsApplication.processingRegistry(), qgis_iface.mainWindow()
    before = {one.id() for one in registry.providers()}
    children = len(window.children())
    plugin.initGui()
    assert "bykobling" in {one.id() for one in registry.providers()}
    action = window.findChild(type(plugin._action), "bykobling_open")
    assert action is plugin._action
    plugin.open_dock()
    engine = plugin.engine
    wait_until(engine.is_ready)
    came = []
    engine.call("run", {}, came.append, came.append)
    wait_until(lambda: came)
    plugin.open_dock()
    assert plugin.engine is engine
    plugin.unload()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert {one.id() for one in registry.providers()} == before
    assert window.findChild(type(action), "bykobling_open") is None
    assert len(window.children()) == children
    assert plugin.dock is None
    assert plugin.engine is None
    assert not [layer for layer in QgsProject.instance().mapLayers().values() if "bykobling" in layer.source()]
    with pytest.raises(ProcessLookupError):
        os.kill(came[0]["pid"], 0)


def test_it_can_be_loaded_again(plugin):
    from qgis.core import QgsApplication

    for _ in range(2):
        plugin.initGui()
        assert QgsApplication.processingRegistry().algorithmById("bykobling:profile") is not None
        plugin.unload()
        assert QgsApplication.processingRegistry().algorithmById("bykobling:profile") is None


def test_loading_imports_nothing_heavy():
    """Neither the panel nor the engine's manager is read before it is asked for."""
    code = (
        f"import sys; sys.path.insert(0, {str(PLUGINS)!r})\n"
        "from qgis.core import QgsApplication\n"
        "app = QgsApplication([], False); app.initQgis()\n"
        "import bykobling_qgis\n"
        "plugin = bykobling_qgis.classFactory(None); plugin.initProcessing()\n"
        "print(*sorted(name for name in sys.modules if name.startswith(('bykobling_qgis.', 'numpy', 'osgeo'))))\n"
        "sys.stdout.flush()\n"
        "import os; os._exit(0)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=300, check=True)
    loaded = set(done.stdout.split())
    assert "bykobling_qgis.provider" in loaded
    assert not loaded & {"bykobling_qgis.dock", "bykobling_qgis.engine", "bykobling_qgis.setup_page", "numpy", "osgeo"}
