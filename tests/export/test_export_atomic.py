"""Results change in one go or not at all."""

import errno
import os
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from bykobling.errors import Cancelled, InputError, OutputError
from bykobling.export import atomic_folder, write_run


def snapshot(folder):
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture
def earlier(tmp_path):
    folder = tmp_path / "results"
    folder.mkdir()
    (folder / "a.txt").write_text("old a")
    (folder / "mine.txt").write_text("the user's own")
    return folder


def fill(folder, *names, then=lambda: None):
    with atomic_folder(folder) as staging:
        for name in names:
            (staging / name).write_text("new")
        then()


def test_files_replace_those_of_an_earlier_run_and_no_others(earlier):
    with atomic_folder(earlier) as staging:
        (staging / "a.txt").write_text("new a")
        (staging / "b.txt").write_text("new b")
        assert (earlier / "a.txt").read_text() == "old a"
    assert snapshot(earlier) == {"a.txt": b"new a", "b.txt": b"new b", "mine.txt": b"the user's own"}
    assert sorted(path.name for path in earlier.iterdir()) == ["a.txt", "b.txt", "mine.txt"]


@pytest.mark.parametrize(
    ("failure", "raised"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), OutputError),
        (KeyboardInterrupt(), KeyboardInterrupt),
        (Cancelled("stopped"), Cancelled),
        (InputError([]), InputError),
        (ZeroDivisionError(), ZeroDivisionError),
    ],
)
def test_any_failure_leaves_everything_as_it_was(earlier, failure, raised):
    before = snapshot(earlier)

    def fail():
        raise failure

    with pytest.raises(raised):
        fill(earlier, "a.txt", then=fail)
    assert snapshot(earlier) == before
    assert sorted(path.name for path in earlier.iterdir()) == ["a.txt", "mine.txt"]


def test_a_full_disk_is_told_with_its_remedy(earlier):
    with pytest.raises(OutputError, match=r"No space left.*untouched.*Remedy: free some space"), atomic_folder(earlier):
        raise OSError(errno.ENOSPC, "No space left on device")


@pytest.mark.parametrize("fails_at", [1, 2, 3, 4])
def test_a_rename_that_fails_undoes_those_before_it(earlier, monkeypatch, fails_at):
    (earlier / "b.txt").write_text("old b")
    before, calls, real = snapshot(earlier), [], Path.replace

    def replace(self, target):
        calls.append(target)
        if len(calls) == fails_at:
            raise PermissionError(errno.EACCES, "in use")
        return real(self, target)

    with pytest.raises(OutputError, match="close the file in QGIS"):
        fill(earlier, "a.txt", "b.txt", then=lambda: monkeypatch.setattr(Path, "replace", replace))
    assert snapshot(earlier) == before
    assert len(calls) > fails_at or fails_at == 1


def test_what_sqlite_left_beside_an_old_geopackage_goes_with_it(tmp_path):
    (tmp_path / "results.gpkg").write_text("old")
    (tmp_path / "results.gpkg-wal").write_text("pages of the old file")
    with atomic_folder(tmp_path) as staging:
        (staging / "results.gpkg").write_text("new")
    assert snapshot(tmp_path) == {"results.gpkg": b"new"}


def test_a_folder_made_for_nothing_is_removed(tmp_path):
    with pytest.raises(ZeroDivisionError), atomic_folder(tmp_path / "new" / "results"):
        raise ZeroDivisionError
    assert not (tmp_path / "new").exists()


def test_a_file_in_the_way_is_told(tmp_path):
    target = tmp_path / "results"
    target.write_text("a file")
    with pytest.raises(OutputError, match="it is a file, not a folder"), atomic_folder(target):
        pytest.fail("nothing may be written")
    assert target.read_text() == "a file"


def test_a_parent_that_is_a_file_is_told(tmp_path):
    (tmp_path / "results").write_text("a file")
    with pytest.raises(OutputError, match="Remedy: choose a folder"), atomic_folder(tmp_path / "results" / "deeper"):
        pytest.fail("nothing may be written")


