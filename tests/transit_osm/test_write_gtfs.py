"""A feed as a file: whole, or the one before; equal tables, equal bytes."""

from __future__ import annotations

import io
import time
import zipfile

import pandas as pd
import pytest

from bykobling.errors import InputError, OutputError
from bykobling.export import write_gtfs
from bykobling.made_feed import gtfs_from_osm
from tests.transit_osm.conftest import stop, street


@pytest.fixture
def made(toy):
    street(toy, 11, [1, 2, 3])
    stop(toy, 101, 0, 0, 'Køge, "Havn"')
    stop(toy, 102, 2, 0, "=Torvet")
    toy.relation(1, [("node", 101, ""), ("node", 102, ""), ("way", 11, "")], type="route", route="bus", ref="007")
    return gtfs_from_osm(toy.write())


def test_what_is_written_is_read_back(made, tmp_path):
    file = write_gtfs(made.tables, tmp_path / "new folder" / "made.zip")
    with zipfile.ZipFile(file) as archive:
        assert archive.testzip() is None
        back = {
            name.removesuffix(".txt"): pd.read_csv(io.BytesIO(archive.read(name)), dtype=str, keep_default_na=False)
            for name in archive.namelist()
        }
    assert list(back) == [
        "agency", "stops", "routes", "trips", "stop_times", "calendar", "frequencies", "shapes", "feed_info",
        "attributions",
    ]  # fmt: skip
    for name, table in made.tables.items():
        written = table.astype(object).where(table.notna(), "").astype(str)
        pd.testing.assert_frame_equal(back[name], written, check_dtype=False)
    # a feed is for programs: nothing is disarmed as in a table for a spreadsheet
    assert back["stops"]["stop_name"].tolist() == ['Køge, "Havn"', "=Torvet"]
    assert back["routes"]["route_short_name"].tolist() == ["007"]


def test_equal_tables_give_equal_bytes(made, tmp_path):
    first = write_gtfs(made.tables, tmp_path / "a.zip").read_bytes()
    # the clock of a zip ticks every two seconds
    time.sleep(2.1)
    turned = dict(reversed(list(made.tables.items())))
    assert write_gtfs(turned, tmp_path / "b.zip").read_bytes() == first


def test_other_tables_follow_by_name(tmp_path):
    table = pd.DataFrame({"a": [1]})
    file = write_gtfs({"zones": table, "areas": table, "stops": table}, tmp_path / "made.zip")
    assert zipfile.ZipFile(file).namelist() == ["stops.txt", "areas.txt", "zones.txt"]


def test_the_feed_before_survives_a_failure(made, tmp_path):
    class Broken(pd.DataFrame):
        def to_csv(self, *_args, **_options):
            raise OSError(28, "No space left on device")

    file = tmp_path / "made.zip"
    file.write_bytes(b"the feed before")
    with pytest.raises(OutputError, match="free some space"):
        write_gtfs({**made.tables, "trips": Broken({"a": [1]})}, file)
    assert file.read_bytes() == b"the feed before"
    assert [path.name for path in tmp_path.iterdir() if path.suffix != ".osm"] == ["made.zip"]


def test_names_and_tables_are_checked(made, tmp_path):
    with pytest.raises(InputError, match=r"a GTFS feed is a \.zip file"):
        write_gtfs(made.tables, tmp_path / "made.txt")
    with pytest.raises(InputError, match="no table to write"):
        write_gtfs({}, tmp_path / "made.zip")
    assert not (tmp_path / "made.zip").exists()
