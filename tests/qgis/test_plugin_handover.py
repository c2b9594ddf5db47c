"""Layers handed over: whatever a planner has becomes a file the engine can read."""

import pytest

from conftest import feedback_that


@pytest.fixture
def hand_over(qgis_app, tmp_path):
    from qgis.core import QgsVectorLayer

    from bykobling_qgis.handover import Snapshot, write_layer

    def do(layer, **options):
        path = tmp_path / "Skærm ø" / "areas.gpkg"
        names = write_layer(Snapshot.of_layer(layer), path, feedback_that(), **options)
        written = QgsVectorLayer(f"{path}|layername=areas", "areas", "ogr")
        assert written.isValid()
        return names, written

    return do


def memory(kind, *rows, fields="", crs="EPSG:25832"):
    """A memory layer; rows are geometries as WKT and values."""
    from qgis.core import QgsFeature, QgsGeometry, QgsVectorLayer

    columns = "".join(f"&field={one}" for one in fields.split()) if fields else ""
    layer = QgsVectorLayer(f"{kind}?crs={crs}{columns}", "My layer", "memory")
    assert layer.isValid()
    for wkt, *values in rows:
        feature = QgsFeature(layer.fields())
        if wkt:
            feature.setGeometry(QgsGeometry.fromWkt(wkt))
        feature.setAttributes(values)
        assert layer.dataProvider().addFeature(feature)
    layer.updateExtents()
    return layer


SQUARE = "POLYGON((0 0, 1 0, 1 1, 0 1, 0 0))"


def test_values_names_and_crs_are_kept(hand_over):
    layer = memory(
        "Polygon", (SQUARE, 7, "Ærø", 0.1 + 0.2, 9007199254740993), fields="id:int navn:string x:double big:int8"
    )
    names, written = hand_over(layer)
    assert names == {"id": "id", "navn": "navn", "x": "x", "big": "big"}
    row = next(written.getFeatures())
    assert [row[name] for name in names] == [7, "Ærø", 0.1 + 0.2, 9007199254740993]
    assert written.crs().authid() == "EPSG:25832"


def test_columns_that_geopackage_keeps_for_itself_stay_columns(hand_over):
    layer = memory(
        "Polygon", (SQUARE, "a", "b", "c"), (SQUARE, "a", "b", "d"), fields="fid:string geom:string geometry:string"
    )
    names, written = hand_over(layer)
    assert len(set(names.values())) == 3
    assert [[row[names[column]] for column in ("fid", "geom", "geometry")] for row in written.getFeatures()] == [
        ["a", "b", "c"],
        ["a", "b", "d"],
    ]


def test_missing_values_stay_missing(hand_over):
    from qgis.core import NULL

    _, written = hand_over(memory("Polygon", (SQUARE, None, None), fields="n:int name:string"))
    row = next(written.getFeatures())
    assert row["n"] == NULL
    assert row["name"] == NULL


def test_dates_and_the_like_become_text(hand_over):
    from qgis.PyQt.QtCore import QDate

    _, written = hand_over(memory("Polygon", (SQUARE, QDate(2026, 5, 12), True), fields="day:date ok:bool"))
    row = next(written.getFeatures())
    assert str(row["day"]) == "2026-05-12" or "12" in str(row["day"])
    assert str(row["ok"]) in {"True", "true", "1"}


def test_curves_heights_and_rows_without_a_shape_are_taken(hand_over):
    from qgis.core import QgsWkbTypes

    curved = "CURVEPOLYGON Z(CIRCULARSTRING Z(0 0 5, 1 1 5, 2 0 5, 1 -1 5, 0 0 5))"
    _, written = hand_over(memory("CurvePolygonZ", (curved, 1), ("", 2), fields="n:int"))
    first, second = written.getFeatures()
    assert QgsWkbTypes.displayString(written.wkbType()) == "MultiPolygon"
    assert first.geometry().area() == pytest.approx(3.14159, rel=1e-3)
    assert second.geometry().isNull() or second.geometry().isEmpty()
    assert second["n"] == 2


def test_edits_that_are_not_saved_are_part_of_it(hand_over):
    from qgis.core import QgsFeature, QgsGeometry

    layer = memory("LineString", fields="kind:string")
    layer.startEditing()
    feature = QgsFeature(layer.fields())
    feature.setGeometry(QgsGeometry.fromWkt("LINESTRING(0 0, 1 1)"))
    feature.setAttributes(["bridge"])
    layer.addFeature(feature)
    _, written = hand_over(layer)
    assert [row["kind"] for row in written.getFeatures()] == ["bridge"]


def test_a_column_may_be_added(hand_over):
    _, written = hand_over(memory("LineString", ("LINESTRING(0 0, 1 1)", 3), fields="n:int"), extra={"kind": "bridge"})
    assert [(row["n"], row["kind"]) for row in written.getFeatures()] == [(3, "bridge")]


def test_an_empty_layer_and_a_wish_to_stop_are_told(hand_over, qgis_app, tmp_path):
    from qgis.core import QgsProcessingException

    from bykobling_qgis.handover import Snapshot, write_layer

    with pytest.raises(QgsProcessingException, match="My layer is empty"):
        hand_over(memory("Polygon", fields="n:int"))
    layer = memory("Polygon", (SQUARE, 1), fields="n:int")
    with pytest.raises(QgsProcessingException, match="as you asked"):
        write_layer(Snapshot.of_layer(layer), tmp_path / "a.gpkg", feedback_that(stop_after_s=-1))


def test_a_folder_that_cannot_be_written_is_told(qgis_app, tmp_path):
    from bykobling_qgis.handover import Snapshot, write_layer

    (tmp_path / "file").write_text("")
    with pytest.raises(OSError, match="file"):
        write_layer(
            Snapshot.of_layer(memory("Polygon", (SQUARE, 1), fields="n:int")),
            tmp_path / "file" / "a.gpkg",
            feedback_that(),
        )
