"""Blank times against a plain twin, and properties that hold for any feed."""

from __future__ import annotations

import contextlib
import itertools
import math
import tempfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bykobling.errors import BykoblingError, InputError
from bykobling.gtfs import read_gtfs
from bykobling.gtfs.times import seconds
from tests.gtfs.feeds import SOUND, files, folder, zipped

HEADER = "trip_id,arrival_time,departure_time,stop_id,stop_sequence,shape_dist_traveled\n"


def clock(total):
    return f"{total // 3600:02d}:{total // 60 % 60:02d}:{total % 60:02d}"


def read(times, **options):
    with tempfile.TemporaryDirectory() as place:
        return read_gtfs(folder(Path(place) / "f", stop_times=HEADER + times), **options)


@st.composite
def trips(draw):
    """Calls of one trip: (arrival, departure, distance) with blanks, the first and last timed."""
    count = draw(st.integers(2, 8))
    gaps = draw(st.lists(st.integers(0, 3000), min_size=2 * count, max_size=2 * count))
    moments = list(itertools.accumulate(gaps))
    timed = [True, *draw(st.lists(st.booleans(), min_size=count - 2, max_size=count - 2)), True]
    distance = draw(st.lists(st.one_of(st.none(), st.integers(0, 5)), min_size=count, max_size=count))
    if draw(st.booleans()):
        distance = sorted(one or 0 for one in distance)
    return [
        (moments[2 * i], moments[2 * i + 1], distance[i]) if timed[i] else (None, None, distance[i])
        for i in range(count)
    ]


def metres_to(call):
    """Add up great circles from stop to stop: a b c a b c ..."""
    places = [(math.radians(55.70 + 0.01 * (j % 3)), math.radians(12.50 + 0.01 * (j % 3))) for j in range(call + 1)]
    return sum(
        2 * math.asin(math.sqrt(math.sin((d - b) / 2) ** 2 + math.cos(b) * math.cos(d) * math.sin((c - a) / 2) ** 2))
        for (b, a), (d, c) in itertools.pairwise(places)
    )


def twin(calls):
    """Interpolate one trip slowly."""
    distances = [distance for _, _, distance in calls]
    by_distance = None not in distances and all(a <= b for a, b in itertools.pairwise(distances))
    out = []
    for i, (arrival, departure, _) in enumerate(calls):
        if arrival is not None:
            out.append((arrival, departure))
            continue
        before = max(j for j in range(i) if calls[j][0] is not None)
        after = min(j for j in range(i, len(calls)) if calls[j][0] is not None)
        along = distances if by_distance else [metres_to(j) for j in range(len(calls))]
        if along[after] > along[before]:
            share = (along[i] - along[before]) / (along[after] - along[before])
        else:
            share = (i - before) / (after - before)
        moment = round(calls[before][1] + share * (calls[after][0] - calls[before][1]))
        out.append((moment, moment))
    return out


@settings(max_examples=60, deadline=None)
@given(st.lists(trips(), min_size=2, max_size=2))
def test_blank_times_against_the_twin(both):
    lines = [
        f"{name},{'' if arrival is None else clock(arrival)},{'' if arrival is None else clock(departure)},"
        f"{'abc'[i % 3]},{i * 7},{'' if distance is None else distance}\n"
        for name, calls in zip("tu", both, strict=True)
        for i, (arrival, departure, distance) in enumerate(calls)
    ]
    feed = read("".join(lines))
    for trip, calls in enumerate(both):
        mine = feed.stop_times[feed.stop_times["trip"] == trip]
        got = np.stack([mine["arrival_s"], mine["departure_s"]], axis=1)
        # half a second may round either way
        assert np.abs(got - np.array(twin(calls))).max() <= 1
        assert mine["timed"].tolist() == [arrival is not None for arrival, *_ in calls]
        flat = got.ravel()
        assert (np.diff(flat) >= 0).all()


