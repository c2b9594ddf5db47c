{% import "_symbols.qml" as s %}
<!DOCTYPE qgis PUBLIC "http://mrcc.com/qgis.dtd" "SYSTEM">
<qgis version="3.22.0" styleCategories="Symbology|Fields">
  <renderer-v2 type="RuleRenderer" symbollevels="0" forceraster="0" enableorderby="0">
    <rules key="root">
{% for grade in noise_grades %}
      <rule key="g{{ loop.index0 }}" symbol="{{ loop.index0 }}" filter="{{ s.grade_filter(effect ~ '_db', grade, loop.first, loop.last) }}" label="{{ grade.label(language) }}"/>
{% endfor %}
      <rule key="below" symbol="{{ noise_grades|length }}" filter="&quot;{{ effect }}_reason&quot; = 'below_lowest'" label="{{ noise_below.label(language) }}"/>
      <rule key="unknown" symbol="{{ noise_grades|length + 1 }}" filter="&quot;{{ effect }}_db&quot; IS NULL AND coalesce(&quot;{{ effect }}_reason&quot;, '') &lt;&gt; 'below_lowest'" label="{{ noise_unknown.label(language) }}"/>
    </rules>
    <symbols>
{% for grade in noise_grades %}
{{ s.marker(loop.index0, grade.color, "1.4", outline="#6b7280", width="0.1") }}
{%- endfor %}
{{ s.marker(noise_grades|length, noise_below.color, "1.2", outline="#6b7280", width="0.1") }}
{{ s.marker(noise_grades|length + 1, noise_unknown.color, "1.2", shape="cross2", outline="#6b7280") }}
    </symbols>
  </renderer-v2>
{{ aliases }}
  <layerGeometryType>0</layerGeometryType>
</qgis>
