{% import "_symbols.qml" as s %}
{# QGIS expressions cannot compare an infinite number, so "no way" is what no other rule takes. #}
<!DOCTYPE qgis PUBLIC "http://mrcc.com/qgis.dtd" "SYSTEM">
<qgis version="3.22.0" styleCategories="Symbology|Fields">
  <renderer-v2 type="RuleRenderer" symbollevels="0" forceraster="0" enableorderby="0">
    <rules key="root">
{% for grade in detour_grades %}
      <rule key="g{{ loop.index0 }}" symbol="{{ loop.index0 }}" filter="{{ s.grade_filter('crossing_detour', grade, loop.first, loop.last) }}" label="{{ grade.label(language) }}"/>
{% endfor %}
      <rule key="no_way" symbol="4" filter="ELSE" label="{{ no_way.label(language) }}"/>
      <rule key="nothing" symbol="5" filter="&quot;crossing_detour&quot; IS NULL" label="{{ nothing.label(language) }}"/>
    </rules>
    <symbols>
{% for grade in detour_grades %}
{{ s.line(loop.index0, grade.color, "1.1") }}
{%- endfor %}
{{ s.line(4, no_way.color, "1.5") }}
{{- s.line(5, nothing.color, "0.5") }}
    </symbols>
  </renderer-v2>
{{ aliases }}
  <layerGeometryType>1</layerGeometryType>
</qgis>
