{% import "_symbols.qml" as s %}
<!DOCTYPE qgis PUBLIC "http://mrcc.com/qgis.dtd" "SYSTEM">
<qgis version="3.22.0" styleCategories="Symbology|Fields|Labeling" labelsEnabled="1">
  <renderer-v2 type="RuleRenderer" symbollevels="0" forceraster="0" enableorderby="0">
    <rules key="root">
      <rule key="best" symbol="0" filter="&quot;rank&quot; &lt;= 10" label="{{ text.best }}"/>
      <rule key="good" symbol="1" filter="&quot;rank&quot; &gt; 10 AND &quot;rank&quot; &lt;= 25" label="{{ text.good }}"/>
      <rule key="rest" symbol="2" filter="ELSE" label="{{ text.rest }}"/>
    </rules>
    <symbols>
{{ s.line(0, "#b2182b", "1.6") }}
{{- s.line(1, "#b2182b", "0.8") }}
{{- s.line(2, "#e0a3aa", "0.5") }}
    </symbols>
  </renderer-v2>
  <labeling type="simple">
    <settings calloutType="simple">
      <text-style fieldName="CASE WHEN &quot;rank&quot; &lt;= 25 THEN &quot;rank&quot; END" isExpression="1" fontSize="9" fontSizeUnit="Point" fontWeight="75" namedStyle="Bold" textColor="178,24,43,255" textOpacity="1">
        <text-buffer bufferDraw="1" bufferSize="1" bufferSizeUnits="MM" bufferColor="255,255,255,255" bufferOpacity="1"/>
      </text-style>
      <placement placement="2" placementFlags="3" dist="1" distUnits="MM" priority="9"/>
    </settings>
  </labeling>
{{ aliases }}
  <previewExpression>"reason"</previewExpression>
  <layerGeometryType>1</layerGeometryType>
</qgis>
