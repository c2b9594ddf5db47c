{% import "_symbols.qml" as s %}
{# The scale of places differs from city to city, so a home grows with the places it gains instead of having classes. #}
<!DOCTYPE qgis PUBLIC "http://mrcc.com/qgis.dtd" "SYSTEM">
<qgis version="3.22.0" styleCategories="Symbology|Fields">
  <renderer-v2 type="RuleRenderer" symbollevels="0" forceraster="0" enableorderby="0">
    <rules key="root">
      <rule key="gain" symbol="0" filter="&quot;places_after&quot; IS NOT NULL AND &quot;places_before&quot; IS NOT NULL" label="{{ text.gain }}"/>
    </rules>
    <symbols>
{{ s.sized_marker(0, "#34946a", "0.8 + 0.25 * sqrt(max(0, \"places_after\" - \"places_before\"))") }}
    </symbols>
  </renderer-v2>
{{ aliases }}
  <layerGeometryType>0</layerGeometryType>
</qgis>
