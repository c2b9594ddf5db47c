"""A study of Copenhagen with a few things wrong in it, so that there is something to show on the map."""

import tomllib
from pathlib import Path

from qgis.core import QgsFeature, QgsGeometry, QgsProject, QgsVectorFileWriter, QgsVectorLayer

FOLDER = "med fejl"


def _table(studies):
    return tomllib.loads((Path(studies) / "copenhagen" / "study.toml").read_text(encoding="utf-8"))


def write(studies):
    """Write it beside the others; gives its study file."""
    table = _table(studies)
    source = QgsVectorLayer(table["areas"]["file"], "areas", "ogr")
    folder = Path(studies) / FOLDER
    folder.mkdir(exist_ok=True)
    kept = QgsVectorLayer("Polygon?crs=EPSG:4326&field=rode_nr:string&field=rodenavn:string", "areas", "memory")
    box = QgsGeometry.fromWkt("POLYGON((12.53 55.68, 12.58 55.68, 12.58 55.705, 12.53 55.705, 12.53 55.68))")
    features = []
    for feature in source.getFeatures():
        shape = feature.geometry()
        if shape.isMultipart():
            shape = QgsGeometry.fromPolygonXY(shape.asMultiPolygon()[0])
        if not shape.within(box):
            continue
        made = QgsFeature(kept.fields())
        made.setAttributes([str(feature["rode_nr"]), feature["rodenavn"]])
        if len(features) in (3, 11, 19):  # drawn so that its outline crosses itself
            edge = shape.boundingBox()
            west, south, east, north = edge.xMinimum(), edge.yMinimum(), edge.xMaximum(), edge.yMaximum()
            shape = QgsGeometry.fromWkt(
                f"POLYGON(({west} {south}, {east} {north}, {east} {south}, {west} {north}, {west} {south}))"
            )
        if len(features) in (6, 7):
            made["rode_nr"] = "double"
        made.setGeometry(shape)
        features.append(made)
    kept.dataProvider().addFeatures(features)
    options = QgsVectorFileWriter.SaveVectorOptions()
    options.driverName = "GPKG"
    options.layerName = "areas"
    QgsVectorFileWriter.writeAsVectorFormatV3(
        kept, str(folder / "areas.gpkg"), QgsProject.instance().transformContext(), options
    )
    (folder / "study.toml").write_text(
        f'title = "Med fejl"\n[osm]\nfile = "{table["osm"]["file"]}"\n'
        '[areas]\nfile = "areas.gpkg"\nid = "rode_nr"\nname = "rodenavn"\n',
        encoding="utf-8",
    )
    return folder / "study.toml"


def areas_layer(studies):
    """Give its areas as a layer."""
    from qgis.core import QgsFillSymbol, QgsSingleSymbolRenderer

    layer = QgsVectorLayer(f"{Path(studies) / FOLDER / 'areas.gpkg'}|layername=areas", "Boligområder", "ogr")
    fill = QgsFillSymbol.createSimple({"color": "#eef1f4", "outline_color": "#8a8f98", "outline_width": "0.3"})
    layer.setRenderer(QgsSingleSymbolRenderer(fill))
    return layer
