"""Progress of the whole run, and its provenance."""

from __future__ import annotations

import hashlib
import json

import pytest

from bykobling.errors import Cancelled
from bykobling.study.config import read_study
from bykobling.study.provenance import input_record, run_record
from bykobling.study.steps import TOTAL, Steps


def test_progress_rises_from_nothing_to_all():
    seen = []
    steps = Steps(lambda *step: seen.append(step), {"a": 1, "b": 3})
    with steps.step("a", "reading") as inner:
        inner(1, 2, "half")
        inner(5, 2, "more than all")
    with steps.step("b", "measuring") as inner:
        inner(0, 0, "")
        inner(1, 3, "")
    steps.finish()
    assert [done for done, _, _ in seen] == [0, 125, 250, 250, 250, 500, 1000]
    assert {total for _, total, _ in seen} == {TOTAL}
    assert seen[1][2] == "reading: half"
    assert list(steps.seconds) == ["a", "b"]


def test_what_progress_raises_stops_the_step():
    def stop(*_):
        raise Cancelled

    steps = Steps(stop, {"a": 1})
    with pytest.raises(Cancelled), steps.step("a", ""):
        pytest.fail("the step began")
    assert steps.seconds == {}


def test_without_progress_all_is_silent():
    steps = Steps(None, {"a": 1})
    with steps.step("a", "x") as inner:
        inner(1, 1, "")
    steps.finish()
    assert "a" in steps.seconds


def test_the_checksum_is_the_file_s(tmp_path):
    path = tmp_path / "x.bin"
    path.write_bytes(b"abc" * 1_000_000)
    record = input_record(path)
    assert record == {"file": "x.bin", "size_bytes": 3_000_000, "sha256": hashlib.sha256(path.read_bytes()).hexdigest()}


def test_the_record_is_plain_and_tells_defaults(tmp_path):
    (tmp_path / "city.osm.pbf").write_bytes(b"x")
    (tmp_path / "areas.gpkg").write_bytes(b"y")
    path = tmp_path / "study.toml"
    path.write_text('[osm]\nfile = "city.osm.pbf"\n[areas]\nfile = "areas.gpkg"\n', encoding="utf-8")
    record = run_record(read_study(path), seconds={"read": 1.5}, crs="EPSG:25832", counts={"areas": 2})
    assert json.loads(json.dumps(record, allow_nan=False)) == record
    assert [one["file"] for one in record["inputs"]] == ["study.toml", "city.osm.pbf", "areas.gpkg"]
    assert record["parameters"]["walk"]["profile"]["speed_kmh"] == 4.8
    assert record["parameters"]["rules"]["road_classes"] == ["motorway", "trunk", "primary"]
    assert record["versions"]["bykobling"]
    assert str(tmp_path) not in json.dumps(record)
