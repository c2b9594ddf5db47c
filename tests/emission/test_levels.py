"""Levels at receivers, against the plain twin."""

from __future__ import annotations

import numba
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from bykobling.emission import DANISH_HOURS, NoiseSettings, building_walls, line_sources, receiver_levels
from bykobling.emission.coefficients import A_WEIGHTING_DB
from bykobling.emission.levels import SoundField, spectra
from bykobling.errors import Cancelled, CrsError, InputError
from tests.emission import twin
from tests.emission.towns import CRS, houses, points, roads

NEAR = NoiseSettings(max_distance_m=300.0, floor_db=-50.0)


def of_twin(streets, places, setting, walls=None):
    """Levels of the twin: (R, 2)."""
    sources = line_sources(streets, settings=setting)
    segments = [(*ends, row) for ends, row in zip(sources.ends.tolist(), sources.source.tolist(), strict=True)]
    power = (sources.power_db + A_WEIGHTING_DB + setting.canyon_db).tolist()
    plain = () if walls is None else np.column_stack([walls.ends, walls.height]).tolist()
    return np.array([twin.level_at(place, segments, power, setting, plain) for place in places])


coordinates = st.floats(-150, 150).map(lambda value: round(value, 1))
places = st.tuples(coordinates, coordinates)


@st.composite
def towns(draw):
    lines = draw(st.lists(st.tuples(places, places), min_size=1, max_size=4))
    lines = [line for line in lines if np.hypot(*np.subtract(*line)) > 1] or [((0, 0), (50, 0))]
    streets = roads(
        lines,
        highway=draw(
            st.lists(st.sampled_from(["motorway", "primary", "service"]), min_size=len(lines), max_size=len(lines))
        ),
        maxspeed_kmh=draw(st.lists(st.sampled_from([30.0, 50.0, np.nan]), min_size=len(lines), max_size=len(lines))),
        oneway=draw(st.booleans()),
    )
    corners = draw(st.lists(st.tuples(coordinates, coordinates, st.floats(3, 40), st.floats(3, 40)), max_size=5))
    boxes = [(x, y, x + width, y + depth) for x, y, width, depth in corners]
    return streets, boxes, draw(st.lists(st.floats(2, 40), min_size=len(boxes), max_size=len(boxes)))


@given(towns(), st.lists(places, min_size=1, max_size=2), st.sampled_from([0.0, 0.3, 1.0]))
@settings(max_examples=12, deadline=None)
def test_the_kernel_is_the_twin_on_flat_ground(town, at, ground):
    setting = NoiseSettings(max_distance_m=300.0, floor_db=-50.0, ground=ground, hours=DANISH_HOURS)
    found = receiver_levels(town[0], points(at), settings=setting)[["lden_db", "lnight_db"]]
    np.testing.assert_allclose(found, of_twin(town[0], at, setting), atol=0.05)


@given(towns(), st.lists(places, min_size=1, max_size=2))
@settings(max_examples=12, deadline=None)
def test_the_kernel_is_the_twin_over_buildings(town, at):
    streets, boxes, heights = town
    buildings = houses(boxes, heights)
    at = [place for place in at if not any(shapely.box(*box).intersects(shapely.Point(place)) for box in boxes)]
    if not at or not boxes:
        return
    found = receiver_levels(streets, points(at), buildings=buildings, settings=NEAR)[["lden_db", "lnight_db"]]
    np.testing.assert_allclose(found, of_twin(streets, at, NEAR, building_walls(buildings)), atol=0.05)


def test_levels_fall_with_distance():
    street = roads([[(-900, 0), (900, 0)]])
    levels = receiver_levels(street, points([(0, d) for d in (5, 10, 20, 50, 100, 200, 400, 800)]))
    assert levels["lden_db"].is_monotonic_decreasing
    # twice as far from a long road: 3 dB by spreading, and somewhat more by air and ground
    assert 3.0 < levels["lden_db"].iloc[4] - levels["lden_db"].iloc[5] < 6.0


def test_two_streets_add_as_energies():
    both = roads([[(-100, 0), (100, 0)], [(0, 30), (90, 120)]], highway=["primary", "motorway"])
    at = points([(0, 60), (-80, 10), (40, 200)])
    whole, *each = (
        receiver_levels(part, at, settings=NEAR)["lden_db"] for part in (both, both.iloc[:1], both.iloc[1:])
    )
    summed = 10 * np.log10(sum(10 ** (part / 10) for part in each))
    # streets of two spectra keep their own
    np.testing.assert_allclose(whole, summed, atol=1e-4)


