"""Three tiers of residents, each keeping its sum."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from bykobling.study.residents import area_of, make_residents
from toys import X, Y, areas, box, extract, frame


def test_street_points_where_nothing_else_is_known():
    residents, notes = make_residents(extract(), areas())
    assert set(residents["tier"]) == {"streets"}
    assert len(residents) == 1000 / 25
    assert residents.groupby("area_id").size().to_dict() == {"w": 20, "e": 20}
    assert "every 25 m along residential streets" in notes[0].text


def test_homes_are_weighted_by_floor_space():
    residents, notes = make_residents(extract(n_homes=40, levels=5), areas())
    assert set(residents["tier"]) == {"buildings"}
    assert residents["residents"].unique().tolist() == [5.0]
    assert ["estimated dwelling weight" in note.text for note in notes] == [True]


def test_assumed_levels_are_told():
    residents, notes = make_residents(extract(n_homes=40), areas())
    assert residents["residents"].unique().tolist() == [2.0]
    assert "40 of 40 residential buildings have no levels" in notes[0].text


def test_a_handful_of_homes_means_homes_are_not_mapped():
    residents, _ = make_residents(extract(n_homes=3), areas())
    assert set(residents["tier"]) == {"streets"}


def test_points_stay_where_they_are():
    points = frame({"residents": [3.0, np.nan, 5.0]}, shapely.points([X + 1, X + 2, X + 5000], [Y, Y, Y]))
    residents, notes = make_residents(extract(n_homes=40), areas(), points)
    assert residents["residents"].tolist() == [3.0]
    assert residents["area_id"].tolist() == ["w"]
    assert "1 rows of the population layer have no number" in notes[0].text


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(0, 500), min_size=1, max_size=6), st.sampled_from([0, 40]))
def test_cells_keep_their_sum(numbers, n_homes):
    #  | c0 | c1 | ... |   strips along the street; the last one lies where neither homes nor streets are
    width = 1000 / len(numbers)
    cells = [box(i * width, -30, (i + 1) * width, 30) for i in range(len(numbers))]
    population = frame({"residents": [*map(float, numbers), 7.0]}, [*cells, box(0, 60, 10, 70)])
    residents, notes = make_residents(extract(n_homes=n_homes), areas(), population)
    assert residents["residents"].sum() == pytest.approx(sum(numbers) + 7)
    assert any("neither homes nor streets" in note.text for note in notes)
    for cell, number in zip(cells, numbers, strict=True):
        # points on the line between two cells count in the first
        inside = shapely.dwithin(cell, residents.geometry.to_numpy(), 1e-6)
        assert residents["residents"][inside].sum() >= number - 1e-6


def test_where_areas_overlap_the_first_by_id_wins():
    table = areas()
    both = frame({"name": ["A", "B"]}, [box(0, -50, 1000, 50)] * 2)
    both.index = ["b", "a"]
    points = make_residents(extract(), table)[0].geometry
    assert set(area_of(points, both)) == {"a"}
    assert set(area_of(points, both.iloc[::-1])) == {"a"}
    # measures ask them from several threads
    assert not shapely.is_prepared(both.geometry.to_numpy()).any()


def test_outside_every_area_is_none():
    residents, _ = make_residents(extract(), areas().iloc[:1])
    assert residents["area_id"].isna().sum() == 20


def test_a_chapel_in_a_cemetery_is_nobodys_home():
    town = extract(n_homes=30)
    graves = town.barrier_features.iloc[:1].assign(kind="land", subkind="cemetery")
    graves = graves.set_geometry([shapely.box(*town.buildings.total_bounds)], crs=graves.crs)
    town.barrier_features = graves
    assert (make_residents(town, areas())[0]["tier"] == "streets").all()
    town.buildings["building"] = "apartments"
    assert (make_residents(town, areas())[0]["tier"] == "buildings").all()
