"""The zip: the same bytes every time, by the rules of the repository, clean, and good to install."""

import hashlib
import os
import re
import subprocess
import sys
import zipfile

import pytest

from conftest import HERE, PLUGINS, ROOT, real_engine_path

build = pytest.importorskip("build", reason="tomllib came with Python 3.11")


@pytest.fixture(scope="module")
def zipped(tmp_path_factory):
    path, wrong = build.build(tmp_path_factory.mktemp("zip"))
    assert wrong == []
    return path


def entries(path):
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def changed(path, folder, changes):
    """Copy a zip with other entries; None takes one out."""
    target = folder / path.name
    with zipfile.ZipFile(target, "w") as archive:
        for name, data in {**entries(path), **changes}.items():
            if data is not None:
                entry = zipfile.ZipInfo(name)
                entry.external_attr = (0o100755 if name.endswith("run.py") else 0o100644) << 16
                archive.writestr(entry, data)
    return target


def test_the_same_files_give_the_same_bytes(zipped, tmp_path):
    again, _ = build.build(tmp_path)
    assert hashlib.sha256(again.read_bytes()).digest() == hashlib.sha256(zipped.read_bytes()).digest()


def test_it_holds_what_the_repository_holds_and_the_version_of_the_project(zipped):
    packed = entries(zipped)
    version = build.project_version()
    assert f"\nversion={version}\n" in packed["bykobling_qgis/metadata.txt"].decode()
    assert zipped.name == f"bykobling_qgis-{version}.zip"
    for name, data in packed.items():
        source = PLUGINS / name
        if not name.endswith((".qm", "metadata.txt")):
            assert source.read_bytes() == data, name
    there = {
        str(one.relative_to(PLUGINS))
        for one in (PLUGINS / "bykobling_qgis").rglob("*")
        if one.is_file() and not set(one.parts) & {"__pycache__"} and one.suffix not in {".qm", ".pyc"}
    }
    assert {name for name in packed if not name.endswith(".qm")} == there


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"bykobling_qgis/LICENSE": None}, "LICENSE is missing"),
        ({"bykobling_qgis/LICENSE": b"MIT"}, "LICENSE is not the GPL"),
        ({"other/a.py": b""}, "2 folders at the top"),
        ({"bykobling_qgis/a.pyc": b""}, "of a kind the repository does not take"),
        ({"bykobling_qgis/__pycache__/a.py": b""}, "no part of a plug-in"),
        ({"bykobling_qgis/.git/config": b""}, "no part of a plug-in"),
        ({"bykobling_qgis/../a.py": b""}, "no path inside the zip"),
        ({"bykobling_qgis/run.py": b""}, "can be run"),
        ({"bykobling_qgis/ui_dock.py": b""}, "is generated"),
        ({"bykobling_qgis/__init__.py": b""}, "no classFactory"),
        ({"bykobling_qgis/big.bin": os.urandom(26 * 2**20)}, "larger than"),
    ],
)
def test_a_zip_that_breaks_a_rule_is_refused(zipped, tmp_path, changes, rule):
    assert any(rule in one for one in build.rules_broken(changed(zipped, tmp_path, changes)))


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        ("author=.*", "author=A/B", "slash"),
        ("version=.*", "version=1.0b", "MAJOR.MINOR.PATCH"),
        ("qgisMaximumVersion=.*\n", "", "ends at QGIS 3.99"),
        ("name=bykobling", "name=bykobling plugin", "the word plugin"),
        ("hasProcessingProvider=yes", "supportsQt6=True", "does not know"),
        ("tracker=.*", "tracker=", "does not say tracker"),
        ("icon=.*", "icon=none.svg", "no icon none.svg"),
    ],
)
def test_metadata_that_breaks_a_rule_is_refused(zipped, tmp_path, old, new, rule):
    name = "bykobling_qgis/metadata.txt"
    text, times = re.subn(f"(?m)^{old}", new, entries(zipped)[name].decode(), count=1)
    assert times == 1
    assert any(rule in one for one in build.rules_broken(changed(zipped, tmp_path, {name: text.encode()})))


