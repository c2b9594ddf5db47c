"""Traffic of streets: counted, else assumed, and said which."""

# ruff: noqa: PLR0917 - the numbers of one path, in the order of the formulas

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bykobling.emission import (
    CLASS_TRAFFIC,
    DANISH_HOURS,
    END_HOURS,
    ClassTraffic,
    NoiseHours,
    TrafficRules,
    line_sources,
    street_traffic,
)
from bykobling.emission.traffic import FLOW_COLUMNS, traffic_notes
from bykobling.errors import InputError
from tests.emission.towns import roads


def one(hours=END_HOURS, rules=None, **columns):
    return street_traffic(roads([[(0, 0), (100, 0)]], **columns), hours=hours, rules=rules).iloc[0]


def daily(row, hours):
    """Vehicles a day out of the flows."""
    return sum(row[name] * length for name, length in zip(FLOW_COLUMNS, hours.lengths_h * 3, strict=True))


def test_the_table_of_classes():
    row = one(highway="primary", maxspeed_kmh=np.nan)
    assert row["aadt"] == 7124 + 1069 + 712
    assert row[["aadt_assumed", "heavy_assumed", "speed_assumed", "emits"]].all()
    assert row["speed_kmh"] == 80
    # 20 % of 7,124 vehicles in 12 hours are heavy, half of them with two axles
    assert row["light_day_h"] == pytest.approx(7124 * 0.8 / 12)
    assert row["medium_day_h"] == row["heavy_day_h"] == pytest.approx(7124 * 0.1 / 12)
    assert row["light_night_h"] == pytest.approx(712 * 0.9 / 8)
    assert one(highway="primary_link")["aadt"] == row["aadt"]


def test_danish_hours_move_the_hour_from_22_into_the_night():
    end, danish = one(), one(hours=DANISH_HOURS)
    assert danish["light_evening_h"] == pytest.approx(end["light_evening_h"])
    assert danish["light_night_h"] == pytest.approx((end["light_evening_h"] + 8 * end["light_night_h"]) / 9)


@given(
    st.sampled_from(sorted(CLASS_TRAFFIC)),
    st.floats(1, 90_000),
    st.floats(0, 1),
    st.integers(1, 9),
    st.integers(10, 20),
    st.integers(21, 24),
)
@settings(max_examples=30, deadline=None)
def test_flows_sum_to_the_count_whatever_the_hours(highway, aadt, share, day, evening, night):
    hours = NoiseHours(day, evening, night)
    row = one(hours, highway=highway, aadt=aadt, heavy_share=share)
    lengths = hours.lengths_h
    # a night or evening without hours cannot be summed over
    if min(lengths) > 0:
        assert daily(row, hours) == pytest.approx(aadt)
        heavy = [row[name] * lengths[k % 3] for k, name in enumerate(FLOW_COLUMNS) if k >= 3]
        assert sum(heavy) == pytest.approx(aadt * share, abs=1e-6)
    assert not row["aadt_assumed"]
    assert not row["heavy_assumed"]


def test_one_way_halves_what_is_assumed_and_leaves_what_is_counted():
    assert one(oneway=True)["aadt"] == one()["aadt"] / 2
    assert one(oneway=True, aadt=9000.0)["aadt"] == 9000.0


def test_speed_is_measured_then_the_limit_then_the_class():
    assert one(maxspeed_kmh=60.0, speed_kmh=43.0)["speed_kmh"] == 43.0
    assert one(maxspeed_kmh=60.0)["speed_kmh"] == 60.0
    assert not one(maxspeed_kmh=60.0)["speed_assumed"]
    assert one(maxspeed_kmh=np.nan)["speed_assumed"]
    assert one(maxspeed_kmh=np.nan, highway="residential")["speed_kmh"] == 30.0


def test_tunnels_footways_and_unknown_classes_emit_nothing_and_it_is_said():
    streets = roads(
        [[(0, 0), (1000, 0)]] * 4,
        highway=["primary", "footway", "bus_guideway", "primary"],
        drive=[True, False, True, True],
        tunnel=[False, False, False, True],
    )
    traffic = street_traffic(streets)
    assert traffic["emits"].tolist() == [True, False, False, False]
    assert traffic.loc[1:2, "aadt"].isna().all()
    assert (traffic.loc[1:, list(FLOW_COLUMNS)] == 0).all(axis=None)
    notes = traffic_notes(streets, traffic)
    assert "1.0 km of streets in tunnels emit nothing" in notes[1]
    assert "assumed from the road class on 100% of 1.0 km" in notes[0]
    assert "no traffic noise" in traffic_notes(streets[1:], traffic[1:])[0]
    sources = line_sources(streets)
    assert sources.street.tolist() == [0]
    assert len(sources.ends) == 20


def test_a_class_without_heavy_vehicles_takes_counted_ones():
    rules = TrafficRules(by_class={"primary": ClassTraffic(100, 20, 8, 0, 0, 0, 50)})
    row = one(rules=rules, aadt=1280.0, heavy_share=0.5)
    assert daily(row, END_HOURS) == pytest.approx(1280)
    assert row["medium_day_h"] == pytest.approx(250 / 12)


def test_lorries_drive_no_faster_than_they_may_and_medium_ones_are_quieter():
    def loud(**rules):
        street = roads([[(0, 0), (100, 0)]], highway="motorway", maxspeed_kmh=130.0)
        return line_sources(street, rules=TrafficRules(**rules)).power_db[0, 0, 4]

    assert loud(heavy_speed_kmh=80.0) < loud(heavy_speed_kmh=100.0)
    assert loud(medium_share_of_heavy=1.0) < loud(medium_share_of_heavy=0.0)


def test_a_slope_makes_a_one_way_street_louder_up_than_down():
    up, down, both, flat = (
        line_sources(roads([[(0, 0), (100, 0)]], oneway=oneway, aadt=9000.0, gradient_pct=slope)).power_db[0, 0, 4]
        for oneway, slope in ((True, 6.0), (True, -6.0), (False, 6.0), (False, 0.0))
    )
    assert up > both > down
    assert both == pytest.approx(10 * np.log10((10 ** (up / 10) + 10 ** (down / 10)) / 2))
    assert both > flat


def test_surfaces_are_taken_street_by_street():
    quiet, plain = line_sources(roads([[(0, 0), (99, 0)], [(0, 9), (99, 9)]], road_surface=["NL02", None])).power_db
    assert quiet[0, 4] < plain[0, 4] - 2
    with pytest.raises(InputError, match="NL77"):
        line_sources(roads([[(0, 0), (99, 0)]], road_surface="NL77"))


def test_bad_input_is_told():
    with pytest.raises(InputError, match="oneway"):
        street_traffic(roads([[(0, 0), (9, 0)]]).drop(columns="oneway"))
    with pytest.raises(InputError) as caught:
        one(aadt=-5.0, heavy_share=12.0, speed_kmh=0.0)
    assert len(caught.value.faults) == 3
    assert "percentages" in str(caught.value)
    with pytest.raises(InputError, match="share from 0 to 1"):
        TrafficRules(medium_share_of_heavy=2.0)
    with pytest.raises(InputError, match="class_offsets_db"):
        line_sources(roads([[(0, 0), (9, 0)]]), class_offsets_db={"primary": np.nan})


def test_index_in_is_index_out_and_the_streets_stay_as_they_are():
    streets = roads([[(0, 0), (9, 0)]] * 3).set_axis([30, 10, 20])
    copy = streets.copy()
    assert street_traffic(streets).index.tolist() == [30, 10, 20]
    assert streets.equals(copy)
