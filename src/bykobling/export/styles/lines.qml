{% import "_symbols.qml" as s %}
<!DOCTYPE qgis PUBLIC "http://mrcc.com/qgis.dtd" "SYSTEM">
<qgis version="3.22.0" styleCategories="Symbology|Fields">
  <renderer-v2 type="RuleRenderer" symbollevels="0" forceraster="0" enableorderby="0">
    <rules key="lines">
{% for style, modes in transit_modes %}
      <rule key="{{ style.kind }}" symbol="{{ loop.index0 }}" filter="{{ s.mode_filter(modes) if modes else 'ELSE' }}" label="{{ style.label(language) }}"/>
{% endfor %}
    </rules>
    <symbols>
{% for style, modes in transit_modes %}
{{ s.line(loop.index0, style.color, "0.8" if style.kind in ("rail", "subway") else "0.45") }}
{%- endfor %}
    </symbols>
  </renderer-v2>
{{ aliases }}
  <layerGeometryType>1</layerGeometryType>
</qgis>
