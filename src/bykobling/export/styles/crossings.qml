{% import "_symbols.qml" as s %}
{% set shapes = {"bridge": "square", "underpass": "diamond", "level_crossing": "cross_fill", "signal": "circle", "zebra": "circle", "refuge": "circle", "unmarked": "circle", "none": "cross2"} %}
<!DOCTYPE qgis PUBLIC "http://mrcc.com/qgis.dtd" "SYSTEM">
<qgis version="3.22.0" styleCategories="Symbology|Fields">
  <renderer-v2 type="categorizedSymbol" attr="kind" symbollevels="0" forceraster="0" enableorderby="0">
    <categories>
{% for kind in crossing_kinds %}
      <category value="{{ kind.kind }}" symbol="{{ loop.index0 }}" label="{{ kind.label(language) }}" render="true"/>
{% endfor %}
    </categories>
    <symbols>
{% for kind in crossing_kinds %}
{{ s.marker(loop.index0, kind.color, "2", shape=shapes[kind.kind]) }}
{%- endfor %}
    </symbols>
  </renderer-v2>
{{ aliases }}
  <layerGeometryType>0</layerGeometryType>
</qgis>
