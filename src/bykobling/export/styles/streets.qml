{% import "_symbols.qml" as s %}
<!DOCTYPE qgis PUBLIC "http://mrcc.com/qgis.dtd" "SYSTEM">
<qgis version="3.22.0" styleCategories="Symbology|Fields">
  <renderer-v2 type="RuleRenderer" symbollevels="0" forceraster="0" enableorderby="0">
    <rules key="root">
      <rule key="street" symbol="0" filter="NOT &quot;island&quot;" label="{{ text.street }}"/>
      <rule key="island" symbol="1" filter="&quot;island&quot;" label="{{ text.island }}"/>
    </rules>
    <symbols>
{{ s.line(0, "#b8bec4", "0.15") }}
{{- s.line(1, "#cc3377", "0.5") }}
    </symbols>
  </renderer-v2>
{{ aliases }}
  <layerGeometryType>1</layerGeometryType>
</qgis>
