"""The layer of proposals: as `bykobling assess` reads it, editable, and never lost."""

import sqlite3

import pytest
from qgis.core import QgsCoordinateReferenceSystem, QgsProject, QgsVectorLayer

from conftest import wait_until
from dock_parts import CRS, line, save


@pytest.fixture
def proposals(qgis_app):
    from bykobling_qgis.proposals import Proposals

    QgsProject.instance().clear()
    made = Proposals()
    yield made
    made.release()
    QgsProject.instance().clear()


def crs():
    return QgsCoordinateReferenceSystem(CRS)


def test_a_new_layer_is_made_named_styled_and_on_top(proposals, tmp_path):
    layer = proposals.open(str(tmp_path), crs())
    assert layer.name() == "Proposals"
    assert QgsProject.instance().layerTreeRoot().children()[0].layer() == layer
    labels = [one.label() for one in layer.renderer().categories()]
    assert labels[:3] == ["Bridge", "Underpass", "Path"]
    assert "" not in labels
    kind = layer.editorWidgetSetup(layer.fields().lookupField("kind"))
    assert kind.type() == "ValueMap"
    assert layer.labelsEnabled()
    with sqlite3.connect(tmp_path / "proposals.gpkg") as base:
        tables = {name for (name,) in base.execute("SELECT table_name FROM gpkg_contents")}
    assert tables == {"proposals"}


def test_lines_get_names_of_their_own_and_are_proposals_of_their_own(proposals, tmp_path):
    proposals.open(str(tmp_path), crs())
    for kind in ("bridge", "bridge", "path"):
        proposals.add(line((0, 0), (10, 0)), crs(), kind)
    assert [one.name for one in proposals.lines()] == ["Bridge 1", "Bridge 2", "Path 1"]
    assert len({one.proposal for one in proposals.lines()}) == 3
    assert proposals.save()
    assert [one.kind for one in proposals.lines()] == ["bridge", "bridge", "path"]


def test_changes_are_told_once_and_can_be_taken_back_one_by_one(proposals, tmp_path):
    told = []
    proposals.open(str(tmp_path), crs())
    wait_until(lambda: not proposals._soon.isActive())
    proposals.changed.connect(lambda: told.append(len(proposals.lines())))
    first = proposals.add(line((0, 0), (10, 0)), crs(), "bridge")
    proposals.add(line((0, 5), (10, 5)), crs(), "path")
    wait_until(lambda: told)
    assert told == [2]
    proposals.set_kind(first, "ramp")
    assert proposals.line(first).kind == "ramp"
    assert proposals.undo()
    assert proposals.line(first).kind == "bridge"
    proposals.remove(first)
    assert proposals.line(first) is None
    assert proposals.undo()
    assert proposals.undo()
    assert proposals.undo()
    assert proposals.lines() == []
    assert not proposals.undo()


def test_a_layer_made_elsewhere_is_read_and_its_lines_keep_their_own_ids(proposals, tmp_path):
    layer = QgsVectorLayer(f"MultiLineString?crs={CRS}&field=kind:string&field=proposal:string", "mine", "memory")
    from qgis.core import QgsFeature

    feature = QgsFeature(layer.fields())
    feature.setAttributes(["Bridge", "Broen"])
    shape = line((0, 0), (10, 0))
    shape.convertToMultiType()
    feature.setGeometry(shape)
    layer.dataProvider().addFeatures([feature])
    save(layer, tmp_path / "proposals.gpkg", "mine")
    proposals.open(str(tmp_path), crs())
    found = proposals.lines()
    assert [(one.kind, one.title()) for one in found] == [("bridge", "Broen")]
    proposals.add(line((0, 5), (10, 5)), crs(), "path")
    assert proposals.save()
    assert len({one.line_id for one in proposals.lines()}) == 2


def test_a_file_that_holds_something_else_is_not_touched(proposals, tmp_path):
    from bykobling_qgis.proposals import ProposalsError

    layer = QgsVectorLayer(f"Point?crs={CRS}&field=navn:string", "other", "memory")
    save(layer, tmp_path / "proposals.gpkg", "other")
    with pytest.raises(ProposalsError, match="no column kind, proposal"):
        proposals.open(str(tmp_path), crs())
    (tmp_path / "text").mkdir()
    (tmp_path / "text" / "proposals.gpkg").write_text("no layer")
    with pytest.raises(ProposalsError, match="cannot be opened"):
        proposals.open(str(tmp_path / "text"), crs())


def test_a_folder_that_is_not_there_is_told(proposals, tmp_path):
    from bykobling_qgis.proposals import ProposalsError

    with pytest.raises(ProposalsError, match="cannot be written"):
        proposals.open(str(tmp_path / "gone"), crs())


def test_nothing_is_drawn_before_a_study_is_open(proposals):
    from bykobling_qgis.proposals import ProposalsError

    with pytest.raises(ProposalsError, match="Choose a study"):
        proposals.add(line((0, 0), (10, 0)), crs(), "path")
