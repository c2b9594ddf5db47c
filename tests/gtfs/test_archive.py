"""Opening feeds: what is accepted, and what hostile or damaged archives are refused with."""

from __future__ import annotations

import struct
import warnings
import zipfile

import pytest

from bykobling.errors import ReadError
from bykobling.gtfs import archive, read_gtfs
from tests.gtfs.feeds import files, folder, zipped


def refused(path, match, **options):
    with pytest.raises(ReadError, match=match) as caught:
        read_gtfs(path, **options)
    assert "Remedy:" in str(caught.value)


@pytest.mark.parametrize("inside", ["", "feed/", "a/b/"])
def test_zip_and_zipped_folder(tmp_path, inside):
    assert len(read_gtfs(zipped(tmp_path / "f.zip", inside=inside)).trips) == 2


def test_folder_and_folder_in_folder(tmp_path):
    folder(tmp_path / "outer" / "inner")
    assert read_gtfs(tmp_path / "outer" / "inner").names == ("inner",)
    assert len(read_gtfs(tmp_path / "outer").trips) == 2


def test_names_in_capitals_and_what_a_mac_adds(tmp_path):
    members = {name.upper(): text for name, text in files().items()}
    members |= {f"__MACOSX/._{name}": "junk" for name in files()} | {".DS_Store": "junk"}
    assert len(read_gtfs(zipped(tmp_path / "f.zip", members)).trips) == 2


def test_nothing_is_written(tmp_path, monkeypatch):
    path = zipped(tmp_path / "f.zip")
    monkeypatch.chdir(tmp_path)
    read_gtfs(path)
    assert [one.name for one in tmp_path.iterdir()] == ["f.zip"]


def test_what_is_no_feed(tmp_path):
    refused(tmp_path / "none.zip", "there is no such file")
    refused("https://example.org/gtfs.zip", "not a local file")
    (tmp_path / "empty.zip").touch()
    refused(tmp_path / "empty.zip", "0 bytes")
    (tmp_path / "page.zip").write_text("<html>404</html>")
    refused(tmp_path / "page.zip", "not a zip")
    refused(folder(tmp_path / "f") / "stops.txt", "one file of a feed")
    refused(zipped(tmp_path / "other.zip", {"readme.md": "hello"}), "no GTFS file in it, only readme.md")
    (tmp_path / "bare").mkdir()
    refused(tmp_path / "bare", "only nothing")
    refused(zipped(tmp_path / "zips.zip", {"bus.zip": "x"}), "unpack it and give bus.zip")


def test_two_feeds_in_one(tmp_path):
    members = {f"{place}/{name}": text for place in ("bus", "rail") for name, text in files().items()}
    refused(zipped(tmp_path / "f.zip", members), r"2 folders \(bus, rail\)")


@pytest.mark.parametrize(
    "name", ["../stops.txt", "/etc/stops.txt", "a/../../x.txt", "C:\\stops.txt", "..\\x.txt", "\\\\server\\x.txt"]
)
def test_members_that_point_outside(tmp_path, name):
    refused(zipped(tmp_path / "f.zip", files() | {name: "x"}), "points outside the archive")


def test_a_name_twice(tmp_path):
    path = zipped(tmp_path / "f.zip")
    with warnings.catch_warnings(), zipfile.ZipFile(path, "a") as again:
        warnings.simplefilter("ignore")
        again.writestr("stops.txt", "stop_id\nz\n")
    refused(path, "stops.txt more than once")


def test_encrypted(tmp_path):
    path = zipped(tmp_path / "f.zip")
    content = bytearray(path.read_bytes())
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = content.find(mark)
        while at >= 0:
            content[at + place] |= 1
            at = content.find(mark, at + 4)
    path.write_bytes(content)
    refused(path, "encrypted")


def test_damaged(tmp_path):
    path = zipped(tmp_path / "f.zip", compression=zipfile.ZIP_STORED)
    content = path.read_bytes()
    path.write_bytes(content.replace(b"55.70,12.50,0", b"55.70,13.50,0"))
    refused(path, "stops.txt: it is damaged .*CRC")
    path.write_bytes(content[: len(content) // 2])
    refused(path, "not a zip")


def test_unknown_compression(tmp_path):
    path = zipped(tmp_path / "f.zip", compression=zipfile.ZIP_STORED)
    content = path.read_bytes()
    at = content.find(b"PK\x01\x02")
    path.write_bytes(content[: at + 10] + struct.pack("<H", 99) + content[at + 12 :])
    refused(path, "damaged")


def test_bomb(tmp_path):
    path = zipped(tmp_path / "f.zip", files() | {"stops.txt": b"0" * (40 << 20)})
    refused(path, "which no timetable does")


def test_bomb_that_is_never_opened(tmp_path):
    path = zipped(tmp_path / "f.zip", files() | {"shapes.txt": b"0" * (40 << 20)})
    assert len(read_gtfs(path).trips) == 2


def test_bomb_that_lies_about_its_size(tmp_path):
    path = zipped(tmp_path / "f.zip", files() | {"stops.txt": b"0" * (40 << 20)})
    content = path.read_bytes()
    path.write_bytes(content.replace(struct.pack("<I", 40 << 20), struct.pack("<I", 1000)))
    refused(path, "stops.txt: it is damaged")


class Endless:
    """A stream that never ends, whatever was declared."""

    def read(self, size):
        return b"0" * size


def test_what_really_comes_out_is_counted():
    with pytest.raises(ReadError, match="which no timetable does"):
        archive._drain(Endless(), "f.zip/stops.txt", 1000, bomb=32 << 20, left=64 << 20)
    with pytest.raises(ReadError, match="more than the bytes allowed"):
        archive._drain(Endless(), "f.zip/stops.txt", 1000, bomb=64 << 20, left=8 << 20)


@pytest.mark.parametrize("write", [lambda path: zipped(path / "f.zip"), lambda path: folder(path / "f")])
def test_total_size(tmp_path, write):
    path = write(tmp_path)
    total = sum(len(text.encode()) for text in files().values())
    assert len(read_gtfs(path, max_bytes=total).trips) == 2
    refused(path, f"more than the {total - 1:,} allowed", max_bytes=total - 1)
