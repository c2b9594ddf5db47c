"""Travel times on disk: the same as in memory, gone on with after a stop, and never mixed with others."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest

import bykobling.transit.shards as module
from bykobling.errors import Cancelled, InputError, OutputError
from bykobling.transit import TransitSettings, Window, transit_network, transit_travel_time
from bykobling.transit.shards import write_travel_times
from tests.transit.random_towns import LENGTH_M, random_town
from tests.transit.tiny_feeds import points

PERCENTILES = (10, 50, 97.5)
WINDOW = Window("08:00", minutes=60, every_s=120)


@pytest.fixture(scope="module")
def place():
    transit, _ = random_town(11, stops=12, trips=40)
    homes = points([*range(100, LENGTH_M - 400, 400), (1000, 9000)])
    at = transit.network.snap(homes)
    assert at.reason.tolist() == ["ok"] * 9 + ["unlinked"]
    return transit, at, [f"home {i}" for i in range(10)]


def write(place, folder, **more):
    transit, at, ids = place
    given = {"window": WINDOW, "percentiles": PERCENTILES, "origin_ids": ids, "origins_per_shard": 4, **more}
    return write_travel_times(transit, at, at, folder, **given)


def read(folder):
    return pd.read_parquet(folder / "shards")


def bytes_of(written):
    return [path.read_bytes() for path in written.files]


@pytest.mark.parametrize("arrive_by", [False, True])
@pytest.mark.parametrize("whole", [False, True])
def test_shards_hold_what_the_matrix_holds(place, tmp_path, arrive_by, whole):
    transit, at, ids = place
    transit = replace(transit, settings=replace(transit.settings, whole_minutes=whole))
    window = replace(WINDOW, arrive_by=arrive_by)
    written = write((transit, at, ids), tmp_path, window=window)
    times = transit_travel_time(transit, at, at, window=window, percentiles=PERCENTILES).minutes
    table = read(tmp_path)
    assert table.columns.tolist() == ["origin_id", "destination_id", "p10", "p50", "p97.5"]
    assert (table.dtypes.iloc[2:] == np.float32).all()
    assert (written.written, written.kept, len(written.files)) == (3, 0, 3)
    reached = np.isfinite(times).any(axis=2)
    assert 10 < reached.sum() < 100
    assert len(table) == reached.sum()
    row, column = table["origin_id"].map(ids.index), table["destination_id"]
    np.testing.assert_array_equal(table.iloc[:, 2:].to_numpy(), times[row, column])
    assert np.isnan(times[reached]).any(), "pairs some departures do not reach are in it"
    schema = pq.read_schema(written.files[0])
    assert [str(each.type) for each in schema] == ["string", "int64", "float", "float", "float"]


def test_a_stopped_run_is_gone_on_with(place, tmp_path):
    whole = write(place, tmp_path / "whole")

    def stop(done, total, _):
        assert total == 10
        if done > 4:
            raise Cancelled

    with pytest.raises(Cancelled):
        write(place, tmp_path / "part", progress=stop)
    there = sorted(path.name for path in (tmp_path / "part").rglob("*") if path.is_file())
    assert there == ["manifest.json", "part-00000.parquet"]
    kept = (tmp_path / "part" / "shards" / "part-00000.parquet").stat()
    told = []
    again = write(place, tmp_path / "part", progress=lambda *news: told.append(news[:2]))
    assert (again.written, again.kept) == (2, 1)
    assert told[-1] == (10, 10)
    assert min(done for done, _ in told) > 4
    assert again.files[0].stat().st_mtime_ns == kept.st_mtime_ns
    assert bytes_of(again) == bytes_of(whole)
    assert (again.folder / "manifest.json").read_text() == (whole.folder / "manifest.json").read_text()


@pytest.mark.parametrize("harm", ["gone", "cut short", "of something else", "empty"])
def test_one_lost_shard_costs_that_shard(place, tmp_path, harm):
    written = write(place, tmp_path)
    before = bytes_of(written)
    victim = written.files[1]
    if harm == "gone":
        victim.unlink()
    elif harm == "of something else":
        pq.write_table(pq.read_table(victim).replace_schema_metadata({}), victim)
    else:
        victim.write_bytes(before[1][: len(before[1]) // 2] if harm == "cut short" else b"")
    again = write(place, tmp_path)
    assert (again.written, again.kept) == (1, 2)
    assert bytes_of(again) == before
    assert (write(place, tmp_path).written, write(place, tmp_path).kept) == (0, 3)


def test_times_of_something_else_are_not_mixed(place, tmp_path):
    transit, at, ids = place
    written = write(place, tmp_path)
    before = bytes_of(written)
    other = transit_network(transit.network, transit.timetable, settings=TransitSettings(max_rides=1))
    for word, call in {
        "window": lambda: write(place, tmp_path, window=Window("09:00")),
        "percentiles": lambda: write(place, tmp_path, percentiles=(50,)),
        "changes, settings": lambda: write((other, at, ids), tmp_path),
        "origins": lambda: write(place, tmp_path, origin_ids=ids[::-1]),
        "destinations": lambda: write(place, tmp_path, destination_ids=ids),
        "origins, destinations": lambda: write((transit, at.take(np.arange(10)[::-1]), ids), tmp_path),
        "origins_per_shard, shards": lambda: write(place, tmp_path, origins_per_shard=5),
        "changes": lambda: write((replace(transit, walk_s=transit.walk_s + 1), at, ids), tmp_path),
    }.items():
        with pytest.raises(InputError, match=rf"manifest\.json.*another {word}.*resume=False"):
            call()
    assert bytes_of(written) == before
    replaced = write(place, tmp_path, percentiles=(50,), origins_per_shard=5, resume=False)
    assert (replaced.written, replaced.kept) == (2, 0)
    assert sorted(path.name for path in (tmp_path / "shards").iterdir()) == ["part-00000.parquet", "part-00001.parquet"]
    assert read(tmp_path).columns.tolist() == ["origin_id", "destination_id", "p50"]


def test_a_folder_of_somebody_else_is_left_alone(place, tmp_path):
    (tmp_path / "manifest.json").write_text("[1, 2]")
    with pytest.raises(InputError, match="not one of bykobling"):
        write(place, tmp_path)
    assert (tmp_path / "manifest.json").read_text() == "[1, 2]"
    (tmp_path / "manifest.json").unlink()
    (tmp_path / "shards").mkdir()
    (tmp_path / "shards" / "part-00000.parquet").write_text("mine")
    with pytest.raises(InputError, match="shards without a manifest"):
        write(place, tmp_path)
    assert (tmp_path / "shards" / "part-00000.parquet").read_text() == "mine"


def test_the_manifest_tells_what_the_times_are_of(place, tmp_path):
    write(place, tmp_path)
    manifest = json.loads((tmp_path / "manifest.json").read_text())
    assert manifest["network"] == place[0].network.fingerprint()
    assert manifest["timetable"] == place[0].timetable.fingerprint()
    assert manifest["window"] == {"first": "08:00", "minutes": 60, "every_s": 120, "arrive_by": False}
    assert manifest["settings"]["max_rides"] == place[0].settings.max_rides
    assert manifest["percentiles"] == [10, 50, 97.5]
    assert (manifest["origins"]["count"], manifest["origins_per_shard"], manifest["shards"]) == (10, 4, 3)


def test_a_full_disk_leaves_finished_shards_and_nothing_else(place, tmp_path, monkeypatch):
    real, calls = module.os.fsync, []

    def full(number):
        calls.append(number)
        if len(calls) > 2:  # the manifest and the first shard fit
            raise OSError(28, "No space left on device")
        real(number)

    monkeypatch.setattr(module.os, "fsync", full)
    with pytest.raises(OutputError, match=r"No space left.*Remedy.*finished shards are kept"):
        write(place, tmp_path)
    assert sorted(path.name for path in (tmp_path / "shards").iterdir()) == ["part-00000.parquet"]
    monkeypatch.undo()
    assert (write(place, tmp_path).written, write(place, tmp_path).kept) == (2, 3)
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError, match="cannot be written"):
        write(place, tmp_path / "file")


def test_large_shards_are_laid_out_in_groups(place, tmp_path, monkeypatch):
    whole = read(write(place, tmp_path / "a", origins_per_shard=None).folder)
    monkeypatch.setattr(module, "_GROUP", 20)
    written = write(place, tmp_path / "b", origins_per_shard=None)
    assert len(written.files) == 1
    assert pq.ParquetFile(written.files[0]).num_row_groups == 5
    pd.testing.assert_frame_equal(read(written.folder), whole)
    monkeypatch.setattr(module, "_CELLS", 90)
    assert len(write(place, tmp_path / "c", origins_per_shard=None).files) == 4  # three origins of thirty times each


def test_faults_are_told_at_the_door(place, tmp_path):
    for ids, rule in (
        (["a"] * 10, "told before, the first is 'a'"),
        (list("abc"), "there are 3 for 10 places"),
        ([*range(9), None], "1 are missing"),
        ([*range(9), "x"], "several kinds"),
        ([i / 2 for i in range(10)], "of type double"),
    ):
        with pytest.raises(InputError, match=f"origin_ids.*{rule}"):
            write(place, tmp_path / "x", origin_ids=ids)
    with pytest.raises(InputError, match="origins_per_shard"):
        write(place, tmp_path / "x", origins_per_shard=0)
    with pytest.raises(InputError, match="percentiles"):
        write(place, tmp_path / "x", percentiles=(50, 25))
    assert not (tmp_path / "x").exists()


def test_nobody_is_nothing(place, tmp_path):
    transit, at, _ = place
    none = at.take(np.zeros(0, int))
    assert write_travel_times(transit, none, at, tmp_path / "a").files == ()
    written = write_travel_times(transit, at, none, tmp_path / "b")
    assert len(read(written.folder)) == 0
