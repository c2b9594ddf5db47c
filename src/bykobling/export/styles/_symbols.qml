{# Building blocks; colours are "r,g,b,a" in QML. #}
{% macro rgb(hex, alpha=255) %}{{ hex[1:3]|int(0, 16) }},{{ hex[3:5]|int(0, 16) }},{{ hex[5:7]|int(0, 16) }},{{ alpha }}{% endmacro %}
{% macro symbol(name, type, class, properties, alpha=1) %}
      <symbol type="{{ type }}" name="{{ name }}" alpha="{{ alpha }}" clip_to_extent="1" force_rhr="0">
        <layer class="{{ class }}" enabled="1" locked="0" pass="0">
          <Option type="Map">
{% for key, value in properties.items() %}
            <Option type="QString" name="{{ key }}" value="{{ value }}"/>
{% endfor %}
          </Option>
{% for key, value in properties.items() %}
          <prop k="{{ key }}" v="{{ value }}"/>
{% endfor %}
        </layer>
      </symbol>
{% endmacro %}
{% macro fill(name, color, outline="#ffffff", width="0.2", alpha=255, style="solid", outline_style="solid") %}
{{ symbol(name, "fill", "SimpleFill", {"color": rgb(color, alpha), "style": style, "outline_color": rgb(outline), "outline_style": outline_style, "outline_width": width, "outline_width_unit": "MM", "joinstyle": "round"}) }}
{%- endmacro %}
{% macro line(name, color, width, style="solid") %}
{{ symbol(name, "line", "SimpleLine", {"line_color": rgb(color), "line_width": width, "line_width_unit": "MM", "line_style": style, "capstyle": "flat", "joinstyle": "round"}) }}
{%- endmacro %}
{% macro marker(name, color, size, shape="circle", outline="#1f2933", width="0.2") %}
{{ symbol(name, "marker", "SimpleMarker", {"name": shape, "color": rgb(color), "size": size, "size_unit": "MM", "outline_color": rgb(outline), "outline_style": "solid" if width != "0" else "no", "outline_width": width, "outline_width_unit": "MM"}) }}
{%- endmacro %}
{% macro mode_filter(modes) %}&quot;mode&quot; IN ({% for mode in modes %}'{{ mode }}'{{ ", " if not loop.last }}{% endfor %}){% endmacro %}
{% macro sized_marker(name, color, size) %}
      <symbol type="marker" name="{{ name }}" alpha="1" clip_to_extent="1" force_rhr="0">
        <layer class="SimpleMarker" enabled="1" locked="0" pass="0">
          <Option type="Map">
            <Option type="QString" name="name" value="circle"/>
            <Option type="QString" name="color" value="{{ rgb(color) }}"/>
            <Option type="QString" name="size" value="2"/>
            <Option type="QString" name="size_unit" value="MM"/>
            <Option type="QString" name="outline_color" value="255,255,255,255"/>
            <Option type="QString" name="outline_width" value="0.2"/>
            <Option type="QString" name="outline_width_unit" value="MM"/>
          </Option>
          <data_defined_properties>
            <Option type="Map">
              <Option type="QString" name="name" value=""/>
              <Option type="Map" name="properties">
                <Option type="Map" name="size">
                  <Option type="bool" name="active" value="true"/>
                  <Option type="QString" name="expression" value="{{ size }}"/>
                  <Option type="int" name="type" value="3"/>
                </Option>
              </Option>
              <Option type="QString" name="type" value="collection"/>
            </Option>
          </data_defined_properties>
        </layer>
      </symbol>
{% endmacro %}
{% macro grade_filter(column, grade, first, last) %}&quot;{{ column }}&quot; IS NOT NULL{% if not first %} AND &quot;{{ column }}&quot; &gt;= {{ grade.low }}{% endif %}{% if not last %} AND &quot;{{ column }}&quot; &lt; {{ grade.high }}{% endif %}{% endmacro %}
{% macro alias_block(aliases) %}
  <aliases>
{% for column, label in aliases %}
    <alias field="{{ column }}" index="-1" name="{{ label }}"/>
{% endfor %}
  </aliases>
{% endmacro %}