def test_a_folder_where_a_file_should_go_is_told(tmp_path):
    (tmp_path / "a.txt").mkdir()
    with pytest.raises(OutputError, match="a folder stands where a file should go"), atomic_folder(tmp_path) as staging:
        (staging / "a.txt").write_text("new")
    assert (tmp_path / "a.txt").is_dir()


def test_a_folder_nobody_may_write_to_is_told(tmp_path):
    if os.geteuid() == 0:
        # Root may write anywhere but in a kernel file system.
        target = Path("/proc/self/bykobling")
    else:
        target = tmp_path / "closed"
        target.mkdir(mode=0o500)
    with pytest.raises(OutputError, match=r"cannot be written.*Remedy"), atomic_folder(target):
        pytest.fail("nothing may be written")


LIMITED = """
    import resource, sys
    sys.path[:0] = [{tests!r}]
    from results_factory import make_results
    from bykobling.errors import OutputError
    from bykobling.export import write_results
    results = make_results()
    resource.setrlimit(resource.RLIMIT_FSIZE, ({limit}, {limit}))
    try:
        write_results(results, {folder!r})
    except OutputError as error:
        print("told:", error)
        sys.exit(3)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="file size limits are set the Linux way")
@pytest.mark.parametrize("limit", [1_000, 30_000, 200_000])
def test_a_real_limit_on_file_size_leaves_earlier_results(tmp_path, limit):
    folder = tmp_path / "results"
    folder.mkdir()
    (folder / "results.gpkg").write_text("earlier")
    code = textwrap.dedent(LIMITED).format(tests=str(Path(__file__).parents[1]), limit=limit, folder=str(folder))
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=60)
    assert run.returncode == 3, run.stderr
    assert "untouched" in run.stdout
    assert snapshot(folder) == {"results.gpkg": b"earlier"}


@pytest.fixture
def tiny_disk(tmp_path):
    mount, place = shutil.which("mount"), tmp_path / "disk"
    place.mkdir()
    options = ["-t", "tmpfs", "-o", "size=256k", "tmpfs", str(place)]
    if mount is None or subprocess.run([mount, *options], capture_output=True, check=False).returncode:
        pytest.skip("no right to mount a tiny disk")
    yield place
    subprocess.run([shutil.which("umount"), str(place)], check=True)


def test_a_disk_that_is_really_full(tiny_disk):
    from bykobling.export import write_results
    from results_factory import make_results

    (tiny_disk / "areas.csv").write_text("earlier")
    with pytest.raises(OutputError, match="untouched"):
        write_results(make_results(), tiny_disk)
    assert snapshot(tiny_disk) == {"areas.csv": b"earlier"}
    assert [path.name for path in tiny_disk.iterdir()] == ["areas.csv"]


def test_run_json_knows_no_nan(tmp_path):
    import json

    import numpy as np

    run = {"a": np.float32(1.5), "b": float("nan"), "c": [float("inf"), Path("x/y")], 1: np.arange(2), "å": None}
    write_run(run, tmp_path)
    text = (tmp_path / "run.json").read_text(encoding="utf-8")
    assert json.loads(text) == {"a": 1.5, "b": None, "c": ["inf", "x/y"], "1": [0, 1], "å": None}
    assert "NaN" not in text


def test_what_a_killed_run_left_is_cleared_and_a_run_under_way_is_left_alone(tmp_path):
    stale, young = tmp_path / ".bykobling-old", tmp_path / ".bykobling-young"
    for path in (stale, young):
        (path / "new").mkdir(parents=True)
    os.utime(stale, (0, 0))
    with atomic_folder(tmp_path) as staging:
        (staging / "answer.txt").write_text("42")
    assert sorted(path.name for path in tmp_path.iterdir()) == [".bykobling-young", "answer.txt"]
