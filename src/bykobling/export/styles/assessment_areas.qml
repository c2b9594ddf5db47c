{% import "_symbols.qml" as s %}
<!DOCTYPE qgis PUBLIC "http://mrcc.com/qgis.dtd" "SYSTEM">
<qgis version="3.22.0" styleCategories="Symbology|Fields">
  <renderer-v2 type="RuleRenderer" symbollevels="0" forceraster="0" enableorderby="0">
    <rules key="root">
{% for one in classes %}
      <rule key="c{{ loop.index0 }}" symbol="{{ loop.index0 }}" filter="{{ one.filter }}" label="{{ one.label }}"/>
{% endfor %}
    </rules>
    <symbols>
{% for one in classes %}
{{ s.fill(loop.index0, one.color, outline="#8a8f98", alpha=225) }}
{%- endfor %}
    </symbols>
  </renderer-v2>
{{ aliases }}
  <previewExpression>"area"</previewExpression>
  <layerGeometryType>2</layerGeometryType>
</qgis>