def test_finer_pieces_change_little():
    rng = np.random.default_rng(3)
    streets = roads(list(rng.uniform(-300, 300, (30, 2, 2))))
    at = points(rng.uniform(-250, 250, (200, 2)))
    coarse = receiver_levels(streets, at)
    fine = receiver_levels(streets, at, settings=NoiseSettings(piece_m=2.5, piece_per_distance=0.25))
    assert (coarse["lden_db"] - fine["lden_db"]).abs().max() < 0.3
    assert (fine["pieces_heard"] > coarse["pieces_heard"]).all()


def test_on_the_carriageway_a_low_receiver_hears_one_long_street():
    street = roads([[(-103, 0), (97, 0)]])
    at = points(np.column_stack([np.linspace(-20, 20, 41), np.zeros(41)]))
    levels = receiver_levels(street, at, settings=NoiseSettings(receiver_height_m=1.5))
    # where pieces happen to lie must not show
    assert np.ptp(levels["lden_db"]) < 0.4


def test_cutting_a_street_in_two_changes_nothing_to_speak_of():
    at = points([(3, 12), (40, 60), (-20, 5)])
    whole = receiver_levels(roads([[(-50, 0), (50, 0)]]), at, settings=NEAR)
    parts = receiver_levels(roads([[(-50, 0), (7, 0)], [(7, 0), (50, 0)]]), at, settings=NEAR)
    np.testing.assert_allclose(whole["lden_db"], parts["lden_db"], atol=0.1)


def test_the_answer_does_not_depend_on_the_number_of_threads():
    rng = np.random.default_rng(4)
    streets = roads(list(rng.uniform(-300, 300, (20, 2, 2))))
    at, buildings = points(rng.uniform(-300, 300, (1500, 2))), houses([(20, 20, 60, 50)], [12.0])
    before = numba.get_num_threads()
    try:
        numba.set_num_threads(1)
        one = receiver_levels(streets, at, buildings=buildings)
        numba.set_num_threads(before)
        many = receiver_levels(streets, at, buildings=buildings)
    finally:
        numba.set_num_threads(before)
    assert one.equals(many)


def test_a_building_shields_and_a_higher_one_shields_more():
    street, home = roads([[(-300, 0), (300, 0)]]), points([(0, 60)])
    free = receiver_levels(street, home)["lden_db"].item()
    behind = [
        receiver_levels(street, home, buildings=houses([(-250, 20, 250, 35)], [height]))["lden_db"].item()
        for height in (6.0, 9.0, 12.0, 18.0, 24.0)
    ]
    assert behind == sorted(behind, reverse=True)
    assert 5 < free - behind[0] < free - behind[-1] < 27
    # one on the far side of the street is in nobody's way
    assert receiver_levels(street, home, buildings=houses([(-250, -35, 250, -20)], [24.0]))["lden_db"].item() == free


def test_a_receiver_in_a_building_hears_through_it():
    street, home = roads([[(-300, 0), (300, 0)]]), points([(0, 60)])
    inside = receiver_levels(street, home, buildings=houses([(-50, 40, 50, 80)], [12.0]))
    assert inside["lden_db"].item() == receiver_levels(street, home)["lden_db"].item()


def test_a_canyon_adds_what_it_is_told():
    street, home = roads([[(-300, 0), (300, 0)]]), points([(0, 10)])
    plain, canyon = (receiver_levels(street, home, settings=NoiseSettings(canyon_db=db)) for db in (0.0, 2.0))
    assert canyon["lden_db"].item() - plain["lden_db"].item() == pytest.approx(2.0, abs=1e-6)


def test_houses_that_are_not_drawn_take_a_little_for_each_metre():
    # a short street is all as far away as its middle
    street, at = roads([[(-1, 0), (1, 0)]]), points([(0, 20), (0, 100), (0, 600)])
    quiet = NoiseSettings(floor_db=-50.0)
    free, built = (
        receiver_levels(street, at, settings=setting)["lden_db"]
        for setting in (quiet, NoiseSettings(floor_db=-50.0, built_share=0.3))
    )
    np.testing.assert_allclose(free - built, [0.6, 3.0, 10.0], atol=0.02)
    with pytest.raises(InputError, match="count them again"):
        receiver_levels(street, at, buildings=houses([(9, 9, 20, 20)], [9.0]), settings=NoiseSettings(built_share=0.3))


def test_where_nothing_is_in_reach_the_floor_is_told():
    street = roads([[(0, 0), (100, 0)]])
    levels = receiver_levels(street, points([(5000, 0), (50, 10)]))
    assert levels["lden_db"].iloc[0] == 35.0
    assert levels["dominant_class"].tolist() == [None, "primary"]
    assert levels["pieces_heard"].iloc[0] == 0


