{% import "_symbols.qml" as s %}
<!DOCTYPE qgis PUBLIC "http://mrcc.com/qgis.dtd" "SYSTEM">
<qgis version="3.22.0" styleCategories="Symbology|Fields">
  <renderer-v2 type="categorizedSymbol" attr="kind" symbollevels="0" forceraster="0" enableorderby="0">
    <categories>
{% for kind in barrier_kinds %}
      <category value="{{ kind.kind }}" symbol="{{ loop.index0 }}" label="{{ kind.label(language) }}" render="true"/>
{% endfor %}
    </categories>
    <symbols>
{% for kind in barrier_kinds %}
{{ s.fill(loop.index0, kind.color, outline=kind.color, width="0.3", alpha=190) }}
{%- endfor %}
    </symbols>
  </renderer-v2>
{{ aliases }}
  <previewExpression>"name"</previewExpression>
  <layerGeometryType>2</layerGeometryType>
</qgis>
