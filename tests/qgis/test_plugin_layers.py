"""Results on the map: styled, named, grouped."""

import sqlite3

import pytest

QML = """<!DOCTYPE qgis PUBLIC "http://mrcc.com/qgis.dtd" "SYSTEM">
<qgis version="3.22.0" styleCategories="Symbology|Fields">
  <renderer-v2 type="categorizedSymbol" attr="kind" symbollevels="0" forceraster="0" enableorderby="0">
    <categories><category value="x" symbol="0" label="{label}" render="true"/></categories>
    <symbols><symbol type="{shape}" name="0"><layer class="Simple{cls}" enabled="1"/></symbol></symbols>
  </renderer-v2>
  <aliases><alias field="kind" index="1" name="{label}"/></aliases>
</qgis>"""


@pytest.fixture
def results(qgis_app, tmp_path):
    """A GeoPackage as the library writes it: layers, and styles in two languages."""
    from qgis.core import QgsVectorFileWriter, QgsVectorLayer

    from test_plugin_handover import SQUARE, memory

    path = tmp_path / "Østbyen" / "results.gpkg"
    path.parent.mkdir()
    layers = {
        "streets": ("LineString", "LINESTRING(0 0, 1 1)"), "areas": ("Polygon", SQUARE),
        "barriers": ("Polygon", SQUARE), "crossings": ("Point", "POINT(0 0)"), "isochrones": ("Polygon", SQUARE),
    }  # fmt: skip
    for number, (name, (kind, wkt)) in enumerate(layers.items()):
        options = QgsVectorFileWriter.SaveVectorOptions()
        options.layerName = name
        create = QgsVectorFileWriter.ActionOnExistingFile
        options.actionOnExistingFile = create.CreateOrOverwriteLayer if number else create.CreateOrOverwriteFile
        fields = "kind:string cutoff_min:double change:double"
        rows = [(wkt, "x", minutes, minutes / 1000) for minutes in (10.0, 5.0)]
        layer = memory(kind, *rows, fields=fields)
        from qgis.core import QgsCoordinateTransformContext

        QgsVectorFileWriter.writeAsVectorFormatV3(layer, str(path), QgsCoordinateTransformContext(), options)
    with sqlite3.connect(path) as base:
        base.execute(
            "CREATE TABLE layer_styles (id INTEGER PRIMARY KEY, f_table_catalog TEXT, f_table_schema TEXT, "
            "f_table_name TEXT, f_geometry_column TEXT, styleName TEXT, styleQML TEXT, styleSLD TEXT, "
            "useAsDefault BOOLEAN, description TEXT, owner TEXT, ui TEXT, update_time DATETIME)"
        )
        shapes = {"streets": "line", "areas": "fill", "barriers": "fill", "crossings": "marker"}
        for name, shape in shapes.items():
            for effect in ("first", "second"):
                for tongue in ("en", "da"):
                    row = (
                        name,
                        f"{effect} {tongue}",
                        QML.format(label=f"{effect} {tongue}", shape=shape, cls=shape.title()),
                    )
                    default = effect == "second" and tongue == "da"
                    base.execute(
                        "INSERT INTO layer_styles (f_table_name, styleName, styleQML, useAsDefault, f_table_catalog, "
                        "f_table_schema, f_geometry_column) VALUES (?, ?, ?, ?, '', '', 'geom')",
                        (*row, default),
                    )
    assert QgsVectorLayer(f"{path}|layername=areas", "a", "ogr").isValid()
    return str(path)


def labels(layer):
    return [item.label() for item in layer.renderer().legendSymbolItems()]


@pytest.mark.parametrize("tongue", ["en", "da"])
def test_the_style_is_that_of_the_planners_language(results, qgis_new_project, monkeypatch, tongue):
    import bykobling_qgis.layers

    monkeypatch.setattr(bykobling_qgis.layers, "language", lambda: tongue)
    layer = bykobling_qgis.layers.load_layer(results, "areas", "Group")
    # the one that is the default in any language, then the others in the menu of styles
    assert labels(layer) == [f"second {tongue}"]
    assert set(layer.styleManager().styles()) == {f"second {tongue}", f"first {tongue}"}
    assert layer.attributeAlias(layer.fields().lookupField("kind")) == f"second {tongue}"


