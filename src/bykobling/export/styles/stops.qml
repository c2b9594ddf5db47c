{% import "_symbols.qml" as s %}
<!DOCTYPE qgis PUBLIC "http://mrcc.com/qgis.dtd" "SYSTEM">
<qgis version="3.22.0" styleCategories="Symbology|Fields">
  <renderer-v2 type="RuleRenderer" symbollevels="0" forceraster="0" enableorderby="0">
    <rules key="stops">
{% for style, modes in transit_modes %}
      <rule key="{{ style.kind }}" symbol="{{ loop.index0 }}" filter="{{ s.mode_filter(modes) if modes else 'ELSE' }}" label="{{ style.label(language) }}"/>
{% endfor %}
    </rules>
    <symbols>
{% for style, modes in transit_modes %}
{{ s.sized_marker(loop.index0, style.color, "0.8 + 0.6 * sqrt(coalesce(\"departures_per_hour\", 0))") }}
{%- endfor %}
    </symbols>
  </renderer-v2>
{{ aliases }}
  <layerGeometryType>0</layerGeometryType>
</qgis>
