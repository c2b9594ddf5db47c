"""Tests of the plug-in in a real QGIS. Without QGIS they are left out, which `test_plugin_here.py` says."""

import importlib.util
import os
import sys
import time
from pathlib import Path

import pytest

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
PLUGINS = ROOT / "qgis_plugin"


def qgis_is_here():
    # a folder called qgis on the path is found too, but has no origin
    found = importlib.util.find_spec("qgis")
    return found is not None and found.origin is not None


if "PYTEST_XDIST_WORKER" in os.environ:
    # beside each other, each with a profile of its own
    os.environ["HOME"] = str(Path(os.environ["HOME"]) / os.environ["PYTEST_XDIST_WORKER"])
    Path(os.environ["HOME"]).mkdir(parents=True, exist_ok=True)

if qgis_is_here():
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    sys.path.insert(0, str(PLUGINS))
    collect_ignore = ["desktop"]
else:
    collect_ignore = ["desktop", *(one.name for one in HERE.glob("test_*.py") if one.name != "test_plugin_here.py")]


def wait_until(true, seconds=60.0):
    """Let QGIS live until something is so."""
    from qgis.PyQt.QtCore import QCoreApplication, QEventLoop

    end = time.monotonic() + seconds
    while not true():
        QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 20)
        if time.monotonic() > end:
            pytest.fail(f"it did not become so within {seconds} s")
        time.sleep(0.002)


@pytest.fixture
def no_engine(monkeypatch, tmp_path):
    """A computer without an engine."""
    from qgis.core import QgsApplication, QgsSettings

    QgsSettings().remove("bykobling/engine")
    monkeypatch.delenv("BYKOBLING_ENGINE", raising=False)
    monkeypatch.setenv("PATH", "/usr/bin:/bin")
    monkeypatch.setattr(QgsApplication, "qgisSettingsDirPath", staticmethod(lambda: f"{tmp_path}/"))


@pytest.fixture
def fake_engine(no_engine, monkeypatch):
    """An engine that speaks the protocol and measures nothing."""
    path = HERE / "fake_engine.py"
    monkeypatch.setenv("BYKOBLING_ENGINE", str(path))
    return path


def real_engine_path():
    """The engine of this working copy; another one where BYKOBLING_TEST_ENGINE names it."""
    return Path(os.environ.get("BYKOBLING_TEST_ENGINE") or ROOT / ".venv" / "bin" / "bykobling")


@pytest.fixture
def real_engine(no_engine, monkeypatch):
    path = real_engine_path()
    if not path.is_file():
        pytest.skip(f"there is no engine at {path}: install the project into .venv")
    monkeypatch.setenv("BYKOBLING_ENGINE", str(path))
    return path


@pytest.fixture
def engine(qgis_app):
    from bykobling_qgis.engine import Engine

    made = Engine()
    yield made
    made.shut_down()
    made.deleteLater()


@pytest.fixture
def provider(qgis_app, qgis_processing):
    from qgis.core import QgsApplication

    from bykobling_qgis.provider import BykoblingProvider

    made = BykoblingProvider()
    QgsApplication.processingRegistry().addProvider(made)
    yield made
    QgsApplication.processingRegistry().removeProvider(made)


@pytest.fixture(scope="session")
def toy(tmp_path_factory):
    """A toy town in a folder with letters and spaces that trip programs up."""
    import toy_town

    return toy_town.write(tmp_path_factory.mktemp("Søndre Ålekær é"))


def feedback_that(stop_after_s=None):
    """Feedback that keeps what it is told, and may want to stop after a while."""
    from qgis.core import QgsProcessingFeedback

    class Feedback(QgsProcessingFeedback):
        def __init__(self):
            super().__init__()
            self.said = []
            self.shares = []
            self.began = time.monotonic()
            self.progressChanged.connect(self.shares.append)

        def isCanceled(self):
            return stop_after_s is not None and time.monotonic() - self.began > stop_after_s

        def reportError(self, text, fatalError=False):
            self.said.append(("error", text))

        def pushWarning(self, text):
            self.said.append(("warning", text))

        def pushInfo(self, text):
            self.said.append(("info", text))

        def pushDebugInfo(self, text):
            self.said.append(("debug", text))

        def setProgressText(self, text):
            self.said.append(("progress", text))

    return Feedback()