def test_by_distance_and_by_counting():
    by_distance = "t,8:00:00,8:00:00,a,1,0\nt,,,b,2,300\nt,8:10:00,8:10:00,c,3,1000\n"
    assert read(by_distance).stop_times["arrival_s"].tolist() == [28800, 28980, 29400]
    # a distance that falls, or is missing anywhere in the trip, tells nothing
    for odd in (
        by_distance.replace(",1000", ",200"),
        by_distance.replace(",0\n", ",\n"),
        by_distance.replace("300", "far"),
    ):
        assert read(odd).stop_times["arrival_s"].tolist() == [28800, 29100, 29400]
    # then the stops' places do: a to c is twice as far as c to b
    by_place = by_distance.replace(",b,", ",x,").replace(",c,", ",b,").replace(",x,", ",c,").replace("300", "")
    assert read(by_place).stop_times["arrival_s"].tolist() == [28800, 29200, 29400]


@given(st.integers(0, 72 * 3600))
def test_times_there_and_back(total):
    assert seconds(clock(total)) == total
    assert seconds(clock(total).removeprefix("0")) == total


@pytest.mark.parametrize(
    "odd",
    [
        "",
        "8:00",
        "8:00:0",
        "08:60:00",
        "08:00:60",
        "-1:00:00",
        "8.00.00",
        "\N{ARABIC-INDIC DIGIT ZERO}8:00:00",
        "72:00:01",
        "100:00:00",
        "8:00:00\n",
    ],
)
def test_what_is_no_time(odd):
    assert seconds(odd) is None


cells = st.sampled_from(
    [
        "",
        "a",
        "b",
        "t",
        "u",
        "5C",
        "week",
        "0",
        "1",
        "2",
        "-1",
        "8:00:00",
        "25:61:00",
        "20260302",
        "nan",
        "1e9",
        '"',
        "\n",
        "é",
        "\x00",
        " ",
    ]
)


@settings(max_examples=150, deadline=None)
@given(
    name=st.sampled_from(sorted(SOUND)),
    places=st.lists(st.tuples(st.integers(0, 10**4), cells), min_size=1, max_size=6),
    sound_only=st.booleans(),
)
def test_any_slip_is_told_or_left_out(name, places, sound_only):
    """Whatever cell is replaced by whatever: a feed whose references hold, or an error of ours."""
    text = SOUND[name]
    for place, cell in places:
        parts = text.split(",")
        parts[place % len(parts)] = cell
        text = ",".join(parts)
    with tempfile.TemporaryDirectory() as where:
        try:
            feed = read_gtfs(folder(Path(where) / "f", **{name.removesuffix(".txt"): text}), sound_only=sound_only)
        except BykoblingError:
            return
    assert len(feed.trips)
    assert feed.stop_times["stop"].between(0, len(feed.stops) - 1).all()
    assert feed.trips["route"].between(0, len(feed.routes) - 1).all()
    assert (feed.stop_times["departure_s"] >= feed.stop_times["arrival_s"]).all()
    assert np.isfinite(feed.stops[["lon", "lat"]]).all(axis=None)


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=300), st.integers(0, 10**6), st.booleans())
def test_any_bytes_are_told(noise, place, whole):
    """Bytes thrown into a zip, or instead of one, are an error of ours or do no harm."""
    with tempfile.TemporaryDirectory() as where:
        path = zipped(Path(where) / "f.zip")
        content = path.read_bytes()
        at = place % len(content)
        path.write_bytes(noise if whole else content[:at] + noise + content[at + len(noise) :])
        with contextlib.suppress(BykoblingError):
            assert len(read_gtfs(path, sound_only=True).trips)


def test_the_sound_rows_of_a_sound_feed_are_all(tmp_path):
    strict, lenient = (read_gtfs(folder(tmp_path / "f"), sound_only=sound_only) for sound_only in (False, True))
    for name in ("stops", "routes", "trips", "stop_times", "services", "exceptions"):
        assert getattr(strict, name).equals(getattr(lenient, name))
    assert set(files()) == set(SOUND)
    with pytest.raises(InputError):
        read_gtfs(folder(tmp_path / "g", stop_times=HEADER))