def test_a_placeholder_is_no_address_for_a_release(zipped):
    assert all("placeholder" in one for one in build.rules_broken(zipped, release=True))


def test_the_scans_of_the_repository_find_nothing(tmp_path):
    for name in ("bandit", "detect_secrets"):
        pytest.importorskip(name)
    assert build.findings(build.stage(tmp_path)) == []


def test_the_scans_would_find_something(tmp_path):
    """What is scanned is scanned."""
    for name in ("bandit", "detect_secrets"):
        pytest.importorskip(name)
    plugin = tmp_path / "bykobling_qgis"
    plugin.mkdir()
    # written in two parts, lest the sources of the test be found too
    word, key = "pass" + "word", "AKIA" + "Q3EGRIFFTOWN7XYZ"
    (plugin / "bad.py").write_text(
        f'assert True\ntry:\n    pass\nexcept Exception:\n    pass\n{word} = "hunter2x"\nKEY = "{key}"\n'
    )
    found = build.findings(plugin)
    assert {one.split()[0] for one in found} >= {"B101", "B110", "B105"}
    assert any("AWS" in one for one in found)


# in a profile where nothing is


@pytest.fixture
def fresh(tmp_path):
    """The environment of a computer on which QGIS was never started."""
    home, runtime = tmp_path / "home", tmp_path / "run"
    home.mkdir()
    runtime.mkdir(mode=0o700)
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("QGIS_", "BYKOBLING_", "PYTEST"))}
    return {**kept, "HOME": str(home), "XDG_RUNTIME_DIR": str(runtime), "QT_QPA_PLATFORM": "offscreen"}


def test_the_zip_installs_into_a_fresh_profile_loads_and_unloads(zipped, fresh):
    done = subprocess.run(
        [sys.executable, str(HERE / "install_zip.py"), str(zipped)],
        env=fresh, capture_output=True, text=True, timeout=600, check=False,
    )  # fmt: skip
    assert "installed, started, unloaded" in done.stdout, done.stdout + done.stderr
    assert "Traceback" not in done.stderr, done.stderr


def qgis_process(fresh, *arguments, timeout=600):
    command = next((one for one in ("/usr/bin/qgis_process.bin", "/usr/bin/qgis_process") if os.path.exists(one)), None)
    if command is None:
        pytest.skip("there is no qgis_process here")
    return subprocess.run(
        [command, *arguments], env=fresh, capture_output=True, text=True, timeout=timeout, check=False
    )


def test_qgis_process_runs_it_without_a_window(zipped, fresh, toy, tmp_path):
    if not real_engine_path().is_file():
        pytest.skip("there is no engine: install the project into .venv")
    with zipfile.ZipFile(zipped) as archive:
        archive.extractall(tmp_path / "plugins")
    env = {**fresh, "QGIS_PLUGINPATH": str(tmp_path / "plugins"), "BYKOBLING_ENGINE": str(real_engine_path())}
    enabled = qgis_process(env, "plugins", "enable", "bykobling_qgis")
    assert enabled.returncode == 0, enabled.stdout + enabled.stderr
    helped = qgis_process(env, "help", "bykobling:barriereffect")
    assert "Compares, home by home" in helped.stdout
    output, areas = tmp_path / "Resultat ø", f"AREAS={toy / 'areas.geojson'}"
    done = qgis_process(
        env, "run", "bykobling:barriereffect", "--", f"OSM={toy / 'town.osm'}", areas, "NAME=navn",
        "CUTOFFS=15", f"OUTPUT={output}",
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert (output / "results.gpkg").is_file()
    assert (output / "report.html").is_file()
    refused = qgis_process(env, "run", "bykobling:barriereffect", "--", "OSM=/no/town.osm", areas, f"OUTPUT={output}")
    assert refused.returncode != 0
    assert "There is no file /no/town.osm" in refused.stdout + refused.stderr


def test_the_plugin_says_the_version_of_the_project():
    """In the working copy, too: QGIS reads metadata.txt where it is."""
    text = (PLUGINS / "bykobling_qgis" / "metadata.txt").read_text(encoding="utf-8")
    assert f"\nversion={build.project_version()}\n" in text
    assert (ROOT / "pyproject.toml").is_file()
