"""Tags of lines, by table."""

from __future__ import annotations

import math

import pytest

from bykobling.tags import (
    TRANSIT_ASSUMPTIONS,
    call_role,
    runs_seldom,
    tagged_interval_min,
    transit_mode,
    transit_oneway,
)
from bykobling.tags.transit import minutes_of


@pytest.mark.parametrize(
    ("role", "tags", "expected"),
    [
        ("stop", {}, ("stop", True, True, "")),
        ("stop_entry_only", {}, ("stop", True, False, "")),
        ("platform_exit_only", {}, ("platform", False, True, "")),
        ("platform", {"highway": "platform"}, ("platform", True, True, "")),
        ("forward:stop:3", {}, ("stop", True, True, "forward")),
        ("backward_stop", {}, ("stop", True, True, "backward")),
        ("stop_12", {}, ("stop", True, True, "")),
        ("", {"highway": "bus_stop"}, ("platform", True, True, "")),
        ("", {"railway": "tram_stop"}, ("stop", True, True, "")),
        ("backward", {"highway": "bus_stop"}, ("platform", True, True, "backward")),
        ("hail_and_ride", {"public_transport": "stop_position"}, ("stop", True, True, "")),
    ],
)
def test_members_that_are_stops(role, tags, expected):
    assert call_role(role, tags) == expected


@pytest.mark.parametrize(("role", "tags"), [("", {"highway": "primary"}), ("forward", {}), ("guidepost", {})])
def test_members_that_are_not(role, tags):
    assert call_role(role, tags) is None


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("10", 10), ("7.5", 7.5), ("7,5", 7.5), ("00:10", 10), ("01:30", 90), ("00:07:30", 7.5), ("10-15", 12.5),
        ("00:05-00:10", 7.5), ("10;20;15", 15), ("PT25M", 25), ("PT1H5M30S", 65.5), ("20 min", 20),
    ],
)  # fmt: skip
def test_minutes(text, minutes):
    assert minutes_of(text) == minutes


@pytest.mark.parametrize("text", [None, "", "0", "-5", "often", "00:00", "PT", "99999", "10-", "1:75", "nan", "P1D"])
def test_minutes_that_are_none(text):
    assert math.isnan(minutes_of(text))


def test_interval_before_headway():
    assert tagged_interval_min({"interval": "5", "headway": "9"}) == 5
    assert tagged_interval_min({"headway": "9"}) == 9


@pytest.mark.parametrize(
    ("mode", "tags", "direction"),
    [
        ("bus", {"highway": "primary"}, 0),
        ("bus", {"highway": "primary", "oneway": "yes"}, 1),
        ("bus", {"highway": "primary", "oneway": "-1"}, -1),
        ("bus", {"highway": "primary", "junction": "roundabout"}, 1),
        ("bus", {"highway": "primary", "oneway": "yes", "oneway:bus": "no"}, 0),
        ("bus", {"highway": "primary", "oneway": "yes", "busway": "opposite_lane"}, 0),
        ("tram", {"railway": "tram", "oneway": "yes"}, 0),
    ],
)
def test_directions(mode, tags, direction):
    assert transit_oneway(mode, tags) == direction


def test_which_relations_are_lines():
    assert transit_mode({"type": "route", "route": "share_taxi"}) == "share_taxi"
    assert transit_mode({"type": "route_master", "route": "bus"}) is None
    assert transit_mode({"type": "route", "route": "hiking"}) is None
    assert runs_seldom({"service": "regional;night"})
    assert not runs_seldom({"service": "regional", "by_night": "yes"})


def test_every_mode_states_what_it_assumes():
    for mode, row in TRANSIT_ASSUMPTIONS.items():
        assert row.headway_min > 0, mode
        assert row.speed_kmh > 0, mode
        assert row.dwell_s > 0, mode
        assert "assumption" in row.why, mode
