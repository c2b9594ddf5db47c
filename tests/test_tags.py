"""OSM knowledge, row by row."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bykobling import tags


def t(text: str) -> dict[str, str]:
    """Read ``a=b c=d`` as tags; an underscore in a value stands for a blank."""
    return dict(part.split("=", 1) for part in text.split())


@pytest.mark.parametrize(
    ("text", "walk", "forward", "backward", "drive"),
    [
        ("highway=residential", 1, 1, 1, 1),
        ("highway=motorway", 0, 0, 0, 1),
        ("highway=motorway_link", 0, 0, 0, 1),
        ("highway=motorway foot=yes", 1, 0, 0, 1),
        ("highway=trunk", 1, 1, 1, 1),
        ("highway=trunk motorroad=yes", 0, 0, 0, 1),
        ("highway=trunk motorroad=yes foot=yes bicycle=yes", 1, 1, 1, 1),
        ("highway=primary foot=no bicycle=no", 0, 0, 0, 1),
        ("highway=primary foot=use_sidepath bicycle=use_sidepath", 0, 0, 0, 1),
        ("highway=residential access=private", 0, 0, 0, 0),
        ("highway=residential access=no foot=yes", 1, 0, 0, 0),
        ("highway=residential access=no bicycle=designated", 0, 1, 1, 0),
        ("highway=residential access=destination", 1, 1, 1, 1),
        ("highway=residential access=permissive", 1, 1, 1, 1),
        ("highway=service access=customers service=parking_aisle", 1, 1, 1, 1),
        ("highway=service service=parking_aisle", 1, 1, 1, 1),
        ("highway=service service=driveway", 1, 1, 1, 1),
        ("highway=service service=driveway access=private", 0, 0, 0, 0),
        ("highway=service access=permit", 0, 0, 0, 0),
        ("highway=service access=delivery", 0, 0, 0, 0),
        ("highway=residential motor_vehicle=no", 1, 1, 1, 0),
        ("highway=residential vehicle=no", 1, 0, 0, 0),
        ("highway=residential vehicle=no bicycle=yes", 1, 1, 1, 0),
        ("highway=footway", 1, 0, 0, 0),
        ("highway=footway bicycle=yes", 1, 1, 1, 0),
        ("highway=footway bicycle=designated", 1, 1, 1, 0),
        ("highway=footway bicycle=permissive", 1, 1, 1, 0),
        ("highway=footway bicycle=dismount", 1, 0, 0, 0),
        ("highway=footway access=private", 0, 0, 0, 0),
        ("highway=pedestrian", 1, 0, 0, 0),
        ("highway=pedestrian bicycle=yes", 1, 1, 1, 0),
        ("highway=path", 1, 1, 1, 0),
        ("highway=path bicycle=no", 1, 0, 0, 0),
        ("highway=bridleway", 1, 0, 0, 0),
        ("highway=cycleway", 1, 1, 1, 0),
        ("highway=cycleway foot=no", 0, 1, 1, 0),
        ("highway=cycleway oneway=yes", 1, 1, 0, 0),
        ("highway=steps", 1, 0, 0, 0),
        ("highway=steps bicycle=yes", 1, 1, 1, 0),
        ("highway=steps indoor=yes", 1, 0, 0, 0),
        ("highway=corridor", 1, 0, 0, 0),
        ("highway=corridor access=private", 0, 0, 0, 0),
        ("highway=corridor access=no", 0, 0, 0, 0),
        ("highway=elevator", 1, 0, 0, 0),
        ("highway=platform", 1, 0, 0, 0),
        ("railway=platform", 1, 0, 0, 0),
        ("public_transport=platform", 1, 0, 0, 0),
        ("highway=track", 1, 1, 1, 0),
        ("highway=living_street", 1, 1, 1, 1),
        ("highway=raceway", 0, 0, 0, 0),
        ("highway=escape", 0, 0, 0, 0),
        ("highway=bus_guideway", 0, 0, 0, 0),
        ("highway=busway", 0, 0, 0, 0),
        ("highway=busway sidewalk=both", 1, 0, 0, 0),
        ("highway=construction", 0, 0, 0, 0),
        ("highway=proposed foot=yes", 1, 0, 0, 0),
        ("highway=rest_area", 0, 0, 0, 0),
        # one-way and its exceptions
        ("highway=residential oneway=yes", 1, 1, 0, 1),
        ("highway=residential oneway=-1", 1, 0, 1, 1),
        ("highway=residential oneway=yes oneway:bicycle=no", 1, 1, 1, 1),
        ("highway=residential oneway:bicycle=yes", 1, 1, 0, 1),
        ("highway=residential oneway:bicycle=-1", 1, 0, 1, 1),
        ("highway=residential oneway=yes cycleway=opposite", 1, 1, 1, 1),
        ("highway=residential oneway=yes cycleway=opposite_lane", 1, 1, 1, 1),
        ("highway=residential oneway=yes cycleway=opposite_track", 1, 1, 1, 1),
        ("highway=residential oneway=yes cycleway:left=opposite_lane", 1, 1, 1, 1),
        ("highway=residential oneway=yes cycleway=lane", 1, 1, 0, 1),
        ("highway=residential oneway=yes cycleway:left:oneway=-1", 1, 1, 1, 1),
        ("highway=residential oneway=yes cycleway:right:oneway=-1", 1, 1, 1, 1),
        ("highway=residential oneway=yes cycleway:left:oneway=no", 1, 1, 1, 1),
        ("highway=residential oneway=yes cycleway:right:oneway=yes", 1, 1, 0, 1),
        ("highway=residential oneway=-1 cycleway=opposite", 1, 1, 1, 1),
        ("highway=residential junction=roundabout", 1, 1, 0, 1),
        ("highway=residential junction=roundabout oneway=no", 1, 1, 1, 1),
        ("highway=residential bicycle:backward=no", 1, 1, 0, 1),
        ("highway=residential oneway=yes bicycle:backward=yes", 1, 1, 1, 1),
    ],
)
def test_access(text, walk, forward, backward, drive):
    got = t(text)
    found = (tags.walk_allowed(got), *tags.bike_allowed(got), tags.drivable(got))
    assert found == (bool(walk), bool(forward), bool(backward), bool(drive))


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("highway=residential", "residential"),
        ("highway=proposed", None),
        ("highway=construction", None),
        ("highway=abandoned", None),
        ("railway=platform", "platform"),
        ("route=ferry", "ferry"),
        ("railway=rail", None),
        ("", None),
    ],
)
def test_street_class(text, kind):
    assert tags.street_class(t(text)) == kind
    assert tags.is_street(t(text)) is (kind not in {None, "ferry"})
    assert tags.is_street(t(text), ferries=True) is (kind is not None)


@pytest.mark.parametrize(
    ("text", "separate"),
    [
        ("highway=primary sidewalk=separate", True),
        ("highway=primary sidewalk:both=separate", True),
        ("highway=primary sidewalk:left=separate", True),
        ("highway=primary sidewalk:right=separate", True),
        ("highway=primary foot=use_sidepath", True),
        ("highway=primary sidewalk=both", False),
        ("highway=primary", False),
    ],
)
def test_sidewalk_separate(text, separate):
    assert tags.sidewalk_separate(t(text)) is separate


@pytest.mark.parametrize(
    ("text", "walk", "bike"),
    [
        ("barrier=gate", 0, 0),
        ("barrier=gate access=yes", 0, 0),
        ("barrier=gate access=private", 1, 1),
        ("barrier=gate access=no", 1, 1),
        ("barrier=gate access=private foot=yes", 0, 1),
        ("barrier=gate access=private foot=yes bicycle=yes", 0, 0),
        ("barrier=gate foot=no", 1, 0),
        ("barrier=gate locked=yes", 1, 1),
        ("barrier=gate bicycle=dismount", 0, 1),
        ("barrier=bollard access=no", 0, 0),
        ("barrier=lift_gate access=private", 0, 0),
        ("barrier=lift_gate foot=no", 1, 0),
        ("barrier=kissing_gate", 0, 1),
        ("barrier=stile", 0, 1),
        ("barrier=cycle_barrier bicycle=no", 0, 1),
        ("highway=crossing", 0, 0),
    ],
)
def test_gates(text, walk, bike):
    assert tags.gate_blocks(t(text)) == (bool(walk), bool(bike))


@pytest.mark.parametrize(
    ("text", "on_footway", "kind"),
    [
        ("highway=crossing", False, "unmarked"),
        ("highway=crossing crossing=unmarked", False, "unmarked"),
        ("highway=crossing crossing=traffic_signals", False, "signal"),
        ("highway=crossing crossing:signals=yes", False, "signal"),
        ("highway=crossing crossing=toucan", False, "signal"),
        ("highway=crossing crossing=uncontrolled", False, "zebra"),
        ("highway=crossing crossing=zebra", False, "zebra"),
        ("highway=crossing crossing=marked", False, "zebra"),
        ("highway=crossing crossing_ref=zebra", False, "zebra"),
        ("highway=crossing crossing:markings=zebra", False, "zebra"),
        ("highway=crossing crossing:markings=no", False, "unmarked"),
        ("highway=crossing crossing=zebra crossing:island=yes", False, "refuge"),
        ("highway=crossing crossing=traffic_signals crossing:island=yes", False, "signal"),
        ("highway=crossing crossing=island", False, "refuge"),
        ("highway=crossing crossing=no", False, None),
        ("crossing=zebra", False, "zebra"),
        ("highway=traffic_signals", False, None),
        ("highway=traffic_signals", True, "signal"),
        ("highway=traffic_signals crossing=no", True, None),
        ("highway=traffic_signals crossing=traffic_signals", False, "signal"),
        ("railway=level_crossing", False, "level_crossing"),
        ("railway=crossing", False, "level_crossing"),
        ("railway=tram_crossing", False, None),
        ("railway=tram_level_crossing crossing=zebra", False, None),
        ("barrier=gate", False, None),
    ],
)
def test_node_crossings(text, on_footway, kind):
    assert tags.node_crossing(t(text), on_footway=on_footway) == kind


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("highway=footway footway=crossing", "unmarked"),
        ("highway=footway footway=crossing crossing=zebra", "zebra"),
        ("highway=cycleway cycleway=crossing crossing=traffic_signals", "signal"),
        ("highway=path path=crossing crossing:island=yes", "refuge"),
        ("highway=footway footway=crossing crossing=no", None),
        ("highway=footway footway=sidewalk", None),
        ("highway=primary cycleway=crossing", None),
    ],
)
def test_way_crossings(text, kind):
    assert tags.way_crossing(t(text)) == kind


@pytest.mark.parametrize(
    ("text", "as_line", "as_area"),
    [
        ("highway=motorway", ("road", "motorway"), None),
        ("highway=primary_link", ("road", "primary_link"), None),
        ("highway=secondary", ("road", "secondary"), None),
        ("highway=tertiary", None, None),
        ("railway=rail", ("railway", "rail"), None),
        ("railway=subway", ("railway", "subway"), None),
        ("railway=tram", ("railway", "tram"), None),
        ("railway=abandoned", None, None),
        ("waterway=river", ("water", "river"), ("water", "river")),
        ("waterway=stream", None, None),
        ("waterway=riverbank", None, ("water", "riverbank")),
        ("natural=water", None, ("water", "water")),
        ("natural=water water=lake", None, ("water", "lake")),
        ("natural=bay", None, None),
        ("landuse=industrial", None, ("land", "industrial")),
        ("landuse=railway", None, ("land", "railway")),
        ("landuse=cemetery", None, ("land", "cemetery")),
        ("landuse=allotments", None, ("land", "allotments")),
        ("landuse=residential", None, None),
        ("aeroway=aerodrome", None, ("land", "aerodrome")),
        ("leisure=park", None, None),
    ],
)
def test_barriers(text, as_line, as_area):
    assert (tags.line_barrier(t(text)), tags.area_barrier(t(text))) == (as_line, as_area)


@pytest.mark.parametrize(
    ("text", "embedded"),
    [
        ("railway=tram", None),
        ("railway=tram highway=residential", True),
        ("railway=tram embedded_rails=yes", True),
        ("railway=tram surface=asphalt", True),
        ("railway=tram surface=grass", False),
    ],
)
def test_trams(text, embedded):
    assert tags.tram_embedded(t(text)) is embedded


@pytest.mark.parametrize(
    ("text", "category"),
    [
        ("shop=supermarket", "daily_shopping"),
        ("shop=bakery", "daily_shopping"),
        ("shop=jewelry", None),
        ("amenity=school", "school"),
        ("amenity=kindergarten", "childcare"),
        ("amenity=pharmacy", "health"),
        ("healthcare=doctor", "health"),
        ("amenity=library", "culture"),
        ("leisure=sports_centre", "sport"),
        ("leisure=playground", "playground"),
        ("leisure=playground access=private", None),
        ("leisure=park", "green_space"),
        ("leisure=garden garden:type=residential", None),
        ("natural=wood", "green_space"),
        ("amenity=townhall", "public_service"),
        ("amenity=cafe", "cafe"),
        ("amenity=bench", None),
        ("highway=residential", None),
    ],
)
def test_destinations(text, category):
    assert tags.destination_category(t(text)) == category


def test_every_row_of_the_table_names_a_category_and_every_category_has_a_row():
    assert {category for category, _, _ in tags.DESTINATION_TAGS} == set(tags.DESTINATION_CATEGORIES)


@pytest.mark.parametrize(
    ("text", "home"),
    [
        ("building=apartments", True),
        ("building=house", True),
        ("building=yes", True),
        ("building=yes shop=bakery", True),
        ("building=yes amenity=cafe", True),
        ("building=yes amenity=school", False),
        ("building=yes office=company", False),
        ("building=yes building:use=industrial", False),
        ("building=commercial building:use=residential", True),
        ("building=yes amenity=school building:flats=3", True),
        ("building=garage", False),
        ("building=church", False),
    ],
)
def test_homes(text, home):
    assert tags.is_residential(t(text)) is home


@pytest.mark.parametrize(
    ("text", "stands"), [("building=yes", True), ("building=no", False), ("building=construction", False), ("", False)]
)
def test_buildings(text, stands):
    assert tags.is_building(t(text)) is stands


@pytest.mark.parametrize(
    ("function", "found", "value"),
    [
        (tags.lanes, {"lanes": "2"}, 2),
        (tags.lanes, {"lanes": "2;3"}, 3),
        (tags.lanes, {"lanes": "many"}, math.nan),
        (tags.lanes, {"lanes": "200"}, math.nan),
        (tags.lanes, {}, math.nan),
        (tags.maxspeed_kmh, {"maxspeed": "50"}, 50),
        (tags.maxspeed_kmh, {"maxspeed": "30 mph"}, 48.28032),
        (tags.maxspeed_kmh, {"maxspeed": "30;50"}, 50),
        (tags.maxspeed_kmh, {"maxspeed": "50;30"}, 50),
        (tags.maxspeed_kmh, {"maxspeed": "none"}, math.nan),
        (tags.maxspeed_kmh, {"maxspeed": "walk"}, 5),
        (tags.maxspeed_kmh, {"maxspeed": "FR:urban"}, 50),
        (tags.maxspeed_kmh, {"maxspeed": "DE:zone:30"}, 30),
        (tags.maxspeed_kmh, {"maxspeed:type": "FI:urban"}, 50),
        (tags.maxspeed_kmh, {"maxspeed": "5000"}, math.nan),
        (tags.maxspeed_kmh, {}, math.nan),
        (tags.width_m, {"width": "12"}, 12),
        (tags.width_m, {"width": "12,5 m"}, 12.5),
        (tags.width_m, {"width": "40 ft"}, 12.192),
        (tags.width_m, {"width": "wide"}, math.nan),
        (tags.layer, {"layer": "-1"}, 0 - 1),
        (tags.layer, {"layer": "1;2"}, 0),
        (tags.layer, {"layer": "99999999999999999999"}, 0),
        (tags.storeys, {"building:levels": "5"}, 5),
        (tags.storeys, {"building:levels": "3;4"}, 4),
        (tags.storeys, {"height": "12 m"}, 4),
        (tags.storeys, {"height": "2"}, 1),
        (tags.storeys, {"building:levels": "-1"}, 1),
        (tags.storeys, {}, math.nan),
        (tags.flats, {"building:flats": "24"}, 24),
        (tags.flats, {"building:flats": "0"}, math.nan),
        (tags.on_bridge, {"bridge": "viaduct"}, True),
        (tags.on_bridge, {"bridge": "no"}, False),
        (tags.in_tunnel, {"tunnel": "yes"}, True),
        (tags.in_tunnel, {"tunnel": "culvert"}, True),
        (tags.in_tunnel, {"tunnel": "building_passage"}, False),
        (tags.in_tunnel, {}, False),
    ],
)
def test_values(function, found, value):
    assert function(found) == pytest.approx(value, nan_ok=True)


KEYS = [
    "highway",
    "foot",
    "bicycle",
    "access",
    "oneway",
    "lanes",
    "maxspeed",
    "layer",
    "building",
    "barrier",
    "crossing",
]


@given(st.dictionaries(st.sampled_from(KEYS), st.text(max_size=12)))
def test_no_text_breaks_a_function(found):
    before = dict(found)
    record = tags.street_record(1, found, "residential")
    assert math.isnan(record.lanes) or 0 < record.lanes <= 20
    assert math.isnan(record.maxspeed_kmh) or 0 < record.maxspeed_kmh <= 200
    tags.gate_blocks(found)
    tags.node_crossing(found)
    tags.destination_category(found)
    tags.is_residential(found)
    assert found == before