def test_layers_are_grouped_points_over_areas_and_some_switched_off(results, qgis_new_project):
    from qgis.core import QgsProject

    from bykobling_qgis.layers import layer_names, load_results

    assert set(layer_names(results)) == {"areas", "barriers", "crossings", "isochrones", "streets"}
    made = load_results(results, ["areas", "streets", "crossings", "barriers", "gone"], "Østbyen")
    assert len(made) == 4
    root = QgsProject.instance().layerTreeRoot()
    group = root.findGroup("Østbyen")
    names = [child.layer().source().split("layername=")[1] for child in group.children()]
    assert names == ["crossings", "barriers", "streets", "areas"]
    shown = {name: child.itemVisibilityChecked() for name, child in zip(names, group.children())}
    assert shown == {"crossings": False, "barriers": True, "streets": False, "areas": True}
    assert [child.name() for child in group.children()] == ["Crossings", "Barriers", "Streets", "Housing areas"]


def test_what_brings_no_style_gets_one_of_ours(results, qgis_new_project):
    from bykobling_qgis.layers import load_layer

    layer = load_layer(results, "isochrones")
    assert labels(layer) == ["within 5 minutes", "within 10 minutes"]


def test_what_is_not_there_is_no_layer(results, qgis_new_project, tmp_path):
    from bykobling_qgis.layers import layer_names, load_layer

    assert load_layer(results, "gone") is None
    assert load_layer(str(tmp_path / "gone.gpkg"), "areas") is None
    assert layer_names(str(tmp_path / "gone.gpkg")) == []


def test_processing_styles_and_groups_what_it_loads(results, qgis_new_project, qgis_processing):
    """What the toolbox does at the end of a run; without a reference the post-processor would be gone by then."""
    import gc

    from processing.gui.Postprocessing import handleAlgorithmResults
    from qgis.core import QgsApplication, QgsProcessingContext, QgsProcessingFeedback, QgsProject

    from bykobling_qgis.layers import load_on_completion, source_of

    context = QgsProcessingContext()
    context.setProject(QgsProject.instance())
    for name in ("areas", "barriers", "crossings"):
        load_on_completion(context, source_of(results, name), name, "Profil")
    gc.collect()
    alg = QgsApplication.processingRegistry().createAlgorithmById("native:buffer")
    assert handleAlgorithmResults(alg, context, QgsProcessingFeedback(), False)
    root = QgsProject.instance().layerTreeRoot()
    children = root.findGroup("Profil").children()
    assert [child.name() for child in children] == ["Crossings", "Barriers", "Housing areas"]
    assert [child.itemVisibilityChecked() for child in children] == [False, True, True]
    assert labels(children[2].layer()) == ["second en"]
    assert len(root.findLayers()) == 3
    # QGIS holds what it has found: nothing of it may outlive the project
    QgsProject.instance().clear()


def test_proposals_of_lines_and_points_are_drawn(qgis_app, qgis_new_project, tmp_path):
    """A layer of any geometry is one QGIS cannot draw: its lines are."""
    from osgeo import ogr, osr

    from bykobling_qgis.layers import load_layer

    path = str(tmp_path / "assessment.gpkg")
    reference = osr.SpatialReference()
    reference.ImportFromEPSG(25832)
    base = ogr.GetDriverByName("GPKG").CreateDataSource(path)
    table = base.CreateLayer("proposals", reference, ogr.wkbUnknown)
    table.CreateField(ogr.FieldDefn("what", ogr.OFTString))
    for wkt, what in (("LINESTRING(0 0, 9 9)", "bridge"), ("POINT(0 0)", "zebra")):
        feature = ogr.Feature(table.GetLayerDefn())
        feature.SetField("what", what)
        feature.SetGeometry(ogr.CreateGeometryFromWkt(wkt))
        table.CreateFeature(feature)
    del table, base
    layer = load_layer(path, "proposals")
    assert layer.featureCount() == 1
    assert labels(layer) == ["Bridge"]
