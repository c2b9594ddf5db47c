"""The dock with the real engine, on a toy town: measured, drawn, compared, cancelled, killed; and it goes on."""

import os
import shutil
import signal

import pytest
from qgis.core import QgsCoordinateReferenceSystem, QgsGeometry, QgsPointXY, QgsProject, QgsVectorLayer

import toy_town
from conftest import wait_until
from dock_parts import Window

LONG_S = 240
"""The engine may share the computer with other work; nothing here waits where it need not."""


@pytest.fixture
def study(toy, tmp_path):
    folder = tmp_path / "Ny undersøgelse"
    shutil.copytree(toy, folder)
    return folder / "study.toml"


@pytest.fixture
def dock(qgis_app, real_engine, engine, study):
    from bykobling_qgis.dock import BykoblingDock

    QgsProject.instance().clear()
    window = Window()
    window.mapCanvas().setDestinationCrs(QgsCoordinateReferenceSystem("EPSG:4326"))
    made = BykoblingDock(window, engine)
    made.show()
    made.data.study_file.setFilePath(str(study))
    wait_until(engine.is_ready, LONG_S)
    yield made
    made.close_down()
    made.deleteLater()
    QgsProject.instance().clear()


def draw_bridge(dock):
    """Draw the bridge of the toy town, and give the answer."""
    dock.show_step(2)
    dock.draw.start("bridge")
    shown = dock.draw._shown
    dock.draw._drawn(QgsGeometry.fromPolylineXY([QgsPointXY(*one) for one in toy_town.bridge()]))
    wait_until(lambda: dock.draw._shown not in ("", shown), LONG_S)
    line_id = dock.draw._shown
    wait_until(lambda: not dock.draw.answers.get(line_id).waits(), LONG_S)
    return dock.draw.answers.get(line_id)


def said(dock):
    return dock.messages.text()


def process_of(dock):
    return dock.session.engine._process.processId()


def test_from_a_study_to_a_drawn_bridge_and_a_comparison(dock, study):
    dock.data.check()
    wait_until(dock.data.faults.verdict.text, LONG_S)
    dock.profile.run()
    wait_until(lambda: dock.profile.table.rowCount() == 2, LONG_S)
    # those in the west have the schools of the east beyond the railway
    assert dock.profile.table.item(0, 0).text() == "Vestparken"
    assert dock.profile.table.item(0, 3).text().startswith("Ringbanen")
    answer = draw_bridge(dock)
    assert not answer.problem
    assert answer.told["minutes_saved"] > 5
    assert answer.told["residents_gaining"] > 0
    assert answer.told["areas"][0]["name"] == "Vestparken"
    homes = dock.draw.difference.layer()
    assert homes.featureCount() > 0
    # some homes lie beside the areas
    assert "Vestparken" in {one["area"] for one in homes.getFeatures()}
    assert all(one["reach_after"] > one["reach_before"] for one in homes.getFeatures())
    dock.compare.run()
    wait_until(lambda: dock.compare.table.rowCount() > 0, LONG_S)
    assert dock.compare.table.horizontalHeaderItem(1).text() == "Bridge 1"
    stored = QgsVectorLayer(f"{study.parent / 'proposals.gpkg'}|layername=proposals", "stored", "ogr")
    assert stored.featureCount() == 1


def test_after_a_cancel_the_next_run_works(dock):
    dock.profile.run()
    wait_until(lambda: dock.bar.maximum() > 0 and dock.bar.value() >= 0, LONG_S)
    dock.cancel_button.click()
    wait_until(lambda: not dock.session.jobs)
    assert "Cancelled" in said(dock)
    assert not dock.profile.table.rowCount()
    dock.profile.run()
    wait_until(lambda: dock.profile.table.rowCount() == 2, LONG_S)


def test_killing_the_engine_in_the_middle_loses_nothing_and_says_so(dock, study):
    draw_bridge(dock)
    dock.profile.run()
    os.kill(process_of(dock), signal.SIGKILL)
    wait_until(lambda: not dock.session.jobs)
    assert "files are as they were" in said(dock)
    assert not (study.parent / "results").exists()
    assert dock.draw.proposals.layer.featureCount() == 1
    dock.draw.save()
    assert draw_bridge(dock).told["minutes_saved"] > 5
    assert dock.draw.list.rowCount() == 2
