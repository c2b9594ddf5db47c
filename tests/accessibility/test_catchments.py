"""Isochrones, held to sampled points of every street: what is near in time is covered, what is far is not."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import shapely
import shapely.ops
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bykobling.accessibility import isochrones
from bykobling.accessibility.stretches import reached_stretches, substrings
from bykobling.errors import CrsError, InputError
from bykobling.network import Network, costs_within, travel_time_matrix
from bykobling.network.snapping import make_snap
from tests.network.streets import places, random_streets
from tests.toys import CRS, grid, streets_table

SEEDS = st.integers(0, 10_000)
STEP_M = 4.0


def samples(network):
    """Put a place every 4 m on every edge: (snap, point, edge, share)."""
    counts = np.ceil(network.edge_length_m / STEP_M).astype(int) + 1
    edge = np.repeat(np.arange(network.edge_count), counts)
    share = np.concatenate([np.linspace(0, 1, count) for count in counts])
    at = make_snap(
        network,
        edge.astype(np.int32),
        share * network.edge_length_m[edge],
        np.zeros(len(edge)),
        np.full(len(edge), "ok", dtype=object),
    )
    points = shapely.line_interpolate_point(network.edge_geometry[edge], share, normalized=True)
    return at, points, edge, share


@given(SEEDS, st.sampled_from(["walk", "bike"]), st.floats(5, 300))
@settings(max_examples=60, deadline=None)
def test_stretches_end_where_time_is_up(seed, mode, limit_s):
    network = Network.from_streets(random_streets(seed), mode=mode)
    home = places(network, seed).take([seed % 9])
    at, _, edge, share = samples(network)
    times = travel_time_matrix(network, home, at)[0]
    costs = costs_within(network, home, limit_s)
    node_s = np.full(network.node_count, np.inf, np.float32)
    node_s[costs.node] = costs.seconds
    found = reached_stretches(network, node_s, home, limit_s)
    assert (found.low <= found.high).all()
    slack = 0.01 / np.maximum(network.edge_length_m[edge], 0.01)
    held = np.zeros(len(edge), bool)
    for e, low, high in zip(found.edge, found.low, found.high, strict=True):
        held |= (edge == e) & (share >= low - slack) & (share <= high + slack)
    sure = np.abs(times - limit_s) > 0.05
    # against a one-way street one stands at its end, and no step into it
    sure &= (share > 0) & (share < 1)
    np.testing.assert_array_equal(held[sure], (times <= limit_s)[sure])


@given(SEEDS, st.sampled_from(["walk", "bike"]), st.floats(8, 40), st.sampled_from([0, 1_000, 50_000]))
@settings(max_examples=40, deadline=None)
def test_no_street_beyond_the_cutoff_is_covered_but_beside_a_reached_one(seed, mode, width_m, fill_m2):
    network = Network.from_streets(random_streets(seed), mode=mode)
    homes = places(network, seed).take([0, 4])
    at, points, _, _ = samples(network)
    times = travel_time_matrix(network, homes, at)
    drawn = isochrones(network, homes, cutoffs_min=[2, 0.5, 1], width_m=width_m, fill_m2=fill_m2)
    assert drawn["origin"].tolist() == [0, 0, 0, 1, 1, 1]
    assert drawn["cutoff_min"].tolist() == [0.5, 1, 2] * 2
    assert drawn.geometry.is_valid.all()
    assert drawn.crs == network.crs
    for row in drawn.itertuples():
        time = times[row.origin]
        inside = shapely.covers(row.geometry, points)
        assert inside[time < row.cutoff_min * 60 - 0.05].all()
        reached = shapely.MultiPoint(points[time <= row.cutoff_min * 60])
        far = inside & (time > row.cutoff_min * 60 + 0.05)
        assert not far.any() or (shapely.distance(points[far], reached) <= width_m + STEP_M).all()
    for _, one in drawn.groupby("origin"):
        for small, large in zip(one.geometry.iloc[:-1], one.geometry.iloc[1:], strict=True):
            assert small.difference(large).area < 1e-6


@given(SEEDS, st.floats(2, 60), st.floats(0, 360))
@settings(max_examples=40, deadline=None)
def test_walls_are_covered_only_where_a_reached_street_goes_through(seed, thickness, x):
    network = Network.from_streets(random_streets(seed))
    homes = places(network, seed).take([0])
    at, points, _, _ = samples(network)
    times = travel_time_matrix(network, homes, at)[0]
    walls = np.array([shapely.box(x, -200, x + thickness, 600), shapely.box(x + 30, 100, x + 200, 100 + thickness)])
    wall = shapely.union_all(walls)
    drawn = isochrones(network, homes, cutoffs_min=[1, 2], walls=walls, crossing_m=5)
    for row in drawn.itertuples():
        time_up = row.cutoff_min * 60
        through = points[(times <= time_up) & shapely.intersects(wall.buffer(STEP_M), points)]
        allowed = shapely.buffer(shapely.MultiPoint(through), 5 + STEP_M + 0.1)
        assert row.geometry.intersection(wall).difference(allowed).area < 1e-6
        inside = shapely.covers(row.geometry.buffer(1e-6), points)
        assert inside[times < time_up - 0.05].all()
        # what is drawn is connected with a reached street on its own side
        for part in shapely.get_parts(row.geometry.difference(wall.buffer(1e-6))):
            assert part.area < 0.5 or part.distance(shapely.MultiPoint(points[times <= time_up])) <= STEP_M
    assert drawn.geometry.iloc[0].difference(drawn.geometry.iloc[1]).area < 1e-6


def plainly(network, home, cutoff_min, *, width_m):
    """Draw an isochrone without holes filled or walls: every stretch by itself, then all united."""
    costs = costs_within(network, home, cutoff_min * 60)
    node_s = np.full(network.node_count, np.inf, np.float32)
    node_s[costs.node] = costs.seconds
    lines = reached_stretches(network, node_s, home, cutoff_min * 60).lines(network)
    # GEOS loses the tip of a line that turns back and ends where it began: such a line is drawn in two
    shapes = []
    for line in lines:
        corner = shapely.get_coordinates(line)
        cut = len(corner) // 2 if len(corner) > 2 and (corner[0] == corner[-1]).all() else 0
        shapes += [line] if not cut else [shapely.LineString(part) for part in (corner[: cut + 1], corner[cut:])]
    return shapely.union_all(shapely.buffer(shapes, width_m, quad_segs=4))


def assert_alike(one, other, *, width_m):
    """Hold shapes to each other but for their arcs.

    An arc of four pieces a quarter lies up to 1.9 % of its radius inside the circle, and two that are turned against
    each other, an end cap and a bend, by twice that.
    """
    for inner, outer in ((one, other), (other, one)):
        assert inner.difference(outer.buffer(0.04 * width_m)).area < 1e-6


@given(SEEDS, st.sampled_from(["walk", "bike"]), st.floats(8, 40))
@example(2461, "walk", 20.0)
@settings(max_examples=25, deadline=None)
def test_shared_branches_draw_what_edge_after_edge_draws(seed, mode, width_m):
    network = Network.from_streets(random_streets(seed), mode=mode)
    homes = places(network, seed)
    drawn = isochrones(network, homes, cutoffs_min=[0.5, 2], width_m=width_m, fill_m2=0)
    for row in drawn[homes.linked[drawn["origin"]]].itertuples():
        plain = plainly(network, homes.take([row.origin]), row.cutoff_min, width_m=width_m)
        assert_alike(row.geometry, plain, width_m=width_m)


@given(SEEDS, st.sampled_from(["walk", "bike"]), st.booleans())
@example(986, "walk", False)
@settings(max_examples=25, deadline=None)
def test_the_merged_catchment_is_what_any_origin_reaches(seed, mode, walled):
    network = Network.from_streets(random_streets(seed), mode=mode)
    homes = places(network, seed)
    walls = np.array([shapely.box(90, -200, 99, 600)]) if walled else None
    options = {"cutoffs_min": [0.5, 1, 2], "fill_m2": 0, "walls": walls}
    each = isochrones(network, homes, **options).dissolve("cutoff_min").geometry
    merged = isochrones(network, homes, merged=True, **options)
    assert merged["origin"].tolist() == [-1] * 3
    assert merged["cutoff_min"].tolist() == [0.5, 1, 2]
    assert merged.geometry.is_valid.all()
    for one, other in zip(each, merged.geometry, strict=True):
        assert_alike(one, other, width_m=25)
    for small, large in zip(merged.geometry.iloc[:-1], merged.geometry.iloc[1:], strict=True):
        assert small.difference(large).area < 1e-6


def test_merged_holes_are_filled_and_unlinked_origins_left_out():
    homes = TWO_SIDES.snap(shapely.points([(0, 0), (0, -900), (300, 0)]))
    told = []
    drawn = isochrones(TWO_SIDES, homes, cutoffs_min=[1, 2], merged=True, progress=lambda *step: told.append(step))
    assert told == [(1, 1, "isochrones")]
    assert drawn.geometry.iloc[0].geom_type == "MultiPolygon"
    assert drawn.geometry.iloc[1].covers(shapely.LineString([(0, 0), (300, 0)]))
    alone = isochrones(TWO_SIDES, homes.take([1]), cutoffs_min=[1, 2], merged=True)
    assert alone.geometry.isna().tolist() == [True, True]
    nobody = isochrones(TWO_SIDES, homes.take(np.zeros(0, int)), cutoffs_min=[1], merged=True)
    assert nobody.geometry.isna().tolist() == [True]


def test_many_origins_are_drawn_as_each_alone():
    network = Network.from_streets(random_streets(7))
    homes = places(network, 7).take(np.arange(150) % 9)
    together = isochrones(network, homes, cutoffs_min=[1])
    assert together["origin"].tolist() == list(range(150))
    for i in range(9):
        alone = isochrones(network, homes.take([i]), cutoffs_min=[1]).geometry.iloc[0]
        for shape in together.geometry[together["origin"] % 9 == i]:
            assert (shape is None) == (alone is None)
            assert alone is None or shape.symmetric_difference(alone).area < 1e-6


@given(SEEDS, st.floats(0, 1), st.floats(0, 1))
@settings(max_examples=50, deadline=None)
def test_pieces_are_cut_as_shapely_cuts_them_one_by_one(seed, one, other):
    rng = np.random.default_rng(seed)
    lines = np.array([shapely.LineString(rng.integers(0, 99, (n, 2))) for n in (2, 3, 9)])
    low, high = min(one, other), max(one, other)
    found = substrings(lines, np.full(3, low), np.full(3, high))
    for line, piece in zip(lines, found, strict=True):
        plain = shapely.ops.substring(line, low, high, normalized=True)
        assert piece.length == pytest.approx(plain.length, abs=1e-6)
        assert shapely.hausdorff_distance(piece, plain) < 1e-6
    assert len(substrings(lines[:0], np.empty(0), np.empty(0))) == 0


def test_an_edge_without_length_is_a_point_with_a_width():
    #  a crossing of no length beside a wall: what is drawn round it stays on its side
    network = Network.from_streets(streets_table([((0, 0), (100, 0)), ((100, 0), (100, 0)), ((100, 0), (200, 0))]))
    wall = np.array([shapely.box(-50, 10, 250, 20)])
    drawn = isochrones(network, network.snap([shapely.Point(0, 0)]), cutoffs_min=[4], walls=wall).geometry.iloc[0]
    assert drawn.bounds[3] == pytest.approx(10)


#  north street  y = 30  ------------------------------+   joined at x = 300 by a bridge over the railway
#  railway       y = 10..20  ==========================|
#  south street  y = 0   home--------------------------+
RAILWAY = np.array([shapely.box(-100, 10, 400, 20)])
TWO_SIDES = Network.from_streets(
    streets_table([((0, 0), (300, 0)), ((300, 0), (300, 30), {"bridge": True}), ((300, 30), (0, 30))])
)


def test_the_street_behind_the_railway_is_not_reached_though_it_is_near():
    home = TWO_SIDES.snap([shapely.Point(0, 0)])
    blind, seeing = (
        isochrones(TWO_SIDES, home, cutoffs_min=[2], walls=walls).geometry.iloc[0] for walls in (None, RAILWAY)
    )
    across = shapely.Point(100, 22)
    assert blind.covers(across)
    assert not seeing.covers(across)
    assert seeing.bounds[3] == pytest.approx(10)
    assert seeing.covers(shapely.Point(100, 9))
    # 2 min are 160 m, 5 min 400 m: over the bridge and 70 m back
    later = isochrones(TWO_SIDES, home, cutoffs_min=[5], walls=RAILWAY).geometry.iloc[0]
    assert later.covers(shapely.LineString([(300, 0), (300, 30), (231, 30)]))
    assert not later.covers(across)
    bridge = later.intersection(RAILWAY[0].buffer(-0.01))
    assert bridge.bounds == pytest.approx((295, 10.01, 305, 19.99))


def test_a_street_is_cut_at_the_metre_and_drawn_round_its_end():
    drawn = isochrones(TWO_SIDES, TWO_SIDES.snap([shapely.Point(100, 0)]), cutoffs_min=[1], width_m=10)
    assert drawn.total_bounds.tolist() == pytest.approx([10, -10, 190, 10])
    assert drawn.geometry.iloc[0].area == pytest.approx(160 * 20 + np.pi * 100, rel=0.01)


BLOCK = grid(2, 2, spacing=150)  # a block of 150 m; the hole inside is 100 m wide


def block_drawn(*, pieces=(), walls=None, **options):
    network = Network.from_streets(streets_table([*BLOCK, *pieces]))
    home = network.snap([shapely.Point(0, 0)])
    return isochrones(network, home, cutoffs_min=[4], walls=walls, **options).geometry.iloc[0]


def test_a_block_people_walk_all_round_is_closed():
    assert len(block_drawn().interiors) == 0
    assert len(block_drawn(fill_m2=9_000).interiors) == 1
    assert len(block_drawn(fill_m2=0).interiors) == 1


def test_a_block_with_a_street_out_of_reach_in_it_stays_open():
    # the lane starts at the far side and is a step into the block too long
    lane = ((150, 75), (60, 75))
    pieces = [((150, 0), (150, 75)), ((150, 75), (150, 150)), lane]
    around = [piece for piece in BLOCK if piece[:2] != ((150.0, 0.0), (150.0, 150.0))]
    network = Network.from_streets(streets_table([*around, *pieces]))
    home = network.snap([shapely.Point(0, 75)])
    for cutoff, holes in ((3.9, 1), (6, 0)):
        drawn = isochrones(network, home, cutoffs_min=[cutoff]).geometry.iloc[0]
        assert len(drawn.interiors) == holes
        assert drawn.covers(shapely.Point(100, 75)) == (holes == 0)


def test_a_block_with_a_pond_in_it_stays_open():
    pond = np.array([shapely.box(70, 70, 80, 80)])
    assert len(block_drawn(walls=pond).interiors) == 1
    assert len(block_drawn(walls=np.array([shapely.box(500, 500, 600, 600)])).interiors) == 0


def test_who_does_not_reach_the_street_has_an_empty_shape_and_who_is_unlinked_none():
    homes = TWO_SIDES.snap(shapely.points([(0, -100), (0, -900)]))
    drawn = isochrones(TWO_SIDES, homes, cutoffs_min=[1, 2])
    assert drawn.geometry.iloc[0].is_empty
    assert not drawn.geometry.iloc[1].is_empty
    assert drawn.geometry.iloc[2:].isna().all()
    assert len(isochrones(TWO_SIDES, homes.take(np.zeros(0, int)), cutoffs_min=[1, 2])) == 0


def test_walls_larger_than_a_cell_broken_and_empty_are_walls_all_the_same():
    home = TWO_SIDES.snap([shapely.Point(0, 0)])
    long = shapely.box(-3_000, 10, 3_000, 20)
    bow = shapely.Polygon([(900, 900), (1000, 1000), (1000, 900), (900, 1000)])
    walls = gpd.GeoSeries([long, bow, shapely.Polygon()], crs=CRS)
    drawn = isochrones(TWO_SIDES, home, cutoffs_min=[2], walls=walls).geometry.iloc[0]
    assert drawn.bounds[3] == pytest.approx(10)


def test_progress_is_told_once_an_origin_and_inputs_stay():
    told = []
    walls = RAILWAY.copy()
    before = TWO_SIDES.fingerprint()
    homes = TWO_SIDES.snap(shapely.points([(0, 0), (0, -900)]))
    isochrones(TWO_SIDES, homes, cutoffs_min=[1], walls=walls, progress=lambda *step: told.append(step))
    assert told == [(1, 2, "isochrones"), (2, 2, "isochrones")]
    assert TWO_SIDES.fingerprint() == before
    assert (walls == RAILWAY).all()


def test_what_cannot_be_drawn_is_refused():
    home = TWO_SIDES.snap([shapely.Point(0, 0)])
    walls = np.array([RAILWAY[0], shapely.Point(0, 0)])
    with pytest.raises(InputError, match=r"(?s)width_m.*crossing_m.*cutoffs_min.*fill_m2.*walls, row 1"):
        isochrones(TWO_SIDES, home, cutoffs_min=[0], width_m=0, crossing_m=-1, fill_m2=-1, walls=walls)
    with pytest.raises(InputError, match="one or more"):
        isochrones(TWO_SIDES, home, cutoffs_min=[])
    with pytest.raises(CrsError):
        isochrones(TWO_SIDES, home, cutoffs_min=[1], walls=gpd.GeoSeries(RAILWAY, crs=25833))
