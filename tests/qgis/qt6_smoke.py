"""Import the whole plug-in with PyQt6 and a stand-in for QGIS: a name without its scope fails at once.

Run in a process of its own, with PyQt6 and without QGIS.
"""

import importlib
import pkgutil
import sys
import types
from pathlib import Path

PLUGINS = Path(__file__).parents[2] / "qgis_plugin"


class Anything(type):
    """A class of QGIS: whatever is asked of it is there, and is a class."""

    def __getattr__(cls, name):
        if name.startswith("__"):
            raise AttributeError(name)
        made = Anything(name, (object,), {})
        setattr(cls, name, made)
        return made

    def __or__(cls, other):
        return cls

    def __call__(cls, *args, **options):
        return object.__new__(cls)


def stand_in(name, base):
    """A module of QGIS whose classes are made when they are asked for."""
    module = types.ModuleType(name)
    module.__path__ = []

    def get(wanted):
        if wanted.startswith("__"):
            raise AttributeError(wanted)
        made = Anything(wanted, (base,), {})
        setattr(module, wanted, made)
        return made

    module.__getattr__ = get
    return module


def main():
    """Import everything."""
    import PyQt6

    qgis = types.ModuleType("qgis")
    qgis.__path__ = []
    sys.modules["qgis"] = qgis
    pyqt = types.ModuleType("qgis.PyQt")
    pyqt.__path__ = []
    sys.modules["qgis.PyQt"] = qgis.PyQt = pyqt
    for name in ("QtCore", "QtGui", "QtWidgets", "QtXml", "QtNetwork"):
        module = importlib.import_module(f"{PyQt6.__name__}.{name}")
        sys.modules[f"qgis.PyQt.{name}"] = module
        setattr(pyqt, name, module)
    # QGIS has names Qt 6 no longer has
    from PyQt6.QtCore import QMetaType, QVariant

    QVariant.String = QMetaType.Type.QString
    for name in ("core", "gui", "utils", "analysis"):
        sys.modules[f"qgis.{name}"] = stand_in(f"qgis.{name}", object)
    sys.modules["qgis.core"].Qgis = type("Qgis", (), {"QGIS_VERSION_INT": 40000, "QGIS_VERSION": "4.0"})
    sys.path.insert(0, str(PLUGINS))
    package = importlib.import_module("bykobling_qgis")
    names = [one.name for one in pkgutil.walk_packages(package.__path__, "bykobling_qgis.")]
    for name in names:
        importlib.import_module(name)
    print(f"{len(names)} modules were imported with Qt {sys.modules['qgis.PyQt.QtCore'].QT_VERSION_STR}")
    return names


def run_engine():
    """Run the engine's manager, which needs Qt alone, against the engine that measures nothing."""
    import os
    import time

    from PyQt6.QtCore import QCoreApplication

    app = QCoreApplication([])
    from bykobling_qgis import command, engine

    class Settings:
        def value(self, key, default=""):
            return str(Path(__file__).with_name("fake_engine.py")) if key == command.SETTING else default

    os.environ.pop("BYKOBLING_ENGINE", None)
    engine.tr = command.tr = sys.modules["bykobling_qgis.wire"].tr = str
    engine.plugin_version = lambda: "0.0.0"
    one = engine.Engine(settings=Settings())
    came, stopped = [], []
    one.stopped.connect(stopped.append)

    def wait(true):
        end = time.monotonic() + 20
        while not true() and time.monotonic() < end:
            app.processEvents()
        if not true():
            raise SystemExit(f"the engine does not run with Qt 6: {came} {stopped}")

    one.call("run", {"town": "Ærø"}, came.append, came.append)
    wait(lambda: came)
    if came[0]["params"] != {"town": "Ærø"}:
        raise SystemExit(f"a wrong answer: {came}")
    one.call("run", {"die": 1}, came.append, came.append)
    wait(lambda: stopped)
    print("the engine's manager runs with Qt 6")


if __name__ == "__main__":
    main()
    run_engine()
