"""The terminal door: exit codes, plain errors, nothing half-written."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from bykobling import cli
from bykobling.errors import Cancelled, Fault, FetchError, OutputError, ReadError, StudyError
from bykobling.indicators import HEADLINE, INDICATORS
from bykobling.results import Results
from bykobling.study import Checked


def areas(names):
    n = len(names)
    columns = {
        "name": names,
        HEADLINE: [0.1 * i if i else np.nan for i in range(n)],
        "top_barrier": ["[bold]Ringbanen[/bold]", *[None] * (n - 1)],
        "top_barrier_share": [0.5, *[np.nan] * (n - 1)],
    }
    index = pd.Index([f"a{i}" for i in range(n)], name="area_id")
    return gpd.GeoDataFrame(columns, geometry=[shapely.Point(i, 0).buffer(1) for i in range(n)], index=index, crs=25832)


def results(names=("Nord", "Syd [x]")):
    table = areas(list(names))
    empty = gpd.GeoDataFrame(geometry=[], crs=25832)
    return Results("Toy", table, empty, empty, empty, empty, empty, pd.DataFrame(), pd.DataFrame(), empty)


@pytest.fixture
def study(tmp_path):
    (tmp_path / "city.osm.pbf").touch()
    (tmp_path / "areas.gpkg").touch()
    path = tmp_path / "study.toml"
    path.write_text('[osm]\nfile = "city.osm.pbf"\n[areas]\nfile = "areas.gpkg"\n', encoding="utf-8")
    return path


def play(monkeypatch, *, run=None, save=None):
    def run_default(_study, *, progress=None, second=None):  # noqa: ARG001 - as the real one
        progress(1, 10, "at work")
        return results()

    def save_default(_results, study, *, folder=None, second=None):  # noqa: ARG001 - as the real one
        return folder or study.results

    monkeypatch.setattr("bykobling.study.run_study", run or run_default)
    monkeypatch.setattr("bykobling.study.save_results", save or save_default)


def call(*arguments):
    return cli._guarded([str(argument) for argument in arguments])


def raising(error):
    def stop(*_, **__):
        raise error

    return stop


def test_a_run_ends_with_a_table_and_where_the_files_are(monkeypatch, study, capsys):
    play(monkeypatch)
    assert call("run", study) == 0
    out = capsys.readouterr().out
    assert "Toy: reach on foot lost to barriers, 15 min" in out
    assert out.index("Syd [x]") < out.index("Nord")
    assert "[bold]Ringbanen[/bold]" in out
    assert str(study.parent / "results" / "report.html") in out.replace("\n", "")


def test_results_can_go_elsewhere(monkeypatch, study, tmp_path, capsys):
    play(monkeypatch)
    assert call("run", study, "--folder", tmp_path / "else") == 0
    assert str(tmp_path / "else" / "results.gpkg") in capsys.readouterr().out.replace("\n", "")


@pytest.mark.parametrize("stop", [KeyboardInterrupt, Cancelled])
def test_stopping(monkeypatch, study, stop, capsys):
    play(monkeypatch, run=raising(stop()))
    assert call("run", study) == 130
    captured = capsys.readouterr()
    assert captured.err.strip() == "stopped, nothing written"
    assert captured.out == ""


def test_faults_are_a_list_on_stderr(monkeypatch, study, capsys):
    faults = [Fault("a.gpkg", "row [red]1", "bad", "mend it"), Fault("b", "", "odd", "look", "warning")]
    play(monkeypatch, run=raising(StudyError(faults)))
    assert call("run", study) == 2
    assert capsys.readouterr().err.splitlines() == [
        "error: a.gpkg, row [red]1: bad. Remedy: mend it.",
        "warning: b: odd. Remedy: look.",
    ]


@pytest.mark.parametrize("error", [OutputError("disk full"), ReadError("cut off"), FetchError("busy")])
def test_other_errors_are_one_line(monkeypatch, study, error, capsys):
    play(monkeypatch, save=raising(error))
    assert call("run", study) == 1
    assert capsys.readouterr().err == f"error: {error}\n"


def test_a_mistake_of_ours_keeps_its_traceback(monkeypatch, study):
    play(monkeypatch, run=raising(ZeroDivisionError("ours")))
    with pytest.raises(ZeroDivisionError):
        call("run", study)


def test_a_study_that_is_not_there(tmp_path, capsys):
    assert call("run", tmp_path / "none.toml") == 2
    assert "no such file" in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [["run"], ["nonsense"], ["run", "a", "--speed", "3"], ["fetch", "x"]])
def test_wrong_arguments(arguments, capsys):
    assert call(*arguments) == 2
    assert "Traceback" not in capsys.readouterr().err


@pytest.mark.parametrize(
    ("faults", "code", "words"),
    [
        ([], 0, "can run"),
        ([Fault("f", "", "odd", "look", "warning")], 0, "warning: f: odd"),
        ([Fault("f", "", "bad", "mend")], 2, "1 to mend"),
    ],
)
def test_check(monkeypatch, study, faults, code, words, capsys):  # noqa: PLR0917 - fixtures
    monkeypatch.setattr("bykobling.study.look_at_study", lambda *_, **__: Checked(tuple(faults), ("12 trips.",)))
    assert call("check", study) == code
    told = capsys.readouterr().out
    assert words in told
    assert told.startswith("12 trips.")


def test_init_writes_once(tmp_path, capsys):
    assert call("init", tmp_path / "new") == 0
    path = tmp_path / "new" / "study.toml"
    path.write_text("mine", encoding="utf-8")
    assert call("init", tmp_path / "new") == 1
    assert "not overwritten" in capsys.readouterr().err
    assert path.read_text(encoding="utf-8") == "mine"
    assert call("init", path) == 1


def test_indicators(capsys):
    assert call("indicators") == 0
    out = capsys.readouterr().out
    assert all(indicator.name in out for indicator in INDICATORS)


def test_demo_runs_the_shipped_study(monkeypatch, tmp_path, capsys):
    seen = []

    def run(study, *, progress, second):  # noqa: ARG001 - as the real one
        seen.append((study.title, progress))
        return results()

    play(monkeypatch, run=run)
    monkeypatch.chdir(tmp_path)
    assert call("demo") == 0
    assert seen[0][0] == "Monaco and its neighbours"
    assert str(tmp_path / "bykobling-demo" / "report.html") in capsys.readouterr().out.replace("\n", "")


def test_fetch_passes_everything_on(monkeypatch, tmp_path, capsys):
    from bykobling.fetch import Fetched

    seen = {}

    def play_fetch(place, folder, **options):
        seen.update(options, place=place, folder=folder)
        return Fetched(folder / "study.toml", folder / "osm.json", folder / "areas.gpkg", "Nørrebro, DK", 3, 2_000_000)

    monkeypatch.setattr("bykobling.fetch.fetch_place", play_fetch)
    code = call("fetch", "Nørrebro", "-o", tmp_path, "--margin-m", "900", "--overpass-url", "http://here")
    assert code == 0
    assert (seen["place"], seen["folder"], seen["margin_m"]) == ("Nørrebro", tmp_path, 900.0)
    assert (seen["overpass_url"], seen["nominatim_url"]) == ("http://here", None)
    assert "3 areas" in capsys.readouterr().out