def test_the_class_that_makes_most_of_it_is_named_and_offsets_move_it():
    streets = roads([[(-200, 0), (200, 0)], [(-200, 200), (200, 200)]], highway=["residential", "primary_link"])
    at = points([(0, 5), (0, 190)])
    levels = receiver_levels(streets, at)
    assert levels["dominant_class"].tolist() == ["residential", "primary"]
    louder = receiver_levels(line_sources(streets, class_offsets_db={"primary": 3.0}), at)
    assert louder["lden_db"].iloc[1] - levels["lden_db"].iloc[1] == pytest.approx(3.0, abs=0.05)
    assert louder["lden_db"].iloc[0] - levels["lden_db"].iloc[0] < 3.0


def test_no_street_at_all_is_quiet_not_an_error():
    levels = receiver_levels(roads([[(0, 0), (9, 0)]], drive=False), points([(0, 5)]))
    assert levels["lden_db"].item() == 35.0


def test_spectra_keep_the_sum_and_differ_little():
    rng = np.random.default_rng(5)
    streets = roads(
        [[(0, k), (100, k)] for k in range(400)],
        heavy_share=rng.uniform(0, 0.3, 400),
        maxspeed_kmh=rng.choice([30.0, 50.0, 80.0], 400),
    )
    power = line_sources(streets).energies(NEAR)
    strength, kind, shapes = spectra(power)
    assert len(shapes) < 300
    np.testing.assert_allclose(shapes[:, :16].sum(axis=1), 1.0)
    np.testing.assert_allclose(strength, power[:, :16].sum(axis=1))
    heard = power / strength[:, None] > 1e-4
    ratio = (strength[:, None] * shapes[kind])[heard] / power[heard]
    assert np.abs(10 * np.log10(ratio)).max() < 0.15


def test_cancelling_stops():
    def stop(done, total, message):
        assert 0 < done <= total == 2000
        assert message == "noise levels"
        raise Cancelled("enough")

    with pytest.raises(Cancelled):
        receiver_levels(roads([[(0, 0), (9, 0)]]), points(np.zeros((2000, 2)) + 5), progress=stop)


def test_inputs_stay_as_they_are():
    streets, at, buildings = roads([[(0, 0), (99, 0)]]), points([(0, 50)]), houses([(0, 10, 20, 30)], [9.0])
    copies = streets.copy(), at.copy(), buildings.copy()
    receiver_levels(streets, at, buildings=buildings)
    assert streets.equals(copies[0])
    assert at.equals(copies[1])
    assert buildings.equals(copies[2])


def test_bad_input_is_told():
    street, at = roads([[(0, 0), (9, 0)]]), points([(0, 5)])
    with pytest.raises(CrsError, match="receivers"):
        receiver_levels(street, at.to_crs(25833))
    with pytest.raises(CrsError, match="not projected"):
        receiver_levels(street.to_crs(4326), at)
    with pytest.raises(InputError, match="Point"):
        receiver_levels(street, at.buffer(3))
    with pytest.raises(InputError, match="Polygon"):
        receiver_levels(street, at, buildings=at.to_frame("geometry"))
    with pytest.raises(InputError, match="height_m"):
        receiver_levels(street, at, buildings=houses([(0, 10, 20, 30)], [-9.0]))


def test_settings_come_from_the_sources_and_others_must_fit():
    street, at = roads([[(-99, 0), (99, 0)]]), points([(0, 20)])
    danish = NoiseSettings(hours=DANISH_HOURS, receiver_height_m=1.5)
    sources = line_sources(street, settings=danish)
    assert receiver_levels(sources, at).equals(receiver_levels(street, at, settings=danish))
    with pytest.raises(InputError, match="hours"):
        receiver_levels(sources, at, settings=NoiseSettings())
    # the height of the receiver is not the sources' matter
    receiver_levels(sources, at, settings=NoiseSettings(hours=DANISH_HOURS))


def test_heights_come_from_metres_then_levels_then_the_default():
    table = houses([(0, 0, 9, 9), (20, 0, 29, 9), (40, 0, 49, 9)], [7.3, np.nan, np.nan]).assign(levels=[9, 4, np.nan])
    walls = building_walls(table, default_height_m=10.0)
    assert sorted(set(walls.height)) == [7.5, 10.0, 12.0]
    assert walls.assumed == 1
    assert len(walls.ends) == 12
    assert walls.around(np.array([5.0, 25.0, 100.0]), np.array([5.0, 5.0, 5.0])).tolist() == [0, 1, -1]


def test_a_field_counts_what_it_sums():
    sources = line_sources(roads([[(0, 0), (40, 0)]]), settings=NEAR)
    field = SoundField.of(sources, building_walls(None), NEAR)
    _, pairs = field.energies(np.array([20.0, 20.0, 900.0]), np.array([4.0, 200.0, 0.0]))
    # 40 m in pieces of 5 m near by, in one piece from 200 m, in none from beyond the reach
    assert pairs.tolist() == [8, 1, 0]
    assert field.sources.crs == CRS
