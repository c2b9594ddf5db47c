{% import "_symbols.qml" as s %}
{% set kinds = (("removed", "#1b2430", "&quot;what&quot; IN ('removed street', 'removed stop', 'removed service')"), ("changed", "#0b4f8a", "&quot;what&quot; IN ('changed speed', 'headway')"), ("added", "#b2182b", "&quot;what&quot; NOT IN ('removed street', 'removed stop', 'removed service', 'changed speed', 'headway')")) %}
<!DOCTYPE qgis PUBLIC "http://mrcc.com/qgis.dtd" "SYSTEM">
<qgis version="3.22.0" styleCategories="Symbology|Fields|Labeling" labelsEnabled="1">
  <renderer-v2 type="RuleRenderer" symbollevels="0" forceraster="0" enableorderby="0">
    <rules key="root">
{% for key, color, filter in kinds %}
      <rule key="{{ key }}" symbol="{{ loop.index0 }}" filter="{{ filter|safe }}" label="{{ text[key] }}"/>
{% endfor %}
    </rules>
    <symbols>
{% for key, color, filter in kinds %}
{{ s.line(loop.index0, color, "1.4") }}
{%- endfor %}
    </symbols>
  </renderer-v2>
  <labeling type="simple">
    <settings calloutType="simple">
      <text-style fieldName="proposal" fontSize="9" fontSizeUnit="Point" fontWeight="75" namedStyle="Bold" textColor="27,36,48,255" textOpacity="1">
        <text-buffer bufferDraw="1" bufferSize="1" bufferSizeUnits="MM" bufferColor="255,255,255,255" bufferOpacity="1"/>
      </text-style>
      <placement placement="2" placementFlags="3" dist="1" distUnits="MM" priority="9"/>
    </settings>
  </labeling>
{{ aliases }}
  <previewExpression>"proposal"</previewExpression>
  <layerGeometryType>1</layerGeometryType>
</qgis>
