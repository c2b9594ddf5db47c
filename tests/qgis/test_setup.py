"""The engine's own environment: made from a folder of wheels, cancelled, refused; and the page that does it."""

import sys
import zipfile
from pathlib import Path

import pytest
from qgis.core import QgsSettings
from qgis.PyQt.QtCore import QProcessEnvironment

from conftest import wait_until
from dock_parts import EngineObject

WHEEL = "bykobling-0.1.0-py3-none-any.whl"


@pytest.fixture
def wheels(tmp_path):
    """A folder with a wheel of a library that does nothing."""
    folder = tmp_path / "hjul æøå"
    folder.mkdir()
    info = "bykobling-0.1.0.dist-info"
    with zipfile.ZipFile(folder / WHEEL, "w") as wheel:
        wheel.writestr("bykobling/__init__.py", '__version__ = "0.1.0"\n')
        wheel.writestr(f"{info}/METADATA", "Metadata-Version: 2.1\nName: bykobling\nVersion: 0.1.0\n")
        wheel.writestr(
            f"{info}/WHEEL", "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        wheel.writestr(f"{info}/entry_points.txt", "[console_scripts]\nbykobling = bykobling:main\n")
        wheel.writestr(f"{info}/RECORD", "")
    return folder


class Maker:
    """Makes an environment in a profile, and keeps what it says."""

    def __init__(self, profile):
        from bykobling_qgis.managed import EnvironmentMaker

        self.profile = str(profile)
        self.maker = EnvironmentMaker(self.profile)
        self.ended, self.shares, self.lines = [], [], []
        self.maker.finished.connect(lambda python: self.ended.append(("made", python)))
        self.maker.failed.connect(lambda why: self.ended.append(("failed", why)))
        self.maker.progress.connect(lambda share, _: self.shares.append(share))
        self.maker.log.connect(self.lines.append)


@pytest.fixture
def making(qgis_app, tmp_path):
    made = Maker(tmp_path / "profil æøå")
    yield made
    made.maker.cancel()
    wait_until(lambda: not made.maker.running())


def pythons():
    return [str(Path(sys.base_prefix) / "bin" / "python3")]


def test_cancelling_leaves_nothing_half_made(making, wheels):
    from bykobling_qgis.managed import environment_python

    making.maker.start(wheels=str(wheels), pythons=pythons())
    wait_until(making.maker.folder.exists, 60)
    making.maker.cancel()
    wait_until(lambda: making.ended)
    assert making.ended == [("failed", "")]
    assert not making.maker.folder.exists()
    assert environment_python(making.profile) is None


def test_a_library_that_cannot_be_installed_is_told_with_what_helps(making, wheels):
    making.maker.start(wheels=str(wheels), requirement="bykobling>=99", pythons=pythons())
    wait_until(lambda: making.ended, 120)
    kind, why = making.ended[0]
    assert kind == "failed"
    assert "No matching distribution" in why
    assert "wheels" in why
    assert not making.maker.folder.exists()


def test_a_folder_without_wheels_is_said_at_once(making, tmp_path):
    making.maker.start(wheels=str(tmp_path))
    assert "no wheels" in making.ended[0][1]


def test_a_python_that_is_too_old_or_no_python_is_passed_over(making, tmp_path):
    old, none = tmp_path / "python3.9", tmp_path / "python3.8"
    old.write_text("#!/bin/sh\necho 3.9\n")
    none.write_text("#!/bin/sh\necho no such module: venv >&2; exit 1\n")
    for one in (old, none):
        one.chmod(0o755)
    making.maker.start(pythons=[str(tmp_path / "gone"), str(none), str(old)])
    wait_until(lambda: making.ended)
    kind, why = making.ended[0]
    assert kind == "failed"
    assert "No Python 3.11 or later" in why
    assert "3.9" in why


def test_qgis_itself_is_never_started(qgis_app, monkeypatch, tmp_path):
    from bykobling_qgis import managed

    program = tmp_path / "qgis-bin"
    program.write_text("")
    monkeypatch.setattr(sys, "executable", str(program))
    found = managed.python_candidates()
    assert found
    assert str(program) not in found
    assert all(Path(one).name.startswith("python") for one in found)


def test_the_proxy_of_qgis_is_handed_on(qgis_app):
    from bykobling_qgis.managed import proxy_environment

    settings = QgsSettings()
    environment = QProcessEnvironment()
    proxy_environment(environment, settings)
    assert environment.value("https_proxy") == ""
    told = {
        "proxy/proxyEnabled": True, "proxy/proxyType": "HttpProxy", "proxy/proxyHost": "proxy.kommune.test",
        "proxy/proxyPort": "8080", "proxy/proxyUser": "år", "proxy/noProxyUrls": ["http://intern.test/"],
    }  # fmt: skip
    try:
        for key, value in told.items():
            settings.setValue(key, value)
        proxy_environment(environment, settings)
    finally:
        for key in told:
            settings.remove(key)
    assert environment.value("https_proxy") == "http://%C3%A5r@proxy.kommune.test:8080"
    assert environment.value("no_proxy") == "intern.test"


@pytest.fixture
def page(qgis_app, no_engine):
    from bykobling_qgis.setup_page import SetupPage

    engine = EngineObject(is_ready=False)
    made = SetupPage(engine)
    made.show()
    yield made
    made.close_down()
    QgsSettings().remove("bykobling/engine")
    made.deleteLater()


def test_the_page_makes_the_environment_from_a_folder_of_wheels_and_starts_the_engine(page, wheels, tmp_path):
    from bykobling_qgis.engine import find_engine
    from bykobling_qgis.managed import environment_command, environment_python

    shares = []
    page.maker.progress.connect(lambda share, _: shares.append(share))
    assert environment_python(str(tmp_path)) is None
    page.wheels.setFilePath(str(wheels))
    assert page.wheels_button.isEnabled()
    page.wheels_button.click()
    assert page.work.isVisibleTo(page)
    assert not page.make_button.isEnabled()
    wait_until(page._engine.is_ready, 180)
    assert not page.work.isVisibleTo(page)
    assert WHEEL in page.log.toPlainText()
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
    python = environment_python(str(tmp_path))
    assert find_engine(QgsSettings()) == [python, "-m", "bykobling.worker"]
    assert Path(environment_command(str(tmp_path))[0]).name == "bykobling"


def test_the_page_takes_an_engine_that_is_there(page, tmp_path):
    page.existing.setFilePath(str(tmp_path / "gone"))
    page.use_button.click()
    assert "There is no file" in page.verdict.text()
    program = tmp_path / "bykobling"
    program.write_text("")
    page.existing.setFilePath(str(program))
    page.use_button.click()
    wait_until(page._engine.is_ready)
    assert QgsSettings().value("bykobling/engine") == str(program)


def test_the_page_says_what_went_wrong(page, tmp_path):
    page.wheels.setFilePath(str(tmp_path))
    page.wheels_button.click()
    assert "no wheels" in page.verdict.text()
    assert page.make_button.isEnabled()
