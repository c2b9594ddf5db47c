{% import "_symbols.qml" as s %}
<!DOCTYPE qgis PUBLIC "http://mrcc.com/qgis.dtd" "SYSTEM">
<qgis version="3.22.0" styleCategories="Symbology|Fields">
  <renderer-v2 type="singleSymbol" symbollevels="0" forceraster="0" enableorderby="0">
    <symbols>
{{ s.marker(0, "#cc3377", "2", shape="cross2", outline="#cc3377", width="0.5") }}
    </symbols>
  </renderer-v2>
{{ aliases }}
  <layerGeometryType>0</layerGeometryType>
</qgis>
