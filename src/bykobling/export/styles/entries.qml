{% import "_symbols.qml" as s %}
<!DOCTYPE qgis PUBLIC "http://mrcc.com/qgis.dtd" "SYSTEM">
<qgis version="3.22.0" styleCategories="Symbology|Fields">
  <renderer-v2 type="RuleRenderer" symbollevels="0" forceraster="0" enableorderby="0">
    <rules key="{entries}">
      <rule key="{isolates}" filter="&quot;isolates&quot;" symbol="0" label="{{ text.isolates }}"/>
      <rule key="{entry}" filter="NOT &quot;isolates&quot;" symbol="1" label="{{ text.entry }}"/>
    </rules>
    <symbols>
{{ s.marker(0, "#b2182b", "3", shape="triangle") }}
{{ s.marker(1, "#ffffff", "1.6") }}
    </symbols>
  </renderer-v2>
{{ aliases }}
  <layerGeometryType>0</layerGeometryType>
</qgis>
