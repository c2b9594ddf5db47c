{% import "_symbols.qml" as s %}
<!DOCTYPE qgis PUBLIC "http://mrcc.com/qgis.dtd" "SYSTEM">
<qgis version="3.22.0" styleCategories="Symbology|Fields">
  <renderer-v2 type="RuleRenderer" symbollevels="0" forceraster="0" enableorderby="0">
    <rules key="root">
{% for grade in effect_grades %}
      <rule key="g{{ loop.index0 }}" symbol="{{ loop.index0 }}" filter="{{ s.grade_filter(effect, grade, loop.first, loop.last) }}" label="{{ grade.label(language) }}"/>
{% endfor %}
      <rule key="missing" symbol="6" filter="&quot;{{ effect }}&quot; IS NULL" label="{{ missing.label(language) }}"/>
      <rule key="vulnerable" symbol="7" filter="&quot;group&quot; = 'vulnerable'" label="{{ text.vulnerable }}"/>
    </rules>
    <symbols>
{% for grade in effect_grades %}
{{ s.fill(loop.index0, grade.color, outline="#8a8f98", alpha=225) }}
{%- endfor %}
{{ s.fill(6, missing.color, outline="#8a8f98", style="b_diagonal") }}
{{- s.fill(7, "#ffffff", outline=vulnerable_color, width="0.7", style="no") }}
    </symbols>
  </renderer-v2>
{{ aliases }}
  <previewExpression>"name"</previewExpression>
  <layerGeometryType>2</layerGeometryType>
</qgis>
