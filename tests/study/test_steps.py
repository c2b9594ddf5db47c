"""Progress of the whole run, and its provenance."""

from __future__ import annotations

import hashlib
import json
import threading

import pytest

from bykobling.errors import Cancelled
from bykobling.study.config import read_study
from bykobling.study.provenance import input_record, run_record
from bykobling.study.steps import TOTAL, Steps, awaited, beside


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


def test_two_works_go_on_at_once_and_both_are_handed_back():
    met = threading.Barrier(2, timeout=30)

    def work(progress):
        progress(0, 1, "")
        met.wait()
        return threading.get_ident()

    with beside(work) as other:
        met.wait()
    assert other.result() != threading.get_ident()


def test_work_beside_stops_when_the_body_does():
    begun, stopped = threading.Event(), threading.Event()

    def work(progress):
        begun.set()
        try:
            while not stopped.wait(0.001):
                progress(0, 1, "")
        except Cancelled:
            stopped.set()
            raise

    with pytest.raises(ValueError, match="of the body"), beside(work):  # noqa: PT012 - it has to begin first
        assert begun.wait(30)
        raise ValueError("of the body")
    assert stopped.is_set()


def test_who_waits_for_what_is_beside_can_stop_it():
    stopped = threading.Event()

    def endless(progress):
        try:
            while True:
                progress(0, 1, "")
        except Cancelled:
            stopped.set()
            raise

    def stop(_done, _total, _message):
        raise Cancelled("enough")

    with pytest.raises(Cancelled, match="enough"), beside(endless) as other:
        awaited(other, stop)
    assert stopped.is_set()


def test_what_goes_wrong_beside_is_told_to_who_asks():
    def work(_):
        raise ValueError("beside")

    with pytest.raises(ValueError, match="beside"), beside(work) as other:
        other.result()


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
