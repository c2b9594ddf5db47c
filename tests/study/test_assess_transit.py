"""Proposals of public transport, in the street of test_transit: a bus every ten minutes between A, B and C."""

from __future__ import annotations

import numpy as np
import pytest
import test_transit

from bykobling.errors import StudyError
from bykobling.scenario import ChangeHeadway, RemoveService, Scenario
from bykobling.study import read_study
from bykobling.study.assess import assess_study

DAY = {"start_s": 7 * 3600, "end_s": 11 * 3600}


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    study = read_study(test_transit.make(tmp_path_factory.mktemp("bus")))
    proposals = [
        Scenario((ChangeHeadway("one", 300, **DAY, name="Every five minutes"),), name="Twice"),
        Scenario((RemoveService(route_ids=("one",)),), name="None"),
    ]
    return assess_study(study, proposals, combinations=False)


def by(table, *keys):
    return table.set_index(list(keys)).sort_index()


def test_twice_as_many_buses_are_twice_as_many_departures(found):
    areas = by(found.areas, "proposal", "indicator", "area_id")
    # at the ends of the line one direction leaves
    twice = areas.loc[("Twice", "departures_per_hour_400m", "a")]
    assert twice["after"] == pytest.approx(2 * twice["before"])
    assert twice["improves"]
    assert areas.loc[("None", "departures_per_hour_400m", "a"), "after"] == 0
    assert not areas.loc[("None", "departures_per_hour_400m", "a"), "improves"]


def test_the_wait_for_the_bus_is_halved(found):
    times = by(found.times, "proposal", "to", "mode", "group").loc[("Twice", "Havn", "transit", "vulnerable")]
    # 14.5 min to B and 8 more to C; every 5 min the median wait is 2.5 min less (in whole minutes of departing, 2 or 3)
    assert times["before_min"] == pytest.approx(22.5)
    assert 2 <= times["saved_min"] <= 3


def test_who_has_no_way_any_more_is_not_left_out(found):
    times = by(found.times, "proposal", "to", "mode", "group").loc[("None", "Havn", "transit", "vulnerable")]
    assert (times["after_min"], times["saved_min"]) == (np.inf, -np.inf)


def test_nobody_walks_another_way(found):
    assert not found.areas["indicator"].str.contains("walk").any()
    assert not len(found.residents)
    assert (found.summary["recovered_share"].fillna(0) == 0).all()
    assert (found.summary["effect_after"].fillna(0) == found.summary["effect_before"].fillna(0)).all()


def test_what_has_no_place_is_listed_without_one(found):
    assert found.proposals["what"].tolist() == ["headway", "removed service"]
    assert found.proposals.geometry.isna().all()
    assert found.proposals["length_m"].isna().all()


def test_public_transport_of_a_study_without_it_is_told(tmp_path):
    study = read_study(test_transit.make(tmp_path, toml=test_transit.TOML))
    with pytest.raises(StudyError, match="no timetable"):
        assess_study(study, [Scenario((ChangeHeadway("one", 300, **DAY),), name="Twice")])


def test_a_line_that_is_not_there_is_told(tmp_path):
    study = read_study(test_transit.make(tmp_path))
    with pytest.raises(StudyError, match="Remedy") as caught:
        assess_study(study, [Scenario((ChangeHeadway("two", 300, **DAY),), name="Twice")])
    assert any("two" in str(fault) for fault in caught.value.faults)
