{% import "_symbols.qml" as s %}
<!DOCTYPE qgis PUBLIC "http://mrcc.com/qgis.dtd" "SYSTEM">
<qgis version="3.22.0" styleCategories="Symbology|Fields">
  <renderer-v2 type="RuleRenderer" symbollevels="0" forceraster="0" enableorderby="0">
    <rules key="root">
{% for grade in effect_grades %}
      <rule key="g{{ loop.index0 }}" symbol="{{ loop.index0 }}" filter="{{ s.grade_filter(effect, grade, loop.first, loop.last) }}" label="{{ grade.label(language) }}"/>
{% endfor %}
      <rule key="missing" symbol="6" filter="&quot;{{ effect }}&quot; IS NULL" label="{{ missing.label(language) }}"/>
    </rules>
    <symbols>
{% for grade in effect_grades %}
{{ s.marker(loop.index0, grade.color, "1.2", outline="#6b7280", width="0.1") }}
{%- endfor %}
{{ s.marker(6, missing.color, "1.2", shape="cross2", outline="#6b7280") }}
    </symbols>
  </renderer-v2>
{{ aliases }}
  <layerGeometryType>0</layerGeometryType>
</qgis>
